/**
 * Goal: while a process administrator is away the office can still put matters right: who stands in for them has their tasks and their
 * rights, in their place and marked as such, and nobody else has.
 */
import { describe, expect, test } from 'vitest';
import type { Absence, Directory } from '../../definitions/language/directory.ts';
import { whoMayAct } from '../../workflows/machine/people/covers.ts';
import { viewerOf } from '../../workflows/machine/people/rights.ts';
import { noticesOf } from '../../workflows/machine/telling/notices.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import { matterView } from '../../workflows/machine/telling/view.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { administrator, applicant, clerk, director, headA, headB, vice, gone } = cast;
const POST = 'post-process-administrator';
const NOW = '2026-03-02T01:00:00.000Z';
const away = (person: string, cover?: string): Absence => ({
  person,
  from: NOW,
  to: '2026-03-09T00:00:00.000Z',
  reason: '出差',
  ...(cover === undefined ? {} : { cover }),
});

/** The small school with covers of the administrators' post, more holders of it, and people who are away. */
function school(covers: string[], absences: Absence[], more: string[] = []): Directory {
  const directory = smallSchool();
  const post = directory.posts[POST];
  if (post === undefined) throw new Error('The small school has no administrator');
  post.covers = covers;
  post.holders = [...post.holders, ...more.map((person) => ({ person, from: '2020-01-01', to: null }))];
  return { ...directory, absences };
}

/** Everybody with an administrator's rights. */
function administering(directory: Directory, now = NOW): string[] {
  return Object.keys(directory.people).filter((one) => viewerOf(directory, smallCalendar, one, now)?.administrator === true);
}

describe('an administrator’s rights', () => {
  test.each<[string, Directory, string[]]>([
    ['are the holder’s alone while they are there', school([clerk], []), [administrator]],
    ['are the cover’s too while the holder is away', school([clerk, headB], [away(administrator)]), [clerk, administrator]],
    ['are whom the absence names first', school([clerk], [away(administrator, headB)]), [headB, administrator]],
    ['pass over a cover who is away', school([clerk, headB], [away(administrator), away(clerk, vice)]), [headB, administrator]],
    ['pass over a cover who has left', school([gone, headB], [away(administrator)]), [headB, administrator]],
    ['are nobody’s else where no cover is named', school([], [away(administrator)]), [administrator]],
    [
      'stay with another holder, whom the line comes to first',
      school([vice, clerk], [away(administrator)], [vice]),
      [vice, administrator],
    ],
  ])('%s', (_what, directory, expected) => {
    expect(administering(directory).sort()).toEqual([...expected].sort());
  });

  test('end when the holder is back', () => {
    expect(administering(school([clerk], [away(administrator)]), '2026-03-09T00:00:00.000Z')).toEqual([administrator]);
  });
});

describe('who stands in for an administrator', () => {
  const row = plainDefinition([approve('a', [named(null)]), approve('b', [headB])]);
  const directory = school([clerk], [away(administrator)]);
  const world = { directory, calendar: smallCalendar, now: NOW };
  const reason = '急需办理';
  const given = (who: string = applicant): Play => play(row, { applicant: who, world: { directory } });

  test('has the tasks for which nobody was found', () => {
    const matter = given();
    const task = matter.taskOf(administrator);
    expect(whoMayAct(row, matter.matter, task, world).map((one) => [one.id, one.coverFor])).toEqual([
      [administrator, undefined],
      [clerk, administrator],
    ]);
  });

  test('may step in, is shown how, and is marked for ever as acting in their place', () => {
    const matter = given();
    expect(matterView(row, matter.matter, clerk, world).intervene).not.toBeNull();
    expect(matterView(row, matter.matter, director, world).intervene).toBeNull();
    const task = matter.taskOf(administrator).id;
    expect(matter.command(clerk, { type: 'reassign', task, people: [headA], reason })).toBeNull();
    expect(matter.seats('a')).toEqual([[headA]]);
    expect(matter.matter.interventions).toMatchObject([{ kind: 'reassign', name: 'clerk代administrator', reason }]);
    const [mark] = matter.of('AdminIntervened');
    expect(mark?.facts).toMatchObject({ person: clerk, name: 'clerk', coverForName: 'administrator' });
    expect(mark === undefined ? null : timelineEntry(mark)).toMatchObject({
      who: 'clerk',
      text: expect.stringContaining('(代administrator)'),
    });
    const told = noticesOf(row, matter.matter, matter.of('AdminIntervened'), world).map((one) => one.text);
    expect(told).toEqual([expect.stringContaining('管理员clerk代administrator')]);
  });

  test('may do the rest that only administrators may', () => {
    const refresh = { type: 'refresh', about: 'people', reason } as const;
    expect(given().command(clerk, refresh)).toBeNull();
    expect(given().command(headB, refresh)?.code).toBe('not-allowed');
    expect(given().command(clerk, { type: 'move', version: 9, reason })?.code).toBe('bad-input');
    expect(given().command(headB, { type: 'move', version: 9, reason })?.code).toBe('not-allowed');
  });

  test('may not step in in their own matter, nor in that of whom they stand in for while there is another', () => {
    expect(given(clerk).command(clerk, { type: 'terminate', reason })?.code).toBe('not-allowed');
    const two = school([clerk], [away(administrator)], [vice]);
    const of = (directoryThen: Directory) => play(row, { applicant: administrator, world: { directory: directoryThen } });
    expect(of(two).command(clerk, { type: 'terminate', reason })?.code).toBe('not-allowed');
    expect(of(directory).command(clerk, { type: 'terminate', reason })).toBeNull();
  });

  test('may no more once the holder is back', () => {
    const matter = given().at('2026-03-09T00:00:00.000Z');
    expect(matter.command(clerk, { type: 'terminate', reason })?.code).toBe('not-allowed');
    expect(matter.command(administrator, { type: 'terminate', reason })).toBeNull();
  });
});

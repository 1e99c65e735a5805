/** Goal: whoever is given something to do knows who asks, for whom, and what; and nobody who left keeps others from it. */
import { describe, expect, test } from 'vitest';
import type { Directory } from '../../definitions/language/directory.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import type { TimelineEntry } from '../../workflows/machine/telling/timeline-entry.ts';
import { taskView } from '../../workflows/machine/telling/view.ts';
import type { Action } from '../../workflows/machine/words.ts';
import { type Details, type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer, director, clerk, administrator } = cast;
const MORNING = '2026-03-02T01:00:00.000Z';
const extension = { approver: named(director), longest: '15 workdays', times: () => 1, limit: '2 workdays' } as const;
const definition = plainDefinition([handle('h', [headA], { extension }), approve('b', [headB])]);
const ofTwo = plainDefinition([approve('a', [headA, clerk])]);

function askAt(matter: Play, person: string, directory = smallSchool()): string | null {
  const world = { directory, calendar: smallCalendar, now: MORNING };
  return taskView(definition, matter.matter, matter.taskOf(person), person, world).ask;
}

function told(matter: Play): TimelineEntry[] {
  return matter.events.flatMap((event) => timelineEntry(event) ?? []);
}

/** The school while the head of A is away, with the reviewer in their place. */
function away(): Directory {
  const absence = { person: headA, from: '2026-03-01T00:00:00.000Z', to: '2026-03-09T00:00:00.000Z', reason: '出差' };
  return { ...smallSchool(), absences: [{ ...absence, cover: reviewer }] };
}

function left(directory: Directory, person: string): void {
  const one = directory.people[person];
  if (one !== undefined) directory.people[person] = { ...one, active: false };
}

describe('what is asked', () => {
  test.each<[Action, Details, string]>([
    ['consult', { people: [clerk] }, 'head-a征询:是否合规?'],
    ['circulate', { people: [clerk] }, 'head-a传阅:是否合规?'],
    ['delegate', { to: clerk }, 'head-a委派:是否合规?'],
    ['transfer', { to: clerk }, 'head-a转办:是否合规?'],
    ['addSigners', { people: [clerk] }, 'head-a加签:是否合规?'],
  ])('%s', (action, whom, expected) => {
    const matter = play(definition).when(headA, action, { ...whom, opinion: '是否合规?' });
    expect(askAt(matter, clerk)).toBe(expected);
  });

  test('more time: from when to when, and why', () => {
    const matter = play(definition);
    matter.command(headA, { type: 'extend', until: '2026-03-16', reason: '等待材料', task: null });
    expect(askAt(matter, director)).toBe('head-a申请由3月4日延至3月16日,理由:等待材料');
  });

  test('nothing where nothing was said', () => {
    expect(askAt(play(definition).when(headA, 'delegate', { to: clerk, opinion: null }), clerk)).toBeNull();
  });
});

describe('in somebody’s place', () => {
  test.each<[Action, Details, string]>([
    ['consult', { people: [clerk] }, '征询'],
    ['circulate', { people: [clerk] }, '传阅'],
    ['delegate', { to: clerk }, '委派'],
    ['addSigners', { people: [clerk] }, '加签'],
  ])('%s names both', (action, whom, says) => {
    const directory = away();
    const matter = play(definition, { world: { directory } });
    const task = matter.taskOf(headA).id;
    matter.when(reviewer, action, { ...whom, task, opinion: '请核' });
    expect(matter.taskOf(clerk).assignees[0]?.reason).toContain('reviewer代head-a');
    expect(askAt(matter, clerk, directory)).toBe(`reviewer代head-a${says}:请核`);
    const texts = told(matter).filter((one) => one.who === 'reviewer');
    expect(texts.map((one) => one.text)).toEqual([expect.stringContaining('(代head-a)')]);
  });

  test('a claim is the absent one’s and is told of who made it', () => {
    const matter = play(ofTwo, { world: { directory: away() } });
    matter.when(reviewer, 'claim', { task: matter.taskOf(clerk).id });
    expect(matter.of('TaskClaimed')[0]?.facts).toMatchObject({ person: headA, coverName: 'reviewer', coverForName: 'head-a' });
    expect(told(matter).at(-1)).toMatchObject({ who: 'reviewer', text: '签收(代head-a)' });
  });
});

describe('a claim whose holder has left', () => {
  test('keeps nobody from the task', () => {
    const directory = smallSchool();
    const matter = play(ofTwo, { world: { directory } }).when(headA, 'claim');
    const task = matter.taskOf(clerk).id;
    expect(matter.refused(clerk, 'agree', { task })?.code).toBe('task-closed');
    left(directory, headA);
    expect(matter.refused(headA, 'agree', { task })?.message).toBe('您不是该待办的办理人');
    expect(matter.when(clerk, 'agree', { task }).outcome).toBe('completed');
  });

  test('passes to a colleague who delegates', () => {
    const directory = smallSchool();
    const matter = play(ofTwo, { world: { directory } }).when(headA, 'claim');
    left(directory, headA);
    matter.when(clerk, 'delegate', { to: reviewer });
    expect(matter.taskOf(clerk).claimedBy).toBe(clerk);
  });
});

describe('what a refusal says', () => {
  test('of an added signer’s disagreement: who, and for whom they signed', () => {
    const matter = play(ofTwo).when(headA, 'addSigners', { people: [headB] });
    matter.when(headB, 'disagree', { opinion: '不妥' });
    expect(matter.matter.ending?.text).toBe('审批a:head-b(head-a加签)不同意:不妥');
  });

  test('a delegate’s no is not told as the reason', () => {
    const matter = play(ofTwo).when(headA, 'delegate', { to: headB }).when(headB, 'disagree', { opinion: '存疑' });
    matter.when(headA, 'disagree', { opinion: '不符' });
    expect(matter.matter.ending?.text).toBe('审批a不同意:不符');
  });

  test('of a task that waits: for whom, and what can be done', () => {
    const matter = play(definition).when(headA, 'addSigners', { people: [clerk, reviewer], mode: 'all' });
    expect(matter.refused(headA, 'complete')?.message).toBe(
      '环节“办理h”正等待加签的clerk、reviewer办理,其后您再办理;不再等待的,可减签',
    );
    const asked = play(definition).when(headA, 'delegate', { to: clerk });
    expect(asked.refused(headA, 'complete')?.message).toBe(
      '环节“办理h”正等待受委派的clerk答复,其后您再办理;不再等待的,可收回委派(减签)',
    );
  });

  test('a reassignment to the same people changes nothing', () => {
    const matter = play(ofTwo);
    const order = { type: 'reassign', task: matter.taskOf(headA).id, reason: '调整' } as const;
    const refusal = matter.command(administrator, { ...order, people: [clerk, headA] });
    expect([refusal?.code, refusal?.faults]).toEqual(['bad-input', [{ path: '/people', message: '仍为原办理人' }]]);
    expect(matter.command(administrator, { ...order, people: [clerk] })).toBeNull();
  });
});

/** Goal: who is late is told so, and those above them, each once: after a return, through a pause, whatever becomes of the due date. */
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { type Notice, noticesOf } from '../../workflows/machine/telling/notices.ts';
import type { World } from '../../workflows/machine/world.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, vice, president, director, administrator, clerk, applicant } = cast;
const LONG_AFTER = '2026-03-31T18:00:00+08:00';

/** Each rung that was told: visit, level, whom, at what time in UTC. */
function rungs(matter: Play): [string | null, string, string[], string][] {
  return matter
    .of('Escalated')
    .map(({ at, facts }) => [facts.visit, facts.level, facts.people.map((one) => one.id), at.slice(0, 16)]);
}

function told(definition: ProcessDefinition, matter: Play, events: readonly MatterEvent[], directory?: Directory): Notice[] {
  const world = { directory: directory ?? smallSchool(), calendar: smallCalendar, now: matter.matter.updatedAt };
  return noticesOf(definition, matter.matter, events, world);
}

describe('the ladder of a step', () => {
  const plain = plainDefinition([approve('a', [headA]), approve('b', [headB])]);

  test('tells the leader in charge a working day after the due date, supervision after two, each once', () => {
    const matter = play(plain).at('2026-03-31T18:00:00+08:00');
    // Due on Wednesday the fourth at closing time.
    expect(rungs(matter)).toEqual([
      ['a', 'superior', [vice], '2026-03-05T09:30'],
      ['a', 'supervision', [director], '2026-03-06T09:30'],
    ]);
  });

  test('presses: each is a notice of its own within office hours', () => {
    const matter = play(plain).at('2026-03-31T18:00:00+08:00');
    const notices = matter.of('Escalated').flatMap((event) => told(plain, matter, [event]));
    expect(notices.map(({ kind, person, timing }) => [kind, person, timing])).toEqual([
      ['escalated', vice, 'office-hours'],
      ['escalated', director, 'office-hours'],
    ]);
  });

  test('dies with its round, and a new round has its own', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'agree');
    matter.at('2026-03-04T10:00:00+08:00').when(headB, 'return', { to: 'a' });
    expect(matter.at('2026-03-06T17:00:00+08:00').of('Escalated')).toEqual([]);
    // Opened again on Wednesday the fourth, due on Friday the sixth.
    matter.at('2026-03-31T18:00:00+08:00');
    expect(rungs(matter).map(([visit, level, , at]) => [visit, level, at])).toEqual([
      ['a', 'superior', '2026-03-09T09:30'],
      ['a', 'supervision', '2026-03-10T09:30'],
    ]);
  });

  test('rings once for clocks that ring late, and twice asked is once told', () => {
    const matter = play(plain);
    // Nothing rang for weeks: the machine was down, and then one tick brings all.
    matter.down('2026-03-31T18:00:00+08:00').at('2026-03-31T18:00:00+08:00').at('2026-04-10T18:00:00+08:00');
    expect(rungs(matter).map(([visit, level]) => [visit, level])).toEqual([
      ['a', 'superior'],
      ['a', 'supervision'],
    ]);
    const lights = told(
      plain,
      matter,
      matter.of('AlarmRang').filter(({ facts }) => facts.visit === 'a'),
    );
    // Yellow and orange are outshone by red.
    expect(lights.map((one) => one.kind)).toEqual(['task-overdue']);
  });

  test('waits as long as the school says', () => {
    const settings = { superiorAfter: '3 workdays', supervisionAfter: '5 workdays' };
    const matter = play(plain, { world: { settings } }).at(LONG_AFTER);
    expect(rungs(matter).map(([, level, , at]) => [level, at])).toEqual([
      ['superior', '2026-03-09T09:30'],
      ['supervision', '2026-03-11T09:30'],
    ]);
  });

  test('of a step that is late from its beginning is counted from there', () => {
    const dated = plainDefinition([handle('h', [headA], { limit: { date: '2026-02-25' } })]);
    const matter = play(dated).at(LONG_AFTER);
    // Opened on Monday the second of March, when the day was past.
    expect(matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'h:red')).toHaveLength(1);
    expect(rungs(matter).map(([, level, , at]) => [level, at])).toEqual([
      ['superior', '2026-03-03T09:30'],
      ['supervision', '2026-03-04T09:30'],
    ]);
  });

  test('does not reach over the applicant, who is only reminded', () => {
    const running = plainDefinition([approve('a', [headA])], { clockStopsWithApplicant: false });
    const matter = play(running).when(headA, 'return').at('2026-03-25T18:00:00+08:00');
    expect(matter.of('AlarmRang').map(({ facts }) => facts.alarm)).toContain('applicant:red');
    expect(matter.of('Escalated')).toEqual([]);
  });
});

describe('the superior', () => {
  const superiorOf = (person: string, world: Partial<World> = {}): string[] => {
    const matter = play(plainDefinition([handle('h', [named(person)])]), { world }).at('2026-03-31T18:00:00+08:00');
    return (
      matter
        .of('Escalated')
        .find(({ facts }) => facts.level === 'superior')
        ?.facts.people.map((one) => one.id) ?? []
    );
  };

  test('of a unit with a leader in charge is that leader, of the leadership whoever leads it', () => {
    expect(superiorOf(clerk)).toEqual([vice]);
    expect(superiorOf(vice)).toEqual([president]);
  });

  test('is never the one who is late', () => {
    expect(superiorOf(president)).toEqual([director]);
    // The office has neither leader in charge nor head.
    expect(superiorOf(director)).toEqual([president]);
  });

  test('of a unit without a leader in charge is its head', () => {
    const directory = smallSchool();
    const unit = directory.units['u-a'];
    if (unit === undefined) throw new Error('The small school has a unit u-a');
    directory.units['u-a'] = { ...unit, leaderPost: null };
    expect(superiorOf(clerk, { directory })).toEqual([headA]);
  });

  test('and supervision are found where posts are vacant', () => {
    const directory = smallSchool(['vice-leader', 'unit-head', 'president', 'office-director']);
    expect(superiorOf(clerk, { directory })).toEqual([administrator]);
  });
});

describe('the ladder of the matter as a whole', () => {
  const short = plainDefinition([handle('h', [headA], { limit: '20 workdays' })], { limit: '5 workdays' });

  test('is yellow, orange, red and supervision, each once', () => {
    const matter = play(short).at('2026-03-25T18:00:00+08:00');
    const own = matter.of('AlarmRang').filter(({ facts }) => facts.visit === null);
    expect(own.map(({ facts }) => facts.kind)).toEqual(['yellow', 'orange', 'red', 'supervision']);
    expect(rungs(matter)).toEqual([[null, 'supervision', [director], '2026-03-11T09:30']]);
  });

  test('goes on when the clock stops after the due date: late stays late', () => {
    const both = plainDefinition([approve('a', [headA], { limit: '20 workdays' })], { limit: '5 workdays' });
    const matter = play(both).at('2026-03-10T10:00:00+08:00').when(headA, 'return');
    matter.at('2026-03-12T10:00:00+08:00');
    expect(rungs(matter)).toEqual([[null, 'supervision', [director], '2026-03-11T09:30']]);
    matter.when(applicant, 'complete').at('2026-03-20T10:00:00+08:00');
    expect(matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'matter:red')).toHaveLength(1);
  });
});

describe('whoever stands in for somebody absent', () => {
  test('is reminded beside them', () => {
    const plain = plainDefinition([approve('a', [headA])]);
    const directory: Directory = {
      ...smallSchool(),
      absences: [
        { person: headA, from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', reason: '出差', cover: cast.reviewer },
      ],
    };
    const matter = play(plain, { world: { directory } }).at('2026-03-31T18:00:00+08:00');
    const red = matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'a:red');
    expect(told(plain, matter, red, directory).map((one) => [one.kind, one.person])).toEqual([
      ['task-overdue', headA],
      ['task-overdue', cast.reviewer],
    ]);
  });
});

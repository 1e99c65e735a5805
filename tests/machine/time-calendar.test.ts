/** Goal: when the calendar changes, every open date is what it would have been, says why it moved, and rings as it should. */
import { describe, expect, test } from 'vitest';
import type { WorkingCalendar } from '../../definitions/language/calendar.ts';
import { decide } from '../../workflows/machine/decide.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import type { World } from '../../workflows/machine/world.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named, wait } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, director, administrator, applicant } = cast;
const REASON = '校运动会放假';

/** The calendar with these days off. */
function withOff(...dates: string[]): WorkingCalendar {
  const days = Object.fromEntries(dates.map((date) => [date, { kind: 'off' as const, name: '校运动会', source: '校办通知' }]));
  return { ...smallCalendar, version: smallCalendar.version + 1, days: { ...smallCalendar.days, ...days } };
}

/** A play whose calendar can be exchanged. */
function changing(definition: Parameters<typeof play>[0]): { matter: Play; world: Partial<World> } {
  const world: Partial<World> = { calendar: smallCalendar };
  return { matter: play(definition, { world }), world };
}

function refresh(matter: Play, reason = REASON): void {
  expect(matter.command(administrator, { type: 'refresh', about: 'calendar', reason })).toBeNull();
}

/** Due on Wednesday the fourth, the matter on Monday the ninth of March. */
const plain = plainDefinition([approve('a', [headA])], { limit: '5 workdays' });

describe('a changed calendar', () => {
  test('moves the dates that it touches, and says why', () => {
    const { matter, world } = changing(plain);
    world.calendar = withOff('2026-03-03');
    refresh(matter);
    expect(matter.of('DueChanged').map(({ facts }) => [facts.visit, facts.due.dueAt.slice(0, 10), facts.because])).toEqual([
      [null, '2026-03-10', REASON],
      ['a', '2026-03-05', REASON],
    ]);
    expect(Object.values(matter.matter.tasks)[0]?.due.explanation.join()).toContain('校运动会');
    expect(matter.matter.alarms['a:superior']?.at).toBe('2026-03-06T09:30:00.000Z');
  });

  test('that touches nothing makes no event', () => {
    const { matter, world } = changing(plain);
    world.calendar = withOff('2026-06-01');
    refresh(matter);
    expect(matter.of('DueChanged')).toEqual([]);
  });

  test('is taken note of by the clock and administrators only', () => {
    const { matter } = changing(plain);
    expect(matter.command(applicant, { type: 'refresh', about: 'calendar', reason: REASON })?.code).toBe('not-allowed');
  });

  test('makes a late step green again when its date moves ahead; it is late again once, when that passes', () => {
    const { matter, world } = changing(plain);
    matter.at('2026-03-05T10:00:00+08:00');
    expect(matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'a:red')).toHaveLength(1);
    world.calendar = withOff('2026-03-03', '2026-03-04');
    refresh(matter);
    expect(matter.matter.visits.a?.due.dueAt).toBe('2026-03-06T09:30:00.000Z');
    matter.at('2026-03-31T18:00:00+08:00');
    const red = matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'a:red');
    expect(red.map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-04', '2026-03-06']);
    expect(matter.of('Escalated').filter(({ facts }) => facts.visit === 'a')).toHaveLength(2);
  });

  test('that moves a date into the past rings once, and reports it a working day later', () => {
    const { matter, world } = changing(plainDefinition([approve('a', [headA])]));
    world.calendar = withOff('2026-03-03');
    refresh(matter);
    expect(matter.matter.visits.a?.due.dueAt).toBe('2026-03-05T09:30:00.000Z');
    matter.at('2026-03-05T10:00:00+08:00');
    world.calendar = smallCalendar;
    refresh(matter, '校运动会取消');
    matter.at('2026-03-31T18:00:00+08:00');
    const rang = matter.of('AlarmRang').filter(({ facts }) => facts.visit === 'a' && facts.kind !== 'yellow');
    expect(rang.filter(({ facts }) => facts.kind === 'red').map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-05']);
    expect(matter.of('Escalated').map(({ at, facts }) => [facts.level, at.slice(0, 10)])).toEqual([
      ['superior', '2026-03-06'],
      ['supervision', '2026-03-09'],
    ]);
  });

  test('does not tell again what was told of a date that stays past', () => {
    const { matter, world } = changing(plain);
    matter.at('2026-03-10T10:00:00+08:00');
    const before = matter.of('Escalated').length;
    world.calendar = withOff('2026-03-03');
    refresh(matter);
    matter.at('2026-03-10T17:00:00+08:00');
    expect(matter.of('Escalated')).toHaveLength(before);
    expect(matter.of('AlarmRang').filter(({ facts }) => facts.alarm === 'a:red')).toHaveLength(1);
  });

  test('keeps the stretches in which the clock stood still', () => {
    const { matter, world } = changing(plain);
    matter.at('2026-03-03T10:00:00+08:00').when(headA, 'return').at('2026-03-10T10:00:00+08:00').when(applicant, 'complete');
    expect(matter.matter.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
    world.calendar = withOff('2026-03-12');
    refresh(matter);
    expect(matter.matter.due.dueAt).toBe('2026-03-17T09:30:00.000Z');
  });

  test('leaves a day that was named or granted', () => {
    const extension = { approver: named(director), longest: '15 workdays', times: () => 1, limit: '2 workdays' } as const;
    const { matter, world } = changing(plainDefinition([handle('h', [headA], { limit: '5 workdays', extension })]));
    matter.command(headA, { type: 'extend', until: '2026-03-16', reason: '理由', task: null });
    matter.when(director, 'agree');
    world.calendar = withOff('2026-03-03', '2026-03-16');
    refresh(matter);
    expect(matter.matter.visits.h?.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
  });

  test('moves the end of a wait, says why, and the matter goes on then', () => {
    const { matter, world } = changing(plainDefinition([wait('w', '3 workdays'), approve('b', [headA])]));
    matter.at('2026-03-03T10:00:00+08:00');
    world.calendar = withOff('2026-03-04');
    refresh(matter);
    expect(matter.of('WaitMoved').map(({ facts }) => facts)).toEqual([
      { key: 'w', name: '等待w', at: '2026-03-06T09:30:00.000Z', because: REASON },
    ]);
    const [moved] = matter.of('WaitMoved');
    expect(moved === undefined ? null : timelineEntry(moved)).toMatchObject({
      who: '系统',
      step: '等待w',
      dueAt: '2026-03-06T09:30:00.000Z',
    });
    expect(matter.at('2026-03-06T09:29:00Z').open).toEqual([]);
    expect(matter.at('2026-03-06T09:30:00Z').open).toEqual(['b']);
  });

  test('ends a wait whose end has come to lie in the past', () => {
    const { matter, world } = changing(plainDefinition([wait('w', '3 workdays'), approve('b', [headA])]));
    world.calendar = withOff('2026-03-03', '2026-03-04');
    refresh(matter);
    matter.at('2026-03-06T10:00:00+08:00');
    expect(matter.open).toEqual([]);
    world.calendar = smallCalendar;
    refresh(matter, '校运动会取消');
    expect(matter.matter.alarms['w:wait']?.at).toBe('2026-03-05T09:30:00.000Z');
    expect(matter.at('2026-03-06T10:01:00+08:00').open).toEqual(['b']);
  });

  test('leaves a wait for a day that was named, and one that an older version began', () => {
    const named12 = changing(plainDefinition([wait('w', { date: '2026-03-12' }), approve('b', [headA])]));
    named12.world.calendar = withOff('2026-03-03', '2026-03-04');
    refresh(named12.matter);
    expect(named12.matter.of('WaitMoved')).toEqual([]);
    const older = plainDefinition([wait('w', '3 workdays'), approve('b', [headA])]);
    const { matter: began } = play(older);
    const { since: _since, ...w } = { since: '', ...began.waits.w };
    // As the fold of an event without it gives it.
    const state: Matter = { ...began, waits: { w: w as Matter['waits'][string] } };
    const refreshed = decide(
      older,
      state,
      { type: 'refresh', about: 'calendar', reason: REASON, id: 'c', by: { kind: 'clock' }, bodyHash: null },
      {
        now: began.updatedAt,
        directory: smallSchool(),
        calendar: withOff('2026-03-03'),
        settings: {},
        no: '',
        files: {},
        facts: {},
        schemas: { form: () => [], outputs: {} },
      },
    );
    expect(isRefusal(refreshed) ? [] : refreshed.events.map((event) => event.type)).not.toContain('WaitMoved');
  });

  test('moves the dates of feedback, and asks for none twice', () => {
    const step = handle('h', [headA], { limit: '10 workdays', reports: { every: '3 workdays' } });
    const { matter, world } = changing(plainDefinition([step]));
    matter.at('2026-03-05T18:00:00+08:00');
    expect(matter.of('ReportRequested')).toHaveLength(1);
    // The first date would now be the sixth, but it was asked for; the second moves by a day.
    world.calendar = withOff('2026-03-03');
    refresh(matter);
    matter.at('2026-03-12T10:00:00+08:00');
    expect(matter.of('ReportRequested').map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-05', '2026-03-11']);
  });
});

test('a provisional date becomes a certain one when the notice comes out', () => {
  const world: Partial<World> = { calendar: { ...smallCalendar, publishedYears: [2025] } };
  const matter = play(plain, { world });
  expect(matter.matter.due.provisional).toBe(true);
  world.calendar = smallCalendar;
  refresh(matter, '2026年放假通知已公布');
  expect(matter.matter.due.provisional).toBe(false);
  expect(matter.of('DueChanged')[0]?.facts.because).toBe('2026年放假通知已公布');
});

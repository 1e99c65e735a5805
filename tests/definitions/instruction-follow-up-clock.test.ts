import { describe, expect, test } from 'vitest';
import { schoolTime } from '../../definitions/language/calendar.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { decide } from '../../workflows/machine/decide.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { ledgerRow } from '../../workflows/machine/supervision/ledger.ts';
import { demoCalendar, given, type Rehearsal } from '../support/machine.ts';
import { academicHead, leader, recorder, started, supervisor, written } from './instruction-follow-up-support.ts';

/** A follow-up whose work begins at an instant, everything before it done in that minute. */
function workingFrom(at: string, changes: JsonObject = {}): Rehearsal {
  const form = { ...written, instructedOn: at.slice(0, 10), ...changes };
  return given(instructionFollowUp).at(at).startedBy(recorder, form).carriedTo('undertake');
}

function timeOf(instant: string | undefined): string {
  return instant === undefined ? 'never' : schoolTime(demoCalendar, instant);
}

function requestsOf(matter: Rehearsal): string[] {
  return matter.eventsOf('ReportRequested').map((event) => timeOf(event.at));
}

describe('time limits', () => {
  test.each([
    ['特急', '一般', '2026-03-03 17:30', '2026-04-01 17:30'],
    ['加急', '一般', '2026-03-09 17:30', '2026-04-01 17:30'],
    ['平件', '一般', '2026-03-17 17:30', '2026-04-13 17:30'],
    ['平件', '难度较大', '2026-04-01 17:30', '2026-04-27 17:30'],
  ])('%s and %s: the work is due on %s, the whole on %s (LARD)', (urgency, difficulty, work, whole) => {
    const matter = workingFrom('2026-03-02T10:00:00+08:00', { urgency, difficulty });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe(work);
    expect(timeOf(matter.matter.due.dueAt)).toBe(whole);
  });

  test('the day that the leader set holds for lead and assisting units, the whole ends twenty days later', () => {
    const matter = workingFrom('2026-03-02T10:00:00+08:00', { dueOn: '2026-03-15', assist: ['u-it'] });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-15 17:30');
    expect(timeOf(matter.matter.visits['assist@0']?.due.dueAt)).toBe('2026-03-15 17:30');
    expect(timeOf(matter.matter.due.dueAt)).toBe('2026-04-04 17:30');
  });

  test.each([
    ['establish', '2026-03-03 17:30'],
    ['receipt', '2026-03-03 17:30'],
    ['result-report', '2026-03-04 17:30'],
    ['verify', '2026-03-09 17:30'],
    ['leader-review', '2026-03-05 17:30'],
    ['close-out', '2026-03-04 17:30'],
  ])('%s opened on Monday 2026-03-02 is due at %s', (step, due) => {
    expect(timeOf(started().carriedTo(step).tasks[0]?.due.dueAt)).toBe(due);
  });

  test('an instruction’s clock does not stop while its recorder corrects it', () => {
    const oral = { ...written, source: '口头补录' };
    const matter = given(instructionFollowUp).startedBy(recorder, oral).when(leader, 'return');
    expect(matter.matter.suspensions).toEqual([]);
    expect(timeOf(matter.tasks[0]?.due.dueAt)).toBe('2026-03-03 17:30');
  });

  test('a school sets its own limits', () => {
    const school = given(instructionFollowUp, { settings: { ordinaryLimit: '10 workdays', oralDays: 2 } });
    const matter = school.startedBy(recorder, written).carriedTo('undertake');
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-16 17:30');
    const spoken = { ...written, source: '口头补录', instructedOn: '2026-02-27' };
    const late = given(instructionFollowUp, { settings: { oralDays: 2 } }).at('2026-03-03T09:00:00+08:00');
    expect(late.startRefused(recorder, spoken).faults[0]?.message).toBe('口头批示须 2 日内补录并经领导确认');
  });
});

describe('the row in the ledger', () => {
  const names = { nameOf: (id: string) => id, headOf: () => null };

  test('of 特急 work runs by the work, not by the receipt due in the same hour, and is marked when it is late', () => {
    const matter = workingFrom('2026-03-02T10:00:00+08:00', { urgency: '特急' });
    const { undertake, ...before } = matter.matter.visits;
    expect(before['receipt@0']?.due.dueAt).toBe(undertake?.due.dueAt);
    const row = () => ledgerRow(instructionFollowUp, matter.matter, names);
    expect(timeOf(row().dueAt)).toBe('2026-03-03 17:30');
    matter.at('2026-03-04T10:00:00+08:00').carriedToEnd();
    expect(timeOf(row().dueAt)).toBe('2026-03-03 17:30');
    expect(timeOf(row().overdueFrom ?? undefined)).toBe('2026-03-03 17:30');
  });
});

describe('a day that has passed', () => {
  const passed = { instructedOn: '2026-02-09', dueOn: '2026-02-27' };

  test('when the office establishes is set anew, within the customary limit', () => {
    const matter = started(passed);
    const establish = { output: { level: '一般' } };
    expect(matter.refused(supervisor, 'complete', establish).faults).toEqual([
      { path: '/output/dueOn', message: '批示领导确定的时限2026-02-27已过,请另定办结时限' },
    ]);
    matter.when(supervisor, 'complete', { output: { level: '一般', dueOn: '2026-03-10' } }).carriedTo('undertake');
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-10 17:30');
    expect(started(passed).carriedToEnd().outcome).toBe('completed');
  });

  test('at the registration is no limit of the whole', () => {
    expect(timeOf(started(passed).matter.due.dueAt)).toBe('2026-04-13 17:30');
    expect(timeOf(started({ dueOn: '2026-03-02' }).matter.due.dueAt)).toBe('2026-03-22 17:30');
  });

  test('opens no work overdue: what is done again has five working days', () => {
    const matter = workingFrom('2026-03-02T10:00:00+08:00', { dueOn: '2026-03-06', assist: ['u-it'] }).carriedTo('verify');
    matter.at('2026-03-09T10:00:00+08:00').when(supervisor, 'return', { to: 'undertake' });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-16 17:30');
    expect(matter.registerRow.dueOn).toBe('2026-03-16');
    const inTime = workingFrom('2026-03-02T10:00:00+08:00', { dueOn: '2026-03-06' }).carriedTo('verify');
    inTime.at('2026-03-06T10:00:00+08:00').when(supervisor, 'return', { to: 'undertake' });
    expect(timeOf(inTime.matter.visits.undertake?.due.dueAt)).toBe('2026-03-06 17:30');
  });
});

describe('more time 延期 (D11, CSAIL)', () => {
  const ask = (until: string) => ({ type: 'extend' as const, until, reason: '须待外部审批,已完成六成', task: null });
  const asked = (until = '2026-03-31') => workingFrom('2026-03-02T10:00:00+08:00').command(academicHead, ask(until));

  test('is asked for by who does the work and granted by the leader who gave the instruction', () => {
    const matter = asked();
    expect(matter.assigneesOf('extension')).toEqual([leader]);
    matter.when(leader, 'agree', { step: 'extension' });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-31 17:30');
    expect(matter.registerRow.dueOn).toBe('2026-03-31');
  });

  test('is granted once', () => {
    const matter = asked().when(leader, 'agree', { step: 'extension' });
    expect(matter.commandRefused(academicHead, ask('2026-04-10')).message).toContain('延期次数已用完');
  });

  test('is not granted after the day, nor for longer than the school says', () => {
    const late = workingFrom('2026-03-02T10:00:00+08:00').at('2026-03-17T17:31:00+08:00');
    expect(late.commandRefused(academicHead, ask('2026-03-31')).code).toBe('too-late');
    const matter = workingFrom('2026-03-02T10:00:00+08:00');
    expect(matter.commandRefused(academicHead, ask('2026-04-30')).faults[0]?.path).toBe('/until');
  });

  test('that is not granted leaves the day as it is', () => {
    const matter = asked().when(leader, 'disagree', { step: 'extension', opinion: '按期办结' });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-03-17 17:30');
    expect(matter.openSteps).toEqual(['undertake']);
  });
});

describe('feedback of a follow-up of thirty days', () => {
  test('is asked for weekly, over the Spring Festival on its first working day', () => {
    const matter = workingFrom('2026-01-26T10:00:00+08:00', { difficulty: '难度较大' });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-02-25 17:30');
    matter.at('2026-03-20T10:00:00+08:00');
    expect(requestsOf(matter)).toEqual(['2026-02-02 17:30', '2026-02-09 17:30', '2026-02-24 17:30']);
  });

  test('is asked for weekly, over the National Day on its first working day', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大' });
    expect(timeOf(matter.matter.visits.undertake?.due.dueAt)).toBe('2026-10-14 17:30');
    matter.at('2026-11-20T10:00:00+08:00');
    expect(requestsOf(matter)).toEqual(['2026-09-21 17:30', '2026-09-28 17:30', '2026-10-08 17:30']);
  });

  test('is asked for once when half-monthly, and not on the due date itself', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大', feedback: '每半月反馈' });
    expect(requestsOf(matter.at('2026-11-20T10:00:00+08:00'))).toEqual(['2026-09-29 17:30']);
  });

  test('is asked for monthly where the leader gave a quarter', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { dueOn: '2026-12-15', feedback: '每月反馈' });
    expect(requestsOf(matter.at('2026-12-31T10:00:00+08:00'))).toEqual(['2026-10-14 17:30', '2026-11-16 17:30']);
  });

  test('is asked of the assisting units too, every fifteen days', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大', assist: ['u-it'] });
    matter.at('2026-11-20T10:00:00+08:00');
    const asked = matter.eventsOf('ReportRequested').filter((event) => event.facts.visit === 'assist@0');
    expect(asked.map((event) => timeOf(event.at))).toEqual(['2026-09-29 17:30']);
    const report = { type: 'report' as const, text: '设备已到位', percent: 50, attachments: [], task: null };
    expect(matter.attemptCommand('p-cui-yong', report)).toBeNull();
  });

  test('that does not come is recorded when the next is asked for', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大' }).at('2026-09-28T17:29:00+08:00');
    expect(matter.eventsOf('ReportMissed')).toEqual([]);
    matter.wait(1);
    expect(matter.eventsOf('ReportMissed').map((event) => [timeOf(event.at), event.facts.number])).toEqual([
      ['2026-09-28 17:30', 1],
    ]);
    expect(matter.at('2026-10-09T10:00:00+08:00').matter.visits.undertake?.reports).toMatchObject({ expected: 3, missed: 2 });
  });

  test('that comes each time leaves nothing missed, and says how far the work is', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大' });
    for (const [at, percent] of [
      ['2026-09-22', 30],
      ['2026-09-29', 60],
      ['2026-10-09', 90],
    ] as const) {
      matter.at(`${at}T10:00:00+08:00`);
      matter.command(academicHead, { type: 'report', text: `完成${percent}%`, percent, attachments: [], task: null });
    }
    matter.at('2026-10-14T17:00:00+08:00');
    expect(matter.eventsOf('ReportMissed')).toEqual([]);
    expect(matter.matter.visits.undertake?.reports).toMatchObject({ count: 3, latest: { percent: 90, text: '完成90%' } });
  });

  /** Dates of feedback asked for by a tick at an instant, each with the next. */
  function askedAt(matter: Rehearsal, now: string): string[][] {
    const tick = { type: 'tick' as const, id: 'late', by: { kind: 'clock' as const }, bodyHash: null };
    const decided = decide(instructionFollowUp, matter.matter, tick, { ...matter.world, now: new Date(now).toISOString() });
    if (isRefusal(decided)) throw new Error(decided.message);
    return decided.events.flatMap((event) =>
      event.type === 'ReportRequested' ? [[timeOf(event.at), timeOf(event.facts.nextAt ?? undefined)]] : [],
    );
  }

  test('keeps its dates when the clock rings a moment after one, as every real clock does', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大' });
    expect(askedAt(matter, '2026-09-21T17:30:00.008+08:00')).toEqual([['2026-09-21 17:30', '2026-09-28 17:30']]);
  });

  test('is asked for once after days on which no clock rang, and then on the next of its dates', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00', { difficulty: '难度较大' });
    expect(askedAt(matter, '2026-09-29T09:00:00+08:00')).toEqual([['2026-09-29 09:00', '2026-10-08 17:30']]);
  });

  test('is not taken from somebody else', () => {
    const matter = workingFrom('2026-09-14T10:00:00+08:00');
    const report = { type: 'report' as const, text: '完成', percent: 100, attachments: [], task: null };
    expect(matter.commandRefused(supervisor, report)).toMatchObject({ code: 'not-allowed', message: '您没有需要报送进展的待办' });
  });
});

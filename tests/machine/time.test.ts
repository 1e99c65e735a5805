import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import type { PeopleWorld } from '../../workflows/machine/people/posts.ts';
import { isOverdue } from '../../workflows/machine/people/rights.ts';
import { whyNot } from '../../workflows/machine/round/allowed.ts';
import { statusOf } from '../../workflows/machine/status.ts';
import { type Notice, noticesOf } from '../../workflows/machine/telling/notices.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, booking, effect, handle, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, director, reviewer } = cast;
const at = (now: string): PeopleWorld => ({ directory: smallSchool(), calendar: smallCalendar, now });
const noticesIn = (definition: ProcessDefinition, { matter }: Play, events: readonly MatterEvent[]): Notice[] =>
  noticesOf(definition, matter, events, at(matter.updatedAt));
const alarmIds = (matter: Play): string[] => Object.keys(matter.matter.alarms).sort();

describe('alarms', () => {
  const plain = plainDefinition([approve('a', [headA]), approve('b', [headB])], { limit: '5 workdays' });

  test('yellow, orange and red ring once each at their time, then the matter’s own', () => {
    const matter = play(plain).at('2026-03-31T18:00:00+08:00');
    expect(matter.of('AlarmRang').map(({ at, facts }) => [facts.alarm, at])).toEqual([
      ['a:yellow', expect.stringMatching(/^2026-03-0/)],
      ['a:orange', expect.stringMatching(/^2026-03-04T/)],
      // Two working days from Monday: Wednesday at closing time; five: next Monday.
      ['a:red', '2026-03-04T09:30:00.000Z'],
      ['a:superior', '2026-03-05T09:30:00.000Z'],
      ['matter:yellow', expect.stringMatching(/^2026-03-06T/)],
      ['a:supervision', '2026-03-06T09:30:00.000Z'],
      ['matter:orange', expect.stringMatching(/^2026-03-09T/)],
      ['matter:red', '2026-03-09T09:30:00.000Z'],
      ['matter:supervision', '2026-03-11T09:30:00.000Z'],
    ]);
    expect(alarmIds(matter)).toEqual([]);
    expect(isOverdue(matter.matter, '2026-03-31T10:00:00.000Z')).toBe(true);
  });

  test('those of a step die with it', () => {
    const matter = play(plain).when(headA, 'agree');
    expect(alarmIds(matter).filter((id) => !id.startsWith('matter:'))).toEqual(
      ['orange', 'red', 'superior', 'supervision', 'yellow'].map((kind) => `b:${kind}`),
    );
  });

  test('each warns who must act, and the due date of the whole all of them', () => {
    const matter = play(plain).at('2026-03-31T18:00:00+08:00');
    const told = matter.of('AlarmRang').flatMap((event) => noticesIn(plain, matter, [event]));
    expect(told.map(({ kind, person, timing }) => [kind, person, timing])).toEqual([
      ['task-warned', headA, 'digest'],
      ['task-warned', headA, 'office-hours'],
      ['task-overdue', headA, 'office-hours'],
      ['task-warned', headA, 'digest'],
      ['task-warned', headA, 'office-hours'],
      ['matter-overdue', headA, 'office-hours'],
    ]);
  });

  test('a limit set by law overrides the office’s own', () => {
    const statutory = plainDefinition([approve('a', [headA])], { limit: '30 workdays', statutoryLimit: '5 workdays' });
    expect(play(statutory).matter.due.dueAt).toBe('2026-03-09T09:30:00.000Z');
  });

  test('a clock that jumps back does not turn the record back', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'agree').at('2026-03-02T09:00:00+08:00');
    matter.when(headB, 'agree');
    const times = matter.events.map((event) => event.at);
    expect(times).toEqual([...times].sort());
    expect(times.at(-1)).toBe('2026-03-03T02:00:00.000Z');
  });
});

describe('the clock with the applicant', () => {
  const plain = plainDefinition([approve('a', [headA]), approve('b', [headB])], { limit: '5 workdays' });

  test('stands still while they correct, and then goes on with what was left', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'return');
    expect(statusOf(matter.matter)).toBe('suspended');
    expect(alarmIds(matter)).not.toContain('matter:red');
    matter.at('2026-03-10T10:00:00+08:00').when(applicant, 'complete');
    expect(statusOf(matter.matter)).toBe('open');
    // Of five days one was used, Tuesday being the day sent; four are left after Tuesday the tenth, the day answered.
    expect(matter.matter.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
    expect(matter.matter.alarms['matter:red']?.at).toBe('2026-03-16T09:30:00.000Z');
  });

  test('runs on where the definition says so', () => {
    const running = { ...plain, clockStopsWithApplicant: false };
    const matter = play(running).when(headA, 'return');
    expect(statusOf(matter.matter)).toBe('open');
    expect(alarmIds(matter)).toContain('matter:red');
  });

  const beside = plainDefinition([approve('first', [director]), parallel('p', [approve('a', [headA])], [approve('b', [headB])])]);
  const returned = (): Play => play(beside).when(director, 'agree').when(headA, 'return', { next: 'back' });

  test('goes on when a return from beside takes the correction out of their hands', () => {
    const matter = returned().when(headB, 'return', { to: 'first' });
    expect(matter.open).toEqual(['first']);
    expect(statusOf(matter.matter)).toBe('open');
    expect(alarmIds(matter)).toContain('matter:red');
  });

  test('stands still on when a return from beside leaves it in their hands', () => {
    const matter = returned().when(headB, 'return');
    expect(matter.open).toEqual(['applicant']);
    expect(matter.matter.suspensions).toEqual([{ from: expect.any(String), to: null, reason: '退回申请人修改期间不计时' }]);
  });
});

describe('feedback 反馈', () => {
  const working = plainDefinition([handle('h', [headA], { limit: '10 workdays', reports: { every: '3 workdays' } })]);

  test('is asked for in its rhythm until the due date, and what did not come is missed', () => {
    const matter = play(working).at('2026-03-31T18:00:00+08:00');
    expect(matter.of('ReportRequested').map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-05', '2026-03-10', '2026-03-13']);
    // The last when the due date passes, since no request follows it.
    expect(matter.of('ReportMissed').map(({ facts }) => facts.number)).toEqual([1, 2, 3]);
  });

  test('that came is not missed, and the latest is kept', () => {
    const matter = play(working).at('2026-03-06T10:00:00+08:00');
    const body = { type: 'report', text: '过半', percent: 60, attachments: [], task: null } as const;
    expect(matter.command(headA, { ...body, attachments: [] })).toBeNull();
    matter.at('2026-03-11T10:00:00+08:00');
    expect(matter.of('ReportMissed')).toEqual([]);
    expect(matter.matter.visits.h?.reports).toMatchObject({ count: 1, latest: { percent: 60, text: '过半' } });
  });

  test('on a day that somebody named is asked for once', () => {
    const dated = plainDefinition([handle('h', [headA], { limit: '10 workdays', reports: { every: { date: '2026-03-04' } } })]);
    const matter = play(dated).at('2026-03-31T18:00:00+08:00');
    expect(matter.of('ReportRequested').map(({ facts }) => facts.nextAt)).toEqual([null]);
  });

  test('is nobody else’s, and says which when there are two', () => {
    const two = plainDefinition([
      parallel(
        'p',
        [handle('h', [headA], { reports: { every: '1 workday' } })],
        [handle('i', [headA], { reports: { every: '1 workday' } })],
      ),
    ]);
    const matter = play(two);
    const body = { type: 'report', text: '进展', percent: 10, attachments: [] as string[] } as const;
    expect(matter.command(headB, { ...body, attachments: [], task: null })?.code).toBe('not-allowed');
    expect(matter.command(headA, { ...body, attachments: [], task: null })?.faults[0]?.path).toBe('/task');
    expect(matter.command(headA, { ...body, attachments: [], task: matter.taskOf(headA, 'i').id })).toBeNull();
    expect(matter.matter.visits.i?.reports.count).toBe(1);
  });
});

describe('urging 催办', () => {
  const plain = plainDefinition([approve('a', [headA, headB])]);

  test('reaches everybody who must act, and not again within hours', () => {
    const matter = play(plain);
    expect(matter.command(applicant, { type: 'urge', text: '请尽快' })).toBeNull();
    expect(matter.of('Urged')[0]?.facts.people.map((one) => one.id)).toEqual([headA, headB]);
    expect(matter.command(reviewer, { type: 'urge', text: null })?.code).toBe('too-early');
    matter.at('2026-03-02T13:00:00+08:00');
    expect(matter.command(reviewer, { type: 'urge', text: null })).toBeNull();
  });

  test('is no use where only one’s own task is open', () => {
    const own = plainDefinition([handle('h', [headA])]);
    const { matter } = play(own);
    expect(play(own).command(headA, { type: 'urge', text: null })?.code).toBe('action-not-offered');
    expect(whyNot(own, matter, headA, 'urge', at(matter.updatedAt))).toBe('当前没有他人的待办可催');
    expect(whyNot(own, matter, applicant, 'urge', at(matter.updatedAt))).toBeNull();
  });

  test('is offered by the matter’s own time, also when a clock jumps back', () => {
    const matter = play(plain);
    matter.command(applicant, { type: 'urge', text: null });
    matter.at('2026-03-02T14:00:00+08:00').command(reviewer, { type: 'comment', text: '已阅' });
    expect(whyNot(plain, matter.matter, applicant, 'urge', at('2026-03-02T02:00:00.000Z'))).toBeNull();
  });
});

describe('withdrawal 撤回', () => {
  const plain = plainDefinition([approve('a', [headA]), effect('book', booking), approve('b', [headB])]);
  const withdraw = { type: 'withdraw', reason: null } as const;

  test('is the applicant’s, until somebody else has decided', () => {
    const matter = play(plain);
    expect(matter.command(headA, withdraw)?.code).toBe('not-allowed');
    matter.when(headA, 'agree');
    expect(matter.command(applicant, withdraw)?.code).toBe('too-late');
  });

  test('is possible again while the matter lies with them', () => {
    const matter = play(plain).when(headA, 'agree').when(headB, 'return');
    expect(matter.command(applicant, withdraw)).toBeNull();
    expect(matter.outcome).toBe('withdrawn');
  });

  test('is possible to the end where the definition says so, and gives back what was booked', () => {
    const matter = play({ ...plain, withdrawUntil: 'end' }).when(headA, 'agree');
    expect(matter.command(applicant, withdraw)).toBeNull();
    expect(matter.of('EffectUndone').map(({ facts }) => facts.step)).toEqual(['book']);
  });
});

describe('the end', () => {
  test('keeps what was booked when the matter is completed, and gives it back when it is rejected', () => {
    const plain = plainDefinition([effect('book', booking), approve('a', [headA])]);
    expect(play(plain).when(headA, 'agree').of('EffectUndone')).toEqual([]);
    expect(play(plain).when(headA, 'disagree').of('EffectUndone')).toHaveLength(1);
  });

  test('takes no command after it', () => {
    const matter = play(plainDefinition([approve('a', [headA])])).when(headA, 'agree');
    expect(matter.command(applicant, { type: 'comment', text: '谢谢' })?.code).toBe('matter-ended');
    expect(matter.refused(headA, 'agree', { task: 'm1-1' })?.code).toBe('matter-ended');
    expect(matter.start()?.code).toBe('action-not-offered');
  });

  test('tells the applicant', () => {
    const matter = play(plainDefinition([approve('a', [headA])])).when(headA, 'agree');
    expect(noticesIn(plainDefinition([]), matter, matter.of('MatterEnded'))).toEqual([
      { kind: 'matter-ended', person: applicant, task: null, text: '测试事项:办结', timing: 'at-once' },
    ]);
  });
});

describe('the start', () => {
  test('is refused to who is not of the school, has left, or holds none of the roles', () => {
    const plain = plainDefinition([approve('a', [headA])]);
    for (const who of ['p-nobody', cast.gone, 'constructor'])
      expect(() => play(plain, { applicant: who })).toThrow('不在学校人员名录中');
    const heads = { ...plain, applicants: ['unit-head'] as const };
    expect(() => play(heads)).toThrow('您没有发起“测试流程”的权限');
    expect(play(heads, { applicant: headB }).open).toEqual(['a']);
  });
});

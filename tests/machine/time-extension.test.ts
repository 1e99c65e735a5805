/** Goal: more time is asked for in time, within bounds, once at a time, and is granted by somebody else or not at all. */
import { describe, expect, test } from 'vitest';
import type { AnyShape } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Extension } from '../../definitions/language/steps.ts';
import type { Refusal } from '../../workflows/machine/refusals.ts';
import { whyNot } from '../../workflows/machine/round/allowed.ts';
import type { Task } from '../../workflows/machine/state.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, director, administrator, applicant } = cast;

const extension: Extension<AnyShape> = { approver: named(director), longest: '15 workdays', times: () => 1, limit: '2 workdays' };

function extendable(changes: Partial<typeof extension> = {}, matter: Partial<ProcessDefinition> = {}): ProcessDefinition {
  const step = handle('h', [headA], { limit: '5 workdays', extension: { ...extension, ...changes } });
  return plainDefinition([step, approve('b', [headB])], matter);
}

/** Opened on Monday the second of March: due on Monday the ninth; at the latest the thirtieth. */
function ask(matter: Play, until = '2026-03-16', person: string = headA): Refusal | null {
  return matter.command(person, { type: 'extend', until, reason: '等待外单位提供材料', task: null });
}
const answerOf = ({ matter }: Play): Task | undefined => Object.values(matter.tasks).find((task) => task.step === 'extension');
const dueOf = ({ matter }: Play): string | undefined => matter.visits.h?.due.dueAt;

describe('more time', () => {
  test('is asked of whom the definition names, and the step goes on meanwhile', () => {
    const matter = play(extendable());
    expect(ask(matter)).toBeNull();
    expect(answerOf(matter)).toMatchObject({ kind: 'approve', visit: 'extension@1', assignees: [{ id: director }] });
    expect(matter.open.sort()).toEqual(['extension@1', 'h']);
    expect(dueOf(matter)).toBe('2026-03-09T09:30:00.000Z');
  });

  test('that is granted moves the due date, its lights, its ladder, and the explanation says who granted it', () => {
    const matter = play(extendable());
    ask(matter);
    matter.at('2026-03-04T10:00:00+08:00').when(director, 'agree');
    expect(dueOf(matter)).toBe('2026-03-16T09:30:00.000Z');
    expect(matter.open).toEqual(['h']);
    const visit = matter.matter.visits.h;
    expect(visit?.due.explanation.at(-1)).toBe('指定3月16日(周一)为最后一日,17:30截止');
    expect(visit?.due.explanation).toContain('director同意延期');
    const { alarms } = matter.matter;
    expect(['red', 'superior', 'supervision'].map((kind) => alarms[`h:${kind}`]?.at)).toEqual([
      '2026-03-16T09:30:00.000Z',
      '2026-03-17T09:30:00.000Z',
      '2026-03-18T09:30:00.000Z',
    ]);
    expect(Object.values(matter.matter.tasks)[0]?.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
  });

  test('that is refused, or still unanswered when the step ends, changes nothing', () => {
    const refused = play(extendable());
    ask(refused);
    refused.when(director, 'disagree');
    expect([refused.outcome, dueOf(refused), refused.open]).toEqual([null, '2026-03-09T09:30:00.000Z', ['h']]);
    expect(refused.of('ExtensionAnswered')[0]?.facts).toMatchObject({ granted: false, person: director });
    const ended = play(extendable());
    ask(ended);
    ended.when(headA, 'complete');
    expect(ended.open).toEqual(['b']);
    expect([ended.of('ExtensionAnswered'), ended.of('DueChanged')]).toEqual([[], []]);
  });

  test('takes the matter’s own due date along where that would come first, and says why', () => {
    const tight = play(extendable({}, { limit: '7 workdays' }));
    ask(tight);
    tight.when(director, 'agree');
    expect(tight.matter.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
    expect(tight.of('DueChanged').map(({ facts }) => [facts.visit, facts.because])).toEqual([
      ['h', '延期申请已获director同意'],
      [null, '“办理h”获准延期至2026-03-16,总时限随之延长'],
    ]);
    const wide = play(extendable());
    ask(wide);
    expect(wide.when(director, 'agree').of('DueChanged')).toHaveLength(1);
  });
});

describe('it is refused', () => {
  test('after the due date, to the moment', () => {
    const inTime = play(extendable()).at('2026-03-09T17:30:00+08:00');
    expect(ask(inTime)).toBeNull();
    const late = play(extendable()).at('2026-03-09T17:31:00+08:00');
    expect(ask(late)?.code).toBe('too-late');
  });

  test('while an earlier request waits for its answer, and after as often as the definition says', () => {
    const matter = play(extendable());
    ask(matter);
    expect(ask(matter, '2026-03-17')).toMatchObject({ code: 'action-not-offered', message: '延期申请正在审批,请等待答复' });
    matter.when(director, 'agree');
    expect(ask(matter, '2026-03-20')).toMatchObject({ message: '延期次数已用完,不能再申请延期' });
    const twice = play(extendable({ times: () => 2 }));
    ask(twice);
    twice.when(director, 'agree');
    expect(ask(twice, '2026-03-20')).toBeNull();
  });

  test('with every fault at once: no reason, no such day, too early, too late', () => {
    const matter = play(extendable());
    const faults = (until: string, reason: string) =>
      matter.command(headA, { type: 'extend', until, reason, task: null })?.faults.map((fault) => fault.path);
    expect(faults('2026-02-30', ' ')).toEqual(['/reason', '/until']);
    expect(faults('2026-03-09', '理由')).toEqual(['/until']);
    // Fifteen working days after the ninth.
    expect(faults('2026-03-31', '理由')).toEqual(['/until']);
    expect(faults('2026-03-30', '理由')).toBeUndefined();
  });

  test('to whoever may not act on the task, and where the step has none', () => {
    const matter = play(extendable());
    for (const person of [headB, applicant, director]) expect(ask(matter, '2026-03-16', person)?.code).toBe('not-allowed');
    expect(ask(play(plainDefinition([handle('h', [headA])])))?.code).toBe('not-allowed');
  });

  test('by the same rule by which it is offered', () => {
    const definition = extendable();
    const matter = play(definition);
    const why = (): string | null => {
      const world = { directory: smallSchool(), calendar: smallCalendar, now: matter.matter.updatedAt };
      return whyNot(definition, matter.matter, headA, 'extend', world);
    };
    expect(why()).toBeNull();
    ask(matter);
    expect(why()).toBe('延期申请正在审批,请等待答复');
    matter.when(director, 'agree');
    expect(why()).toBe('延期次数已用完,不能再申请延期');
  });

  test('until it is said which, when there are two', () => {
    const step = (id: string) => handle(id, [headA], { limit: '5 workdays', extension });
    const matter = play(plainDefinition([parallel('p', [step('x')], [step('y')])]));
    expect(ask(matter)?.faults[0]?.path).toBe('/task');
    const task = matter.taskOf(headA, 'y').id;
    expect(matter.command(headA, { type: 'extend', until: '2026-03-16', reason: '理由', task })).toBeNull();
    expect(matter.of('ExtensionAsked')[0]?.facts.of).toBe('y');
    // Only one of the two can still be asked for.
    expect(ask(matter)).toBeNull();
    expect(matter.of('ExtensionAsked')[1]?.facts.of).toBe('x');
  });
});

test('is counted over all rounds of a step: a return does not renew it', () => {
  const matter = play(extendable());
  ask(matter);
  matter.when(director, 'agree').when(headA, 'complete').when(headB, 'return', { to: 'h' });
  expect(matter.open).toEqual(['h']);
  expect(matter.matter.visits.h).toMatchObject({ round: 2, extensions: 0, extendedBefore: 1 });
  expect(ask(matter, '2026-03-17')).toMatchObject({ message: '延期次数已用完,不能再申请延期' });
  const twice = play(extendable({ times: () => 2 }));
  ask(twice);
  twice.when(director, 'agree').when(headA, 'complete').when(headB, 'return', { to: 'h' });
  expect(ask(twice, '2026-03-17')).toBeNull();
});

describe('who grants it', () => {
  test('is never who asks: where the rules find nobody else, the process administrator', () => {
    const matter = play(extendable({ approver: named(headA) }));
    ask(matter);
    expect(answerOf(matter)?.assignees.map((one) => one.id)).toEqual([administrator]);
    expect(matter.matter.visits['extension@1']?.unassigned).toBe(true);
  });

  test('is reminded and not reported upwards', () => {
    const matter = play(extendable());
    ask(matter);
    matter.at('2026-03-06T18:00:00+08:00');
    expect(matter.of('AlarmRang').map(({ facts }) => facts.alarm)).toContain('extension@1:red');
    expect(matter.of('Escalated')).toEqual([]);
  });
});

test('feedback goes on in its rhythm until the later date', () => {
  const step = handle('h', [headA], { limit: '5 workdays', extension, reports: { every: '3 workdays' } });
  const matter = play(plainDefinition([step]));
  ask(matter);
  matter.when(director, 'agree').at('2026-03-31T18:00:00+08:00');
  expect(matter.of('ReportRequested').map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-05', '2026-03-10', '2026-03-13']);
});

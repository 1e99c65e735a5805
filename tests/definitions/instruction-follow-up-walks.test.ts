import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { returnTargets } from '../../workflows/machine/round/return.ts';
import type { Task } from '../../workflows/machine/state.ts';
import { type ActDetails, given, type Rehearsal } from '../support/machine.ts';
import { academicDeputy, leader, recorder, spoken, supervisor, written } from './instruction-follow-up-support.ts';

/** Something that somebody may try next. */
type Move = (matter: Rehearsal) => void;

/** Outputs beside the example that change the way or try to slip through a gate. */
const OUTPUTS: Readonly<Record<string, readonly JsonObject[]>> = {
  establish: [
    { level: '一般' },
    { level: '重大' },
    { level: '重要', undertaker: academicDeputy },
    { level: '一般', lead: 'u-students' },
  ],
  undertake: [{ result: '', evidence: [] }],
  'result-report': [{ report: '完成', signed: false }],
  verify: [
    { verified: '不属实', findings: '未见整改', onSite: true },
    { verified: '属实', findings: '材料一致', onSite: false },
  ],
  'leader-review': [{ decision: '继续跟踪' }],
  'close-out': [{ reported: false, bulletin: '已办结' }],
};

function movesOf(matter: Rehearsal, task: Task): Move[] {
  return task.assignees.flatMap(({ id: person }) => {
    const act =
      (action: 'complete' | 'disagree' | 'return', details: ActDetails = {}): Move =>
      (one) => {
        one.attempt(person, action, { step: task.visit, ...details });
      };
    const back = returnTargets(instructionFollowUp, matter.matter, task).flatMap(({ key }) => [
      act('return', { to: key, next: 'replay' }),
      act('return', { to: key, next: 'back' }),
    ]);
    const outputs = (OUTPUTS[task.step] ?? []).map((output) => act('complete', { output }));
    // Most people do what they are asked, else few walks would come far.
    return [...Array.from({ length: 6 }, () => act('complete')), ...outputs, ...back, act('disagree')];
  });
}

function moves(matter: Rehearsal): Move[] {
  const withdraw: Move = (one) => {
    // Allowed only before anybody acted; later it is refused, which is what the walk tries.
    if (one.attemptCommand(one.matter.applicant.id, { type: 'withdraw', reason: null }) === null)
      expect(one.outcome).toBe('withdrawn');
  };
  const days: Move = (one) => {
    one.wait(3 * 24 * 60);
  };
  return [...matter.tasks.flatMap((task) => movesOf(matter, task)), withdraw, days];
}

/** Carries on to the end as people would: whoever is refused sends the matter back by one step. */
function finish(matter: Rehearsal): void {
  for (let tries = 0; matter.outcome === null; tries += 1) {
    if (tries > 300) throw new Error(`The walk does not end; open: ${matter.openSteps.join(', ')}`);
    matter.wait(1);
    const done = matter.tasks.some((task) => {
      return matter.attempt(task.assignees[0]?.id ?? '', 'complete', { step: task.visit }) === null;
    });
    const stuck = matter.tasks.at(-1);
    if (done || stuck === undefined) continue;
    // An oral instruction that its leader sent back and that was not put right within the day can only be withdrawn.
    if (stuck.kind === 'correct') matter.command(matter.matter.applicant.id, { type: 'withdraw', reason: null });
    else {
      matter.when(stuck.assignees[0]?.id ?? '', 'return', { step: stuck.visit, to: 'previous' });
    }
  }
}

function walk(person: string, form: JsonObject, choices: readonly number[]): Rehearsal {
  const matter = given(instructionFollowUp).at('2026-03-02T09:00:00+08:00').startedBy(person, form);
  for (const choice of choices) {
    if (matter.outcome !== null) break;
    const possible = moves(matter.wait(1));
    possible[choice % possible.length]?.(matter);
  }
  finish(matter);
  return matter;
}

/** Where in the record something was done last; -1 when it never was. */
function lastIndex(events: readonly MatterEvent[], step: string): number {
  return events.findLastIndex((event) => {
    if (event.type === 'EffectDone') return event.facts.step === step;
    return event.type === 'TaskActed' && event.facts.step === step && event.facts.decision.action === 'complete';
  });
}

function outputOf(events: readonly MatterEvent[], step: string): JsonObject | null {
  const event = events[lastIndex(events, step)];
  return event?.type === 'TaskActed' ? event.facts.output : null;
}

function actorOf(events: readonly MatterEvent[], step: string): string | null {
  const event = events[lastIndex(events, step)];
  return event?.type === 'TaskActed' ? event.facts.decision.person : null;
}

function expectGatesKept(matter: Rehearsal): void {
  const { events } = matter;
  const at = (step: string): number => lastIndex(events, step);
  const order = ['undertake', 'result-report', 'verify', 'leader-review', 'close-out', 'bulletin', 'archive'].map(at);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(at('establish')).toBeGreaterThan(0);
  expect(at('establish')).toBeLessThan(at('verify'));
  expect(at('undertake')).toBeGreaterThan(0);
  expect(events.some((event) => event.type === 'EffectUndone')).toBe(false);
  expect(Object.keys(matter.matter.effects).sort()).toEqual(['archive', 'bulletin']);
  expect(outputOf(events, 'verify')?.verified).toBe('属实');
  if (outputOf(events, 'establish')?.level === '重大') expect(outputOf(events, 'verify')?.onSite).toBe(true);
  expect(outputOf(events, 'leader-review')?.decision).toBe('同意办结');
  expect(actorOf(events, 'leader-review')).toBe(leader);
  expect(actorOf(events, 'verify')).not.toBe(matter.matter.applicant.id);
  for (const key of ['establishedAt', 'verifiedAt', 'reportedAt', 'bulletinAt', 'archivedAt', 'closedAt']) {
    expect(matter.registerRow[key], key).toMatch(/Z$/);
  }
}

const forms = fc.record({
  person: fc.constantFrom(recorder, supervisor),
  base: fc.constantFrom(written, written, spoken),
  assist: fc.constantFrom([], ['u-it'], ['u-it', 'u-students']),
});

describe('whatever people do', () => {
  test('a follow-up is completed with establishment, check, leader, bulletin and archive, or withdrawn before all of them', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(forms, fc.array(fc.nat(), { maxLength: 40, size: 'max' }), ({ person, base, assist }, choices) => {
        const matter = walk(person, { ...base, assist }, choices);
        const outcome = matter.outcome ?? 'open';
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        expect(['completed', 'withdrawn']).toContain(outcome);
        if (outcome === 'completed') expectGatesKept(matter);
        else expect(lastIndex(matter.events, 'establish')).toBe(-1);
        expect(matter.tasks).toEqual([]);
      }),
      { numRuns: 100 },
    );
    // Else the walks would prove nothing.
    expect(outcomes.get('completed')).toBeGreaterThan(30);
  });
});

/** Where a task may send its matter back to. */
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { APPLICANT_STEP, type Matter, type StepKey, type Task, type Visit } from './state.ts';
import { comparePositions, follows, placeOf, plainKey, positionOf } from './tree.ts';

/** A place that a return may go to. */
export interface ReturnTarget {
  key: StepKey;
  name: string;
}

function reachable(definition: ProcessDefinition, visit: Visit, from: readonly number[]): boolean {
  return (
    visit.step !== APPLICANT_STEP &&
    visit.backTo === null &&
    visit.status === 'closed' &&
    !visit.superseded &&
    visit.outcome !== 'canceled' &&
    follows(from, positionOf(definition, visit.key))
  );
}

/** Every place that a task may return its matter to: the applicant first, then earlier steps in their order. */
export function returnTargets(definition: ProcessDefinition, matter: Matter, task: Task): ReturnTarget[] {
  if (task.step === APPLICANT_STEP) return [];
  const { step } = placeOf(definition, task.step);
  if (step.kind !== 'approve' && step.kind !== 'handle') return [];
  const rule = step.returnTo ?? 'any';
  if (rule === 'none') return [];
  const allows = (id: string): boolean => (rule === 'applicant' ? id === APPLICANT_STEP : rule === 'any' || rule.includes(id));
  const from = positionOf(definition, plainKey(task.visit));
  const earlier = Object.values(matter.visits)
    .filter((visit) => allows(visit.step) && reachable(definition, visit, from))
    .map((visit) => ({ key: visit.key, name: visit.name }))
    .sort((a, b) => comparePositions(positionOf(definition, a.key), positionOf(definition, b.key)));
  return allows(APPLICANT_STEP) ? [{ key: APPLICANT_STEP, name: '申请人' }, ...earlier] : earlier;
}

/** The key that `applicant`, `previous`, a step id or a step key means for a task, or null where it may not go. */
export function findTarget(definition: ProcessDefinition, matter: Matter, task: Task, to: string): StepKey | null {
  const targets = returnTargets(definition, matter, task);
  if (to === 'previous') {
    const last = targets.at(-1);
    return last === undefined ? null : last.key;
  }
  const exact = targets.find((target) => target.key === to);
  if (exact !== undefined) return exact.key;
  // A bare step id inside the same items of the same loops.
  const scoped = targets.filter((target) => target.key.split('@')[0] === to);
  return scoped.length === 1 && scoped[0] !== undefined ? scoped[0].key : null;
}

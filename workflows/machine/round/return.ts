/** Where a task may send its matter back to. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type StepKey, type Task, type Visit } from '../state.ts';
import { comparePositions, follows, placeOf, plainKey, positionOf } from '../tree.ts';
import { itemOf } from './items.ts';

/** A place that a return may go to. */
export interface ReturnTarget {
  key: StepKey;
  name: string;
  /** The unit or person that it is for, inside a forEach. */
  item: { id: string } | null;
}

const APPLICANT: ReturnTarget = { key: APPLICANT_STEP, name: '申请人', item: null };

/** Whether a visit is one to which a matter can be sent back: a step of the definition that was gone through and still counts. */
export function wasGoneThrough(visit: Visit): boolean {
  return (
    visit.step !== APPLICANT_STEP &&
    !isSideStep(visit.step) &&
    visit.backTo === null &&
    visit.status === 'closed' &&
    !visit.superseded &&
    visit.outcome !== 'canceled'
  );
}

/** Visits, or other places, as targets, in flow order. */
export function asTargets(
  definition: ProcessDefinition,
  matter: Matter,
  places: readonly Pick<Visit, 'key' | 'name'>[],
): ReturnTarget[] {
  return places
    .map(({ key, name }) => ({ key, name, item: itemOf(definition, matter, key) }))
    .sort((a, b) => comparePositions(positionOf(definition, a.key), positionOf(definition, b.key)));
}

/**
 * Every place that a task may return its matter to: the applicant first, then earlier steps in their order. Added signers and
 * delegates send nothing back: they tell who asked them.
 */
export function returnTargets(definition: ProcessDefinition, matter: Matter, task: Task): ReturnTarget[] {
  if (task.step === APPLICANT_STEP || isSideStep(task.step) || task.addedBy !== null) return [];
  const { step } = placeOf(definition, task.step);
  if (step.kind !== 'approve' && step.kind !== 'handle') return [];
  const rule = step.returnTo ?? 'any';
  if (rule === 'none') return [];
  const allows = (id: string): boolean => (rule === 'applicant' ? id === APPLICANT_STEP : rule === 'any' || rule.includes(id));
  const from = positionOf(definition, plainKey(task.visit));
  const visits = Object.values(matter.visits).filter(
    (visit) => allows(visit.step) && wasGoneThrough(visit) && follows(from, positionOf(definition, visit.key)),
  );
  const earlier = asTargets(definition, matter, visits);
  return allows(APPLICANT_STEP) && mayStillAskApplicant(definition, matter) ? [APPLICANT, ...earlier] : earlier;
}

/** 补正 is asked for as often as the definition says, all faults at once (domain D9). */
function mayStillAskApplicant(definition: ProcessDefinition, matter: Matter): boolean {
  return definition.correctionsMax === undefined || matter.counts.corrections < definition.correctionsMax;
}

/** The targets that `applicant`, `previous`, a step id or a step key may mean: one is exact, several leave it open, none forbids it. */
export function meantBy(definition: ProcessDefinition, targets: readonly ReturnTarget[], to: string): ReturnTarget[] {
  if (to === 'previous') return justBefore(definition, targets);
  const exact = targets.filter((target) => target.key === to);
  // A bare step id inside the same items of the same loops.
  return exact.length > 0 ? exact : targets.filter((target) => target.key.split('@')[0] === to);
}

/** The steps after which nothing else was gone through: one in a row, several where branches were joined; else the applicant. */
function justBefore(definition: ProcessDefinition, targets: readonly ReturnTarget[]): ReturnTarget[] {
  const earlier = targets
    .filter((target) => target.key !== APPLICANT_STEP)
    .map((target) => ({ target, at: positionOf(definition, target.key) }));
  const last = earlier.filter((one) => !earlier.some((other) => follows(other.at, one.at)));
  return last.length > 0 ? last.map((one) => one.target) : targets.slice(0, 1);
}

/** The key that `applicant`, `previous`, a step id or a step key means for a task, or null where it may not go or is not exact. */
export function findTarget(definition: ProcessDefinition, matter: Matter, task: Task, to: string): StepKey | null {
  const meant = meantBy(definition, returnTargets(definition, matter, task), to);
  return meant.length === 1 ? (meant[0]?.key ?? null) : null;
}

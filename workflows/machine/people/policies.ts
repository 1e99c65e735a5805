/** What a step says about whom it may be given to, beside its rules: separation of duties, capabilities, the applicant's own matter. */
import type { SelfApprovalPolicy } from '../../../definitions/language/assignees.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { PeopleStep } from '../../../definitions/language/steps.ts';
import { contextAt } from '../context.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type StepKey } from '../state.ts';
import { follows, parseKey, placeOf, plainKey, positionOf } from '../tree.ts';

/** A step of the definition at which people act, with what its functions may look at. */
export interface StepInPlace {
  step: PeopleStep;
  context: Context;
}

/** The step of a visit with its context; null for the applicant's correction and for side steps, which stand in no definition. */
export function stepOfVisit(definition: ProcessDefinition, matter: Matter, visit: StepKey): StepInPlace | null {
  const { step: id, scope } = parseKey(visit);
  if (id === APPLICANT_STEP || isSideStep(id)) return null;
  const { step, loops } = placeOf(definition, id);
  if (step.kind !== 'approve' && step.kind !== 'handle' && step.kind !== 'read') return null;
  return { step, context: contextAt(definition, matter, loops, scope) };
}

/** What a step does with an applicant who would decide on their own matter: an approval goes to the superior unless it says otherwise. */
export function selfApprovalOf(step: PeopleStep): SelfApprovalPolicy {
  return step.selfApproval ?? (step.kind === 'approve' ? 'superior' : 'allow');
}

/** Tells who is barred from a step by separation of duties 职责分离 or for want of a capability; made once for many people. */
export function barredFrom({ step, context }: StepInPlace, directory: Directory): (person: string) => boolean {
  const excluded = new Set(step.excluded?.(context) ?? []);
  const capability = step.capability?.(context) ?? null;
  return (person) =>
    excluded.has(person) || (capability !== null && directory.people[person]?.capabilities?.includes(capability) !== true);
}

/**
 * Why somebody may not be given a task of a visit, by whatever way: transfer, delegation, added signers, reassignment, cover.
 * @returns a sentence in Chinese, or null when they may.
 */
export function whyUnfit(
  definition: ProcessDefinition,
  matter: Matter,
  visit: StepKey,
  person: string,
  directory: Directory,
): string | null {
  const found = directory.people[person];
  if (found === undefined) return `${person}不在学校人员名录中`;
  if (!found.active) return `${found.name}已离职`;
  const place = stepOfVisit(definition, matter, visit);
  if (place === null) return null;
  if (person === matter.applicant.id && selfApprovalOf(place.step) !== 'allow') return `${found.name}是申请人,不能办理自己的事项`;
  return barredFrom(place, directory)(person) ? `按职责分离或资格要求,${found.name}不能办理本环节` : null;
}

/** Where a step is about to be opened: what went before it in its matter. */
export interface PlaceOfVisit {
  definition: ProcessDefinition;
  matter: Matter;
  key: StepKey;
  /** What a random choice is drawn from: the matter's id and the command's. */
  seed: string;
}

/** Who decided in the step's last round, for themselves or by a cover; those whom its holders added do not count. */
export function actedBefore({ matter, key }: Pick<PlaceOfVisit, 'matter' | 'key'>): Set<string> {
  const visits = [matter.visits[key], matter.visits[plainKey(key)]];
  const own = visits.flatMap((visit) => visit?.decisions ?? []).filter((decision) => decision.added !== true);
  return new Set(own.map((decision) => decision.coverFor ?? decision.person));
}

/**
 * Who agreed, in person, at the step just before a place: the nearest in the flow at which people acted, several where branches
 * were joined. A step that was passed over is as if it were not there.
 */
export function agreedJustBefore({ definition, matter, key }: Pick<PlaceOfVisit, 'definition' | 'matter' | 'key'>): Set<string> {
  const here = positionOf(definition, plainKey(key));
  const before = Object.values(matter.visits)
    .filter((visit) => visit.step !== APPLICANT_STEP && !isSideStep(visit.step) && visit.backTo === null && !visit.superseded)
    .map((visit) => ({ visit, at: positionOf(definition, visit.key) }))
    .filter(({ at }) => follows(here, at));
  const nearest = before.filter((one) => !before.some((other) => follows(other.at, one.at)));
  const agreed = nearest
    .flatMap(({ visit }) => visit.decisions)
    .filter((decision) => decision.action === 'agree' && decision.added !== true);
  return new Set(agreed.map((decision) => decision.person));
}

/**
 * A re-organisation: another head, merged units, somebody gone. The rules of every open step are resolved anew; a seat whose people
 * they no longer name goes to those whom they name now. Due dates stay, and so does whatever was decided.
 */
import type { PeopleStep } from '../../../definitions/language/steps.ts';
import { giveTurns } from '../round/round.ts';
import { seatsOf } from '../round/seats.ts';
import type { Assignee, Seat, StepKey, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { type StepInPlace, stepOfVisit } from './policies.ts';
import { superiorsOf } from './posts.ts';
import { eligibleFor, resolveStep } from './resolve.ts';

/** Resolves the rules of all open steps anew. Side steps, corrections and added signers were asked by name and stay. */
export function refreshPeople(t: Transition, reason: string): void {
  for (const key of Object.keys(t.matter.visits)) {
    const visit = t.matter.visits[key];
    const place = visit?.status === 'open' ? stepOfVisit(t.definition, t.matter, key) : null;
    if (visit !== undefined && place !== null) refreshVisit(t, visit, asOpened(place), reason);
  }
}

/**
 * The step without what only counts when it is opened: it is open, so it is neither passed over nor spared anybody, and where the
 * applicant has come to be its only decider their superior takes over.
 */
function asOpened({ step, context }: StepInPlace): StepInPlace {
  const { passes: _passes, whenRepeated: _whenRepeated, ...rest } = step;
  // Leaving out two optional properties leaves a step of the same kind.
  const open = rest as PeopleStep;
  return { context, step: step.selfApproval === 'skip' ? { ...open, selfApproval: 'superior' } : open };
}

function refreshVisit(t: Transition, visit: Visit, { step, context }: StepInPlace, reason: string): void {
  const eligible = new Set(eligibleFor(step, context, t.world));
  const own = seatsOf(visit, 0);
  const outdated = own.filter((seat) => seat.verdict === null && !stays(t, seat, eligible));
  if (outdated.length === 0) return;
  const seed = `${t.matterId}:${t.command.id}`;
  const resolution = resolveStep(step, context, t.world, { definition: t.definition, matter: t.matter, key: visit.key, seed });
  const found = resolution.kind === 'people' ? resolution.assignees : [];
  const taken = new Set(own.filter((seat) => !outdated.includes(seat)).flatMap((seat) => seat.assignees.map((one) => one.id)));
  const fresh = found.filter((one) => !taken.has(one.id));
  const changes = visit.mode === 'any' ? outdated.map((seat) => ({ seat, to: found })) : paired(t, outdated, fresh, taken);
  for (const { seat, to } of changes) if (to.length > 0 && !same(seat.assignees, to)) reassign(t, visit.key, seat, to, reason);
  giveTurns(t, visit.key);
}

/** Whether a seat's people keep it: they are still named, or claimed it, or were given it by name and have not left. */
function stays(t: Transition, seat: Seat, eligible: ReadonlySet<string>): boolean {
  const active = (person: string): boolean => t.world.directory.people[person]?.active === true;
  const claimer = seat.task === null ? null : (t.matter.tasks[seat.task]?.claimedBy ?? null);
  if (claimer !== null) return active(claimer);
  if (seat.byHand === true) return seat.assignees.some((one) => active(one.id));
  return seat.assignees.every((one) => eligible.has(one.id));
}

/**
 * One new person for each seat that lost its own: whoever holds the same post now, else the next. Where there are fewer new people
 * than seats, as when two units are merged, somebody active keeps theirs and that of somebody gone goes to their superior.
 */
function paired(
  t: Transition,
  seats: readonly Seat[],
  fresh: readonly Assignee[],
  taken: Set<string>,
): { seat: Seat; to: Assignee[] }[] {
  const left = [...fresh];
  const take = (fits: (one: Assignee) => boolean): Assignee | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const byPost = seats.map((seat) => {
    const post = seat.assignees[0]?.post;
    return { seat, to: post === undefined ? undefined : take((one) => one.post === post) };
  });
  return byPost.map(({ seat, to }) => {
    const next = to ?? take(() => true) ?? above(t, seat, taken);
    if (next === undefined) return { seat, to: [] };
    taken.add(next.id);
    return { seat, to: [next] };
  });
}

function above(t: Transition, seat: Seat, taken: ReadonlySet<string>): Assignee | undefined {
  const holder = seat.assignees[0];
  if (holder === undefined || t.world.directory.people[holder.id]?.active === true) return undefined;
  const superiors = superiorsOf(holder.id, t.world, '原办理人已离岗,由其上级办理');
  return superiors.find((one) => !taken.has(one.id) && one.id !== t.matter.applicant.id);
}

function same(before: readonly Assignee[], after: readonly Assignee[]): boolean {
  return before.length === after.length && before.every((one) => after.some((other) => other.id === one.id));
}

function reassign(t: Transition, visit: StepKey, seat: Seat, to: Assignee[], reason: string): void {
  const { name, round } = t.matter.visits[visit] ?? { name: '', round: 0 };
  t.emit('SeatReassigned', {
    visit,
    stepName: name,
    round,
    seat: seat.id,
    task: seat.task,
    from: seat.assignees,
    to,
    how: 're-organisation',
    person: null,
    name: null,
    coverForName: null,
    reason,
  });
}

/** Who was added below a seat, who acted there, and who comes after whom in a round. */

import type { Seat, SignerGroup, Task, Visit } from '../state.ts';
import { groupOf, groupsOf, seatOfTask, seatsOf } from './seats.ts';

/** Every seat below a seat: its added signers, and theirs in turn. */
export function seatsBelow(visit: Visit, seat: Seat): Seat[] {
  return groupsOf(visit, seat.id).flatMap((group) => seatsOf(visit, group.id).flatMap((one) => [one, ...seatsBelow(visit, one)]));
}

/** Whether anybody has acted in a seat, or below it. */
export function hasActed(visit: Visit, seat: Seat): boolean {
  return [seat, ...seatsBelow(visit, seat)].some((one) => one.status === 'done');
}

/** The seats that a seat's holder added and may take off again 减签: those where nobody has acted. */
export function removable(visit: Visit, seat: Seat): Seat[] {
  return groupsOf(visit, seat.id)
    .flatMap((group) => seatsOf(visit, group.id))
    .filter((one) => !hasActed(visit, one));
}

/** The seats whose turn comes only when a seat has been decided: who acts in one of them acts after it. */
export function seatsAfter(visit: Visit, seat: Seat): Seat[] {
  const below = groupsOf(visit, seat.id)
    .filter((group) => group.position === 'after')
    .flatMap((group) => withBelow(visit, seatsOf(visit, group.id)));
  const group = groupOf(visit, seat);
  return [...below, ...laterInGroup(visit, seat, group), ...(group === null ? [] : afterGroup(visit, group))];
}

/** Seats after those of a group: the holder's own where the group comes before it, and whatever follows the holder. */
function afterGroup(visit: Visit, group: SignerGroup): Seat[] {
  const holder = visit.seats.find((one) => one.id === group.seat);
  if (holder === undefined) return [];
  const before = group.position === 'before' || group.position === 'delegate';
  if (before) return [holder, ...seatsAfter(visit, holder)];
  const around = groupOf(visit, holder);
  return [...laterInGroup(visit, holder, around), ...(around === null ? [] : afterGroup(visit, around))];
}

function laterInGroup(visit: Visit, seat: Seat, group: SignerGroup | null): Seat[] {
  const mode = group === null ? visit.mode : group.mode;
  if (mode !== 'order') return [];
  const seats = seatsOf(visit, group?.id ?? 0);
  return withBelow(visit, seats.slice(seats.findIndex((one) => one.id === seat.id) + 1));
}

function withBelow(visit: Visit, seats: readonly Seat[]): Seat[] {
  return seats.flatMap((one) => [one, ...seatsBelow(visit, one)]);
}

/** Somebody whose turn in a round is still to come, and who added them; null for the step's own. */
export interface Comer {
  id: string;
  name: string;
  addedBy: string | null;
}

/** Who comes next in the round when a task has been done, in their order: those later in turn, and signers added after it. */
export function comersAfter(visit: Visit, task: Task): Comer[] {
  const seats = seatsAfter(visit, seatOfTask(visit, task.id)).filter((seat) => seat.status === 'waiting' && seat.task === null);
  return [...new Set(seats)].flatMap((seat) => {
    const addedBy = groupOf(visit, seat)?.byName ?? null;
    return seat.assignees.map(({ id, name }) => ({ id, name, addedBy }));
  });
}

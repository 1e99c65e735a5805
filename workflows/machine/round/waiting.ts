/** Why an action on a task is not offered: for a task that waits, for whom, and what its holder can do about it. */
import type { Matter, SignerGroup, Task, Visit } from '../state.ts';
import { groupsOf, seatsOf, standingOfGroup, standingOfSeat } from './seats.ts';
import { removable } from './signers.ts';

/** Says in Chinese why a task does not offer an action. */
export function whyNotOffered(matter: Matter, task: Task): string {
  const visit = matter.visits[task.visit];
  const seat = visit?.seats.find((one) => one.id === task.seat);
  if (!task.waiting || visit === undefined || seat === undefined) return `环节“${task.name}”不支持此操作`;
  const open = groupsOf(visit, seat.id).filter((group) => standingOfGroup(visit, group) === 'open');
  const signers = namesIn(
    visit,
    open.filter((group) => group.position === 'before'),
  );
  const delegates = namesIn(
    visit,
    open.filter((group) => group.position === 'delegate'),
  );
  const whom = [
    ...(signers === '' ? [] : [`加签的${signers}办理`]),
    ...(delegates === '' ? [] : [`受委派的${delegates}答复`]),
  ].join('、');
  const cure = removable(visit, seat).length === 0 ? '' : `;不再等待的,可${cureOf(signers, delegates)}`;
  return `环节“${task.name}”正等待${whom},其后您再办理${cure}`;
}

/** A delegation is called back by the same action that takes signers off. */
function cureOf(signers: string, delegates: string): string {
  if (delegates === '') return '减签';
  return signers === '' ? '收回委派(减签)' : '减签或收回委派';
}

function namesIn(visit: Visit, groups: readonly SignerGroup[]): string {
  const seats = groups.flatMap((group) => seatsOf(visit, group.id)).filter((seat) => standingOfSeat(visit, seat) === 'open');
  return [...new Set(seats.flatMap((seat) => seat.assignees.map((one) => one.name)))].join('、');
}

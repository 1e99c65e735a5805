/**
 * Who has their turn in a round of a step, and how the round stands. A round is a tree: the step's own seats, and below each seat
 * the groups of signers that its holder added. Everything is read off the tree anew after each act, so no order of acts, additions,
 * removals and take-backs can lose a task or count a vote twice.
 */
import type { Vote } from '../../../definitions/language/steps.ts';
import type { Seat, SignerGroup, Visit } from '../state.ts';
import type { SignerMode } from '../words.ts';

/** How a round, a group or a seat stands: decided for or against going on, or open. */
export type Standing = 'open' | 'for' | 'against';

/** What a seat has to do now: act, hold its task until those before it have acted, or nothing yet (or no more). */
export type Turn = 'act' | 'hold' | 'none';

/** The live seats of a group; group 0 is the step's own. */
export function seatsOf(visit: Visit, group: number): Seat[] {
  return visit.seats.filter((seat) => seat.group === group && seat.status !== 'removed');
}

/** The groups that a seat's holders added. */
export function groupsOf(visit: Visit, seat: number): SignerGroup[] {
  return visit.groups.filter((group) => group.seat === seat && seatsOf(visit, group.id).length > 0);
}

/** The group that a seat belongs to, or null for the step's own. */
export function groupOf(visit: Visit, seat: Seat): SignerGroup | null {
  return visit.groups.find((group) => group.id === seat.group) ?? null;
}

/** The seat that a task stands for. Throws for a task of another visit. */
export function seatOfTask(visit: Visit, task: string): Seat {
  const seat = visit.seats.find((one) => one.task === task);
  if (seat === undefined) throw new Error(`Task ${task} has no seat in step ${visit.key}`);
  return seat;
}

/** How many votes a vote among so many seats needs, at least one and never more than there are. */
export function votesNeeded(vote: Vote, seats: number): number {
  // A share like 2/3 is written as a fraction that binary numbers only come near to; a hair below must not cost a vote.
  const wanted = 'share' in vote ? Math.ceil(vote.share * seats - 1e-9) : vote.count;
  return Math.max(1, Math.min(seats, wanted));
}

/** How the round as a whole stands. */
export function standingOf(visit: Visit): Standing {
  const standings = seatsOf(visit, 0).map((seat) => standingOfSeat(visit, seat));
  if (typeof visit.mode === 'string') return together(standings);
  const against = standings.filter((one) => one === 'against').length;
  if (visit.mode.veto === true && against > 0) return 'against';
  const needed = votesNeeded(visit.mode, standings.length);
  if (standings.filter((one) => one === 'for').length >= needed) return 'for';
  return against > standings.length - needed ? 'against' : 'open';
}

function together(standings: readonly Standing[]): Standing {
  if (standings.includes('against')) return 'against';
  return standings.includes('open') ? 'open' : 'for';
}

/** How an added group stands. */
export function standingOfGroup(visit: Visit, group: SignerGroup): Standing {
  return together(seatsOf(visit, group.id).map((seat) => standingOfSeat(visit, seat)));
}

/** How one seat stands, with those whom its holder added. */
export function standingOfSeat(visit: Visit, seat: Seat): Standing {
  const added = groupsOf(visit, seat.id)
    .filter((group) => group.position !== 'delegate')
    .map((group) => standingOfGroup(visit, group));
  if (seat.verdict === 'against' || added.includes('against')) return 'against';
  return seat.verdict === null ? 'open' : together(added);
}

/** Whose turn it is, by seat id; seats that are not named have nothing to do. */
export function turnsOf(visit: Visit): Map<number, Turn> {
  const turns = new Map<number, Turn>();
  if (standingOf(visit) === 'open') walkGroup(visit, 0, orderOf(visit), turns);
  return turns;
}

function orderOf(visit: Visit): SignerMode {
  return typeof visit.mode === 'string' ? visit.mode : 'all';
}

function walkGroup(visit: Visit, group: number, mode: SignerMode, turns: Map<number, Turn>): void {
  const waiting = seatsOf(visit, group).filter((seat) => standingOfSeat(visit, seat) === 'open');
  for (const seat of mode === 'order' ? waiting.slice(0, 1) : waiting) walkSeat(visit, seat, turns);
}

function walkSeat(visit: Visit, seat: Seat, turns: Map<number, Turn>): void {
  const open = groupsOf(visit, seat.id).filter((group) => standingOfGroup(visit, group) === 'open');
  const first = open.filter((group) => group.position === 'before' || group.position === 'delegate');
  if (seat.verdict === null) turns.set(seat.id, first.length > 0 ? 'hold' : 'act');
  const now = open.filter((group) => group.position !== 'after' || seat.verdict === 'for');
  for (const group of now) walkGroup(visit, group.id, group.mode, turns);
}

/** What a refused booking says: what is taken until when, and what is free instead. */
import { type Booking, bookingsDuring } from '../db/bookings.ts';
import type { Database } from '../db/client.ts';
import type { OuterWorld } from '../db/world.ts';
import { schoolTime } from '../definitions/language/calendar.ts';
import type { Effect } from '../definitions/language/effect.ts';

/** The booking that an effect asks for. */
export type Reservation = Extract<Effect, { kind: 'reserve' }>;

/** At most this many free ones are named. */
const NAMED_MAX = 8;

/** The definition's refusal with what is taken until when, and what of its kind is free in that time. Pure. */
export function takenText(
  { refusal, bookings }: Reservation,
  busy: readonly Booking[],
  { directory, calendar }: Pick<OuterWorld, 'directory' | 'calendar'>,
): string {
  const overlapping = (resource: string, { from, to }: { from: string; to: string }): Booking[] =>
    busy.filter((one) => one.resource === resource && one.from < to && from < one.to);
  const parts = bookings.flatMap((wanted) => {
    const until = overlapping(wanted.resource, wanted)
      .map((one) => one.to)
      .sort()
      .at(-1);
    if (until === undefined) return [];
    const name = directory.resources[wanted.resource]?.name ?? wanted.resource;
    const free = Object.values(directory.resources)
      .filter((one) => one.kind === wanted.resourceKind && one.active && overlapping(one.id, wanted).length === 0)
      .map((one) => one.name);
    const named = free.length === 0 ? '无' : free.slice(0, NAMED_MAX).join('、');
    return [`${name}已约至${schoolTime(calendar, until)},该时段可用:${named}`];
  });
  return [refusal, ...parts].join(';');
}

/** The same, with the bookings read now: whoever was quicker has committed. */
export async function takenNow(db: Database, reservation: Reservation, outer: OuterWorld): Promise<string> {
  const from = reservation.bookings.map((one) => one.from).sort()[0];
  const to = reservation.bookings
    .map((one) => one.to)
    .sort()
    .at(-1);
  if (from === undefined || to === undefined) return reservation.refusal;
  return takenText(reservation, await bookingsDuring(db, from, to), outer);
}

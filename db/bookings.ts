/** Reading bookings of scarce things. */
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';

/** One booking; instants in UTC, `to` exclusive. */
export interface Booking {
  resource: string;
  from: string;
  to: string;
}

// A row type of a query must allow any key.
type BookingRow = { resource: string; from: string | Date; to: string | Date };

/** More bookings ahead than this are not looked at: examples only need a free one among the next. */
const BOOKINGS_LIMIT = 5_000;

/** Bookings that end after an instant, earliest first. */
export async function bookingsFrom(db: Database, from: string): Promise<Booking[]> {
  const rows = await db.execute<BookingRow>(
    sql`select resource, lower(during) as "from", upper(during) as "to" from bookings
      where not isempty(during) and upper(during) > ${from}::timestamptz order by lower(during) limit ${BOOKINGS_LIMIT}`,
  );
  return rows.map(bookingOf);
}

/** Bookings that overlap a stretch of time, earliest first. */
export async function bookingsDuring(db: Database, from: string, to: string): Promise<Booking[]> {
  const rows = await db.execute<BookingRow>(
    sql`select resource, lower(during) as "from", upper(during) as "to" from bookings
      where during && tstzrange(${from}::timestamptz, ${to}::timestamptz) order by lower(during) limit ${BOOKINGS_LIMIT}`,
  );
  return rows.map(bookingOf);
}

function bookingOf(row: BookingRow): Booking {
  return { resource: row.resource, from: new Date(row.from).toISOString(), to: new Date(row.to).toISOString() };
}

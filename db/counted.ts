/** Counting what may be very many: exactly up to a bound, beyond which only that there are more is told. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';

/** Counted exactly up to this many; to count on would take longer the more there are, and nobody reads such a number. */
export const COUNTED_MAX = 10_000;

/** How many there are; with `more` at least so many. */
export interface Counted {
  count: number;
  more: boolean;
}

/** How many rows a query gives. */
export async function countUpTo(db: Database, query: SQL): Promise<Counted> {
  const rows = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from (select 1 from (${query}) as found limit ${COUNTED_MAX + 1}) as counted`,
  );
  const count = rows[0]?.count ?? 0;
  return { count: Math.min(count, COUNTED_MAX), more: count > COUNTED_MAX };
}

/** Takes away what has served: old notices and deliveries, hints of changes, tickets that nobody used. */
import { sql } from 'drizzle-orm';
import { CHANGES_KEPT_MS } from '../../db/notices.ts';
import type { OfficeMeans } from '../office-day.ts';

const DAY_MS = 86_400_000;
/** Rows of one table taken away at once. */
const SWEEP_MAX = 5_000;
/** How long notices are kept where no configuration says it. */
const KEEP_DAYS = 180;

/** Takes a piece away. @returns whether there may be more at once. */
export async function sweepNotices({ db, delivery }: OfficeMeans, now: string): Promise<boolean> {
  const before = new Date(Date.parse(now) - (delivery?.keepDays ?? KEEP_DAYS) * DAY_MS).toISOString();
  // The oldest have the smallest ids. A notice goes after its deliveries: none of them is left with nothing to tell.
  const sweeps = [
    sql`delete from deliveries where id in (
      select id from deliveries order by id limit ${SWEEP_MAX}) and status <> 'waiting' and next_attempt_at < ${before}::timestamptz`,
    sql`delete from outbox o where o.id in (select id from outbox order by id limit ${SWEEP_MAX})
      and o.delivered_at < ${before}::timestamptz
      and not exists (select 1 from deliveries d where d.notice_id = o.id and d.status = 'waiting')`,
    sql`delete from digests where (person_id, day) in (
      select person_id, day from digests g where delivered_at < ${before}::timestamptz and not exists (
        select 1 from deliveries d where d.person_id = g.person_id and d.digest_day = g.day and d.status = 'waiting')
      limit ${SWEEP_MAX})`,
    // Written by the database's own clock.
    sql`delete from matter_changes where at < now() - ${CHANGES_KEPT_MS} * interval '1 millisecond'`,
    sql`delete from stream_tickets where expires_at < ${now}::timestamptz`,
  ];
  let more = false;
  for (const sweep of sweeps) more = (await db.execute(sweep)).count === SWEEP_MAX || more;
  return more;
}

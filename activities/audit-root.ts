/** The duty of the audit: the root over everything that has happened so far. */
import { makeRoot } from '../db/audit.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import type { Duty } from './office-day.ts';

/**
 * Makes the day's root and says it to the log and, as the answer, to Temporal's history: there it stands outside the database, for
 * `npm run audit:verify -- --root`. A day that has its root gets no other.
 */
export const auditRoot: Duty = async ({ db, cache, log }, now) => {
  const { calendar } = await cache.now(db);
  const { root, made } = await makeRoot(db, schoolDate(calendar, now), now);
  const { number, day, heads, root: hash } = root;
  log.info({ number, day, heads, root: hash, made }, 'audit root');
  return `root ${number} of ${day} over ${heads} heads: ${hash}`;
};

/** What people did with tasks that are over, from the record. */
import { and, asc, inArray, sql } from 'drizzle-orm';
import type { Action } from '../workflows/machine/words.ts';
import type { Database } from './client.ts';
import { eventOf } from './events.ts';
import { events, type tasks } from './schema/index.ts';

/** What somebody did with a task. */
export interface OwnAct {
  action: Action;
  opinion: string | null;
  actedAt: string;
  /** Name of the absent person for whom it was done. */
  coverFor: string | null;
}

/** The last act on each of these tasks, by the task's id; none for those that ended without one. */
export async function actsOn(
  db: Database,
  over: readonly Pick<typeof tasks.$inferSelect, 'id' | 'matterId'>[],
): Promise<ReadonlyMap<string, OwnAct>> {
  if (over.length === 0) return new Map();
  const rows = await db
    .select()
    .from(events)
    .where(
      and(
        inArray(events.matterId, [...new Set(over.map((one) => one.matterId))]),
        inArray(events.type, ['TaskActed', 'SeatReassigned']),
        inArray(
          sql`${events.facts}->>'task'`,
          over.map((one) => one.id),
        ),
      ),
    )
    .orderBy(asc(events.sequence));
  const acts = new Map<string, OwnAct>();
  for (const row of rows) {
    const event = eventOf(row);
    if (event.type === 'TaskActed') {
      const { action, opinion, at, coverFor, coverForName } = event.facts.decision;
      // Decisions carry the action as text since older events may hold words that newer code no longer offers.
      acts.set(event.facts.task, { action: action as Action, opinion, actedAt: at, coverFor: coverForName ?? coverFor });
    } else if (event.type === 'SeatReassigned' && event.facts.how === 'transfer' && event.facts.task !== null) {
      const { task, reason, coverForName } = event.facts;
      acts.set(task, { action: 'transfer', opinion: reason === '' ? null : reason, actedAt: event.at, coverFor: coverForName });
    }
  }
  return acts;
}

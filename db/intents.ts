/** Commands that were committed, and those that were taken on and wait. */
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Refusal } from '../workflows/machine/refusals.ts';
import type { Database } from './client.ts';
import { prepared } from './prepared.ts';
import { commands, intents } from './schema/index.ts';

const committedById = prepared((db) =>
  db
    .select()
    .from(commands)
    .where(eq(commands.id, sql.placeholder('id')))
    .prepare('command_by_id'),
);
const takenOnById = prepared((db) =>
  db
    .select()
    .from(intents)
    .where(eq(intents.id, sql.placeholder('id')))
    .prepare('intent_by_id'),
);

/** A committed command by its id, or null. */
export async function commandById(db: Database, id: string): Promise<typeof commands.$inferSelect | null> {
  return (await committedById(db).execute({ id }))[0] ?? null;
}

/** An intent: what was taken on. */
export interface Intent {
  id: string;
  personId: string;
  matterId: string;
  bodyHash: string;
  payload: JsonObject;
  createdAt: string;
  refusal: Refusal | null;
  settledAt: string | null;
}

function intentOf(row: typeof intents.$inferSelect): Intent {
  // The column holds what settleIntent wrote.
  return { ...row, refusal: row.refusal as unknown as Refusal | null };
}

/** An intent by its id, or null. */
export async function intentById(db: Database, id: string): Promise<Intent | null> {
  const row = (await takenOnById(db).execute({ id }))[0];
  return row === undefined ? null : intentOf(row);
}

/** Takes a command on. The same id again changes nothing, unless a fault of ours refused it: then it is taken on anew. */
export async function saveIntent(
  db: Database,
  intent: Pick<Intent, 'id' | 'personId' | 'matterId' | 'bodyHash' | 'payload'>,
): Promise<void> {
  await db
    .insert(intents)
    .values({ ...intent, createdAt: new Date().toISOString() })
    .onConflictDoUpdate({
      target: intents.id,
      set: { payload: intent.payload, createdAt: new Date().toISOString(), settledAt: null, refusal: null },
      setWhere: sql`${intents.refusal}->>'code' = 'internal'`,
    });
}

/** Intents that nobody has settled, oldest first, after the one given. */
export async function openIntents(
  db: Database,
  limit: number,
  after: { createdAt: string; id: string } | null = null,
): Promise<Intent[]> {
  const beyond =
    after === null ? undefined : sql`(${intents.createdAt}, ${intents.id}) > (${after.createdAt}::timestamptz, ${after.id})`;
  const rows = await db
    .select()
    .from(intents)
    .where(and(isNull(intents.settledAt), beyond))
    .orderBy(asc(intents.createdAt), asc(intents.id))
    .limit(limit);
  return rows.map(intentOf);
}

/** Closes an intent: committed, or refused with why. What it would have carried out is not kept: the record holds what was done. */
export async function settleIntent(db: Database, id: string, refusal: Refusal | null): Promise<void> {
  await db
    .update(intents)
    .set({ settledAt: new Date().toISOString(), payload: {}, refusal: refusal as unknown as JsonObject | null })
    .where(and(eq(intents.id, id), isNull(intents.settledAt)));
}

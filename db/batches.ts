/** Commands to many matters at once, taken on together and carried out one by one by whoever sweeps the intents. */
import { eq, sql } from 'drizzle-orm';
import type { Refusal } from '../workflows/machine/refusals.ts';
import type { Database } from './client.ts';
import type { Intent } from './intents.ts';
import { intents, matters } from './schema/index.ts';

/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const ROWS_AT_ONCE = 1_000;

/** The id of a batch's command to one matter; it begins with the batch's. */
export function idInBatch(batch: string, matterId: string): string {
  return `${batch}.${matterId}`;
}

/** Takes all commands of a batch on, or none. The same ids again change nothing. */
export async function saveBatch(
  db: Database,
  batch: readonly Pick<Intent, 'id' | 'personId' | 'matterId' | 'bodyHash' | 'payload'>[],
  at: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    for (let from = 0; from < batch.length; from += ROWS_AT_ONCE) {
      const rows = batch.slice(from, from + ROWS_AT_ONCE).map((intent) => ({ ...intent, createdAt: at }));
      await tx.insert(intents).values(rows).onConflictDoNothing();
    }
  });
}

/** How far a batch has come. */
export interface BatchProgress {
  total: number;
  done: number;
  pending: number;
  /** Matters that refused the command, with why. */
  refused: { matter: string; refusal: Refusal }[];
  /** Hash of the request that the batch was made by, or null where nothing was to be done. */
  bodyHash: string | null;
}

/** How far a batch has come; all zero for one that is not known. */
export async function batchProgress(db: Database, batch: string): Promise<BatchProgress> {
  const rows = await db
    .select({
      no: matters.no,
      bodyHash: intents.bodyHash,
      settledAt: intents.settledAt,
      refusal: intents.refusal,
    })
    .from(intents)
    .leftJoin(matters, eq(matters.id, intents.matterId))
    .where(sql`starts_with(${intents.id}, ${`${batch}.`})`)
    .orderBy(intents.id);
  const refused = rows.flatMap((row) => {
    // Refusals are plain JSON and kept as such.
    const refusal = row.refusal as unknown as Refusal | null;
    return refusal === null ? [] : [{ matter: row.no ?? '', refusal }];
  });
  const pending = rows.filter((row) => row.settledAt === null).length;
  return {
    total: rows.length,
    pending,
    refused,
    done: rows.length - pending - refused.length,
    bodyHash: rows[0]?.bodyHash ?? null,
  };
}

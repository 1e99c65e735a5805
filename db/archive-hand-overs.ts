/** Hand-over lists 移交清单: what a unit gave of a year, and that the archive took it. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from './client.ts';
import { archiveHandOvers } from './schema/index.ts';

export type HandOverRow = typeof archiveHandOvers.$inferSelect;

/** The hand-overs of a unit and year, the latest first; at most fifty. */
export async function handOversOf(db: Database | Transaction, year: number, unit: string): Promise<HandOverRow[]> {
  return db
    .select()
    .from(archiveHandOvers)
    .where(and(eq(archiveHandOvers.year, year), eq(archiveHandOvers.unitId, unit)))
    .orderBy(desc(archiveHandOvers.givenAt), desc(archiveHandOvers.id))
    .limit(50);
}

/** A hand-over, or null. */
export async function handOverById(db: Database, id: string): Promise<HandOverRow | null> {
  const [row] = await db.select().from(archiveHandOvers).where(eq(archiveHandOvers.id, id));
  return row ?? null;
}

/** Lets only one hand-over of a unit and year be given at a time, until the transaction ends. */
export async function lockHandOvers(tx: Transaction, year: number, unit: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`hand-over:${year}:${unit}`}, 0))`);
}

/** Notes that a list was given. */
export async function giveHandOver(tx: Transaction, row: HandOverRow): Promise<void> {
  await tx.insert(archiveHandOvers).values(row);
}

/** Notes that a list was taken. @returns it, or null when somebody took it before. */
export async function takeHandOver(tx: Transaction, id: string, by: string, at: string): Promise<HandOverRow | null> {
  const [row] = await tx
    .update(archiveHandOvers)
    .set({ takenBy: by, takenAt: at })
    .where(and(eq(archiveHandOvers.id, id), isNull(archiveHandOvers.takenAt)))
    .returning();
  return row ?? null;
}

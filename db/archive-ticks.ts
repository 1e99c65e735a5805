/** Ticks and checks of archived files: that paper and electronic file are in their place, and whether they are right. */
import { and, desc, eq } from 'drizzle-orm';
import type { ArchiveForm } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';
import { archiveChecks, archiveTicks } from './schema/index.ts';

export type TickRow = typeof archiveTicks.$inferSelect;
export type CheckRow = typeof archiveChecks.$inferSelect;

/** The system's tick of the electronic file; one that is there already stays. */
export async function tickElectronic(tx: Transaction, matterId: string, at: string): Promise<void> {
  await tx
    .insert(archiveTicks)
    .values({ matterId, form: 'electronic', tickedBy: null, tickedAt: at, place: null })
    .onConflictDoNothing();
}

/** The ticks of a matter, locked against others who tick at the same time when `tx` writes next. */
export async function ticksOf(db: Database | Transaction, matterId: string): Promise<TickRow[]> {
  return db.select().from(archiveTicks).where(eq(archiveTicks.matterId, matterId)).orderBy(archiveTicks.form);
}

/** Writes a tick, or another place of the same file. @returns whether anything was changed. */
export async function putTick(tx: Transaction, tick: TickRow): Promise<boolean> {
  const [there] = await tx
    .select()
    .from(archiveTicks)
    .where(and(eq(archiveTicks.matterId, tick.matterId), eq(archiveTicks.form, tick.form)))
    .for('update');
  if (there !== undefined && (tick.place === null || tick.place === there.place)) return false;
  await tx
    .insert(archiveTicks)
    .values(tick)
    .onConflictDoUpdate({ target: [archiveTicks.matterId, archiveTicks.form], set: { place: tick.place } });
  return true;
}

/** Takes a tick away. @returns it, or null when there was none. */
export async function dropTick(tx: Transaction, matterId: string, form: ArchiveForm): Promise<TickRow | null> {
  const [gone] = await tx
    .delete(archiveTicks)
    .where(and(eq(archiveTicks.matterId, matterId), eq(archiveTicks.form, form)))
    .returning();
  return gone ?? null;
}

/** Notes a check. */
export async function addCheck(tx: Transaction, check: Omit<CheckRow, 'id'>): Promise<void> {
  await tx.insert(archiveChecks).values(check);
}

/** The checks of a matter, newest first; the latest hundred. */
export async function checksOf(db: Database, matterId: string): Promise<CheckRow[]> {
  return db.select().from(archiveChecks).where(eq(archiveChecks.matterId, matterId)).orderBy(desc(archiveChecks.id)).limit(100);
}

/** Signs of life of workers, since Temporal keeps listing a killed one for twenty seconds. */
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { workerHeartbeats } from './schema/index.ts';

/** A worker whose last sign of life is older counts as gone (design §6). */
const FRESH = sql`now() - interval '10 seconds'`;

/** Writes a sign of life. */
export async function beat(db: Database, worker: string, taskQueue: string): Promise<void> {
  await db
    .insert(workerHeartbeats)
    .values({ worker, taskQueue, at: sql`now()` })
    .onConflictDoUpdate({ target: workerHeartbeats.worker, set: { at: sql`now()` } });
}

/** Takes the sign of life back when a worker stops in order. */
export async function stopBeating(db: Database, worker: string): Promise<void> {
  await db.delete(workerHeartbeats).where(eq(workerHeartbeats.worker, worker));
}

/** Whether a worker of this task queue is alive. */
export async function workerAlive(db: Database, taskQueue: string): Promise<boolean> {
  const rows = await db
    .select({ worker: workerHeartbeats.worker })
    .from(workerHeartbeats)
    .where(and(eq(workerHeartbeats.taskQueue, taskQueue), gt(workerHeartbeats.at, FRESH)))
    .limit(1);
  return rows.length > 0;
}

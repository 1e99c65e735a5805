/**
 * Keeps changes of directory, calendar and settings apart from transitions. A transition holds the world as it reads it until it has
 * committed; a change waits for those that are being made, and those that come wait for the change. So whoever looks through all
 * matters after a change finds none that was still decided by the world before.
 */
import { sql } from 'drizzle-orm';
import type { Transaction } from './client.ts';

/** How long a change waits for transitions that are being made, before it gives up: behind it all others wait. */
const PATIENCE = '5s';

/** Holds the world as it is until the transaction ends; any number of transitions may at once. */
export function holdWorld(tx: Transaction): Promise<unknown> {
  return tx.execute(sql`select pg_advisory_xact_lock_shared(hashtextextended('world', 0))`);
}

/** Takes the world for a change until the transaction ends. Fails with 55P03 when a transition lasts too long. */
export async function takeWorld(tx: Transaction): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', ${PATIENCE}, true)`);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('world', 0))`);
}

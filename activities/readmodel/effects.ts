/** What a transition does beside its matter: bookings, the bulletin's queue, the archive's entry. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { archiveEntries, archivePackages, bookings, bulletinQueue } from '../../db/schema/index.ts';
import type { Effect } from '../../definitions/language/effect.ts';
import { effectsOf } from '../../workflows/machine/effects.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import type { ReadModelInput } from '../readmodel.ts';

/** The statements of the effects that were done or undone. */
export function writeConsequences(tx: Transaction, { matter, events }: ReadModelInput): Promise<unknown>[] {
  return effectsOf(events).flatMap(({ kind, step, effect }) =>
    kind === 'effect' ? carryOut(tx, matter, step, effect) : takeBack(tx, matter, step, effect),
  );
}

function carryOut(tx: Transaction, matter: Matter, step: string, effect: Effect): Promise<unknown>[] {
  switch (effect.kind) {
    case 'reserve':
      if (effect.bookings.length === 0) return [];
      return [
        tx.insert(bookings).values(
          effect.bookings.map(({ resource, from, to }) => ({
            matterId: matter.id,
            step,
            resource,
            during: `[${from},${to})`,
          })),
        ),
      ];
    case 'release':
      // What is given back early ends then; what was never begun is given back whole.
      return [
        tx
          .update(bookings)
          .set({
            during: sql`tstzrange(lower(during), greatest(lower(during), least(upper(during), ${effect.at}::timestamptz)))`,
          })
          .where(and(eq(bookings.matterId, matter.id), inArray(bookings.resource, effect.resources))),
      ];
    case 'queue-bulletin':
      return [
        tx.insert(bulletinQueue).values({
          matterId: matter.id,
          step,
          topic: effect.topic,
          entry: effect.entry,
          queuedAt: matter.updatedAt,
        }),
      ];
    case 'archive':
      return [
        tx.insert(archiveEntries).values({
          matterId: matter.id,
          no: matter.no,
          class: effect.class,
          retention: effect.retention,
          title: matter.title,
          processId: matter.processId,
          unitId: matter.applicant.unit,
          archivedAt: matter.updatedAt,
          year: sql`extract(year from ${matter.updatedAt}::timestamptz at time zone 'Asia/Shanghai')::int`,
        }),
        queuePackage(tx, matter),
      ];
  }
}

/**
 * Asks for the matter's archive package: made by a worker once the matter has ended. The queue is no part of the read model, so that
 * a rebuild asks only for what was never asked for; and the workers' clock is not the matter's, whose time may be skipped.
 */
function queuePackage(tx: Transaction, matter: Matter): Promise<unknown> {
  const nextAttemptAt = sql`least(${matter.updatedAt}::timestamptz, now())`;
  const row = { matterId: matter.id, status: 'waiting' as const, attempts: 0, nextAttemptAt };
  return tx.insert(archivePackages).values(row).onConflictDoNothing();
}

function takeBack(tx: Transaction, matter: Matter, step: string, effect: Effect): Promise<unknown>[] {
  switch (effect.kind) {
    case 'reserve':
      return [tx.delete(bookings).where(and(eq(bookings.matterId, matter.id), eq(bookings.step, step)))];
    case 'queue-bulletin':
      return [tx.delete(bulletinQueue).where(and(eq(bulletinQueue.matterId, matter.id), eq(bulletinQueue.step, step)))];
    case 'release':
    case 'archive':
      return [];
  }
}

/** Deliveries as administrators look at them, and the gateways that webhooks go to. */
import { and, asc, desc, eq, gt, isNull, lt, type SQL } from 'drizzle-orm';
import type { DeliveryStatus, NoticeChannel } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';
import { deliveries, outbox, webhooks } from './schema/index.ts';

export type DeliveryRow = typeof deliveries.$inferSelect;
export type WebhookRow = typeof webhooks.$inferSelect;

/** A delivery, with what it tells of; null for a digest or a sample. */
export interface ListedDelivery {
  delivery: DeliveryRow;
  kind: (typeof outbox.$inferSelect)['kind'] | null;
}

const listed = { delivery: deliveries, kind: outbox.kind };

/** Deliveries of a status, newest first, one more than `limit`. */
export function listDeliveries(
  db: Database,
  query: {
    status: DeliveryStatus;
    channel: NoticeChannel | undefined;
    webhook: string | undefined;
    before: number | null;
    limit: number;
  },
): Promise<ListedDelivery[]> {
  const { status, channel, webhook, before, limit } = query;
  const asked: (SQL | undefined)[] = [
    eq(deliveries.status, status),
    channel === undefined ? undefined : eq(deliveries.channel, channel),
    webhook === undefined ? undefined : eq(deliveries.webhookId, webhook),
    before === null ? undefined : lt(deliveries.id, before),
  ];
  return db
    .select(listed)
    .from(deliveries)
    .leftJoin(outbox, eq(outbox.id, deliveries.noticeId))
    .where(and(...asked))
    .orderBy(desc(deliveries.id))
    .limit(limit + 1);
}

/** One delivery, or null. */
export async function deliveryById(db: Database | Transaction, id: number): Promise<ListedDelivery | null> {
  const [row] = await db
    .select(listed)
    .from(deliveries)
    .leftJoin(outbox, eq(outbox.id, deliveries.noticeId))
    .where(eq(deliveries.id, id));
  return row ?? null;
}

/** Takes a dead letter up again, as if it had never been tried. @returns false for one that is not dead. */
export async function retryDelivery(tx: Transaction, id: number, now: string): Promise<boolean> {
  const rows = await tx
    .update(deliveries)
    .set({ status: 'waiting', attempts: 0, nextAttemptAt: now, fault: null })
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'dead')))
    .returning({ id: deliveries.id });
  return rows.length > 0;
}

/** Webhooks by id, one more than `limit`. */
export function listWebhooks(db: Database, query: { after: string; limit: number }): Promise<WebhookRow[]> {
  return db
    .select()
    .from(webhooks)
    .where(gt(webhooks.id, query.after))
    .orderBy(asc(webhooks.id))
    .limit(query.limit + 1);
}

/** One webhook, or null. */
export async function webhookById(db: Database | Transaction, id: string): Promise<WebhookRow | null> {
  const [row] = await db.select().from(webhooks).where(eq(webhooks.id, id));
  return row ?? null;
}

/** Keeps a webhook, new or changed. */
export async function putWebhook(tx: Transaction, row: WebhookRow): Promise<void> {
  await tx.insert(webhooks).values(row).onConflictDoUpdate({ target: webhooks.id, set: row });
}

/** Takes a webhook away; what waits for it finds it gone and is laid with the dead letters. */
export async function dropWebhook(tx: Transaction, id: string): Promise<void> {
  await tx.delete(webhooks).where(eq(webhooks.id, id));
}

/** Plans a sample for a webhook, in place of an earlier one of the same person. @returns the delivery's id. */
export async function sampleWebhook(tx: Transaction, webhook: string, person: string, now: string): Promise<number> {
  await tx
    .delete(deliveries)
    .where(and(eq(deliveries.webhookId, webhook), eq(deliveries.personId, person), isNull(deliveries.noticeId)));
  const row = { channel: 'webhook' as const, personId: person, webhookId: webhook, status: 'waiting' as const };
  const [made] = await tx
    .insert(deliveries)
    .values({ ...row, attempts: 0, nextAttemptAt: now })
    .returning({ id: deliveries.id });
  if (made === undefined) throw new Error('A delivery was not kept');
  return made.id;
}

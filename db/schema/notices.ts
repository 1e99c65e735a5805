/** Notices: what is to be told, by which ways people want to be told, and how far each delivery has come. */
import { bigint, bigserial, boolean, date, index, integer, pgEnum, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { DELIVERY_STATUSES, NOTICE_CHANNELS, NOTICE_KINDS, NOTICE_WISHES } from '../../workflows/machine/words.ts';
import { instant, json } from './columns.ts';

export const noticeKind = pgEnum('notice_kind', NOTICE_KINDS);
export const noticeChannel = pgEnum('notice_channel', NOTICE_CHANNELS);
export const noticeWish = pgEnum('notice_wish', NOTICE_WISHES);
export const deliveryStatus = pgEnum('delivery_status', DELIVERY_STATUSES);

/** Notices, written in the transaction of what they tell. What stands here is shown in the console; other ways are deliveries. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** The matter that it is about; null for what concerns no single one. */
    matterId: text('matter_id'),
    /** The last event of its transition; null beside matters. */
    sequence: integer('sequence'),
    kind: noticeKind('kind').notNull(),
    personId: text('person_id').notNull(),
    taskId: text('task_id'),
    text: text('text').notNull(),
    /** Where the console opens, for what is about no matter: a path such as `/bulletins/2026-10`. */
    link: text('link'),
    createdAt: instant('created_at').notNull(),
    /** Not before this instant: reminders come at working times only. */
    deliverAt: instant('deliver_at').notNull(),
    /** When its deliveries were planned. */
    deliveredAt: instant('delivered_at'),
    /** When its person looked at it. */
    readAt: instant('read_at'),
  },
  (table) => [
    index('outbox_person').on(table.personId, table.id),
    index('outbox_matter').on(table.matterId),
    index('outbox_due').on(table.deliveredAt, table.deliverAt),
  ],
);

/** One digest of reminders a person and day; each reminder is an item of it, told once. */
export const digests = pgTable(
  'digests',
  {
    personId: text('person_id').notNull(),
    day: date('day').notNull(),
    deliverAt: instant('deliver_at').notNull(),
    deliveredAt: instant('delivered_at'),
    items: json<{ matterId: string; sequence: number; kind: string; taskId: string | null; text: string }[]>('items').notNull(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.day] }), index('digests_due').on(table.deliveredAt, table.deliverAt)],
);

/** One message by one way to one person: tried until it is taken, or laid with the dead letters. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    channel: noticeChannel('channel').notNull(),
    personId: text('person_id').notNull(),
    /** The notice, or null for a digest. */
    noticeId: bigint('notice_id', { mode: 'number' }),
    /** The day of the digest, or null for a notice. */
    digestDay: date('digest_day'),
    /** The webhook that it goes to; null for other ways. */
    webhookId: text('webhook_id'),
    status: deliveryStatus('status').notNull(),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** Why the last try failed: a code and English words, nothing personal. */
    fault: text('fault'),
    sentAt: instant('sent_at'),
  },
  (table) => [
    index('deliveries_due').on(table.status, table.nextAttemptAt),
    unique('deliveries_once')
      .on(table.channel, table.personId, table.noticeId, table.digestDay, table.webhookId)
      .nullsNotDistinct(),
  ],
);

/** How somebody wants to be told of a kind of notice by a way; where nothing stands, the machine's default counts. */
export const noticeSettings = pgTable(
  'notice_settings',
  {
    personId: text('person_id').notNull(),
    kind: noticeKind('kind').notNull(),
    channel: noticeChannel('channel').notNull(),
    wish: noticeWish('wish').notNull(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.kind, table.channel] })],
);

/** A gateway that is told by HTTP: 企业微信, 钉钉, a sender of SMS. The secret signs each request. */
export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  url: text('url').notNull(),
  secret: text('secret').notNull(),
  kinds: noticeKind('kinds').array().notNull(),
  active: boolean('active').notNull(),
});

/** Notices: what is to be told, by which ways people want to be told, and how far each delivery has come. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  date,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { DELIVERY_STATUSES, NOTICE_CHANNELS, NOTICE_KINDS, NOTICE_WISHES } from '../../workflows/machine/words.ts';
import { instant, json } from './columns.ts';

export const noticeKind = pgEnum('notice_kind', NOTICE_KINDS);
export const noticeChannel = pgEnum('notice_channel', NOTICE_CHANNELS);
export const noticeWish = pgEnum('notice_wish', NOTICE_WISHES);
export const deliveryStatus = pgEnum('delivery_status', DELIVERY_STATUSES);

/** The id of a transaction: it tells what a snapshot has seen, whatever order commits came in. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

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
    /** The transaction that wrote it: streams of the console go on from what a snapshot has seen. */
    xact: transactionId('xact').notNull().default(sql`pg_current_xact_id()`),
  },
  (table) => [
    index('outbox_person').on(table.personId, table.id),
    index('outbox_unread').on(table.personId).where(sql`read_at is null`),
    index('outbox_matter').on(table.matterId),
    index('outbox_due').on(table.deliverAt).where(sql`delivered_at is null`),
    index('outbox_xact').on(table.xact),
    // Those that come later than they were written.
    index('outbox_later').on(table.deliverAt).where(sql`deliver_at > created_at`),
  ],
);

/** What waits in a digest. `noticeId`: a notice that stands in the console already, and is gathered for the mail alone. */
export interface DigestItem {
  matterId: string | null;
  sequence: number | null;
  kind: string;
  taskId: string | null;
  text: string;
  link?: string | null;
  noticeId?: number;
}

/**
 * One digest of reminders a person and day; each reminder is an item of it, told once. A transition that began before the morning
 * may add an item after it: then `delivered_at` is null again, and the items from `told` on are told in a second message.
 */
export const digests = pgTable(
  'digests',
  {
    personId: text('person_id').notNull(),
    day: date('day').notNull(),
    deliverAt: instant('deliver_at').notNull(),
    deliveredAt: instant('delivered_at'),
    items: json<DigestItem[]>('items').notNull(),
    /** How many of the items were told. */
    told: integer('told').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.day] }),
    index('digests_due').on(table.deliverAt).where(sql`delivered_at is null`),
  ],
);

/** One message by one way to one person: tried until it is taken, or laid with the dead letters. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    channel: noticeChannel('channel').notNull(),
    personId: text('person_id').notNull(),
    /** The notice, or null for a digest; a webhook's sample is neither. */
    noticeId: bigint('notice_id', { mode: 'number' }),
    /** The day of the digest, or null for a notice. */
    digestDay: date('digest_day'),
    /** Which of the digest's items: from the first, to before the second. */
    digestFrom: integer('digest_from'),
    digestTo: integer('digest_to'),
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
      .on(table.channel, table.personId, table.noticeId, table.digestDay, table.digestFrom, table.webhookId)
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

/**
 * That a matter changed, for the consoles of those it concerns: a hint to read it again, kept for an hour. The table is unlogged, so
 * that a transition pays no disk for it; after a crash of the database it is empty and every console reads everything again.
 */
export const matterChanges = pgTable(
  'matter_changes',
  {
    xact: transactionId('xact').notNull().default(sql`pg_current_xact_id()`),
    no: text('no').notNull(),
    /** Whom the matter concerned before or after the change. */
    people: text('people').array().notNull(),
    at: instant('at').notNull().default(sql`now()`),
  },
  (table) => [index('matter_changes_xact').on(table.xact)],
);

/** Tickets to open a stream of events, each for one use within seconds: a browser's EventSource sends no header. */
export const streamTickets = pgTable('stream_tickets', {
  /** SHA-256 of the ticket, so that who reads the table can't use it. */
  hash: text('hash').primaryKey(),
  personId: text('person_id').notNull(),
  expiresAt: instant('expires_at').notNull(),
  /** When the session ends that asked for it, and the stream with it. */
  sessionEndsAt: instant('session_ends_at').notNull(),
});

/** What stands beside matters: bookings, bulletin queue, archive, outbox, files, drafts, intents, logs. */
import { bigserial, boolean, date, index, integer, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { RETENTIONS } from '../../definitions/language/effect.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { LINK_STATUSES, NOTICE_KINDS } from '../../workflows/machine/words.ts';
import { bytes, instant, instantRange, json } from './columns.ts';

export const retention = pgEnum('retention', RETENTIONS);
export const linkStatus = pgEnum('link_status', LINK_STATUSES);
export const noticeKind = pgEnum('notice_kind', NOTICE_KINDS);

/** Bookings of scarce things. An exclusion constraint (migration 0001) lets no two overlap. */
export const bookings = pgTable(
  'bookings',
  {
    matterId: text('matter_id').notNull(),
    step: text('step').notNull(),
    resource: text('resource').notNull(),
    during: instantRange('during').notNull(),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.step, table.resource] })],
);

/** Entries that wait for the month's bulletin 通报. */
export const bulletinQueue = pgTable(
  'bulletin_queue',
  {
    matterId: text('matter_id').notNull(),
    step: text('step').notNull(),
    topic: text('topic').notNull(),
    entry: json<JsonObject>('entry').notNull(),
    queuedAt: instant('queued_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.step] }), index('bulletin_queue_time').on(table.queuedAt)],
);

/** The archive entry of a closed matter; paper and electronic file are both to be ticked (001 同步归档). */
export const archiveEntries = pgTable('archive_entries', {
  matterId: text('matter_id').primaryKey(),
  no: text('no').notNull(),
  class: text('class').notNull(),
  retention: retention('retention').notNull(),
  title: text('title').notNull(),
  archivedAt: instant('archived_at').notNull(),
  paper: boolean('paper').notNull(),
  electronic: boolean('electronic').notNull(),
});

/** Notices that wait for delivery, written in the transaction of their transition. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    matterId: text('matter_id').notNull(),
    sequence: integer('sequence').notNull(),
    kind: noticeKind('kind').notNull(),
    personId: text('person_id').notNull(),
    taskId: text('task_id'),
    text: text('text').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Not before this instant: reminders come at working times only. */
    deliverAt: instant('deliver_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (table) => [index('outbox_person').on(table.personId, table.id), index('outbox_matter').on(table.matterId)],
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

/** What somebody has written on a task and not yet sent; theirs alone, gone with the task. */
export const opinionDrafts = pgTable(
  'opinion_drafts',
  {
    taskId: text('task_id').notNull(),
    personId: text('person_id').notNull(),
    opinion: text('opinion'),
    output: json<JsonObject | null>('output'),
    attachments: json<string[]>('attachments').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.personId] })],
);

/** Matters that a matter started, as it knows them. */
export const matterLinks = pgTable(
  'matter_links',
  {
    matterId: text('matter_id').notNull(),
    link: text('link').notNull(),
    childId: text('child_id').notNull(),
    no: text('no'),
    processId: text('process_id').notNull(),
    status: linkStatus('status').notNull(),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.link] }), index('matter_links_child').on(table.childId)],
);

/** Uploaded files; the content is kept once per hash. */
export const files = pgTable(
  'files',
  {
    id: text('id').primaryKey(),
    /** Who uploaded it; null for the sample files that anybody may name. */
    ownerId: text('owner_id'),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: integer('size').notNull(),
    sha256: text('sha256').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('files_owner').on(table.ownerId, table.createdAt)],
);

export const fileContents = pgTable('file_contents', {
  sha256: text('sha256').primaryKey(),
  content: bytes('content').notNull(),
});

/** Which matter names which file: who may see the matter may read the file. */
export const matterFiles = pgTable(
  'matter_files',
  { matterId: text('matter_id').notNull(), fileId: text('file_id').notNull() },
  (table) => [primaryKey({ columns: [table.fileId, table.matterId] })],
);

/** Drafts of forms, each its author's own. */
export const drafts = pgTable(
  'drafts',
  {
    id: text('id').primaryKey(),
    personId: text('person_id').notNull(),
    processId: text('process_id').notNull(),
    form: json<JsonObject>('form').notNull(),
    attachments: json<string[]>('attachments').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [index('drafts_person').on(table.personId, table.updatedAt)],
);

/** What was taken on (202) but not yet committed; a sweeper carries it out. */
export const intents = pgTable(
  'intents',
  {
    id: text('id').primaryKey(),
    personId: text('person_id').notNull(),
    matterId: text('matter_id').notNull(),
    bodyHash: text('body_hash').notNull(),
    /** Everything that is needed to carry it out later. */
    payload: json<JsonObject>('payload').notNull(),
    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
    /** Null while open or when it was committed; else the refusal. */
    refusal: json<JsonObject>('refusal'),
  },
  (table) => [index('intents_open').on(table.settledAt, table.createdAt)],
);

/** Refused attempts, reads of restricted matters, exports and prints. */
export const accessLog = pgTable(
  'access_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    personId: text('person_id'),
    action: text('action').notNull(),
    target: text('target').notNull(),
    code: text('code').notNull(),
    requestId: text('request_id').notNull(),
  },
  (table) => [index('access_log_time').on(table.at), index('access_log_person').on(table.personId, table.at)],
);

/** Signs of life of workers: readiness asks for one younger than ten seconds. */
export const workerHeartbeats = pgTable('worker_heartbeats', {
  worker: text('worker').primaryKey(),
  taskQueue: text('task_queue').notNull(),
  at: instant('at').notNull(),
});

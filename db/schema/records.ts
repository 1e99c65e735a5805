/** What stands beside matters: bookings, bulletin queue, links, files, drafts, intents, signs of life. */
import { index, integer, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../definitions/language/json.ts';
import { LINK_STATUSES } from '../../workflows/machine/words.ts';
import { bytes, instant, instantRange, json } from './columns.ts';

export const linkStatus = pgEnum('link_status', LINK_STATUSES);

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

/** Signs of life of workers: readiness asks for one younger than ten seconds. */
export const workerHeartbeats = pgTable('worker_heartbeats', {
  worker: text('worker').primaryKey(),
  taskQueue: text('task_queue').notNull(),
  at: instant('at').notNull(),
});

/** What proves that nothing was changed: the journal of acts beside matters, and the daily root over every chain. */
import { sql } from 'drizzle-orm';
import { date, index, integer, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../definitions/language/json.ts';
import { JOURNAL_CHAINS } from '../../workflows/machine/words.ts';
import { instant, json } from './columns.ts';

export const journalChain = pgEnum('journal_chain', JOURNAL_CHAINS);

/**
 * Two hash chains beside those of matters. `access`: refused attempts, reads of restricted matters, exports, prints. `office`: what
 * people do about matters without a command to them: inspections, bulletins, archive ticks, ratings, watches, settings.
 * Rows are never changed; a trigger refuses it.
 */
export const journal = pgTable(
  'journal',
  {
    chain: journalChain('chain').notNull(),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    personId: text('person_id'),
    /** A verb in kebab case: `refused`, `export`, `publish-bulletin`. */
    action: text('action').notNull(),
    /** What it was done to: a matter's number, a route, an id. */
    target: text('target').notNull(),
    /** A code: of the refusal, of the outcome. */
    code: text('code').notNull(),
    requestId: text('request_id'),
    facts: json<JsonObject>('facts').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chain, table.sequence] }),
    index('journal_time').on(table.at),
    index('journal_person').on(table.personId, table.at),
    index('journal_target').on(table.target, table.at),
  ],
);

/** The root of a day: one hash over the heads of all chains that grew since the root before, chained to that root. */
export const auditRoots = pgTable('audit_roots', {
  /** 1, 2 … without a hole. */
  number: integer('number').primaryKey(),
  day: date('day').notNull().unique(),
  madeAt: instant('made_at').notNull(),
  /** How many heads it covers. */
  heads: integer('heads').notNull(),
  previousRoot: text('previous_root').notNull(),
  root: text('root').notNull(),
});

/** The heads that a root covers: how far each chain had come. */
export const auditHeads = pgTable(
  'audit_heads',
  {
    /** A matter's id, or `journal:` and the name of a journal chain. */
    chain: text('chain').notNull(),
    /** The matter's number, so that one that is gone can be named; null for a journal chain. */
    no: text('no'),
    sequence: integer('sequence').notNull(),
    hash: text('hash').notNull(),
    root: integer('root').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chain, table.sequence] }),
    // In the order in which a root is made of them: byte by byte, whatever the database sorts by.
    index('audit_heads_root').on(table.root, sql`${table.chain} collate "C"`),
  ],
);

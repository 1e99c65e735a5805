/** The archive 归档: an entry for each closed matter, its package, its ticks, checks of its accuracy, and lists of what was handed over. */
import { bigserial, boolean, index, integer, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { RETENTIONS } from '../../definitions/language/effect.ts';
import { ARCHIVE_FORMS, PACKAGE_STATUSES } from '../../workflows/machine/words.ts';
import { instant } from './columns.ts';

export const retention = pgEnum('retention', RETENTIONS);
export const archiveForm = pgEnum('archive_form', ARCHIVE_FORMS);
export const packageStatus = pgEnum('package_status', PACKAGE_STATUSES);

/** The catalogue: one row a closed matter; part of the read model. */
export const archiveEntries = pgTable(
  'archive_entries',
  {
    matterId: text('matter_id').primaryKey(),
    no: text('no').notNull(),
    processId: text('process_id').notNull(),
    unitId: text('unit_id').notNull(),
    class: text('class').notNull(),
    retention: retention('retention').notNull(),
    title: text('title').notNull(),
    archivedAt: instant('archived_at').notNull(),
    /** The school year of the hand-over: the calendar year in which it was closed, in school time. */
    year: integer('year').notNull(),
  },
  (table) => [index('archive_entries_year').on(table.year, table.unitId), index('archive_entries_time').on(table.archivedAt)],
);

/** The package of a closed matter, and how far its making has come; the queue of repairs reads here. */
export const archivePackages = pgTable(
  'archive_packages',
  {
    matterId: text('matter_id').primaryKey(),
    status: packageStatus('status').notNull(),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** Why the last try failed; a code and English words, nothing personal. */
    fault: text('fault'),
    /** Where its content lies in `file_contents`. */
    sha256: text('sha256'),
    size: integer('size'),
    madeAt: instant('made_at'),
  },
  (table) => [index('archive_packages_due').on(table.status, table.nextAttemptAt)],
);

/** That paper or electronic file are in their place (001: 同步归档); both are to be ticked. */
export const archiveTicks = pgTable(
  'archive_ticks',
  {
    matterId: text('matter_id').notNull(),
    form: archiveForm('form').notNull(),
    /** Null for the system, which ticks the electronic file when its package is made and verified. */
    tickedBy: text('ticked_by'),
    tickedAt: instant('ticked_at').notNull(),
    /** 档号 or place on the shelf. */
    place: text('place'),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.form] })],
);

/** A look at an archived matter: whether what lies there is right 准确率. */
export const archiveChecks = pgTable(
  'archive_checks',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    matterId: text('matter_id').notNull(),
    accurate: boolean('accurate').notNull(),
    finding: text('finding'),
    checkedBy: text('checked_by').notNull(),
    checkedAt: instant('checked_at').notNull(),
  },
  (table) => [index('archive_checks_matter').on(table.matterId)],
);

/** A hand-over list 移交清单 that both sides acknowledged. */
export const archiveHandOvers = pgTable('archive_hand_overs', {
  id: text('id').primaryKey(),
  year: integer('year').notNull(),
  unitId: text('unit_id').notNull(),
  count: integer('count').notNull(),
  /** SHA-256 over the list's lines. */
  hash: text('hash').notNull(),
  givenBy: text('given_by').notNull(),
  takenBy: text('taken_by'),
  givenAt: instant('given_at').notNull(),
  takenAt: instant('taken_at'),
});

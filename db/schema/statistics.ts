/** Statistics kept as things happen: triggers turn changed rows into deltas, which are folded into counters in the background. */
import { bigserial, date, index, integer, pgEnum, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { STATISTIC_MEASURES } from '../../workflows/machine/words.ts';
import { instant } from './columns.ts';

export const statisticMeasure = pgEnum('statistic_measure', STATISTIC_MEASURES);

const dimensions = () => ({
  measure: statisticMeasure('measure').notNull(),
  /** First day of the month, in school time: in which it happened; of `archived`, in which the matter ended, so that it is a part of `finished`. */
  month: date('month').notNull(),
  processId: text('process_id').notNull(),
  /** The applicant's unit for what is counted by matter, the doer's for what is counted by task; of ratings see `bucket`. */
  unitId: text('unit_id').notNull(),
  /** Who did it; empty for what is counted by matter. What is counted by task stands under its step and under its person, twice. */
  personId: text('person_id').notNull(),
  /** The step; empty for what is counted by matter or person. */
  step: text('step').notNull(),
  /**
   * Of a handling time: which class of working minutes, see the machine's `bucketOf`. Of ratings: 0 once for the matter, without a
   * unit, 1 once for each unit that handled it. 0 else.
   */
  bucket: smallint('bucket').notNull(),
});

/** How much of each measure there is. Together with {@link statisticDeltas} exact at every moment. */
export const statisticCounters = pgTable(
  'statistic_counters',
  { ...dimensions(), count: integer('count').notNull() },
  (table) => [
    // The person first: what is counted without one, and each person's part, lie together.
    uniqueIndex('statistic_counters_key').on(
      table.measure,
      table.personId,
      table.month,
      table.processId,
      table.unitId,
      table.step,
      table.bucket,
    ),
  ],
);

/** What has changed and is not yet folded in. Appended to, never updated, so that no two transitions wait for one row. */
export const statisticDeltas = pgTable('statistic_deltas', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  ...dimensions(),
  count: integer('count').notNull(),
});

/** What people think of a finished matter: once each, a record beside the matter, which takes no command any more. */
export const ratings = pgTable(
  'ratings',
  {
    matterId: text('matter_id').primaryKey(),
    no: text('no').notNull(),
    processId: text('process_id').notNull(),
    /** The units whose people handled it. */
    units: text('units').array().notNull(),
    personId: text('person_id').notNull(),
    /** 总体, 1 to 5. */
    stars: smallint('stars').notNull(),
    /** 态度、时效、一次告知, 1 to 5 each, or null. */
    manner: smallint('manner'),
    timeliness: smallint('timeliness'),
    completeness: smallint('completeness'),
    text: text('text'),
    at: instant('at').notNull(),
    /** The case that a low rating opened, its matter's id; its number once it has one. */
    caseId: text('case_id'),
    caseNo: text('case_no'),
  },
  (table) => [index('ratings_time').on(table.at)],
);

/** Reading statistics: counters together with what is not yet folded into them, so exact at every moment; and the folding. */
import { type SQL, sql } from 'drizzle-orm';
import type { Buckets, Counts } from '../workflows/machine/supervision/statistics.ts';
import type { StatisticMeasure } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';

/** What statistics are told by. */
export const STATISTIC_KEYS = ['process', 'unit', 'person', 'step', 'month'] as const;
export type StatisticKey = (typeof STATISTIC_KEYS)[number];

/** What is counted. */
export interface StatisticFilter {
  /** First days of the first and the last month, `YYYY-MM-DD`. */
  from: string;
  to: string;
  process?: string | undefined;
  /** Units that are counted, or undefined for the whole school. */
  units?: readonly string[] | undefined;
}

/** Where a page of a list begins, and how long it is. */
export interface KeyPage {
  after: string | undefined;
  limit: number;
}

/** What was counted under one key. */
export interface Counted {
  /** A process, a unit, a person, a month `YYYY-MM`, or `process/step`. */
  key: string;
  counts: Counts;
  /** Handling times; empty for what is counted by matter. */
  buckets: Buckets;
}

const MATTER_MEASURES: readonly StatisticMeasure[] = [
  'received',
  'finished',
  'on-time',
  'late',
  'completed',
  'rejected',
  'withdrawn',
  'returned',
  'complete-at-once',
  'archived',
  'archive-checked',
  'archive-accurate',
  'rated',
  'stars',
];

const KEYS: Readonly<Record<StatisticKey, SQL>> = {
  process: sql`process_id`,
  unit: sql`unit_id`,
  person: sql`person_id`,
  step: sql`process_id || '/' || step`,
  month: sql`to_char(month, 'YYYY-MM')`,
};

const textArray = (values: readonly string[]): SQL => sql`${sql.param([...values])}::text[]`;

function within({ from, to, process, units }: StatisticFilter): SQL {
  return sql.join(
    [
      sql`month between ${from}::date and ${to}::date`,
      process === undefined ? sql`` : sql`and process_id = ${process}`,
      units === undefined ? sql`` : sql`and unit_id = any(${textArray(units)})`,
    ],
    sql` `,
  );
}

/** What was counted by matter, under each key that has any, in the order of keys. One statement, hence one moment. */
export async function countedMatters(
  db: Database | Transaction,
  by: 'process' | 'unit' | 'month',
  filter: StatisticFilter,
): Promise<Counted[]> {
  // Of ratings, see the schema: those of units stand apart from those of matters.
  const ofUnits = by === 'unit' || filter.units !== undefined;
  const bucket = ofUnits ? sql`case when measure in ('rated', 'stars') then 1 else 0 end` : sql`0`;
  const rows = await db.execute<{ key: string; measure: StatisticMeasure; count: number }>(sql`
    select ${KEYS[by]} as key, measure, sum(count)::int as count from statistics
    where measure = any(${textArray(MATTER_MEASURES)}::statistic_measure[]) and person_id = ''
      and bucket = ${bucket} and ${within(filter)}
    group by 1, 2 having sum(count) <> 0`);
  return gathered(rows.map((row) => ({ ...row, bucket: 0 })));
}

/** What was counted by task, under each step that has any, in the order of keys. */
export async function countedSteps(db: Database | Transaction, filter: StatisticFilter): Promise<Counted[]> {
  const rows = await db.execute<TaskRow>(sql`
    select ${KEYS.step} as key, measure, bucket, sum(count)::int as count from statistics
    where measure in ('done', 'done-late', 'handling') and person_id = '' and ${within(filter)}
    group by process_id, step, measure, bucket having sum(count) <> 0`);
  return gathered(rows);
}

/** What was counted by task, under each person of a page, in the order of keys. One row more than asked for tells of a next page. */
export async function countedPeople(
  db: Database | Transaction,
  filter: StatisticFilter,
  { after, limit }: KeyPage,
): Promise<Counted[]> {
  const rows = await db.execute<TaskRow>(sql`
    with page as materialized (select person_id from statistics where measure = 'done' and person_id > ${after ?? ''} and ${within(filter)}
      group by person_id having sum(count) <> 0 order by person_id limit ${limit + 1})
    select person_id as key, measure, bucket, sum(count)::int as count from statistics
    where measure in ('done', 'done-late', 'handling') and person_id = any(array(select person_id from page)) and ${within(filter)}
    group by person_id, measure, bucket having sum(count) <> 0`);
  return gathered(rows);
}

interface TaskRow extends Record<string, unknown> {
  key: string;
  measure: StatisticMeasure;
  bucket: number;
  count: number;
}

/** Rows by key, in the order of keys. */
function gathered(rows: Iterable<TaskRow>): Counted[] {
  const found = new Map<string, { counts: Partial<Record<StatisticMeasure, number>>; buckets: Map<number, number> }>();
  for (const { key, measure, bucket, count } of rows) {
    const one = found.get(key) ?? { counts: {}, buckets: new Map<number, number>() };
    if (measure === 'handling') one.buckets.set(bucket, count);
    else one.counts[measure] = count;
    found.set(key, one);
  }
  return [...found].map(([key, one]) => ({ key, ...one })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** One folds at a time, of all workers: two would wait for each other's counters. */
const FOLD_LOCK = 7_420_005;

/**
 * Folds what has changed into the counters: takes the oldest deltas away and adds them, in one statement, so that nothing is ever
 * counted twice or lost.
 * @returns how many were folded; 0 too while another worker is at it.
 */
export async function foldStatistics(db: Database, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${FOLD_LOCK}) as free`);
    if (rows[0]?.free !== true) return 0;
    const folded = await tx.execute<{ folded: number }>(sql`
      with taken as (delete from statistic_deltas where id in (select id from statistic_deltas order by id limit ${limit}) returning *),
      added as (insert into statistic_counters (measure, month, process_id, unit_id, person_id, step, bucket, count)
        select measure, month, process_id, unit_id, person_id, step, bucket, sum(count) from taken
        group by measure, month, process_id, unit_id, person_id, step, bucket having sum(count) <> 0
        on conflict (measure, person_id, month, process_id, unit_id, step, bucket)
          do update set count = statistic_counters.count + excluded.count)
      select count(*)::int as folded from taken`);
    return folded[0]?.folded ?? 0;
  });
}

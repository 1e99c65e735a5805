/** What is overdue, and with whom it lies. */
import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Database } from './client.ts';
import { COUNTED_MAX, type Counted, countUpTo } from './counted.ts';
import { keptOutOf, listedHead, type MatterHead, type TaskRow } from './matters.ts';
import { matters, tasks } from './schema/index.ts';

/** Which overdue tasks a supervisor asks for. */
export interface OverdueFilter {
  unit?: string | undefined;
  process?: string | undefined;
  person?: string | undefined;
}

/** A page of a list: where the page before ended, and how many rows. */
export interface Page {
  after?: { at: string; id: string } | undefined;
  limit: number;
}

/** Where to look: what the viewer asked for and what they may see, with the moment. */
interface Search extends OverdueFilter {
  /** Who looks: what they are kept out of does not count. */
  viewer: string;
  /** Units to which the viewer is limited, or null for the whole school. */
  only: readonly string[] | null;
  now: string;
  page: Page;
}

/** Overdue rows of `tasks` or `task_people` in the words of their partial indexes, and in their order, after where the page before ended. */
function overdueRows(id: SQL, { now, viewer, page: { after } }: Search, conditions: readonly SQL[]): SQL {
  const beyond = after === undefined ? [] : [sql`(overdue_from, ${id}) > (${after.at}::timestamptz, ${after.id})`];
  const all = [
    sql`status = 'open' and overdue_from is not null and overdue_from < ${now}::timestamptz`,
    ...beyond,
    sql`${id} not in (select kept.id from tasks as kept where kept.matter_id in ${keptOutOf(viewer)})`,
    ...conditions,
  ];
  return sql`${sql.join(all, sql` and `)} order by overdue_from, ${id}`;
}

const textArray = (values: readonly string[]): SQL => sql`${sql.param(values)}::text[]`;

/** Whether a unit of some applied for the task `id` of a row, or one of their people holds it. */
function ofUnits(id: SQL, units: readonly string[]): SQL {
  return sql`(exists (select 1 from tasks as other where other.id = ${id} and other.unit_id = any(${textArray(units)}))
    or exists (select 1 from task_people as held join people on people.id = held.person_id
      where held.task_id = ${id} and people.unit = any(${textArray(units)})))`;
}

/**
 * Ids of overdue tasks, the longest overdue first, as `(id, since)`: read in the order of one index. Where units are asked for, the
 * first of each branch (what a unit applied for, what each of its people holds) are read so, and merged. Whatever else is asked for
 * is looked at row by row.
 */
function overdueIds(search: Search): SQL {
  const { unit, process, person, only, page } = search;
  const inTasks = (conditions: readonly SQL[]) => sql`select id, overdue_from as since from tasks
    where ${overdueRows(sql`id`, search, conditions)} limit ${page.limit}`;
  const inPeople = (conditions: readonly SQL[]) => sql`select task_id as id, overdue_from as since from task_people
    where ${overdueRows(sql`task_id`, search, conditions)} limit ${page.limit}`;
  const ofProcess = sql`exists (select 1 from tasks as other where other.id = task_id and other.process_id = ${process})`;
  const onPeople = process === undefined ? [] : [ofProcess];
  const onTasks = process === undefined ? [] : [sql`process_id = ${process}`];
  const limits = (id: SQL, units: readonly (readonly string[] | null)[]) =>
    units.flatMap((one) => (one === null ? [] : [ofUnits(id, one)]));
  if (person !== undefined) {
    const besides = limits(sql`task_id`, [only, unit === undefined ? null : [unit]]);
    return inPeople([sql`person_id = ${person}`, ...onPeople, ...besides]);
  }
  const units = unit === undefined ? only : [unit];
  if (units === null) return inTasks(onTasks);
  const also = unit === undefined ? [] : [only];
  return sql`select distinct id, since from (
    select one.* from unnest(${textArray(units)}) as asked (unit) cross join lateral
      (${inTasks([sql`unit_id = asked.unit`, ...onTasks, ...limits(sql`tasks.id`, also)])}) as one
    union all
    select one.* from people as who cross join lateral
      (${inPeople([sql`person_id = who.id`, ...onPeople, ...limits(sql`task_id`, also)])}) as one
    where who.unit = any(${textArray(units)})) as branches order by since, id limit ${page.limit}`;
}

function searchOf(viewer: Viewer, filter: OverdueFilter, now: string, page: Page): Search {
  return { ...filter, viewer: viewer.id, only: viewer.supervisor || viewer.administrator ? null : viewer.headedUnits, now, page };
}

/**
 * Open tasks that are overdue themselves or whose matter is, longest overdue first, with who holds them: in the whole school, or
 * for the head of a unit what it applied for and what it holds. One row more than asked for tells that there is a next page.
 */
export async function listOverdue(
  db: Database,
  viewer: Viewer,
  { after, limit, ...filter }: OverdueFilter & Page,
  now: string,
): Promise<{ task: TaskRow; matter: MatterHead }[]> {
  const found = db
    .select({ id: sql<string>`id`.as('late_id'), since: sql<string>`since`.as('late_since') })
    .from(sql`(${overdueIds(searchOf(viewer, filter, now, { after, limit: limit + 1 }))}) as late`)
    .as('found');
  return db
    .select({ task: tasks, matter: listedHead })
    .from(found)
    .innerJoin(tasks, eq(tasks.id, found.id))
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .orderBy(asc(found.since), asc(found.id));
}

/** How many tasks {@link listOverdue} lists in all. */
export function countOverdue(db: Database, viewer: Viewer, filter: OverdueFilter, now: string): Promise<Counted> {
  return countUpTo(db, overdueIds(searchOf(viewer, filter, now, { limit: COUNTED_MAX + 1 })));
}

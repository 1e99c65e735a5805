/** Reading matters and tasks. Lists are read here, never from Temporal: it answers for one instance, tables for many. */
import { and, asc, desc, eq, gt, inArray, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { PersonRef } from '../definitions/language/context.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Ending, Matter } from '../workflows/machine/state.ts';
import type { Status } from '../workflows/machine/words.ts';
import type { Database } from './client.ts';
import { prepared } from './prepared.ts';
import { matterPeople, matters, taskPeople, tasks } from './schema/index.ts';
import { searchSql } from './search.ts';

export type MatterRow = typeof matters.$inferSelect;
export type TaskRow = typeof tasks.$inferSelect;

/** What lists show of a matter. Its state may be hundreds of kilobytes: it is not read, `listed` stands beside it. */
export const listedHead = {
  id: matters.id,
  no: matters.no,
  processId: matters.processId,
  version: matters.version,
  title: matters.title,
  status: matters.status,
  startedAt: matters.startedAt,
  updatedAt: matters.updatedAt,
  endedAt: matters.endedAt,
  dueAt: matters.dueAt,
  yellowAt: matters.yellowAt,
  orangeAt: matters.orangeAt,
  suspendedSince: sql<string | null>`${matters.listed}->>'suspendedSince'`,
  applicant: sql<PersonRef>`${matters.listed}->'applicant'`,
  unitName: sql<string>`${matters.listed}->>'unitName'`,
  // A JSON null comes as null.
  ending: sql<Ending | null>`${matters.listed}->'ending'`,
};
const openTasks = sql<Matter['tasks']>`${matters.state}->'tasks'`;
/** The state of a matter that is not over: only there may somebody still act. */
const openState = sql<Matter | null>`case when ${matters.endedAt} is null then ${matters.state} end`.mapWith(matters.state);

/** A matter as lists show it. */
export type MatterHead = Pick<
  MatterRow,
  | 'id'
  | 'no'
  | 'processId'
  | 'version'
  | 'title'
  | 'status'
  | 'startedAt'
  | 'updatedAt'
  | 'endedAt'
  | 'dueAt'
  | 'yellowAt'
  | 'orangeAt'
> & { suspendedSince: string | null; applicant: PersonRef; unitName: string; ending: Ending | null };

/** What task lists show of a matter, with the state of one that is not over. */
export const listedMatter = { ...listedHead, state: openState };

/** A task in a list. */
export interface ListedTask {
  task: TaskRow;
  matter: MatterHead & { state: Matter | null };
}

const byId = prepared((db) =>
  db
    .select()
    .from(matters)
    .where(eq(matters.id, sql.placeholder('id')))
    .prepare('matter_by_id'),
);
const byNo = prepared((db) =>
  db
    .select()
    .from(matters)
    .where(eq(matters.no, sql.placeholder('no')))
    .prepare('matter_by_no'),
);
const taskWithMatter = prepared((db) =>
  db
    .select({ task: tasks, matter: matters })
    .from(tasks)
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .where(eq(tasks.id, sql.placeholder('id')))
    .prepare('task_by_id'),
);

/** A matter by its id, or null. */
export async function matterById(db: Database, id: string): Promise<MatterRow | null> {
  return (await byId(db).execute({ id }))[0] ?? null;
}

/** A matter by its number, or null. */
export async function matterByNo(db: Database, no: string): Promise<MatterRow | null> {
  return (await byNo(db).execute({ no }))[0] ?? null;
}

/** A task with its matter, or null. */
export async function taskById(db: Database, id: string): Promise<{ task: TaskRow; matter: MatterRow } | null> {
  return (await taskWithMatter(db).execute({ id }))[0] ?? null;
}

/** Numbers and statuses of matters. */
export async function matterHeads(db: Database, ids: readonly string[]): Promise<Pick<MatterRow, 'id' | 'no' | 'status'>[]> {
  if (ids.length === 0) return [];
  return db
    .select({ id: matters.id, no: matters.no, status: matters.status })
    .from(matters)
    .where(inArray(matters.id, [...ids]));
}

/** The statuses of matters that go on. */
export const OPEN: Status[] = ['open', 'suspended'];

/** Whether a matter itself is or was late, in SQL; the same rule as `isLate` in the machine. */
export function lateSql(now: string): SQL {
  // Where its clock stands still, `overdue_from` is set only if it was late by then.
  return sql`(${matters.overdueFrom} is not null and (${matters.status} <> 'open' or ${matters.overdueFrom} < ${now}::timestamptz))`;
}

/** What of a matter is overdue, in SQL; the same rule as `isOverdue` in the machine. */
function overdueSql(now: string): SQL {
  // `offset 0` keeps the planner from hashing every overdue task of the school first: a page looks at the tasks of a few matters.
  return sql`(${matters.endedAt} is null and (${lateSql(now)}
    or exists (select 1 from ${tasks} where ${tasks.matterId} = ${matters.id} and ${tasks.overdueFrom} < ${now}::timestamptz offset 0)))`;
}

function connected(viewer: Viewer): SQL {
  return sql`exists (select 1 from ${matterPeople} where ${matterPeople.matterId} = ${matters.id} and ${matterPeople.personId} = ${viewer.id})`;
}

/** Matters of the units that the viewer heads, in SQL. */
export function inHeadedUnits(viewer: Viewer): SQL | undefined {
  return viewer.headedUnits.length === 0 ? undefined : inArray(matters.unitId, viewer.headedUnits);
}

/** Ids of the matters that somebody is kept out of, as a subquery: hardly ever any, and read from an index of its own. */
export function keptOutOf(person: string): SQL {
  return sql`(select kept_matters.id from matters as kept_matters
    where kept_matters.kept_out <> '{}' and kept_matters.kept_out @> array[${person}]::text[])`;
}

/** Whether a viewer is not kept out of a matter, in SQL. */
export function openTo(viewer: Viewer): SQL {
  return sql`${matters.id} not in ${keptOutOf(viewer.id)}`;
}

/** Matters that a person may see, in SQL; the same rule as `mayView` in the machine. */
export function visibleTo(viewer: Viewer, now: string): SQL | undefined {
  if (viewer.administrator) return openTo(viewer);
  return and(
    openTo(viewer),
    or(
      connected(viewer),
      inHeadedUnits(viewer),
      viewer.supervisor ? or(eq(matters.supervised, true), overdueSql(now)) : undefined,
    ),
  );
}

/** Which matters a list shows. */
export interface MatterFilter {
  box: 'mine' | 'involved' | 'supervised';
  /** Ids of matters in which the viewer stands in for somebody now: they count as involved. */
  standingIn?: readonly string[] | undefined;
  process?: string | undefined;
  unit?: string | undefined;
  status?: Status | undefined;
  overdue?: boolean | undefined;
  /** Words that its number, title, content, units or applicant hold. */
  q?: string | undefined;
  /** Where the page before ended: start instant and id. */
  after?: { at: string; id: string } | undefined;
  limit: number;
}

function boxOf(filter: MatterFilter, viewer: Viewer, now: string): SQL | undefined {
  switch (filter.box) {
    case 'mine':
      return eq(matters.applicantId, viewer.id);
    case 'involved':
      // The list is read from those with whom the viewer is connected, see `involving`.
      return undefined;
    case 'supervised':
      // What one sees by office, not because one took part.
      return and(
        openTo(viewer),
        viewer.administrator
          ? undefined
          : (or(inHeadedUnits(viewer), viewer.supervisor ? or(eq(matters.supervised, true), overdueSql(now)) : undefined) ??
              sql`false`),
      );
  }
}

/** Ids of the matters with which somebody is connected or in which they stand in, newest first, in the order of an index. */
function involving(db: Database, viewer: Viewer, { standingIn = [], after }: MatterFilter) {
  const { matterId: id, personId, startedAt } = matterPeople;
  const own = db
    .selectDistinct({ startedAt, id })
    .from(matterPeople)
    .where(and(eq(personId, viewer.id), after === undefined ? undefined : beyond(startedAt, id, after)));
  if (standingIn.length === 0) return own.orderBy(desc(startedAt), desc(id)).as('involving');
  const others = db
    .select({ startedAt: matters.startedAt, id: matters.id })
    .from(matters)
    .where(inArray(matters.id, [...standingIn]));
  return own.union(others).as('involving');
}

/** That a row comes after the last one of the page before, in a list with the newest first. */
function beyond(at: SQLWrapper, id: SQLWrapper, after: { at: string; id: string }): SQL {
  return sql`(${at}, ${id}) < (${after.at}::timestamptz, ${after.id})`;
}

/** A page of matters, newest first. One row more than asked for tells that there is a next page. */
export async function listMatters(
  db: Database,
  viewer: Viewer,
  filter: MatterFilter,
  now: string,
): Promise<(MatterHead & { tasks: Matter['tasks'] })[]> {
  const { after, q } = filter;
  const where = and(
    boxOf(filter, viewer, now),
    filter.process === undefined ? undefined : eq(matters.processId, filter.process),
    filter.unit === undefined ? undefined : eq(matters.unitId, filter.unit),
    filter.status === undefined ? undefined : eq(matters.status, filter.status),
    filter.overdue === undefined ? undefined : filter.overdue ? lateSql(now) : sql`not ${lateSql(now)}`,
    q === undefined ? undefined : searchSql(q),
    after === undefined ? undefined : beyond(matters.startedAt, matters.id, after),
  );
  const shown = db.select({ ...listedHead, tasks: openTasks }).from(matters);
  if (filter.box !== 'involved') {
    return shown
      .where(where)
      .orderBy(desc(matters.startedAt), desc(matters.id))
      .limit(filter.limit + 1);
  }
  const theirs = involving(db, viewer, filter);
  return shown
    .innerJoin(theirs, eq(theirs.id, matters.id))
    .where(where)
    .orderBy(desc(theirs.startedAt), desc(theirs.id))
    .limit(filter.limit + 1);
}

/** The tasks that a person acted on or handed on, newest first. What is still to be done: todo.ts. */
export async function listDone(
  db: Database,
  person: string,
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<ListedTask[]> {
  const { after } = page;
  const { closedAt, taskId } = taskPeople;
  return db
    .select({ task: tasks, matter: listedMatter })
    .from(taskPeople)
    .innerJoin(tasks, eq(tasks.id, taskId))
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .where(
      and(
        eq(taskPeople.personId, person),
        // In the words of the partial index.
        sql`${closedAt} is not null`,
        after === undefined ? undefined : sql`(${closedAt}, ${taskId}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(closedAt), desc(taskId))
    .limit(page.limit);
}

/** Ids of matters that Temporal should be running, in pages, for the reconciliation. */
export async function openMatters(
  db: Database,
  afterId: string,
  limit: number,
): Promise<Pick<MatterRow, 'id' | 'no' | 'processId' | 'sequence'>[]> {
  return db
    .select({ id: matters.id, no: matters.no, processId: matters.processId, sequence: matters.sequence })
    .from(matters)
    .where(and(inArray(matters.status, OPEN), gt(matters.id, afterId)))
    .orderBy(asc(matters.id))
    .limit(limit);
}

/** What is overdue, and with whom it lies. */
import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Database } from './client.ts';
import { awaited, inHeadedUnits, lateSql, listedHead, type MatterHead, OPEN, type TaskRow } from './matters.ts';
import { matters, taskPeople, tasks } from './schema/index.ts';

/** Which overdue tasks a supervisor asks for. */
export interface OverdueFilter {
  unit?: string | undefined;
  process?: string | undefined;
  person?: string | undefined;
  after?: { at: string; id: string } | undefined;
  limit: number;
}

/** Tasks that lie with people of the units that the viewer heads, in SQL. */
function heldInUnits(viewer: Viewer): SQL | undefined {
  if (viewer.headedUnits.length === 0) return undefined;
  return sql`exists (select 1 from ${taskPeople} join people on people.id = ${taskPeople.personId}
    where ${taskPeople.taskId} = ${tasks.id} and ${inArray(sql`people.unit`, viewer.headedUnits)})`;
}

/**
 * Open tasks that are overdue themselves or whose matter is, longest overdue first, with who holds them: in the whole school, or
 * for the head of a unit what it applied for and what it holds.
 */
export async function listOverdue(
  db: Database,
  viewer: Viewer,
  filter: OverdueFilter,
  now: string,
): Promise<{ task: TaskRow; matter: MatterHead }[]> {
  // The same rule as `overdueSince` in the machine.
  const due = sql`case when ${lateSql(now)} then least(${tasks.dueAt}, ${matters.dueAt}) else ${tasks.dueAt} end`;
  const { after, unit, person } = filter;
  const holdsIt = (condition: SQL) =>
    sql`exists (select 1 from ${taskPeople} where ${taskPeople.taskId} = ${tasks.id} and ${condition})`;
  return db
    .select({ task: tasks, matter: listedHead })
    .from(tasks)
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .where(
      and(
        eq(tasks.status, 'open'),
        awaited,
        inArray(matters.status, OPEN),
        sql`${due} < ${now}::timestamptz`,
        viewer.supervisor || viewer.administrator ? undefined : (or(inHeadedUnits(viewer), heldInUnits(viewer)) ?? sql`false`),
        filter.process === undefined ? undefined : eq(tasks.processId, filter.process),
        unit === undefined
          ? undefined
          : or(
              eq(tasks.unitId, unit),
              holdsIt(sql`${taskPeople.personId} in (select id from people where people.unit = ${unit})`),
            ),
        person === undefined ? undefined : holdsIt(sql`${taskPeople.personId} = ${person}`),
        after === undefined ? undefined : sql`(${due}, ${tasks.id}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(due), asc(tasks.id))
    .limit(filter.limit + 1);
}

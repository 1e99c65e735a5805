/** What lies with people, most urgent first: their own tasks and those of the people for whom somebody might stand in. */
import { and, asc, count, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type ListedTask, listedMatter } from './matters.ts';
import { matters, taskPeople, tasks } from './schema/index.ts';

/**
 * Open and waiting tasks of any of the people, each once. Wider than what a cover may act on: who asks filters with covers.ts.
 * @param page.limit how many rows at most.
 */
export async function listTodo(
  db: Database,
  people: readonly string[],
  box: 'todo' | 'read',
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<ListedTask[]> {
  const { after } = page;
  const theirs = db
    .selectDistinct({ taskId: taskPeople.taskId, dueAt: taskPeople.dueAt })
    .from(taskPeople)
    .where(
      and(
        inArray(taskPeople.personId, [...people]),
        inArray(taskPeople.status, ['open', 'waiting']),
        box === 'read' ? eq(taskPeople.kind, 'read') : sql`${taskPeople.kind} <> 'read'`,
        after === undefined
          ? undefined
          : sql`(${taskPeople.dueAt}, ${taskPeople.taskId}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(taskPeople.dueAt), asc(taskPeople.taskId))
    .limit(page.limit)
    .as('theirs');
  return db
    .select({ task: tasks, matter: listedMatter })
    .from(theirs)
    .innerJoin(tasks, eq(tasks.id, theirs.taskId))
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .orderBy(asc(theirs.dueAt), asc(theirs.taskId));
}

/**
 * How many tasks a person can act on in their own name, or how many they did. Those in which they stand in are not counted, nor
 * those that wait for signers before them, nor those that somebody else has claimed.
 */
export async function countOwn(db: Database, person: string, box: 'todo' | 'read' | 'done'): Promise<number> {
  const which =
    box === 'done'
      ? eq(taskPeople.status, 'done')
      : and(
          eq(taskPeople.status, 'open'),
          box === 'read' ? eq(taskPeople.kind, 'read') : sql`${taskPeople.kind} <> 'read'`,
          or(isNull(tasks.claimedBy), eq(tasks.claimedBy, person)),
        );
  const rows = await db
    .select({ count: count() })
    .from(taskPeople)
    .innerJoin(tasks, eq(tasks.id, taskPeople.taskId))
    .where(and(eq(taskPeople.personId, person), which));
  return rows[0]?.count ?? 0;
}

/** What lies with people, most urgent first: their own tasks and those of the people for whom somebody might stand in. */
import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type Counted, countUpTo } from './counted.ts';
import { type ListedTask, listedMatter } from './matters.ts';
import { matters, taskPeople, tasks } from './schema/index.ts';

/** The rows of a box, in the words of its partial index: one that is written as a parameter would not find it. */
const IN_BOX = {
  todo: sql`closed_at is null and kind <> 'read'`,
  read: sql`closed_at is null and kind = 'read'`,
};

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
  const { after, limit } = page;
  const beyond = after === undefined ? sql`` : sql`and (due_at, task_id) > (${after.at}::timestamptz, ${after.id})`;
  // The most urgent of each person, read in the order of the index; among them are the most urgent of all.
  const theirs = db
    .selectDistinct({ taskId: sql<string>`one.task_id`.as('their_task'), dueAt: sql<string>`one.due_at`.as('their_due') })
    .from(sql`unnest(${sql.param(people)}::text[]) as who (id) cross join lateral (
      select task_id, due_at from ${taskPeople} where person_id = who.id and ${IN_BOX[box]} ${beyond}
      order by due_at, task_id limit ${limit}) as one`)
    .orderBy(sql`2`, sql`1`)
    .limit(limit)
    .as('theirs');
  return db
    .select({ task: tasks, matter: listedMatter })
    .from(theirs)
    .innerJoin(tasks, eq(tasks.id, theirs.taskId))
    .innerJoin(matters, eq(matters.id, tasks.matterId))
    .orderBy(asc(theirs.dueAt), asc(theirs.taskId));
}

/** What {@link countOwn} counts, in the words of the partial indexes. */
const OWN = {
  todo: sql`status = 'open' and kind <> 'read' and (claimed_by is null or claimed_by = person_id)`,
  read: sql`closed_at is null and kind = 'read' and status = 'open' and (claimed_by is null or claimed_by = person_id)`,
  done: sql`closed_at is not null`,
};

/**
 * How many tasks a person can act on in their own name, or how many they did. Those in which they stand in are not counted, nor
 * those that wait for signers before them, nor those that somebody else has claimed.
 */
export function countOwn(db: Database, person: string, box: 'todo' | 'read' | 'done'): Promise<Counted> {
  return countUpTo(db, sql`select 1 from ${taskPeople} where person_id = ${person} and ${OWN[box]}`);
}

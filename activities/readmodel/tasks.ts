/** The tasks' part of the read model: each task, whose it is, from when it counts as overdue, and what became of it. */
import { and, eq, inArray, notInArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { dropOpinionDrafts, moveOpinionDrafts } from '../../db/opinion-drafts.ts';
import { taskPeople, tasks } from '../../db/schema/index.ts';
import { workingMinutesBetween } from '../../definitions/language/calendar.ts';
import { latenessOf, overdueFrom, taskOverdueFrom } from '../../workflows/machine/clock/overdue.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { taskChanges } from '../../workflows/machine/records.ts';
import type { Matter, Task } from '../../workflows/machine/state.ts';
import type { ReadModelInput } from '../readmodel.ts';

/** The statements that keep the tasks of one transition. */
export function writeTasks(tx: Transaction, input: ReadModelInput): Promise<unknown>[] {
  const { matter, events } = input;
  const { open, done, closed, followed } = taskChanges(matter, events);
  const statements = open.length === 0 ? [] : writeOpenTasks(tx, matter, open);
  if (events.some(movesTheClock)) statements.push(...moveOverdue(tx, matter));
  for (const { task, person, coverFor, action, at } of done) {
    const row = { status: 'done' as const, closedAt: at, overdueFrom: null };
    // Who acted may have stood in for somebody, and then the task was not theirs before; it is done by both.
    const doers = coverFor === null ? [person] : [person, coverFor];
    const theirs = (doer: string) =>
      tx
        .select({
          taskId: tasks.id,
          personId: sql<string>`${doer}::text`.as('person_id'),
          status: sql<'done'>`'done'::task_status`.as('status'),
          kind: tasks.kind,
          dueAt: tasks.dueAt,
          closedAt: sql<string>`${at}::timestamptz`.as('closed_at'),
          overdueFrom: sql<null>`null::timestamptz`.as('overdue_from'),
          claimedBy: tasks.claimedBy,
        })
        .from(tasks)
        .where(eq(tasks.id, task));
    statements.push(
      tx
        .update(tasks)
        .set({ ...row, actedBy: person, action, ...handling(input, task, person, at) })
        .where(eq(tasks.id, task)),
      tx.delete(taskPeople).where(and(eq(taskPeople.taskId, task), notInArray(taskPeople.personId, doers))),
      ...doers.map((doer) =>
        tx
          .insert(taskPeople)
          .select(theirs(doer))
          .onConflictDoUpdate({ target: [taskPeople.taskId, taskPeople.personId], set: row }),
      ),
    );
  }
  const first = closed[0];
  if (first !== undefined) {
    const ids = closed.map((one) => one.task);
    statements.push(
      tx
        .update(tasks)
        .set({ status: 'closed', closedAt: first.at, ...NOT_ACTED })
        .where(inArray(tasks.id, ids)),
      tx.delete(taskPeople).where(inArray(taskPeople.taskId, ids)),
    );
  }
  const over = [...done, ...closed].map((one) => one.task);
  statements.push(...followed.map((one) => moveOpinionDrafts(tx, one)));
  if (over.length > 0) statements.push(dropOpinionDrafts(tx, over));
  return statements;
}

const NOT_ACTED = { actedBy: null, action: null, overdueFrom: null, doerUnit: null, workMinutes: null };

/** In which unit somebody acted, and how many minutes of office hours after the task was opened; null for a task of no known opening. */
function handling({ before, outer }: ReadModelInput, task: string, person: string, at: string) {
  const openedAt = before.phase === 'new' ? undefined : before.tasks[task]?.openedAt;
  return {
    doerUnit: outer.directory.people[person]?.unit ?? null,
    workMinutes: openedAt === undefined ? null : Math.floor(workingMinutesBetween(outer.calendar, openedAt, at)),
  };
}

/** Whether an event may change from when a matter, and so its tasks, count as overdue. */
function movesTheClock({ type, facts }: MatterEvent): boolean {
  return type === 'ClockStopped' || type === 'ClockResumed' || (type === 'DueChanged' && facts.visit === null);
}

/** Notes anew from when the open tasks of a matter count as overdue. */
function moveOverdue(tx: Transaction, matter: Matter): Promise<unknown>[] {
  const from = overdueFrom(latenessOf(matter));
  const ids = Object.values(matter.tasks).flatMap((task) => (taskOverdueFrom(task, from) === null ? [] : [task.id]));
  if (ids.length === 0) return [];
  const earlier = (due: typeof tasks.dueAt | typeof taskPeople.dueAt) => sql`least(${due}, ${from}::timestamptz)`;
  return [
    tx
      .update(tasks)
      .set({ overdueFrom: earlier(tasks.dueAt) })
      .where(inArray(tasks.id, ids)),
    tx
      .update(taskPeople)
      .set({ overdueFrom: earlier(taskPeople.dueAt) })
      .where(inArray(taskPeople.taskId, ids)),
  ];
}

/** Writes tasks as they stand now, new or changed: whose they are never changes, since another holder gets another task. */
function writeOpenTasks(tx: Transaction, matter: Matter, open: readonly Task[]): Promise<unknown>[] {
  const matterFrom = overdueFrom(latenessOf(matter));
  const rows = open.map((task) => ({
    id: task.id,
    matterId: matter.id,
    processId: matter.processId,
    unitId: matter.applicant.unit,
    step: task.step,
    name: task.name,
    round: task.round,
    kind: task.kind,
    status: statusOfTask(task),
    assignees: task.assignees,
    openedAt: task.openedAt,
    dueAt: task.due.dueAt,
    yellowAt: task.due.yellowAt,
    orangeAt: task.due.orangeAt,
    explanation: task.due.explanation,
    claimedBy: task.claimedBy,
    overdueFrom: taskOverdueFrom(task, matterFrom),
  }));
  const seats = open.flatMap((task) =>
    task.assignees.map((one) => ({
      taskId: task.id,
      personId: one.id,
      status: statusOfTask(task),
      kind: task.kind,
      dueAt: task.due.dueAt,
      overdueFrom: taskOverdueFrom(task, matterFrom),
      claimedBy: task.claimedBy,
    })),
  );
  const statements: Promise<unknown>[] = [
    tx
      .insert(tasks)
      .values(rows)
      .onConflictDoUpdate({
        target: tasks.id,
        set: {
          status: sql`excluded.status`,
          dueAt: sql`excluded.due_at`,
          yellowAt: sql`excluded.yellow_at`,
          orangeAt: sql`excluded.orange_at`,
          explanation: sql`excluded.explanation`,
          claimedBy: sql`excluded.claimed_by`,
          overdueFrom: sql`excluded.overdue_from`,
        },
      }),
  ];
  if (seats.length === 0) return statements;
  statements.push(
    tx
      .insert(taskPeople)
      .values(seats)
      .onConflictDoUpdate({
        target: [taskPeople.taskId, taskPeople.personId],
        set: {
          status: sql`excluded.status`,
          dueAt: sql`excluded.due_at`,
          overdueFrom: sql`excluded.overdue_from`,
          claimedBy: sql`excluded.claimed_by`,
        },
      }),
  );
  return statements;
}

function statusOfTask(task: Task): 'waiting' | 'open' {
  return task.waiting ? 'waiting' : 'open';
}

/** The record (events) and the read model that is made from it. One writer: `activities/transact.ts`. */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import type { Assignee } from '../../workflows/machine/state.ts';
import type { Listed } from '../../workflows/machine/telling/listed.ts';
import { PARTICIPATIONS, STATUSES, TASK_KINDS, TASK_STATUSES } from '../../workflows/machine/words.ts';
import { instant, json, matterState } from './columns.ts';

export const matterStatus = pgEnum('matter_status', STATUSES);
export const taskKind = pgEnum('task_kind', TASK_KINDS);
export const taskStatus = pgEnum('task_status', TASK_STATUSES);
export const participation = pgEnum('participation', PARTICIPATIONS);
export const actorKind = pgEnum('actor_kind', ['person', 'clock', 'matter']);

/** The record: one row an event, hash-chained. Rows are never changed; a trigger refuses it. */
export const events = pgTable(
  'events',
  {
    matterId: text('matter_id').notNull(),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    type: text('type').notNull(),
    actorKind: actorKind('actor_kind').notNull(),
    actorId: text('actor_id'),
    commandId: text('command_id').notNull(),
    facts: json<JsonObject>('facts').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.sequence] })],
);

/** One row a matter, made from its events. `state` is their fold. */
export const matters = pgTable(
  'matters',
  {
    id: text('id').primaryKey(),
    no: text('no').notNull(),
    processId: text('process_id').notNull(),
    version: integer('version').notNull(),
    title: text('title').notNull(),
    applicantId: text('applicant_id').notNull(),
    unitId: text('unit_id').notNull(),
    status: matterStatus('status').notNull(),
    startedAt: instant('started_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    endedAt: instant('ended_at'),
    dueAt: instant('due_at').notNull(),
    yellowAt: instant('yellow_at').notNull(),
    orangeAt: instant('orange_at').notNull(),
    supervised: boolean('supervised').notNull(),
    /** Ids of people who may not see it, whatever their office. */
    keptOut: text('kept_out').array().notNull().default([]),
    /** From when its own limit counts as overrun: its due date while its clock runs, or when it ended late; null else. */
    overdueFrom: instant('overdue_from'),
    /** How often it was sent back to its applicant, and how often it was returned at all. */
    corrections: integer('corrections').notNull().default(0),
    returns: integer('returns').notNull().default(0),
    register: json<Record<string, Json>>('register').notNull(),
    sequence: integer('sequence').notNull(),
    lastHash: text('last_hash').notNull(),
    /** The matter that started this one. */
    parentId: text('parent_id'),
    state: matterState('state').notNull(),
    /** What lists show of the state, beside it: to read one value of a state takes as long as to read all of it. */
    listed: json<Listed>('listed').notNull(),
  },
  (table) => [
    uniqueIndex('matters_no').on(table.no),
    index('matters_process').on(table.processId, table.startedAt),
    index('matters_unit').on(table.unitId, table.startedAt),
    index('matters_applicant').on(table.applicantId, table.startedAt),
    index('matters_due').on(table.status, table.dueAt),
    index('matters_started').on(table.startedAt, table.id),
    index('matters_parent').on(table.parentId),
    index('matters_kept_out').using('gin', table.keptOut).where(sql`kept_out <> '{}'`),
  ],
);

/** Who is connected with a matter, and so may see it. */
export const matterPeople = pgTable(
  'matter_people',
  {
    matterId: text('matter_id').notNull(),
    personId: text('person_id').notNull(),
    participation: participation('participation').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.matterId, table.personId, table.participation] }),
    index('matter_people_person').on(table.personId, table.startedAt, table.matterId),
  ],
);

/** One row a task, also after it is done. */
export const tasks = pgTable(
  'tasks',
  {
    id: text('id').primaryKey(),
    matterId: text('matter_id').notNull(),
    processId: text('process_id').notNull(),
    unitId: text('unit_id').notNull(),
    step: text('step').notNull(),
    name: text('name').notNull(),
    round: integer('round').notNull(),
    kind: taskKind('kind').notNull(),
    status: taskStatus('status').notNull(),
    assignees: json<Assignee[]>('assignees').notNull(),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    dueAt: instant('due_at').notNull(),
    yellowAt: instant('yellow_at').notNull(),
    orangeAt: instant('orange_at').notNull(),
    explanation: json<string[]>('explanation').notNull(),
    /** Who of several assignees has claimed it. */
    claimedBy: text('claimed_by'),
    /** From when it, or its matter, counts as overdue; null once it has ended, and for what nobody waits for. */
    overdueFrom: instant('overdue_from'),
    /** The unit of who acted, and how many minutes of office hours lay between opening and act. */
    doerUnit: text('doer_unit'),
    workMinutes: integer('work_minutes'),
    /** Who acted, and what they did. */
    actedBy: text('acted_by'),
    action: text('action'),
  },
  (table) => [
    index('tasks_matter').on(table.matterId),
    index('tasks_step').on(table.processId, table.step),
    // What is overdue, the latest first: in the whole school, by the applicant's unit, by process.
    index('tasks_overdue').on(table.overdueFrom, table.id).where(sql`status = 'open' and overdue_from is not null`),
    index('tasks_overdue_unit')
      .on(table.unitId, table.overdueFrom, table.id)
      .where(sql`status = 'open' and overdue_from is not null`),
    index('tasks_overdue_process')
      .on(table.processId, table.overdueFrom, table.id)
      .where(sql`status = 'open' and overdue_from is not null`),
  ],
);

/** Whose task it is: the to-do list reads here. `done` only for who acted. */
export const taskPeople = pgTable(
  'task_people',
  {
    taskId: text('task_id').notNull(),
    personId: text('person_id').notNull(),
    status: taskStatus('status').notNull(),
    kind: taskKind('kind').notNull(),
    dueAt: instant('due_at').notNull(),
    closedAt: instant('closed_at'),
    /** As in the task. */
    overdueFrom: instant('overdue_from'),
    claimedBy: text('claimed_by'),
  },
  // Each box is read in the order of its index, so that a page takes as long in a full box as in an empty one.
  (table) => [
    primaryKey({ columns: [table.taskId, table.personId] }),
    index('task_people_todo').on(table.personId, table.dueAt, table.taskId).where(sql`closed_at is null and kind <> 'read'`),
    index('task_people_read').on(table.personId, table.dueAt, table.taskId).where(sql`closed_at is null and kind = 'read'`),
    index('task_people_done').on(table.personId, table.closedAt, table.taskId).where(sql`closed_at is not null`),
    index('task_people_overdue')
      .on(table.personId, table.overdueFrom, table.taskId)
      .where(sql`status = 'open' and overdue_from is not null`),
    // What somebody can act on in their own name, to be counted.
    index('task_people_own')
      .on(table.personId)
      .where(sql`status = 'open' and kind <> 'read' and (claimed_by is null or claimed_by = person_id)`),
  ],
);

/** Commands that were committed: the same id counts once. */
export const commands = pgTable('commands', {
  id: text('id').primaryKey(),
  matterId: text('matter_id').notNull(),
  type: text('type').notNull(),
  personId: text('person_id'),
  bodyHash: text('body_hash'),
  lastSequence: integer('last_sequence').notNull(),
  at: instant('at').notNull(),
});

/** Last serial of a series in a year; a row, not a sequence, so that a rollback leaves no gap. */
export const numbers = pgTable(
  'numbers',
  { series: text('series').notNull(), year: integer('year').notNull(), last: integer('last').notNull() },
  (table) => [primaryKey({ columns: [table.series, table.year] })],
);

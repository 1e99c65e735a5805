/** What is measured: the functions that the API calls, each beside the plain query that would give the same. */
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { listLedger } from '../../db/ledger.ts';
import { listDone, listMatters } from '../../db/matters.ts';
import { countOverdue, listOverdue } from '../../db/overdue.ts';
import { listRegister } from '../../db/registers.ts';
import { countedMatters, countedPeople, countedSteps } from '../../db/statistics.ts';
import { countOwn, listTodo } from '../../db/todo.ts';
import type { Viewer } from '../../workflows/machine/people/rights.ts';
import { BUSY, NOW, RARE_WORD } from './fill.ts';

/** One measured query. */
export interface Measured {
  name: string;
  /** Milliseconds that its 99th percentile is to stay below; none where the issue names none. */
  goal?: number;
  run(db: Database): Promise<unknown>;
  /** The plain way to the same answer: over all rows, as one would write it first. */
  naive?: SQL;
}

const PAGE = 50;
const nobody: Viewer = {
  id: BUSY,
  name: '',
  unit: 'u-office',
  roles: [],
  headedUnits: [],
  supervisor: false,
  administrator: false,
};
const supervisor: Viewer = { ...nobody, id: 'p-bench-1', supervisor: true };
const head: Viewer = { ...nobody, headedUnits: ['u-office'] };
const year = { from: '2025-07-01', to: '2026-06-01' };

const lateTasks = sql`from tasks join matters on matters.id = tasks.matter_id where tasks.status = 'open' and tasks.step not in ('circulation', 'advice')
  and matters.status in ('open', 'suspended') and least(tasks.due_at, matters.due_at) < ${NOW}::timestamptz`;
const busyTasks = sql`from task_people join tasks on tasks.id = task_people.task_id join matters on matters.id = tasks.matter_id
  where person_id = ${BUSY} and task_people.status in ('open', 'waiting') and (tasks.claimed_by is null or tasks.claimed_by = person_id)`;
const ended = (
  key: SQL,
) => sql`select ${key}, count(*), count(*) filter (where ended_at <= due_at), count(*) filter (where returns > 0),
  count(*) filter (where corrections = 0) from matters where ended_at >= '2025-06-30T16:00:00Z' group by 1`;
const handled = (key: SQL) => sql`select ${key}, count(*), percentile_cont(array[0.5, 0.9]) within group (order by work_minutes)
  from tasks where status = 'done' and closed_at >= '2025-06-30T16:00:00Z' group by ${key}`;

/** All of them. */
export const MEASURED: readonly Measured[] = [
  { name: 'nothing (select 1): the noise of the machine', run: (db) => db.execute(sql`select 1`) },
  {
    name: 'overdue page, whole school',
    goal: 5,
    run: (db) => listOverdue(db, supervisor, { limit: PAGE }, NOW),
    naive: sql`select tasks.*, matters.no, matters.title ${lateTasks} order by least(tasks.due_at, matters.due_at), tasks.id limit 51`,
  },
  {
    name: 'overdue page, later one',
    goal: 5,
    run: (db) => listOverdue(db, supervisor, { limit: PAGE, after: { at: '2026-06-14T02:00:00.000Z', id: '' } }, NOW),
  },
  {
    name: 'overdue page, one process',
    goal: 5,
    run: (db) => listOverdue(db, supervisor, { limit: PAGE, process: 'seal-use' }, NOW),
  },
  { name: 'overdue page, head of a unit', run: (db) => listOverdue(db, head, { limit: PAGE }, NOW) },
  { name: 'overdue page, one person', goal: 5, run: (db) => listOverdue(db, supervisor, { limit: PAGE, person: BUSY }, NOW) },
  {
    name: 'overdue count',
    goal: 20,
    run: (db) => countOverdue(db, supervisor, {}, NOW),
    naive: sql`select count(*) ${lateTasks}`,
  },
  {
    name: 'to-do list, busiest person',
    goal: 5,
    run: (db) => listTodo(db, [BUSY], 'todo', { limit: PAGE + 1 }),
    naive: sql`select tasks.*, matters.no, matters.title, matters.state ${busyTasks} order by task_people.due_at, task_id limit 51`,
  },
  {
    name: 'to-do list, with two stood in for',
    run: (db) => listTodo(db, [BUSY, 'p-bench-2', 'p-bench-3'], 'todo', { limit: PAGE + 1 }),
  },
  {
    name: 'to-do count, busiest person',
    goal: 20,
    run: (db) => countOwn(db, BUSY, 'todo'),
    naive: sql`select count(*) ${busyTasks}`,
  },
  { name: 'done list', run: (db) => listDone(db, 'p-bench-2', { limit: PAGE + 1 }) },
  {
    name: 'statistics by process',
    goal: 100,
    run: (db) => countedMatters(db, 'process', year),
    naive: ended(sql`process_id`),
  },
  { name: 'statistics by unit', goal: 100, run: (db) => countedMatters(db, 'unit', year), naive: ended(sql`unit_id`) },
  {
    name: 'statistics by month',
    goal: 100,
    run: (db) => countedMatters(db, 'month', year),
    naive: ended(sql`date_trunc('month', ended_at at time zone 'Asia/Shanghai')`),
  },
  { name: 'statistics by step', goal: 100, run: (db) => countedSteps(db, year), naive: handled(sql`process_id, step`) },
  {
    name: 'statistics by person, a page',
    goal: 100,
    run: (db) => countedPeople(db, year, { after: undefined, limit: PAGE }),
    naive: handled(sql`acted_by`),
  },
  {
    name: 'statistics of one unit by process',
    goal: 100,
    run: (db) => countedMatters(db, 'process', { ...year, units: ['u-office'] }),
  },
  { name: 'matters, mine', run: (db) => listMatters(db, nobody, { box: 'mine', limit: PAGE }, NOW) },
  {
    name: 'matters, involved',
    run: (db) => listMatters(db, { ...nobody, id: 'p-bench-2' }, { box: 'involved', limit: PAGE }, NOW),
  },
  { name: 'matters, supervised', run: (db) => listMatters(db, supervisor, { box: 'supervised', limit: PAGE }, NOW) },
  {
    name: 'matters found by a rare word',
    run: (db) => listMatters(db, supervisor, { box: 'supervised', q: RARE_WORD, limit: PAGE }, NOW),
    naive: sql`select id, title from matters where title like ${`%${RARE_WORD}%`} order by started_at desc limit 51`,
  },
  {
    name: 'ledger page',
    run: (db) => listLedger(db, supervisor, { view: 'supervised', standingIn: [], after: undefined, limit: PAGE }, NOW),
  },
  {
    name: 'register page',
    run: (db) => listRegister(db, supervisor, { process: 'instruction-follow-up', limit: PAGE }, NOW),
    naive: sql`select register from matters where process_id = 'instruction-follow-up' order by started_at, id limit 51 offset 1000`,
  },
];

/** Answers what a definition wants to know of other matters before it accepts a form. */
import { and, eq, gte, ne, sql } from 'drizzle-orm';
import type { Fact, Read } from '../definitions/language/context.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Load } from '../workflows/machine/people/allocate.ts';
import type { Database, Transaction } from './client.ts';
import { matters, taskPeople, tasks } from './schema/index.ts';

/** More reads than this in one definition are a mistake. */
const READS_LIMIT = 20;

/**
 * Answers all reads, by the name each is asked under.
 * @param matterId the matter that asks, which is not like itself: it asks again when its form is corrected.
 */
export async function answerReads(
  db: Database | Transaction,
  reads: readonly Read[],
  matterId: string | null,
): Promise<Record<string, Fact>> {
  if (reads.length > READS_LIMIT) throw new Error(`A definition asks for ${reads.length} facts; at most ${READS_LIMIT}`);
  const answers = await Promise.all(reads.map(async (read) => [read.as, await answer(db, read, matterId)] as const));
  return Object.fromEntries(answers);
}

async function answer(db: Database | Transaction, read: Read, matterId: string | null): Promise<Fact> {
  if (read.kind === 'matter') return matterFact(db, read.no);
  const amount = read.sum === undefined ? sql`0` : sql`coalesce((${matters.state}->'form'->>${read.sum})::bigint, 0)`;
  const rows = await db
    .select({
      count: sql<number>`count(*)::int`,
      sum: sql<string>`coalesce(sum(${amount}), 0)::text`,
      latest: sql<string | null>`max(${matters.no})`,
    })
    .from(matters)
    .where(
      and(
        eq(matters.processId, read.processId),
        matterId === null ? undefined : ne(matters.id, matterId),
        gte(matters.startedAt, read.since),
        read.openOnly === true
          ? sql`${matters.status} in ('open', 'suspended')`
          : sql`${matters.status} not in ('rejected', 'withdrawn', 'terminated')`,
        sql`${matters.state}->'form'->>${read.field} = ${read.value}`,
        read.also === undefined ? undefined : sql`${matters.state}->'form'->>${read.also.field} = ${read.also.value}`,
      ),
    );
  const found = rows[0];
  return { kind: 'similar', count: found?.count ?? 0, sum: Number(found?.sum ?? 0), latest: found?.latest ?? null };
}

async function matterFact(db: Database | Transaction, no: string): Promise<Fact> {
  const rows = await db
    .select({
      no: matters.no,
      processId: matters.processId,
      status: matters.status,
      title: matters.title,
      applicant: matters.applicantId,
      unit: matters.unitId,
      form: sql<JsonObject>`${matters.state}->'form'`,
      done: sql<
        string[]
      >`(select coalesce(jsonb_agg(distinct visit.value->>'step'), '[]') from jsonb_each(${matters.state}->'visits') visit
        where visit.value->>'outcome' in ('agreed', 'completed', 'read') and not (visit.value->>'superseded')::boolean)`,
    })
    .from(matters)
    .where(eq(matters.no, no));
  const row = rows[0];
  return row === undefined ? { kind: 'matter', found: false } : { kind: 'matter', found: true, ...row };
}

/**
 * How much each person has to do: tasks that are open or waiting, of every process, and when they last got one of this process.
 * Read for definitions that give a step to one of several people.
 */
export async function workloads(db: Database | Transaction, processId: string): Promise<Record<string, Load>> {
  const rows = await db
    .select({
      person: taskPeople.personId,
      open: sql<number>`count(*) filter (where ${taskPeople.status} in ('open', 'waiting'))::int`,
      lastAt: sql<string | null>`max(${tasks.openedAt}) filter (where ${tasks.processId} = ${processId})`,
    })
    .from(taskPeople)
    .innerJoin(tasks, eq(tasks.id, taskPeople.taskId))
    .groupBy(taskPeople.personId);
  return Object.fromEntries(
    rows.map(({ person, open, lastAt }) => [person, { open, lastAt: lastAt === null ? null : new Date(lastAt).toISOString() }]),
  );
}

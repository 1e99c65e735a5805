/** Topics 专项 with their matters, and who watches 关注 what. Each change is written with its entry of the office journal. */
import { and, asc, count, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Database, Transaction } from './client.ts';
import { appendTo, type JournalEntry } from './journal.ts';
import { ledger, topicMatters, topics, watches } from './schema/index.ts';

export type TopicRow = typeof topics.$inferSelect;

/** A topic with how many matters it has, and how many of them have ended. */
export interface ListedTopic extends TopicRow {
  matters: number;
  finished: number;
}

const columns = {
  id: topics.id,
  name: topics.name,
  supervisor: topics.supervisor,
  basis: topics.basis,
  startedOn: topics.startedOn,
  closedOn: topics.closedOn,
  inspectEveryMonths: topics.inspectEveryMonths,
  nextInspectionOn: topics.nextInspectionOn,
  milestones: topics.milestones,
  // Written out: a select from one table leaves the tables of columns unsaid, and here there are three.
  matters: sql<number>`(select count(*)::int from topic_matters where topic_matters.topic_id = topics.id)`,
  finished: sql<number>`(select count(*)::int from topic_matters join ledger on ledger.matter_id = topic_matters.matter_id
    where topic_matters.topic_id = topics.id and ledger.ended_at is not null)`,
};

/** Topics that a person may see: overseers all; others those that they supervise, or whose matters they see. */
function visibleTopics(viewer: Viewer): SQL | undefined {
  if (viewer.supervisor || viewer.administrator) return undefined;
  const units = sql`${sql.param(viewer.headedUnits)}::text[]`;
  return sql`(topics.supervisor = ${viewer.id} or exists (select 1 from topic_matters
    join ledger on ledger.matter_id = topic_matters.matter_id
    where topic_matters.topic_id = topics.id and (ledger.leader = ${viewer.id} or ledger.responsible = ${viewer.id}
      or ledger.lead_unit = any(${units}) or ledger.assist_units && ${units})))`;
}

/** A page of topics by their ids, one more than asked for. */
export async function listTopics(
  db: Database,
  viewer: Viewer,
  filter: { open?: boolean | undefined; after?: string | undefined; limit: number },
): Promise<ListedTopic[]> {
  const { open, after } = filter;
  return db
    .select(columns)
    .from(topics)
    .where(
      and(
        visibleTopics(viewer),
        open === undefined ? undefined : open ? isNull(topics.closedOn) : isNotNull(topics.closedOn),
        after === undefined ? undefined : sql`${topics.id} > ${after}`,
      ),
    )
    .orderBy(asc(topics.id))
    .limit(filter.limit + 1);
}

/** A topic that the viewer may see, or null. */
export async function topicById(db: Database, viewer: Viewer, id: string): Promise<ListedTopic | null> {
  const rows = await db
    .select(columns)
    .from(topics)
    .where(and(eq(topics.id, id), visibleTopics(viewer)));
  return rows[0] ?? null;
}

/** Whether there is such a topic. */
export async function topicExists(db: Database, id: string): Promise<boolean> {
  const rows = await db.select({ count: count() }).from(topics).where(eq(topics.id, id));
  return (rows[0]?.count ?? 0) > 0;
}

/** Names of topics by id. */
export async function topicNames(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: topics.id, name: topics.name })
    .from(topics)
    .where(inArray(topics.id, [...ids]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Makes a topic; one with the same id, from the same request sent again, stays as it is. */
export async function addTopic(db: Database, topic: TopicRow, entry: JournalEntry): Promise<void> {
  await db.transaction(async (tx) => {
    const result = await tx.insert(topics).values(topic).onConflictDoNothing();
    if (result.count > 0) await appendTo(tx, 'office', entry);
  });
}

/** Changes of a topic that depend on how it stands, under a lock. @returns what `change` returned. */
export async function changeTopic<T>(
  db: Database,
  id: string,
  change: (tx: Transaction, topic: TopicRow) => Promise<{ entry: JournalEntry | null; result: T }>,
): Promise<T | null> {
  return db.transaction(async (tx) => {
    const [topic] = await tx.select().from(topics).where(eq(topics.id, id)).for('update');
    if (topic === undefined) return null;
    const { entry, result } = await change(tx, topic);
    if (entry !== null) await appendTo(tx, 'office', entry);
    return result;
  });
}

/** Writes what of a topic changes. */
export async function updateTopic(tx: Transaction, id: string, set: Partial<TopicRow>): Promise<void> {
  if (Object.keys(set).length > 0) await tx.update(topics).set(set).where(eq(topics.id, id));
}

/** Supervised matters by number, with their ids; numbers that name none are absent. */
export async function supervisedByNo(db: Database | Transaction, numbers: readonly string[]): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await db
    .select({ no: ledger.no, id: ledger.matterId })
    .from(ledger)
    .where(inArray(ledger.no, [...numbers]));
  return new Map(rows.map(({ no, id }) => [no, id]));
}

/** Puts matters into a topic; those in it stay as they are. */
export async function putIntoTopic(
  tx: Transaction,
  topicId: string,
  matterIds: readonly string[],
  by: { person: string; at: string },
): Promise<void> {
  const rows = matterIds.map((matterId) => ({ topicId, matterId, addedBy: by.person, addedAt: by.at }));
  if (rows.length > 0) await tx.insert(topicMatters).values(rows).onConflictDoNothing();
}

/** Takes a matter out of a topic. @returns whether it was in it. */
export async function takeOutOfTopic(tx: Transaction, topicId: string, matterId: string): Promise<boolean> {
  const result = await tx.delete(topicMatters).where(and(eq(topicMatters.topicId, topicId), eq(topicMatters.matterId, matterId)));
  return result.count > 0;
}

/** How many matters a topic has. */
export async function countTopicMatters(tx: Transaction, topicId: string): Promise<number> {
  const rows = await tx.select({ count: count() }).from(topicMatters).where(eq(topicMatters.topicId, topicId));
  return rows[0]?.count ?? 0;
}

/** Begins or ends watching a matter. Only what changes something stands in the journal. */
export async function setWatch(
  db: Database,
  matterId: string,
  watching: boolean,
  entry: JournalEntry & { person: string },
): Promise<void> {
  const { person, at } = entry;
  await db.transaction(async (tx) => {
    const result = watching
      ? await tx.insert(watches).values({ personId: person, matterId, since: at }).onConflictDoNothing()
      : await tx.delete(watches).where(and(eq(watches.personId, person), eq(watches.matterId, matterId)));
    if (result.count > 0) await appendTo(tx, 'office', entry);
  });
}

/** Inspections 督查 as they are kept: rounds and spot checks, what was found, objections, accountability. */
import { and, asc, desc, eq, exists, inArray, isNull, notExists, type SQL, sql } from 'drizzle-orm';
import type { SupervisionSource } from '../definitions/language/supervision.ts';
import type { InspectionKind, InspectionResult } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';
import { OPEN } from './matters.ts';
import { inspectionItems, inspections, ledger, topicMatters, topics } from './schema/index.ts';

export type InspectionRow = typeof inspections.$inferSelect;
export type InspectionItemRow = typeof inspectionItems.$inferSelect;
export type TopicRow = typeof topics.$inferSelect;

/** Which open items an inspection is over. All that are supervised where nothing is named. */
export interface InspectionCriteria {
  topic?: string | undefined;
  source?: SupervisionSource | undefined;
  unit?: string | undefined;
  leader?: string | undefined;
}

/** Topics read at once. */
const TOPICS_MAX = 1_000;

/** At most this many items in one inspection. */
export const POPULATION_MAX = 5_000;

/** One item of a population. */
export interface PopulationItem {
  matterId: string;
  no: string;
  leadUnit: string | null;
}

/** The open supervised items of a filter, in the order of their numbers; one more than allowed tells that there are too many. */
export async function populationOf(db: Database | Transaction, criteria: InspectionCriteria): Promise<PopulationItem[]> {
  const { topic, source, unit, leader } = criteria;
  return db
    .select({ matterId: ledger.matterId, no: ledger.no, leadUnit: ledger.leadUnit })
    .from(ledger)
    .where(
      and(
        inArray(ledger.status, OPEN),
        topic === undefined ? undefined : inTopic(db, topic),
        source === undefined ? undefined : eq(ledger.source, source),
        unit === undefined ? undefined : eq(ledger.leadUnit, unit),
        leader === undefined ? undefined : eq(ledger.leader, leader),
      ),
    )
    .orderBy(asc(ledger.no))
    .limit(POPULATION_MAX + 1);
}

function inTopic(db: Database | Transaction, topic: string): SQL {
  return exists(
    db
      .select({ one: sql`1` })
      .from(topicMatters)
      .where(and(eq(topicMatters.topicId, topic), eq(topicMatters.matterId, ledger.matterId))),
  );
}

/** What is opened. */
export interface NewInspection {
  id: string;
  kind: InspectionKind;
  title: (round: number) => string;
  topicId: string | null;
  criteria: InspectionCriteria;
  population: readonly string[];
  seed: string | null;
  items: readonly PopulationItem[];
  openedBy: string | null;
  openedAt: string;
  dueOn: string;
}

/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const ROWS_AT_ONCE = 1_000;

/** Opens an inspection with its items; its number follows the last of its kind and topic. */
export async function insertInspection(tx: Transaction, made: NewInspection): Promise<InspectionRow> {
  const { kind, topicId } = made;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`inspections:${kind}:${topicId ?? ''}`}, 0))`);
  const round = ((await lastOf(tx, kind, topicId))?.round ?? 0) + 1;
  const [row] = await tx
    .insert(inspections)
    .values({
      id: made.id,
      kind,
      title: made.title(round),
      topicId,
      round,
      criteria: Object.fromEntries(Object.entries(made.criteria).filter(([, value]) => value !== undefined)),
      seed: made.seed,
      population: [...made.population],
      sampleSize: kind === 'spot-check' ? made.items.length : null,
      openedBy: made.openedBy,
      openedAt: made.openedAt,
      dueOn: made.dueOn,
    })
    .returning();
  if (row === undefined) throw new Error(`Inspection ${made.id} was not inserted`);
  for (let from = 0; from < made.items.length; from += ROWS_AT_ONCE) {
    await tx.insert(inspectionItems).values(
      made.items.slice(from, from + ROWS_AT_ONCE).map(({ matterId, no, leadUnit }) => ({
        inspectionId: made.id,
        matterId,
        no,
        leadUnit,
        result: 'pending' as const,
        evidence: [],
        failuresOnEnd: 0,
      })),
    );
  }
  return row;
}

/** The latest inspection of a kind and topic, or null. */
export async function lastOf(
  db: Database | Transaction,
  kind: InspectionKind,
  topicId: string | null,
): Promise<InspectionRow | null> {
  const rows = await db
    .select()
    .from(inspections)
    .where(and(eq(inspections.kind, kind), topicId === null ? isNull(inspections.topicId) : eq(inspections.topicId, topicId)))
    .orderBy(desc(inspections.round))
    .limit(1);
  return rows[0] ?? null;
}

/** A round of a topic, or over the same criteria where there is no topic, that is still open; or null. */
export async function openRoundOf(
  db: Database | Transaction,
  topicId: string | null,
  criteria: InspectionCriteria,
): Promise<InspectionRow | null> {
  const same =
    topicId === null ? sql`${inspections.criteria} = ${JSON.stringify(criteria)}::jsonb` : eq(inspections.topicId, topicId);
  const rows = await db
    .select()
    .from(inspections)
    .where(and(eq(inspections.kind, 'round'), isNull(inspections.closedAt), same))
    .limit(1);
  return rows[0] ?? null;
}

/** An inspection with how its items stand, or null. */
export async function inspectionById(db: Database | Transaction, id: string): Promise<InspectionRow | null> {
  return (await db.select().from(inspections).where(eq(inspections.id, id)))[0] ?? null;
}

/** How many items of each inspection stand how. */
export async function resultCounts(
  db: Database,
  ids: readonly string[],
  units: readonly string[] | null,
): Promise<Map<string, Record<InspectionResult, number>>> {
  const found = new Map<string, Record<InspectionResult, number>>(
    ids.map((id) => [id, { pending: 0, passed: 0, failed: 0, excused: 0 }]),
  );
  if (ids.length === 0) return found;
  const rows = await db
    .select({ id: inspectionItems.inspectionId, result: inspectionItems.result, count: sql<number>`count(*)::int` })
    .from(inspectionItems)
    .where(and(inArray(inspectionItems.inspectionId, [...ids]), ofUnits(units)))
    .groupBy(inspectionItems.inspectionId, inspectionItems.result);
  for (const { id, result, count } of rows) {
    const counts = found.get(id);
    if (counts !== undefined) counts[result] = count;
  }
  return found;
}

/** Items of some units; of all for null, of none for an empty list. */
export function ofUnits(units: readonly string[] | null): SQL | undefined {
  if (units === null) return undefined;
  return units.length === 0 ? sql`false` : inArray(inspectionItems.leadUnit, [...units]);
}

/** Which page of a list. */
export interface Page {
  after?: { at: string; id: string } | undefined;
  limit: number;
}

/** A page of inspections, the latest first; for heads of units those that hold items of theirs. One row more than asked for. */
export async function listInspections(
  db: Database,
  filter: {
    topic?: string | undefined;
    kind?: InspectionKind | undefined;
    open?: boolean | undefined;
    units: readonly string[] | null;
  } & Page,
): Promise<InspectionRow[]> {
  const { topic, kind, open, units, after } = filter;
  const theirs =
    units === null
      ? undefined
      : exists(
          db
            .select({ one: sql`1` })
            .from(inspectionItems)
            .where(and(eq(inspectionItems.inspectionId, inspections.id), ofUnits(units))),
        );
  return db
    .select()
    .from(inspections)
    .where(
      and(
        theirs,
        topic === undefined ? undefined : eq(inspections.topicId, topic),
        kind === undefined ? undefined : eq(inspections.kind, kind),
        open === undefined ? undefined : open ? isNull(inspections.closedAt) : sql`${inspections.closedAt} is not null`,
        after === undefined
          ? undefined
          : sql`(${inspections.openedAt}, ${inspections.id}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(inspections.openedAt), desc(inspections.id))
    .limit(filter.limit + 1);
}

/** Closes an inspection. @returns false when it was closed before. */
export async function closeInspection(tx: Transaction, id: string, at: string): Promise<boolean> {
  const rows = await tx
    .update(inspections)
    .set({ closedAt: at })
    .where(and(eq(inspections.id, id), isNull(inspections.closedAt)))
    .returning({ id: inspections.id });
  return rows.length === 1;
}

/**
 * A topic whose next round is due on a day; the next waits for the end of the one before, and that that is late is told anyway. Held the
 * transaction ends; others leave it alone meanwhile.
 */
export async function topicsDue(tx: Transaction, today: string): Promise<TopicRow[]> {
  const going = tx
    .select({ one: sql`1` })
    .from(inspections)
    .where(and(eq(inspections.topicId, topics.id), eq(inspections.kind, 'round'), isNull(inspections.closedAt)));
  return tx
    .select()
    .from(topics)
    .where(and(isNull(topics.closedOn), sql`${topics.nextInspectionOn} <= ${today}::date`, notExists(going)))
    .orderBy(asc(topics.id))
    .limit(1)
    .for('update', { skipLocked: true });
}

/** Every topic, closed ones too; a school has a few dozen. */
export async function allTopics(db: Database | Transaction): Promise<TopicRow[]> {
  return db.select().from(topics).orderBy(asc(topics.id)).limit(TOPICS_MAX);
}

/** Sets on which day a topic's next round is opened. */
export async function setNextRound(tx: Transaction, topic: string, on: string): Promise<void> {
  await tx.update(topics).set({ nextInspectionOn: on }).where(eq(topics.id, topic));
}

/** Inspections that are late and of which nobody was told yet; they are marked as told. */
export async function takeLate(
  tx: Transaction,
  today: string,
  at: string,
): Promise<(InspectionRow & { supervisor: string | null })[]> {
  const rows = await tx
    .update(inspections)
    .set({ remindedAt: at })
    .where(and(isNull(inspections.closedAt), isNull(inspections.remindedAt), sql`${inspections.dueOn} < ${today}::date`))
    .returning();
  const supervisors = new Map((await tx.select().from(topics)).map((topic) => [topic.id, topic.supervisor]));
  return rows.map((row) => ({
    ...row,
    supervisor: (row.topicId === null ? null : supervisors.get(row.topicId)) ?? row.openedBy,
  }));
}

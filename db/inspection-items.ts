/** The items of inspections as they are kept: what was found on each, evidence, objections, accountability, and who still fails. */
import { and, asc, desc, eq, gte, ilike, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { AccountabilityMeasure, InspectionResult } from '../workflows/machine/words.ts';
import type { Database, Transaction } from './client.ts';
import { type InspectionItemRow, type InspectionRow, ofUnits, type Page } from './inspections.ts';
import { accountabilities, files, inspectionFiles, inspectionItems, inspections, matters } from './schema/index.ts';

/** An item with its matter's title. */
export type ListedItem = InspectionItemRow & { title: string };

/** A page of an inspection's items in the order of their numbers. */
export async function listItems(
  db: Database,
  inspection: string,
  filter: { result?: InspectionResult | undefined; q?: string | undefined; units: readonly string[] | null } & Page,
): Promise<ListedItem[]> {
  const { result, q, units, after } = filter;
  const pattern = q === undefined ? '' : `%${q.replaceAll(/[\\%_]/g, (found) => `\\${found}`)}%`;
  const rows = await db
    .select({ item: inspectionItems, title: matters.title })
    .from(inspectionItems)
    .innerJoin(matters, eq(matters.id, inspectionItems.matterId))
    .where(
      and(
        eq(inspectionItems.inspectionId, inspection),
        ofUnits(units),
        result === undefined ? undefined : eq(inspectionItems.result, result),
        q === undefined ? undefined : or(ilike(inspectionItems.no, pattern), ilike(matters.title, pattern)),
        after === undefined ? undefined : sql`${inspectionItems.no} > ${after.id}`,
      ),
    )
    .orderBy(asc(inspectionItems.no))
    .limit(filter.limit + 1);
  return rows.map(({ item, title }) => ({ ...item, title }));
}

/** One item of an inspection by its matter's number, held until the transaction ends; or null. */
export async function itemForUpdate(tx: Transaction, inspection: string, no: string): Promise<InspectionItemRow | null> {
  const rows = await tx
    .select()
    .from(inspectionItems)
    .where(and(eq(inspectionItems.inspectionId, inspection), eq(inspectionItems.no, no)))
    .for('update');
  return rows[0] ?? null;
}

/** Changes one item; nothing when nothing of it changes. */
export async function updateItem(tx: Transaction, item: InspectionItemRow, set: Partial<InspectionItemRow>): Promise<void> {
  if (Object.keys(set).length === 0) return;
  await tx
    .update(inspectionItems)
    .set(set)
    .where(and(eq(inspectionItems.inspectionId, item.inspectionId), eq(inspectionItems.matterId, item.matterId)));
}

/** The items of a matter in the inspections of one kind and topic, in the order of their rounds. */
async function seriesOf(tx: Transaction, inspection: InspectionRow, matterId: string): Promise<InspectionItemRow[]> {
  const { kind, topicId } = inspection;
  const rows = await tx
    .select({ item: inspectionItems })
    .from(inspectionItems)
    .innerJoin(inspections, eq(inspections.id, inspectionItems.inspectionId))
    .where(
      and(
        eq(inspectionItems.matterId, matterId),
        eq(inspections.kind, kind),
        topicId === null ? isNull(inspections.topicId) : eq(inspections.topicId, topicId),
      ),
    )
    .orderBy(asc(inspections.round));
  return rows.map((row) => row.item);
}

/**
 * Counts anew in how many rounds on end a matter has failed, in each round of a series: what is found, or an objection that is
 * upheld, in one round changes the rounds behind it.
 * @param next the count after a result, from the count before.
 */
export async function recountFailures(
  tx: Transaction,
  inspection: InspectionRow,
  matterId: string,
  next: (result: InspectionResult, before: number) => number,
): Promise<void> {
  let failures = 0;
  for (const item of await seriesOf(tx, inspection, matterId)) {
    failures = next(item.result, failures);
    if (item.failuresOnEnd !== failures) await updateItem(tx, item, { failuresOnEnd: failures });
  }
}

/** Whether an objection of a matter, in any round of a series, waits for its decision. */
export async function hasOpenObjection(tx: Transaction, inspection: InspectionRow, matterId: string): Promise<boolean> {
  const series = await seriesOf(tx, inspection, matterId);
  return series.some((item) => item.objectedAt !== null && item.objectionDecidedAt === null);
}

/** Of the files, those that a person has uploaded, which they may put to an item. */
export async function ownFiles(db: Database | Transaction, person: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: files.id })
    .from(files)
    .where(and(inArray(files.id, [...ids]), or(eq(files.ownerId, person), isNull(files.ownerId))));
  return new Set(rows.map((row) => row.id));
}

/** Lets whoever may see a matter read evidence that was put to it. */
export async function putEvidence(tx: Transaction, matterId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .insert(inspectionFiles)
    .values(ids.map((fileId) => ({ fileId, matterId })))
    .onConflictDoNothing();
}

/** Excuses items whose matters have ended meanwhile. */
export async function excuseEnded(tx: Transaction, inspection: string, at: string): Promise<void> {
  await tx
    .update(inspectionItems)
    .set({ result: 'excused', finding: '事项已办结', checkedAt: at })
    .where(
      and(
        eq(inspectionItems.inspectionId, inspection),
        eq(inspectionItems.result, 'pending'),
        sql`exists (select 1 from ${matters} where ${matters.id} = ${inspectionItems.matterId} and ${matters.endedAt} is not null)`,
      ),
    );
}

/** How many items nobody has looked at yet. */
export async function pendingItems(tx: Transaction, inspection: string): Promise<number> {
  const rows = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(inspectionItems)
    .where(and(eq(inspectionItems.inspectionId, inspection), eq(inspectionItems.result, 'pending')));
  return rows[0]?.count ?? 0;
}

/** Records a step of accountability. */
export async function insertAccountability(
  tx: Transaction,
  row: {
    inspectionId: string;
    matterId: string;
    unitId: string;
    personId: string;
    measure: AccountabilityMeasure;
    text: string;
    decidedBy: string;
    decidedAt: string;
  },
): Promise<void> {
  await tx.insert(accountabilities).values(row);
}

/** A page of accountability steps, the latest first. */
export async function listAccountabilities(
  db: Database,
  filter: { unit?: string | undefined; units: readonly string[] | null } & Page,
): Promise<(typeof accountabilities.$inferSelect & { no: string; title: string })[]> {
  const { unit, units, after } = filter;
  const within = units === null ? undefined : units.length === 0 ? sql`false` : inArray(accountabilities.unitId, [...units]);
  const rows = await db
    .select({ row: accountabilities, no: matters.no, title: matters.title })
    .from(accountabilities)
    .innerJoin(matters, eq(matters.id, accountabilities.matterId))
    .where(
      and(
        within,
        unit === undefined ? undefined : eq(accountabilities.unitId, unit),
        after === undefined
          ? undefined
          : sql`(${accountabilities.decidedAt}, ${accountabilities.id}) < (${after.at}::timestamptz, ${after.id}::bigint)`,
      ),
    )
    .orderBy(desc(accountabilities.decidedAt), desc(accountabilities.id))
    .limit(filter.limit + 1);
  return rows.map(({ row, no, title }) => ({ ...row, no, title }));
}

/** An item that still fails. */
export interface FailingItem {
  inspectionId: string;
  inspectionTitle: string;
  round: number;
  matterId: string;
  no: string;
  title: string;
  leadUnit: string | null;
  finding: string | null;
  checkedAt: string | null;
  failuresOnEnd: number;
}

/** Who still fails: open matters that failed in the latest round of their topic that looked at them, in the order of their numbers. */
export async function stillFailing(
  db: Database,
  filter: { topic?: string | undefined; rounds: number; units: readonly string[] | null } & Page,
): Promise<FailingItem[]> {
  const { topic, rounds, units, after } = filter;
  const latest = db
    .selectDistinctOn([inspectionItems.matterId, inspections.topicId], {
      inspectionId: inspectionItems.inspectionId,
      inspectionTitle: sql<string>`${inspections.title}`.as('inspection_title'),
      round: inspections.round,
      matterId: inspectionItems.matterId,
      no: inspectionItems.no,
      leadUnit: inspectionItems.leadUnit,
      result: inspectionItems.result,
      finding: inspectionItems.finding,
      checkedAt: inspectionItems.checkedAt,
      failuresOnEnd: inspectionItems.failuresOnEnd,
    })
    .from(inspectionItems)
    .innerJoin(inspections, eq(inspections.id, inspectionItems.inspectionId))
    .where(
      and(
        eq(inspections.kind, 'round'),
        ne(inspectionItems.result, 'pending'),
        topic === undefined ? undefined : eq(inspections.topicId, topic),
        ofUnits(units),
      ),
    )
    .orderBy(inspectionItems.matterId, inspections.topicId, desc(inspections.round))
    .as('latest');
  return db
    .select({
      inspectionId: latest.inspectionId,
      inspectionTitle: latest.inspectionTitle,
      round: latest.round,
      matterId: latest.matterId,
      no: latest.no,
      title: matters.title,
      leadUnit: latest.leadUnit,
      finding: latest.finding,
      checkedAt: latest.checkedAt,
      failuresOnEnd: latest.failuresOnEnd,
    })
    .from(latest)
    .innerJoin(matters, eq(matters.id, latest.matterId))
    .where(
      and(
        eq(latest.result, 'failed'),
        gte(latest.failuresOnEnd, rounds),
        isNull(matters.endedAt),
        after === undefined ? undefined : sql`${latest.no} || ' ' || ${latest.inspectionId} > ${after.id}`,
      ),
    )
    .orderBy(sql`${latest.no} || ' ' || ${latest.inspectionId}`)
    .limit(filter.limit + 1);
}

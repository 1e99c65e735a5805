/** Bulletins 通报: what they are reckoned from, and their way from draft to a frozen, numbered page. */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gte, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Bulletin, BulletinItem, BulletinMaterial } from '../workflows/machine/supervision/bulletin.ts';
import type { BulletinWords } from '../workflows/machine/supervision/bulletin-words.ts';
import type { BulletinKind, BulletinStatus } from '../workflows/machine/words.ts';
import { canonicalize } from './canonical.ts';
import type { Database, Transaction } from './client.ts';
import { nextSerial } from './numbers.ts';
import { bulletinQueue, bulletins, events, ledger, progressReports } from './schema/index.ts';

/** A bulletin as it is kept. */
export interface BulletinRow extends Omit<typeof bulletins.$inferSelect, 'figures' | 'words'> {
  figures: Bulletin;
  words: BulletinWords;
}

/** A bulletin in a list. */
export interface BulletinHead {
  kind: BulletinKind;
  month: string;
  status: BulletinStatus;
  title: string;
  year: number | null;
  number: number | null;
  revision: number;
  draftedAt: string;
  publishedAt: string | null;
}

/** A row of the table in the shapes that it was written from. */
export function rowOf(row: typeof bulletins.$inferSelect): BulletinRow {
  // Written by this module alone, from these shapes.
  return { ...row, figures: row.figures as unknown as Bulletin, words: row.words as unknown as BulletinWords };
}

function kept<T extends object>(value: T): JsonObject {
  // Plain JSON by its type, which an interface cannot show.
  return value as unknown as JsonObject;
}

const ITEM = {
  matterId: ledger.matterId,
  no: ledger.no,
  title: ledger.title,
  source: ledger.source,
  leadUnit: ledger.leadUnit,
  responsible: ledger.responsible,
  status: ledger.status,
  startedAt: ledger.startedAt,
  endedAt: ledger.endedAt,
  dueAt: ledger.dueAt,
  overdueFrom: ledger.overdueFrom,
  stoppedAt: ledger.stoppedAt,
  extensions: ledger.extensions,
  percent: ledger.percent,
  progress: ledger.progress,
  progressAt: ledger.progressAt,
  delayReason: ledger.delayReason,
};

/**
 * What a month's bulletin is reckoned from, in one snapshot.
 * @param span the month, and the beginning of the months before that are looked at; UTC.
 */
export async function bulletinMaterial(
  db: Database,
  kind: BulletinKind,
  month: string,
  { from, to, since }: { from: string; to: string; since: string },
): Promise<BulletinMaterial> {
  return db.transaction(
    async (tx) => {
      const items: BulletinItem[] = await tx
        .select(ITEM)
        .from(ledger)
        .where(and(lt(ledger.startedAt, to), or(isNull(ledger.endedAt), gte(ledger.endedAt, since))))
        .orderBy(asc(ledger.no));
      const reported = await tx
        .selectDistinct({ matterId: progressReports.matterId })
        .from(progressReports)
        .where(and(gte(progressReports.at, from), lt(progressReports.at, to)));
      const queued = await tx
        .select()
        .from(bulletinQueue)
        .where(and(gte(bulletinQueue.queuedAt, since), lt(bulletinQueue.queuedAt, to)))
        .orderBy(asc(bulletinQueue.queuedAt), asc(bulletinQueue.matterId));
      const published = await tx
        .select({ month: bulletins.month, figures: bulletins.figures })
        .from(bulletins)
        .where(and(eq(bulletins.kind, kind), eq(bulletins.status, 'published'), lt(bulletins.month, month)))
        .orderBy(desc(bulletins.month))
        .limit(4);
      return {
        items,
        reported: reported.map((one) => one.matterId),
        missed: await countedEvents(tx, 'ReportMissed', { from, to }),
        granted: await countedEvents(tx, 'ExtensionAnswered', { from, to }),
        queued,
        published: published.map((one) => {
          const { totals, closed } = one.figures as unknown as Bulletin;
          return { month: one.month, totals, closed };
        }),
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

/** How many events of a kind each supervised matter had in a time: requests left unanswered, extensions granted. */
async function countedEvents(
  tx: Transaction,
  type: 'ReportMissed' | 'ExtensionAnswered',
  { from, to }: { from: string; to: string },
): Promise<Record<string, number>> {
  const rows = await tx
    .select({ matterId: events.matterId, count: sql<number>`count(*)::int` })
    .from(events)
    .innerJoin(ledger, eq(ledger.matterId, events.matterId))
    .where(
      and(
        // Only such matters as have any: the record is long.
        type === 'ReportMissed' ? sql`${ledger.feedbackMissed} > 0` : sql`${ledger.extensions} > 0`,
        eq(events.type, type),
        gte(events.at, from),
        lt(events.at, to),
        type === 'ReportMissed' ? undefined : sql`(${events.facts}->>'granted')::boolean`,
      ),
    )
    .groupBy(events.matterId);
  return Object.fromEntries(rows.map((one) => [one.matterId, one.count]));
}

/** A bulletin, or null. */
export async function bulletinOf(db: Database | Transaction, kind: BulletinKind, month: string): Promise<BulletinRow | null> {
  const rows = await db
    .select()
    .from(bulletins)
    .where(and(eq(bulletins.kind, kind), eq(bulletins.month, month)));
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** A page of bulletins, the latest month first. One row more than asked for tells that there is a next page. */
export async function listBulletins(
  db: Database,
  filter: {
    kind?: BulletinKind | undefined;
    drafts: boolean;
    after?: { month: string; kind: string } | undefined;
    limit: number;
  },
): Promise<BulletinHead[]> {
  const { kind, drafts, after, limit } = filter;
  return db
    .select({
      kind: bulletins.kind,
      month: bulletins.month,
      status: bulletins.status,
      title: sql<string>`${bulletins.words}->>'title'`,
      year: bulletins.year,
      number: bulletins.number,
      revision: bulletins.revision,
      draftedAt: bulletins.draftedAt,
      publishedAt: bulletins.publishedAt,
    })
    .from(bulletins)
    .where(
      and(
        kind === undefined ? undefined : eq(bulletins.kind, kind),
        inArray(bulletins.status, drafts ? ['draft', 'published'] : ['published']),
        after === undefined ? undefined : sql`(${bulletins.month}, ${bulletins.kind}::text) < (${after.month}, ${after.kind})`,
      ),
    )
    .orderBy(desc(bulletins.month), sql`${bulletins.kind}::text desc`)
    .limit(limit + 1);
}

/** Puts in a first draft. @returns null where the month has its bulletin already. */
export async function insertDraft(tx: Transaction, figures: Bulletin, words: BulletinWords): Promise<BulletinRow | null> {
  const { kind, month, reckonedAt } = figures;
  const rows = await tx
    .insert(bulletins)
    .values({
      kind,
      month,
      status: 'draft',
      figures: kept(figures),
      words: kept(words),
      revision: 1,
      draftedAt: reckonedAt,
    })
    .onConflictDoNothing()
    .returning();
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** Changes a draft. @param revision the one that the change was made on, or null for whichever stands. @returns null where that is gone. */
export async function changeDraft(
  tx: Transaction,
  { kind, month, revision }: { kind: BulletinKind; month: string; revision: number | null },
  change: { figures: Bulletin } | { words: BulletinWords; editedBy: string },
): Promise<BulletinRow | null> {
  const changes =
    'figures' in change
      ? { figures: kept(change.figures), draftedAt: change.figures.reckonedAt }
      : { words: kept(change.words), editedBy: change.editedBy };
  const rows = await tx
    .update(bulletins)
    .set({ ...changes, revision: sql`${bulletins.revision} + 1` })
    .where(
      and(
        eq(bulletins.kind, kind),
        eq(bulletins.month, month),
        eq(bulletins.status, 'draft'),
        revision === null ? undefined : eq(bulletins.revision, revision),
      ),
    )
    .returning();
  return rows[0] === undefined ? null : rowOf(rows[0]);
}

/** The hash of a published bulletin: SHA-256 of what it says, its number, and who published it when, in canonical JSON (RFC 8785). */
export function bulletinHash(
  row: Pick<BulletinRow, 'kind' | 'month' | 'year' | 'number' | 'figures' | 'words' | 'publishedBy' | 'publishedAt'>,
): string {
  const { kind, month, year, number, figures, words, publishedBy, publishedAt } = row;
  const text = canonicalize({ kind, month, year, number, figures: kept(figures), words: kept(words), publishedBy, publishedAt });
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Publishes a draft: gives it the next number of its year and freezes it; a trigger refuses every change from then on.
 * @param revision as in {@link changeDraft}. @returns null where the draft is gone.
 */
export async function publishDraft(
  tx: Transaction,
  { kind, month, revision }: { kind: BulletinKind; month: string; revision: number | null },
  { person, at, year }: { person: string; at: string; year: number },
): Promise<BulletinRow | null> {
  const locked = await tx
    .select()
    .from(bulletins)
    .where(and(eq(bulletins.kind, kind), eq(bulletins.month, month), eq(bulletins.status, 'draft')))
    .for('update');
  const draft = locked[0];
  if (draft === undefined || (revision !== null && draft.revision !== revision)) return null;
  const number = await nextSerial(tx, `bulletin:${kind}`, year);
  const published = { ...rowOf(draft), status: 'published' as const, year, number, publishedBy: person, publishedAt: at };
  const hash = bulletinHash(published);
  await tx
    .update(bulletins)
    .set({ status: 'published', year, number, publishedBy: person, publishedAt: at, hash })
    .where(and(eq(bulletins.kind, kind), eq(bulletins.month, month)));
  return { ...published, hash };
}

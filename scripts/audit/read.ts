/** What the verifier reads: the record in portions, in one snapshot, so that a system at work may be verified. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { AuditHead } from '../../db/audit.ts';
import { connectDatabase, type Transaction } from '../../db/client.ts';
import { auditHeads, events, matters } from '../../db/schema/index.ts';

/** A row of the record. */
export type EventRow = typeof events.$inferSelect;

/** A matter as its row says that its chain ends; null where there is no row. */
export interface MatterEnd {
  id: string;
  no: string | null;
  end: { sequence: number; hash: string } | null;
}

/** Reads in one snapshot of the database, which nothing that is committed meanwhile changes. */
export async function inSnapshot<T>(databaseUrl: string, read: (tx: Transaction) => Promise<T>): Promise<T> {
  const database = connectDatabase(databaseUrl, { connections: 1, statementTimeoutMs: 0 });
  try {
    return await database.db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
  } finally {
    await database.close();
  }
}

/** Matters at once, and rows of theirs at once: some have thousands of events, and some events are large. */
const PORTION = { matters: 200, events: 2_000 } as const;

const endOf = { id: matters.id, no: matters.no, sequence: matters.sequence, hash: matters.lastHash };

/** How many matters there are. */
export async function countMatters(tx: Transaction): Promise<number> {
  return (await tx.select({ count: sql<number>`count(*)::int` }).from(matters))[0]?.count ?? 0;
}

/** Every matter that has a row, in portions. */
export async function* matterEnds(tx: Transaction): AsyncGenerator<MatterEnd[]> {
  for (let after: string | null = null; ; ) {
    const rows: { id: string; no: string; sequence: number; hash: string }[] = await tx
      .select(endOf)
      .from(matters)
      .where(after === null ? undefined : sql`${matters.id} > ${after}`)
      .orderBy(asc(matters.id))
      .limit(PORTION.matters);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ id, no, sequence, hash }) => ({ id, no, end: { sequence, hash } }));
    after = last.id;
  }
}

/** One matter by its number, or as a root knows it when its row is gone. */
export async function matterEnd(tx: Transaction, no: string): Promise<MatterEnd | null> {
  const [row] = await tx.select(endOf).from(matters).where(eq(matters.no, no));
  if (row !== undefined) return { id: row.id, no, end: { sequence: row.sequence, hash: row.hash } };
  const [head] = await tx.select({ id: auditHeads.chain }).from(auditHeads).where(eq(auditHeads.no, no)).limit(1);
  return head === undefined ? null : { id: head.id, no, end: null };
}

/** Matters of which there are events, or which a root covers, but which have no row. */
export async function unknownMatters(tx: Transaction): Promise<MatterEnd[]> {
  const rows = await tx.execute<{ id: string; no: string | null }>(sql`
    select id, (select max(no) from audit_heads where chain = id) as no from (
      select distinct matter_id as id from events where not exists (select 1 from matters where id = events.matter_id)
      union
      select distinct chain from audit_heads where chain not like 'journal:%' and not exists (select 1 from matters where id = chain)
    ) as unknown order by id`);
  return rows.map(({ id, no }) => ({ id, no, end: null }));
}

/** The heads that roots cover of some chains, by chain, each in the order of their sequences. */
export async function rootedPlaces(tx: Transaction, chains: readonly string[]): Promise<ReadonlyMap<string, AuditHead[]>> {
  const rows = await tx
    .select()
    .from(auditHeads)
    .where(inArray(auditHeads.chain, [...chains]))
    .orderBy(asc(auditHeads.sequence));
  const byChain = new Map<string, AuditHead[]>();
  for (const row of rows) {
    const known = byChain.get(row.chain);
    if (known === undefined) byChain.set(row.chain, [row]);
    else known.push(row);
  }
  return byChain;
}

/** The events of some matters, matter by matter, oldest first, in portions. */
export async function* eventsOf(tx: Transaction, ids: readonly string[]): AsyncGenerator<EventRow[]> {
  for (let after: EventRow | null = null; ; ) {
    const rest: ReturnType<typeof sql> | undefined =
      after === null
        ? undefined
        : sql`(${events.matterId}, ${events.sequence}) > (${after.matterId}::text, ${after.sequence}::int)`;
    const rows: EventRow[] = await tx
      .select()
      .from(events)
      .where(and(inArray(events.matterId, [...ids]), rest))
      .orderBy(asc(events.matterId), asc(events.sequence))
      .limit(PORTION.events);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < PORTION.events) return;
    after = last;
  }
}

/** Matters that have carried out commands, but of which there is no event. */
export async function emptied(tx: Transaction): Promise<{ id: string; no: string | null; commands: number }[]> {
  const rows = await tx.execute<{ id: string; no: string | null; commands: number }>(sql`
    select matter_id as id, (select no from matters where id = matter_id) as no, count(*)::int as commands from commands
    where not exists (select 1 from events where events.matter_id = commands.matter_id) group by matter_id order by matter_id`);
  return [...rows];
}

/** Numbers of matters that were given out but that no matter bears. @param prefixes of the processes. */
export async function missingNumbers(tx: Transaction, prefixes: readonly string[]): Promise<string[]> {
  if (prefixes.length === 0) return [];
  const rows = await tx.execute<{ no: string }>(sql`
    select no from (
      select series || '-' || year || '-' || lpad(serial::text, greatest(4, length(serial::text)), '0') as no
      from numbers, generate_series(1, last) as serial
      where series in ${[...prefixes]}
    ) as given where not exists (select 1 from matters where matters.no = given.no) order by no limit 1000`);
  return rows.map((row) => row.no);
}

/**
 * The root of a day: one hash over how far every chain had come. Whoever rewrites a chain as a whole, so that it is sound in itself,
 * no longer fits the root; whoever rewrites the roots too no longer fits those that were written down elsewhere.
 */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { JOURNAL_CHAINS, type JournalChain } from '../workflows/machine/words.ts';
import { canonicalize } from './canonical.ts';
import type { Database, Transaction } from './client.ts';
import { auditHeads, auditRoots } from './schema/index.ts';

/** A root as it is kept. */
export type AuditRoot = typeof auditRoots.$inferSelect;

/** A head as it is kept. */
export type AuditHead = typeof auditHeads.$inferSelect;

/** What the first root is chained to. */
export const ROOT_START = '';

/** How a journal chain is called among the heads. */
export function journalHead(chain: JournalChain): string {
  return `journal:${chain}`;
}

/**
 * A root in the making: SHA-256 over the root before, number and day, each on a line, and a line for each head in the order of their
 * chains (byte by byte): `["chain","number of the matter or null",sequence,"hash"]` in canonical JSON (RFC 8785).
 */
export class RootHash {
  readonly #hash = createHash('sha256');
  #heads = 0;

  constructor(previousRoot: string, number: number, day: string) {
    this.#hash.update(`${previousRoot}\n${number}\n${day}\n`);
  }

  add({ chain, no, sequence, hash }: Pick<AuditHead, 'chain' | 'no' | 'sequence' | 'hash'>): void {
    this.#hash.update(`${canonicalize([chain, no, sequence, hash])}\n`);
    this.#heads += 1;
  }

  /** The root in hexadecimal, and over how many heads. Once. */
  end(): { root: string; heads: number } {
    return { root: this.#hash.digest('hex'), heads: this.#heads };
  }
}

/** Heads read at once: a first root may cover a million. */
const PORTION = 5_000;

/** The heads that a root covers, in the order in which it is made of them, in portions. */
export async function* headPortions(db: Database | Transaction, root: number): AsyncGenerator<AuditHead[]> {
  const byBytes = sql`${auditHeads.chain} collate "C"`;
  for (let after: string | null = null; ; ) {
    const rows: AuditHead[] = await db
      .select()
      .from(auditHeads)
      .where(and(eq(auditHeads.root, root), after === null ? undefined : gt(byBytes, after)))
      .orderBy(byBytes)
      .limit(PORTION);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.chain;
  }
}

/** The hash that a root should have by the heads that it covers. */
export async function rootOf(
  db: Database | Transaction,
  { number, day, previousRoot }: Pick<AuditRoot, 'number' | 'day' | 'previousRoot'>,
): Promise<{ root: string; heads: number }> {
  const made = new RootHash(previousRoot, number, day);
  for await (const heads of headPortions(db, number)) for (const head of heads) made.add(head);
  return made.end();
}

/**
 * Makes the root of a day, unless it or a later one is there: over every chain that has grown since the roots before, found by
 * comparing heads, since what is committed late may carry an earlier instant.
 * @param day the school's date.
 * @returns the newest root, and whether it was made now.
 */
export async function makeRoot(db: Database, day: string, now: string): Promise<{ root: AuditRoot; made: boolean }> {
  return db.transaction(async (tx) => {
    // A first root reads every matter; two workers make one root.
    await tx.execute(sql`set local statement_timeout = '30min'`);
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('audit-root', 0))`);
    const last = await newestRoot(tx);
    if (last !== null && last.day >= day) return { root: last, made: false };
    const number = (last?.number ?? 0) + 1;
    const previousRoot = last?.root ?? ROOT_START;
    await takeHeads(tx, number);
    const { root, heads } = await rootOf(tx, { number, day, previousRoot });
    const row = { number, day, madeAt: now, heads, previousRoot, root };
    await tx.insert(auditRoots).values(row);
    return { root: row, made: true };
  });
}

async function newestRoot(tx: Transaction): Promise<AuditRoot | null> {
  const rows = await tx.select().from(auditRoots).orderBy(desc(auditRoots.number)).limit(1);
  return rows[0] ?? null;
}

/** Notes the heads that no root covers yet; they never leave the database. */
async function takeHeads(tx: Transaction, number: number): Promise<void> {
  await tx.execute(sql`insert into audit_heads (chain, no, sequence, hash, root)
    select id, no, sequence, last_hash, ${number}::int from matters
    where not exists (select 1 from audit_heads as covered where covered.chain = matters.id and covered.sequence = matters.sequence)`);
  for (const chain of JOURNAL_CHAINS) {
    await tx.execute(sql`insert into audit_heads (chain, no, sequence, hash, root)
      select ${journalHead(chain)}::text, null, head.sequence, head.hash, ${number}::int
      from (select sequence, hash from journal where chain = ${chain} order by sequence desc limit 1) as head
      where not exists (select 1 from audit_heads as covered
        where covered.chain = ${journalHead(chain)} and covered.sequence = head.sequence)`);
  }
}

/** Roots, the latest first; one more than asked for tells that there are more. @param below the number that the page before ended at. */
export function listRoots(db: Database, below: number | null, limit: number): Promise<AuditRoot[]> {
  return db
    .select()
    .from(auditRoots)
    .where(below === null ? undefined : lt(auditRoots.number, below))
    .orderBy(desc(auditRoots.number))
    .limit(limit + 1);
}

/** Every root, the first first: one a day. */
export function allRoots(db: Database | Transaction): Promise<AuditRoot[]> {
  return db.select().from(auditRoots).orderBy(asc(auditRoots.number));
}

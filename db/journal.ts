/** The journal: two hash chains of what people do beside matters, see the schema. Temporal keeps no trace of a refused update. */
import { createHash } from 'node:crypto';
import { desc, eq, sql } from 'drizzle-orm';
import type { JsonObject } from '../definitions/language/json.ts';
import type { JournalChain } from '../workflows/machine/words.ts';
import { canonicalize } from './canonical.ts';
import type { Database, Transaction } from './client.ts';
import { CHAIN_START } from './events.ts';
import { journal } from './schema/index.ts';

/** One entry; codes and ids only, nothing personal beyond who. */
export interface JournalEntry {
  at: string;
  person: string | null;
  action: string;
  target: string;
  code: string;
  requestId: string | null;
  facts?: JsonObject;
}

/** The hash of an entry: SHA-256 over the hash before it and the entry in canonical JSON (RFC 8785). */
export function journalHash(previousHash: string, chain: JournalChain, sequence: number, entry: JournalEntry): string {
  const { at, person, action, target, code, requestId, facts = {} } = entry;
  const text = canonicalize({ chain, sequence, at, person, action, target, code, requestId, facts });
  return createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
}

/** Appends an entry to a chain within a transaction: the entry and what it tells of are written together, or neither. */
export async function appendTo(tx: Transaction, chain: JournalChain, entry: JournalEntry): Promise<void> {
  // One writer at a time: a chain has no branches.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`journal:${chain}`}, 0))`);
  const [last] = await tx
    .select({ sequence: journal.sequence, hash: journal.hash })
    .from(journal)
    .where(eq(journal.chain, chain))
    .orderBy(desc(journal.sequence))
    .limit(1);
  const sequence = (last?.sequence ?? 0) + 1;
  const previousHash = last?.hash ?? CHAIN_START;
  const { person, facts = {}, ...rest } = entry;
  const hash = journalHash(previousHash, chain, sequence, entry);
  await tx.insert(journal).values({ ...rest, facts, personId: person, chain, sequence, previousHash, hash });
}

/** Writes an entry of the access log. */
export async function writeAccess(db: Database, entry: JournalEntry): Promise<void> {
  await db.transaction((tx) => appendTo(tx, 'access', entry));
}

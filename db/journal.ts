/** The journal: two hash chains of what people do beside matters, see the schema. Temporal keeps no trace of a refused update. */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm';
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

/** A row of the journal. */
export type JournalRow = typeof journal.$inferSelect;

/** The hash of an entry: SHA-256 over the hash before it and the entry in canonical JSON (RFC 8785). */
export function journalHash(previousHash: string, chain: JournalChain, sequence: number, entry: JournalEntry): string {
  const { at, person, action, target, code, requestId, facts = {} } = entry;
  const text = canonicalize({ chain, sequence, at, person, action, target, code, requestId, facts });
  return createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
}

/** The hash that a row should have after the one it names. */
export function hashOfRow(row: JournalRow): string {
  return journalHash(row.previousHash, row.chain, row.sequence, { ...row, person: row.personId });
}

/** Longer targets are cut: an address that somebody tried may have any length. */
const TARGET_MAX = 300;

/** An entry as the database will give it back, or its hash could never be checked. */
function asKept({ at, target, facts = {}, ...rest }: JournalEntry): Required<JournalEntry> {
  // Plain JSON again after the way through JSON. PostgreSQL takes no NUL in a text.
  const plain = JSON.parse(JSON.stringify(facts)) as JsonObject;
  return {
    ...rest,
    at: new Date(at).toISOString(),
    target: target.replaceAll('\0', '\uFFFD').slice(0, TARGET_MAX),
    facts: plain,
  };
}

/**
 * Appends an entry to a chain within a transaction: the entry and what it tells of are written together, or neither. Call it last:
 * from here to the end of the transaction everybody else who writes to the chain waits.
 */
export async function appendTo(tx: Transaction, chain: JournalChain, entry: JournalEntry): Promise<void> {
  await appendAll(tx, chain, [entry]);
}

async function appendAll(tx: Transaction, chain: JournalChain, entries: readonly JournalEntry[]): Promise<void> {
  // They travel together. One writer at a time: a chain has no branches, and the head is read by a statement after the lock.
  const [, [last]] = await Promise.all([
    tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`journal:${chain}`}, 0))`),
    tx
      .select({ sequence: journal.sequence, hash: journal.hash })
      .from(journal)
      .where(eq(journal.chain, chain))
      .orderBy(desc(journal.sequence))
      .limit(1),
  ]);
  let sequence = last?.sequence ?? 0;
  let previousHash = last?.hash ?? CHAIN_START;
  const rows = entries.map((one) => {
    const entry = asKept(one);
    const { person, ...rest } = entry;
    sequence += 1;
    const row = {
      ...rest,
      personId: person,
      chain,
      sequence,
      previousHash,
      hash: journalHash(previousHash, chain, sequence, entry),
    };
    previousHash = row.hash;
    return row;
  });
  await tx.insert(journal).values(rows);
}

/** Writes an entry of the access log, together with those that others want to write meanwhile. */
export async function writeAccess(db: Database, entry: JournalEntry): Promise<void> {
  let writer = writers.get(db);
  if (writer === undefined) {
    writer = new AccessWriter(db);
    writers.set(db, writer);
  }
  await writer.write(entry);
}

/** Entries written in one transaction at most. */
const TOGETHER_MAX = 200;

/**
 * One connection writes for a whole process, everything that came while it was busy at once: a flood of refusals neither takes the
 * pool's connections to wait for the chain's lock, nor holds that lock once for each.
 */
class AccessWriter {
  readonly #db: Database;
  #waiting: { entry: JournalEntry; done: () => void; failed: (error: unknown) => void }[] = [];
  #busy = false;

  constructor(db: Database) {
    this.#db = db;
  }

  write(entry: JournalEntry): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ entry, done, failed });
      if (!this.#busy) void this.#writeOut();
    });
  }

  async #writeOut(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, TOGETHER_MAX);
      try {
        const entries = together.map((one) => one.entry);
        await this.#db.transaction((tx) => appendAll(tx, 'access', entries));
        for (const one of together) one.done();
      } catch (error) {
        for (const one of together) one.failed(error);
      }
    }
    this.#busy = false;
  }
}

const writers = new WeakMap<Database, AccessWriter>();

/** Which entries are looked for; absent means any. Instants: `from` inclusive, `to` exclusive. */
export interface JournalFilter {
  person?: string | undefined;
  target?: string | undefined;
  action?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Who reads it: entries that name a matter that they are kept out of are left out. */
  reader?: string | undefined;
}

function namesNothingKeptFrom(reader: string): SQL {
  return sql`not exists (select 1 from matters as kept where kept.kept_out <> '{}' and kept.kept_out @> array[${reader}]::text[]
    and strpos(${journal.target}, kept.no) > 0)`;
}

/** A page of a chain, the latest first; one row more than asked for tells that there are more. @param below the sequence that the page before ended at. */
export function listJournal(
  db: Database,
  chain: JournalChain,
  { person, target, action, from, to, reader }: JournalFilter,
  page: { below: number | null; limit: number },
): Promise<JournalRow[]> {
  const wanted: (SQL | undefined)[] = [
    eq(journal.chain, chain),
    person === undefined ? undefined : eq(journal.personId, person),
    target === undefined ? undefined : eq(journal.target, target),
    action === undefined ? undefined : eq(journal.action, action),
    from === undefined ? undefined : gte(journal.at, from),
    to === undefined ? undefined : lt(journal.at, to),
    page.below === null ? undefined : lt(journal.sequence, page.below),
    reader === undefined ? undefined : namesNothingKeptFrom(reader),
  ];
  return db
    .select()
    .from(journal)
    .where(and(...wanted))
    .orderBy(desc(journal.sequence))
    .limit(page.limit + 1);
}

/** Whether somebody's doing is in the access log already, since an instant. */
export async function isNoted(
  db: Database,
  { person, action, target, code }: Pick<JournalEntry, 'person' | 'action' | 'target' | 'code'>,
  since: string,
): Promise<boolean> {
  const rows = await db
    .select({ sequence: journal.sequence })
    .from(journal)
    .where(
      and(
        eq(journal.chain, 'access'),
        eq(journal.target, target),
        gte(journal.at, since),
        person === null ? sql`${journal.personId} is null` : eq(journal.personId, person),
        eq(journal.action, action),
        eq(journal.code, code),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Entries read at once. */
const PORTION = 1_000;

/** The entries of a chain, oldest first, in portions. */
export async function* journalPortions(db: Database | Transaction, chain: JournalChain): AsyncGenerator<JournalRow[]> {
  for (let since: number | null = null; ; ) {
    const rows: JournalRow[] = await db
      .select()
      .from(journal)
      .where(and(eq(journal.chain, chain), since === null ? undefined : gt(journal.sequence, since)))
      .orderBy(asc(journal.sequence))
      .limit(PORTION);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    since = last.sequence;
  }
}

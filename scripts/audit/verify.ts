/** Verifies the whole record, one matter of it, or the roots against those that were written down elsewhere. */
import { allRoots, journalHead, ROOT_START, rootOf } from '../../db/audit.ts';
import type { Transaction } from '../../db/client.ts';
import { eventOf, hashOf } from '../../db/events.ts';
import { hashOfRow, journalPortions } from '../../db/journal.ts';
import { JOURNAL_CHAINS } from '../../workflows/machine/words.ts';
import { ChainWalk, type Finding, type RootTime } from './chain-walk.ts';
import {
  countMatters,
  type EventRow,
  emptied,
  eventsOf,
  inSnapshot,
  type MatterEnd,
  matterEnd,
  matterEnds,
  missingNumbers,
  rootedPlaces,
  unknownMatters,
} from './read.ts';
import { vouchedFindings } from './vouched.ts';

/** What is to be verified, and with what. */
export interface Verification {
  databaseUrl: string;
  /** Number of the one matter to look at; absent for everything. */
  matter?: string | undefined;
  /** Roots that were written down outside the database. */
  knownRoots?: readonly string[];
  /** Number prefixes of the processes: their numbers run without a hole. */
  prefixes: readonly string[];
  /** Says how far it is. */
  report: (line: string) => void;
}

/** What was found. */
export interface VerifySummary {
  matters: number;
  events: number;
  /** Entries of the journal. */
  entries: number;
  roots: number;
  /** The newest root, to be compared with what was written down; null when there is none. */
  newestRoot: string | null;
  seconds: number;
  eventsPerSecond: number;
  findings: Finding[];
  /** Findings beyond those that are listed. */
  more: number;
}

/** A record in ruins is told by its first thousand faults. */
const FINDINGS_MAX = 1_000;

/** Whether a summary tells of a fault, and not only of something to look at. */
export function isBroken({ findings, more }: VerifySummary): boolean {
  return more > 0 || findings.some((one) => one.kind !== 'late');
}

/** Verifies. @throws when there is no such matter, or the database cannot be read. */
export async function verify(wanted: Verification): Promise<VerifySummary> {
  const began = performance.now();
  return inSnapshot(wanted.databaseUrl, async (tx) => {
    const audit = new Audit(tx, wanted);
    await audit.run();
    const seconds = (performance.now() - began) / 1_000;
    return { ...audit.summary, seconds, eventsPerSecond: Math.round(audit.summary.events / seconds) };
  });
}

/** A matter whose chain is being walked. */
interface Walked {
  matter: MatterEnd;
  where: string;
  walk: ChainWalk;
  first: EventRow | null;
}

class Audit {
  readonly #tx: Transaction;
  readonly #wanted: Verification;
  #roots: RootTime[] = [];
  readonly summary: Omit<VerifySummary, 'seconds' | 'eventsPerSecond'> = {
    matters: 0,
    events: 0,
    entries: 0,
    roots: 0,
    newestRoot: null,
    findings: [],
    more: 0,
  };

  constructor(tx: Transaction, wanted: Verification) {
    this.#tx = tx;
    this.#wanted = wanted;
  }

  async run(): Promise<void> {
    await this.#readRoots();
    const { matter: no } = this.#wanted;
    if (no !== undefined) {
      const matter = await matterEnd(this.#tx, no);
      if (matter === null) throw new Error(`There is no matter ${no}, and no root knows one: check the number`);
      return this.#matters([matter]);
    }
    await this.#allMatters();
    await this.#absences();
    await this.#journal();
    this.#found(await vouchedFindings(this.#tx, this.#wanted.report));
  }

  #found(findings: readonly Finding[]): void {
    const room = FINDINGS_MAX - this.summary.findings.length;
    this.summary.findings.push(...findings.slice(0, room));
    this.summary.more += Math.max(0, findings.length - room);
  }

  /** The roots one after another: whole, chained, made of their heads, and those that were written down among them. */
  async #readRoots(): Promise<void> {
    const { knownRoots = [], matter, report } = this.#wanted;
    const roots = await allRoots(this.#tx);
    this.#roots = roots.map(({ number, day, madeAt }) => ({ number, day, madeAt }));
    this.summary.roots = roots.length;
    this.summary.newestRoot = roots.at(-1)?.root ?? null;
    let before = { number: 0, root: ROOT_START, day: '' };
    for (const root of roots) {
      const where = `root ${root.number} of ${root.day}`;
      const fault = (text: string) => this.#found([{ kind: 'root', where, sequence: null, type: null, text }]);
      if (root.number !== before.number + 1) fault(`root ${before.number + 1} is missing`);
      else if (root.previousRoot !== before.root) fault('it is not chained to the root before: that one was made anew');
      if (root.day <= before.day) fault('its day is not after that of the root before');
      // One matter's chain is looked at alone: what a root is made of asks for all of them.
      const made = matter === undefined ? await rootOf(this.#tx, root) : root;
      if (made.root !== root.root) fault(`the heads that it covers make another root: ${made.root}`);
      if (made.heads !== root.heads) fault(`it covers ${made.heads} heads and says ${root.heads}`);
      before = root;
      report(`Roots: ${root.number} of ${roots.length}`);
    }
    for (const known of knownRoots) {
      if (roots.some((one) => one.root === known)) continue;
      const text = 'this root was written down, and is not among those of the database: record and roots were made anew';
      this.#found([{ kind: 'root', where: `root ${known}`, sequence: null, type: null, text }]);
    }
  }

  async #allMatters(): Promise<void> {
    const total = await countMatters(this.#tx);
    let done = 0;
    for await (const portion of matterEnds(this.#tx)) {
      await this.#matters(portion);
      done += portion.length;
      this.#wanted.report(`Matters: ${done} of ${total}, ${this.summary.events} events`);
    }
    const unknown = await unknownMatters(this.#tx);
    // A few at a time, as the others: a forger may have added many.
    for (let at = 0; at < unknown.length; at += 500) await this.#matters(unknown.slice(at, at + 500));
  }

  /** The chains of some matters, and what is known of them from elsewhere. */
  async #matters(portion: readonly MatterEnd[]): Promise<void> {
    const ids = portion.map((matter) => matter.id);
    const rooted = await rootedPlaces(this.#tx, ids);
    const walks = new Map(
      portion.map((matter) => {
        const where = nameOf(matter, rooted.get(matter.id)?.[0]?.no ?? null);
        const known = { where, end: matter.end, rooted: rooted.get(matter.id) ?? [], roots: this.#roots };
        const one: Walked = { matter, where, walk: new ChainWalk(known), first: null };
        return [matter.id, one];
      }),
    );
    for await (const rows of eventsOf(this.#tx, ids)) {
      for (const row of rows) {
        const one = walks.get(row.matterId);
        if (one === undefined) continue;
        one.first ??= row;
        one.walk.step({ ...row, computed: hashOf(row.previousHash, row.matterId, eventOf(row)) });
      }
    }
    for (const { matter, where, walk, first } of walks.values()) {
      this.summary.matters += 1;
      this.summary.events += walk.rows;
      const beginning = startFindings(where, matter, first, rooted.has(matter.id));
      this.#found(first === null ? beginning : [...beginning, ...walk.finish()]);
    }
  }

  /** What is no longer there, as others still know; each matter once. */
  async #absences(): Promise<void> {
    const told = new Set(this.summary.findings.map((one) => one.where));
    const missing = (where: string, text: string) => {
      if (!told.has(where)) this.#found([{ kind: 'missing', where, sequence: null, type: null, text }]);
      told.add(where);
    };
    for (const { id, no, commands } of await emptied(this.#tx)) {
      missing(nameOf({ id, no, end: null }, null), `all its events are missing: ${commands} commands were carried out on it`);
    }
    for (const no of await missingNumbers(this.#tx, this.#wanted.prefixes)) {
      missing(`matter ${no}`, 'its number was given out, and no matter bears it: the matter is missing');
    }
  }

  async #journal(): Promise<void> {
    for (const chain of JOURNAL_CHAINS) {
      const name = journalHead(chain);
      const rooted = (await rootedPlaces(this.#tx, [name])).get(name) ?? [];
      const walk = new ChainWalk({ where: `journal ${chain}`, end: null, rooted, roots: this.#roots });
      for await (const rows of journalPortions(this.#tx, chain)) {
        for (const row of rows) walk.step({ ...row, type: row.action, computed: hashOfRow(row) });
        this.#wanted.report(`Journal ${chain}: ${walk.rows} entries`);
      }
      this.summary.entries += walk.rows;
      this.#found(walk.finish());
    }
  }
}

function nameOf({ id, no }: MatterEnd, noOfRoot: string | null): string {
  const known = no ?? noOfRoot;
  return known === null ? `matter with id ${id}` : `matter ${known}`;
}

/** What is wrong with how a matter began, or with its row. */
function startFindings(where: string, { id, end }: MatterEnd, first: EventRow | null, rooted: boolean): Finding[] {
  const finding = (kind: Finding['kind'], text: string): Finding[] => [
    { kind, where, sequence: first?.sequence ?? null, type: first?.type ?? null, text },
  ];
  if (first === null) return finding('missing', `all events of the matter (id ${id}) are missing`);
  if (end === null && rooted) return finding('missing', `the matter's row (id ${id}) is missing; npm run rebuild makes it anew`);
  if (end === null) return finding('added', `events of a matter (id ${id}) that has no row and that no root knows`);
  if (first.sequence === 1 && first.type !== 'MatterStarted') return finding('added', 'a chain begins with MatterStarted');
  return [];
}

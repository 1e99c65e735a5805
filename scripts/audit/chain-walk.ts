/** Walks one hash chain link by link and says what is wrong with it, and where. */
import { CHAIN_START } from '../../db/events.ts';

/**
 * What was found. `changed`: a row is not as it was written. `rewritten`: rows were written anew and hashed anew. `missing`: rows were
 * taken out. `added`: rows that nobody has written in the ordinary way. `root`: the daily roots themselves. `late`: no fault that can
 * be proved, but to be looked at.
 */
export const FINDING_KINDS = ['changed', 'rewritten', 'missing', 'added', 'root', 'late'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One finding. */
export interface Finding {
  kind: FindingKind;
  /** The number of the matter, or how the chain is called. */
  where: string;
  /** The first row that it is about; null when it is about no row of a chain. */
  sequence: number | null;
  /** What kind of event stands there, if one does. */
  type: string | null;
  text: string;
}

/** One row of a chain. */
export interface Link {
  sequence: number;
  /** What kind of event or entry it is. */
  type: string;
  at: string;
  previousHash: string;
  hash: string;
  /** The hash of what stands in the row, after the one it names. */
  computed: string;
}

/** A place of a chain that is known from elsewhere. */
export interface KnownPlace {
  sequence: number;
  hash: string;
}

/** A place that a root covers. */
export interface RootedPlace extends KnownPlace {
  root: number;
}

/** A root, as far as the walk of a chain needs it. */
export interface RootTime {
  number: number;
  day: string;
  madeAt: string;
}

/** What is known of a chain from elsewhere. */
export interface ChainKnowledge {
  where: string;
  /** Where the read model says that it ends; null for a chain that keeps no such note. */
  end: KnownPlace | null;
  /** In the order of their sequences. */
  rooted: readonly RootedPlace[];
  /** Every root there is, the first first. */
  roots: readonly RootTime[];
}

/**
 * A commit may fall behind the root that was made while it waited for the database, hence behind one; who adds rows with an early date
 * falls behind many.
 */
const ROOTS_BEHIND = 1;

/** The walk of one chain: `step` for each row in order, then `finish`. */
export class ChainWalk {
  readonly #known: ChainKnowledge;
  readonly #findings: Finding[] = [];
  #last = 0;
  #head = CHAIN_START;
  #lastType: string | null = null;
  /** Whether what roots cover has been found rewritten, or events dated back: told once. */
  #told = { rewritten: false, late: false };
  #nextRooted = 0;

  constructor(known: ChainKnowledge) {
    this.#known = known;
  }

  /** How many rows it has seen. */
  rows = 0;

  step(link: Link): void {
    this.rows += 1;
    if (link.sequence < 1) {
      this.#find('added', link.sequence, link.type, 'a chain begins with event 1');
      return;
    }
    if (link.sequence > this.#last + 1) {
      this.#missing(this.#last + 1, link.sequence - 1, `event ${link.sequence} stands behind them`);
    } else if (link.previousHash !== this.#head) this.#unchained(link);
    if (link.computed !== link.hash) {
      this.#find('changed', link.sequence, link.type, 'what stands in the row is not what was written');
    }
    const { end } = this.#known;
    if (end !== null && link.sequence > end.sequence) {
      this.#find('added', link.sequence, link.type, `the matter itself knows of ${end.sequence} events only`);
    }
    this.#compareRoots(link);
    this.#last = link.sequence;
    this.#head = link.hash;
    this.#lastType = link.type;
  }

  finish(): Finding[] {
    const { end, rooted, roots } = this.#known;
    const lastRooted = rooted.at(-1);
    if (end !== null && this.#last < end.sequence) {
      this.#missing(this.#last + 1, end.sequence, 'the chain was cut off: the matter itself knows of them');
    } else if (lastRooted !== undefined && this.#last < lastRooted.sequence) {
      this.#missing(
        this.#last + 1,
        lastRooted.sequence,
        `the chain was cut off: ${nameRoot(roots, lastRooted.root)} covers them`,
      );
    }
    if (end !== null && end.sequence === this.#last && end.hash !== this.#head && this.#findings.length === 0) {
      this.#find('rewritten', this.#last, this.#lastType, 'the matter itself knows another hash of its last event');
    }
    return this.#findings;
  }

  #find(kind: FindingKind, sequence: number, type: string | null, text: string): void {
    this.#findings.push({ kind, where: this.#known.where, sequence, type, text });
  }

  #missing(from: number, to: number, why: string): void {
    this.#find('missing', from, null, from === to ? why : `events ${from} to ${to} are missing: ${why}`);
  }

  /** The row before is not the one that this row was chained to; this row itself may be found changed besides. */
  #unchained(link: Link): void {
    if (link.computed !== link.hash) return;
    if (this.#last === 0) {
      this.#find('rewritten', 1, link.type, 'it is chained to an event before it, and there is none');
      return;
    }
    const why = `event ${link.sequence} was chained to another one than what stands there now`;
    this.#find('rewritten', this.#last, this.#lastType, why);
  }

  #compareRoots(link: Link): void {
    const { rooted, roots } = this.#known;
    let place = rooted[this.#nextRooted];
    while (place !== undefined && place.sequence < link.sequence) {
      this.#nextRooted += 1;
      place = rooted[this.#nextRooted];
    }
    if (place?.sequence === link.sequence && place.hash !== link.hash && !this.#told.rewritten) {
      this.#told.rewritten = true;
      const text = `${nameRoot(roots, place.root)} covers another event: the chain was written anew up to here after that day`;
      this.#find('rewritten', link.sequence, link.type, text);
    }
    this.#noteLate(link, place?.root ?? (roots.at(-1)?.number ?? 0) + 1);
  }

  #noteLate(link: Link, coveredBy: number): void {
    if (this.#told.late) return;
    const due = firstAfter(this.#known.roots, link.at);
    if (due === null || coveredBy <= due.number + ROOTS_BEHIND) return;
    this.#told.late = true;
    const text = `it is dated ${link.at}, but the ${coveredBy - due.number} roots from the one of ${due.day} on do not know it`;
    this.#find('late', link.sequence, link.type, text);
  }
}

function nameRoot(roots: readonly RootTime[], number: number): string {
  const root = roots.find((one) => one.number === number);
  return root === undefined ? `root ${number}, which is itself missing,` : `root ${number} of ${root.day}`;
}

/** The first root that was made after an instant: roots are made one after another, so half of them fall away with each look. */
function firstAfter(roots: readonly RootTime[], at: string): RootTime | null {
  let from = 0;
  let to = roots.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const root = roots[middle];
    if (root !== undefined && root.madeAt > at) to = middle;
    else from = middle + 1;
  }
  return roots[from] ?? null;
}

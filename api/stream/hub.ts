/**
 * The streams of one API process. All of them live on one reader of the tables' tails: a question several times a second, however
 * many look on, and none when nobody does. Each process has its own, so any number of processes work side by side.
 *
 * The tables are asked rather than the database asked to call: NOTIFY in the transaction of a transition makes every such commit
 * wait for the one before it.
 */
import type { ServerResponse } from 'node:http';
import { CHANGES_KEPT_MS, TAIL_MAX, type Tail, tailSince } from '../../db/notices.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';
import { viewerFor } from '../session.ts';
import { readSnapshot, type StreamCursor } from './cursor.ts';
import { type Batch, EventStream } from './stream.ts';

/** How long something waits at most until the next look at the tables. */
const LOOK_MS = 300;
/** How often a silent connection shows that it lives. */
const BEAT_MS = 20_000;
/** How many streams one person may have: tabs and devices. */
const STREAMS_EACH = 6;
/** How many streams one process carries. */
const STREAMS_ALL = 2_000;
/** The longest a timer can be set. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Where a stream stands before it is greeted. */
const NOWHERE: StreamCursor = { snapshot: '1:1:', until: '1970-01-01T00:00:00.000Z', sent: [] };

/** Who wants a stream. */
export interface Listener {
  person: string;
  /** When the session ends, ISO. */
  endsAt: string;
  /** Where an earlier stream ended; null for a first one, `lost` for a place that nobody can find. */
  since: StreamCursor | 'lost' | null;
}

/** All streams of this process. */
export class EventHub {
  readonly #context: Pick<ApiContext, 'db' | 'cache' | 'log' | 'now'>;
  readonly #streams = new Set<EventStream>();
  /** Up to where everything was offered to every stream; null while nobody listens. */
  #reached: { snapshot: string; until: string } | null = null;
  #looking: NodeJS.Timeout | null = null;
  #beating: NodeJS.Timeout | null = null;
  #starting: Promise<void> | null = null;
  #failed = false;
  #stopped = false;

  constructor(context: Pick<ApiContext, 'db' | 'cache' | 'log' | 'now'>) {
    this.#context = context;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** @throws Problem 429 for one stream too many of somebody, 503 when this process carries as many as it can. */
  admit(person: string): void {
    if (this.#stopped || this.#streams.size >= STREAMS_ALL) throw new Problem('unavailable', undefined, { retryAfter: 30 });
    const own = [...this.#streams].filter((one) => one.person === person).length;
    if (own >= STREAMS_EACH)
      throw new Problem('too-many-requests', `同时打开的页面过多,每人最多${STREAMS_EACH}个`, { retryAfter: 30 });
  }

  /** Opens a stream on a response whose head was written. It ends with its session, with this process, or by its reader. */
  async open(listener: Listener, response: ServerResponse): Promise<void> {
    const { person, since, endsAt } = listener;
    const stream = new EventStream(person, response, NOWHERE);
    this.#streams.add(stream);
    const ends = Math.min(Math.max(Date.parse(endsAt) - Date.parse(this.#context.now()), 0), TIMER_MAX_MS);
    const ending = setTimeout(() => stream.end('session'), ends);
    response.on('close', () => {
      clearTimeout(ending);
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#rest();
    });
    try {
      // First the reader of tails, then what was missed until now: what comes in between is offered, and known as such.
      await this.#begin();
      await this.#catchUp(stream, since);
    } catch (error) {
      // Without a head of its own an answer can't be refused any more; whoever listens comes back.
      this.#context.log.warn({ err: error }, 'a stream could not catch up');
      response.destroy();
    }
  }

  /** Ends all streams. */
  stop(): void {
    this.#stopped = true;
    this.#rest();
    for (const stream of this.#streams) stream.end('closing');
  }

  async #catchUp(stream: EventStream, since: Listener['since']): Promise<void> {
    const { db, now } = this.#context;
    const at = now();
    const { snapshot } = await tailSince(db, null, stream.person, at);
    const fresh = { snapshot, until: at, sent: [] };
    if (since === null || since === 'lost') return this.#greeted(stream, fresh, since === 'lost');
    // Of another time: of a database that was put back, or too long ago for the hints that are kept.
    const lost = readSnapshot(since.snapshot).xmax > readSnapshot(snapshot).xmax;
    if (lost || Date.parse(at) - Date.parse(since.until) > CHANGES_KEPT_MS) return this.#greeted(stream, fresh, true);
    const missed = await tailSince(db, since, stream.person, at);
    if (tooMuch(missed)) return this.#greeted(stream, fresh, true);
    stream.greet(since, false);
    stream.caughtUp({ ...missed, until: at });
  }

  #greeted(stream: EventStream, cursor: StreamCursor, reload: boolean): void {
    stream.greet(cursor, reload);
    stream.caughtUp(null);
  }

  /** Begins to look at the tables, unless that has begun. */
  #begin(): Promise<void> {
    if (this.#reached !== null) return Promise.resolve();
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { db, now } = this.#context;
    const until = now();
    const { snapshot } = await tailSince(db, null, null, until);
    // Everybody may have gone meanwhile.
    if (this.#stopped || this.#streams.size === 0) return;
    this.#reached = { snapshot, until };
    this.#beating = setInterval(() => void this.#beat(), BEAT_MS);
    this.#next();
  }

  #next(): void {
    this.#looking = setTimeout(() => void this.#look(), LOOK_MS);
  }

  #rest(): void {
    this.#reached = null;
    if (this.#looking !== null) clearTimeout(this.#looking);
    if (this.#beating !== null) clearInterval(this.#beating);
    this.#looking = null;
    this.#beating = null;
  }

  async #look(): Promise<void> {
    const from = this.#reached;
    if (from === null) return;
    const { db, log, now } = this.#context;
    const at = now();
    const until = at > from.until ? at : from.until;
    try {
      const tail = await tailSince(db, from, null, until);
      // Everybody may have gone meanwhile, and others come: they have begun anew.
      if (this.#reached !== from) return;
      this.#offer({ ...tail, until });
      this.#reached = { snapshot: tail.snapshot, until };
      this.#failed = false;
    } catch (error) {
      // Told once: whoever listens waits, and hears everything when the database is back.
      if (!this.#failed) log.warn({ err: error }, 'streams wait for the database');
      this.#failed = true;
      if (this.#reached !== from) return;
    }
    this.#next();
  }

  #offer(batch: Batch): void {
    const all = tooMuch(batch);
    for (const stream of this.#streams) {
      if (all) stream.reload({ snapshot: batch.snapshot, until: batch.until, sent: [] });
      else stream.offer(batch);
    }
  }

  /** Shows that the connections live, and ends those of people who have left. */
  async #beat(): Promise<void> {
    const { cache, db, now } = this.#context;
    const world = await cache.now(db).catch(() => null);
    for (const stream of this.#streams) {
      if (world !== null && !isHere(stream.person)) stream.end('session');
      else stream.beat();
    }
    function isHere(person: string): boolean {
      try {
        return world !== null && viewerFor(world, person, now()).id === person;
      } catch {
        return false;
      }
    }
  }
}

function tooMuch({ notices, changes }: Tail): boolean {
  return notices.length > TAIL_MAX || changes.length > TAIL_MAX;
}

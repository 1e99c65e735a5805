/** The record: appending events to the hash chain of a matter and reading them back. */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { EventOf, EventType, MatterEvent } from '../workflows/machine/events.ts';
import { canonicalize } from './canonical.ts';
import type { Database, Transaction } from './client.ts';
import { events } from './schema/index.ts';

/** What the first event of a matter is chained to. */
export const CHAIN_START = '';

/** The hash of an event: SHA-256 over the hash before it and the event in canonical JSON (RFC 8785). */
export function hashOf(previousHash: string, matterId: string, event: MatterEvent): string {
  const { sequence, at, by, command, type, facts } = event;
  const text = canonicalize({ matterId, sequence, at, by, command, type, facts });
  return createHash('sha256').update(`${previousHash}\n${text}`).digest('hex');
}

type EventRow = typeof events.$inferSelect;

/** The rows that append events to a chain. @returns the rows and the new head of the chain. */
export function chainRows(
  matterId: string,
  head: string,
  added: readonly MatterEvent[],
): { rows: (typeof events.$inferInsert)[]; head: string } {
  let previousHash = head;
  const rows = added.map((event) => {
    const hash = hashOf(previousHash, matterId, event);
    const row = {
      matterId,
      sequence: event.sequence,
      at: event.at,
      type: event.type,
      actorKind: event.by.kind,
      actorId: event.by.kind === 'clock' ? null : event.by.id,
      commandId: event.command,
      // Facts are plain JSON by their types; the column's type only says so less exactly.
      facts: event.facts as unknown as EventRow['facts'],
      previousHash,
      hash,
    };
    previousHash = hash;
    return row;
  });
  return { rows, head: previousHash };
}

/** An event from its row. */
export function eventOf(row: EventRow): MatterEvent {
  const by = row.actorKind === 'clock' ? { kind: 'clock' } : { kind: row.actorKind, id: row.actorId ?? '' };
  // The row was written from an event of this type; the database cannot carry the union.
  return {
    sequence: row.sequence,
    at: row.at,
    by,
    command: row.commandId,
    type: row.type,
    facts: row.facts,
  } as unknown as MatterEvent;
}

/** At most this many events, or characters of their facts, in one answer: a workflow far behind catches up in bounded pieces. */
export const ANSWER_LIMITS = { events: 400, characters: 400_000 } as const;

/** A piece of a matter's events. */
export interface EventPiece {
  events: MatterEvent[];
  /** Whether there are more after these. */
  more: boolean;
}

/** The events of a matter after a sequence, oldest first: as many as {@link ANSWER_LIMITS} allow, but one at least if there is one. */
export async function eventsAfter(db: Database | Transaction, matterId: string, since: number): Promise<EventPiece> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.matterId, matterId), gt(events.sequence, since)))
    .orderBy(asc(events.sequence))
    .limit(ANSWER_LIMITS.events + 1);
  return pieceOf(rows.map(eventOf));
}

/** The first of these events that fit into one answer. */
export function pieceOf(all: readonly MatterEvent[]): EventPiece {
  let characters = 0;
  let count = 0;
  for (const event of all.slice(0, ANSWER_LIMITS.events)) {
    characters += JSON.stringify(event.facts).length;
    if (count > 0 && characters > ANSWER_LIMITS.characters) break;
    count += 1;
  }
  return { events: all.slice(0, count), more: count < all.length };
}

/** In which order the events of a matter are read. */
export type EventOrder = 'oldest' | 'newest';

/** Events of a matter with their hashes, those that come beyond a sequence in an order. @param beyond null from the beginning. */
export async function eventRows(
  db: Database,
  matterId: string,
  order: EventOrder,
  beyond: number | null,
  limit: number,
): Promise<{ event: MatterEvent; previousHash: string; hash: string }[]> {
  const { sequence } = events;
  const rest = beyond === null ? undefined : order === 'oldest' ? gt(sequence, beyond) : lt(sequence, beyond);
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.matterId, matterId), rest))
    .orderBy(order === 'oldest' ? asc(sequence) : desc(sequence))
    .limit(limit);
  return rows.map((row) => ({ event: eventOf(row), previousHash: row.previousHash, hash: row.hash }));
}

/** Every event of some kinds that a matter has, oldest first: for kinds of which there are few. */
export async function eventsOfTypes<T extends EventType>(
  db: Database,
  matterId: string,
  types: readonly T[],
): Promise<EventOf<T>[]> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.matterId, matterId), inArray(events.type, [...types])))
    .orderBy(asc(events.sequence));
  // The query asked for these types only.
  return rows.map((row) => eventOf(row) as EventOf<T>);
}

/** Where a matter's record is broken, and how. */
export interface ChainFault {
  /** The first event that is not as it was written, or that is missing. */
  sequence: number;
  reason: string;
}

/** Where a chain stands: its last event and that event's hash. */
export interface ChainEnd {
  sequence: number;
  hash: string;
}

const NO_EVENT: ChainEnd = { sequence: 0, hash: CHAIN_START };

/**
 * The first fault of a matter's chain, or null when it is whole.
 * @param rows all its events, oldest first; or those after `before`.
 */
export function chainFault(matterId: string, rows: readonly EventRow[], before: ChainEnd = NO_EVENT): ChainFault | null {
  let head = before.hash;
  for (const [at, row] of rows.entries()) {
    const sequence = before.sequence + at + 1;
    if (row.sequence !== sequence) return { sequence, reason: `the event is missing: event ${row.sequence} stands in its place` };
    if (row.previousHash !== head) return { sequence, reason: 'the event is not chained to the one before' };
    if (row.hash !== hashOf(head, matterId, eventOf(row))) return { sequence, reason: 'the event is not what was written' };
    head = row.hash;
  }
  return null;
}

/** Event rows read at once: a matter of years has thousands, and some events are large. */
const PORTION = 500;

/** The event rows of a matter, oldest first, in portions; the whole record never lies in memory. */
export async function* eventPortions(db: Database | Transaction, matterId: string): AsyncGenerator<EventRow[]> {
  for (let since = 0; ; ) {
    const rows = await db
      .select()
      .from(events)
      .where(and(eq(events.matterId, matterId), gt(events.sequence, since)))
      .orderBy(asc(events.sequence))
      .limit(PORTION);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PORTION) return;
    since = last.sequence;
  }
}

/** Where a matter's chain ends, or its first fault. */
export async function checkChain(db: Database | Transaction, matterId: string): Promise<ChainEnd | ChainFault> {
  let end = NO_EVENT;
  for await (const rows of eventPortions(db, matterId)) {
    const fault = chainFault(matterId, rows, end);
    if (fault !== null) return fault;
    end = rows.at(-1) ?? end;
  }
  return { sequence: end.sequence, hash: end.hash };
}

/** The events of each command of a matter, which stand together, with the hash of the last; in order. */
export async function* eventsByCommand(
  db: Database | Transaction,
  matterId: string,
): AsyncGenerator<{ events: MatterEvent[]; head: string }> {
  let batch: EventRow[] = [];
  const made = () => ({ events: batch.map(eventOf), head: batch.at(-1)?.hash ?? '' });
  for await (const rows of eventPortions(db, matterId)) {
    for (const row of rows) {
      if (batch[0] !== undefined && batch[0].commandId !== row.commandId) {
        yield made();
        batch = [];
      }
      batch.push(row);
    }
  }
  if (batch.length > 0) yield made();
}

/** Folds the events of a matter, portion by portion. @param until the last sequence to count; all of them unless given. */
export async function foldEvents<S>(
  db: Database | Transaction,
  matterId: string,
  start: S,
  fold: (state: S, event: MatterEvent) => S,
  until = Number.POSITIVE_INFINITY,
): Promise<S> {
  let state = start;
  for await (const rows of eventPortions(db, matterId)) {
    for (const row of rows) {
      if (row.sequence > until) return state;
      state = fold(state, eventOf(row));
    }
  }
  return state;
}

/** The last event of a matter that had happened at an instant, 0 when none had: all before the first that is later. */
export async function lastSequenceAt(db: Database, matterId: string, at: string): Promise<number> {
  const rows = await db
    .select({
      all: sql<number | null>`max(${events.sequence})`,
      later: sql<number | null>`min(${events.sequence}) filter (where ${events.at} > ${at})`,
    })
    .from(events)
    .where(eq(events.matterId, matterId));
  const { all, later } = rows[0] ?? { all: null, later: null };
  return later === null ? (all ?? 0) : later - 1;
}

/** Every event row of a matter, oldest first. */
export function allEventRows(db: Database | Transaction, matterId: string): Promise<EventRow[]> {
  return db.select().from(events).where(eq(events.matterId, matterId)).orderBy(asc(events.sequence));
}

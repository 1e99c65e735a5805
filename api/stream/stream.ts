/** One stream of server-sent events to one person. */
import type { ServerResponse } from 'node:http';
import type { Tail } from '../../db/notices.ts';
import { covers, readSnapshot, type Snapshot, type StreamCursor, sees, writeCursor } from './cursor.ts';

/** A reader who takes nothing for so many bytes is cut off: it comes back and goes on where it was. */
const UNREAD_MAX = 1_000_000;

/** What a tail holds, up to an instant. */
export interface Batch extends Tail {
  until: string;
}

/** Writes events and knows how far it has come. */
export class EventStream {
  readonly person: string;
  readonly #response: ServerResponse;
  #cursor: StreamCursor;
  #snapshot: Snapshot;
  /** What came while it was still catching up; null once it has. */
  #waiting: Batch[] | null = [];

  constructor(person: string, response: ServerResponse, cursor: StreamCursor) {
    this.person = person;
    this.#response = response;
    this.#cursor = cursor;
    this.#snapshot = readSnapshot(cursor.snapshot);
  }

  /** Goes on from another place than the one it was made with. */
  #moveTo(cursor: StreamCursor): void {
    this.#cursor = cursor;
    this.#snapshot = readSnapshot(cursor.snapshot);
  }

  /** The first event: from where this stream goes on. `reload`: whoever reads should read their lists anew. */
  greet(cursor: StreamCursor, reload: boolean): void {
    this.#moveTo(cursor);
    this.#write('hello', { reload }, writeCursor(cursor));
  }

  /** Ends catching up with what was missed; what came meanwhile is told after it, as far as it is news. */
  caughtUp(missed: Batch | null): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const batch of missed === null ? waiting : [missed, ...waiting]) this.offer(batch);
  }

  /** Tells what of a batch is this person's and news to them. */
  offer(batch: Batch): void {
    if (this.#waiting !== null) {
      this.#waiting.push(batch);
      return;
    }
    // One that is older than what was caught up holds no news.
    if (!covers(readSnapshot(batch.snapshot), this.#snapshot)) return;
    const { sent } = this.#cursor;
    // The clock of another process may have been ahead.
    const until = batch.until > this.#cursor.until ? batch.until : this.#cursor.until;
    const news = batch.notices.filter((one) => one.person === this.person && !this.#knows(one));
    const changed = batch.changes.filter((one) => one.people.includes(this.person) && !sees(this.#snapshot, one.xact));
    // Told twice, a change does no harm: it has no place of its own.
    for (const matter of new Set(changed.map((one) => one.no))) this.#write('changed', { matter }, null);
    const before = this.#cursor;
    const after = { snapshot: batch.snapshot, until, sent: [] };
    news.forEach(({ id, kind, text, matter, task, link, at }, place) => {
      const told = [...sent, ...news.slice(0, place + 1).map((one) => one.id)];
      // A stream that breaks in the middle of a batch goes on in the middle of it.
      const cursor = place === news.length - 1 ? after : { ...before, sent: told };
      this.#write('notice', { id, kind, text, matter, task, link, at }, writeCursor(cursor));
    });
    this.#moveTo(after);
  }

  #knows({ id, xact, at, createdAt }: Tail['notices'][number]): boolean {
    if (this.#cursor.sent.includes(id)) return true;
    const due = !(at > createdAt) || at <= this.#cursor.until;
    return sees(this.#snapshot, xact) && due;
  }

  /** Shows that the connection lives, and notes how far it has come. */
  beat(): void {
    this.#send(`: beat\nid: ${writeCursor(this.#cursor)}\n\n`);
  }

  /** Everything anew: too much has happened to be told one by one. */
  reload(cursor: StreamCursor): void {
    this.#moveTo(cursor);
    this.#write('reload', {}, writeCursor(cursor));
  }

  /** The last event, with why. */
  end(reason: 'session' | 'closing'): void {
    this.#write('end', { reason }, null);
    this.#response.end();
  }

  #write(event: string, data: unknown, id: string | null): void {
    this.#send(`event: ${event}\n${id === null ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  #send(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(text);
    if (this.#response.writableLength > UNREAD_MAX) this.#response.destroy();
  }
}

/**
 * How far a stream of events has come: what the database had seen, and up to when notices were due. Ids of rows would not do: a
 * transaction that took a smaller id may commit after one with a larger one, and who went on from the larger would never hear of it.
 */

/** What a snapshot of the database had seen. */
export interface Snapshot {
  /** Every transaction before it had ended. */
  xmin: bigint;
  /** None from it on had begun, as far as this snapshot knows. */
  xmax: bigint;
  /** Those in between that had not ended. */
  running: ReadonlySet<string>;
}

/** A place in the stream. It travels as the id of an event. */
export interface StreamCursor {
  /** As the database writes it: `xmin:xmax:xip,xip…` */
  snapshot: string;
  /** Notices due up to here were told, ISO. */
  until: string;
  /** Ids of notices beyond the snapshot that were sent already. */
  sent: readonly number[];
}

const SHAPE = /^(\d{1,20}:\d{1,20}:(?:\d{1,20}(?:,\d{1,20})*)?)~(\d{1,15})~((?:\d{1,16}(?:,\d{1,16})*)?)$/;
const CURSOR_MAX = 8_000;

/** As the id of an event. */
export function writeCursor({ snapshot, until, sent }: StreamCursor): string {
  return `${snapshot}~${Date.parse(until)}~${sent.join(',')}`;
}

/** The place that an id stands for; null for one that we did not write. */
export function readCursor(text: string): StreamCursor | null {
  if (text.length > CURSOR_MAX) return null;
  const [, snapshot, until, sent] = SHAPE.exec(text) ?? [];
  if (snapshot === undefined || until === undefined || sent === undefined) return null;
  const { xmin, xmax, running } = readSnapshot(snapshot);
  // The database refuses what is out of order, so that it never gets it.
  const order = [...running].map(BigInt);
  const sound = order.every((one, at) => one >= xmin && one < xmax && (at === 0 || one > (order[at - 1] ?? 0n)));
  const ends = Number(until);
  if (!sound || xmin > xmax || xmin === 0n || xmax >= 2n ** 63n || ends > 8.64e15) return null;
  return { snapshot, until: new Date(ends).toISOString(), sent: sent === '' ? [] : sent.split(',').map(Number) };
}

/** A snapshot in parts. */
export function readSnapshot(text: string): Snapshot {
  const [xmin = '0', xmax = '0', running = ''] = text.split(':');
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: new Set(running === '' ? [] : running.split(',')) };
}

/** Whether a snapshot had seen what a transaction wrote; the database's own rule. */
export function sees({ xmin, xmax, running }: Snapshot, xact: string): boolean {
  const id = BigInt(xact);
  if (id < xmin) return true;
  return id < xmax && !running.has(xact);
}

/** Whether a snapshot had seen everything that another had. */
export function covers(later: Snapshot, earlier: Snapshot): boolean {
  if (later.xmin < earlier.xmin || later.xmax < earlier.xmax) return false;
  return [...later.running].every((xact) => !sees(earlier, xact));
}

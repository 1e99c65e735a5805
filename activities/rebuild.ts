/** Makes the read model anew from the record, after looking whether the record is whole. */
import { asc, eq, gt, max, sql } from 'drizzle-orm';
import { codesOf } from '../db/causes.ts';
import type { Database, Transaction } from '../db/client.ts';
import { type ChainFault, checkChain, eventsByCommand, foldEvents } from '../db/events.ts';
import { insertMissing, removeUnheardOf, removeWrong, shadowReadModel } from '../db/read-model.ts';
import { commands, events, numbers } from '../db/schema/index.ts';
import { namesIn, WorldCache } from '../db/world.ts';
import { findDefinition } from '../definitions/catalog.ts';
import type { MatterEvent } from '../workflows/machine/events.ts';
import { evolve } from '../workflows/machine/fold/evolve.ts';
import { type Matter, type MatterState, newMatter } from '../workflows/machine/state.ts';
import { writeReadModel } from './readmodel.ts';

/** What became of one matter. */
export type Rebuilt =
  | { kind: 'rebuilt'; matter: Matter /** Rows of the read model that were not as the record says. */; rows: number }
  | ({ kind: 'broken'; matterId: string } & ChainFault);

/** Codes of PostgreSQL for a row that another one stands in the way of: unique, exclusion. */
const IN_THE_WAY = new Set(['23505', '23P01']);
/** Ids of matters read at once. */
const PAGE = 500;

/** Rebuilds over one connection of its own, matter by matter, each in a transaction under its own lock: readers never see half. */
export class Rebuild {
  readonly #session: Database;
  readonly #cache = new WorldCache();

  private constructor(session: Database) {
    this.#session = session;
  }

  /** @param session a pool of exactly one connection, used for nothing else from then on. */
  static async on(session: Database): Promise<Rebuild> {
    await shadowReadModel(session);
    return new Rebuild(session);
  }

  /** Ids of every matter that the record or the list of commands knows, in order. */
  async matterIds(): Promise<string[]> {
    const ids: string[] = [];
    for (let last = ''; ; ) {
      const from = (table: typeof events | typeof commands) =>
        this.#session.selectDistinct({ id: table.matterId }).from(table).where(gt(table.matterId, last));
      const rows = await from(events).union(from(commands)).orderBy(asc(sql`1`)).limit(PAGE);
      ids.push(...rows.map((row) => row.id));
      const end = rows.at(-1);
      if (end === undefined || rows.length < PAGE) return ids;
      last = end.id;
    }
  }

  /**
   * Makes one matter's part of the read model anew.
   * @returns null when a row of another matter, wrong itself, is in the way: what was wrong of this one is gone then, and after
   * the others it succeeds.
   */
  async matter(matterId: string): Promise<Rebuilt | null> {
    try {
      return await this.#session.transaction(async (tx) => {
        const made = await this.#make(tx, matterId);
        if (made.kind === 'broken') return made;
        const rows = (await removeWrong(tx, matterId)) + (await insertMissing(tx, matterId));
        return { ...made, rows: made.rows + rows };
      });
    } catch (error) {
      if (!isInTheWay(error)) throw error;
    }
    await this.#session.transaction(async (tx) => {
      await this.#make(tx, matterId);
      await removeWrong(tx, matterId);
    });
    return null;
  }

  /** Takes away what belongs to no matter of the record. @returns how many rows. */
  unheardOf(): Promise<number> {
    return this.#session.transaction(removeUnheardOf);
  }

  /** Sets counters of numbers that lag behind the numbers given out, so that none is given out again. @returns how many. */
  async counters(given: readonly string[]): Promise<number> {
    const highest = new Map<string, { series: string; year: number; last: number }>();
    for (const no of given) {
      const [, series, year, serial] = /^(.+)-(\d{4})-(\d+)$/.exec(no) ?? [];
      if (series === undefined) continue;
      const known = highest.get(`${series}-${year}`);
      const last = Math.max(known?.last ?? 0, Number(serial));
      highest.set(`${series}-${year}`, { series, year: Number(year), last });
    }
    let mended = 0;
    for (const row of highest.values()) {
      const result = await this.#session
        .insert(numbers)
        .values(row)
        .onConflictDoUpdate({
          target: [numbers.series, numbers.year],
          set: { last: row.last },
          setWhere: sql`${numbers.last} < ${row.last}`,
        });
      mended += result.count;
    }
    return mended;
  }

  /** Writes the matter's rows to the shadow, command by command as they were first written. */
  async #make(tx: Transaction, matterId: string): Promise<Rebuilt> {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${matterId}, 0))`);
    const end = await checkChain(tx, matterId);
    const fault = 'reason' in end ? end : await missingTail(tx, matterId, end.sequence);
    if (fault !== null) return { kind: 'broken', matterId, ...fault };
    const outer = await this.#cache.now(tx);
    const nameOf = namesIn(outer.directory);
    let state: MatterState = newMatter(matterId);
    let mended = 0;
    for await (const { events: batch, head } of eventsByCommand(tx, matterId)) {
      const matter = folded(state, batch);
      if ('reason' in matter) return { kind: 'broken', matterId, ...matter };
      // As when it was written: by the version that the matter ran on after the batch.
      const definition = findDefinition(matter.processId, matter.version);
      if (definition === undefined) {
        const reason = `${matter.processId}@${matter.version} is not in the catalog: put it back`;
        return { kind: 'broken', matterId, sequence: batch[0]?.sequence ?? 1, reason };
      }
      const input = { definition, matter, events: batch, head, nameOf, outer, before: state };
      await Promise.all(writeReadModel(tx, input, { notices: false }));
      mended += await noteCommand(tx, matterId, batch);
      state = matter;
    }
    return state.phase === 'new' ? { kind: 'broken', matterId, ...nothing } : { kind: 'rebuilt', matter: state, rows: mended };
  }
}

/** The matter as its first events make it. @param sequence of the last one to count; all of them unless given. */
export async function stateFromRecord(db: Database, matterId: string, sequence?: number): Promise<MatterState> {
  return foldEvents<MatterState>(db, matterId, newMatter(matterId), evolve, sequence);
}

/** The matter after a batch, or why the batch cannot follow. */
function folded(state: MatterState, batch: readonly MatterEvent[]): Matter | ChainFault {
  try {
    // A batch has one event at least, so what it makes is a matter.
    return batch.reduce<MatterState>(evolve, state) as Matter;
  } catch (error) {
    return { sequence: batch[0]?.sequence ?? 1, reason: error instanceof Error ? error.message : String(error) };
  }
}

const nothing: ChainFault = { sequence: 1, reason: 'there is no event' };

function isInTheWay(error: unknown): boolean {
  return codesOf(error).some((code) => IN_THE_WAY.has(code));
}

/** A chain whose end was cut off is whole in itself; the list of commands, which is not made from it, remembers the end. */
async function missingTail(tx: Transaction, matterId: string, length: number): Promise<ChainFault | null> {
  const [row] = await tx
    .select({ last: max(commands.lastSequence) })
    .from(commands)
    .where(eq(commands.matterId, matterId));
  const last = row?.last ?? 0;
  return last > length ? { sequence: length + 1, reason: `the events ${length + 1} to ${last} are missing` } : null;
}

/** Notes a command that the list has lost, so that it counts once still; the hash of its body is lost. @returns 1 if it was. */
async function noteCommand(tx: Transaction, matterId: string, batch: readonly MatterEvent[]): Promise<number> {
  const first = batch[0];
  const last = batch.at(-1);
  if (first === undefined || last === undefined) return 0;
  const result = await tx
    .insert(commands)
    .values({
      id: first.command,
      matterId,
      type: commandType(first),
      personId: first.by.kind === 'person' ? first.by.id : null,
      bodyHash: null,
      lastSequence: last.sequence,
      at: last.at,
    })
    .onConflictDoNothing();
  return result.count;
}

/** The type of a command by the first of its events. The list of commands shows it; nothing is decided by it. */
function commandType({ type, by, facts }: MatterEvent): string {
  if (by.kind === 'clock') return 'tick';
  switch (type) {
    case 'MatterStarted':
      return 'start';
    case 'Commented':
      return 'comment';
    case 'Urged':
      return 'urge';
    case 'ProgressReported':
      return 'report';
    case 'Supplemented':
      return 'supplement';
    case 'ExtensionAsked':
      return 'extend';
    case 'AdminIntervened':
      return facts.kind;
    case 'LinkChanged':
      return by.kind === 'matter' ? 'linked' : 'withdraw';
    case 'TaskActed':
    case 'TaskClaimed':
    case 'TaskReleased':
    case 'SignersAdded':
    case 'SignersRemoved':
    case 'ActTakenBack':
    case 'Circulated':
    case 'AdviceAsked':
      return 'act';
    case 'SeatReassigned':
      return facts.how === 'transfer' ? 'act' : 'refresh';
    case 'DueChanged':
      return 'refresh';
    default:
      // Only a withdrawal begins otherwise: with the tasks that it closes.
      return 'withdraw';
  }
}

/**
 * One transition = one transaction. The only writer of the record and of the read model.
 *
 * `transact` locks the matter, reads the world, lets the machine decide, and writes events, read model and outbox together. It
 * answers with every event after what the caller knows, so that a command committed by a worker that was killed a moment later
 * is neither lost nor done twice, and a workflow that is behind catches up.
 */
import { eq, sql } from 'drizzle-orm';
import { codesOf } from '../db/causes.ts';
import type { Database, Transaction } from '../db/client.ts';
import { CHAIN_START, chainRows, eventsAfter, foldEvents, pieceOf } from '../db/events.ts';
import { commands, events as eventTable, matters } from '../db/schema/index.ts';
import { namesIn, type OuterWorld, WorldCache } from '../db/world.ts';
import { holdWorld } from '../db/world-lock.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { TransactAnswer, TransactRequest } from '../workflows/contract.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { type Decided, decide } from '../workflows/machine/decide.ts';
import { evolve } from '../workflows/machine/fold/evolve.ts';
import { isModern, type KeptMatter } from '../workflows/machine/fold/state-format.ts';
import { isRefusal, type Refusal, refuse } from '../workflows/machine/refusals.ts';
import { type Matter, type MatterState, newMatter } from '../workflows/machine/state.ts';
import { type Processes, PUBLISHED, readWorld } from './reading.ts';
import { writeReadModel } from './readmodel.ts';
import { type Reservation, takenNow } from './taken.ts';

/** Signals a refusal through the transaction, so that everything is rolled back. */
class Refused extends Error {
  readonly refusal: Refusal;
  /** The booking that was refused, to say what is free instead. */
  readonly reservation: Reservation | null;
  constructor(refusal: Refusal, reservation: Reservation | null = null) {
    super(refusal.code);
    this.refusal = refusal;
    this.reservation = reservation;
  }
}

const EXCLUSION_VIOLATION = '23P01';

/** What a transition is made with besides its database. */
interface Means {
  cache: WorldCache;
  processes: Processes;
  /** Ends a try that its caller has given up. */
  inTime: () => void;
}

/** Makes `transact` for one database. @param processes those of the catalog; tests bring their own. */
export function createTransact(db: Database, cache: WorldCache = new WorldCache(), processes: Processes = PUBLISHED) {
  return async function transact(request: TransactRequest): Promise<TransactAnswer> {
    const inTime = deadline(request);
    try {
      return await db.transaction((tx) => run(tx, { cache, processes, inTime }, request));
    } catch (error) {
      const refusal = error instanceof Refused ? await told(db, cache, error) : takenResource(error);
      if (refusal === null) throw error;
      return { kind: 'refused', refusal, ...(await eventsAfter(db, request.matterId, request.since)) };
    }
  };
}

/** A refusal as people read it; of a booking with what is taken and what is free, read outside the transaction that failed. */
async function told(db: Database, cache: WorldCache, { refusal, reservation }: Refused): Promise<Refusal> {
  if (reservation === null) return refusal;
  return { ...refusal, message: await takenNow(db, reservation, await cache.now(db)) };
}

/** Its own clock, from when the try began here: neither the workflow's time nor another machine's says how long that is ago. */
function deadline({ matterId, withinMs }: TransactRequest): () => void {
  const began = performance.now();
  return () => {
    if (withinMs !== undefined && performance.now() - began > withinMs)
      throw new Error(`A try of matter ${matterId} came too late: another has taken its place`);
  };
}

function takenResource(error: unknown): Refusal | null {
  return codesOf(error).includes(EXCLUSION_VIOLATION) ? refuse('resource-taken', '该时段已被占用,请另选时间或资源') : null;
}

async function run(tx: Transaction, means: Means, request: TransactRequest): Promise<TransactAnswer> {
  const { matterId, command, since } = request;
  // These travel together; the locks come first, so each later statement sees what the holder before us committed.
  const [, , known, rows, versions] = await Promise.all([
    tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${matterId}, 0))`),
    holdWorld(tx),
    command === null ? [] : tx.select().from(commands).where(eq(commands.id, command.id)),
    tx
      .select({ state: sql<KeptMatter>`${matters.state}`, head: matters.lastHash })
      .from(matters)
      .where(eq(matters.id, matterId)),
    tx.execute<{ version: number }>(sql`select version from world_version where id = 1`),
  ]);
  const row = rows[0];
  // Whoever has the lock now decides: a try that was given up before must not come after the one in its place.
  means.inTime();
  if (command === null || known[0] !== undefined) return answer(tx, matterId, since, known[0]?.bodyHash ?? null);
  const state = await stateOf(tx, matterId, row?.state);
  const definition = definitionFor(means.processes, state, command);
  const outer = await means.cache.at(tx, versions[0]?.version ?? 0);
  const world = await readWorld(tx, means.processes, { definition, outer, state, command, now: request.now });
  const decided = decide(definition, state, command, world);
  if (isRefusal(decided)) throw new Refused(decided);
  const head = row?.head ?? CHAIN_START;
  if (decided.events.length > 0) await write(tx, means.processes, outer, { request, command, definition, state, decided, head });
  if (since === state.sequence) return { kind: 'committed', ...pieceOf(decided.events), bodyHash: command.bodyHash };
  return answer(tx, matterId, since, command.bodyHash);
}

async function answer(tx: Transaction, matterId: string, since: number, bodyHash: string | null): Promise<TransactAnswer> {
  return { kind: 'committed', ...(await eventsAfter(tx, matterId, since)), bodyHash };
}

/** The state as the row keeps it; one of an older format is folded anew, which alone brings back what that did not know. */
async function stateOf(tx: Transaction, matterId: string, kept: KeptMatter | undefined): Promise<MatterState> {
  if (kept === undefined) return newMatter(matterId);
  return isModern(kept) ? kept : foldEvents<MatterState>(tx, matterId, newMatter(matterId), evolve);
}

function definitionFor(processes: Processes, state: MatterState, command: Command): ProcessDefinition {
  const { processId, version } =
    state.phase === 'new' ? (command.type === 'start' ? command : { processId: '', version: 0 }) : state;
  const definition = processes.find(processId, version);
  if (definition !== undefined) return definition;
  if (state.phase === 'new') throw new Refused(refuse('matter-unknown', '办件不存在'));
  throw new Error(`Process ${processId}@${version} of matter ${state.id} is no longer in the catalog: put it back`);
}

async function write(
  tx: Transaction,
  processes: Processes,
  outer: OuterWorld,
  made: {
    request: TransactRequest;
    command: Command;
    definition: ProcessDefinition;
    state: MatterState;
    decided: Decided;
    head: string;
  },
): Promise<void> {
  const { request, command, definition, state, decided, head } = made;
  const matter: Matter = decided.matter;
  const chain = chainRows(request.matterId, head, decided.events);
  await Promise.all([
    tx.insert(eventTable).values(chain.rows),
    tx.insert(commands).values({
      id: command.id,
      matterId: request.matterId,
      type: command.type,
      personId: command.by.kind === 'person' ? command.by.id : null,
      bodyHash: command.bodyHash,
      lastSequence: matter.sequence,
      at: matter.updatedAt,
    }),
    ...writeReadModel(
      tx,
      {
        // A matter that has just been moved is told by the version that it runs on now.
        definition: processes.find(matter.processId, matter.version) ?? definition,
        matter,
        events: decided.events,
        head: chain.head,
        nameOf: namesIn(outer.directory),
        outer,
        before: state,
      },
      { notices: { ...outer, now: request.now } },
    ),
  ]).catch((error: unknown) => {
    throw refusedBooking(error, decided) ?? error;
  });
}

/** A booking that overlaps another refuses the whole transition, in the words of the definition. */
function refusedBooking(error: unknown, decided: Decided): Refused | null {
  if (takenResource(error) === null) return null;
  for (const event of decided.events) {
    if (event.type === 'EffectDone' && event.facts.effect.kind === 'reserve') {
      return new Refused(refuse('resource-taken', event.facts.effect.refusal), event.facts.effect);
    }
  }
  return null;
}

/**
 * One transition = one transaction. The only writer of the record and of the read model.
 *
 * `transact` locks the matter, reads the world, lets the machine decide, and writes events, read model and outbox together. It
 * answers with every event after what the caller knows, so that a command committed by a worker that was killed a moment later
 * is neither lost nor done twice, and a workflow that is behind catches up.
 */
import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../db/client.ts';
import { allEventRows, CHAIN_START, chainRows, eventOf, eventsAfter, pieceOf } from '../db/events.ts';
import { answerReads } from '../db/facts.ts';
import { fileIdsIn, filesFor } from '../db/files.ts';
import { matterNumber, nextSerial } from '../db/numbers.ts';
import { commands, events as eventTable, matters } from '../db/schema/index.ts';
import { namesIn, type OuterWorld, WorldCache, worldFor } from '../db/world.ts';
import { definitions, findDefinition } from '../definitions/catalog.ts';
import { schemaChecks } from '../definitions/forms.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import type { TransactAnswer, TransactRequest } from '../workflows/contract.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { type Decided, decide } from '../workflows/machine/decide.ts';
import { readsOf } from '../workflows/machine/faults.ts';
import { versionsInForce } from '../workflows/machine/in-force.ts';
import type { MoveTarget } from '../workflows/machine/move.ts';
import { isRefusal, type Refusal, refuse } from '../workflows/machine/refusals.ts';
import { type Matter, type MatterState, newMatter } from '../workflows/machine/state.ts';
import type { World } from '../workflows/machine/world.ts';
import { writeReadModel } from './readmodel.ts';

/** Signals a refusal through the transaction, so that everything is rolled back. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const EXCLUSION_VIOLATION = '23P01';

/** Makes `transact` for one database. */
export function createTransact(db: Database, cache: WorldCache = new WorldCache()) {
  return async function transact(request: TransactRequest): Promise<TransactAnswer> {
    try {
      return await db.transaction((tx) => run(tx, cache, request));
    } catch (error) {
      const refusal = error instanceof Refused ? error.refusal : takenResource(error);
      if (refusal === null) throw error;
      return { kind: 'refused', refusal, ...(await eventsAfter(db, request.matterId, request.since)) };
    }
  };
}

function takenResource(error: unknown): Refusal | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && cause.code === EXCLUSION_VIOLATION) return refuse('resource-taken', '该时段已被占用,请另选时间或资源');
  }
  return null;
}

async function run(tx: Transaction, cache: WorldCache, request: TransactRequest): Promise<TransactAnswer> {
  const { matterId, command, since } = request;
  // These travel together; the lock comes first, so each later statement sees what the holder before us committed.
  const [, known, rows, versions] = await Promise.all([
    tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${matterId}, 0))`),
    command === null ? [] : tx.select().from(commands).where(eq(commands.id, command.id)),
    tx.select({ state: matters.state, head: matters.lastHash }).from(matters).where(eq(matters.id, matterId)),
    tx.execute<{ version: number }>(sql`select version from world_version where id = 1`),
  ]);
  const row = rows[0];
  if (command === null || known[0] !== undefined) return answer(tx, matterId, since, known[0]?.bodyHash ?? null);
  const state: MatterState = row?.state ?? newMatter(matterId);
  const definition = definitionFor(state, command);
  const outer = await cache.at(tx, versions[0]?.version ?? 0);
  const world = await worldOf(tx, definition, outer, state, request, command);
  const decided = decide(definition, state, command, world);
  if (isRefusal(decided)) throw new Refused(decided);
  if (decided.events.length > 0) await write(tx, definition, outer, request, command, decided, row?.head ?? CHAIN_START);
  if (since === state.sequence) return { kind: 'committed', ...pieceOf(decided.events), bodyHash: command.bodyHash };
  return answer(tx, matterId, since, command.bodyHash);
}

async function answer(tx: Transaction, matterId: string, since: number, bodyHash: string | null): Promise<TransactAnswer> {
  return { kind: 'committed', ...(await eventsAfter(tx, matterId, since)), bodyHash };
}

function definitionFor(state: MatterState, command: Command): ProcessDefinition {
  const { processId, version } =
    state.phase === 'new' ? (command.type === 'start' ? command : { processId: '', version: 0 }) : state;
  const definition = findDefinition(processId, version);
  if (definition !== undefined) return definition;
  if (state.phase === 'new') throw new Refused(refuse('matter-unknown', '办件不存在'));
  throw new Error(`Process ${processId}@${version} of matter ${state.id} is no longer in the catalog: put it back`);
}

async function worldOf(
  tx: Transaction,
  definition: ProcessDefinition,
  outer: OuterWorld,
  state: MatterState,
  request: TransactRequest,
  command: Command,
): Promise<World> {
  const named = namedIn(command);
  const form = command.type === 'start' ? command.form : correctedForm(state, command);
  const [files, facts, no] = await Promise.all([
    filesFor(tx, fileIdsIn(named), command.by.kind === 'person' ? command.by.id : null, request.matterId, { hold: true }),
    form === null || definition.reads === undefined
      ? {}
      : answerReads(tx, readsOf(definition, form, request.now), request.matterId),
    command.type === 'start' && state.phase === 'new' ? takeNumber(tx, definition, outer, request.now) : '',
  ]);
  const moving =
    command.type === 'move' ? { moving: await moveTarget(tx, request.matterId, definition.id, command.version) } : {};
  const inForce = versionsInForce(definitions, schoolDate(outer.calendar, request.now));
  const schemas = schemaChecks(definition);
  return worldFor(outer, definition.id, { now: request.now, no, files, facts, schemas, inForce, ...moving });
}

/** What a move is decided on: the version that it goes to, and everything that has happened to the matter. */
async function moveTarget(tx: Transaction, matterId: string, processId: string, version: number): Promise<MoveTarget> {
  const definition = findDefinition(processId, version);
  const past = (await allEventRows(tx, matterId)).map(eventOf);
  return { to: definition === undefined ? null : { definition, schemas: schemaChecks(definition) }, past };
}

/** What a command brings that may name files. */
function namedIn(command: Command): unknown {
  if (command.type === 'start') return [command.form, command.attachments];
  if (command.type === 'act') return [command.output, command.attachments, command.detour ?? null];
  return command.type === 'report' || command.type === 'supplement' ? command.attachments : null;
}

function correctedForm(state: MatterState, command: Command): JsonObject | null {
  if (command.type !== 'act' || state.phase !== 'open') return null;
  return state.tasks[command.task]?.kind === 'correct' ? command.output : null;
}

async function takeNumber(tx: Transaction, definition: ProcessDefinition, outer: OuterWorld, now: string): Promise<string> {
  const year = Number(schoolDate(outer.calendar, now).slice(0, 4));
  return matterNumber(definition.numberPrefix, year, await nextSerial(tx, definition.numberPrefix, year));
}

async function write(
  tx: Transaction,
  definition: ProcessDefinition,
  outer: OuterWorld,
  request: TransactRequest,
  command: Command,
  decided: Decided,
  head: string,
): Promise<void> {
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
        definition: findDefinition(matter.processId, matter.version) ?? definition,
        matter,
        events: decided.events,
        head: chain.head,
        nameOf: namesIn(outer.directory),
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
      return new Refused(refuse('resource-taken', event.facts.effect.refusal));
    }
  }
  return null;
}

/** Reads what one transition is decided on besides its matter, as of its transaction. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { allEventRows, eventOf } from '../db/events.ts';
import { answerReads, workloads } from '../db/facts.ts';
import { fileIdsIn, filesFor } from '../db/files.ts';
import { matterNumber, nextSerial } from '../db/numbers.ts';
import { type OuterWorld, worldFor } from '../db/world.ts';
import { definitions, findDefinition } from '../definitions/catalog.ts';
import { schemaChecks } from '../definitions/forms.ts';
import { schoolDate } from '../definitions/language/calendar.ts';
import type { Fact, FileFact } from '../definitions/language/context.ts';
import type { ProcessDefinition } from '../definitions/language/define.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import { versionsInForce } from '../workflows/machine/admin/in-force.ts';
import type { MoveTarget } from '../workflows/machine/admin/move.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { readsOf } from '../workflows/machine/faults.ts';
import { allocates } from '../workflows/machine/people/allocate.ts';
import type { MatterState } from '../workflows/machine/state.ts';
import type { Schemas, World } from '../workflows/machine/world.ts';

/** The processes that matters are decided by. */
export interface Processes {
  definitions: readonly ProcessDefinition[];
  find: (id: string, version: number) => ProcessDefinition | undefined;
  schemas: (definition: ProcessDefinition) => Schemas;
}

/** Those of the catalog. */
export const PUBLISHED: Processes = { definitions, find: findDefinition, schemas: schemaChecks };

/** A transition for which the world is read. */
interface Question {
  definition: ProcessDefinition;
  outer: OuterWorld;
  state: MatterState;
  command: Command;
  now: string;
}

/** The world of one transition. */
export async function readWorld(tx: Transaction, processes: Processes, question: Question): Promise<World> {
  const { definition, outer, state, command, now } = question;
  const facts = await readFacts(tx, question);
  const [files, no, workload] = await Promise.all([
    readFiles(tx, state, command),
    command.type === 'start' && state.phase === 'new' ? takeNumber(tx, definition, outer, now) : '',
    allocates(definition) ? workloads(tx, definition.id) : {},
  ]);
  const moving =
    command.type === 'move' ? { moving: await moveTarget(tx, processes, state.id, definition.id, command.version) } : {};
  const inForce = versionsInForce(processes.definitions, schoolDate(outer.calendar, now));
  const schemas = processes.schemas(definition);
  return worldFor(outer, definition.id, { now, no, files, facts, schemas, inForce, workload, ...moving });
}

/**
 * What a form asks to know of other matters. Whoever asks waits for whoever asked before and has not yet committed: of two like
 * applications at once, one sees the other.
 */
async function readFacts(tx: Transaction, { definition, state, command, now }: Question): Promise<Record<string, Fact>> {
  const form = command.type === 'start' ? command.form : correctedForm(state, command);
  if (form === null || definition.reads === undefined) return {};
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`reads:${definition.id}`}, 0))`);
  return answerReads(tx, readsOf(definition, form, now), state.id);
}

/** The files that a command names and may name: its sender's own, the matter's, and those of the matter that starts this one. */
async function readFiles(tx: Transaction, state: MatterState, command: Command): Promise<Record<string, FileFact>> {
  const ids = fileIdsIn(namedIn(command));
  const person = command.by.kind === 'person' ? command.by.id : null;
  const parent = command.type === 'start' ? command.parent : undefined;
  const [own, parents] = await Promise.all([
    filesFor(tx, ids, person, state.id, { hold: true }),
    parent === undefined ? {} : filesFor(tx, ids, null, parent.matterId, { hold: true }),
  ]);
  return { ...own, ...parents };
}

/** What a move is decided on: the version that it goes to, and everything that has happened to the matter. */
async function moveTarget(
  tx: Transaction,
  processes: Processes,
  matterId: string,
  processId: string,
  version: number,
): Promise<MoveTarget> {
  const definition = processes.find(processId, version);
  const past = (await allEventRows(tx, matterId)).map(eventOf);
  return { to: definition === undefined ? null : { definition, schemas: processes.schemas(definition) }, past };
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

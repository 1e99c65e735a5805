/** What must hold after every transition of every matter, whatever was done. Each broken promise throws with its own words. */
import { isDeepStrictEqual } from 'node:util';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Command } from '../../../workflows/machine/commands.ts';
import { isUndoable } from '../../../workflows/machine/effects.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { evolve, evolveAll } from '../../../workflows/machine/fold/evolve.ts';
import { isSettled } from '../../../workflows/machine/link.ts';
import { whoMayAct } from '../../../workflows/machine/people/covers.ts';
import type { PeopleWorld } from '../../../workflows/machine/people/posts.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type MatterState, newMatter } from '../../../workflows/machine/state.ts';
import { placeOf } from '../../../workflows/machine/tree.ts';
import { Books } from '../../proof/model/books.ts';
import { checkTokens } from '../../proof/model/tokens.ts';

/** A state larger than this would not travel well: Temporal takes two megabytes a message. */
export const STATE_CHARACTERS_MAX = 500_000;

function promise(holds: boolean, broken: string): void {
  if (!holds) throw new Error(`Broken promise: ${broken}`);
}

function throughStorage<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** How closely a transition is looked at. */
export interface Look {
  /** Whether to fold event by event and look at the state after each. */
  thorough: boolean;
  /** Whether to fold the whole record anew, as it is stored; a long walk can't afford that at each step. */
  record: boolean;
  /** The second opinion that has read the record so far. */
  books: Books;
}

/**
 * Checks one accepted command: its events one by one, and the matter after them.
 * @param look default thorough, with a second opinion made anew from the record.
 */
export function checkTransition(
  definition: ProcessDefinition,
  world: PeopleWorld,
  before: MatterState,
  command: Command,
  decided: { events: readonly MatterEvent[]; matter: Matter },
  history: readonly MatterEvent[],
  look: Look = { thorough: true, record: true, books: new Books().record(history) },
): void {
  if (look.thorough) {
    let state = before;
    for (const event of decided.events) {
      checkEvent(state, event, command);
      state = evolve(state, event);
    }
    promise(isDeepStrictEqual(state, decided.matter), 'the state returned is the fold of the events');
  }
  if (look.record) checkRecord(before.id, decided.matter, [...history, ...decided.events]);
  look.books.record(decided.events).compare(decided.matter);
  checkMatter(definition, world, decided.matter);
}

/** The record as it is stored folds to the same state, and the state is small, plain JSON. */
export function checkRecord(id: string, matter: Matter, record: readonly MatterEvent[]): void {
  promise(
    isDeepStrictEqual(evolveAll(newMatter(id), throughStorage(record)), matter),
    'the whole record folds to the same state',
  );
  promise(isDeepStrictEqual(throughStorage(matter), matter), 'the state is plain JSON');
  promise(JSON.stringify(matter).length <= STATE_CHARACTERS_MAX, 'the state is bounded');
}

function checkEvent(state: MatterState, event: MatterEvent, command: Command): void {
  promise(event.sequence === state.sequence + 1, 'sequences have no hole');
  promise(event.command === command.id && isDeepStrictEqual(event.by, command.by), 'an event names its command and actor');
  if (state.phase === 'new') return;
  promise(state.phase === 'open', `nothing happens after the end, yet ${event.type} did`);
  promise(event.at >= state.updatedAt, 'time does not run backwards in the record');
  switch (event.type) {
    case 'TaskOpened': {
      const { task } = event.facts;
      promise(task.id === `${state.id}-${state.taskCount + 1}`, 'task ids are counted through');
      promise(state.visits[task.visit]?.status === 'open', `task ${task.id} opens in an open visit`);
      break;
    }
    case 'TaskActed':
    case 'TaskClosed':
      promise(state.tasks[event.facts.task] !== undefined, `${event.type} concerns an open task`);
      break;
    case 'StepOpened':
      promise(state.visits[event.facts.visit]?.status !== 'open', `step ${event.facts.visit} is not opened twice`);
      break;
    case 'StepClosed':
      promise(state.visits[event.facts.visit]?.status === 'open', `step ${event.facts.visit} is not closed twice`);
      break;
    default:
      checkSystemEvent(state, event);
  }
}

function checkSystemEvent(state: Matter, event: MatterEvent): void {
  switch (event.type) {
    case 'BranchFinished':
      promise(
        state.blocks[event.facts.block]?.done[event.facts.branch] === false,
        `branch ${event.facts.branch} of ${event.facts.block} is not finished twice`,
      );
      break;
    case 'BlockClosed': {
      const block = state.blocks[event.facts.block];
      promise(block !== undefined, `block ${event.facts.block} was open before it closed`);
      break;
    }
    case 'EffectDone': {
      const { step, effect } = event.facts;
      if (isUndoable(effect)) promise(state.effects[step] === undefined, `effect ${step} is not done twice`);
      if (effect.kind === 'archive') {
        const archived = Object.values(state.effects).some((one) => one.effect.kind === 'archive');
        promise(!archived, 'a matter is archived once');
      }
      break;
    }
    case 'EffectUndone':
      promise(state.effects[event.facts.step] !== undefined, `effect ${event.facts.step} was done before it was undone`);
      break;
    case 'AlarmRang':
      promise(state.alarms[event.facts.alarm] !== undefined, `alarm ${event.facts.alarm} was set before it rang`);
      break;
    default:
      break;
  }
}

function checkMatter(definition: ProcessDefinition, world: PeopleWorld, matter: Matter): void {
  if (matter.phase === 'ended') {
    promise(matter.ending !== null, 'an ended matter has its outcome');
    promise(Object.keys(matter.tasks).length === 0, 'an ended matter has no open task');
    promise(Object.keys(matter.alarms).length === 0, 'an ended matter waits for nothing');
    promise(
      Object.values(matter.visits).every((visit) => visit.status === 'closed'),
      'an ended matter has no open step',
    );
    if (matter.ending?.code !== 'completed') {
      promise(!Object.values(matter.effects).some(({ effect }) => isUndoable(effect)), 'what was booked is given back');
    }
    return;
  }
  promise(matter.ending === null, 'an open matter has no outcome');
  checkTasks(definition, world, matter);
  checkAlarms(matter);
  checkTokens(definition, matter);
  const stopped = matter.suspensions.filter((stop) => stop.to === null).length;
  const stops = clockStops(definition, matter);
  promise(stopped === (stops ? 1 : 0), `the clock ${stops ? 'stands still' : 'runs'}, yet ${stopped} stops are open`);
}

function checkTasks(definition: ProcessDefinition, world: PeopleWorld, matter: Matter): void {
  const tasks = Object.values(matter.tasks);
  promise(tasks.length > 0 || Object.keys(matter.waits).length > 0, 'an open matter has an open task or waits for something');
  for (const task of tasks) {
    promise(matter.visits[task.visit]?.status === 'open', `task ${task.id} is no ghost: its step ${task.visit} is open`);
    promise(whoMayAct(definition, matter, task, world).length > 0, `task ${task.id} of ${task.visit} is no orphan`);
    promise(
      new Set(task.assignees.map((one) => one.id)).size === task.assignees.length,
      `nobody stands twice in task ${task.id}`,
    );
  }
}

/** Whether the ball is with the applicant where that stops the clock, or at a step with a third party. */
function clockStops(definition: ProcessDefinition, matter: Matter): boolean {
  return Object.values(matter.visits).some((visit) => {
    if (visit.status !== 'open' || isSideStep(visit.step)) return false;
    if (visit.step === APPLICANT_STEP) return definition.clockStopsWithApplicant;
    const { step } = placeOf(definition, visit.step);
    return 'stopsClock' in step && step.stopsClock !== undefined;
  });
}

function checkAlarms(matter: Matter): void {
  for (const wait of Object.values(matter.waits)) {
    const alarm = matter.alarms[`${wait.key}:wait`];
    promise(wait.kind === 'links' || alarm?.at === wait.at, `wait ${wait.key} has its alarm`);
    const awaited = Object.values(matter.links).some((link) => link.step === wait.key && !isSettled(link.status));
    promise(wait.kind === 'until' || awaited, `wait ${wait.key} waits for a matter that has not ended`);
  }
  for (const [id, alarm] of Object.entries(matter.alarms)) {
    if (alarm.kind === 'wait') promise(matter.waits[id.slice(0, -':wait'.length)] !== undefined, `alarm ${id} belongs to a wait`);
  }
  for (const [id, alarm] of Object.entries(matter.alarms)) {
    promise(
      alarm.visit === null || matter.visits[alarm.visit]?.status === 'open',
      `alarm ${id} belongs to an open step or to the matter`,
    );
  }
  const running = matter.suspensions.every((stop) => stop.to !== null);
  promise(
    (matter.alarms['matter:red'] !== undefined) === (running && matter.overdueSince === null),
    "the matter's own alarm is set while its clock runs and it is not overdue",
  );
}

/** What must hold after every transition of every matter, whatever was done. Each broken promise throws with its own words. */
import { isDeepStrictEqual } from 'node:util';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Command } from '../../../workflows/machine/commands.ts';
import { isUndoable } from '../../../workflows/machine/effects.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { evolve, evolveAll } from '../../../workflows/machine/evolve.ts';
import { turnsOf } from '../../../workflows/machine/seats.ts';
import { APPLICANT_STEP, type Matter, type MatterState, newMatter, type StepKey } from '../../../workflows/machine/state.ts';
import { follows, locationOf, parseKey, placesOf, positionOf } from '../../../workflows/machine/tree.ts';

/** A state larger than this would not travel well: Temporal takes two megabytes a message. */
export const STATE_CHARACTERS_MAX = 500_000;

function promise(holds: boolean, broken: string): void {
  if (!holds) throw new Error(`Broken promise: ${broken}`);
}

function throughStorage<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** Checks one accepted command: its events one by one, and the matter after them. */
export function checkTransition(
  definition: ProcessDefinition,
  directory: Directory,
  before: MatterState,
  command: Command,
  decided: { events: readonly MatterEvent[]; matter: Matter },
  history: readonly MatterEvent[],
): void {
  let state = before;
  for (const event of decided.events) {
    checkEvent(state, event, command);
    state = evolve(state, event);
  }
  promise(isDeepStrictEqual(state, decided.matter), 'the state returned is the fold of the events');
  const stored = throughStorage([...history, ...decided.events]);
  promise(isDeepStrictEqual(evolveAll(newMatter(before.id), stored), decided.matter), 'the whole record folds to the same state');
  promise(isDeepStrictEqual(throughStorage(decided.matter), decided.matter), 'the state is plain JSON');
  promise(JSON.stringify(decided.matter).length <= STATE_CHARACTERS_MAX, 'the state is bounded');
  checkMatter(definition, directory, decided.matter);
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
      promise(event.facts.canceled || block?.done.every(Boolean) === true, `block ${event.facts.block} closes when all is done`);
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

function checkMatter(definition: ProcessDefinition, directory: Directory, matter: Matter): void {
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
  checkTasks(directory, matter);
  checkAlarms(matter);
  checkBlocks(definition, matter);
  checkNothingAhead(definition, matter);
  const withApplicant = Object.values(matter.visits).some((visit) => visit.step === APPLICANT_STEP && visit.status === 'open');
  const stopped = matter.suspensions.filter((stop) => stop.to === null).length;
  promise(
    stopped === (withApplicant && definition.clockStopsWithApplicant ? 1 : 0),
    'the clock stands still with the applicant only',
  );
}

function checkTasks(directory: Directory, matter: Matter): void {
  const tasks = Object.values(matter.tasks);
  promise(tasks.length > 0, 'an open matter has an open task');
  for (const task of tasks) {
    promise(matter.visits[task.visit]?.status === 'open', `task ${task.id} is no ghost: its step ${task.visit} is open`);
    promise(
      task.assignees.some((one) => directory.people[one.id]?.active === true),
      `task ${task.id} of ${task.visit} is no orphan`,
    );
    promise(
      new Set(task.assignees.map((one) => one.id)).size === task.assignees.length,
      `nobody stands twice in task ${task.id}`,
    );
  }
  for (const visit of Object.values(matter.visits)) {
    if (visit.status !== 'open') continue;
    const own = tasks.filter((task) => task.visit === visit.key);
    const turns = [...turnsOf(visit)];
    promise(own.length === turns.length, `open step ${visit.key} has a task for each seat whose turn it is`);
    for (const [id, turn] of turns) {
      const task = matter.tasks[visit.seats.find((seat) => seat.id === id)?.task ?? ''];
      promise(task !== undefined && task.waiting === (turn === 'hold'), `seat ${id} of ${visit.key} has its task: ${turn}`);
    }
    promise(own.length > 0, `open step ${visit.key} has a task`);
    promise(!visit.superseded, `open step ${visit.key} is not set aside`);
  }
}

function checkAlarms(matter: Matter): void {
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

/** Whether a place lies inside a branch of a block: the branch's list is a prefix of the place's position. */
function inside(position: readonly number[], list: readonly number[]): boolean {
  return position.length > list.length && list.every((part, at) => part === position[at]);
}

/** Blocks around or ahead of an open step are open; in each, a branch is done exactly when nothing of it is open. */
function checkBlocks(definition: ProcessDefinition, matter: Matter): void {
  const open = openLocations(matter).map((key) => positionOf(definition, key));
  for (const block of Object.values(matter.blocks)) {
    const at = positionOf(definition, block.key);
    block.done.forEach((done, branch) => {
      const someOpen = open.some((position) => inside(position, [...at, branch]));
      promise(
        someOpen !== done,
        `branch ${branch} of ${block.key} is ${done ? 'done, yet something in it is' : 'not done, yet nothing is'} open`,
      );
    });
  }
  for (const key of openLocations(matter)) {
    const { step, scope } = parseKey(key);
    if (step === APPLICANT_STEP) continue;
    for (const loop of placesOf(definition).get(step)?.loops ?? []) {
      const depth = placesOf(definition).get(loop)?.loops.length ?? 0;
      const around = depth === 0 ? loop : `${loop}@${scope.slice(0, depth).join('.')}`;
      promise(matter.blocks[around] !== undefined, `step ${key} is open inside ${around}, which is not`);
    }
  }
}

function openLocations(matter: Matter): StepKey[] {
  return Object.values(matter.visits)
    .filter((visit) => visit.status === 'open')
    .map((visit) => locationOf(visit.key));
}

/** Nothing that counts lies ahead of where the matter stands, and no two open steps stand one after another or at one place. */
function checkNothingAhead(definition: ProcessDefinition, matter: Matter): void {
  const open = openLocations(matter);
  promise(new Set(open).size === open.length, `no two open steps stand at one place: ${open.join(', ')}`);
  const positions = open.map((key) => positionOf(definition, key));
  const ahead = (key: StepKey): boolean => {
    const at = positionOf(definition, locationOf(key));
    return positions.some((position) => follows(at, position));
  };
  for (const key of open) promise(!ahead(key), `open step ${key} does not follow another open step`);
  for (const key of Object.keys(matter.outputs)) promise(!ahead(key), `output ${key} does not lie ahead`);
  for (const [key, { effect }] of Object.entries(matter.effects)) {
    if (isUndoable(effect)) promise(!ahead(key), `effect ${key} does not lie ahead`);
  }
  for (const visit of Object.values(matter.visits)) {
    if (!visit.superseded) promise(!ahead(visit.key), `decisions of ${visit.key} do not lie ahead`);
  }
}

/**
 * Rehearsing a definition through virtual time: each thing that people can do is done once, and each walk goes on to its end. Pure:
 * no server, no clock; what people would write is given. The machine branches for nothing but the old state.
 */
import { addWorkingMinutes } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { ActOnTask, Command, ReturnOrder, StartMatter } from '../commands.ts';
import { decide } from '../decide.ts';
import type { MatterEvent } from '../events.ts';
import { isRefusal, type Refusal } from '../refusals.ts';
import { decisionsOf } from '../round/allowed.ts';
import { returnTargets } from '../round/return.ts';
import { type Matter, newMatter, type Task } from '../state.ts';
import { nextWakeup } from '../status.ts';
import { parseKey } from '../tree.ts';
import type { Action } from '../words.ts';
import type { World } from '../world.ts';

/** One thing that somebody can do with a task. `name` tells it from others, wherever the matter came from. */
export interface Choice {
  name: string;
  /** The same for people: `“财务审核”退回“部门审批”`. */
  says: string;
  task: Task;
  action: Action;
  output: JsonObject | null;
  returnOrder: ReturnOrder | null;
}

/** What is given to a rehearsal: how the matter begins, and what the world is at each time. */
export interface RehearsalPlan {
  /** What is applied for, to tell one beginning from another. */
  name: string;
  start: StartMatter;
  /** When the application is sent, UTC. */
  at: string;
  world: (now: string) => World;
  /** Outputs that a completion may bring, the usual one first. */
  outputs: (matter: Matter, task: Task, now: string) => readonly JsonObject[];
}

/** One walk from an application to its end. */
export interface RehearsedPath {
  /** What was done otherwise than in the usual way. */
  name: string;
  /** Number of the path that it leaves, from 1, and how many events the two share; null and 0 for one of its own. */
  from: number | null;
  shared: number;
  events: MatterEvent[];
  /** How it ended, or null when nothing led on any more: a fault of the definition, or of the answers given. */
  outcome: string | null;
}

/** Bounds of one rehearsal: a walk that goes round in circles ends, and is told as one without an end. */
export const REHEARSAL_LIMITS = { transitions: 400, paths: 1_000 } as const;

/** Somebody who acts in a rehearsal takes an hour of office time. */
const MINUTES_PER_ACT = 60;

const WORDS: Readonly<Record<string, string>> = {
  agree: '同意',
  disagree: '不同意',
  complete: '办理完毕',
  return: '退回',
  read: '已阅',
  reply: '答复',
};

/** Everything that the people of the open tasks can decide now; detours decide nothing and are left out. */
export function choicesOf(
  definition: ProcessDefinition,
  matter: Matter,
  outputs: (task: Task) => readonly JsonObject[],
): Choice[] {
  return Object.values(matter.tasks).flatMap((task) =>
    decisionsOf(definition, matter, task).flatMap((action) => choicesFor(definition, matter, task, action, outputs)),
  );
}

function choicesFor(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  action: Action,
  outputs: (task: Task) => readonly JsonObject[],
): Choice[] {
  const { backTo } = parseKey(task.visit);
  const name = `${task.step}${backTo === null ? '' : '!'} ${action}`;
  const says = `“${task.name}”${WORDS[action] ?? action}`;
  const choice: Choice = { name, says, task, action, output: null, returnOrder: null };
  if (action === 'return') {
    return returnTargets(definition, matter, task).flatMap((target) =>
      (['replay', 'back'] as const).map((next) => ({
        ...choice,
        name: `${name} ${parseKey(target.key).step} ${next}`,
        says: `${says}“${target.name}”(${next === 'replay' ? '逐级重走' : '直接返回'})`,
        returnOrder: { to: target.key, next },
      })),
    );
  }
  if (action !== 'complete') return [choice];
  return outputs(task).map((output, at) =>
    at === 0 ? { ...choice, output } : { ...choice, name: `${name} #${at - 1}`, says: `${says}(另一种结果之${at})`, output },
  );
}

/** The command by which the first of a task's people makes a choice. */
export function commandFor({ task, action, output, returnOrder }: Choice, id: string): ActOnTask {
  const person = task.assignees[0];
  if (person === undefined) throw new Error(`Nobody can act on ${task.visit}`);
  return {
    type: 'act',
    id,
    by: { kind: 'person', id: person.id },
    bodyHash: null,
    task: task.id,
    action,
    opinion: '意见',
    output,
    attachments: [],
    returnOrder,
  };
}

/** Where a walk has come to. */
interface Spot {
  matter: Matter;
  events: MatterEvent[];
  now: string;
}

/** A walk that is to be gone to its end. */
interface Walk {
  name: string;
  plan: RehearsalPlan;
  from: number | null;
  shared: number;
  spot: Spot;
  /** Whether nobody acts before every reminder and the ladder have passed. */
  late: boolean;
}

/**
 * Every path of a definition, one after another: for each plan the usual one, then what leaves it: each disagreement, return and other
 * result once, the application taken back, and nobody acting in time. Stops after {@link REHEARSAL_LIMITS} paths.
 * @throws {Error} When an application of a plan is refused.
 */
export function* rehearse(definition: ProcessDefinition, plans: readonly RehearsalPlan[]): Generator<RehearsedPath> {
  const done = new Set<string>();
  let count = 0;
  for (const [at, plan] of plans.entries()) {
    const started = startOf(definition, plan);
    const walks: Walk[] = [{ name: plan.name, plan, from: null, shared: 0, spot: started, late: false }];
    if (at === 0) {
      const taken = step(definition, plan, started, withdrawal(plan.start));
      if (taken !== null)
        walks.push({ name: '申请人撤回', plan, from: 1, shared: started.events.length, spot: taken, late: false });
    }
    walks.push({ name: `${plan.name},各环节均逾期才办`, plan, from: count + 1, shared: 1, spot: started, late: true });
    for (let walk = walks.shift(); walk !== undefined && count < REHEARSAL_LIMITS.paths; walk = walks.shift()) {
      count += 1;
      yield toEnd(definition, walk, count, done, walks);
    }
  }
}

function withdrawal({ by }: StartMatter): Command {
  return { type: 'withdraw', id: 'withdraw', by, bodyHash: null, reason: null };
}

function startOf(definition: ProcessDefinition, plan: RehearsalPlan): Spot {
  const decided = decide(definition, newMatter('rehearsal'), plan.start, plan.world(plan.at));
  if (isRefusal(decided)) {
    const faults = decided.faults.map(({ path, message }) => `\n  ${path} ${message}`).join('');
    throw new Error(`${definition.id}@${definition.version} refuses "${plan.name}": ${decided.message}${faults}`);
  }
  return { matter: decided.matter, events: decided.events, now: plan.at };
}

/** A walk's spot after one command, or null when it was refused. */
function step(definition: ProcessDefinition, plan: RehearsalPlan, spot: Spot, command: Command): Spot | null {
  const decided: { matter: Matter; events: MatterEvent[] } | Refusal = decide(
    definition,
    spot.matter,
    command,
    plan.world(spot.now),
  );
  return isRefusal(decided) ? null : { ...spot, matter: decided.matter, events: [...spot.events, ...decided.events] };
}

/** Goes a walk to its end; what could be done otherwise on the way, and was not yet done, becomes walks of their own. */
function toEnd(definition: ProcessDefinition, walk: Walk, number: number, done: Set<string>, walks: Walk[]): RehearsedPath {
  const { name, plan, from, shared, late } = walk;
  let { spot } = walk;
  for (let count = 0; spot.matter.phase === 'open' && count < REHEARSAL_LIMITS.transitions; count += 1) {
    if (late) spot = waited(definition, plan, spot);
    else walks.push(...branchesAt(definition, walk, number, spot, done));
    if (spot.matter.phase !== 'open') break;
    const next = onward(definition, plan, spot) ?? patient(definition, plan, spot);
    if (next === null) break;
    spot = next;
  }
  return { name, from, shared, events: spot.events, outcome: spot.matter.ending?.code ?? null };
}

/** What can be done otherwise at a spot, and was not yet done anywhere: a walk each. */
function branchesAt(definition: ProcessDefinition, walk: Walk, number: number, spot: Spot, done: Set<string>): Walk[] {
  const { plan } = walk;
  const named = (says: string): string => (walk.from === null ? says : `${walk.name},其后${says}`);
  const found: Walk[] = [];
  const add = (says: string, next: Spot | null): void => {
    if (next !== null) found.push({ name: named(says), plan, from: number, shared: spot.events.length, spot: next, late: false });
  };
  for (const choice of choicesOf(definition, spot.matter, (task) => plan.outputs(spot.matter, task, spot.now))) {
    if (done.has(choice.name)) continue;
    done.add(choice.name);
    if (!isUsual(choice)) add(choice.says, acted(definition, plan, spot, choice));
  }
  if (Object.keys(spot.matter.links).length > 0 && !done.has('link')) {
    done.add('link');
    add('关联办件未获同意', linkEnded(definition, plan, spot, 'rejected'));
  }
  return found;
}

function isUsual({ action, name }: Choice): boolean {
  return action !== 'disagree' && action !== 'return' && !name.includes('#');
}

/** Acts after an hour of office time, with every alarm that rings until then; null when it is refused. */
function acted(definition: ProcessDefinition, plan: RehearsalPlan, spot: Spot, choice: Choice): Spot | null {
  const at = addWorkingMinutes(plan.world(spot.now).calendar, spot.now, MINUTES_PER_ACT);
  const then = until(definition, plan, spot, at);
  // What rang meanwhile may have ended the task.
  const task = then.matter.tasks[choice.task.id];
  if (then.matter.phase !== 'open' || task === undefined) return then.events.length > spot.events.length ? then : null;
  return step(definition, plan, then, commandFor({ ...choice, task }, `c${then.matter.sequence}`));
}

/** The usual way on: somebody agrees or completes; where the usual result is refused, another one, or the way back. */
function onward(definition: ProcessDefinition, plan: RehearsalPlan, spot: Spot): Spot | null {
  const choices = choicesOf(definition, spot.matter, (task) => plan.outputs(spot.matter, task, spot.now));
  const others = choices.filter((choice) => !isUsual(choice) && choice.action === 'complete');
  const back = choices.filter(({ returnOrder }) => returnOrder?.next === 'replay').reverse();
  for (const choice of [...choices.filter(isUsual), ...others, ...back]) {
    const next = acted(definition, plan, spot, choice);
    if (next !== null) return next;
  }
  // What was applied for is no longer possible, say because its day has passed: the applicant, with whom it lies, gives up.
  const corrects = Object.values(spot.matter.tasks).some((task) => task.kind === 'correct');
  return corrects ? step(definition, plan, spot, withdrawal(plan.start)) : null;
}

/** The first open matter that was started comes to its end; null when there is none. */
function linkEnded(
  definition: ProcessDefinition,
  plan: RehearsalPlan,
  spot: Spot,
  status: 'completed' | 'rejected',
): Spot | null {
  const link = Object.values(spot.matter.links).find((one) => one.status === 'asked' || one.status === 'open');
  if (link === undefined) return null;
  const next = step(definition, plan, spot, {
    type: 'linked',
    id: `c${spot.matter.sequence}`,
    by: { kind: 'matter', id: link.matterId },
    bodyHash: null,
    link: link.id,
    status,
    no: link.no,
    text: status === 'completed' ? '办结' : '不予同意',
  });
  return next !== null && next.events.length > spot.events.length ? next : null;
}

/** Nobody can act: matters that were started come to their end, or time passes until the next alarm. */
function patient(definition: ProcessDefinition, plan: RehearsalPlan, spot: Spot): Spot | null {
  const ended = linkEnded(definition, plan, spot, 'completed');
  if (ended !== null) return ended;
  const wake = nextWakeup(spot.matter);
  return wake === null ? null : until(definition, plan, spot, wake > spot.now ? wake : spot.now);
}

/** Lets every alarm of the open tasks ring before anybody acts: reminders, the due date, the ladder, silence. */
function waited(definition: ProcessDefinition, plan: RehearsalPlan, spot: Spot): Spot {
  const waits = new Set(Object.keys(spot.matter.tasks));
  const mine = (at: Spot): string[] =>
    Object.values(at.matter.alarms)
      .filter((alarm) => alarm.visit !== null && alarm.kind !== 'report' && alarm.kind !== 'wait')
      .map((alarm) => alarm.at);
  let current = spot;
  for (let left = mine(current); left.length > 0; left = mine(current)) {
    const next = left.sort()[0] ?? current.now;
    current = until(definition, plan, current, next > current.now ? next : current.now);
    if (current.matter.phase !== 'open' || Object.keys(current.matter.tasks).some((task) => !waits.has(task))) break;
  }
  return current;
}

/** Lets time pass until an instant; every alarm on the way rings at its own time. */
function until(definition: ProcessDefinition, plan: RehearsalPlan, start: Spot, instant: string): Spot {
  let spot = start;
  for (let count = 0; spot.matter.phase === 'open' && count < REHEARSAL_LIMITS.transitions; count += 1) {
    const wake = nextWakeup(spot.matter);
    if (wake === null || wake > instant) break;
    // An alarm may be reckoned for a time already past; it rings now, for the clock does not run back.
    const at = { ...spot, now: wake > spot.now ? wake : spot.now };
    const rung = step(definition, plan, at, {
      type: 'tick',
      id: `c${at.matter.sequence}`,
      by: { kind: 'clock' },
      bodyHash: null,
    });
    if (rung === null || rung.events.length === at.events.length) break;
    spot = rung;
  }
  return { ...spot, now: instant > spot.now ? instant : spot.now };
}

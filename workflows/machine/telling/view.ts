/** The live view of a matter for one person: its tasks as they may see and act on them. */
import { type Light, lightAt } from '../../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { OpinionRule } from '../../../definitions/language/steps.ts';
import { rewindTargets, skippables, whyNotIntervene } from '../admin/intervene.ts';
import { isLate, latenessOf, lightOf } from '../clock/overdue.ts';
import { claimerOf, seatOf, whoMayAct } from '../people/covers.ts';
import { awayUntil, type PeopleWorld } from '../people/posts.ts';
import { actionsOf, opinionRule, whyNot } from '../round/allowed.ts';
import { itemOf } from '../round/items.ts';
import { type ReturnTarget, returnTargets } from '../round/return.ts';
import { type Comer, comersAfter, removable } from '../round/signers.ts';
import { type TakeBack, takeBacksOf } from '../round/take-back.ts';
import type { Assignee, Matter, Returned, StepKey, Task, Visit } from '../state.ts';
import { statusOf } from '../status.ts';
import { type Action, MATTER_COMMANDS, type MatterCommandType, type Status } from '../words.ts';
import { askOf } from './ask.ts';

/** An action that a task offers to the viewer. */
export interface ActionView {
  action: Action;
  opinion: OpinionRule;
  /** Whether it takes an output form. */
  takesOutput: boolean;
  /** Where a return may go; empty for other actions. */
  targets: ReturnTarget[];
  /** Whom a removal of signers may name; empty for other actions. */
  people: { id: string; name: string }[];
}

/** A task as one person sees it. */
export interface TaskView {
  id: string;
  matter: string;
  step: string;
  name: string;
  ask: string | null;
  round: number;
  kind: Task['kind'];
  /** The unit or person that it is for, inside a forEach; their name stands in the task's. */
  item: { id: string } | null;
  /** Who has claimed it, or null; nobody once that claim has lapsed. */
  claimedBy: { id: string; name: string } | null;
  /** Who may act now: those chosen, and who stands in for them while they are away. */
  assignees: Assignee[];
  openedAt: string;
  dueAt: string;
  provisional: boolean;
  light: Light;
  explanation: string[];
  /** Why a return opened it, or null. */
  returned: Returned | null;
  /** Names of the form's fields that were corrected since the step's last round. */
  changed: string[];
  /** Whose turn comes in this round when it is done, in their order. */
  next: Comer[];
  /** Empty when it is somebody else's. */
  actions: ActionView[];
}

/** A matter as one person sees it. */
export interface MatterView {
  no: string;
  process: string;
  processName: string;
  version: number;
  title: string;
  status: Status;
  applicant: { id: string; name: string; unit: string; unitName: string };
  startedAt: string;
  updatedAt: string;
  dueAt: string;
  provisional: boolean;
  overdue: boolean;
  light: Light;
  form: JsonObject;
  attachments: string[];
  outputs: { step: string; output: JsonObject }[];
  tasks: TaskView[];
  outcome: { code: string; text: string; at: string } | null;
  commands: { command: MatterCommandType; allowed: boolean; why: string | null }[];
  /** What the viewer did and may still take back 取回. */
  takeBacks: TakeBack[];
  /** What the viewer may do as a process administrator; null for everybody else, and once the matter has ended. */
  intervene: { rewind: ReturnTarget[]; skip: { visit: StepKey; name: string; why: string | null }[] } | null;
  sequence: number;
}

/** What people call a field of the form, by its name. */
export type TitleOf = (field: string) => string;

const asNamed: TitleOf = (field) => field;

/** The view of one task. @param titleOf the titles of the form's fields, which stand in its schema. */
export function taskView(
  definition: ProcessDefinition,
  matter: Matter,
  task: Task,
  viewer: string,
  world: PeopleWorld,
  titleOf: TitleOf = asNamed,
): TaskView {
  const mine = matter.phase === 'open' && seatOf(definition, matter, task, viewer, world) !== null;
  const visit = matter.visits[task.visit];
  const claimer = claimerOf(definition, matter, task, world);
  return {
    id: task.id,
    matter: matter.no,
    step: task.step,
    name: task.name,
    ask: askOf(definition, matter, task, world.calendar, titleOf),
    round: task.round,
    kind: task.kind,
    item: itemOf(definition, matter, task.visit),
    claimedBy: claimer === null ? null : { id: claimer.id, name: claimer.name },
    assignees: assigneesOf(definition, matter, task, world),
    openedAt: task.openedAt,
    dueAt: task.due.dueAt,
    provisional: task.due.provisional,
    light: lightAt(task.due, world.now),
    explanation: task.due.explanation,
    returned: visit?.returned ?? null,
    changed: [...new Set([...(visit?.changed ?? []), ...(visit?.changedSince ?? [])])],
    next: visit === undefined ? [] : comersAfter(visit, task),
    actions: mine ? actionsOf(definition, matter, task, world).map((action) => actionView(definition, matter, task, action)) : [],
  };
}

/** Everybody chosen, those who are away with until when, and those who stand in for them: A keeps seeing what B does. */
function assigneesOf(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): Assignee[] {
  const covers = whoMayAct(definition, matter, task, world).filter((one) => one.coverFor !== undefined);
  return [...task.assignees.map((one) => withAbsence(one, world)), ...covers];
}

/** Somebody chosen, with until when they are away. */
export function withAbsence<T extends { id: string }>(one: T, { directory, now }: PeopleWorld): T & { awayUntil?: string } {
  const until = awayUntil(directory, one.id, now);
  return until === null ? one : { ...one, awayUntil: until };
}

function actionView(definition: ProcessDefinition, matter: Matter, task: Task, action: Action): ActionView {
  return {
    action,
    opinion: opinionRule(definition, task, action),
    takesOutput: action === 'complete',
    targets: action === 'return' ? returnTargets(definition, matter, task) : [],
    people: action === 'removeSigners' ? removablePeople(matter.visits[task.visit], task) : [],
  };
}

function removablePeople(visit: Visit | undefined, task: Task): { id: string; name: string }[] {
  const seat = visit?.seats.find((one) => one.id === task.seat);
  if (visit === undefined || seat === undefined) return [];
  return removable(visit, seat).flatMap((one) => one.assignees.map(({ id, name }) => ({ id, name })));
}

/** The view of a matter. @param titleOf as for {@link taskView}. */
export function matterView(
  definition: ProcessDefinition,
  matter: Matter,
  viewer: string,
  world: PeopleWorld,
  titleOf: TitleOf = asNamed,
): MatterView {
  const lateness = latenessOf(matter);
  return {
    no: matter.no,
    process: matter.processId,
    processName: definition.name,
    version: matter.version,
    title: matter.title,
    status: statusOf(matter),
    applicant: { ...matter.applicant, unitName: matter.unitName },
    startedAt: matter.startedAt,
    updatedAt: matter.updatedAt,
    dueAt: matter.due.dueAt,
    provisional: matter.due.provisional,
    // An ended matter is told as it ended: late or in time.
    overdue: isLate(lateness, world.now),
    light: lightOf({ ...matter.due, ...lateness }, world.now),
    form: matter.form,
    attachments: matter.attachments,
    outputs: Object.entries(matter.outputs).map(([step, output]) => ({ step, output })),
    tasks: Object.values(matter.tasks).map((task) => taskView(definition, matter, task, viewer, world, titleOf)),
    outcome: matter.ending,
    commands: MATTER_COMMANDS.map((command) => {
      const why = whyNot(definition, matter, viewer, command, world);
      return { command, allowed: why === null, why };
    }),
    takeBacks: takeBacksOf(definition, matter, viewer),
    intervene: interveneView(definition, matter, viewer, world),
    sequence: matter.sequence,
  };
}

function interveneView(
  definition: ProcessDefinition,
  matter: Matter,
  viewer: string,
  world: PeopleWorld,
): MatterView['intervene'] {
  if (matter.phase === 'ended' || whyNotIntervene(matter, viewer, world) !== null) return null;
  return { rewind: rewindTargets(definition, matter), skip: skippables(definition, matter) };
}

/** The live view of a matter for one person: its tasks as they may see and act on them. */
import { type Light, lightAt } from '../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { OpinionRule } from '../../definitions/language/steps.ts';
import { actionsOf, opinionRule, seatOf, whyNot } from './allowed.ts';
import { statusOf } from './records.ts';
import { type ReturnTarget, returnTargets } from './return.ts';
import { APPLICANT_STEP, type Assignee, type Matter, type Task } from './state.ts';
import { placeOf } from './tree.ts';
import { type Action, MATTER_COMMANDS, type MatterCommandType, type Status } from './words.ts';

/** An action that a task offers to the viewer. */
export interface ActionView {
  action: Action;
  opinion: OpinionRule;
  /** Whether it takes an output form. */
  takesOutput: boolean;
  /** Where a return may go; empty for other actions. */
  targets: ReturnTarget[];
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
  assignees: Assignee[];
  openedAt: string;
  dueAt: string;
  provisional: boolean;
  light: Light;
  explanation: string[];
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
  sequence: number;
}

/** The view of one task. */
export function taskView(definition: ProcessDefinition, matter: Matter, task: Task, viewer: string, now: string): TaskView {
  const mine = matter.phase === 'open' && seatOf(task, viewer) !== null;
  const step = task.step === APPLICANT_STEP ? null : placeOf(definition, task.step).step;
  return {
    id: task.id,
    matter: matter.no,
    step: task.step,
    name: task.name,
    ask: step !== null && 'ask' in step ? (step.ask ?? null) : null,
    round: task.round,
    kind: task.kind,
    assignees: task.assignees,
    openedAt: task.openedAt,
    dueAt: task.due.dueAt,
    provisional: task.due.provisional,
    light: lightAt(task.due, now),
    explanation: task.due.explanation,
    actions: mine ? actionsOf(definition, matter, task).map((action) => actionView(definition, matter, task, action)) : [],
  };
}

function actionView(definition: ProcessDefinition, matter: Matter, task: Task, action: Action): ActionView {
  return {
    action,
    opinion: opinionRule(definition, task, action),
    takesOutput: action === 'complete',
    targets: action === 'return' ? returnTargets(definition, matter, task) : [],
  };
}

/** The view of a matter. */
export function matterView(definition: ProcessDefinition, matter: Matter, viewer: string, now: string): MatterView {
  const at = matter.ending?.at ?? now;
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
    overdue: statusOf(matter) !== 'suspended' && matter.due.dueAt < at,
    light: lightAt(matter.due, at),
    form: matter.form,
    attachments: matter.attachments,
    outputs: Object.entries(matter.outputs).map(([step, output]) => ({ step, output })),
    tasks: Object.values(matter.tasks).map((task) => taskView(definition, matter, task, viewer, now)),
    outcome: matter.ending,
    commands: MATTER_COMMANDS.map((command) => {
      const why = whyNot(definition, matter, viewer, command, now);
      return { command, allowed: why === null, why };
    }),
    sequence: matter.sequence,
  };
}

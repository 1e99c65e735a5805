/** What a person may do now. The API's answer and the console's greyed button come from here, and so does the refusal. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { OpinionRule, PeopleStep } from '../../../definitions/language/steps.ts';
import { whyNotExtend } from '../clock/extension.ts';
import { reportableTasks } from '../clock/report.ts';
import { whyNotUrge } from '../clock/urge.ts';
import { claimerOf } from '../people/covers.ts';
import type { PeopleWorld } from '../people/posts.ts';
import type { RefusalCode } from '../refusals.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type Task } from '../state.ts';
import { placeOf } from '../tree.ts';
import type { Action, DecisionAction, DetourAction, MatterCommandType } from '../words.ts';
import { returnTargets } from './return.ts';
import { removable } from './signers.ts';

/** The actions that a task offers to those who may act on it. Taking back is offered on tasks that are done, see `takeBacksOf`. */
export function actionsOf(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): Action[] {
  return [...decisionsOf(definition, matter, task), ...detoursOf(definition, matter, task, world)];
}

/** What can be decided with a task; nothing while it waits for signers before it, or for a delegate. */
export function decisionsOf(definition: ProcessDefinition, matter: Matter, task: Task): DecisionAction[] {
  if (task.waiting) return [];
  const back: DecisionAction[] = returnTargets(definition, matter, task).length > 0 ? ['return'] : [];
  switch (task.kind) {
    case 'approve':
      return ['agree', 'disagree', ...back];
    case 'handle':
      return ['complete', ...back];
    case 'read':
      return ['read'];
    case 'correct':
      return ['complete'];
    case 'advise':
      return ['reply'];
  }
}

/** The step of the definition that a task is for; null for a correction and for side steps. */
function stepOf(definition: ProcessDefinition, task: Task): PeopleStep | null {
  if (task.step === APPLICANT_STEP || isSideStep(task.step)) return null;
  const { step } = placeOf(definition, task.step);
  return step.kind === 'approve' || step.kind === 'handle' || step.kind === 'read' ? step : null;
}

/** The detours that a task offers: none to an applicant who corrects, to whom advice is asked or time is asked for. */
function detoursOf(definition: ProcessDefinition, matter: Matter, task: Task, world: PeopleWorld): DetourAction[] {
  const step = stepOf(definition, task);
  if (step === null) return task.step === 'circulation' ? ['circulate'] : [];
  const without = new Set<string>(step.withoutDetours ?? []);
  if (task.kind === 'read') return without.has('circulate') || task.waiting ? [] : ['circulate'];
  const takeOff: DetourAction[] = hasRemovable(matter, task) ? ['removeSigners'] : [];
  if (task.waiting) return takeOff;
  const others: DetourAction[] = step.inPerson === true ? [] : ['transfer', 'delegate', 'addSigners'];
  // A claim that has lapsed keeps nobody: the others may take the task on, or put an end to it at once.
  const claimed = claimerOf(definition, matter, task, world) !== null;
  const offered: DetourAction[] = [
    ...others,
    ...takeOff,
    ...(!claimed && task.assignees.length > 1 ? (['claim'] as const) : []),
    ...(claimed ? (['release'] as const) : []),
    'circulate',
    'consult',
  ];
  return offered.filter((one) => !without.has(one));
}

function hasRemovable(matter: Matter, task: Task): boolean {
  const visit = matter.visits[task.visit];
  const seat = visit?.seats.find((one) => one.id === task.seat);
  return visit !== undefined && seat !== undefined && removable(visit, seat).length > 0;
}

/** Whether an action on a task carries an opinion. A disagreement, a return and a question always say why. */
export function opinionRule(definition: ProcessDefinition, task: Task, action: Action): OpinionRule {
  switch (action) {
    case 'disagree':
    case 'return':
    case 'consult':
    case 'reply':
      return 'required';
    case 'claim':
    case 'release':
    case 'takeBack':
      return 'none';
    case 'transfer':
    case 'delegate':
    case 'addSigners':
    case 'removeSigners':
    case 'circulate':
    case 'read':
      return 'optional';
    case 'agree':
    case 'complete': {
      const step = stepOf(definition, task);
      return step?.kind === 'approve' || step?.kind === 'handle' ? (step.opinion ?? 'optional') : 'optional';
    }
  }
}

/** Why something is not possible now: the refusal's code and its words, which are the greyed button's too. */
export interface Hindrance {
  code: RefusalCode;
  why: string;
}

/** What hinders a person in a matter-wide command now, or null. */
export function hindranceOf(
  definition: ProcessDefinition,
  matter: Matter,
  person: string,
  command: MatterCommandType,
  world: PeopleWorld,
): Hindrance | null {
  if (matter.phase === 'ended') return { code: 'matter-ended', why: '办件已经结束' };
  switch (command) {
    case 'withdraw':
      return whyNotWithdraw(definition, matter, person);
    case 'urge':
      return whyNotUrge(definition, matter, person, world);
    case 'report':
      return reportableTasks(definition, matter, person, world).length === 0
        ? { code: 'not-allowed', why: '您没有需要报送进展的待办' }
        : null;
    case 'extend': {
      const why = whyNotExtend(definition, matter, person, world);
      return why === null ? null : { code: 'action-not-offered', why };
    }
    case 'comment':
    case 'supplement':
      return null;
  }
}

/** Why a matter-wide command is not possible now, in Chinese, or null when it is. */
export function whyNot(
  definition: ProcessDefinition,
  matter: Matter,
  person: string,
  command: MatterCommandType,
  world: PeopleWorld,
): string | null {
  return hindranceOf(definition, matter, person, command, world)?.why ?? null;
}

function whyNotWithdraw(definition: ProcessDefinition, matter: Matter, person: string): Hindrance | null {
  if (person !== matter.applicant.id) return { code: 'not-allowed', why: '只有申请人可以撤回' };
  const until = definition.withdrawUntil ?? 'first-decision';
  if (until === 'end') return null;
  const reached = typeof until === 'object' ? isPast(matter, until.before) : wasDecided(matter);
  if (!reached) return null;
  const what = typeof until === 'object' ? `已到环节“${placeOf(definition, until.before).step.name}”` : '已有人办理';
  return { code: 'too-late', why: `${what},不能撤回;${cureOf(definition, matter)}` };
}

/** Whether somebody else has acted; a matter that was laid back with its applicant is theirs to take back again. */
function wasDecided(matter: Matter): boolean {
  const withApplicant = Object.values(matter.tasks).some((task) => task.step === APPLICANT_STEP);
  return !withApplicant && Object.keys(matter.handlers).some((id) => id !== matter.applicant.id);
}

/** Whether a step was opened, or an effect took place, and still counts. */
function isPast(matter: Matter, step: string): boolean {
  const of = (key: string): boolean => key.split('@')[0] === step;
  return (
    Object.values(matter.visits).some((visit) => visit.step === step && !visit.superseded) ||
    Object.keys(matter.effects).some(of) ||
    Object.keys(matter.waits).some(of)
  );
}

/** Who could lay the matter back with its applicant; where nobody can, who could end it. */
function cureOf(definition: ProcessDefinition, matter: Matter): string {
  const holder = Object.values(matter.tasks).find((task) =>
    returnTargets(definition, matter, task).some((target) => target.key === APPLICANT_STEP),
  );
  return holder === undefined ? '确需停办的,请联系流程管理员终止' : `可请环节“${holder.name}”的办理人退回申请人`;
}

/** What a person may do now. The API's answer and the console's greyed button come from here, and so does the refusal. */

import { COMMON_SETTINGS } from '../../definitions/language/common-settings.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { OpinionRule } from '../../definitions/language/steps.ts';
import { whyNotExtend } from './extension.ts';
import { reportableTasks } from './report.ts';
import { returnTargets } from './return.ts';
import { APPLICANT_STEP, type Assignee, type Matter, type Task } from './state.ts';
import { placeOf } from './tree.ts';
import type { Action, MatterCommandType } from './words.ts';

/** The seat in which a person may act on a task, or null. */
export function seatOf(task: Task, person: string): Assignee | null {
  return task.assignees.find((one) => one.id === person) ?? null;
}

/** The actions that a task offers to those who may act on it. */
export function actionsOf(definition: ProcessDefinition, matter: Matter, task: Task): Action[] {
  const back: Action[] = returnTargets(definition, matter, task).length > 0 ? ['return'] : [];
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

/** Whether an action on a task carries an opinion. A disagreement and a return always say why. */
export function opinionRule(definition: ProcessDefinition, task: Task, action: Action): OpinionRule {
  if (action === 'disagree' || action === 'return') return 'required';
  if (task.step === APPLICANT_STEP || task.kind === 'read') return 'optional';
  const { step } = placeOf(definition, task.step);
  return step.kind === 'approve' || step.kind === 'handle' ? (step.opinion ?? 'optional') : 'optional';
}

/** Why a matter-wide command is not possible now, in Chinese, or null when it is. */
export function whyNot(
  definition: ProcessDefinition,
  matter: Matter,
  person: string,
  command: MatterCommandType,
  now: string,
): string | null {
  if (matter.phase === 'ended') return '办件已经结束';
  switch (command) {
    case 'withdraw':
      return whyNotWithdraw(definition, matter, person);
    case 'urge':
      if (urgedRecently(matter, now)) return '刚刚催办过,请稍后再催';
      return peopleToUrge(matter, person).length === 0 ? '当前没有他人的待办可催' : null;
    case 'comment':
      return null;
    case 'report':
      return reportableTasks(definition, matter, person).length === 0 ? '您没有需要报送进展的待办' : null;
    case 'supplement':
      return null;
    case 'extend':
      return whyNotExtend(definition, matter, person, now);
  }
}

function whyNotWithdraw(definition: ProcessDefinition, matter: Matter, person: string): string | null {
  if (person !== matter.applicant.id) return '只有申请人可以撤回';
  if (definition.withdrawUntil === 'end') return null;
  const withApplicant = Object.values(matter.tasks).some((task) => task.step === APPLICANT_STEP);
  const decided = Object.keys(matter.handlers).some((id) => id !== matter.applicant.id);
  return decided && !withApplicant ? '已有人办理,不能撤回;可与办理人联系退回' : null;
}

/** Who must act now, without the person who urges; each once. */
export function peopleToUrge(matter: Matter, person: string): Assignee[] {
  const people = new Map<string, Assignee>();
  for (const task of Object.values(matter.tasks)) {
    for (const one of task.assignees) if (one.id !== person && !people.has(one.id)) people.set(one.id, one);
  }
  return [...people.values()];
}

/** Whether the matter was urged so recently that another urge would only disturb (003: 避免对相关单位正常工作造成干扰). */
export function urgedRecently(matter: Matter, now: string): boolean {
  if (matter.lastUrgedAt === null) return false;
  // As a transition does: time does not run behind the matter's last event, even when a clock jumps back.
  const at = now < matter.updatedAt ? matter.updatedAt : now;
  const hours = matter.settings.urgeCooldownHours ?? COMMON_SETTINGS.urgeCooldownHours.default;
  return Date.parse(at) - Date.parse(matter.lastUrgedAt) < Number(hours) * 3_600_000;
}

/** What moves a task about without deciding it: transfer, delegate, signers, claim, circulate, consult. */
import type { ActOnTask } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Assignee, Task } from './state.ts';
import type { Transition } from './transition.ts';
import { type Action, DETOURS, type DetourAction } from './words.ts';

/** Whether an action is a detour. */
export function isDetour(action: Action): action is DetourAction {
  return DETOURS.some((one) => one === action);
}

/** Decides a detour. */
export function decideDetour(_t: Transition, task: Task, _seat: Assignee, _command: ActOnTask): Refusal | null {
  return refuse('action-not-offered', `环节“${task.name}”不支持此操作`);
}

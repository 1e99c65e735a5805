/** What an update's validator may refuse before it is taken on: commands that are over for good. */
import type { Command } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Matter } from './state.ts';

/**
 * Refuses early what is plainly stale. Two commands in flight may both pass; `decide` in the transaction has the last word.
 *
 * The workflow may be *behind* its record, when a worker was killed between a commit and its answer. So only what no later event
 * can make right is refused here: a command on an ended matter, and one on a task that was opened and is open no more.
 * @returns null when the command is worth deciding.
 */
export function plainlyStale(matter: Matter, command: Command): Refusal | null {
  if (matter.phase === 'ended') return refuse('matter-ended', '办件已经结束,不能再操作');
  // What is taken back is a task that is done.
  if (command.type !== 'act' || command.action === 'takeBack' || matter.tasks[command.task] !== undefined) return null;
  return wasOpened(matter, command.task) ? refuse('task-closed', '该待办已由他人办理或已收回,请查看最新状态') : null;
}

/** Whether a task's id is one that this matter has given out already. */
export function wasOpened(matter: Matter, task: string): boolean {
  const serial = Number(task.startsWith(`${matter.id}-`) ? task.slice(matter.id.length + 1) : Number.NaN);
  return Number.isInteger(serial) && serial >= 1 && serial <= matter.taskCount;
}

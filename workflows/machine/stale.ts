/** What an update's validator may refuse before it is taken on: commands that are plainly over or not the sender's. */
import { seatOf } from './allowed.ts';
import type { Command } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Matter } from './state.ts';

/**
 * Refuses early what is plainly stale. Two commands in flight may both pass; `decide` in the transaction has the last word.
 * @returns null when the command is worth deciding.
 */
export function plainlyStale(matter: Matter, command: Command): Refusal | null {
  if (matter.phase === 'ended') return refuse('matter-ended', '办件已经结束,不能再操作');
  if (command.type !== 'act') return null;
  const task = matter.tasks[command.task];
  if (task === undefined) return refuse('task-closed', '该待办已由他人办理或已收回,请查看最新状态');
  if (command.by.kind !== 'person' || seatOf(task, command.by.id) === null) return refuse('not-allowed', '您不是该待办的办理人');
  return null;
}

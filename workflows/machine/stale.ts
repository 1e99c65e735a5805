/** What an update's validator may refuse before it is taken on: commands that are over for good. */
import type { Command } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import { spokenBy } from './spoken-by.ts';
import type { Matter } from './state.ts';

/**
 * Refuses early what is plainly stale. Two commands in flight may both pass; `decide` in the transaction has the last word.
 *
 * The workflow may be *behind* its record, when a worker was killed between a commit and its answer. So only what no later event
 * can make right is refused here: a command on an ended matter, and one on a task that was opened and is open no more.
 * @returns null when the command is worth deciding.
 */
export function plainlyStale(matter: Matter, command: Command): Refusal | null {
  if (matter.phase === 'ended') return refuse('matter-ended', whyEnded(matter, command));
  // What is taken back is a task that is done.
  if (command.type !== 'act' || command.action === 'takeBack' || matter.tasks[command.task] !== undefined) return null;
  return wasOpened(matter, command.task) ? refuse('task-closed', whyClosed(matter, command.task, personOf(command))) : null;
}

/** Whether a task's id is one that this matter has given out already. */
export function wasOpened(matter: Matter, task: string): boolean {
  const serial = Number(task.startsWith(`${matter.id}-`) ? task.slice(matter.id.length + 1) : Number.NaN);
  return Number.isInteger(serial) && serial >= 1 && serial <= matter.taskCount;
}

/** The person who gives a command, or null. */
function personOf({ by }: Command): string | null {
  return by.kind === 'person' ? by.id : null;
}

/** Why nothing more can be done with a matter that has ended; who has just acted on its last task is told so. */
export function whyEnded(matter: Matter, command: Command): string {
  const own = command.type === 'act' && command.action !== 'takeBack' && isOwn(doneWith(matter, command.task), personOf(command));
  return own ? '您已办理,办件已经结束' : '办件已经结束,不能再操作';
}

/** Why a task that was opened can't be acted on any more: who clicked twice did it themselves, in a race it was another. */
export function whyClosed(matter: Matter, task: string, person: string | null): string {
  const done = doneWith(matter, task);
  if (done === null) return '该待办已办理或已收回,请查看最新状态';
  if (isOwn(done, person)) return done.transferred ? '您已转办,请查看最新状态' : '您已办理,请查看最新状态';
  return `该待办已由${done.name}${done.transferred ? '转办' : '办理'},请查看最新状态`;
}

/** Who did a task, as far as the state still knows: the latest round of each step. */
interface Done {
  person: string;
  name: string;
  transferred: boolean;
}

function isOwn(done: Done | null, person: string | null): boolean {
  return done !== null && done.person === person;
}

function doneWith(matter: Matter, task: string): Done | null {
  for (const visit of Object.values(matter.visits)) {
    const decision = visit.decisions.find((one) => one.task === task);
    if (decision !== undefined) return { person: decision.person, name: spokenBy(decision), transferred: false };
    const given = visit.seats.find((seat) => seat.given?.task === task)?.given;
    if (given !== undefined)
      return { person: given.person, name: matter.handlers[given.person] ?? given.person, transferred: true };
  }
  return null;
}

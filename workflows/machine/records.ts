/** What the tables say about a matter, made from its state and events: pure, so that a rebuild gives the same rows. */
import type { ProcessDefinition, RegisterSource } from '../../definitions/language/define.ts';
import type { Json } from '../../definitions/language/json.ts';
import { contextOf } from './context.ts';
import type { MatterEvent } from './events.ts';
import type { Matter, Task } from './state.ts';
import type { Action, Participation, Status } from './words.ts';

/** What a matter is, as anybody may ask. */
export function statusOf(matter: Matter): Status {
  if (matter.ending !== null) return matter.ending.code;
  return matter.suspensions.some((stop) => stop.to === null) ? 'suspended' : 'open';
}

/** Ids of the steps at which somebody must act now, in a stable order. */
export function openSteps(matter: Matter): string[] {
  return [...new Set(Object.values(matter.tasks).map((task) => task.step))].sort();
}

/** Who is connected with a matter, and how. Visibility hangs on this and on posts (unit heads, supervisors). */
export function participantsOf(
  definition: ProcessDefinition,
  matter: Matter,
): { person: string; participation: Participation }[] {
  const found: { person: string; participation: Participation }[] = [{ person: matter.applicant.id, participation: 'applicant' }];
  const assignees = new Set(Object.values(matter.tasks).flatMap((task) => task.assignees.map((one) => one.id)));
  for (const person of assignees) found.push({ person, participation: 'assignee' });
  for (const person of Object.keys(matter.handlers)) found.push({ person, participation: 'handler' });
  for (const person of new Set(definition.concerned?.(contextOf(definition, matter)) ?? []))
    found.push({ person, participation: 'concerned' });
  return found;
}

/** The matter's row in its process's register 台账, by column key. */
export function registerRow(definition: ProcessDefinition, matter: Matter, nameOf: (id: string) => string): Record<string, Json> {
  const source: RegisterSource = {
    ...contextOf(definition, matter),
    no: matter.no,
    title: matter.title,
    applicantUnitName: matter.unitName,
    status: statusOf(matter),
    outcome: matter.ending?.text ?? null,
    endedAt: matter.ending?.at ?? null,
    dueAt: matter.due.dueAt,
    effectAt: (step) => matter.effects[step]?.at ?? null,
    nameOf,
  };
  return Object.fromEntries(definition.register.map((column) => [column.key, column.value(source)]));
}

/** What happened to tasks in one transition. A task that was opened and closed in the same one was never anybody's. */
export interface TaskChanges {
  opened: Task[];
  done: { task: string; person: string; action: Action; at: string }[];
  closed: { task: string; at: string }[];
}

/** The net changes of tasks. */
export function taskChanges(events: readonly MatterEvent[]): TaskChanges {
  const opened = new Map<string, Task>();
  const done: TaskChanges['done'] = [];
  const closed: TaskChanges['closed'] = [];
  for (const event of events) {
    if (event.type === 'TaskOpened') opened.set(event.facts.task.id, event.facts.task);
    else if (event.type === 'TaskActed') {
      // Decisions carry the action as text since older events may hold words that newer code no longer offers.
      const action = event.facts.decision.action as Action;
      done.push({ task: event.facts.task, person: event.facts.decision.person, action, at: event.at });
    } else if (event.type === 'TaskClosed') {
      if (!opened.delete(event.facts.task)) closed.push({ task: event.facts.task, at: event.at });
    }
  }
  return { opened: [...opened.values()], done, closed };
}

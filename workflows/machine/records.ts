/** What the tables say about a matter, made from its state and events: pure, so that a rebuild gives the same rows. */
import type { ProcessDefinition, RegisterSource } from '../../definitions/language/define.ts';
import type { Json } from '../../definitions/language/json.ts';
import { contextOf } from './context.ts';
import type { MatterEvent } from './events.ts';
import { absentGiver } from './fold/evolve-round.ts';
import type { Matter, StepKey, Task } from './state.ts';
import { statusOf } from './status.ts';
import type { Action, Participation } from './words.ts';

/** Who is connected with a matter, and how. Visibility hangs on this and on posts (unit heads, supervisors). */
export function participantsOf(
  definition: ProcessDefinition,
  matter: Matter,
): { person: string; participation: Participation }[] {
  const found: { person: string; participation: Participation }[] = [{ person: matter.applicant.id, participation: 'applicant' }];
  const assignees = new Set(Object.values(matter.tasks).flatMap((task) => task.assignees.map((one) => one.id)));
  for (const person of assignees) found.push({ person, participation: 'assignee' });
  for (const person of Object.keys(matter.handlers)) found.push({ person, participation: 'handler' });
  for (const person of Object.keys(matter.readers)) found.push({ person, participation: 'reader' });
  for (const person of new Set(definition.concerned?.(contextOf(definition, matter)) ?? []))
    found.push({ person, participation: 'concerned' });
  return found;
}

/** When a step is or was due in its present round; what a return set aside is due no more. */
export function dueOfStep(matter: Matter, step: string): string | null {
  const visit = matter.visits[step];
  return visit === undefined || visit.superseded ? null : visit.due.dueAt;
}

/** What registers and the ledger are told by: the matter as it stands. */
export function registerSource(definition: ProcessDefinition, matter: Matter, nameOf: (id: string) => string): RegisterSource {
  return {
    ...contextOf(definition, matter),
    no: matter.no,
    title: matter.title,
    applicantUnitName: matter.unitName,
    status: statusOf(matter),
    outcome: matter.ending?.text ?? null,
    endedAt: matter.ending?.at ?? null,
    dueAt: matter.due.dueAt,
    effectAt: (step) => matter.effects[step]?.at ?? null,
    dueOf: (step) => dueOfStep(matter, step),
    nameOf,
  };
}

/** The matter's row in its process's register 台账, by column key. */
export function registerRow(definition: ProcessDefinition, matter: Matter, nameOf: (id: string) => string): Record<string, Json> {
  const source = registerSource(definition, matter, nameOf);
  return Object.fromEntries(definition.register.map((column) => [column.key, column.value(source)]));
}

/** What became of tasks in one transition. A task that was opened and closed in the same one was never anybody's. */
export interface TaskChanges {
  /** Tasks that are open now and were opened, held, resumed, claimed, released or given another due date: as they stand now. */
  open: Task[];
  /** Tasks that somebody acted on, or handed on 转办; with whom they stood in for, whose task it was. */
  done: { task: string; person: string; coverFor: string | null; action: Action; at: string }[];
  /** Tasks that ended without an act, or whose act was taken back 取回. */
  closed: { task: string; at: string }[];
  /** Tasks that ended because their seat got other people, or its people back, and the open task of that seat which came after. */
  followed: { task: string; by: string }[];
}

/**
 * The net changes of tasks.
 * @param matter the matter after the events.
 */
export function taskChanges(matter: Matter, events: readonly MatterEvent[]): TaskChanges {
  const touched = new Set<string>();
  const opened = new Set<string>();
  const done = new Map<string, TaskChanges['done'][number]>();
  const closed = new Map<string, TaskChanges['closed'][number]>();
  const close = (task: string, at: string): void => {
    done.delete(task);
    closed.set(task, { task, at });
  };
  for (const event of events) {
    const { at } = event;
    switch (event.type) {
      case 'TaskOpened':
        opened.add(event.facts.task.id);
        break;
      case 'TaskClaimed':
      case 'TaskReleased':
      case 'TaskHeld':
      case 'TaskResumed':
        touched.add(event.facts.task);
        break;
      case 'DueChanged':
        for (const task of tasksOf(matter, event.facts.visit)) touched.add(task.id);
        break;
      case 'TaskActed': {
        const { task, decision } = event.facts;
        // Decisions carry the action as text since older events may hold words that newer code no longer offers.
        const { person, coverFor, action } = decision;
        done.set(task, { task, person, coverFor: coverFor ?? null, action: action as Action, at });
        break;
      }
      case 'SeatReassigned': {
        const { task, how, person } = event.facts;
        if (task === null) break;
        const coverFor = absentGiver(event.facts)?.id ?? null;
        if (how === 'transfer' && person !== null) done.set(task, { task, person, coverFor, action: 'transfer', at });
        else close(task, at);
        break;
      }
      case 'TaskClosed':
      case 'ActTakenBack':
        close(event.facts.task, at);
        break;
      default:
        break;
    }
  }
  const open = [...opened, ...touched].flatMap((id) => matter.tasks[id] ?? []);
  return {
    open: [...new Set(open)],
    done: [...done.values()],
    closed: [...closed.values()].filter((one) => !opened.has(one.task)),
    followed: followedBy(matter, events),
  };
}

function followedBy(matter: Matter, events: readonly MatterEvent[]): TaskChanges['followed'] {
  return events.flatMap((event) => {
    if (event.type !== 'SeatReassigned' || event.facts.task === null) return [];
    const { task, visit, seat } = event.facts;
    const next = Object.values(matter.tasks).find((one) => one.visit === visit && one.seat === seat);
    return next === undefined ? [] : [{ task, by: next.id }];
  });
}

function tasksOf(matter: Matter, visit: StepKey | null): Task[] {
  return visit === null ? [] : Object.values(matter.tasks).filter((task) => task.visit === visit);
}

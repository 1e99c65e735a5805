/** What follows from events beside the matter itself: effects on other records, and notices to people. */
import type { Effect } from '../../definitions/language/effect.ts';
import type { MatterEvent } from './events.ts';
import type { Matter } from './state.ts';
import type { NoticeKind } from './words.ts';

/** A notice for one person, put into the outbox in the transaction of the transition. */
export interface Notice {
  kind: NoticeKind;
  person: string;
  task: string | null;
  text: string;
}

/** What is to be done in the transaction beside appending events. */
export type Consequence =
  | { kind: 'effect'; step: string; effect: Effect }
  | { kind: 'undo'; step: string; effect: Effect }
  | { kind: 'notice'; notice: Notice };

/** Whether going back over an effect, or an end other than completion, takes it back. */
export function isUndoable(effect: Effect): boolean {
  switch (effect.kind) {
    case 'reserve':
    case 'queue-bulletin':
      return true;
    case 'release':
    case 'archive':
      return false;
  }
}

/**
 * The consequences of a transition.
 * @param matter the matter after the events.
 */
export function effectsOf(matter: Matter, events: readonly MatterEvent[]): Consequence[] {
  const found: Consequence[] = [];
  const notice = (kind: NoticeKind, person: string, task: string | null, text: string): void => {
    found.push({ kind: 'notice', notice: { kind, person, task, text } });
  };
  for (const event of events) {
    switch (event.type) {
      case 'EffectDone':
        found.push({ kind: 'effect', step: event.facts.step, effect: event.facts.effect });
        break;
      case 'EffectUndone':
        found.push({ kind: 'undo', step: event.facts.step, effect: event.facts.effect });
        break;
      case 'TaskOpened': {
        const { task } = event.facts;
        // A task that was closed again in the same transition was never anybody's.
        if (matter.tasks[task.id] === undefined) break;
        for (const one of task.assignees)
          notice(task.kind === 'correct' ? 'returned' : 'task-opened', one.id, task.id, `${matter.title}:${task.name}`);
        break;
      }
      case 'AlarmRang':
        for (const one of alarmed(matter, event.facts.visit)) {
          const kind =
            event.facts.kind === 'red' ? (event.facts.visit === null ? 'matter-overdue' : 'task-overdue') : 'task-warned';
          if (event.facts.kind !== 'report') notice(kind, one.person, one.task, `${matter.title}:${event.facts.about}`);
        }
        break;
      case 'ReportRequested':
        for (const one of alarmed(matter, event.facts.visit))
          notice('report-due', one.person, one.task, `${matter.title}:请报送进展`);
        break;
      case 'Urged':
        for (const one of event.facts.people) notice('urged', one.id, null, `${event.facts.name}催办:${matter.title}`);
        break;
      case 'Commented':
        if (event.facts.person !== matter.applicant.id)
          notice('commented', matter.applicant.id, null, `${event.facts.name}留言:${matter.title}`);
        break;
      case 'MatterEnded':
        notice('matter-ended', matter.applicant.id, null, `${matter.title}:${event.facts.text}`);
        break;
      default:
        break;
    }
  }
  return found;
}

function alarmed(matter: Matter, visit: string | null): { person: string; task: string }[] {
  return Object.values(matter.tasks)
    .filter((task) => visit === null || task.visit === visit)
    .flatMap((task) => task.assignees.map((one) => ({ person: one.id, task: task.id })));
}

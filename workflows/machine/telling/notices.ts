/** Who is told what of a transition, and when. Whoever stands in for somebody absent is told too. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { EventOf, MatterEvent } from '../events.ts';
import { whoMayAct } from '../people/covers.ts';
import type { PeopleWorld } from '../people/posts.ts';
import { spokenBy } from '../spoken-by.ts';
import { APPLICANT_STEP, type Matter, type StepKey, type Task } from '../state.ts';
import type { AlarmKind, NoticeKind } from '../words.ts';

/**
 * When somebody is told. `at-once`: what people did, as it happens. `office-hours`: what presses, within office hours or at the next
 * opening. `digest`: what can wait, merged into one message a person and day (003: 避免对相关单位正常工作造成干扰).
 */
export const NOTICE_TIMINGS = ['at-once', 'office-hours', 'digest'] as const;
/** A timing of {@link NOTICE_TIMINGS}. */
export type NoticeTiming = (typeof NOTICE_TIMINGS)[number];

/** A notice for one person, put into the outbox or the day's digest in the transaction of the transition. */
export interface Notice {
  kind: NoticeKind;
  person: string;
  task: string | null;
  text: string;
  timing: NoticeTiming;
}

/** What each notice of a transition is made from. */
interface Telling {
  definition: ProcessDefinition;
  /** The matter after the transition. */
  matter: Matter;
  events: readonly MatterEvent[];
  world: PeopleWorld;
}

/** The lights of a due date, the most severe last. */
const LIGHT_KINDS: readonly AlarmKind[] = ['yellow', 'orange', 'red'];

/**
 * The notices of a transition, in the order of its events.
 * @param matter the matter after the events.
 * @param world who is away now: those who stand in for them are told too.
 */
export function noticesOf(
  definition: ProcessDefinition,
  matter: Matter,
  events: readonly MatterEvent[],
  world: PeopleWorld,
): Notice[] {
  const telling: Telling = { definition, matter, events, world };
  return events.flatMap((event) => noticesOfEvent(telling, event));
}

function noticesOfEvent(telling: Telling, event: MatterEvent): Notice[] {
  const { matter } = telling;
  const { title } = matter;
  switch (event.type) {
    case 'TaskOpened':
      return taskOpened(telling, event.facts.task.id);
    case 'AlarmRang':
      return alarmRang(telling, event);
    case 'ReportRequested': {
      const owing = matter.visits[event.facts.visit]?.reports.owing ?? [];
      const tasks = tasksOf(matter, event.facts.visit).filter((task) => owing.includes(task.seat));
      return toHolders(telling, tasks, 'report-due', `${title}:请报送进展`, 'digest');
    }
    case 'Escalated': {
      const { people, about } = event.facts;
      return people.map((one) => notice('escalated', one.id, `${title}:“${about}”超期未办`, 'office-hours'));
    }
    case 'Urged':
      return urged(telling, event);
    case 'Commented':
      return event.facts.person === matter.applicant.id
        ? []
        : [notice('commented', matter.applicant.id, `${event.facts.name}留言:${title}`, 'at-once')];
    case 'AdminIntervened':
      return [
        notice('intervened', matter.applicant.id, `${title}:管理员${spokenBy(event.facts)}:${event.facts.reason}`, 'at-once'),
      ];
    case 'MatterEnded':
      return [notice('matter-ended', matter.applicant.id, `${title}:${event.facts.text}`, 'at-once')];
    case 'DueChanged':
    case 'ClockStopped':
    case 'ExtensionAnswered':
      return ofClock(telling, event);
    default:
      return [];
  }
}

function notice(kind: NoticeKind, person: string, text: string, timing: NoticeTiming, task: string | null = null): Notice {
  return { kind, person, task, text, timing };
}

function tasksOf(matter: Matter, visit: StepKey | null): Task[] {
  return Object.values(matter.tasks).filter((task) => visit === null || task.visit === visit);
}

/** One notice for each person and task: those chosen, and whoever stands in for them now. */
function toHolders(
  { definition, matter, world }: Telling,
  tasks: readonly Task[],
  kind: NoticeKind,
  text: string,
  timing: NoticeTiming,
): Notice[] {
  return tasks.flatMap((task) =>
    whoMayAct(definition, matter, task, world).map((one) => notice(kind, one.id, text, timing, task.id)),
  );
}

/** What concerns the matter as a whole is told to each person once, however many tasks they hold. */
function oncePerPerson(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((one) => [one.person, one])).values()];
}

function taskOpened(telling: Telling, id: string): Notice[] {
  // A task that was closed again in the same transition was never anybody's.
  const task = telling.matter.tasks[id];
  if (task === undefined) return [];
  const kind = task.kind === 'correct' ? 'returned' : 'task-opened';
  return toHolders(telling, [task], kind, `${telling.matter.title}:${task.name}`, 'at-once');
}

function alarmRang(telling: Telling, { facts }: EventOf<'AlarmRang'>): Notice[] {
  const rank = LIGHT_KINDS.indexOf(facts.kind);
  if (rank < 0) return [];
  const { matter, events } = telling;
  // After a pause several lights come at once: the most severe says it all.
  const outshone = events.some(
    (other) => other.type === 'AlarmRang' && other.facts.visit === facts.visit && LIGHT_KINDS.indexOf(other.facts.kind) > rank,
  );
  if (outshone) return [];
  const overdue: NoticeKind = facts.visit === null ? 'matter-overdue' : 'task-overdue';
  const kind = facts.kind === 'red' ? overdue : 'task-warned';
  const timing = facts.kind === 'yellow' ? 'digest' : 'office-hours';
  const told = toHolders(telling, tasksOf(matter, facts.visit), kind, `${matter.title}:${facts.about}`, timing);
  return facts.visit === null ? oncePerPerson(told) : told;
}

function urged({ definition, matter, world }: Telling, { facts }: EventOf<'Urged'>): Notice[] {
  const people = new Set(facts.people.map((one) => one.id));
  for (const task of Object.values(matter.tasks)) {
    for (const one of whoMayAct(definition, matter, task, world))
      if (one.coverFor !== undefined && people.has(one.coverFor)) people.add(one.id);
  }
  return [...people].map((person) => notice('urged', person, `${facts.name}催办:${matter.title}`, 'office-hours'));
}

function ofClock(telling: Telling, event: EventOf<'DueChanged' | 'ClockStopped' | 'ExtensionAnswered'>): Notice[] {
  const { matter } = telling;
  const { title, applicant } = matter;
  switch (event.type) {
    case 'DueChanged': {
      const { visit, name, because } = event.facts;
      const text = `${title}:“${name}”时限有变,${because}`;
      const holders = toHolders(telling, tasksOf(matter, visit), 'due-changed', text, 'digest');
      // The applicant was promised the limit of the whole.
      return visit === null ? oncePerPerson([notice('due-changed', applicant.id, text, 'digest'), ...holders]) : holders;
    }
    case 'ClockStopped': {
      // Who has to correct is told of the return itself.
      const withApplicant = Object.values(matter.tasks).some((task) => task.step === APPLICANT_STEP);
      return withApplicant ? [] : [notice('clock-stopped', applicant.id, `${title}:暂停计时,${event.facts.reason}`, 'digest')];
    }
    case 'ExtensionAnswered': {
      const { of, granted, until, name } = event.facts;
      // A granted one is told by the due date that moved.
      if (granted) return [];
      return toHolders(telling, tasksOf(matter, of), 'replied', `${title}:${name}不同意延期至${until}`, 'at-once');
    }
  }
}

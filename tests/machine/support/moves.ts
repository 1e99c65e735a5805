/**
 * The moves of a random walk: kinds and weights, and what each comes to when its numbers are read against the matter as it stands.
 * Everything is made of the numbers, so that a failing walk shrinks to its shortest and a seed repeats it.
 */
import fc from 'fast-check';
import type { WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Command, Detour } from '../../../workflows/machine/commands.ts';
import type { Matter, Task } from '../../../workflows/machine/state.ts';
import { INTERVENTIONS, type MatterCommandType, SIGNER_MODES, SIGNER_POSITIONS } from '../../../workflows/machine/words.ts';

/** Kinds of move, with how often each is made. */
const MOVES = [
  ['forward', 12],
  ['return', 5],
  ['detour', 9],
  ['take-back', 4],
  ['any-action', 1],
  ['wrong', 1],
  ['repeat', 1],
  ['withdraw', 1],
  ['matter-command', 3],
  ['intervention', 2],
  ['people', 2],
  ['calendar', 1],
  ['linked', 2],
  ['time', 2],
  ['alarm', 2],
] as const;

/** Numbers that choose among what is there. */
export type Pick4 = readonly [number, number, number, number];

/** One move. */
export interface Move {
  kind: (typeof MOVES)[number][0];
  pick: Pick4;
}

const number = fc.nat({ max: 1_000 });

/** Moves of a walk. */
export function movesOf(maxLength: number): fc.Arbitrary<Move[]> {
  const kind = fc.oneof(...MOVES.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
  return fc.array(fc.record({ kind, pick: fc.tuple(number, number, number, number) }), { maxLength, size: 'max' });
}

/** The one of a list that a number names, if there is any. */
export function pickOf<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}

/** A command without its envelope. */
export type Body = Bare<Exclude<Command, { type: 'start' }>>;
type Bare<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

/** One, two or three people from a number. */
function some(people: readonly string[], pick: number): string[] {
  const count = (pick % 3) + 1;
  return [...new Set(Array.from({ length: count }, (_, at) => pickOf(people, pick + at * 7) ?? ''))];
}

/** A detour of a kind, with people and positions that may or may not fit. Null for those that need to know nothing more. */
export function detourOf(action: string, matter: Matter, task: Task, people: readonly string[], pick: Pick4): Detour | null {
  const to = pickOf(people, pick[2]) ?? '';
  switch (action) {
    case 'transfer':
      return { kind: action, to, draft: null };
    case 'delegate':
      return { kind: action, to };
    case 'addSigners': {
      const position = pickOf(SIGNER_POSITIONS, pick[3]) ?? 'before';
      const mode = pickOf(SIGNER_MODES, pick[3] >> 2) ?? 'all';
      return { kind: action, people: some(people, pick[2]), position, mode };
    }
    case 'removeSigners': {
      const added = (matter.visits[task.visit]?.seats ?? []).filter((seat) => seat.group > 0);
      const one = pickOf(added, pick[2])?.assignees[0]?.id;
      return { kind: action, people: [one ?? to] };
    }
    case 'circulate':
    case 'consult':
      return { kind: action, people: some(people, pick[2]) };
    default:
      return null;
  }
}

/** What an administrator may do to a matter as it stands. */
export function interventionOf(matter: Matter, people: readonly string[], pick: Pick4): Body {
  const reason = '情况特殊';
  const task = pickOf(Object.values(matter.tasks), pick[2]);
  const kind = pickOf(INTERVENTIONS, pick[1]) ?? 'skip';
  switch (kind) {
    case 'reassign':
      return { type: 'reassign', task: task?.id ?? 'm1-0', people: some(people, pick[3]), reason };
    case 'rewind': {
      const closed = Object.values(matter.visits).filter((visit) => visit.status === 'closed');
      return { type: 'rewind', to: pickOf(closed, pick[3])?.key ?? 'applicant', reason };
    }
    case 'skip': {
      const open = Object.values(matter.visits).filter((visit) => visit.status === 'open');
      return {
        type: 'skip',
        visit: pickOf([...open.map((visit) => visit.key), ...Object.keys(matter.waits)], pick[3]) ?? '',
        reason,
      };
    }
    case 'terminate':
      // An end ends the walk too, so it is rarely meant.
      return pick[3] % 5 === 0
        ? { type: 'terminate', reason }
        : { type: 'reassign', task: task?.id ?? 'm1-0', people: some(people, pick[3]), reason };
    case 'hand-over':
      return { type: 'hand-over', from: task?.assignees[0]?.id ?? '', to: pickOf(people, pick[3]) ?? '', reason };
    case 'move':
      return { type: 'move', version: 1, reason };
  }
}

/** A command about the matter as a whole. */
export function matterCommandOf(type: MatterCommandType, day: string): Body {
  switch (type) {
    case 'comment':
      return { type, text: '留言' };
    case 'report':
      return { type, text: '进展', percent: 50, attachments: [], task: null };
    case 'urge':
      return { type, text: null };
    case 'withdraw':
      return { type, reason: null };
    case 'supplement':
      return { type, text: '补充', attachments: [] };
    case 'extend':
      return { type, until: day, reason: '需要时间', task: null };
  }
}

const KEPT = ['process-administrator', 'president', 'office-director'];

/** Those whom no change of people may take away, so that somebody always can act. */
function mayLeave(directory: Directory, person: string): boolean {
  return !Object.values(directory.posts).some(
    (post) => KEPT.includes(post.role) && post.holders.some((holding) => holding.person === person),
  );
}

/** The directory after somebody was absent, left, came back, or a post got another holder or other covers. */
export function changedDirectory(directory: Directory, people: readonly string[], now: string, pick: Pick4): Directory {
  const person = pickOf(people, pick[1]) ?? '';
  const other = pickOf(people, pick[2]) ?? '';
  const post = pickOf(Object.values(directory.posts), pick[3]);
  const version = directory.version + 1;
  const found = directory.people[person];
  switch (pick[0] % 6) {
    case 0:
    case 1: {
      const to = new Date(Date.parse(now) + ((pick[3] % 9) + 1) * 12 * 3_600_000).toISOString();
      const absence = { person, from: now, to, reason: '请假', cover: pick[2] % 3 === 0 ? null : other };
      return { ...directory, version, absences: [...directory.absences, absence] };
    }
    case 2:
      return { ...directory, version, absences: directory.absences.filter((one) => one.person !== person) };
    case 3:
      if (found === undefined || !mayLeave(directory, person)) return directory;
      return { ...directory, version, people: { ...directory.people, [person]: { ...found, active: !found.active } } };
    case 4:
      if (post === undefined || KEPT.includes(post.role)) return directory;
      return {
        ...directory,
        version,
        posts: { ...directory.posts, [post.id]: { ...post, holders: [{ person: other, from: '2020-01-01', to: null }] } },
      };
    default:
      if (post === undefined) return directory;
      return { ...directory, version, posts: { ...directory.posts, [post.id]: { ...post, covers: [person, other] } } };
  }
}

/** The calendar after a notice made a day of the coming weeks free, or a free one a working day. */
export function changedCalendar(calendar: WorkingCalendar, now: string, pick: Pick4): WorkingCalendar {
  const day = new Date(Date.parse(now) + (pick[1] % 20) * 24 * 3_600_000).toISOString().slice(0, 10);
  const kind = pick[2] % 3 === 0 ? 'work' : 'off';
  const days: WorkingCalendar['days'] = { ...calendar.days, [day]: { kind, name: '通知', source: '测试' } };
  return { ...calendar, version: calendar.version + 1, days };
}

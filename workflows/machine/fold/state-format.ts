/**
 * States that were kept by earlier code, in a row or in the input of a workflow that went on in a new run, in the shape that the
 * machine knows now. Kept histories hold such states for ever, so no format is ever forgotten here.
 *
 * What an older state never knew is filled in as the fold of older events fills it in. Only who held a seat that is empty now is
 * lost: nothing asks a state for it, and the record has it.
 */
import { APPLICANT_STEP, type Matter, type MatterState, type Seat, STATE_FORMAT, type Task, type Visit } from '../state.ts';

/** A task of format 1, which knew no seats. */
type FirstTask = Omit<Task, 'seat' | 'waiting' | 'claimedBy' | 'draft' | 'addedBy'>;

/** A visit of format 1: how many tasks it had opened, and no signers who were added. */
type FirstVisit = Omit<Visit, 'seats' | 'groups' | 'parent' | 'extensions' | 'countedFrom' | 'reports'> & {
  seats: number;
  reports: Omit<Visit['reports'], 'owing'>;
};

/** A matter of format 1: it had no format field, no waits and no links. */
type FirstMatter = Omit<
  Matter,
  | 'format'
  | 'tasks'
  | 'visits'
  | 'blocks'
  | 'suspensions'
  | 'counts'
  | 'urged'
  | 'readers'
  | 'waits'
  | 'links'
  | 'parent'
  | 'interventions'
> & {
  tasks: Record<string, FirstTask>;
  visits: Record<string, FirstVisit>;
  blocks: Record<string, Omit<Matter['blocks'][string], 'entered'>>;
  suspensions: Omit<Matter['suspensions'][number], 'reason'>[];
  counts: Omit<Matter['counts'], 'corrections' | 'sideSteps'>;
};

/** The only reason for which a clock stood still in format 1. */
const FIRST_REASON = '退回申请人修改期间不计时';

/** A matter as any code may have kept it. */
export type KeptMatter = Matter | FirstMatter;

/** Whether a kept state has the shape that the machine knows. */
export function isModern(kept: KeptMatter): kept is Matter {
  return 'format' in kept && kept.format === STATE_FORMAT;
}

/** A kept matter in the shape that the machine knows; one that has it already is given back as it is. */
export function modernState(kept: KeptMatter): Matter {
  if (isModern(kept)) return kept;
  // A state without a format is of the first; there is no other before this one.
  return fromFirst(kept as FirstMatter);
}

/** As {@link modernState}, for a matter that may not have been started. */
export function modernStateOrNew(kept: MatterState | KeptMatter): MatterState {
  return kept.phase === 'new' ? kept : modernState(kept);
}

function fromFirst(matter: FirstMatter): Matter {
  const tasks: Record<string, Task> = {};
  const visits: Record<string, Visit> = {};
  for (const visit of Object.values(matter.visits)) {
    const own = Object.values(matter.tasks).filter((task) => task.visit === visit.key);
    const seats = seatsOf(visit, own);
    visits[visit.key] = visitOf(visit, seats);
    for (const seat of seats) {
      const task = own.find((one) => one.id === seat.task);
      if (task === undefined) continue;
      tasks[task.id] = { ...task, seat: seat.id, waiting: false, claimedBy: null, draft: null, addedBy: null };
    }
  }
  return {
    ...matter,
    format: STATE_FORMAT,
    tasks,
    visits,
    blocks: mapped(matter.blocks, (block) => ({ ...block, entered: block.done.map(() => true) })),
    suspensions: matter.suspensions.map((stop) => ({ ...stop, reason: FIRST_REASON })),
    counts: { ...matter.counts, corrections: matter.rounds[APPLICANT_STEP] ?? 0, sideSteps: 0 },
    urged: {},
    readers: {},
    waits: {},
    links: {},
    parent: null,
    interventions: [],
  };
}

function visitOf(visit: FirstVisit, seats: Seat[]): Visit {
  const { reports } = visit;
  // A request was answered by any report that came after it.
  const owing = reports.count < reports.expected ? seats.filter((seat) => seat.task !== null).map((seat) => seat.id) : [];
  return {
    ...visit,
    seats,
    groups: [],
    parent: null,
    extensions: 0,
    countedFrom: visit.openedAt,
    reports: { ...reports, owing },
  };
}

/** One seat for each task that was opened: those decided, those open, and those that nobody had to act on any more. */
function seatsOf(visit: FirstVisit, open: readonly FirstTask[]): Seat[] {
  // What was decided on a detour stands in the step's own visit too, beside its seats.
  const decided = visit.decisions.slice(0, Math.max(0, visit.seats - open.length));
  const seats: Omit<Seat, 'id'>[] = [
    ...decided.map(({ person, name, action }) => ({
      ...EMPTY,
      status: 'done' as const,
      verdict: action === 'disagree' ? ('against' as const) : ('for' as const),
      assignees: [{ id: person, name, reason: '' }],
    })),
    ...open.map(({ id, assignees }) => ({ ...EMPTY, status: 'open' as const, assignees, task: id })),
  ];
  while (seats.length < visit.seats) seats.push({ ...EMPTY });
  return seats.map((seat, at) => ({ id: at + 1, ...seat }));
}

const EMPTY: Omit<Seat, 'id'> = { group: 0, status: 'waiting', verdict: null, assignees: [], task: null, answer: null };

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

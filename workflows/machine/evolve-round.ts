/** Folds what happens within a round of a step: its seats, their tasks, and signers who come and go. */
import type { EventFacts } from './events.ts';
import { laddered, type MatterAlarms, without, withTask, withVisit } from './fold.ts';
import { groupOf } from './seats.ts';
import { APPLICANT_STEP, type Draft, isSideStep, type Matter, type Seat, type Task, type Visit } from './state.ts';
import { plainKey } from './tree.ts';

/** What tasks of older events do not say. */
const TASK_DEFAULTS = { waiting: false, claimedBy: null, draft: null, addedBy: null } as const;

/** A round begins. */
export function stepOpened(matter: Matter, at: string, facts: EventFacts['StepOpened']): Matter {
  const { visit: key, due, reportAt, ladder } = facts;
  const visit: Visit = {
    key,
    step: facts.step,
    name: facts.name,
    round: facts.round,
    kind: facts.kind,
    status: 'open',
    outcome: null,
    openedAt: at,
    closedAt: null,
    limit: facts.limit,
    due,
    mode: facts.mode,
    seats: facts.roster ?? [],
    groups: facts.carried?.groups ?? [],
    decisions: facts.carried?.decisions ?? [],
    backTo: facts.backTo,
    parent: facts.parent ?? null,
    extensions: 0,
    superseded: false,
    reports: { expected: 0, missed: 0, count: 0, latest: null },
    unassigned: facts.unassigned,
  };
  const alarms: MatterAlarms = {
    ...matter.alarms,
    [`${key}:yellow`]: { at: due.yellowAt, kind: 'yellow', visit: key },
    [`${key}:orange`]: { at: due.orangeAt, kind: 'orange', visit: key },
    [`${key}:red`]: { at: due.dueAt, kind: 'red', visit: key },
  };
  if (reportAt !== null) alarms[`${key}:report`] = { at: reportAt, kind: 'report', visit: key };
  const plain = plainKey(key);
  const sideSteps = matter.counts.sideSteps + (isSideStep(facts.step) ? 1 : 0);
  return {
    ...matter,
    visits: { ...matter.visits, [key]: visit },
    rounds: { ...matter.rounds, [plain]: facts.round },
    alarms: laddered(alarms, key, ladder, at),
    counts: { ...matter.counts, sideSteps },
  };
}

/** A seat gets its task. */
export function taskOpened(matter: Matter, told: Task): Matter {
  const visit = matter.visits[told.visit];
  // Older events know no seats: each task is one.
  const seat = told.seat ?? (visit === undefined ? 1 : visit.seats.length + 1);
  const task: Task = { ...TASK_DEFAULTS, ...told, seat };
  const next = { ...matter, tasks: { ...matter.tasks, [task.id]: task }, taskCount: matter.taskCount + 1 };
  return withVisit(next, task.visit, (one) => {
    const known = one.seats.some((other) => other.id === seat);
    const fresh: Seat = {
      id: seat,
      group: 0,
      status: 'open',
      verdict: null,
      assignees: task.assignees,
      task: task.id,
      answer: null,
    };
    const seats = known ? one.seats : [...one.seats, fresh];
    return { ...one, seats: seats.map((other) => (other.id === seat ? { ...other, status: 'open', task: task.id } : other)) };
  });
}

function withSeats(visit: Visit, chosen: (seat: Seat) => boolean, change: (seat: Seat) => Seat): Visit {
  return { ...visit, seats: visit.seats.map((seat) => (chosen(seat) ? change(seat) : seat)) };
}

/** Somebody decides. */
export function taskActed(matter: Matter, facts: EventFacts['TaskActed']): Matter {
  const { task, visit: key, decision, output } = facts;
  const plain = plainKey(key);
  const visit = matter.visits[key];
  const seat = visit?.seats.find((one) => one.task === task);
  const group = visit === undefined || seat === undefined ? null : groupOf(visit, seat);
  // What a delegate says comes back to who asked and decides nothing.
  const against = decision.action === 'disagree' && group?.position !== 'delegate';
  const answer: Draft | null =
    group === null
      ? null
      : { opinion: decision.opinion, output, attachments: facts.attachments, by: decision.person, byName: decision.name };
  const decided = (one: Seat): Seat => ({ ...one, status: 'done', verdict: against ? 'against' : 'for', task: null, answer });
  const append = (one: Visit): Visit => ({ ...one, decisions: [...one.decisions, decision] });
  let next = withVisit(matter, key, (one) => append(withSeats(one, (other) => other.task === task, decided)));
  // What is decided on a detour counts for the step itself too: whoever asks who approved it last must find this.
  if (plain !== key) next = withVisit(next, plain, append);
  const ofStep = output !== null && group === null && facts.step !== APPLICANT_STEP;
  return {
    ...next,
    tasks: without(next.tasks, task),
    outputs: ofStep ? { ...next.outputs, [plain]: output } : next.outputs,
    handlers: { ...next.handlers, [decision.person]: decision.name },
  };
}

/** A task ends without its people having acted. */
export function taskClosed(matter: Matter, task: string): Matter {
  const visit = matter.tasks[task]?.visit;
  const next = { ...matter, tasks: without(matter.tasks, task) };
  if (visit === undefined) return next;
  return withVisit(next, visit, (one) =>
    withSeats(
      one,
      (seat) => seat.task === task,
      (seat) => ({ ...seat, status: 'waiting', task: null }),
    ),
  );
}

/** A task waits for signers before it, or comes back from them. */
export function taskHeld(matter: Matter, task: string, waiting: boolean, draft: Draft | null): Matter {
  const visit = matter.tasks[task]?.visit;
  const next = withTask(matter, task, (one) => ({ ...one, waiting, draft: draft ?? one.draft }));
  if (visit === undefined) return next;
  return withVisit(next, visit, (one) =>
    withSeats(
      one,
      (seat) => seat.task === task,
      (seat) => ({ ...seat, status: waiting ? 'waiting' : 'open' }),
    ),
  );
}

/** A seat gets other people; its task ends. */
export function seatReassigned(matter: Matter, facts: EventFacts['SeatReassigned']): Matter {
  const tasks = facts.task === null ? matter.tasks : without(matter.tasks, facts.task);
  const { person, name } = facts;
  const handlers =
    facts.how === 'transfer' && person !== null && name !== null ? { ...matter.handlers, [person]: name } : matter.handlers;
  return withVisit({ ...matter, tasks, handlers }, facts.visit, (visit) =>
    withSeats(
      visit,
      (seat) => seat.id === facts.seat,
      (seat) => ({ ...seat, assignees: facts.to, status: 'waiting', task: null }),
    ),
  );
}

/** Signers join. */
export function signersAdded(matter: Matter, facts: EventFacts['SignersAdded']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => ({
    ...visit,
    groups: [...visit.groups, facts.group],
    seats: [...visit.seats, ...facts.seats],
  }));
  return { ...next, handlers: { ...next.handlers, [facts.group.by]: facts.group.byName } };
}

/** Signers leave. */
export function signersRemoved(matter: Matter, facts: EventFacts['SignersRemoved']): Matter {
  return withVisit(matter, facts.visit, (visit) =>
    withSeats(
      visit,
      (seat) => facts.seats.includes(seat.id),
      (seat) => ({ ...seat, status: 'removed', task: null }),
    ),
  );
}

/** A decision is no more: in an open round its seat is free again; a closed one is opened anew by the event that follows. */
export function actTakenBack(matter: Matter, facts: EventFacts['ActTakenBack']): Matter {
  return withVisit(matter, facts.visit, (visit) => {
    if (visit.status === 'closed') return visit;
    const free = withSeats(
      visit,
      (seat) => seat.id === facts.seat,
      (seat) => ({ ...seat, status: 'waiting', verdict: null, answer: null }),
    );
    return { ...free, decisions: free.decisions.filter((decision) => decision.task !== facts.task) };
  });
}

/** Folds what happens within a round of a step: its seats, their tasks, and signers who come and go. */
import type { Decision } from '../../../definitions/language/context.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { EventFacts } from '../events.ts';
import { groupOf } from '../round/seats.ts';
import {
  APPLICANT_STEP,
  type Assignee,
  type Draft,
  isSideStep,
  type Matter,
  type Seat,
  type SignerGroup,
  type StepKey,
  type Task,
  type Visit,
} from '../state.ts';
import { plainKey } from '../tree.ts';
import { laddered, type MatterAlarms, without, withTask, withVisit } from './changes.ts';

/** What tasks of older events do not say. */
const TASK_DEFAULTS = { waiting: false, claimedBy: null, draft: null, addedBy: null } as const;

/** A round begins. */
export function stepOpened(matter: Matter, at: string, facts: EventFacts['StepOpened']): Matter {
  const { visit: key, due, reportAt, ladder } = facts;
  // A round that goes on where an earlier one was left has its due date too, with what was granted.
  const before = facts.carried === undefined ? undefined : matter.visits[key];
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
    extensions: before?.extensions ?? 0,
    ...(facts.until === undefined ? {} : { until: facts.until }),
    ...(facts.asked === undefined ? {} : { asked: facts.asked }),
    superseded: false,
    countedFrom: before?.countedFrom ?? at,
    reports: { expected: 0, missed: 0, count: 0, latest: null, owing: [] },
    unassigned: facts.unassigned,
    ...extendedBefore(matter, key, before),
    ...reasonsOf(matter, at, facts, before),
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
  const readers = isReading(facts.step) ? namesOf(visit.seats) : {};
  return {
    ...matter,
    readers: { ...matter.readers, ...readers },
    visits: { ...matter.visits, [key]: visit },
    rounds: { ...matter.rounds, [plain]: facts.round },
    alarms: laddered(alarms, key, ladder, at, true),
    counts: { ...matter.counts, sideSteps },
  };
}

/** How often the step was given more time before this round: a step that is gone through again is not given it anew. */
function extendedBefore(matter: Matter, key: StepKey, carriedFrom: Visit | undefined): Pick<Visit, 'extendedBefore'> {
  const former = latestRound(matter, plainKey(key));
  const count =
    carriedFrom === undefined ? (former?.extendedBefore ?? 0) + (former?.extensions ?? 0) : carriedFrom.extendedBefore;
  return count === undefined || count === 0 ? {} : { extendedBefore: count };
}

/** Why the round was opened, and what its people should look at anew. */
function reasonsOf(
  matter: Matter,
  at: string,
  facts: EventFacts['StepOpened'],
  carriedFrom: Visit | undefined,
): Pick<Visit, 'returned' | 'baseline' | 'changed'> {
  const { returned, baseline } = facts;
  if (carriedFrom !== undefined) {
    const { returned: why, baseline: stood, changed } = carriedFrom;
    return given({ returned: why, baseline: stood, changed });
  }
  const changed = latestRound(matter, plainKey(facts.visit))?.changedSince;
  return given({ returned: returned === undefined ? undefined : { ...returned, at }, baseline, changed });
}

/** A record without what is undefined, so that the state stays the same through storage. */
function given<T extends object>(record: T): { [K in keyof T]?: NonNullable<T[K]> } {
  // Object.entries loses the keys' types; only values were left out.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** The latest round of a step, detours included. */
export function latestRound(matter: Matter, plain: StepKey): Visit | undefined {
  let latest: Visit | undefined;
  for (const visit of Object.values(matter.visits)) {
    if ((visit.key === plain || plainKey(visit.key) === plain) && visit.round > (latest?.round ?? 0)) latest = visit;
  }
  return latest;
}

/** Whether a side step is one in which people are shown the matter. */
function isReading(step: string): boolean {
  return step === 'circulation' || step === 'advice';
}

function namesOf(seats: readonly Seat[]): Record<string, string> {
  return Object.fromEntries(seats.flatMap((seat) => seat.assignees).map((one) => [one.id, one.name]));
}

/** A round ends. What was read or advised is told by the record; the state need not keep hundreds of it. */
export function stepClosed(matter: Matter, at: string, facts: EventFacts['StepClosed']): Matter {
  if (isReading(facts.step)) return { ...matter, visits: without(matter.visits, facts.visit) };
  return withVisit(matter, facts.visit, (visit) => ({ ...visit, status: 'closed', outcome: facts.outcome, closedAt: at }));
}

/** The applicant corrected the form: every step that was open or gone through before will be told which fields. */
export function formCorrected(matter: Matter, facts: EventFacts['FormCorrected']): Matter {
  const { form, attachments, title, changed } = facts;
  const next = { ...matter, form, attachments, title };
  if (changed.length === 0) return next;
  const told = (visit: Visit): Visit => ({
    ...visit,
    changedSince: [...new Set([...(visit.changedSince ?? []), ...changed])],
  });
  return { ...next, visits: Object.fromEntries(Object.entries(matter.visits).map(([key, visit]) => [key, told(visit)])) };
}

/** Results are set aside, because their steps will be gone through again. */
export function setAside(matter: Matter, superseded: readonly StepKey[]): Matter {
  if (superseded.length === 0) return matter;
  const keys = new Set(superseded);
  const visits = Object.fromEntries(
    Object.entries(matter.visits).map(([key, visit]) => [key, keys.has(key) ? { ...visit, superseded: true } : visit]),
  );
  return { ...matter, visits, outputs: without(matter.outputs, ...superseded), links: linksSetAside(matter.links, keys) };
}

function linksSetAside(links: Matter['links'], keys: ReadonlySet<StepKey>): Matter['links'] {
  if (!Object.values(links).some((link) => keys.has(link.step))) return links;
  return Object.fromEntries(
    Object.entries(links).map(([id, link]) => [id, keys.has(link.step) ? { ...link, superseded: true } : link]),
  );
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
  const several = visit?.kind === 'handle' && visit.mode !== 'any' && output !== null;
  const answer: Draft | null =
    group === null && !several
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
    handlers: { ...next.handlers, ...stoodInFor(decision), [decision.person]: decision.name },
  };
}

/** Whom a decision was made for: what was done in somebody's place they keep seeing, as if they had done it. */
function stoodInFor({ coverFor, coverForName }: Decision): Record<string, string> {
  return coverFor === null || coverFor === undefined ? {} : { [coverFor]: coverForName ?? coverFor };
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

/** Ways in which somebody, and not a rule, says whose seat it is. */
const BY_HAND: ReadonlySet<EventFacts['SeatReassigned']['how']> = new Set(['transfer', 'reassign', 'hand-over']);

/** For whom a seat was handed on 转办 by who stood in for them, or null. The event names them: the seat tells which person it is. */
export function absentGiver({ how, from, coverForName }: EventFacts['SeatReassigned']): Assignee | null {
  if (how !== 'transfer' || coverForName === null) return null;
  return from.find((one) => one.name === coverForName) ?? null;
}

/** A seat gets other people; its task ends. */
export function seatReassigned(matter: Matter, facts: EventFacts['SeatReassigned']): Matter {
  const tasks = facts.task === null ? matter.tasks : without(matter.tasks, facts.task);
  const { person, name } = facts;
  const absent = absentGiver(facts);
  const handlers =
    facts.how === 'transfer' && person !== null && name !== null
      ? { ...matter.handlers, ...(absent === null ? {} : { [absent.id]: absent.name }), [person]: name }
      : matter.handlers;
  const given =
    facts.how === 'transfer' && facts.task !== null && person !== null ? { task: facts.task, person, from: facts.from } : null;
  const change = ({ given: _before, byHand: _was, asked, ...seat }: Seat): Seat => ({
    ...seat,
    assignees: facts.to,
    status: 'waiting',
    task: null,
    ...(given === null ? {} : { given }),
    ...(BY_HAND.has(facts.how) ? { byHand: true } : {}),
    ...toldAnew(facts, asked),
  });
  const found = facts.how === 'reassign' ? { unassigned: false } : {};
  return withVisit({ ...matter, tasks, handlers }, facts.visit, (visit) => ({
    ...withSeats(visit, (seat) => seat.id === facts.seat, change),
    ...found,
  }));
}

/** What the new people of a seat are told: who is left of them when others are taken off goes on with what all were told. */
function toldAnew(facts: EventFacts['SeatReassigned'], before: Seat['asked']): Pick<Seat, 'asked'> {
  const { how, name, reason, coverForName } = facts;
  if (how === 'removed') return before === undefined ? {} : { asked: before };
  if (how === 'taken-back' || how === 're-organisation' || reason === '') return {};
  return { asked: { how, by: name, ...(coverForName === null ? {} : { coverForName }), text: reason } };
}

/** What added signers are told. */
function toldSigners({ group, reason, coverForName }: EventFacts['SignersAdded']): Pick<SignerGroup, 'asked'> {
  if (reason === '') return {};
  return { asked: { by: group.byName, ...(coverForName === undefined ? {} : { coverForName }), text: reason } };
}

/** Signers join. */
export function signersAdded(matter: Matter, facts: EventFacts['SignersAdded']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => ({
    ...visit,
    groups: [...visit.groups, { ...facts.group, ...toldSigners(facts) }],
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

/** A decision is no more: its seat is free again. A round that was closed is opened anew by the event that follows. */
export function actTakenBack(matter: Matter, facts: EventFacts['ActTakenBack']): Matter {
  const { visit: key, task, seat: id, superseded = [] } = facts;
  const plain = plainKey(key);
  const forget = (visit: Visit): Visit => ({
    ...visit,
    decisions: visit.decisions.filter((decision) => decision.task !== task),
  });
  const free = (visit: Visit): Visit =>
    withSeats(
      forget(visit),
      (seat) => seat.id === id,
      (seat) => ({ ...seat, status: 'waiting', verdict: null, answer: null }),
    );
  let next = withVisit(setAside(matter, superseded), key, free);
  if (plain !== key) next = withVisit(next, plain, forget);
  const visit = next.visits[key];
  if (visit?.kind !== 'handle') return next;
  const left = lastOutput(visit) ?? visit.baseline?.[0];
  return { ...next, outputs: left === undefined ? without(next.outputs, plain) : { ...next.outputs, [plain]: left } };
}

/** What the latest of several handlers wrote whose act still counts. */
function lastOutput(visit: Visit): JsonObject | undefined {
  for (const decision of [...visit.decisions].reverse()) {
    const output = visit.seats.find((seat) => seat.group === 0 && seat.id === decision.seat)?.answer?.output;
    if (output !== undefined && output !== null) return output;
  }
  return undefined;
}

/** Folds events into a matter's state. It decides nothing: an event already says everything that follows from it. */
import type { EventFacts, MatterEvent } from '../events.ts';
import { spokenBy } from '../spoken-by.ts';
import { type Alarm, APPLICANT_STEP, type Matter, type MatterState, STATE_FORMAT } from '../state.ts';
import { armed, laddered, type MatterAlarms, without, withTask, withVisit } from './changes.ts';
import {
  actTakenBack,
  formCorrected,
  seatReassigned,
  setAside,
  signersAdded,
  signersRemoved,
  stepClosed,
  stepOpened,
  taskActed,
  taskClosed,
  taskHeld,
  taskOpened,
} from './evolve-round.ts';

/** The latest interventions that the state remembers; the record keeps all. */
const INTERVENTIONS_KEPT = 50;

/** The state after one more event. Pure: the given state is left as it is. Throws when events come out of order. */
export function evolve(state: MatterState, event: MatterEvent): Matter {
  if (event.sequence !== state.sequence + 1) {
    throw new Error(
      `Event ${event.sequence} of matter ${state.id} cannot follow event ${state.sequence}: events come without a hole`,
    );
  }
  if (state.phase === 'new') {
    if (event.type !== 'MatterStarted') throw new Error(`Matter ${state.id} cannot begin with ${event.type}`);
    return started(state.id, event.at, event.facts);
  }
  return { ...apply(state, event), sequence: event.sequence, updatedAt: event.at };
}

/** Folds many events. */
export function evolveAll(state: MatterState, events: readonly MatterEvent[]): MatterState {
  return events.reduce<MatterState>(evolve, state);
}

function started(id: string, at: string, facts: EventFacts['MatterStarted']): Matter {
  const { due } = facts;
  const alarms: MatterAlarms = { 'matter:red': { at: due.dueAt, kind: 'red', visit: null } };
  if (facts.warns === true) {
    alarms['matter:yellow'] = { at: due.yellowAt, kind: 'yellow', visit: null };
    alarms['matter:orange'] = { at: due.orangeAt, kind: 'orange', visit: null };
  }
  return {
    format: STATE_FORMAT,
    phase: 'open',
    id,
    sequence: 1,
    no: facts.no,
    processId: facts.processId,
    version: facts.version,
    title: facts.title,
    applicant: facts.applicant,
    unitName: facts.unitName,
    form: facts.form,
    attachments: facts.attachments,
    settings: facts.settings,
    startedAt: at,
    updatedAt: at,
    due,
    limit: facts.limit,
    suspensions: [],
    tasks: {},
    taskCount: 0,
    visits: {},
    rounds: {},
    blocks: {},
    outputs: {},
    effects: {},
    alarms,
    handlers: {},
    overdueSince: null,
    lastUrgedAt: null,
    urged: {},
    readers: {},
    counts: { comments: 0, urges: 0, reports: 0, returns: 0, corrections: 0, sideSteps: 0 },
    waits: {},
    links: {},
    parent: facts.parent ?? null,
    interventions: [],
    ending: null,
  };
}

function withoutAlarmsOf(alarms: Readonly<Record<string, Alarm>>, visit: string): Record<string, Alarm> {
  return Object.fromEntries(Object.entries(alarms).filter(([, alarm]) => alarm.visit !== visit));
}

function apply(matter: Matter, event: MatterEvent): Matter {
  switch (event.type) {
    case 'MatterStarted':
      throw new Error(`Matter ${matter.id} was already started`);
    case 'StepOpened':
      return stepOpened(matter, event.at, event.facts);
    case 'TaskOpened':
      return taskOpened(matter, event.facts.task);
    case 'TaskActed':
      return taskActed(matter, event.facts);
    case 'TaskClosed':
      return taskClosed(matter, event.facts.task);
    case 'TaskClaimed':
      return withTask(matter, event.facts.task, (task) => ({ ...task, claimedBy: event.facts.person }));
    case 'TaskReleased':
      return withTask(matter, event.facts.task, (task) => ({ ...task, claimedBy: null }));
    case 'TaskHeld':
      return taskHeld(matter, event.facts.task, true, null);
    case 'TaskResumed':
      return taskHeld(matter, event.facts.task, false, event.facts.draft);
    case 'SeatReassigned':
      return seatReassigned(matter, event.facts);
    case 'SignersAdded':
      return signersAdded(matter, event.facts);
    case 'SignersRemoved':
      return signersRemoved(matter, event.facts);
    case 'ActTakenBack':
      return actTakenBack(matter, event.facts);
    case 'StepClosed':
      return stepClosed({ ...matter, alarms: withoutAlarmsOf(matter.alarms, event.facts.visit) }, event.at, event.facts);
    case 'BlockOpened': {
      const { block, kind, items, done } = event.facts;
      const entered = event.facts.entered ?? done.map(() => true);
      return { ...matter, blocks: { ...matter.blocks, [block]: { key: block, kind, items, done, entered } } };
    }
    case 'BranchEntered':
      return withBranch(matter, event.facts, 'entered');
    case 'BranchFinished':
      return withBranch(matter, event.facts, 'done');
    case 'BlockClosed':
      return blockClosed(matter, event.facts);
    case 'EffectDone':
      return { ...matter, effects: { ...matter.effects, [event.facts.step]: { effect: event.facts.effect, at: event.at } } };
    case 'EffectUndone':
      return { ...matter, effects: without(matter.effects, event.facts.step) };
    case 'MatterReturned':
      return returned(matter, event.facts);
    case 'FormCorrected':
      return formCorrected(matter, event.facts);
    case 'DetourReplayed':
      return setAside(matter, event.facts.superseded);
    case 'Supplemented':
      return { ...matter, attachments: [...new Set([...matter.attachments, ...event.facts.attachments])] };
    case 'WaitBegan':
      return waitBegan(matter, event.facts);
    case 'WaitMoved': {
      const { key, at } = event.facts;
      const wait = matter.waits[key];
      return wait?.kind === 'until' ? waitBegan(matter, { wait: { ...wait, at } }) : matter;
    }
    case 'WaitEnded':
      return {
        ...matter,
        waits: without(matter.waits, event.facts.key),
        alarms: without(matter.alarms, `${event.facts.key}:wait`),
      };
    case 'MattersLinked':
      return {
        ...matter,
        links: { ...matter.links, ...Object.fromEntries(event.facts.links.map((link) => [link.id, link])) },
      };
    case 'LinkChanged':
      return linkChanged(matter, event.facts, event.at);
    case 'MatterEnded':
      return { ...matter, phase: 'ended', tasks: {}, alarms: {}, waits: {}, ending: { ...event.facts, at: event.at } };
    default:
      return applyClock(matter, event);
  }
}

type ClockEvent = Extract<
  MatterEvent,
  {
    type:
      | 'AlarmRang'
      | 'ReportRequested'
      | 'ReportMissed'
      | 'ProgressReported'
      | 'ClockStopped'
      | 'ClockResumed'
      | 'DueChanged'
      | 'ExtensionAsked'
      | 'ExtensionAnswered'
      | 'Escalated'
      | 'SilenceCounted'
      | 'Commented'
      | 'Urged'
      | 'AdminIntervened'
      | 'VersionMoved'
      | 'StepSkipped'
      | 'BranchChosen'
      | 'Circulated'
      | 'AdviceAsked';
  }
>;

/** What the clock brings, what is said beside the flow, and what an administrator did. */
function applyClock(matter: Matter, event: ClockEvent): Matter {
  switch (event.type) {
    case 'AlarmRang':
      return alarmRang(matter, event.at, event.facts);
    case 'ReportRequested':
      return reportRequested(matter, event.facts);
    case 'ReportMissed':
      return reportMissed(matter, event.facts);
    case 'ProgressReported':
      return progressReported(matter, event.at, event.facts);
    case 'ClockStopped':
      return {
        ...matter,
        suspensions: [...matter.suspensions, { from: event.at, to: null, reason: event.facts.reason }],
        alarms: without(matter.alarms, 'matter:yellow', 'matter:orange', 'matter:red'),
      };
    case 'ClockResumed':
      return clockResumed(matter, event.at, event.facts);
    case 'DueChanged':
      return dueChanged(matter, event.at, event.facts);
    case 'ExtensionAnswered':
      return event.facts.granted
        ? withVisit(matter, event.facts.of, (visit) => ({ ...visit, extensions: visit.extensions + 1 }))
        : matter;
    case 'Commented':
      return { ...matter, counts: { ...matter.counts, comments: matter.counts.comments + 1 } };
    case 'Urged':
      return {
        ...matter,
        lastUrgedAt: event.at,
        urged: { ...matter.urged, ...Object.fromEntries(event.facts.people.map((one) => [one.id, event.at])) },
        counts: { ...matter.counts, urges: matter.counts.urges + 1 },
      };
    case 'AdminIntervened': {
      const { kind, reason, about } = event.facts;
      const interventions = [...matter.interventions, { kind, at: event.at, name: spokenBy(event.facts), reason, about }];
      return { ...matter, interventions: interventions.slice(-INTERVENTIONS_KEPT) };
    }
    case 'VersionMoved':
      return { ...matter, version: event.facts.to, settings: { ...event.facts.settings, ...matter.settings } };
    case 'StepSkipped':
    case 'BranchChosen':
    case 'Circulated':
    case 'AdviceAsked':
    case 'ExtensionAsked':
    case 'Escalated':
    case 'SilenceCounted':
      return matter;
  }
}

function withBranch(matter: Matter, { block: key, branch }: { block: string; branch: number }, mark: 'entered' | 'done'): Matter {
  const block = matter.blocks[key];
  if (block === undefined) return matter;
  const marks = block[mark].map((was, at) => was || at === branch);
  return { ...matter, blocks: { ...matter.blocks, [key]: { ...block, [mark]: marks } } };
}

function blockClosed(matter: Matter, { block: key, canceled }: EventFacts['BlockClosed']): Matter {
  const block = matter.blocks[key];
  if (canceled || block === undefined) return { ...matter, blocks: without(matter.blocks, key) };
  // Enough of the branches were done; what was left of the others has ended, so that going back into one finds the rest done.
  return { ...matter, blocks: { ...matter.blocks, [key]: { ...block, done: block.done.map(() => true) } } };
}

function returned(matter: Matter, facts: EventFacts['MatterReturned']): Matter {
  const corrections = matter.counts.corrections + (facts.to === APPLICANT_STEP ? 1 : 0);
  return {
    ...setAside(matter, facts.superseded),
    counts: { ...matter.counts, returns: matter.counts.returns + 1, corrections },
  };
}

function waitBegan(matter: Matter, { wait }: Pick<EventFacts['WaitBegan'], 'wait'>): Matter {
  const waits = { ...matter.waits, [wait.key]: wait };
  if (wait.kind === 'links') return { ...matter, waits };
  return { ...matter, waits, alarms: { ...matter.alarms, [`${wait.key}:wait`]: { at: wait.at, kind: 'wait', visit: null } } };
}

function linkChanged(matter: Matter, { link: id, status, no, text, recalled }: EventFacts['LinkChanged'], at: string): Matter {
  const link = matter.links[id];
  if (link === undefined) return matter;
  // Once taken on, the linked matter's own record holds what it was started with.
  const { form, attachments } = status === 'asked' ? link : { form: {}, attachments: [] };
  const waitsForAnswer = (recalled === true || link.recalled) && (status === 'asked' || status === 'open');
  const ended = status === 'asked' || status === 'open' ? {} : { endedAt: at };
  const changed = { ...link, form, attachments, status, no: no ?? link.no, text, recalled: waitsForAnswer, ...ended };
  return { ...matter, links: { ...matter.links, [id]: changed } };
}

function reportRequested(matter: Matter, facts: EventFacts['ReportRequested']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => {
    // Those whose turn it is; who has decided, or comes later, owes nothing.
    const owing = visit.seats.filter((seat) => seat.group === 0 && seat.task !== null).map((seat) => seat.id);
    return { ...visit, reports: { ...visit.reports, expected: facts.number, owing } };
  });
  return facts.nextAt === null ? next : { ...next, alarms: withReport(next.alarms, facts.visit, facts.nextAt) };
}

function withReport(alarms: MatterAlarms, visit: string, at: string): MatterAlarms {
  return { ...alarms, [`${visit}:report`]: { at, kind: 'report', visit } };
}

/** A seat owes nothing more for now. Older events name no seat: they mean all. */
function paid(owing: readonly number[], seat: number | undefined): number[] {
  return seat === undefined ? [] : owing.filter((one) => one !== seat);
}

function reportMissed(matter: Matter, { visit: key, seat }: EventFacts['ReportMissed']): Matter {
  return withVisit(matter, key, (visit) => {
    const { reports } = visit;
    return { ...visit, reports: { ...reports, missed: reports.missed + 1, owing: paid(reports.owing, seat) } };
  });
}

function alarmRang(matter: Matter, at: string, { alarm, kind, visit, supervisionAt }: EventFacts['AlarmRang']): Matter {
  const alarms = without(matter.alarms, alarm);
  if (supervisionAt !== undefined) alarms['matter:supervision'] = { at: supervisionAt, kind: 'supervision', visit: null };
  return { ...matter, alarms, overdueSince: visit === null && kind === 'red' ? at : matter.overdueSince };
}

function progressReported(matter: Matter, at: string, facts: EventFacts['ProgressReported']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => ({
    ...visit,
    reports: {
      ...visit.reports,
      count: visit.reports.count + 1,
      latest: { at, percent: facts.percent, text: facts.text },
      owing: paid(visit.reports.owing, facts.seat),
    },
  }));
  return {
    ...next,
    handlers: { ...next.handlers, [facts.person]: facts.name },
    counts: { ...next.counts, reports: next.counts.reports + 1 },
  };
}

function clockResumed(matter: Matter, at: string, facts: EventFacts['ClockResumed']): Matter {
  const suspensions = matter.suspensions.map((stop) => (stop.to === null ? { ...stop, to: at } : stop));
  const next = { ...matter, due: facts.due, suspensions };
  // A matter that was said to be overdue stays so: the time that stood still came after.
  return matter.overdueSince === null ? { ...next, alarms: armed(matter.alarms, null, facts.due, at, true) } : next;
}

function dueChanged(matter: Matter, at: string, facts: EventFacts['DueChanged']): Matter {
  const { visit: key, due, limit, ladder, reportAt } = facts;
  if (key === null) {
    const later = due.dueAt > at;
    const running = matter.suspensions.every((stop) => stop.to !== null);
    const told = later ? without(matter.alarms, 'matter:supervision') : matter.alarms;
    const next = { ...matter, due, limit, overdueSince: later ? null : matter.overdueSince, alarms: told };
    return running ? { ...next, alarms: armed(told, null, due, at, next.overdueSince === null) } : next;
  }
  const tasks = Object.fromEntries(
    Object.entries(matter.tasks).map(([id, task]) => [id, task.visit === key ? { ...task, due } : task]),
  );
  const next = withVisit({ ...matter, tasks }, key, (visit) => ({ ...visit, due, limit }));
  const alarms = laddered(armed(matter.alarms, key, due, at), key, ladder, at, due.dueAt > at);
  if (reportAt === undefined) return { ...next, alarms };
  return { ...next, alarms: reportAt === null ? without(alarms, `${key}:report`) : withReport(alarms, key, reportAt) };
}

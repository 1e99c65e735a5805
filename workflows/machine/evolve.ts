/** Folds events into a matter's state. It decides nothing: an event already says everything that follows from it. */
import type { EventFacts, MatterEvent } from './events.ts';
import type { Alarm, Matter, MatterState, Visit } from './state.ts';
import { plainKey } from './tree.ts';

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
  return {
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
    due: facts.due,
    limit: facts.limit,
    suspensions: [],
    tasks: {},
    taskCount: 0,
    visits: {},
    rounds: {},
    blocks: {},
    outputs: {},
    effects: {},
    alarms: { 'matter:red': { at: facts.due.dueAt, kind: 'red', visit: null } },
    handlers: {},
    overdueSince: null,
    lastUrgedAt: null,
    counts: { comments: 0, urges: 0, reports: 0, returns: 0 },
    ending: null,
  };
}

function without<T>(record: Readonly<Record<string, T>>, ...keys: readonly string[]): Record<string, T> {
  const rest = { ...record };
  for (const key of keys) delete rest[key];
  return rest;
}

function withoutAlarmsOf(alarms: Readonly<Record<string, Alarm>>, visit: string): Record<string, Alarm> {
  return Object.fromEntries(Object.entries(alarms).filter(([, alarm]) => alarm.visit !== visit));
}

function withVisit(matter: Matter, key: string, change: (visit: Visit) => Visit): Matter {
  const visit = matter.visits[key];
  return visit === undefined ? matter : { ...matter, visits: { ...matter.visits, [key]: change(visit) } };
}

function apply(matter: Matter, event: MatterEvent): Matter {
  switch (event.type) {
    case 'MatterStarted':
      throw new Error(`Matter ${matter.id} was already started`);
    case 'StepOpened':
      return stepOpened(matter, event.at, event.facts);
    case 'TaskOpened':
      return { ...matter, tasks: { ...matter.tasks, [event.facts.task.id]: event.facts.task }, taskCount: matter.taskCount + 1 };
    case 'TaskActed':
      return taskActed(matter, event.facts);
    case 'TaskClosed':
      return { ...matter, tasks: without(matter.tasks, event.facts.task) };
    case 'StepClosed':
      return {
        ...withVisit(matter, event.facts.visit, (visit) => ({
          ...visit,
          status: 'closed',
          outcome: event.facts.outcome,
          closedAt: event.at,
        })),
        alarms: withoutAlarmsOf(matter.alarms, event.facts.visit),
      };
    case 'StepSkipped':
    case 'BranchChosen':
      return matter;
    case 'BlockOpened': {
      const { block, kind, items, done } = event.facts;
      return { ...matter, blocks: { ...matter.blocks, [block]: { key: block, kind, items, done } } };
    }
    case 'BranchFinished': {
      const block = matter.blocks[event.facts.block];
      if (block === undefined) return matter;
      const done = block.done.map((was, branch) => was || branch === event.facts.branch);
      return { ...matter, blocks: { ...matter.blocks, [block.key]: { ...block, done } } };
    }
    case 'BlockClosed':
      return event.facts.canceled ? { ...matter, blocks: without(matter.blocks, event.facts.block) } : matter;
    case 'EffectDone':
      return { ...matter, effects: { ...matter.effects, [event.facts.step]: { effect: event.facts.effect, at: event.at } } };
    case 'EffectUndone':
      return { ...matter, effects: without(matter.effects, event.facts.step) };
    case 'MatterReturned':
      return returned(matter, event.facts);
    case 'FormCorrected':
      return { ...matter, form: event.facts.form, attachments: event.facts.attachments, title: event.facts.title };
    case 'AlarmRang':
      return {
        ...matter,
        alarms: without(matter.alarms, event.facts.alarm),
        overdueSince: event.facts.visit === null && event.facts.kind === 'red' ? event.at : matter.overdueSince,
      };
    case 'ReportRequested':
      return reportRequested(matter, event.facts);
    case 'ReportMissed':
      return withVisit(matter, event.facts.visit, (visit) => ({
        ...visit,
        reports: { ...visit.reports, missed: visit.reports.missed + 1 },
      }));
    case 'ProgressReported':
      return progressReported(matter, event.at, event.facts);
    case 'ClockStopped':
      return {
        ...matter,
        suspensions: [...matter.suspensions, { from: event.at, to: null }],
        alarms: without(matter.alarms, 'matter:red'),
      };
    case 'ClockResumed':
      return clockResumed(matter, event.at, event.facts);
    case 'Commented':
      return { ...matter, counts: { ...matter.counts, comments: matter.counts.comments + 1 } };
    case 'Urged':
      return { ...matter, lastUrgedAt: event.at, counts: { ...matter.counts, urges: matter.counts.urges + 1 } };
    case 'MatterEnded':
      return { ...matter, phase: 'ended', tasks: {}, alarms: {}, ending: { ...event.facts, at: event.at } };
  }
}

function stepOpened(matter: Matter, at: string, facts: EventFacts['StepOpened']): Matter {
  const { visit: key, due, reportAt } = facts;
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
    seats: facts.seats,
    decisions: [],
    backTo: facts.backTo,
    superseded: false,
    reports: { expected: 0, missed: 0, count: 0, latest: null },
    unassigned: facts.unassigned,
  };
  const alarms: Record<string, Alarm> = {
    ...matter.alarms,
    [`${key}:yellow`]: { at: due.yellowAt, kind: 'yellow', visit: key },
    [`${key}:orange`]: { at: due.orangeAt, kind: 'orange', visit: key },
    [`${key}:red`]: { at: due.dueAt, kind: 'red', visit: key },
  };
  if (reportAt !== null) alarms[`${key}:report`] = { at: reportAt, kind: 'report', visit: key };
  const plain = plainKey(key);
  return { ...matter, visits: { ...matter.visits, [key]: visit }, rounds: { ...matter.rounds, [plain]: facts.round }, alarms };
}

function taskActed(matter: Matter, facts: EventFacts['TaskActed']): Matter {
  const { task, visit, decision, output } = facts;
  const plain = plainKey(visit);
  const append = (one: Visit): Visit => ({ ...one, decisions: [...one.decisions, decision] });
  let next = withVisit(matter, visit, append);
  // What is decided on a detour counts for the step itself too: whoever asks who approved it last must find this.
  if (plain !== visit) next = withVisit(next, plain, append);
  return {
    ...next,
    tasks: without(next.tasks, task),
    outputs: output === null || facts.step === 'applicant' ? next.outputs : { ...next.outputs, [plain]: output },
    handlers: { ...next.handlers, [decision.person]: decision.name },
  };
}

function returned(matter: Matter, facts: EventFacts['MatterReturned']): Matter {
  const set = new Set(facts.superseded);
  const visits = Object.fromEntries(
    Object.entries(matter.visits).map(([key, visit]) => [key, set.has(key) ? { ...visit, superseded: true } : visit]),
  );
  return {
    ...matter,
    visits,
    outputs: without(matter.outputs, ...facts.superseded),
    counts: { ...matter.counts, returns: matter.counts.returns + 1 },
  };
}

function reportRequested(matter: Matter, facts: EventFacts['ReportRequested']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => ({ ...visit, reports: { ...visit.reports, expected: facts.number } }));
  if (facts.nextAt === null) return next;
  return {
    ...next,
    alarms: { ...next.alarms, [`${facts.visit}:report`]: { at: facts.nextAt, kind: 'report', visit: facts.visit } },
  };
}

function progressReported(matter: Matter, at: string, facts: EventFacts['ProgressReported']): Matter {
  const next = withVisit(matter, facts.visit, (visit) => ({
    ...visit,
    reports: { ...visit.reports, count: visit.reports.count + 1, latest: { at, percent: facts.percent, text: facts.text } },
  }));
  return {
    ...next,
    handlers: { ...next.handlers, [facts.person]: facts.name },
    counts: { ...next.counts, reports: next.counts.reports + 1 },
  };
}

function clockResumed(matter: Matter, at: string, facts: EventFacts['ClockResumed']): Matter {
  return {
    ...matter,
    due: facts.due,
    suspensions: matter.suspensions.map((stop) => (stop.to === null ? { ...stop, to: at } : stop)),
    alarms:
      matter.overdueSince === null
        ? { ...matter.alarms, 'matter:red': { at: facts.due.dueAt, kind: 'red', visit: null } }
        : matter.alarms,
  };
}

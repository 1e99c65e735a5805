/** Goal: a state that earlier code kept is understood by the machine of today, as its events are. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { evolveAll } from '../../workflows/machine/fold/evolve.ts';
import { isModern, type KeptMatter, modernState } from '../../workflows/machine/fold/state-format.ts';
import { type Matter, newMatter, STATE_FORMAT } from '../../workflows/machine/state.ts';
import { keptHistories } from './histories.ts';

// CommonJS whose exports Node can't see from outside: an import would work in Vitest only.
const { defaultPayloadConverter } = createRequire(import.meta.url)('@temporalio/common') as typeof import('@temporalio/common');

const kept = keptHistories();

/** What a history holds under a name: the payloads of its workflow's input, or of each local activity's result. */
function historyOf(name: string) {
  const found = kept.find((one) => one.name === name);
  if (found === undefined) throw new Error(`No history ${name} is kept`);
  return found.history.events ?? [];
}

function inputOf(name: string): { matterId: string; state: KeptMatter } {
  const payload = historyOf(name)[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (payload == null) throw new Error(`History ${name} has no input`);
  return defaultPayloadConverter.fromPayload(payload);
}

/** Every event that the transitions of a run answered with. */
function eventsOf(name: string): MatterEvent[] {
  return historyOf(name).flatMap((event) => {
    const payload = event.markerRecordedEventAttributes?.details?.result?.payloads?.[0];
    const answer = payload == null ? null : defaultPayloadConverter.fromPayload<{ events?: MatterEvent[] }>(payload);
    return answer?.events ?? [];
  });
}

describe('a state of format 1', () => {
  const { matterId, state } = inputOf('seal-use@1.continued.2');
  const record = eventsOf('seal-use@1.continued');

  test('was kept without a format', () => {
    expect(isModern(state)).toBe(false);
    expect(Object.values(state.visits)[0]?.seats).toBeTypeOf('number');
  });

  test('becomes what its events fold to today', () => {
    const folded = evolveAll(newMatter(matterId), record);
    expect(folded.sequence).toBe(state.sequence);
    expect(modernState(state)).toEqual(folded);
  });

  test('takes the events that came after it', () => {
    const rest = eventsOf('seal-use@1.continued.2');
    expect(rest.length).toBeGreaterThan(0);
    const ended = evolveAll(modernState(state), rest) as Matter;
    expect([ended.phase, ended.ending?.code, ended.format]).toEqual(['ended', 'completed', STATE_FORMAT]);
  });

  test('is left as it is once it is of today', () => {
    const modern = modernState(state);
    expect(modernState(modern)).toBe(modern);
  });
});

/** Whether the machine of format 1 wrote a record: later ones say of each step who holds which seat. */
function isOfFirstFormat(name: string): boolean {
  return eventsOf(name).some((event) => event.type === 'StepOpened' && event.facts.roster === undefined);
}

describe('every record kept by format 1, cut anywhere', () => {
  const names = kept.map((one) => one.name).filter((name) => !/continued/.test(name) && isOfFirstFormat(name));

  test('is one of the first versions', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !/^[a-z-]+@1\./.test(name))).toEqual([]);
  });

  /** A state as format 1 kept it, written back from today's. */
  function asFirst(matter: Matter): KeptMatter {
    const { format: _format, waits: _waits, links: _links, parent: _parent, interventions: _interventions, ...more } = matter;
    const { urged: _urged, readers: _readers, ...rest } = more;
    const { corrections: _corrections, sideSteps: _sideSteps, ...counts } = matter.counts;
    const first = {
      ...rest,
      counts,
      tasks: mapped(matter.tasks, ({ seat: _seat, waiting: _w, claimedBy: _c, draft: _d, addedBy: _a, ...task }) => task),
      visits: mapped(matter.visits, ({ groups: _g, parent: _p, extensions: _e, countedFrom: _f, ...visit }) => ({
        ...visit,
        seats: visit.seats.length,
        reports: withoutOwing(visit.reports),
      })),
      blocks: mapped(matter.blocks, ({ entered: _entered, ...block }) => block),
      suspensions: matter.suspensions.map(({ from, to }) => ({ from, to })),
    };
    return first;
  }

  test.each(names)('%s', (name) => {
    const events = eventsOf(name);
    expect(events.length).toBeGreaterThan(0);
    let state = evolveAll(newMatter('m'), []);
    for (const [at, event] of events.entries()) {
      state = evolveAll(state, [event]);
      // A state is kept between transitions, never within one.
      if (events[at + 1]?.command === event.command) continue;
      if (state.phase === 'new') throw new Error('A record begins with its start');
      // Who held a seat that is empty is lost; everything that the machine asks of a state is there.
      expect(withoutHolders(modernState(asFirst(state)))).toEqual(withoutHolders(state));
    }
  });
});

function withoutOwing({ owing: _owing, ...reports }: Matter['visits'][string]['reports']) {
  return reports;
}

/** What format 1 kept nothing of is left out: who held an empty seat, who was urged when, what a correction changed. */
function withoutHolders(matter: Matter): Matter {
  const visits = mapped(matter.visits, (visit) => ({
    ...visit,
    // Of a closed step nobody asks who still owed feedback.
    reports: visit.status === 'closed' ? { ...visit.reports, owing: [] } : visit.reports,
    seats: visit.seats
      .map(({ id: _id, assignees, ...seat }) => ({ ...seat, id: 0, assignees: seat.task === null ? [] : assignees }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  }));
  return { ...matter, urged: {}, visits, tasks: mapped(matter.tasks, (task) => ({ ...task, seat: 0 })) };
}

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

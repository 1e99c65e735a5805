/** Goal: nothing that can be done with a matter is missing from the kept histories, so that a change which breaks any of it is seen. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { catalog, newestDefinitions } from '../../definitions/catalog.ts';
import published from '../../definitions/published.json' with { type: 'json' };
import type { Command, CommandType } from '../../workflows/machine/commands.ts';
import type { EventOf, EventType, MatterEvent } from '../../workflows/machine/events.ts';
import {
  ACTIONS,
  ALARM_KINDS,
  INTERVENTIONS,
  MATTER_COMMANDS,
  OUTCOMES,
  SIGNER_MODES,
  SIGNER_POSITIONS,
} from '../../workflows/machine/words.ts';
import { type History, type KeptHistory, keptHistories } from './histories.ts';
import { journeys } from './journeys.ts';

// CommonJS whose exports Node can't see from outside: an import would work in Vitest only.
const { defaultPayloadConverter } = createRequire(import.meta.url)('@temporalio/common') as typeof import('@temporalio/common');

type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

const kept = keptHistories();

/** The first of some payloads, or null. */
function first<T>(payloads: { payloads?: Payload[] | null } | null | undefined): T | null {
  const payload = payloads?.payloads?.[0];
  return payload == null ? null : defaultPayloadConverter.fromPayload<T>(payload);
}

function historyEvents({ events }: History) {
  return events ?? [];
}

/** The commands that were sent to the workflow of a history, however they came. */
function commandsOf({ history }: KeptHistory): Command[] {
  return historyEvents(history).flatMap((event) =>
    [
      first<{ start: Command | null }>(event.workflowExecutionStartedEventAttributes?.input)?.start ?? [],
      // Only `act` takes a command; `accepted` and `report` do not.
      commandIn(event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input),
      event.workflowExecutionSignaledEventAttributes?.signalName === 'report'
        ? []
        : (first<Command>(event.workflowExecutionSignaledEventAttributes?.input) ?? []),
    ].flat(),
  );
}

function commandIn(
  input: { name?: string | null; args?: { payloads?: Payload[] | null } | null } | null | undefined,
): Command | [] {
  return input?.name === 'act' ? (first<Command>(input.args) ?? []) : [];
}

/** What the transitions of a history committed. */
function eventsOf({ history }: KeptHistory): MatterEvent[] {
  return historyEvents(history).flatMap((event) => {
    const local = event.markerRecordedEventAttributes?.details?.result;
    const patient = event.activityTaskCompletedEventAttributes?.result;
    return [local, patient].flatMap((result) => first<{ events?: MatterEvent[] }>(result)?.events ?? []);
  });
}

const events = kept.flatMap(eventsOf);
const committed = new Set(events.map((event) => event.command));
/** The commands that had an effect. */
const commands = kept.flatMap(commandsOf).filter((command) => committed.has(command.id));

function allOf<T extends EventType>(type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/** The words of a list that nothing kept shows. */
function missing(words: readonly string[], found: Iterable<string | undefined>): string[] {
  const there = new Set(found);
  return words.filter((word) => !there.has(word));
}

const acts = commands.flatMap((command) => (command.type === 'act' ? [command] : []));
const cure = 'add a journey that takes it, and `npm run record-histories`';

describe('kept histories show', () => {
  test('every published version of every process, from its application to its end', () => {
    const versions = Object.keys(published);
    expect(versions.sort()).toEqual(Object.keys(catalog).sort());
    const begun = kept.filter((one) => commandsOf(one).some((command) => command.type === 'start'));
    expect(
      missing(
        versions,
        begun.map((one) => one.name.split('.')[0]),
      ),
      cure,
    ).toEqual([]);
    const ended = kept.filter((one) => eventsOf(one).some((event) => event.type === 'MatterEnded'));
    expect(
      missing(
        versions,
        ended.map((one) => one.name.split('.')[0]),
      ),
      cure,
    ).toEqual([]);
  });

  test('every journey on the newest version of its process', () => {
    const newest = new Map(newestDefinitions().map(({ id, version }) => [id, `${id}@${version}`]));
    const wanted = journeys.map(({ process: id, path }) => `${newest.get(id)}.${path}`);
    expect(
      missing(
        wanted,
        kept.map((one) => one.name),
      ),
      '`npm run record-histories` records what is missing',
    ).toEqual([]);
  });

  test('every action on a task', () => {
    expect(
      missing(
        ACTIONS,
        acts.map((act) => act.action),
      ),
      cure,
    ).toEqual([]);
  });

  test('both ways on after a return, to the applicant, the step before and a step by name', () => {
    const orders = acts.flatMap(({ returnOrder }) => returnOrder ?? []);
    expect(
      missing(
        ['replay', 'back'],
        orders.map((order) => order.next),
      ),
      cure,
    ).toEqual([]);
    expect(
      missing(
        ['applicant', 'previous', 'unit-head'],
        orders.map((order) => order.to),
      ),
      cure,
    ).toEqual([]);
  });

  test('added signers in every position and mode', () => {
    const added = acts.flatMap(({ detour }) => (detour?.kind === 'addSigners' ? [detour] : []));
    expect(
      missing(
        SIGNER_POSITIONS,
        added.map((one) => one.position),
      ),
      cure,
    ).toEqual([]);
    expect(
      missing(
        SIGNER_MODES,
        added.map((one) => one.mode),
      ),
      cure,
    ).toEqual([]);
  });

  test('every command on a matter, every intervention, and what other matters, the clock and the school say', () => {
    const others = ['start', 'act', 'refresh', 'linked', 'tick'] satisfies CommandType[];
    // The clock's commands come from within.
    const ticks = events.some((event) => event.by.kind === 'clock') ? ['tick'] : [];
    const found = [...commands.map((command) => command.type), ...ticks];
    expect(missing([...others, ...MATTER_COMMANDS, ...INTERVENTIONS], found), cure).toEqual([]);
  });

  test('every end, and every alarm that a process of the catalog has', () => {
    expect(
      missing(
        OUTCOMES,
        allOf('MatterEnded').map((event) => event.facts.code),
      ),
      cure,
    ).toEqual([]);
    // No published process waits for a date.
    const alarms = ALARM_KINDS.filter((kind) => kind !== 'wait');
    const rang = [
      ...allOf('AlarmRang').map((event) => event.facts.kind),
      ...allOf('Escalated').map((event) => event.facts.level),
      ...(allOf('ReportRequested').length > 0 ? ['report'] : []),
    ];
    expect(missing(alarms, rang), cure).toEqual([]);
  });

  test('a cover who acts, a matter that starts another, and one that is called back', () => {
    expect(allOf('TaskActed').some(({ facts }) => facts.decision.coverFor != null)).toBe(true);
    const links = allOf('LinkChanged').map(({ facts }) => facts.status);
    expect(missing(['open', 'completed'], links), cure).toEqual([]);
    expect(commands.some((command) => command.type === 'withdraw' && command.by.kind === 'matter')).toBe(true);
  });
});

describe('kept histories hold', () => {
  /** Names of histories with an event for which something holds. */
  const having = (holds: (event: NonNullable<History['events']>[number]) => boolean): string[] =>
    kept.filter(({ history }) => historyEvents(history).some(holds)).map((one) => one.name);

  test.each([
    ['a run that goes on in a new one', having((event) => event.workflowExecutionContinuedAsNewEventAttributes != null)],
    [
      'a signal that asks how a matter stands',
      having((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'report'),
    ],
    [
      'a decision that was tried in the patient way',
      having((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'transact'),
    ],
    [
      'a letter to another matter',
      having((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'deliver'),
    ],
    [
      'a command that was refused',
      having((event) => event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.failure != null),
    ],
    ['a timer that was set anew', having((event) => event.timerCanceledEventAttributes != null)],
    ['a timer that fired', having((event) => event.timerFiredEventAttributes != null)],
  ])('%s', (_what, names) => {
    expect(names).not.toEqual([]);
  });

  test('a workflow that was made anew from the events of its matter', () => {
    const anew = kept.filter(({ history }) => {
      const input = first<{ start: unknown; state: unknown }>(
        historyEvents(history)[0]?.workflowExecutionStartedEventAttributes?.input,
      );
      return input !== null && input.start === null && input.state === null;
    });
    expect(anew.map((one) => one.name)).toContain('contract-review@2.revived');
  });
});

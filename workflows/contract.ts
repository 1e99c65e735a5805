/**
 * What the API and the workflow agree on: names of messages and the shapes that travel. Works inside and outside the sandbox.
 */
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Command, StartMatter } from './machine/commands.ts';
import type { MatterEvent } from './machine/events.ts';
import type { Letter } from './machine/letters.ts';
import type { Refusal } from './machine/refusals.ts';
import type { Matter } from './machine/state.ts';

/** What a workflow is started with. Its type is the process id, its id the matter's. */
export interface MatterInput {
  matterId: string;
  /** The application; null when the workflow goes on from a state or is rebuilt from its events. */
  start: StartMatter | null;
  /** The state at continue-as-new, or null. */
  state: Matter | null;
}

/** What a finished workflow says. */
export interface MatterResult {
  no: string | null;
  outcome: string;
}

/** What a committed command answers. The matter itself is read from the record, so that answers stay small in history. */
export interface CommandAnswer {
  sequence: number;
  no: string;
  /** Hash of the body under which this command was committed, to tell a key that is used again with another body. */
  bodyHash: string | null;
}

/**
 * A person's decision on a matter; answered when it is committed. Beside the command goes a word of the caller's own: a fault of ours
 * gives it back, so that whoever asks again under the same update id can tell a failure that Temporal remembers from a new one.
 */
export const actUpdate = defineUpdate<CommandAnswer, [Command, string?]>('act');
/** Answered when the application that the workflow was started with is committed, or refused; the word as in {@link actUpdate}. */
export const acceptedUpdate = defineUpdate<CommandAnswer, [string?]>('accepted');
/** The same as {@link actUpdate} for callers that do not wait. */
export const actSignal = defineSignal<[Command]>('act');
/** The name that {@link actSignal} had; histories hold it. */
export const formerActSignal = defineSignal<[Command]>('act-later');
/** Asks a matter to say once more to the one that started it how it stands. */
export const reportSignal = defineSignal<[]>('report');
/** The live state; null before the application is committed. */
export const stateQuery = defineQuery<Matter | null>('state');

/** The one activity that a decision needs. See `activities/transact.ts`. */
export interface TransactRequest {
  matterId: string;
  since: number;
  command: Command | null;
  now: string;
  /**
   * Milliseconds after which this try may no longer decide: its caller has given it up and tries in another way, whose answer must
   * stand. Absent for a try that is waited for.
   */
  withinMs?: number;
}
/** Every event after `since`, in portions (`more` says that another follows), and whether the command was refused. */
export type TransactAnswer =
  | { kind: 'committed'; events: MatterEvent[]; more: boolean; bodyHash: string | null }
  | { kind: 'refused'; refusal: Refusal; events: MatterEvent[]; more: boolean };

/** What the activities offer to workflows; made by `createActivities`. */
export interface MatterActivities {
  transact(request: TransactRequest): Promise<TransactAnswer>;
  /** Brings letters to other matters, whose workflows it starts where they do not run. @returns what the sender is asked in return. */
  deliver(request: DeliverRequest): Promise<Command[]>;
}

/** Letters of one matter. */
export interface DeliverRequest {
  from: string;
  letters: Letter[];
}

/**
 * What is to be done for the office every day, each for itself: the root over the record of what has happened so far, rounds of
 * inspection that are due, bulletins of the month that has passed. Each looks at what is there and not at which day it is, so that
 * a day on which nothing ran is made up for by the next.
 */
export const OFFICE_DUTIES = ['audit-root', 'inspections', 'bulletins'] as const;
export type OfficeDuty = (typeof OFFICE_DUTIES)[number];

/** What the daily workflow asks of its activities. */
export interface OfficeActivities {
  /** Does one duty as of an instant; to be repeated without harm. @returns what was done, in a few words for the log. */
  officeDuty(request: { duty: OfficeDuty; now: string }): Promise<string>;
}

/** The type of the workflow that a schedule starts every day. */
export const OFFICE_DAY = 'officeDay';

/** What Temporal's own list filters by (design §6). No names and nothing personal: they are stored in the clear. */
export const searchAttributeKeys = {
  process: defineSearchAttributeKey('PibanProcess', 'KEYWORD'),
  unit: defineSearchAttributeKey('PibanUnit', 'KEYWORD'),
  status: defineSearchAttributeKey('PibanStatus', 'KEYWORD'),
  steps: defineSearchAttributeKey('PibanSteps', 'KEYWORD_LIST'),
  dueAt: defineSearchAttributeKey('PibanDueAt', 'DATETIME'),
};

/** Temporal's workflow task timeout for every start: a killed worker stalls a decision for two seconds and not ten. */
export const WORKFLOW_TASK_TIMEOUT = '2s';

/**
 * How every workflow of a matter is started, whoever starts it: the API, its revival of a lost one, or a rebuild.
 * @param input what it begins from: an application, or its events when both are null.
 */
export function startOptions(input: MatterInput, processId: string, taskQueue: string) {
  return {
    workflowId: input.matterId,
    taskQueue,
    args: [input] as [MatterInput],
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributeKeys.process, value: processId },
      { key: searchAttributeKeys.status, value: 'open' },
    ]),
  };
}

/** What a workflow is started with that begins from its events, because Temporal has lost it. */
export function fromEvents(matterId: string): MatterInput {
  return { matterId, start: null, state: null };
}

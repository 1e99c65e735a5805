/** What a matter does to the world: one transaction at a time, and letters to other matters. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { awayCode } from '../db/away.ts';
import { causesOf } from '../db/causes.ts';
import type { DeliverRequest, MatterActivities, TransactAnswer, TransactRequest } from '../workflows/contract.ts';
import type { Command } from '../workflows/machine/commands.ts';

/** What activities need. */
export interface ActivityDependencies {
  transact: (request: TransactRequest) => Promise<TransactAnswer>;
  deliver: (request: DeliverRequest) => Promise<Command[]>;
  /** Tells how a transition went; nothing personal in it. */
  log: (entry: TransitionEntry) => void;
  /** Tells what went wrong in a try, with the fault at its root. */
  complain?: (entry: TransitionEntry & { attempt: number }, fault: Error) => void;
}

/** One try of a transition, for the log. */
export interface TransitionEntry {
  matter: string;
  /** The command's type, `catch-up`, or `deliver` for letters to other matters. */
  command: string;
  /** `committed`, `delivered`, a refusal's code, `database-away`, `internal` or `not-delivered`. */
  result: string;
  milliseconds: number;
}

/**
 * A fault of ours, in a definition or in the machine, is met this often before its command is refused: it may after all have been
 * something passing that we do not know as such. The workflow tries twice at once and then patiently; this counts the patient tries.
 */
const TRIES_OF_A_FAULT = 3;

/** Makes the activities for one worker. */
export function createActivities({ transact, deliver, log, complain }: ActivityDependencies): MatterActivities {
  return {
    /**
     * Decides and records a command; idempotent by the command's id.
     * @throws ApplicationFailure `database-away`, to be tried again for as long as it takes; `internal` for a fault of ours, tried
     * again a few times and then not. Neither carries the cause: a statement's parameters have no place in Temporal's history.
     */
    async transact(request) {
      const began = performance.now();
      const entry = (result: string): TransitionEntry => ({
        matter: request.matterId,
        command: request.command?.type ?? 'catch-up',
        result,
        milliseconds: Math.round(performance.now() - began),
      });
      try {
        const answer = await transact(request);
        log(entry(answer.kind === 'refused' ? answer.refusal.code : 'committed'));
        return answer;
      } catch (error) {
        const { attempt } = activityInfo();
        const away = awayCode(error);
        complain?.({ ...entry(away === null ? 'internal' : 'database-away'), attempt }, rootOf(error));
        throw away === null ? faultOf(request, attempt) : retryable('database-away', `The database is away: ${away}`);
      }
    },
    /**
     * Brings letters to other matters; tried until they have come.
     * @throws ApplicationFailure without the cause, as above.
     */
    async deliver(request) {
      const began = performance.now();
      const entry = (result: string): TransitionEntry => ({
        matter: request.from,
        command: 'deliver',
        result,
        milliseconds: Math.round(performance.now() - began),
      });
      try {
        const asked = await deliver(request);
        log(entry('delivered'));
        return asked;
      } catch (error) {
        const away = awayCode(error);
        complain?.(
          { ...entry(away === null ? 'not-delivered' : 'database-away'), attempt: activityInfo().attempt },
          rootOf(error),
        );
        throw retryable('not-delivered', `A letter of matter ${request.from} has not come; the worker's log says why`);
      }
    },
  };
}

function retryable(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: false });
}

function faultOf({ matterId, command }: TransactRequest, attempt: number): ApplicationFailure {
  const message = `A transition of matter ${matterId} failed; the worker's log says why`;
  // Catching up decides nothing, so there is nothing to refuse: it is tried until it works.
  if (command === null || attempt < TRIES_OF_A_FAULT) return retryable('internal', message);
  return ApplicationFailure.nonRetryable(message, 'internal');
}

/** The innermost error: what wraps it may name a statement's parameters, and those may be personal. */
function rootOf(error: unknown): Error {
  return causesOf(error).at(-1) ?? new Error('Something was thrown that is no error');
}

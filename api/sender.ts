/** Sends one command to its matter's workflow and waits for what became of it, as long as a request may wait. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationFailure,
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowUpdateHandle,
} from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { matterById } from '../db/matters.ts';
import type { Fault } from '../definitions/language/json.ts';
import { acceptedUpdate, actUpdate, type CommandAnswer, fromEvents, startOptions } from '../workflows/contract.ts';
import type { Command } from '../workflows/machine/commands.ts';
import { REFUSALS, type Refusal, refuse } from '../workflows/machine/refusals.ts';
import { Lanes } from './lanes.ts';

/** A command with the hash of the body that it came in. */
export type Sent = Command & { bodyHash: string };

/** What the workflow said: the answer, or a refusal. */
export type Reply = { kind: 'answered'; answer: CommandAnswer } | { kind: 'refused'; refusal: Refusal };

/**
 * Commands that one API process has on their way to one matter at a time. Temporal takes ten updates in flight; the eleventh is
 * sent back for half a minute. Those in the queue here wait for milliseconds, and leave room for a second API process.
 */
const IN_FLIGHT_PER_MATTER = 4;

/** Pauses between tries of a command that something passing kept from being answered. */
const RETRY = { firstMs: 100, mostMs: 1_000 } as const;

/** Failures of ours under one command that Temporal remembers, at most; each was a request of its own. */
const FAULTS_MAX = 50;

/** gRPC's code for a request that the server will never take, such as one too large. */
const INVALID_ARGUMENT = 3;

/** Sends commands. One for each API process. */
export class Sender {
  readonly #client: Client;
  readonly #db: Database;
  readonly #taskQueue: string;
  readonly #log: Logger;
  readonly #lanes = new Lanes(IN_FLIGHT_PER_MATTER);

  constructor(dependencies: { client: Client; db: Database; taskQueue: string; log: Logger }) {
    this.#client = dependencies.client;
    this.#db = dependencies.db;
    this.#taskQueue = dependencies.taskQueue;
    this.#log = dependencies.log;
  }

  /**
   * Sends a command until it is answered; each try carries the same id, so that it counts once.
   * @returns null when there is no answer after `withinMs`.
   */
  async send(matterId: string, command: Sent, withinMs: number): Promise<Reply | null> {
    const deadline = Date.now() + withinMs;
    const leave = await this.#lanes.enter(matterId, deadline);
    if (leave === null) return null;
    try {
      return await until(deadline, this.#untilAnswered(matterId, command, deadline));
    } finally {
      leave();
    }
  }

  /** Whether Temporal itself holds the command in its history, and so will see it carried out. Asked when nothing else can be relied on. */
  async isHeld(matterId: string, command: Sent, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    try {
      return (
        (await until(
          deadline,
          this.#before(deadline, () => this.#startUpdate(matterId, command)),
        )) !== null
      );
    } catch {
      return false;
    }
  }

  /** Starts a lost workflow again from its events. Does nothing when it runs. */
  async revive(matterId: string, processId: string): Promise<void> {
    try {
      await this.#client.workflow.start(processId, startOptions(fromEvents(matterId), processId, this.#taskQueue));
      this.#log.warn({ matter: matterId }, 'lost workflow started again from its events');
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  async #untilAnswered(matterId: string, command: Sent, deadline: number): Promise<Reply | null> {
    const word = randomUUID();
    for (let wait: number = RETRY.firstMs; Date.now() < deadline; wait = Math.min(2 * wait, RETRY.mostMs)) {
      try {
        return { kind: 'answered', answer: await this.#before(deadline, () => this.#execute(matterId, command, word)) };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== null) return { kind: 'refused', refusal };
        this.#log.warn({ err: error, matter: matterId, command: command.type }, 'command not answered');
      }
      await pause(Math.min(wait, Math.max(0, deadline - Date.now())));
    }
    return null;
  }

  #before<T>(deadline: number, work: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(deadline, work);
  }

  /**
   * Temporal gives the same answer to the same update id for ever. An answer of the rules is to stay so; a fault of ours is not, once
   * it is mended. So a failure that gives back another word than this request's is passed over, and the next id has a try of its own.
   */
  async #execute(matterId: string, command: Sent, word: string): Promise<CommandAnswer> {
    for (let faults = 0; ; faults += 1) {
      try {
        return await this.#update(matterId, command, faults === 0 ? command.id : `${command.id}:${faults}`, word);
      } catch (error) {
        if (faults >= FAULTS_MAX || !isRememberedFault(error, word)) throw error;
      }
    }
  }

  async #update(matterId: string, command: Sent, updateId: string, word: string): Promise<CommandAnswer> {
    if (command.type === 'start') {
      return this.#client.workflow.executeUpdateWithStart(acceptedUpdate, {
        startWorkflowOperation: this.#startOperation(matterId, command),
        args: [word],
        updateId,
      });
    }
    const send = () => this.#client.workflow.getHandle(matterId).executeUpdate(actUpdate, { args: [command, word], updateId });
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await this.#mend(matterId);
      return send();
    }
  }

  /** A matter whose workflow is not there has ended, or Temporal has lost it; then it goes on from its events, which are the record. */
  async #mend(matterId: string): Promise<void> {
    const matter = await matterById(this.#db, matterId);
    if (matter === null) throw new Refused(refuse('matter-unknown', '办件不存在'));
    if (matter.state.phase === 'ended') throw new Refused(refuse('matter-ended', '办件已经结束,不能再操作'));
    await this.revive(matterId, matter.processId);
  }

  async #startUpdate(matterId: string, command: Sent): Promise<WorkflowUpdateHandle<CommandAnswer>> {
    if (command.type === 'start') {
      return this.#client.workflow.startUpdateWithStart(acceptedUpdate, {
        startWorkflowOperation: this.#startOperation(matterId, command),
        updateId: command.id,
        waitForStage: 'ACCEPTED',
      });
    }
    return this.#client.workflow
      .getHandle(matterId)
      .startUpdate(actUpdate, { args: [command], updateId: command.id, waitForStage: 'ACCEPTED' });
  }

  #startOperation(matterId: string, command: Sent & { type: 'start' }) {
    return new WithStartWorkflowOperation(command.processId, {
      ...startOptions({ matterId, start: command, state: null }, command.processId, this.#taskQueue),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }
}

/** What work gives before the deadline, or null. What comes later is told by the record, not by this promise. */
async function until<T>(deadline: number, work: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, pause(Math.max(0, deadline - Date.now()), null, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Whether an update failed by a fault of ours that another request met before this one. */
function isRememberedFault(error: unknown, word: string): boolean {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return false;
  const { type, details } = error.cause;
  return type === 'internal' && details?.[1] !== word;
}

/** The refusal that an error stands for, or null for one that may pass. */
function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refused) return error.refusal;
  if (error instanceof Error && isGrpcServiceError(error.cause) && error.cause.code === INVALID_ARGUMENT) {
    return refuse('internal', '系统无法受理此次操作,内容没有生效。请减少内容后重试;如仍不成功,请联系管理员');
  }
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure) || cause.type == null || !(cause.type in REFUSALS)) return null;
  const faults = cause.details?.[0];
  // The workflow throws with a code of the closed list and the faults as its only detail.
  return refuse(cause.type as Refusal['code'], cause.message, Array.isArray(faults) ? (faults as Fault[]) : []);
}

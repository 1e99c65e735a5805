/**
 * Sends commands to their workflows and waits until they are committed. What cannot be committed within five seconds is taken on
 * as an intent (202) and carried out later by the sweeper; the command's id makes it count once whatever happens.
 */
import { createHash } from 'node:crypto';
import {
  ApplicationFailure,
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import canonicalizeModule from 'canonicalize';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { commandById, intentById, openIntents, saveIntent, settleIntent } from '../db/intents.ts';
import { matterById } from '../db/matters.ts';
import type { Fault, JsonObject } from '../definitions/language/json.ts';
import {
  acceptedUpdate,
  actUpdate,
  type CommandAnswer,
  type MatterInput,
  searchAttributeKeys,
  WORKFLOW_TASK_TIMEOUT,
} from '../workflows/contract.ts';
import type { Command, StartMatter } from '../workflows/machine/commands.ts';
import { REFUSALS, type Refusal, refuse } from '../workflows/machine/refusals.ts';

// The package is CommonJS with types written for ES modules: what arrives is the function itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

/** A command is answered within this time, or taken on (design §6: 202). */
const DEADLINE_MS = 5_000;
/** Seconds after which a client asks again. */
const RETRY_AFTER_SECONDS = 2;
/** How often and how many intents the sweeper tries. */
const SWEEP = { everyMs: 1_000, batch: 20 } as const;

/** What became of a command. */
export type Outcome =
  | { kind: 'committed'; matterId: string; sequence: number }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'key-reused' }
  /** Taken on: will be carried out without anybody's help. */
  | { kind: 'pending'; retryAfter: number }
  /** Not taken on. */
  | { kind: 'unavailable' };

/** What an idempotent request is known by. */
export interface RequestKey {
  commandId: string;
  bodyHash: string;
}

/** The id under which a request counts once: person, route and Idempotency-Key; and the hash of its body. */
export function requestKey(person: string, route: string, key: string, body: unknown): RequestKey {
  const commandId = createHash('sha256').update(`${person}\n${route}\n${key}`).digest('hex').slice(0, 32);
  const bodyHash = createHash('sha256').update(canonicalize(body)).digest('hex').slice(0, 32);
  return { commandId, bodyHash };
}

/** Sends commands. One for each API process. */
export class Gateway {
  readonly #client: Client;
  readonly #db: Database;
  readonly #taskQueue: string;
  readonly #log: Logger;
  #sweeping: NodeJS.Timeout | null = null;
  #sweep: Promise<void> = Promise.resolve();

  constructor(dependencies: { client: Client; db: Database; taskQueue: string; log: Logger }) {
    this.#client = dependencies.client;
    this.#db = dependencies.db;
    this.#taskQueue = dependencies.taskQueue;
    this.#log = dependencies.log;
  }

  /**
   * What is already known of a request: committed, refused, its key used with another body, or null when it is new.
   * The record leads: a command that was committed is never decided again, however long ago.
   */
  async known(key: RequestKey): Promise<Outcome | null> {
    const committed = await commandById(this.#db, key.commandId);
    if (committed !== null) {
      if (committed.bodyHash !== key.bodyHash) return { kind: 'key-reused' };
      return { kind: 'committed', matterId: committed.matterId, sequence: committed.lastSequence };
    }
    const intent = await intentById(this.#db, key.commandId);
    if (intent === null) return null;
    if (intent.bodyHash !== key.bodyHash) return { kind: 'key-reused' };
    return intent.refusal === null ? null : { kind: 'refused', refusal: intent.refusal };
  }

  /** Carries out a command, or takes it on. */
  async submit(matterId: string, command: Command & { bodyHash: string }, person: string): Promise<Outcome> {
    const outcome = await this.#attempt(matterId, command);
    if (outcome !== null) return outcome;
    try {
      await saveIntent(this.#db, {
        id: command.id,
        personId: person,
        matterId,
        bodyHash: command.bodyHash,
        payload: payloadOf(command),
      });
      return { kind: 'pending', retryAfter: RETRY_AFTER_SECONDS };
    } catch (error) {
      this.#log.warn({ err: error, matter: matterId }, 'intent could not be saved');
      return { kind: 'unavailable' };
    }
  }

  /** One try within the deadline; null when nothing is known yet. */
  async #attempt(matterId: string, command: Command & { bodyHash: string }): Promise<Outcome | null> {
    try {
      const answer = await withinDeadline(
        command.type === 'start' ? this.#start(matterId, command) : this.#act(matterId, command),
      );
      if (answer === null) return null;
      if (answer.bodyHash !== null && answer.bodyHash !== command.bodyHash) return { kind: 'key-reused' };
      return { kind: 'committed', matterId, sequence: answer.sequence };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== null) return { kind: 'refused', refusal };
      this.#log.warn({ err: error, matter: matterId, command: command.type }, 'command not answered');
      return null;
    }
  }

  async #start(matterId: string, command: StartMatter): Promise<CommandAnswer> {
    const input: MatterInput = { matterId, start: command, state: null };
    const operation = new WithStartWorkflowOperation(command.processId, {
      workflowId: matterId,
      taskQueue: this.#taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: searchAttributeKeys.process, value: command.processId },
        { key: searchAttributeKeys.status, value: 'open' },
      ]),
    });
    return this.#client.workflow.executeUpdateWithStart(acceptedUpdate, {
      startWorkflowOperation: operation,
      updateId: command.id,
    });
  }

  async #act(matterId: string, command: Command): Promise<CommandAnswer> {
    const send = () =>
      this.#client.workflow.getHandle(matterId).executeUpdate(actUpdate, { args: [command], updateId: command.id });
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const matter = await matterById(this.#db, matterId);
      if (matter === null) throw refusalError(refuse('matter-unknown', '办件不存在'));
      if (matter.state.phase === 'ended') throw refusalError(refuse('matter-ended', '办件已经结束,不能再操作'));
      // Temporal has lost the workflow; its events are the record, so it goes on from them.
      await this.revive(matterId, matter.processId);
      return send();
    }
  }

  /** Starts a lost workflow again from its events. Does nothing when it runs. */
  async revive(matterId: string, processId: string): Promise<void> {
    const input: MatterInput = { matterId, start: null, state: null };
    try {
      await this.#client.workflow.start(processId, {
        workflowId: matterId,
        taskQueue: this.#taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
        typedSearchAttributes: new TypedSearchAttributes([{ key: searchAttributeKeys.process, value: processId }]),
      });
      this.#log.warn({ matter: matterId }, 'lost workflow started again from its events');
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Begins to carry out what was taken on. */
  startSweeping(): void {
    this.#sweeping = setInterval(() => {
      this.#sweep = this.#sweep
        .then(() => this.sweep())
        .catch((error: unknown) => this.#log.warn({ err: error }, 'sweep failed'));
    }, SWEEP.everyMs);
  }

  /** Stops sweeping and waits for the sweep in hand. */
  async stopSweeping(): Promise<void> {
    if (this.#sweeping !== null) clearInterval(this.#sweeping);
    await this.#sweep;
  }

  /** Tries every open intent once, oldest first. */
  async sweep(): Promise<void> {
    for (const intent of await openIntents(this.#db, SWEEP.batch)) {
      const command = commandOf(intent.payload);
      const known = await commandById(this.#db, intent.id);
      const outcome: Outcome | null =
        known === null
          ? await this.#attempt(intent.matterId, command)
          : { kind: 'committed', matterId: known.matterId, sequence: known.lastSequence };
      // Not answered again: the rest would wait as long; the next sweep begins with this one.
      if (outcome === null) return;
      await settleIntent(this.#db, intent.id, outcome.kind === 'refused' ? outcome.refusal : null);
    }
  }
}

async function withinDeadline<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEADLINE_MS);
  });
  // What arrives after the deadline is told by the record, not by this promise.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function payloadOf(command: Command): JsonObject {
  // Commands are plain JSON by their types.
  return command as unknown as JsonObject;
}

function commandOf(payload: JsonObject): Command & { bodyHash: string } {
  // The payload was written by payloadOf.
  return payload as unknown as Command & { bodyHash: string };
}

class RefusalError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

function refusalError(refusal: Refusal): RefusalError {
  return new RefusalError(refusal);
}

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof RefusalError) return error.refusal;
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure) || cause.type == null || !(cause.type in REFUSALS)) return null;
  const faults = cause.details?.[0];
  // The workflow throws with a code of the closed list and the faults as its only detail.
  return refuse(cause.type as Refusal['code'], cause.message, Array.isArray(faults) ? (faults as Fault[]) : []);
}

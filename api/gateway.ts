/**
 * Sends commands to their workflows and waits until they are committed. What cannot be committed within five seconds is taken on
 * as an intent (202) and carried out later by the sweeper; the command's id makes it count once whatever happens.
 */
import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { canonicalize } from '../db/canonical.ts';
import type { Database } from '../db/client.ts';
import { commandById, type Intent, intentById, openIntents, saveIntent, settleIntent } from '../db/intents.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Refusal } from '../workflows/machine/refusals.ts';
import { Sender, type Sent } from './sender.ts';

/** A command is answered within this time, or taken on (design §6: 202). */
const DEADLINE_MS = 5_000;
/** How long Temporal may take to say that it holds a command which could not be noted down here. */
const HELD_DEADLINE_MS = 2_000;
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

/** What is known of a request that came before. */
export type Known =
  | Extract<Outcome, { kind: 'committed' | 'key-reused' }>
  | { kind: 'refused'; matterId: string; refusal: Refusal }
  /** Taken on and not yet carried out. */
  | { kind: 'taken-on'; matterId: string; command: Sent };

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

/** Takes commands in. One for each API process. */
export class Gateway {
  readonly #sender: Sender;
  readonly #db: Database;
  readonly #log: Logger;
  #sweeping: NodeJS.Timeout | null = null;
  #sweep: Promise<void> = Promise.resolve();
  /** Where the last sweep ended, or null when it came to the newest intent. */
  #sweptTo: { createdAt: string; id: string } | null = null;

  constructor(dependencies: { client: Client; db: Database; taskQueue: string; log: Logger }) {
    this.#sender = new Sender(dependencies);
    this.#db = dependencies.db;
    this.#log = dependencies.log;
  }

  /**
   * What is already known of a request: committed, refused, its key used with another body, or null when it is new.
   * The record leads: a command that was committed is never decided again, however long ago.
   */
  async known(key: RequestKey): Promise<Known | null> {
    const [committed, intent] = await Promise.all([commandById(this.#db, key.commandId), intentById(this.#db, key.commandId)]);
    if (committed !== null) return asCommitted(committed, key);
    if (intent === null) return null;
    if (intent.bodyHash !== key.bodyHash) return { kind: 'key-reused' };
    const { matterId, refusal, settledAt } = intent;
    // A fault of ours said "try again": the same key may.
    if (refusal !== null && refusal.code !== 'internal') return { kind: 'refused', matterId, refusal };
    if (settledAt === null) return { kind: 'taken-on', matterId, command: commandOf(intent.payload) };
    // Carried out between the two looks. Should the record have lost its command, it is as if it were new.
    const late = await commandById(this.#db, key.commandId);
    return late === null ? null : asCommitted(late, key);
  }

  /** Carries out a command, or takes it on. */
  async submit(matterId: string, command: Sent, person: string): Promise<Outcome> {
    const outcome = await this.#attempt(matterId, command);
    if (outcome !== null) return outcome;
    try {
      // A worker killed between the commit and the answer leaves the answer in the record.
      const committed = await commandById(this.#db, command.id);
      if (committed !== null) return { kind: 'committed', matterId, sequence: committed.lastSequence };
      await saveIntent(this.#db, {
        id: command.id,
        personId: person,
        matterId,
        bodyHash: command.bodyHash,
        payload: payloadOf(command),
      });
    } catch (error) {
      this.#log.warn({ err: error, matter: matterId }, 'intent could not be saved');
      // What Temporal holds will be carried out when the database is back: to say "not taken on" would be untrue.
      if (!(await this.#sender.isHeld(matterId, command, HELD_DEADLINE_MS))) return { kind: 'unavailable' };
    }
    return { kind: 'pending', retryAfter: RETRY_AFTER_SECONDS };
  }

  /** One try within the deadline; null when nothing is known yet. */
  async #attempt(matterId: string, command: Sent): Promise<Outcome | null> {
    const reply = await this.#sender.send(matterId, command, DEADLINE_MS);
    if (reply === null || reply.kind === 'refused') return reply;
    const { bodyHash, sequence } = reply.answer;
    if (bodyHash !== null && bodyHash !== command.bodyHash) return { kind: 'key-reused' };
    return { kind: 'committed', matterId, sequence };
  }

  /** Starts a lost workflow again from its events. Does nothing when it runs. */
  revive(matterId: string, processId: string): Promise<void> {
    return this.#sender.revive(matterId, processId);
  }

  /** Begins to carry out what was taken on. */
  startSweeping(): void {
    let busy = false;
    this.#sweeping = setInterval(() => {
      // A sweep that waits for Temporal takes longer than the pause between two; a queue of them would only grow.
      if (busy) return;
      busy = true;
      this.#sweep = this.sweep()
        .catch((error: unknown) => this.#log.warn({ err: error }, 'sweep failed'))
        .finally(() => {
          busy = false;
        });
    }, SWEEP.everyMs);
  }

  /** Stops sweeping and waits for the sweep in hand. */
  async stopSweeping(): Promise<void> {
    if (this.#sweeping !== null) clearInterval(this.#sweeping);
    await this.#sweep;
  }

  /**
   * Tries the next open intents, oldest first; those of one matter in their order, matters at once, so that a matter which can't
   * be reached holds up nobody else. The sweep after begins where this one ended.
   */
  async sweep(): Promise<void> {
    const batch = await openIntents(this.#db, SWEEP.batch, this.#sweptTo);
    const last = batch.at(-1);
    this.#sweptTo = batch.length < SWEEP.batch || last === undefined ? null : { createdAt: last.createdAt, id: last.id };
    const matters = new Map<string, Intent[]>();
    for (const intent of batch) matters.set(intent.matterId, [...(matters.get(intent.matterId) ?? []), intent]);
    await Promise.all([...matters.values()].map((intents) => this.#carryOut(intents)));
  }

  async #carryOut(intents: readonly Intent[]): Promise<void> {
    for (const intent of intents) {
      const known = await commandById(this.#db, intent.id);
      const outcome: Outcome | null =
        known === null
          ? await this.#attempt(intent.matterId, commandOf(intent.payload))
          : { kind: 'committed', matterId: known.matterId, sequence: known.lastSequence };
      // Not answered again: what comes after it in the same matter would wait as long.
      if (outcome === null) return;
      await settleIntent(this.#db, intent.id, outcome.kind === 'refused' ? outcome.refusal : null);
    }
  }
}

function asCommitted(row: NonNullable<Awaited<ReturnType<typeof commandById>>>, key: RequestKey): Known {
  // A row that a rebuild had to make anew has no hash.
  if (row.bodyHash !== null && row.bodyHash !== key.bodyHash) return { kind: 'key-reused' };
  return { kind: 'committed', matterId: row.matterId, sequence: row.lastSequence };
}

function payloadOf(command: Sent): JsonObject {
  // Commands are plain JSON by their types.
  return command as unknown as JsonObject;
}

function commandOf(payload: JsonObject): Sent {
  // The payload was written by payloadOf.
  return payload as unknown as Sent;
}

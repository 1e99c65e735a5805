/**
 * One transition in the making: the events decided so far and the state they fold to. What is decided next sees what was
 * decided before, so consequences (skip, next step, nobody found) follow in the same transition.
 */
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Command } from './commands.ts';
import type { EventFacts, EventType, MatterEvent } from './events.ts';
import { evolve } from './fold/evolve.ts';
import type { Refusal } from './refusals.ts';
import type { Matter, MatterState } from './state.ts';
import type { World } from './world.ts';

/** More events than this in one transition mean a loop in a definition, not a large matter: 200 items open about 450. */
const EVENTS_PER_TRANSITION = 5_000;

/**
 * Thrown deep in the flow when what somebody sent leads where no matter can go; `decide` turns it into its refusal, and nothing
 * of the transition remains.
 */
export class Unfit extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A transition in the making: emit events, and look at the matter as it stands after them. */
export class Transition {
  readonly definition: ProcessDefinition;
  readonly world: World;
  readonly command: Command;
  readonly events: MatterEvent[] = [];
  /** The time of this transition: never earlier than the matter's last event, even when a clock jumps back. */
  readonly now: string;
  #state: MatterState;

  constructor(definition: ProcessDefinition, state: MatterState, command: Command, world: World) {
    this.definition = definition;
    this.#state = state;
    this.command = command;
    this.now = state.phase !== 'new' && state.updatedAt > world.now ? state.updatedAt : world.now;
    this.world = this.now === world.now ? world : { ...world, now: this.now };
  }

  /** The matter as it stands after the events so far. Throws before the first event. */
  get matter(): Matter {
    if (this.#state.phase === 'new') throw new Error(`Matter ${this.#state.id} has not been started`);
    return this.#state;
  }

  /** The matter's id, also before its first event. */
  get matterId(): string {
    return this.#state.id;
  }

  /** Adds an event and folds it in. */
  emit<T extends EventType>(type: T, facts: EventFacts[T]): void {
    if (this.events.length >= EVENTS_PER_TRANSITION) {
      throw new Error(
        `Command ${this.command.type} of matter ${this.#state.id} makes more than ${EVENTS_PER_TRANSITION} events: its definition loops`,
      );
    }
    // The generic keeps type and facts together; TypeScript cannot see that for a union built by mapping.
    const event = {
      sequence: this.#state.sequence + 1,
      at: this.now,
      by: this.command.by,
      command: this.command.id,
      type,
      facts,
    } as MatterEvent;
    this.#state = evolve(this.#state, event);
    this.events.push(event);
  }
}

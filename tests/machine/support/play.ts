/**
 * Plays a small definition at the small school: given a definition, when people act and time passes, then look. Like the
 * rehearsal of published definitions, without forms; every transition keeps the promises.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import type { Command, StartMatter } from '../../../workflows/machine/commands.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { EventOf, EventType, MatterEvent } from '../../../workflows/machine/events.ts';
import { isRefusal, type Refusal } from '../../../workflows/machine/refusals.ts';
import { type Matter, type MatterState, newMatter, type Task } from '../../../workflows/machine/state.ts';
import { nextWakeup } from '../../../workflows/machine/status.ts';
import type { Action } from '../../../workflows/machine/words.ts';
import type { World } from '../../../workflows/machine/world.ts';
import { type DetourDetails, detourFrom, saysNothing } from '../../support/detour.ts';
import { checkTransition } from './promises.ts';
import { cast, smallCalendar, smallSchool } from './school.ts';

/** What a person brings to an action. */
export interface Details extends DetourDetails {
  step?: string;
  task?: string;
  opinion?: string | null;
  output?: JsonObject | null;
  next?: 'replay' | 'back';
  attachments?: string[];
}

/** What differs from the usual in one play. */
export interface Stage {
  applicant?: string;
  form?: JsonObject;
  /** The matter that starts it, when none of people does. */
  parent?: NonNullable<StartMatter['parent']>;
  world?: Partial<World>;
}

/** Begins on Monday 2026-03-02 at nine, with the matter accepted. */
export function play(definition: ProcessDefinition, stage: Stage = {}): Play {
  return new Play(definition, stage).started();
}

/** A matter in play; what changes it gives it back, so that it chains. */
export class Play {
  readonly events: MatterEvent[] = [];
  readonly #definition: ProcessDefinition;
  readonly #stage: Stage;
  #state: MatterState = newMatter('m1');
  #now = '2026-03-02T01:00:00.000Z';
  #commands = 0;

  constructor(definition: ProcessDefinition, stage: Stage) {
    this.#definition = definition;
    this.#stage = stage;
  }

  /** The matter as it stands. */
  get matter(): Matter {
    if (this.#state.phase === 'new') throw new Error('The matter has not been started');
    return this.#state;
  }

  /** Keys of the steps that are open, in the order of their opening. */
  get open(): string[] {
    return [...new Set(Object.values(this.matter.tasks).map((task) => task.visit))];
  }

  /** How the matter ended, or null. */
  get outcome(): string | null {
    return this.matter.ending?.code ?? null;
  }

  /** Events of one kind. */
  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Starts the matter, or throws. */
  started(): this {
    const refusal = this.start();
    if (refusal !== null) throw new Error(`The start was refused: ${refusal.message}`);
    return this;
  }

  /** Starts the matter. @returns the refusal, or null. */
  start(): Refusal | null {
    const { id, version } = this.#definition;
    const { applicant = cast.applicant, form = {} } = this.#stage;
    const { parent } = this.#stage;
    const started = { type: 'start', processId: id, version, form, attachments: [], ...this.#by(applicant) } as const;
    return this.#give(parent === undefined ? { ...started, attachments: [] } : { ...started, attachments: [], parent });
  }

  /** Lets time pass; every alarm on the way rings at its time. */
  at(instant: string): this {
    const until = new Date(instant).toISOString();
    for (let wake = this.#wakeup(); wake !== null && wake <= until; wake = this.#wakeup()) {
      if (wake > this.#now) this.#now = wake;
      this.#give({ type: 'tick', ...this.#by(null) });
    }
    this.#now = until;
    return this;
  }

  /** Time passes while no clock rings, as when every machine is down. */
  down(until: string): this {
    this.#now = new Date(until).toISOString();
    return this;
  }

  #wakeup(): string | null {
    return this.#state.phase === 'open' ? nextWakeup(this.#state) : null;
  }

  /** Somebody acts on their task, or it throws. */
  when(person: string, action: Action, details: Details = {}): this {
    const refusal = this.refused(person, action, details);
    if (refusal !== null) {
      const faults = refusal.faults.map((fault) => `${fault.path} ${fault.message}`).join('; ');
      throw new Error(`${person} ${action}: ${refusal.code} ${refusal.message} ${faults}`);
    }
    return this;
  }

  /** Somebody tries to act. @returns the refusal, or null when it was accepted. */
  refused(person: string, action: Action, details: Details = {}): Refusal | null {
    const { opinion = saysNothing(action) ? null : '意见', output = null, attachments = [], next = 'replay' } = details;
    const filled = action === 'complete' ? (output ?? this.#stage.form ?? {}) : output;
    return this.#give({
      type: 'act',
      task: details.task ?? this.taskOf(person, details.step).id,
      action,
      opinion,
      output: filled,
      attachments,
      returnOrder: action === 'return' ? { to: details.to ?? 'applicant', next } : null,
      detour: detourFrom(action, details),
      ...this.#by(person),
    });
  }

  /** A person's open task. Throws when there is no single one. */
  taskOf(person: string, step?: string): Task {
    const mine = Object.values(this.matter.tasks).filter(
      (task) => task.assignees.some((one) => one.id === person) && (step === undefined || task.visit === step),
    );
    if (mine.length !== 1 || mine[0] === undefined) throw new Error(`${person} has ${mine.length} tasks; open: ${this.open}`);
    return mine[0];
  }

  /** Ids of who may act, task by task, at an open step. */
  seats(visit: string): string[][] {
    const tasks = Object.values(this.matter.tasks).filter((task) => task.visit === visit);
    return tasks.map((task) => task.assignees.map((one) => one.id));
  }

  /** Any other command as a person. @returns the refusal, or null when it was accepted. */
  command(person: string, body: Body): Refusal | null {
    return this.#give({ ...body, ...this.#by(person) });
  }

  /** Another matter says something to this one. @returns the refusal, or null when it was taken in. */
  hear(matterId: string, body: Body): Refusal | null {
    return this.#give({ ...body, ...this.#by(null), by: { kind: 'matter', id: matterId } });
  }

  #by(person: string | null): Pick<Command, 'id' | 'by' | 'bodyHash'> {
    this.#commands += 1;
    const by = person === null ? ({ kind: 'clock' } as const) : ({ kind: 'person', id: person } as const);
    return { id: `c${this.#commands}`, by, bodyHash: null };
  }

  #world(): World {
    return {
      now: this.#now,
      directory: smallSchool(),
      calendar: smallCalendar,
      settings: {},
      no: 'TEST-2026-0001',
      files: {},
      facts: {},
      schemas: { form: () => [], outputs: {} },
      ...this.#stage.world,
    };
  }

  #give(command: Command): Refusal | null {
    const world = this.#world();
    const decided = decide(this.#definition, this.#state, command, world);
    if (isRefusal(decided)) return decided;
    checkTransition(this.#definition, world, this.#state, command, decided, this.events);
    this.events.push(...decided.events);
    this.#state = decided.matter;
    return null;
  }
}

type Body = Bare<Exclude<Command, { type: 'start' | 'act' | 'tick' }>>;
type Bare<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

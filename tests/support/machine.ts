/**
 * Rehearsing one matter on the pure machine, with the demo university as its school: given a definition, when people act and
 * time passes, then look. No server, no database; the clock moves only when it is told to.
 *
 * @example
 * const matter = given(sealUse).at('2026-03-02T09:00:00+08:00').startedBy(demoCast.lecturer, form);
 * matter.when(demoCast.computingHead, 'agree').at('2026-03-03T10:00:00+08:00').carriedTo('stamp');
 * expect(matter.openSteps).toEqual(['stamp']);
 */
import { formsOf } from '../../definitions/forms.ts';
import type { WorkingCalendar } from '../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { Example } from '../../definitions/language/forms.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import { demoUniversity } from '../../scripts/demo/university.ts';
import type { Command } from '../../workflows/machine/commands.ts';
import { contextAt } from '../../workflows/machine/context.ts';
import { type Decided, decide } from '../../workflows/machine/decide.ts';
import type { EventOf, EventType, MatterEvent } from '../../workflows/machine/events.ts';
import { evolveAll } from '../../workflows/machine/fold/evolve.ts';
import { isRefusal, type Refusal } from '../../workflows/machine/refusals.ts';
import { type Link, type Matter, type MatterState, newMatter, type Task } from '../../workflows/machine/state.ts';
import { nextWakeup } from '../../workflows/machine/status.ts';
import { parseKey, placesOf } from '../../workflows/machine/tree.ts';
import type { Action, LinkStatus } from '../../workflows/machine/words.ts';
import type { World } from '../../workflows/machine/world.ts';
import { type DetourDetails, detourFrom } from './detour.ts';
import { demoCalendar, exampleContextOf, registerRowOf, type School, type SchoolChanges, worldOf } from './school.ts';

export type { DetourDetails } from './detour.ts';
export { demoCalendar, type SchoolChanges, sampleFiles } from './school.ts';

/** What a person brings to an action. `output` is the step's example when a completion names none. */
export interface ActDetails extends DetourDetails {
  /** Which step, when the person has several open tasks: an id, or an id with its item, `receipt@2`. */
  step?: string;
  /** Id of a task that somebody covers, or of one that is done and is taken back. */
  task?: string;
  opinion?: string;
  output?: JsonObject;
  attachments?: string[];
  /** Where a return goes (default the applicant), or whom a transfer or a delegation names. */
  to?: string;
  next?: 'replay' | 'back';
}

/** What people say where they must say something and a test does not care. */
const SAID: Partial<Record<Action, string>> = {
  disagree: '请按要求重新办理',
  return: '请按要求重新办理',
  consult: '请提出意见',
  reply: '已答复',
};

/** What carries a task of each kind on. */
const FORWARD: Record<Task['kind'], Action> = {
  approve: 'agree',
  handle: 'complete',
  read: 'read',
  correct: 'complete',
  advise: 'reply',
};

/** Begins a rehearsal of a definition, on Monday 2026-03-02 at nine unless `at` says otherwise. */
export function given(definition: ProcessDefinition, changes: SchoolChanges = {}): Rehearsal {
  return new Rehearsal(definition, changes);
}

/** The Chinese messages of a refusal's faults, in their order. */
export function messagesOf(refusal: Refusal): string[] {
  return refusal.faults.map((fault) => fault.message);
}

/** One matter being rehearsed. The methods that change it give it back, so that they chain. */
export class Rehearsal {
  readonly definition: ProcessDefinition;
  /** Everything that happened so far. */
  readonly events: MatterEvent[] = [];
  readonly #school: School;
  #state: MatterState = newMatter('m1');
  #now = '2026-03-02T01:00:00.000Z';
  #commands = 0;

  constructor(definition: ProcessDefinition, changes: SchoolChanges) {
    this.definition = definition;
    this.#school = { directory: demoUniversity(), calendar: demoCalendar, settings: {}, files: [], facts: {}, ...changes };
  }

  /** The directory as the machine reads it; a test may change it between two commands. */
  get directory(): Directory {
    return this.#school.directory;
  }

  /** The calendar as the machine reads it. */
  get calendar(): WorkingCalendar {
    return this.#school.calendar;
  }

  /** The time, UTC. */
  get now(): string {
    return this.#now;
  }

  /** The matter as it stands. Throws before its start. */
  get matter(): Matter {
    if (this.#state.phase === 'new') throw new Error('The matter has not been started: call startedBy first');
    return this.#state;
  }

  /** What the machine is given now. */
  get world(): World {
    return worldOf(this.definition, this.#now, this.#school);
  }

  /** Lets time pass until an instant; every alarm on the way rings at its own time. Before the start it only sets the clock. */
  at(instant: string): this {
    const until = new Date(instant).toISOString();
    if (this.#state.phase !== 'new' && until < this.#now)
      throw new Error(`Time runs forward only: ${until} is before ${this.#now}`);
    for (let wake = this.#nextWakeup(); wake !== null && wake <= until; wake = this.#nextWakeup()) {
      // An alarm may be reckoned for a time already past; it rings now, for the clock does not run back.
      if (wake > this.#now) this.#now = wake;
      this.#accept({ type: 'tick', ...this.#envelope(null) });
    }
    this.#now = until;
    return this;
  }

  /** Lets some minutes pass, as {@link at} does. */
  wait(minutes: number): this {
    return this.at(new Date(Date.parse(this.#now) + minutes * 60_000).toISOString());
  }

  #nextWakeup(): string | null {
    return this.#state.phase === 'open' ? nextWakeup(this.#state) : null;
  }

  /** The definition's filled-in example, as the guide would show it now. */
  example(serial = 1): Example {
    return formsOf(this.definition).example(exampleContextOf(this.definition, this.#now, this.#school, serial));
  }

  /** Starts the matter; with neither person nor form it is the guide's example. Throws when it is refused. */
  startedBy(person?: string, form?: JsonObject): this {
    this.#accept(this.#startCommand(person, form));
    return this;
  }

  /** The refusal of a start. Throws when it is accepted. */
  startRefused(person?: string, form?: JsonObject): Refusal {
    return this.#refused(this.#startCommand(person, form));
  }

  #startCommand(person: string | undefined, form: JsonObject | undefined): Command {
    const example = person === undefined || form === undefined ? this.example() : null;
    return {
      type: 'start',
      processId: this.definition.id,
      version: this.definition.version,
      form: form ?? example?.form ?? {},
      attachments: [],
      ...this.#envelope(person ?? example?.person ?? ''),
    };
  }

  /** Somebody acts on their open task. Throws when it is refused or they have none. */
  when(person: string, action: Action, details: ActDetails = {}): this {
    this.#accept(this.#actCommand(person, action, details));
    return this;
  }

  /** Somebody tries to act on their open task. @returns the refusal, or null when it was accepted. */
  attempt(person: string, action: Action, details: ActDetails = {}): Refusal | null {
    const decided = this.#decide(this.#actCommand(person, action, details));
    if (isRefusal(decided)) return decided;
    this.#fold(decided);
    return null;
  }

  /** The refusal of an action. Throws when it is accepted. */
  refused(person: string, action: Action, details: ActDetails = {}): Refusal {
    return this.#refused(this.#actCommand(person, action, details));
  }

  #actCommand(person: string, action: Action, details: ActDetails): Command {
    const named = details.task === undefined ? this.taskOf(person, details.step) : this.matter.tasks[details.task];
    const example = action === 'complete' && named !== undefined ? this.outputExample(named) : null;
    return {
      type: 'act',
      task: details.task ?? named?.id ?? '',
      action,
      opinion: details.opinion ?? SAID[action] ?? null,
      output: details.output ?? example,
      attachments: details.attachments ?? [],
      returnOrder: action === 'return' ? { to: details.to ?? 'applicant', next: details.next ?? 'replay' } : null,
      detour: detourFrom(action, details),
      ...this.#envelope(person),
    };
  }

  /** Gives any other command as a person. Throws when it is refused. */
  command(person: string, command: CommandBody): this {
    this.#accept({ ...command, ...this.#envelope(person) });
    return this;
  }

  /** Somebody tries any other command. @returns the refusal, or null when it was accepted. */
  attemptCommand(person: string, command: CommandBody): Refusal | null {
    const decided = this.#decide({ ...command, ...this.#envelope(person) });
    if (isRefusal(decided)) return decided;
    this.#fold(decided);
    return null;
  }

  /** The refusal of any other command. Throws when it is accepted. */
  commandRefused(person: string, command: CommandBody): Refusal {
    return this.#refused({ ...command, ...this.#envelope(person) });
  }

  /** Open tasks, in the order of their opening. */
  get tasks(): Task[] {
    return this.#state.phase === 'new' ? [] : Object.values(this.#state.tasks);
  }

  /** Keys of the open tasks' steps, `receipt@1` inside a forEach, each once. */
  get openSteps(): string[] {
    return [...new Set(this.tasks.map((task) => task.visit))];
  }

  /** A person's open task; `step` tells which when there are several. Throws when there is none or no single one. */
  taskOf(person: string, step?: string): Task {
    const mine = this.tasks.filter(
      (task) =>
        task.assignees.some((one) => one.id === person) && (step === undefined || task.visit === step || task.step === step),
    );
    if (mine.length === 1 && mine[0] !== undefined) return mine[0];
    const open = this.tasks.map((task) => `${task.visit}: ${task.assignees.map((one) => one.id).join(', ')}`).join('; ');
    throw new Error(`${person} has ${mine.length} open tasks${step === undefined ? '' : ` at ${step}`}. Open: ${open || 'none'}`);
  }

  /** Ids of those who may act at an open step. */
  assigneesOf(step: string): string[] {
    const tasks = this.tasks.filter((task) => task.visit === step || task.step === step);
    return tasks.flatMap((task) => task.assignees.map((one) => one.id));
  }

  /** The example output of an open task, or the matter's own form for a correction. */
  outputExample(task: Task): JsonObject {
    if (task.kind === 'correct') return this.matter.form;
    const make = formsOf(this.definition).outputExamples[task.step];
    if (make === undefined) return {};
    const loops = placesOf(this.definition).get(task.step)?.loops ?? [];
    const context = contextAt(this.definition, this.matter, loops, parseKey(task.visit).scope);
    const { form, outputs, item, startedAt } = context;
    const base = exampleContextOf(this.definition, this.#now, this.#school, this.#commands + 1);
    return make({ ...base, form, outputs, item, startedAt });
  }

  /** Carries the matter on with agreements, receipts and example outputs until a step is open. */
  carriedTo(step: string): this {
    while (!this.tasks.some((task) => task.visit === step || task.step === step)) {
      if (!this.#carryOne()) throw new Error(`The matter ended (${this.outcome}) without coming to ${step}`);
    }
    return this;
  }

  /** Carries the matter to its end with agreements, receipts and example outputs; matters that it starts are completed. */
  carriedToEnd(): this {
    while (this.#carryOne());
    return this;
  }

  #carryOne(): boolean {
    const task = this.tasks.find((one) => !one.waiting);
    const person = task?.assignees[0];
    if (task === undefined || person === undefined) return this.#carryLink();
    this.when(task.claimedBy ?? person.id, FORWARD[task.kind], { task: task.id });
    return true;
  }

  #carryLink(): boolean {
    const link = this.openLinks[0];
    if (link === undefined) return false;
    this.linkEnded(link.id);
    return true;
  }

  /** Matters that this one has started and that have not ended, in their order. */
  get openLinks(): Link[] {
    if (this.#state.phase !== 'open') return [];
    return Object.values(this.#state.links).filter((link) => link.status === 'asked' || link.status === 'open');
  }

  /** A matter that this one started says how it ended. */
  linkEnded(id: string, status: LinkStatus = 'completed', text = '已办结', no: string | null = 'YYSQ-2026-0007'): this {
    const matterId = this.matter.links[id]?.matterId ?? '';
    const told = { type: 'linked' as const, link: id, status, no, text };
    this.#accept({ ...told, ...this.#envelope(null), by: { kind: 'matter', id: matterId } });
    return this;
  }

  /** How the matter ended, or null. */
  get outcome(): string | null {
    return this.#state.phase === 'new' ? null : (this.#state.ending?.code ?? null);
  }

  /** Events of one kind. */
  eventsOf<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Keys of the steps opened so far, in order, each round anew. */
  get path(): string[] {
    return this.eventsOf('StepOpened').map((event) => event.facts.visit);
  }

  /** The matter's row in its register, by column key. */
  get registerRow(): Record<string, Json> {
    return registerRowOf(this.definition, this.matter, this.directory);
  }

  #envelope(person: string | null): Pick<Command, 'id' | 'by' | 'bodyHash'> {
    const by = person === null ? ({ kind: 'clock' } as const) : ({ kind: 'person', id: person } as const);
    return { id: `c${this.#commands + 1}`, by, bodyHash: null };
  }

  #decide(command: Command): Decided | Refusal {
    return decide(this.definition, this.#state, command, this.world);
  }

  #fold(decided: Decided): void {
    this.#commands += 1;
    this.events.push(...decided.events);
    // Folded anew from the events as they are stored, so a rehearsal can't lean on anything that storage would lose.
    const stored: MatterEvent[] = JSON.parse(JSON.stringify(decided.events));
    const folded = evolveAll(this.#state, stored);
    if (folded.phase === 'new') throw new Error('A start made no event');
    this.#state = folded;
  }

  #accept(command: Command): void {
    const decided = this.#decide(command);
    if (isRefusal(decided)) {
      const faults = decided.faults.map((fault) => `\n  ${fault.path} ${fault.message}`).join('');
      throw new Error(`${command.type} was refused: ${decided.code} ${decided.message}${faults}`);
    }
    this.#fold(decided);
  }

  #refused(command: Command): Refusal {
    const decided = this.#decide(command);
    if (!isRefusal(decided)) {
      throw new Error(`${command.type} was accepted: ${decided.events.map((event) => event.type).join(', ')}`);
    }
    return decided;
  }
}

/** A command of a person on a started matter, without its envelope. */
type CommandBody = WithoutEnvelope<Exclude<Command, { type: 'start' | 'tick' }>>;
type WithoutEnvelope<C> = C extends Command ? Omit<C, 'id' | 'by' | 'bodyHash'> : never;

/**
 * A random walk of one matter: each move is a few numbers that are read against the matter as it stands, so that a failing walk
 * shrinks to its shortest. After every move the promises are checked, and that a refused move changed nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { ActOnTask, Command } from '../../../workflows/machine/commands.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { seatOf, whoMayAct } from '../../../workflows/machine/people/covers.ts';
import { isRefusal, type Refusal } from '../../../workflows/machine/refusals.ts';
import { actionsOf, whyNot } from '../../../workflows/machine/round/allowed.ts';
import { findTarget, returnTargets } from '../../../workflows/machine/round/return.ts';
import { takeBacksOf } from '../../../workflows/machine/round/take-back.ts';
import { isSideStep, type Matter, type MatterState, newMatter, type Task } from '../../../workflows/machine/state.ts';
import { nextWakeup } from '../../../workflows/machine/status.ts';
import { ACTIONS, type Action, DETOURS, MATTER_COMMANDS, OUTCOMES } from '../../../workflows/machine/words.ts';
import type { World } from '../../../workflows/machine/world.ts';
import { Books } from '../../proof/model/books.ts';
import { deepFreeze, type Ground, type Tally } from './ground.ts';
import {
  type Body,
  changedCalendar,
  changedDirectory,
  detourOf,
  interventionOf,
  type Move,
  matterCommandOf,
  type Pick4,
  pickOf,
} from './moves.ts';
import { checkRecord, checkTransition } from './promises.ts';

/** An ended matter refuses everything; a few moves show that. */
const MOVES_AFTER_THE_END = 3;
/** One in so many commands is looked at with everything there is; the others as closely as a long walk can afford. */
const THOROUGH_EVERY = 16;
/** More transitions than this after a walk mean that carrying on comes to no end. */
const FINISH_MAX = 600;

/** Ids that nobody's task has, some of which are words of the language itself. */
const STRANGE_TASKS = ['m1-999', 'm1-0', 'nonsense', 'constructor', '__proto__', ''];
const TIME_JUMPS_HOURS = [0, 1, 5, 24, 24 * 7, 24 * 40, -1, -48];

/** One walk. */
export class Walk {
  readonly #ground: Ground;
  readonly #tally: Tally;
  readonly #history: MatterEvent[] = [];
  readonly #books = new Books();
  #directory: Directory;
  #calendar: WorkingCalendar;
  #state: MatterState = newMatter('m1');
  #now: string;
  #commands = 0;
  #last: Command | null = null;
  /** Tasks that somebody acted on, with who did. */
  readonly #acted: { task: string; by: (string | null)[] }[] = [];

  constructor(ground: Ground, tally: Tally) {
    this.#ground = ground;
    this.#tally = tally;
    this.#now = ground.startAt;
    this.#directory = deepFreeze(ground.world.directory);
    this.#calendar = deepFreeze(ground.world.calendar);
  }

  /** The matter, or null while it was not accepted. */
  get matter(): Matter | null {
    return this.#state.phase === 'new' ? null : this.#state;
  }

  /** Starts the matter, makes all moves and carries the matter on to its end. */
  run(moves: readonly Move[]): this {
    const { definition, form, applicant } = this.#ground;
    const { id, version } = definition;
    const started = this.#give({ type: 'start', processId: id, version, form, attachments: [], ...this.#by(applicant) });
    if (started !== null) throw new Error(`The start was refused: ${started.message} ${JSON.stringify(started.faults)}`);
    let afterTheEnd = 0;
    for (const move of moves) {
      if (this.#state.phase === 'ended') afterTheEnd += 1;
      if (afterTheEnd > MOVES_AFTER_THE_END) break;
      this.#make(move);
      if (move.pick[1] % 2 === 0) this.#probe(move);
    }
    this.#finish();
    return this;
  }

  #by(person: string | null): Pick<Command, 'id' | 'by' | 'bodyHash'> {
    this.#commands += 1;
    const by = person === null ? ({ kind: 'clock' } as const) : ({ kind: 'person', id: person } as const);
    return { id: `c${this.#commands}`, by, bodyHash: null };
  }

  #count(what: string): void {
    this.#tally.set(what, (this.#tally.get(what) ?? 0) + 1);
  }

  get #world(): World {
    return {
      inForce: { child: { version: 1, since: null } },
      ...this.#ground.world,
      directory: this.#directory,
      calendar: this.#calendar,
      now: this.#now,
    };
  }

  /** The world as whoever asks sees it: the matter's time never runs behind its last event, even when a clock jumps back. */
  get #seen(): World {
    const { matter } = this;
    return matter !== null && matter.updatedAt > this.#now ? { ...this.#world, now: matter.updatedAt } : this.#world;
  }

  /** Decides on frozen inputs; folds what was accepted. */
  #give(command: Command): Refusal | null {
    const thorough = this.#commands % THOROUGH_EVERY === 0;
    const decided = this.#decide(command, thorough);
    const state = this.#state;
    if (isRefusal(decided)) {
      this.#count(`refused ${decided.code}`);
      return decided;
    }
    const look = { thorough, record: false, books: this.#books };
    checkTransition(this.#ground.definition, this.#world, state, command, decided, this.#history, look);
    for (const event of decided.events) {
      this.#count(event.type);
      if (event.type === 'TaskActed') {
        const { person, coverFor } = event.facts.decision;
        this.#acted.push({ task: event.facts.task, by: [person, coverFor] });
      }
      if (event.type === 'SeatReassigned' && event.facts.how === 'transfer' && event.facts.task !== null)
        this.#acted.push({ task: event.facts.task, by: [event.facts.person] });
    }
    this.#history.push(...decided.events);
    this.#state = decided.matter;
    this.#last = command;
    return null;
  }

  /** Decides, now and then twice: the same inputs give the same answer. */
  #decide(command: Command, twice: boolean): ReturnType<typeof decide> {
    const { definition } = this.#ground;
    deepFreeze(this.#state);
    deepFreeze(command);
    const decided = decide(definition, this.#state, command, this.#world);
    if (twice && !isDeepStrictEqual(decided, decide(definition, this.#state, command, this.#world)))
      throw new Error(`Broken promise: ${command.type} is decided the same way twice`);
    return decided;
  }

  #send(body: Body, person: string | null): Refusal | null {
    // A body with its envelope is a command; a union of commands can't be told so piece by piece.
    return this.#give({ ...body, ...this.#by(person) } as Command);
  }

  #tasks(): Task[] {
    return this.#state.phase === 'new' ? [] : Object.values(this.#state.tasks);
  }

  #make({ kind, pick }: Move): void {
    const matter = this.#state;
    if (matter.phase !== 'open') {
      this.#afterTheEnd(pick);
      return;
    }
    // A request for more time is seldom open; every other move answers it.
    const asked = pick[1] % 2 === 0 ? this.#tasks().find((one) => one.step === 'extension') : undefined;
    const task = asked ?? pickOf(this.#tasks(), pick[0]);
    switch (kind) {
      case 'forward':
        if (task !== undefined) this.#act(task, this.#forward(task), pick);
        return;
      case 'return':
        if (task !== undefined && returnTargets(this.#ground.definition, matter, task).length > 0)
          this.#act(task, 'return', pick);
        return;
      case 'detour':
        if (task !== undefined) this.#act(task, pickOf(DETOURS, pick[1]) ?? 'transfer', pick);
        return;
      case 'take-back':
        this.#takeBack(pick);
        return;
      case 'any-action':
        if (task !== undefined) this.#act(task, pickOf(ACTIONS, pick[1]) ?? 'agree', pick);
        return;
      case 'wrong':
        this.#actWrongly(pick);
        return;
      case 'repeat':
        this.#repeat();
        return;
      case 'withdraw':
        this.#withdraw(pick);
        return;
      case 'matter-command':
        this.#matterCommand(pick);
        return;
      case 'intervention':
        this.#intervene(matter, pick);
        return;
      default:
        this.#outside(kind, matter, pick);
    }
  }

  /** What comes from outside the matter's people: the school changes, other matters report, time passes. */
  #outside(kind: Move['kind'], matter: Matter, pick: Pick4): void {
    switch (kind) {
      case 'people':
        this.#directory = deepFreeze(changedDirectory(this.#directory, this.#ground.people, this.#now, pick));
        // What changes the directory for good is followed by a look at the open matters; an absence is not.
        if (pick[0] % 6 > 2) this.#send({ type: 'refresh', about: 'people', reason: '人事变动' }, null);
        return;
      case 'calendar':
        this.#calendar = deepFreeze(changedCalendar(this.#calendar, this.#now, pick));
        this.#send({ type: 'refresh', about: 'calendar', reason: '放假通知' }, null);
        return;
      case 'linked':
        this.#reportLink(matter, pick);
        return;
      case 'time':
        this.#now = new Date(Date.parse(this.#now) + (pickOf(TIME_JUMPS_HOURS, pick[0]) ?? 0) * 3_600_000).toISOString();
        this.#send({ type: 'tick' }, null);
        return;
      case 'alarm':
        this.#ring(matter);
        return;
      default:
        throw new Error(`No walk knows the move ${kind}`);
    }
  }

  #ring(matter: Matter): void {
    const wake = nextWakeup(matter);
    if (wake !== null && wake > this.#now) this.#now = wake;
    this.#send({ type: 'tick' }, null);
  }

  #reportLink(matter: Matter, pick: Pick4): void {
    const link = pickOf(Object.values(matter.links), pick[0]);
    if (link === undefined) return;
    const status = pick[1] % 3 === 0 ? 'open' : (pickOf(OUTCOMES, pick[1] >> 2) ?? 'completed');
    const by = { kind: 'matter', id: pick[2] % 9 === 0 ? 'm-stranger' : link.matterId } as const;
    const refusal = this.#give({ type: 'linked', link: link.id, status, no: 'C-1', text: '结果', ...this.#by(null), by });
    if (by.id === 'm-stranger' && refusal === null) throw new Error('Broken promise: another matter spoke for a linked one');
  }

  #takeBack(pick: Pick4): void {
    const done = pickOf(this.#acted.slice(-4), pick[0]);
    const matter = this.matter;
    if (done === undefined || matter === null) return;
    const person = pick[1] % 6 === 0 ? this.#person(pick[2]) : (done.by[0] ?? '');
    const offered = takeBacksOf(this.#ground.definition, matter, person).some((one) => one.task === done.task);
    const refusal = this.#send(actBody(done.task, 'takeBack'), person);
    if (refusal === null && !done.by.includes(person))
      throw new Error(`Broken promise: ${person} took back what ${done.by[0]} did`);
    if (offered !== (refusal === null))
      throw new Error(
        `Broken promise: taking back ${done.task} is ${offered ? '' : 'not '}offered to ${person}, yet told ${refusal?.code ?? 'yes'}`,
      );
  }

  /** A process administrator who is not the applicant, where there is one. */
  #administrator(): string {
    const posts = Object.values(this.#directory.posts).filter((post) => post.role === 'process-administrator');
    const holders = posts.flatMap((post) => post.holders.map((holding) => holding.person));
    return holders.find((one) => one !== this.#ground.applicant) ?? holders[0] ?? '';
  }

  #intervene(matter: Matter, pick: Pick4): void {
    const person = this.#administrator();
    const wrong = pick[0] % 7 === 0 ? this.#person(pick[1]) : person;
    const refusal = this.#send(interventionOf(matter, this.#ground.people, pick), wrong);
    if (wrong !== person && refusal?.code !== 'not-allowed')
      throw new Error(`Broken promise: ${wrong} is no administrator, yet was told ${refusal?.code ?? 'yes'}`);
  }

  /** Mostly when it is too late or not theirs to do, for a withdrawal in time ends the walk. */
  #withdraw(pick: Pick4): void {
    const person = this.#person(pick[0]);
    const matter = this.matter;
    const inTime = matter !== null && whyNot(this.#ground.definition, matter, person, 'withdraw', this.#seen) === null;
    if (!inTime || pick[1] % 6 === 0) this.#send({ type: 'withdraw', reason: null }, person);
  }

  #person(pick: number): string {
    const { applicant, people } = this.#ground;
    return pick % 3 === 0 ? applicant : (pickOf(people, pick) ?? applicant);
  }

  #forward(task: Task): Action {
    switch (task.kind) {
      case 'approve':
        return 'agree';
      case 'read':
        return 'read';
      case 'advise':
        return 'reply';
      default:
        return 'complete';
    }
  }

  #actCommand(task: Task, person: string, action: Action, pick: Pick4): ActOnTask {
    const { definition, output, correction, people } = this.#ground;
    const matter = this.#state;
    if (matter.phase === 'new') throw new Error('Nobody acts before the start');
    const target = pickOf(returnTargets(definition, matter, task), pick[2]);
    const filled = task.kind === 'correct' ? correction(matter, this.#now, pick[3]) : output(matter, task, this.#now, pick[3]);
    return {
      ...actBody(task.id, action),
      output: action === 'complete' ? filled : null,
      returnOrder: action === 'return' ? { to: target?.key ?? 'applicant', next: pick[3] % 2 === 0 ? 'replay' : 'back' } : null,
      detour: detourOf(action, matter, task, people, pick),
      ...this.#by(person),
    };
  }

  #mayAct(task: Task): string[] {
    const matter = this.matter;
    return matter === null ? [] : whoMayAct(this.#ground.definition, matter, task, this.#seen).map((one) => one.id);
  }

  #offered(task: Task): readonly Action[] {
    const matter = this.#state;
    return matter.phase === 'open' ? actionsOf(this.#ground.definition, matter, task, this.#seen) : [];
  }

  #act(task: Task, action: Action, pick: Pick4): void {
    const person = pickOf(this.#mayAct(task), pick[1]);
    if (person === undefined) return;
    const offered = this.#offered(task).includes(action);
    const refusal = this.#give(this.#actCommand(task, person, action, pick));
    // Taking back is offered on tasks that are done.
    if (action === 'takeBack' && refusal !== null) return;
    if (refusal === null && !offered) throw new Error(`Broken promise: ${action} on ${task.visit} was not offered, yet accepted`);
    if (refusal?.code === 'action-not-offered' && offered)
      throw new Error(`Broken promise: ${action} on ${task.visit} was offered, yet refused as not offered`);
    if (refusal?.code === 'not-allowed')
      throw new Error(`Broken promise: ${person} sits at ${task.visit}, yet may not ${action}`);
  }

  #actWrongly(pick: Pick4): void {
    const person = this.#person(pick[1]);
    const task = pickOf(this.#tasks(), pick[0]);
    const matter = this.matter;
    if (task === undefined || matter === null) return;
    const action = pickOf(ACTIONS, pick[2]) ?? 'agree';
    const wrongTask = pick[3] % 2 === 0;
    if (!wrongTask && seatOf(this.#ground.definition, matter, task, person, this.#seen) !== null) return;
    const command = {
      ...this.#actCommand(task, person, action, pick),
      ...(wrongTask ? { task: pickOf(STRANGE_TASKS, pick[3] >> 1) ?? '' } : {}),
    };
    if (this.#give(command) === null) throw new Error(`Broken promise: ${person} acted on ${command.task}, which is not theirs`);
  }

  /** The same decision once more: the machine refuses it, for its task is over (the same command id is told even earlier). */
  #repeat(): void {
    if (this.#last?.type !== 'act' || DETOURS.some((one) => this.#last?.type === 'act' && one === this.#last.action)) return;
    const refusal = this.#give(this.#last);
    if (refusal?.code !== 'task-closed') throw new Error('Broken promise: the same act counted twice');
  }

  #matterCommand(pick: Pick4): void {
    const type = pickOf(['urge', 'comment', 'report', 'supplement', 'extend'] as const, pick[0]) ?? 'comment';
    const own = pickOf(this.#tasks(), pick[2])?.assignees[0]?.id;
    const person = pick[1] % 4 === 0 ? this.#person(pick[1]) : (own ?? this.#person(pick[1]));
    this.#send(matterCommandOf(type, this.#dayAhead(pick[3])), person);
  }

  #dayAhead(days: number): string {
    return new Date(Date.parse(this.#now) + ((days % 30) + 1) * 24 * 3_600_000).toISOString().slice(0, 10);
  }

  #afterTheEnd(pick: Pick4): void {
    const person = this.#person(pick[1]);
    const commands: Command[] = [
      { type: 'withdraw', reason: null, ...this.#by(person) },
      { type: 'comment', text: '留言', ...this.#by(person) },
      { type: 'tick', ...this.#by(null) },
      { ...(this.#last ?? { type: 'tick' as const }), ...this.#by(person) },
    ];
    const command = pickOf(commands, pick[0]);
    if (command === undefined || command.type === 'start') return;
    const refusal = this.#give(command);
    if (refusal?.code !== 'matter-ended') throw new Error(`Broken promise: an ended matter took ${command.type}`);
  }

  /** What is offered is not refused as not offered, and the other way round; nothing is folded. */
  #probe({ pick }: Move): void {
    const { definition } = this.#ground;
    const matter = this.#state;
    const task = pickOf(this.#tasks(), pick[3]);
    if (matter.phase !== 'open' || task === undefined) return;
    const person = pickOf(this.#mayAct(task), pick[2]);
    if (person !== undefined) this.#probeAction(task, person, pick);
    for (const target of returnTargets(definition, matter, task)) {
      if (findTarget(definition, matter, task, target.key) !== target.key)
        throw new Error(`Broken promise: ${target.key} is offered as a place to return to, yet not found`);
    }
    if (pick[1] % 4 === 0) this.#probeMatterCommand(matter, pick);
  }

  #probeAction(task: Task, person: string, pick: Pick4): void {
    const action = pickOf(ACTIONS, pick[1]) ?? 'agree';
    if (action === 'takeBack') return;
    const refusal = this.#refusalOf(this.#actCommand(task, person, action, pick));
    const offered = this.#offered(task).includes(action);
    if (offered === (refusal?.code === 'action-not-offered'))
      throw new Error(
        `Broken promise: ${action} on ${task.visit} is ${offered ? '' : 'not '}offered, yet told ${refusal?.code ?? 'yes'}`,
      );
  }

  #probeMatterCommand(matter: Matter, pick: Pick4): void {
    const person = this.#person(pick[0]);
    const type = pickOf(MATTER_COMMANDS, pick[2]) ?? 'comment';
    const offered = whyNot(this.#ground.definition, matter, person, type, this.#seen) === null;
    const command = { ...matterCommandOf(type, this.#dayAhead(5)), ...this.#by(person) } as Command;
    const refusal = this.#refusalOf(command);
    // Two tasks that ask for reports: the command must say which, which no button can know.
    const refused = refusal !== null && refusal.code !== 'bad-input';
    if (offered === refused)
      throw new Error(
        `Broken promise: ${type} is ${offered ? '' : 'not '}offered to ${person}, yet told ${refusal?.code ?? 'yes'}`,
      );
  }

  #refusalOf(command: Command): Refusal | null {
    const decided = this.#decide(command, false);
    return isRefusal(decided) ? decided : null;
  }

  /** Carried on with agreements, receipts and outputs, every matter comes to its end. */
  #finish(): void {
    for (let steps = 0; this.#state.phase === 'open'; steps += 1) {
      if (steps > FINISH_MAX) throw new Error(`Broken promise: every matter can still end; open: ${this.#open()}`);
      this.#carryOn(this.#state, steps);
    }
    // The record of one walk in four is folded once more, as it is stored.
    if (this.#commands % 4 === 0) this.#checkRecord();
  }

  #open(): string {
    return this.#tasks()
      .map((task) => `${task.visit} of ${task.assignees.map((one) => one.id)}`)
      .join('; ');
  }

  #carryOn(matter: Matter, step: number): void {
    const ready = this.#tasks().filter((task) => !task.waiting);
    const task = ready.find((one) => !isSideStep(one.step)) ?? ready[0];
    if (task !== undefined) {
      this.#carryTask(task, step);
      return;
    }
    const link = Object.values(matter.links).find((one) => one.status === 'asked' || one.status === 'open');
    if (Object.values(matter.waits).some((wait) => wait.kind === 'links') && link !== undefined) {
      const by = { kind: 'matter', id: link.matterId } as const;
      this.#give({ type: 'linked', link: link.id, status: 'completed', no: 'C-1', text: '办结', ...this.#by(null), by });
      return;
    }
    this.#ring(matter);
  }

  #carryTask(task: Task, step: number): void {
    const [person] = this.#mayAct(task);
    if (person === undefined) throw new Error(`Broken promise: ${task.visit} is no orphan, yet nobody can act on it`);
    const action = this.#forward(task);
    const command = this.#actCommand(task, person, action, [step, step, step, 1]);
    const matter = this.matter;
    const output = task.kind === 'correct' && matter !== null ? matter.form : command.output;
    const refusal = this.#give({ ...command, output });
    if (refusal?.code === 'bad-input' && this.#ground.gated === true) {
      this.#send({ type: 'terminate', reason: '无法继续' }, this.#administrator());
      return;
    }
    if (refusal !== null)
      throw new Error(`Broken promise: ${person} can't go on at ${task.visit}: ${refusal.code} ${refusal.message}`);
  }

  /** Once a walk: the record as it is stored folds to the very state that was made step by step. */
  #checkRecord(): void {
    const matter = this.matter;
    if (matter !== null) checkRecord('m1', matter, this.#history);
  }
}

/** What is done without words. */
const SILENT: readonly Action[] = ['claim', 'release', 'takeBack'];

function actBody(task: string, action: Action): Omit<ActOnTask, 'id' | 'by' | 'bodyHash'> {
  const opinion = SILENT.includes(action) ? null : '意见';
  return { type: 'act', task, action, opinion, output: null, attachments: [], returnOrder: null };
}

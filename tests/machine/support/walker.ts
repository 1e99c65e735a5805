/**
 * A random walk of one matter: each move is a few numbers that are read against the matter as it stands, so that a failing walk
 * shrinks to its shortest. After every move the promises are checked, and that a refused move changed nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import { actionsOf, seatOf, whyNot } from '../../../workflows/machine/allowed.ts';
import type { ActOnTask, Command } from '../../../workflows/machine/commands.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { isRefusal, type Refusal } from '../../../workflows/machine/refusals.ts';
import { findTarget, returnTargets } from '../../../workflows/machine/return.ts';
import { type Matter, type MatterState, newMatter, type Task } from '../../../workflows/machine/state.ts';
import { nextWakeup } from '../../../workflows/machine/tick.ts';
import { ACTIONS, type Action, MATTER_COMMANDS } from '../../../workflows/machine/words.ts';
import type { World } from '../../../workflows/machine/world.ts';
import { checkTransition } from './promises.ts';

/** Kinds of move, with how often each is made. */
const MOVES = [
  ['forward', 10],
  ['return', 6],
  ['any-action', 2],
  ['wrong', 2],
  ['repeat', 2],
  ['withdraw', 1],
  ['matter-command', 2],
  ['time', 3],
  ['alarm', 3],
] as const;

/** One move; `pick` are numbers that choose among what is there. */
export interface Move {
  kind: (typeof MOVES)[number][0];
  pick: readonly [number, number, number, number];
}

/** An ended matter refuses everything; a few moves show that. */
const MOVES_AFTER_THE_END = 3;

const number = fc.nat({ max: 1_000 });

/** Moves of a walk. */
export function movesOf(maxLength: number): fc.Arbitrary<Move[]> {
  const kind = fc.oneof(...MOVES.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
  return fc.array(fc.record({ kind, pick: fc.tuple(number, number, number, number) }), { maxLength, size: 'max' });
}

/** What a walk needs of its school and process. */
export interface Ground {
  definition: ProcessDefinition;
  /** The world but for its time. */
  world: Omit<World, 'now'>;
  startAt: string;
  applicant: string;
  form: JsonObject;
  people: readonly string[];
  /** An output that a step may accept. */
  output: (matter: Matter, task: Task, now: string, pick: number) => JsonObject;
  /** A form that the applicant may correct to. */
  correction: (matter: Matter, now: string, pick: number) => JsonObject;
}

/** What walks came to, to see that they go everywhere. */
export type Tally = Map<string, number>;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

function pickOf<T>(list: readonly T[], number: number): T | undefined {
  return list.length === 0 ? undefined : list[number % list.length];
}

/** Ids that nobody's task has, some of which are words of the language itself. */
const STRANGE_TASKS = ['m1-999', 'm1-0', 'nonsense', 'constructor', '__proto__', ''];
const TIME_JUMPS_HOURS = [0, 1, 5, 24, 24 * 7, 24 * 40, -1, -48];

/** One walk. */
export class Walk {
  readonly #ground: Ground;
  readonly #tally: Tally;
  readonly #history: MatterEvent[] = [];
  #state: MatterState = newMatter('m1');
  #now: string;
  #commands = 0;
  #last: Command | null = null;

  constructor(ground: Ground, tally: Tally) {
    this.#ground = ground;
    this.#tally = tally;
    this.#now = ground.startAt;
    deepFreeze(ground.world.directory);
    deepFreeze(ground.world.calendar);
  }

  /** The matter, or null while it was not accepted. */
  get matter(): Matter | null {
    return this.#state.phase === 'new' ? null : this.#state;
  }

  /** Everything that happened. */
  get history(): readonly MatterEvent[] {
    return this.#history;
  }

  /** Starts the matter and makes all moves. */
  run(moves: readonly Move[]): this {
    const { definition, form, applicant } = this.#ground;
    const started = this.#give({
      type: 'start',
      processId: definition.id,
      version: definition.version,
      form,
      attachments: [],
      ...this.#by(applicant),
    });
    if (started !== null) throw new Error(`The start was refused: ${started.message} ${JSON.stringify(started.faults)}`);
    let afterTheEnd = 0;
    for (const move of moves) {
      if (this.#state.phase === 'ended') afterTheEnd += 1;
      if (afterTheEnd > MOVES_AFTER_THE_END) break;
      this.#make(move);
      this.#probe(move);
    }
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

  /** Decides, twice, on frozen inputs; folds what was accepted. */
  #give(command: Command): Refusal | null {
    const decided = this.#decide(command);
    const state = this.#state;
    if (isRefusal(decided)) {
      this.#count(`refused ${decided.code}`);
      return decided;
    }
    checkTransition(this.#ground.definition, this.#ground.world.directory, state, command, decided, this.#history);
    for (const event of decided.events) this.#count(event.type);
    this.#history.push(...decided.events);
    this.#state = decided.matter;
    this.#last = command;
    return null;
  }

  #decide(command: Command): ReturnType<typeof decide> {
    const { definition, world } = this.#ground;
    deepFreeze(this.#state);
    deepFreeze(command);
    const decided = decide(definition, this.#state, command, { ...world, now: this.#now });
    const again = decide(definition, this.#state, command, { ...world, now: this.#now });
    if (!isDeepStrictEqual(decided, again)) throw new Error(`Broken promise: ${command.type} is decided the same way twice`);
    return decided;
  }

  #tasks(): Task[] {
    return this.#state.phase === 'new' ? [] : Object.values(this.#state.tasks);
  }

  #make({ kind, pick }: Move): void {
    if (this.#state.phase !== 'open') {
      this.#afterTheEnd(pick);
      return;
    }
    const task = pickOf(this.#tasks(), pick[0]);
    switch (kind) {
      case 'forward':
        if (task !== undefined) this.#act(task, this.#forward(task), pick);
        break;
      case 'return':
        if (task !== undefined && returnTargets(this.#ground.definition, this.#state, task).length > 0)
          this.#act(task, 'return', pick);
        break;
      case 'any-action':
        if (task !== undefined) this.#act(task, pickOf(ACTIONS, pick[1]) ?? 'agree', pick);
        break;
      case 'wrong':
        this.#actWrongly(pick);
        break;
      case 'repeat':
        this.#repeat();
        break;
      case 'withdraw':
        this.#withdraw(pick);
        break;
      case 'matter-command':
        this.#matterCommand(pick);
        break;
      case 'time': {
        this.#now = new Date(Date.parse(this.#now) + (pickOf(TIME_JUMPS_HOURS, pick[0]) ?? 0) * 3_600_000).toISOString();
        this.#give({ type: 'tick', ...this.#by(null) });
        break;
      }
      case 'alarm': {
        const wake = nextWakeup(this.#state);
        if (wake !== null && wake > this.#now) this.#now = wake;
        this.#give({ type: 'tick', ...this.#by(null) });
        break;
      }
    }
  }

  /** Mostly when it is too late or not theirs to do, for a withdrawal in time ends the walk. */
  #withdraw(pick: Move['pick']): void {
    const person = this.#person(pick[0]);
    const matter = this.matter;
    const inTime = matter !== null && whyNot(this.#ground.definition, matter, person, 'withdraw', this.#now) === null;
    if (!inTime || pick[1] % 6 === 0) this.#give({ type: 'withdraw', reason: null, ...this.#by(person) });
  }

  #person(pick: number): string {
    const { applicant, people } = this.#ground;
    return pick % 3 === 0 ? applicant : (pickOf(people, pick) ?? applicant);
  }

  #forward(task: Task): Action {
    return task.kind === 'approve' ? 'agree' : task.kind === 'read' ? 'read' : 'complete';
  }

  #actCommand(task: Task, person: string, action: Action, pick: Move['pick']): ActOnTask {
    const { definition, output, correction } = this.#ground;
    const matter = this.#state;
    if (matter.phase === 'new') throw new Error('Nobody acts before the start');
    const target = pickOf(returnTargets(definition, matter, task), pick[2]);
    const filled = task.kind === 'correct' ? correction(matter, this.#now, pick[3]) : output(matter, task, this.#now, pick[3]);
    return {
      type: 'act',
      task: task.id,
      action,
      opinion: '意见',
      output: action === 'complete' ? filled : null,
      attachments: [],
      returnOrder: action === 'return' ? { to: target?.key ?? 'applicant', next: pick[3] % 2 === 0 ? 'replay' : 'back' } : null,
      ...this.#by(person),
    };
  }

  #act(task: Task, action: Action, pick: Move['pick']): void {
    const seat = pickOf(task.assignees, pick[1]);
    if (seat === undefined) return;
    const offered = this.#state.phase === 'open' && actionsOf(this.#ground.definition, this.#state, task).includes(action);
    const refusal = this.#give(this.#actCommand(task, seat.id, action, pick));
    if (refusal === null && !offered) throw new Error(`Broken promise: ${action} on ${task.visit} was not offered, yet accepted`);
    if (refusal?.code === 'action-not-offered' && offered)
      throw new Error(`Broken promise: ${action} on ${task.visit} was offered, yet refused as not offered`);
    if (refusal?.code === 'not-allowed') throw new Error(`Broken promise: ${seat.id} sits at ${task.visit}, yet may not act`);
  }

  #actWrongly(pick: Move['pick']): void {
    const person = this.#person(pick[1]);
    const task = pickOf(this.#tasks(), pick[0]);
    if (task === undefined) return;
    const action = pickOf(ACTIONS, pick[2]) ?? 'agree';
    const wrongTask = pick[3] % 2 === 0;
    if (!wrongTask && seatOf(task, person) !== null) return;
    const command = {
      ...this.#actCommand(task, person, action, pick),
      ...(wrongTask ? { task: pickOf(STRANGE_TASKS, pick[3] >> 1) ?? '' } : {}),
    };
    if (this.#give(command) === null) throw new Error(`Broken promise: ${person} acted on ${command.task}, which is not theirs`);
  }

  /** The same act once more: the machine refuses it, for its task is over (the same command id is told even earlier). */
  #repeat(): void {
    if (this.#last?.type !== 'act') return;
    const refusal = this.#give(this.#last);
    if (refusal?.code !== 'task-closed') throw new Error('Broken promise: the same act counted twice');
  }

  #matterCommand(pick: Move['pick']): void {
    const person = this.#person(pick[1]);
    const reporter = pickOf(this.#tasks(), pick[2])?.assignees[0]?.id ?? person;
    switch (pick[0] % 3) {
      case 0:
        this.#give({ type: 'urge', text: null, ...this.#by(person) });
        return;
      case 1:
        this.#give({ type: 'comment', text: '留言', ...this.#by(person) });
        return;
      default:
        this.#give({ type: 'report', text: '进展', percent: 50, attachments: [], task: null, ...this.#by(reporter) });
    }
  }

  #afterTheEnd(pick: Move['pick']): void {
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
    const seat = pickOf(task?.assignees ?? [], pick[2]);
    if (matter.phase !== 'open' || task === undefined || seat === undefined) return;
    const action = pickOf(ACTIONS, pick[1]) ?? 'agree';
    const refusal = this.#refusalOf(this.#actCommand(task, seat.id, action, pick));
    const offered = actionsOf(definition, matter, task).includes(action);
    if (offered === (refusal?.code === 'action-not-offered'))
      throw new Error(
        `Broken promise: ${action} on ${task.visit} is ${offered ? '' : 'not '}offered, yet told ${refusal?.code ?? 'yes'}`,
      );
    for (const target of returnTargets(definition, matter, task)) {
      if (findTarget(definition, matter, task, target.key) !== target.key)
        throw new Error(`Broken promise: ${target.key} is offered as a place to return to, yet not found`);
    }
    this.#probeMatterCommand(matter, pick);
  }

  #probeMatterCommand(matter: Matter, pick: Move['pick']): void {
    const person = this.#person(pick[0]);
    const type = pickOf(MATTER_COMMANDS, pick[2]) ?? 'comment';
    const offered = whyNot(this.#ground.definition, matter, person, type, this.#now) === null;
    const envelope = this.#by(person);
    const command: Command =
      type === 'comment'
        ? { type, text: '留言', ...envelope }
        : type === 'report'
          ? { type, text: '进展', percent: 10, attachments: [], task: null, ...envelope }
          : type === 'urge'
            ? { type, text: null, ...envelope }
            : type === 'withdraw'
              ? { type, reason: null, ...envelope }
              : type === 'supplement'
                ? { type, text: '补充', attachments: [], ...envelope }
                : { type, until: '2026-12-31', reason: '需要时间', task: null, ...envelope };
    const refusal = this.#refusalOf(command);
    // Two tasks that ask for reports: the command must say which, which no button can know.
    const refused = refusal !== null && refusal.code !== 'bad-input';
    if (offered === refused)
      throw new Error(
        `Broken promise: ${type} is ${offered ? '' : 'not '}offered to ${person}, yet told ${refusal?.code ?? 'yes'}`,
      );
  }

  #refusalOf(command: Command): Refusal | null {
    const decided = this.#decide(command);
    return isRefusal(decided) ? decided : null;
  }
}

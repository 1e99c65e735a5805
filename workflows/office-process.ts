/**
 * The one workflow that serves every office process: a queue of commands, each decided and recorded by one `transact`, and one
 * timer for whatever the matter waits for next. It holds clock, order and retries; the rules are in `machine/`.
 *
 * Every promise made here costs the SDK a compiled function and a stack trace, so the loop makes few.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  acceptedUpdate,
  actSignal,
  actUpdate,
  type CommandAnswer,
  formerActSignal,
  type MatterActivities,
  type MatterInput,
  type MatterResult,
  reportSignal,
  searchAttributeKeys,
  stateQuery,
  type TransactAnswer,
  type TransactRequest,
} from './contract.ts';
import type { Command } from './machine/commands.ts';
import { evolve } from './machine/fold/evolve.ts';
import { modernState } from './machine/fold/state-format.ts';
import { type Letter, letterOfRefusal, lettersToLinked, letterToParent } from './machine/letters.ts';
import { isRefusal, type Refusal, refuse } from './machine/refusals.ts';
import { plainlyStale } from './machine/stale.ts';
import { type Matter, type MatterState, newMatter } from './machine/state.ts';
import { nextWakeup, openSteps, statusOf } from './machine/status.ts';
import { failureOf, nobody, type Pending, teller } from './pending.ts';

// Quick and cheap while the database is well; a local activity halves the server's cost of a decision.
const local = proxyLocalActivities<MatterActivities>({
  scheduleToCloseTimeout: '1s',
  startToCloseTimeout: '900ms',
  retry: { maximumAttempts: 2, initialInterval: '50ms' },
});
/** A local try that has not begun to decide after this time never will: by then it may have been given up. */
const LOCAL_TRY_MS = 800;
// While it is away: tried until it is back. Only a fault of ours ends these tries (see `createActivities`).
const patient = proxyActivities<MatterActivities>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1.6, maximumInterval: '5s' },
});

// Whom a letter is for may be out of reach for long; it is sent until it has come.
const post = proxyActivities<MatterActivities>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 1.6, maximumInterval: '10s' },
});

/** Letters in one delivery: few enough to be sent well within its time. */
const LETTERS_AT_ONCE = 50;

/** What the workflow of a worker is made with. */
export interface OfficeProcessOptions {
  /** History events after which a quiet moment is used to continue as new. */
  eventsPerRun: number;
}

/** Far below the server's own limit. */
const EVENTS_PER_RUN = 2_000;

/** A state longer than this, in characters of JSON, is not carried to a new run, which then begins from the events. */
const STATE_LENGTH_MAX = 400_000;

/** How long alarms rest after a fault of ours kept them from being rung; a mended definition rings them then. */
const REST_MS = 15 * 60_000;

/** The driver of one matter. */
class Driver {
  readonly #input: MatterInput;
  readonly #eventsPerRun: number;
  readonly #queue: Pending[] = [];
  /** Keys of the letters that were sent in this run. */
  readonly #sent = new Set<string>();
  /** Links of which an answer may have been lost with an earlier workflow. */
  #unsure: ReadonlySet<string> = new Set();
  /** What became of the application, once it is known in this run. */
  #started: CommandAnswer | Refusal | null = null;
  /** Those who wait for {@link #started}. */
  readonly #startWaiters: Pending['tell'][] = [];
  /** Wakes the loop; set while it has nothing to do. */
  #wake: (() => void) | null = null;
  #state: MatterState;
  /** When the one timer fires, or null while there is none. */
  #timerAt: string | null = null;
  #timerScope: CancellationScope | null = null;
  #rang = false;
  /** No alarm is tried before this instant, or null. */
  #restUntil: string | null = null;
  #attributes = '';

  constructor(input: MatterInput, eventsPerRun: number) {
    this.#input = input;
    this.#eventsPerRun = eventsPerRun;
    this.#state = input.state === null ? newMatter(input.matterId) : modernState(input.state);
    // Started with an application, or made anew from its events, with which it first catches up.
    if (input.state === null) this.#queue.push({ command: input.start, tell: (answer) => this.#tellStarted(answer) });
    else this.#started = { sequence: input.state.sequence, no: input.state.no, bodyHash: null };
    // The run before had told it already.
    if (this.#state.phase === 'open') this.#sent.add(letterToParent(this.#state)?.key ?? '');
    this.#listen();
  }

  #listen(): void {
    setHandler(actUpdate, (command, word) => this.#act(command, word), {
      validator: (command: Command, _word?: string) => this.#validate(command),
    });
    setHandler(acceptedUpdate, (word) => this.#accepted(word));
    for (const signal of [actSignal, formerActSignal]) setHandler(signal, (command) => this.#enqueue({ command, tell: nobody }));
    setHandler(reportSignal, () => this.#reportAgain());
    setHandler(stateQuery, () => (this.#state.phase === 'new' ? null : this.#state));
  }

  #validate(command: Command): void {
    if (this.#state.phase === 'new') return;
    const refusal = plainlyStale(this.#state, command);
    if (refusal !== null) throw failureOf(refusal);
  }

  #enqueue(pending: Pending): void {
    this.#queue.push(pending);
    this.#wake?.();
  }

  #act(command: Command, word?: string): Promise<CommandAnswer> {
    return new Promise((resolve, reject) => this.#enqueue({ command, tell: teller(resolve, reject, word) }));
  }

  #accepted(word?: string): Promise<CommandAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#started === null) this.#startWaiters.push(teller(resolve, reject, word));
      // What was decided before is nobody's new failure.
      else teller(resolve, reject)(this.#started);
    });
  }

  /** The matter that started this one may not have heard how it stands. */
  #reportAgain(): void {
    if (this.#state.phase === 'new') return;
    this.#sent.delete(letterToParent(this.#state)?.key ?? '');
    this.#wake?.();
  }

  #tellStarted(answer: CommandAnswer | Refusal): void {
    this.#started = answer;
    for (const tell of this.#startWaiters.splice(0)) tell(answer);
  }

  /** Runs until the matter has ended or was refused, or the history is long enough for a new run. */
  async run(): Promise<MatterResult> {
    // A run that begins from a state has to wait for the dates in it, though nobody may ever send it a command.
    this.#prepare();
    while (true) {
      const letters = this.#unsent();
      if (letters.length > 0) {
        await this.#deliver(letters);
        continue;
      }
      const pending = this.#queue.shift();
      if (pending !== undefined) this.#settle(pending, await this.#transact(pending.command));
      else if (this.#rang) this.#settleTick(await this.#transact(this.#tick()));
      else if (this.#over()) break;
      else if (this.#longHistory()) await this.#renew();
      else await this.#idle();
    }
    this.#timerScope?.cancel();
    await condition(allHandlersFinished);
    const state = this.#state;
    return {
      no: state.phase === 'new' ? null : state.no,
      outcome: state.phase === 'new' ? 'refused' : (state.ending?.code ?? 'open'),
    };
  }

  /** What this matter has for other matters and has not sent in this run. */
  #unsent(): Letter[] {
    return this.#letters().filter((letter) => !this.#sent.has(letter.key));
  }

  #letters(): Letter[] {
    const state = this.#state;
    if (state.phase !== 'new') {
      const up = letterToParent(state);
      return [...lettersToLinked(state, this.#unsure), ...(up === null ? [] : [up])];
    }
    const refused = isRefusal(this.#started) ? letterOfRefusal(state.id, this.#input.start, this.#started) : null;
    return refused === null ? [] : [refused];
  }

  async #deliver(letters: Letter[]): Promise<void> {
    const some = letters.slice(0, LETTERS_AT_ONCE);
    const asked = await post.deliver({ from: this.#input.matterId, letters: some });
    for (const { key } of some) this.#sent.add(key);
    for (const command of asked) this.#queue.push({ command, tell: nobody });
  }

  /** Waits for a command or the timer. */
  #idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }

  #over(): boolean {
    return this.#state.phase === 'ended' || (this.#state.phase === 'new' && this.#started !== null);
  }

  #settle(pending: Pending, answer: TransactAnswer): void {
    this.#prepare();
    if (answer.kind === 'refused') pending.tell(answer.refusal);
    else {
      const no = this.#state.phase === 'new' ? '' : this.#state.no;
      pending.tell({ sequence: this.#state.sequence, no, bodyHash: answer.bodyHash });
    }
  }

  #tick(): Command {
    this.#rang = false;
    return { type: 'tick', id: `tick:${this.#input.matterId}:${this.#state.sequence}`, by: { kind: 'clock' }, bodyHash: null };
  }

  #settleTick(answer: TransactAnswer): void {
    const failed = answer.kind === 'refused' && answer.refusal.code === 'internal';
    this.#restUntil = failed ? new Date(Date.now() + REST_MS).toISOString() : null;
    this.#prepare();
  }

  /** Decides and records a command, and folds in every event that this workflow did not know. */
  async #transact(command: Command | null): Promise<TransactAnswer> {
    const before = this.#state.sequence;
    const request = { matterId: this.#input.matterId, since: before, command, now: new Date().toISOString() };
    let answer: TransactAnswer;
    try {
      answer = await local.transact({ ...request, withinMs: LOCAL_TRY_MS });
    } catch (error) {
      // A local activity fails with the bare cause, without an ActivityFailure around it.
      if (!(error instanceof TemporalFailure)) throw error;
      answer = await this.#transactPatiently(request);
    }
    this.#fold(answer);
    for (let { more } = answer; more; ) {
      const rest = await patient.transact({ ...request, since: this.#state.sequence, command: null });
      this.#fold(rest);
      more = rest.more;
    }
    if (before === 0) this.#takeUp(answer, command);
    return answer;
  }

  /** A workflow made anew from events does not know what its matter's links said to the one before: it asks them again. */
  #takeUp({ events }: TransactAnswer, command: Command | null): void {
    if (this.#state.phase === 'new' || events.every((event) => event.command === command?.id)) return;
    this.#unsure = new Set(Object.values(this.#state.links).flatMap((link) => (link.status === 'open' ? [link.id] : [])));
  }

  /** While the database is away. A fault of ours refuses its own command, so that it never keeps the rest of the matter waiting. */
  async #transactPatiently(request: TransactRequest): Promise<TransactAnswer> {
    try {
      return await patient.transact(request);
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      const refusal = refuse('internal', '系统出错,此次操作没有生效。请稍后重试;如仍不成功,请联系管理员');
      return { kind: 'refused', refusal, events: [], more: false };
    }
  }

  #fold(answer: TransactAnswer): void {
    for (const event of answer.events) this.#state = evolve(this.#state, event);
  }

  /** After each transition: the timer for what comes next, and what Temporal's own list filters by. */
  #prepare(): void {
    if (this.#state.phase === 'new') return;
    this.#armTimer(this.#state);
    this.#showInList(this.#state);
  }

  #showInList(matter: Matter): void {
    const steps = openSteps(matter);
    const status = statusOf(matter);
    const text = JSON.stringify([status, steps, matter.due.dueAt]);
    if (text === this.#attributes) return;
    this.#attributes = text;
    upsertSearchAttributes([
      { key: searchAttributeKeys.process, value: matter.processId },
      { key: searchAttributeKeys.unit, value: matter.applicant.unit },
      { key: searchAttributeKeys.status, value: status },
      { key: searchAttributeKeys.steps, value: steps.length === 0 ? null : steps },
      { key: searchAttributeKeys.dueAt, value: new Date(matter.due.dueAt) },
    ]);
  }

  #armTimer(matter: Matter): void {
    const wanted = nextWakeup(matter);
    const next = wanted !== null && this.#restUntil !== null && wanted < this.#restUntil ? this.#restUntil : wanted;
    // A timer that fires too early costs one workflow task now and then; making it anew on each decision would cost two events each.
    if (next === null || (this.#timerAt !== null && this.#timerAt <= next)) return;
    this.#timerScope?.cancel();
    const scope = new CancellationScope();
    this.#timerScope = scope;
    this.#timerAt = next;
    const wait = Math.max(0, Date.parse(next) - Date.now());
    void scope.run(() =>
      sleep(wait).then(
        () => {
          this.#timerAt = null;
          this.#rang = true;
          this.#wake?.();
        },
        () => undefined,
      ),
    );
  }

  #longHistory(): boolean {
    const info = workflowInfo();
    return (info.continueAsNewSuggested || info.historyLength >= this.#eventsPerRun) && this.#state.phase === 'open';
  }

  /** Goes on in a new run, unless something comes up before everybody has been answered in this one. */
  async #renew(): Promise<void> {
    const busy = () => this.#queue.length > 0 || this.#rang || this.#unsent().length > 0;
    // Whoever sent the last command is still being answered when the loop comes here.
    await condition(() => allHandlersFinished() || busy());
    if (busy()) return;
    if (this.#state.phase === 'new') throw new Error('A matter without events has nothing to continue with');
    this.#timerScope?.cancel();
    const state = JSON.stringify(this.#state).length > STATE_LENGTH_MAX ? null : this.#state;
    await continueAsNew<OfficeProcess>({ ...this.#input, start: null, state });
  }
}

/** The workflow of every office process; the workflow type is the process id. */
type OfficeProcess = (input: MatterInput) => Promise<MatterResult>;

/** Makes the workflow. Only tests make it otherwise than {@link officeProcess}: with short runs. */
export function createOfficeProcess({ eventsPerRun }: OfficeProcessOptions): OfficeProcess {
  return async (input) => {
    const { workflowType } = workflowInfo();
    // A process or version that is in no catalog is refused by the transaction, which has the catalog: here it would be evaluated
    // anew for each cached workflow.
    if (input.start !== null && input.start.processId !== workflowType) {
      throw ApplicationFailure.nonRetryable(
        `A matter of ${input.start.processId} was started as ${workflowType}: the workflow type is the process id`,
        'unknown-process',
      );
    }
    const driver = new Driver(input, eventsPerRun);
    // A matter ends by its outcome only; a request of Temporal's own tools to cancel it changes nothing.
    return CancellationScope.nonCancellable(() => driver.run());
  };
}

/**
 * The workflow of every office process.
 * @throws ApplicationFailure `unknown-process` for a type that is not the process of its application.
 */
const officeProcess = createOfficeProcess({ eventsPerRun: EVENTS_PER_RUN });
export default officeProcess;

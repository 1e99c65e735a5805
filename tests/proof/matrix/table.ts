/**
 * The pass matrix: every pair of actions in every mode, outside a block, inside a parallel and inside a forEach, played on the pure
 * machine; after each pair the matter is carried on to its end. Every transition keeps the promises, or playing throws.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { ApprovalMode, Step } from '../../../definitions/language/steps.ts';
import type { Command } from '../../../workflows/machine/commands.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { whoMayAct } from '../../../workflows/machine/people/covers.ts';
import { isRefusal, type RefusalCode } from '../../../workflows/machine/refusals.ts';
import { isSideStep, type Matter, type MatterState, newMatter, type Task } from '../../../workflows/machine/state.ts';
import { nextWakeup } from '../../../workflows/machine/status.ts';
import type { World } from '../../../workflows/machine/world.ts';
import { checkTransition } from '../../machine/support/promises.ts';
import { cast, smallCalendar, smallSchool } from '../../machine/support/school.ts';
import { approve, forEach, parallel } from '../../machine/support/steps.ts';
import { plainDefinition } from '../../machine/support/trees.ts';
import { Books } from '../model/books.ts';
import { forwardOf, type Given, MATRIX_ACTIONS, type MatrixAction, MIDDLE } from './actions.ts';

/** The modes of the middle step. */
export const MATRIX_MODES: readonly { name: string; mode: ApprovalMode }[] = [
  { name: '或签', mode: 'any' },
  { name: '会签', mode: 'all' },
  { name: '依次', mode: 'order' },
  { name: '票签(三分之二)', mode: { share: 2 / 3 } },
  { name: '票签(三分之二,一票否决)', mode: { share: 2 / 3, veto: true } },
];

/** Where the middle step stands. */
export const MATRIX_PLACES = ['块外', '并行内', '逐个内'] as const;

/** What a pair came to: done, refused with a code, or nobody had anything to do it with. */
export type Cell = 'done' | 'nobody' | RefusalCode;

function definitionOf(mode: ApprovalMode, place: (typeof MATRIX_PLACES)[number]): ProcessDefinition {
  const middle = approve(MIDDLE, [cast.headA, cast.headB, cast.reviewer], { mode });
  const around: Record<(typeof MATRIX_PLACES)[number], Step> = {
    块外: middle,
    并行内: parallel('p', [middle], [approve('beside', [cast.clerk])]),
    逐个内: forEach('each', middle),
  };
  return plainDefinition([approve('first', [cast.director]), around[place], approve('last', [cast.president])], {
    withdrawUntil: 'end',
  });
}

const directory = smallSchool();
const START = '2026-03-02T01:00:00.000Z';

/** A matter in play that can be gone on with in more than one way: nothing in it changes. */
class Position {
  readonly definition: ProcessDefinition;
  readonly state: MatterState;
  readonly history: readonly MatterEvent[];
  readonly now: string;
  readonly acted: { task: string; person: string } | null;

  constructor(
    definition: ProcessDefinition,
    state: MatterState,
    history: readonly MatterEvent[],
    now: string,
    acted: Position['acted'],
  ) {
    this.definition = definition;
    this.state = state;
    this.history = history;
    this.now = now;
    this.acted = acted;
  }

  static start(definition: ProcessDefinition): Position {
    const { id, version } = definition;
    const start = { type: 'start', processId: id, version, form: { items: ['u-a', 'u-b'] }, attachments: [] } as const;
    const begun = new Position(definition, newMatter('m1'), [], START, null).#give(
      { ...start, attachments: [], id: 'start', by: { kind: 'person', id: cast.applicant }, bodyHash: null },
      START,
    );
    if (!(begun instanceof Position)) throw new Error(`The start was refused: ${begun}`);
    const middle = begun.perform(MATRIX_ACTIONS[0] as MatrixAction, cast.vice);
    if (!(middle instanceof Position)) throw new Error(`The first step could not be done: ${middle}`);
    return middle;
  }

  get matter(): Matter {
    if (this.state.phase === 'new') throw new Error('The matter has not been started');
    return this.state;
  }

  /** The position after an action, or why it was not done. */
  perform(action: MatrixAction, other: string): Position | Exclude<Cell, 'done'> {
    const { definition, matter, acted } = this;
    if (matter.phase === 'ended') return 'matter-ended';
    const given = action.give({ definition, matter, acted, other });
    return given === null ? 'nobody' : this.send(given);
  }

  send({ by, body }: Given): Position | RefusalCode {
    // The clock comes once the open steps are overdue.
    const dues = Object.values(this.matter.tasks).map((task) => task.due.dueAt);
    const late = by === null ? [...dues, nextWakeup(this.matter) ?? ''] : [];
    const now = [this.now, ...late].reduce((latest, one) => (one > latest ? one : latest));
    const at = new Date(Date.parse(now) + 60_000).toISOString();
    const actor = by === null ? ({ kind: 'clock' } as const) : ({ kind: 'person', id: by } as const);
    // A body with its envelope is a command; a union of commands can't be told so piece by piece.
    return this.#give({ ...body, id: `c${this.history.length}`, by: actor, bodyHash: null } as Command, at);
  }

  #give(command: Command, now: string): Position | RefusalCode {
    const world: World = {
      now,
      directory,
      calendar: smallCalendar,
      settings: {},
      no: 'TEST-2026-0001',
      files: {},
      facts: {},
      schemas: { form: () => [], outputs: {} },
    };
    const decided = decide(this.definition, this.state, command, world);
    if (isRefusal(decided)) return decided.code;
    const look = { thorough: false, record: false, books: new Books().record(this.history) };
    checkTransition(this.definition, world, this.state, command, decided, this.history, look);
    const last = decided.events.findLast((event) => event.type === 'TaskActed' || event.type === 'SeatReassigned');
    const acted =
      last?.type === 'TaskActed'
        ? { task: last.facts.task, person: last.facts.decision.person }
        : last?.type === 'SeatReassigned' && last.facts.how === 'transfer'
          ? { task: last.facts.task ?? '', person: last.facts.person ?? '' }
          : this.acted;
    return new Position(this.definition, decided.matter, [...this.history, ...decided.events], now, acted);
  }

  /** Carried on with agreements until the matter ends; throws when it does not. */
  finish(): void {
    let at: Position = this;
    for (let steps = 0; at.matter.phase === 'open'; steps += 1) {
      if (steps > 100) throw new Error('Broken promise: every matter can still end');
      at = at.#carryOn();
    }
  }

  #carryOn(): Position {
    const ready = Object.values(this.matter.tasks).filter((task) => !task.waiting);
    const task = ready.find((one) => !isSideStep(one.step)) ?? ready[0];
    if (task === undefined) throw new Error('Broken promise: an open matter has somebody who can act');
    const next = this.send(this.#forward(task));
    if (!(next instanceof Position)) throw new Error(`Broken promise: ${task.visit} can be gone on with, yet told ${next}`);
    return next;
  }

  #forward(task: Task): Given {
    const world = { directory, calendar: smallCalendar, now: this.now };
    const [person] = whoMayAct(this.definition, this.matter, task, world);
    const action = forwardOf(task);
    const output = action === 'complete' ? this.matter.form : null;
    const rest = { opinion: '意见', output, attachments: [], returnOrder: null };
    return { by: person?.id ?? '', body: { type: 'act', task: task.id, action, ...rest } };
  }
}

/** What every pair came to in one mode and place: rows are first actions, columns second ones. */
export function playMatrix(mode: ApprovalMode, place: (typeof MATRIX_PLACES)[number]): Cell[][] {
  const middle = Position.start(definitionOf(mode, place));
  return MATRIX_ACTIONS.map((first) => {
    const after = told(first.name, () => prepared(middle, first).perform(first, cast.vice));
    if (!(after instanceof Position)) return MATRIX_ACTIONS.map(() => after);
    return MATRIX_ACTIONS.map((second) => told(`${first.name}, ${second.name}`, () => pair(after, second)));
  });
}

/** The position in which an action has something to do; where that can't be had, the middle step as it is. */
function prepared(middle: Position, { after }: MatrixAction): Position {
  const before = MATRIX_ACTIONS.find((one) => one.name === after);
  const ready = before === undefined ? middle : middle.perform(before, cast.clerk);
  return ready instanceof Position ? ready : middle;
}

function pair(after: Position, second: MatrixAction): Cell {
  const end = after.perform(second, cast.stranger);
  (end instanceof Position ? end : after).finish();
  return end instanceof Position ? 'done' : end;
}

function told<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`After ${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

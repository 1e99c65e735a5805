/**
 * Walking every path of a definition: from each state each thing that people can do is done once, and each walk goes on to its
 * end. The machine is pure, so branching costs nothing but the old state.
 */
import { formsOf } from '../../../definitions/forms.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { JsonObject } from '../../../definitions/language/json.ts';
import { actionsOf } from '../../../workflows/machine/allowed.ts';
import type { ActOnTask, Command, ReturnOrder } from '../../../workflows/machine/commands.ts';
import { contextAt } from '../../../workflows/machine/context.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { isRefusal } from '../../../workflows/machine/refusals.ts';
import { returnTargets } from '../../../workflows/machine/return.ts';
import { type Matter, newMatter, type Task } from '../../../workflows/machine/state.ts';
import { branchLists, otherwiseBranch, parseKey, placeOf, placesOf } from '../../../workflows/machine/tree.ts';
import { type Action, DECISIONS } from '../../../workflows/machine/words.ts';
import { given, type Rehearsal, type SchoolChanges } from '../../support/machine.ts';
import { exampleContextOf, type School, worldOf } from '../../support/school.ts';
import { checkTransition } from './promises.ts';
import type { Variant, Variants } from '../../../scripts/rehearse/variants.ts';

/** One thing that somebody can do with a task. `name` tells it from others, wherever the matter came from. */
interface Edge {
  name: string;
  task: Task;
  action: Action;
  output: JsonObject | null;
  returnOrder: ReturnOrder | null;
}

/** More transitions than this in one walk mean that it goes round in circles. */
const WALK_MAX = 250;

/** All walks over one definition, and what they came to. */
export class Paths {
  readonly definition: ProcessDefinition;
  /** Ids of steps that were opened, done or skipped. */
  readonly steps = new Set<string>();
  /** Branches of choices that were taken, `choose:branch`. */
  readonly branches = new Set<string>();
  /** How walks ended, with how many did. */
  readonly outcomes = new Map<string, number>();
  /** Transitions made. */
  transitions = 0;
  readonly #variants: Variants;
  readonly #done = new Set<string>();
  #school: School;

  constructor(definition: ProcessDefinition, variants: Variants) {
    this.definition = definition;
    this.#variants = variants;
    this.#school = schoolOf(given(definition), {});
  }

  /** Walks from every start. Throws when a walk breaks a promise, or comes to no end. */
  walk(): this {
    for (const variant of this.#variants.starts) this.#from(variant);
    return this;
  }

  /** Steps with people that no walk came to, and branches that none took. */
  get unvisited(): string[] {
    return [...placesOf(this.definition).values()].flatMap(({ step }) => {
      if (step.kind === 'choose') {
        const all = branchLists(step).map((_list, branch) => `${step.id}:${branch}`);
        return all.filter((one) => !this.branches.has(one));
      }
      return step.kind === 'parallel' || step.kind === 'forEach' || this.steps.has(step.id) ? [] : [step.id];
    });
  }

  #from(variant: Variant): void {
    const { definition } = this;
    const { form = {}, person, ...changes } = variant;
    const rehearsal = given(definition, changes);
    const example = rehearsal.example();
    const filled = Object.entries({ ...example.form, ...form }).filter(([, value]) => value !== undefined);
    this.#school = schoolOf(rehearsal, changes);
    const command: Command = {
      type: 'start',
      id: 'start',
      by: { kind: 'person', id: person ?? example.person },
      bodyHash: null,
      processId: definition.id,
      version: definition.version,
      form: Object.fromEntries(filled),
      attachments: [],
    };
    const decided = decide(definition, newMatter('m1'), command, worldOf(definition, rehearsal.now, this.#school));
    if (isRefusal(decided))
      throw new Error(
        `${definition.id} refuses ${JSON.stringify(variant)}: ${decided.message} ${JSON.stringify(decided.faults)}`,
      );
    this.#note(decided.events);
    this.#explore(decided.matter, decided.events);
  }

  /** Does what was not yet done from a state, each to its end; where all was done, goes on to the end. */
  #explore(matter: Matter, history: readonly MatterEvent[]): void {
    let walked = false;
    for (const edge of this.#edges(matter)) {
      if (this.#done.has(edge.name)) continue;
      this.#done.add(edge.name);
      const next = this.#take(matter, history, edge);
      if (next === null) continue;
      walked = true;
      this.#explore(next.matter, next.history);
    }
    if (!walked) this.#finish(matter, history);
  }

  /** Goes on with examples to the end; at a gate that refuses them, with what else the gate takes. */
  #finish(start: Matter, before: readonly MatterEvent[]): void {
    let at = { matter: start, history: before };
    for (let steps = 0; at.matter.phase === 'open'; steps += 1) {
      if (steps > WALK_MAX) throw new Error(`${this.definition.id} comes to no end after ${visited(at.history)}`);
      const next = this.#onward(at.matter, at.history);
      if (next === null) throw new Error(`${this.definition.id} is stuck after ${visited(at.history)}`);
      at = next;
    }
    const outcome = at.matter.ending?.code ?? 'none';
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  #onward(matter: Matter, history: readonly MatterEvent[]): { matter: Matter; history: MatterEvent[] } | null {
    const edges = this.#edges(matter);
    const forward = edges.filter(({ action, name }) => action !== 'disagree' && action !== 'return' && !name.includes('#'));
    // A gate that refuses the example names what to go back to; from there everything is done again.
    const back = edges.filter(({ returnOrder }) => returnOrder?.next === 'replay').reverse();
    for (const edge of [...forward, ...back]) {
      const next = this.#take(matter, history, edge);
      if (next !== null) return next;
    }
    return null;
  }

  #edges(matter: Matter): Edge[] {
    return Object.values(matter.tasks).flatMap((task) =>
      // Detours move a task about and bring a definition nowhere new.
      actionsOf(this.definition, matter, task)
        .filter((action) => DECISIONS.some((one) => one === action))
        .flatMap((action) => this.#edgesOf(matter, task, action)),
    );
  }

  #edgesOf(matter: Matter, task: Task, action: Action): Edge[] {
    const { backTo } = parseKey(task.visit);
    const name = `${task.step}${backTo === null ? '' : '!'} ${action}`;
    const edge = { name, task, action, output: null, returnOrder: null };
    if (action === 'return') {
      return returnTargets(this.definition, matter, task).flatMap((target) =>
        (['replay', 'back'] as const).map((next) => ({
          ...edge,
          name: `${name} ${parseKey(target.key).step} ${next}`,
          returnOrder: { to: target.key, next },
        })),
      );
    }
    if (action !== 'complete') return [edge];
    const others = task.kind === 'correct' ? [] : (this.#variants.outputs[task.step] ?? []);
    return [
      { ...edge, output: this.#example(matter, task) },
      ...others.map((output, at) => ({ ...edge, name: `${name} #${at}`, output })),
    ];
  }

  #example(matter: Matter, task: Task): JsonObject {
    if (task.kind === 'correct') return matter.form;
    const { loops } = placeOf(this.definition, task.step);
    const { form, outputs, item, startedAt } = contextAt(this.definition, matter, loops, parseKey(task.visit).scope);
    const base = exampleContextOf(this.definition, matter.updatedAt, this.#school, matter.sequence);
    return formsOf(this.definition).outputExamples[task.step]?.({ ...base, form, outputs, item, startedAt }) ?? {};
  }

  /** @returns the matter afterwards, or null when it was refused. */
  #take(matter: Matter, history: readonly MatterEvent[], edge: Edge): { matter: Matter; history: MatterEvent[] } | null {
    const person = edge.task.assignees[0];
    if (person === undefined) throw new Error(`Nobody can act on ${edge.task.visit}`);
    const command: ActOnTask = {
      type: 'act',
      id: `c${matter.sequence}`,
      by: { kind: 'person', id: person.id },
      bodyHash: null,
      task: edge.task.id,
      action: edge.action,
      opinion: '意见',
      output: edge.output,
      attachments: [],
      returnOrder: edge.returnOrder,
    };
    const now = new Date(Date.parse(matter.updatedAt) + 60_000).toISOString();
    const decided = decide(this.definition, matter, command, worldOf(this.definition, now, this.#school));
    if (isRefusal(decided)) return null;
    this.transitions += 1;
    checkTransition(this.definition, this.#school.directory, matter, command, decided, history);
    this.#note(decided.events);
    return { matter: decided.matter, history: [...history, ...decided.events] };
  }

  #note(events: readonly MatterEvent[]): void {
    for (const event of events) {
      if (event.type === 'TaskActed' || event.type === 'StepSkipped') this.steps.add(event.facts.step);
      if (event.type === 'EffectDone') this.steps.add(parseKey(event.facts.step).step);
      if (event.type === 'BranchChosen') {
        const { step } = placeOf(this.definition, parseKey(event.facts.block).step);
        const branch = event.facts.branch ?? (step.kind === 'choose' ? otherwiseBranch(step) : 0);
        this.branches.add(`${step.id}:${branch}`);
      }
    }
  }
}

function schoolOf(rehearsal: Rehearsal, changes: SchoolChanges): School {
  const { directory, calendar } = rehearsal;
  return { settings: {}, files: [], facts: {}, ...changes, directory, calendar };
}

/** The steps of a record in their order, to say where a walk came to. */
function visited(history: readonly MatterEvent[]): string {
  return history
    .flatMap((event) => (event.type === 'TaskActed' ? [`${event.facts.visit}:${event.facts.decision.action}`] : []))
    .join(' → ');
}

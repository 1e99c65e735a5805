/**
 * Walking every path of a definition: from each state each thing that people can do is done once, and each walk goes on to its
 * end. The machine is pure, so branching costs nothing but the old state.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { exampleOutput } from '../../../scripts/rehearse/plans.ts';
import type { Variant, Variants } from '../../../scripts/rehearse/variants.ts';
import type { Command } from '../../../workflows/machine/commands.ts';
import { decide } from '../../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../../workflows/machine/events.ts';
import { isRefusal } from '../../../workflows/machine/refusals.ts';
import { type Link, type Matter, newMatter } from '../../../workflows/machine/state.ts';
import { type Choice, choicesOf, commandFor } from '../../../workflows/machine/telling/rehearse.ts';
import { branchLists, otherwiseBranch, parseKey, placeOf, placesOf } from '../../../workflows/machine/tree.ts';
import type { LinkStatus } from '../../../workflows/machine/words.ts';
import { given, type Rehearsal, type SchoolChanges } from '../../support/machine.ts';
import { type School, worldOf } from '../../support/school.ts';
import { checkTransition } from './promises.ts';

/** How a matter that was started may end. */
const LINK_ANSWERS: readonly LinkStatus[] = ['completed', 'refused', 'rejected', 'withdrawn'];

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
    for (const status of LINK_ANSWERS) {
      const name = `link ${status}`;
      if (openLink(matter) === undefined || this.#done.has(name)) continue;
      this.#done.add(name);
      const next = this.#answer(matter, history, status);
      walked = true;
      this.#explore(next.matter, next.history);
    }
    for (const edge of this.#choices(matter)) {
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
    const edges = this.#choices(matter);
    if (edges.length === 0 && openLink(matter) !== undefined) return this.#answer(matter, history, 'completed');
    const forward = edges.filter(({ action, name }) => action !== 'disagree' && action !== 'return' && !name.includes('#'));
    // A gate that refuses the example names what to go back to; from there everything is done again.
    const back = edges.filter(({ returnOrder }) => returnOrder?.next === 'replay').reverse();
    for (const edge of [...forward, ...back]) {
      const next = this.#take(matter, history, edge);
      if (next !== null) return next;
    }
    return null;
  }

  #choices(matter: Matter): Choice[] {
    return choicesOf(this.definition, matter, (task) => [
      exampleOutput(this.definition, matter, task, matter.updatedAt, this.#school),
      ...(task.kind === 'correct' ? [] : (this.#variants.outputs[task.step] ?? [])),
    ]);
  }

  /** The first open matter that was started says how it ended. */
  #answer(matter: Matter, history: readonly MatterEvent[], status: LinkStatus): { matter: Matter; history: MatterEvent[] } {
    const link = openLink(matter);
    if (link === undefined) throw new Error(`${this.definition.id} waits for no other matter`);
    const command: Command = {
      type: 'linked',
      id: `c${matter.sequence}`,
      by: { kind: 'matter', id: link.matterId },
      bodyHash: null,
      link: link.id,
      status,
      no: 'LINK-2026-0001',
      text: status,
    };
    const now = new Date(Date.parse(matter.updatedAt) + 60_000).toISOString();
    const world = worldOf(this.definition, now, this.#school);
    const decided = decide(this.definition, matter, command, world);
    if (isRefusal(decided)) throw new Error(`${this.definition.id} refuses what its link says: ${decided.message}`);
    this.transitions += 1;
    checkTransition(this.definition, world, matter, command, decided, history);
    this.#note(decided.events);
    return { matter: decided.matter, history: [...history, ...decided.events] };
  }

  /** @returns the matter afterwards, or null when it was refused. */
  #take(matter: Matter, history: readonly MatterEvent[], edge: Choice): { matter: Matter; history: MatterEvent[] } | null {
    const command = commandFor(edge, `c${matter.sequence}`);
    const now = new Date(Date.parse(matter.updatedAt) + 60_000).toISOString();
    const world = worldOf(this.definition, now, this.#school);
    const decided = decide(this.definition, matter, command, world);
    if (isRefusal(decided)) return null;
    this.transitions += 1;
    checkTransition(this.definition, world, matter, command, decided, history);
    this.#note(decided.events);
    return { matter: decided.matter, history: [...history, ...decided.events] };
  }

  #note(events: readonly MatterEvent[]): void {
    for (const event of events) {
      if (event.type === 'TaskActed' || event.type === 'StepSkipped') this.steps.add(event.facts.step);
      if (event.type === 'MattersLinked') this.steps.add(parseKey(event.facts.step).step);
      if (event.type === 'EffectDone') this.steps.add(parseKey(event.facts.step).step);
      if (event.type === 'BranchChosen') {
        const { step } = placeOf(this.definition, parseKey(event.facts.block).step);
        const branch = event.facts.branch ?? (step.kind === 'choose' ? otherwiseBranch(step) : 0);
        this.branches.add(`${step.id}:${branch}`);
      }
    }
  }
}

function openLink(matter: Matter): Link | undefined {
  if (matter.phase !== 'open') return undefined;
  return Object.values(matter.links).find((link) => link.status === 'asked' || link.status === 'open');
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

/**
 * Finding one's way in a definition's block structure: where a step stands, what comes before and after it, and how far a
 * return reaches.
 */
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { APPLICANT_STEP, type StepKey } from './state.ts';

/** Where a step stands in its definition. */
export interface Place {
  step: Step;
  list: StepList;
  index: number;
  /** The block that the list belongs to and which of its branches it is; null at the top. */
  owner: { place: Place; branch: number } | null;
  /** Ids of the forEach steps around it, outermost first. */
  loops: string[];
}

/** What a choice says when none of its conditions held. */
export const OTHERWISE_SAYS = '其他情形';

/** The branch number that stands for `otherwise` of a choose: one past its branches. */
export function otherwiseBranch(step: Extract<Step, { kind: 'choose' }>): number {
  return step.branches.length;
}

/** The lists of steps that a block holds, by branch number; none for a step that is no block. */
export function branchLists(step: Step): readonly StepList[] {
  switch (step.kind) {
    case 'choose':
      return [...step.branches.map((branch) => branch.steps), step.otherwise];
    case 'parallel':
      return step.branches.map((branch) => branch.steps);
    case 'forEach':
      return [step.steps];
    case 'approve':
    case 'handle':
    case 'read':
    case 'effect':
    case 'wait':
    case 'link':
      return [];
  }
}

function indexList(list: StepList, owner: Place['owner'], loops: string[], into: Map<string, Place>): void {
  list.forEach((step, index) => {
    const place: Place = { step, list, index, owner, loops };
    if (into.has(step.id)) throw new Error(`Step id "${step.id}" stands twice in one definition: give each step its own id`);
    into.set(step.id, place);
    const inner = step.kind === 'forEach' ? [...loops, step.id] : loops;
    branchLists(step).forEach((steps, branch) => {
      indexList(steps, { place, branch }, inner, into);
    });
  });
}

const indexes = new WeakMap<ProcessDefinition, Map<string, Place>>();

/** All steps of a definition by id. */
export function placesOf(definition: ProcessDefinition): ReadonlyMap<string, Place> {
  let index = indexes.get(definition);
  if (index === undefined) {
    index = new Map();
    indexList(definition.steps, null, [], index);
    indexes.set(definition, index);
  }
  return index;
}

/** The place of a step. Throws when the definition has none with this id, which only a changed published definition can cause. */
export function placeOf(definition: ProcessDefinition, id: string): Place {
  const place = placesOf(definition).get(id);
  if (place === undefined)
    throw new Error(`Process ${definition.id}@${definition.version} has no step "${id}": a published version was changed`);
  return place;
}

/** A step key taken apart. */
export interface ParsedKey {
  step: string;
  /** The item index in each forEach around it. */
  scope: number[];
  /** The key that a detour comes back to. */
  backTo: StepKey | null;
}

/** Puts a key together. */
export function keyOf(step: string, scope: readonly number[], backTo: StepKey | null = null): StepKey {
  const plain = scope.length === 0 ? step : `${step}@${scope.join('.')}`;
  return backTo === null ? plain : `${plain}!${backTo}`;
}

/** Takes a key apart. */
export function parseKey(key: StepKey): ParsedKey {
  const bang = key.indexOf('!');
  const plain = bang < 0 ? key : key.slice(0, bang);
  const [step = '', scope] = plain.split('@');
  return {
    step,
    scope: scope === undefined ? [] : scope.split('.').map(Number),
    backTo: bang < 0 ? null : key.slice(bang + 1),
  };
}

/** The key without its detour. */
export function plainKey(key: StepKey): StepKey {
  const parsed = parseKey(key);
  return keyOf(parsed.step, parsed.scope);
}

/** Where a visit stands for the flow: a detour stands where it will come back to. */
export function locationOf(key: StepKey): StepKey {
  let current = key;
  for (let bang = current.indexOf('!'); bang >= 0; bang = current.indexOf('!')) current = current.slice(bang + 1);
  return current;
}

/**
 * A step's position as numbers: at even places the index in a list, at odd ones the branch or item. Two positions compare from
 * the left; where they first differ at an odd place, the two lie in branches beside each other.
 */
export function positionOf(definition: ProcessDefinition, key: StepKey): number[] {
  const { step, scope } = parseKey(key);
  if (step === APPLICANT_STEP) return [-1];
  const position: number[] = [];
  let place: Place | undefined = placeOf(definition, step);
  while (place !== undefined) {
    position.unshift(place.index);
    const owner: Place['owner'] = place.owner;
    if (owner !== null) {
      const branch = owner.place.step.kind === 'forEach' ? (scope[owner.place.loops.length] ?? 0) : owner.branch;
      position.unshift(branch);
    }
    place = owner?.place;
  }
  return position;
}

/** Whether `later` comes after `earlier` in the flow; false for branches beside each other and for the same place. */
export function follows(later: readonly number[], earlier: readonly number[]): boolean {
  for (let at = 0; at < Math.min(later.length, earlier.length); at += 1) {
    const a = later[at] ?? 0;
    const b = earlier[at] ?? 0;
    if (a !== b) return at % 2 === 0 && a > b;
  }
  return false;
}

/** Compares two positions for sorting, flow order first. */
export function comparePositions(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? Number.NEGATIVE_INFINITY) - (b[at] ?? Number.NEGATIVE_INFINITY);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The key of a block around a step, given the step's own scope. */
export function blockKey(block: Place, scope: readonly number[]): StepKey {
  return keyOf(block.step.id, scope.slice(0, block.loops.length));
}

/** Builds what a definition's functions may look at from the matter's state. */
import type { Context, Decision, LinkedMatter } from '../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { outputsBySeat } from './round/outputs.ts';
import type { Matter } from './state.ts';
import { keyOf, parseKey, placesOf } from './tree.ts';

/** Whether a key of another step lies in the same items of the same loops as the place that asks. */
function inScope(
  definition: ProcessDefinition,
  keyScope: readonly number[],
  keyStep: string,
  loops: readonly string[],
  scope: readonly number[],
): boolean {
  const other = placesOf(definition).get(keyStep)?.loops ?? [];
  return other.length <= loops.length && other.every((loop, at) => loop === loops[at] && keyScope[at] === scope[at]);
}

/**
 * The context of a place in a matter.
 * @param loops ids of the forEach steps around the place, outermost first.
 * @param scope the item index in each of them.
 */
export function contextAt(
  definition: ProcessDefinition,
  matter: Matter,
  loops: readonly string[],
  scope: readonly number[],
): Context {
  const outputs: Record<string, JsonObject> = {};
  for (const [key, output] of Object.entries(matter.outputs)) {
    const parsed = parseKey(key);
    if (inScope(definition, parsed.scope, parsed.step, loops, scope)) outputs[parsed.step] = output;
  }
  const innermost = loops.at(-1);
  const block = innermost === undefined ? undefined : matter.blocks[keyOf(innermost, scope.slice(0, -1))];
  return {
    form: matter.form,
    outputs,
    each: (step) => eachOutput(definition, matter, step),
    settings: matter.settings,
    applicant: matter.applicant,
    unit: matter.applicant.unit,
    item: block?.items[scope.at(-1) ?? -1] ?? null,
    decisions: (step) => decisionsOf(definition, matter, step, loops, scope),
    links: (step) => linksOf(definition, matter, step, loops, scope),
    no: matter.no,
    startedAt: matter.startedAt,
    updatedAt: matter.updatedAt,
  };
}

/** The context of the matter as a whole. */
export function contextOf(definition: ProcessDefinition, matter: Matter): Context {
  return contextAt(definition, matter, [], []);
}

function eachOutput(definition: ProcessDefinition, matter: Matter, step: string): { item: string; output: JsonObject }[] {
  const loop = placesOf(definition).get(step)?.loops.at(-1);
  // Outside every forEach: one output from each who handled it.
  if (loop === undefined) return outputsBySeat(matter, step);
  const found: { item: string; output: JsonObject; scope: number[] }[] = [];
  for (const [key, output] of Object.entries(matter.outputs)) {
    const parsed = parseKey(key);
    if (parsed.step !== step) continue;
    const item = matter.blocks[keyOf(loop, parsed.scope.slice(0, -1))]?.items[parsed.scope.at(-1) ?? -1];
    if (item !== undefined) found.push({ item, output, scope: parsed.scope });
  }
  found.sort((a, b) => (a.scope.at(-1) ?? 0) - (b.scope.at(-1) ?? 0));
  return found.map(({ item, output }) => ({ item, output }));
}

function decisionsOf(
  definition: ProcessDefinition,
  matter: Matter,
  step: string,
  loops: readonly string[],
  scope: readonly number[],
): readonly Decision[] {
  for (const visit of Object.values(matter.visits)) {
    if (visit.step !== step || visit.superseded || visit.backTo !== null) continue;
    const parsed = parseKey(visit.key);
    if (inScope(definition, parsed.scope, step, loops, scope)) return visit.decisions;
  }
  return [];
}

function linksOf(
  definition: ProcessDefinition,
  matter: Matter,
  step: string,
  loops: readonly string[],
  scope: readonly number[],
): LinkedMatter[] {
  const own = Object.values(matter.links).filter((link) => {
    const key = parseKey(link.step);
    return key.step === step && inScope(definition, key.scope, step, loops, scope);
  });
  const round = Math.max(0, ...own.map((link) => link.round));
  return own
    .filter((link) => link.round === round)
    .map(({ processId, no, status, text, endedAt = null }) => ({ processId, no, status, text, endedAt }));
}

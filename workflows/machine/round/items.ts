/** Which unit or person of a `forEach` a step is for, so that two hundred tasks of one step can be told apart. */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Matter, StepKey } from '../state.ts';
import { keyOf, parseKey, placesOf } from '../tree.ts';

/** The units or people that a key is for, outermost loop first; empty outside every `forEach`. */
export function itemsOf(definition: ProcessDefinition, matter: Matter, key: StepKey): string[] {
  const { step, scope } = parseKey(key);
  const loops = placesOf(definition).get(step)?.loops ?? [];
  return loops.flatMap((loop, depth) => {
    const item = matter.blocks[keyOf(loop, scope.slice(0, depth))]?.items[scope[depth] ?? -1];
    return item === undefined ? [] : [item];
  });
}

/** The unit or person that a key is for: that of the innermost loop, or null outside every `forEach`. */
export function itemOf(definition: ProcessDefinition, matter: Matter, key: StepKey): { id: string } | null {
  const id = itemsOf(definition, matter, key).at(-1);
  return id === undefined ? null : { id };
}

/** A step's name in its place: with the names of what it is for, `协办单位配合办理·学生工作处`. */
export function nameInPlace(
  definition: ProcessDefinition,
  matter: Matter,
  key: StepKey,
  name: string,
  directory: Directory,
): string {
  const names = itemsOf(definition, matter, key).map((id) => directory.units[id]?.name ?? directory.people[id]?.name ?? id);
  return [name, ...names].join('·');
}

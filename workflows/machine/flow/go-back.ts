/** Clearing the way back: what followed a place ends and is set aside, and the blocks around it are entered anew. */

import type { StepKey } from '../state.ts';
import type { Transition } from '../transition.ts';
import { comparePositions, follows, locationOf, parseKey, placeOf, positionOf } from '../tree.ts';
import { clearPlaces } from './flow.ts';

/**
 * Clears everything that follows a place: open visits, blocks, waits and effects that can be undone.
 * @returns the keys of what is set aside, in flow order; the place itself is not among them.
 */
export function clearAfter(t: Transition, target: StepKey): StepKey[] {
  const from = positionOf(t.definition, target);
  return clear(t, (key) => follows(positionOf(t.definition, locationOf(key)), from));
}

function clear(t: Transition, after: (key: StepKey) => boolean): StepKey[] {
  const visits = clearPlaces(t, after, { task: 'returned', wait: 'returned', links: '发起它的办件退回,随之撤回' });
  const links = Object.values(t.matter.links).map((link) => link.step);
  return inFlowOrder(t, [...visits, ...[...Object.keys(t.matter.outputs), ...links].filter(after)]);
}

/** As {@link clearAfter}, with the place itself, because it will be gone through again too, and with detours that would come back to it. */
export function clearFrom(t: Transition, target: StepKey): StepKey[] {
  const from = positionOf(t.definition, target);
  return clear(t, (key) => locationOf(key) === target || follows(positionOf(t.definition, locationOf(key)), from));
}

function inFlowOrder(t: Transition, keys: readonly StepKey[]): StepKey[] {
  return [...new Set(keys)].sort((a, b) =>
    comparePositions(positionOf(t.definition, locationOf(a)), positionOf(t.definition, locationOf(b))),
  );
}

/** Opens again the blocks around a target that had been left already, with only the target's own branch to be done. */
export function reopenBlocks(t: Transition, target: StepKey): void {
  const { step, scope } = parseKey(target);
  for (let owner = placeOf(t.definition, step).owner; owner !== null; owner = owner.place.owner) {
    const { place } = owner;
    if (place.step.kind !== 'parallel' && place.step.kind !== 'forEach') continue;
    const key = place.loops.length === 0 ? place.step.id : `${place.step.id}@${scope.slice(0, place.loops.length).join('.')}`;
    const block = t.matter.blocks[key];
    if (block === undefined) continue;
    const branch = place.step.kind === 'forEach' ? (scope[place.loops.length] ?? 0) : owner.branch;
    if (block.done[branch] !== true) continue;
    t.emit('BlockOpened', {
      block: key,
      name: place.step.name,
      kind: block.kind,
      items: block.items,
      done: block.done.map((done, at) => (at === branch ? false : done)),
      // Branches that wait for their turn go on waiting.
      ...(block.entered.every(Boolean) ? {} : { entered: block.entered.map((was, at) => was || at === branch) }),
    });
  }
}

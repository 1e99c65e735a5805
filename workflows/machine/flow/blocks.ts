/** Branches at once 并行 and each of many 逐个: which branches run, which come next, and when enough of them are done. */
import type { BlockOptions } from '../../../definitions/language/steps.ts';
import type { Block, StepKey } from '../state.ts';
import type { Transition } from '../transition.ts';
import { locationOf, positionOf } from '../tree.ts';

/** Which branches are entered at once: all that take part, or the first of them as many as may run at once. */
export function enteredAtOnce(done: readonly boolean[], { atMost = done.length }: BlockOptions): boolean[] {
  let running = 0;
  return done.map((leftOut) => {
    if (leftOut || running >= Math.max(1, atMost)) return false;
    running += 1;
    return true;
  });
}

/** The branch to be entered next, or null while as many run as may, or when none is left. */
export function nextBranch(block: Block, { atMost = block.done.length }: BlockOptions): number | null {
  const running = block.done.filter((done, at) => !done && block.entered[at] === true).length;
  if (running >= Math.max(1, atMost)) return null;
  const next = block.done.findIndex((done, at) => !done && block.entered[at] !== true);
  return next < 0 ? null : next;
}

/** Whether the matter may go on: every branch is done, or as many of those that take part as are needed. */
export function isEnough(block: Block, { needed = block.done.length }: BlockOptions): boolean {
  // A branch that was left out was never entered; one that was done was.
  const finished = block.done.filter((done, at) => done && block.entered[at] === true).length;
  return block.done.every(Boolean) || finished >= Math.max(1, needed);
}

/** Whether a key's place lies inside one of the branches chosen of a block. */
export function insideBranches(t: Transition, block: StepKey, chosen: (branch: number) => boolean): (key: StepKey) => boolean {
  const around = positionOf(t.definition, block);
  return (key) => {
    const position = positionOf(t.definition, locationOf(key));
    const branch = position[around.length];
    return branch !== undefined && around.every((part, at) => part === position[at]) && chosen(branch);
  };
}

/** Where the steps of a definition stand, for the checker: their paths as an author reads them, and what can come before what. */
import type { Step, StepList } from './steps.ts';

/** A step with its place. */
export interface StepPlace {
  step: Step;
  /** `steps[2].branches[0].steps[1] (finance)`. */
  path: string;
  /** Indexes from the top: at even places in a list, at odd ones of the branch. */
  position: readonly number[];
  /** Ids of the forEach steps around it. */
  loops: readonly string[];
}

/** All steps in the order in which they are written, blocks before what they hold. */
export function placesIn(steps: StepList): StepPlace[] {
  const found: StepPlace[] = [];
  collect(steps, 'steps', [], [], found);
  return found;
}

function collect(list: StepList, path: string, position: readonly number[], loops: readonly string[], into: StepPlace[]): void {
  list.forEach((step, index) => {
    const bare = `${path}[${index}]`;
    const own = [...position, index];
    into.push({ step, path: `${bare} (${step.id})`, position: own, loops });
    if (step.kind === 'forEach') collect(step.steps, `${bare}.steps`, [...own, 0], [...loops, step.id], into);
    if (step.kind !== 'choose' && step.kind !== 'parallel') return;
    step.branches.forEach((branch, at) => {
      collect(branch.steps, `${bare}.branches[${at}].steps`, [...own, at], loops, into);
    });
    if (step.kind === 'choose') {
      collect(step.otherwise, `${bare}.otherwise`, [...own, step.branches.length], loops, into);
    }
  });
}

/** Whether the first can be done before the second: it is written earlier, and not in a branch beside it. */
export function comesBefore(first: StepPlace, second: StepPlace): boolean {
  for (let at = 0; at < Math.min(first.position.length, second.position.length); at += 1) {
    const a = first.position[at] ?? 0;
    const b = second.position[at] ?? 0;
    if (a !== b) return at % 2 === 0 && a < b;
  }
  return false;
}

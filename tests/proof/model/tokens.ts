/**
 * A second opinion on where a matter stands in its definition: a walk down the blocks that finds every place where something is
 * open. In each list exactly one place is, nothing that counts lies behind it, and a block's marks say what its branches show.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Step, StepList } from '../../../definitions/language/steps.ts';
import { isUndoable } from '../../../workflows/machine/effects.ts';
import type { Block, Matter } from '../../../workflows/machine/state.ts';
import { broken } from './broken.ts';

const SIDE = ['circulation', 'advice', 'extension'];

/** Where a key stands for the flow: `applicant!office@2` stands at `office@2`. */
function standsAt(key: string): string {
  return key.slice(key.lastIndexOf('!') + 1);
}

function stepIdOf(key: string): string {
  return key.split('@')[0] ?? key;
}

interface Marks {
  /** Places where somebody must act or the matter waits. */
  open: Set<string>;
  /** Places with something that counts: a decision, an output, an effect that could be undone. */
  counting: Map<string, string>;
}

function marksOf(matter: Matter): Marks {
  const open = new Set<string>(Object.keys(matter.waits));
  const counting = new Map<string, string>();
  for (const visit of Object.values(matter.visits)) {
    if (SIDE.includes(visit.step)) continue;
    const at = standsAt(visit.key);
    if (visit.status === 'open') {
      if (open.has(at)) broken(`two things are open at ${at}`);
      open.add(at);
    } else if (!visit.superseded) counting.set(at, `decisions of ${visit.key}`);
  }
  for (const key of Object.keys(matter.outputs)) counting.set(key, `output ${key}`);
  for (const [key, { effect }] of Object.entries(matter.effects)) {
    if (isUndoable(effect)) counting.set(key, `effect ${key}`);
  }
  return { open, counting };
}

class Walk {
  readonly matter: Matter;
  readonly marks: Marks;
  readonly seen = new Set<string>();

  constructor(matter: Matter) {
    this.matter = matter;
    this.marks = marksOf(matter);
  }

  /** Whether something is open in a list; `clean` when nothing that counts may lie in it. */
  list(list: StepList, scope: readonly number[], clean: boolean): boolean {
    let at: string | null = null;
    for (const step of list) {
      const key = scope.length === 0 ? step.id : `${step.id}@${scope.join('.')}`;
      if (!this.step(step, key, scope, clean || at !== null)) continue;
      if (at !== null) broken(`${key} is open after ${at}, which is open too`);
      at = key;
    }
    return at !== null;
  }

  step(step: Step, key: string, scope: readonly number[], clean: boolean): boolean {
    switch (step.kind) {
      case 'choose': {
        const lists = [...step.branches.map((branch) => branch.steps), step.otherwise];
        const open = lists.filter((list) => this.list(list, scope, clean));
        if (open.length > 1) broken(`two branches of the choice ${key} are open`);
        return open.length > 0;
      }
      case 'parallel':
        return this.block(
          step,
          key,
          clean,
          (branch) => this.list(step.branches[branch]?.steps ?? [], scope, clean),
          step.branches.length,
        );
      case 'forEach': {
        const count = this.matter.blocks[key]?.items.length ?? 0;
        return this.block(step, key, clean, (item) => this.list(step.steps, [...scope, item], clean), count);
      }
      default: {
        this.seen.add(key);
        const counts = this.marks.counting.get(key);
        if (clean && counts !== undefined) broken(`${counts} lies ahead of where the matter stands`);
        return this.marks.open.has(key);
      }
    }
  }

  block(
    step: Extract<Step, { kind: 'parallel' | 'forEach' }>,
    key: string,
    clean: boolean,
    branch: (at: number) => boolean,
    count: number,
  ): boolean {
    const open = Array.from({ length: count }, (_, at) => branch(at));
    const block = this.matter.blocks[key];
    if (clean && block !== undefined) broken(`block ${key} lies ahead of where the matter stands`);
    if (open.includes(true) && block === undefined) broken(`something is open inside ${key}, which is not`);
    if (block !== undefined) checkBlock(step, block, open);
    return open.includes(true);
  }
}

function checkBlock(step: Extract<Step, { kind: 'parallel' | 'forEach' }>, block: Block, open: readonly boolean[]): void {
  const { key, done, entered } = block;
  open.forEach((isOpen, at) => {
    const running = done[at] === false && entered[at] === true;
    if (isOpen !== running)
      broken(`branch ${at} of ${key} is ${isOpen ? 'open' : 'not open'}, yet marked ${running ? '' : 'not '}running`);
  });
  const running = open.filter(Boolean).length;
  const left = done.filter((one) => !one).length;
  if (left === 0) return;
  if (running === 0) broken(`block ${key} has branches to do, yet none runs`);
  if (step.atMost !== undefined && running > step.atMost)
    broken(`${running} branches of ${key} run at once, at most ${step.atMost} may`);
  if (step.atMost !== undefined && running < step.atMost && left > running)
    broken(`a branch of ${key} waits while there is room for it`);
}

/** Checks where an open matter stands. Throws with the promise that is broken. */
export function checkTokens(definition: ProcessDefinition, matter: Matter): void {
  const walk = new Walk(matter);
  const withApplicant = walk.marks.open.has('applicant');
  const inside = walk.list(definition.steps, [], withApplicant);
  if (withApplicant && inside) broken('the whole matter lies with the applicant, yet something else is open');
  if (!withApplicant && !inside) broken('an open matter stands nowhere');
  for (const key of walk.marks.open) {
    if (key !== 'applicant' && !walk.seen.has(key)) broken(`${key} is open outside every block (${stepIdOf(key)})`);
  }
}

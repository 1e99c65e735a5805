/** The checker's part on steps at which nobody acts: choices, parallels, loops, waiting, linked matters. */
import type { Note } from './check.ts';
import { checkLimit } from './check-steps.ts';
import { type BlockOptions, FOR_EACH_LIMIT, type LinkStep, type Step } from './steps.ts';

/** Notes what is wrong with a step at which nobody acts. */
export function checkBlock(step: Step, path: string, note: Note): void {
  switch (step.kind) {
    case 'choose':
      checkBranches(step, path, note);
      return;
    case 'parallel':
      checkBranches(step, path, note);
      checkNumbers(step, step.branches.length, path, note);
      return;
    case 'forEach':
      if (step.steps.length === 0) note(path, 'A forEach holds at least one step', 'Add what each item has to go through');
      checkNumbers(step, FOR_EACH_LIMIT, path, note);
      return;
    case 'wait':
      checkLimit(step.until, 'limit of the wait', 'A wait says until when', path, note);
      return;
    case 'link':
      checkLink(step, path, note);
      return;
    case 'approve':
    case 'handle':
    case 'read':
    case 'effect':
      return;
  }
}

/** A condition that takes no argument looks at nothing, so it is always true or always false. */
function isConstant(when: ((...context: never[]) => boolean) | undefined): boolean {
  return when !== undefined && when.length === 0;
}

function checkBranches(step: Extract<Step, { kind: 'choose' | 'parallel' }>, path: string, note: Note): void {
  if (step.branches.length === 0) {
    note(path, `A ${step.kind} has at least one branch`, 'Add a branch, or take the step out and leave its steps in the list');
  }
  if (step.kind === 'parallel' && step.branches.length === 1) {
    note(
      path,
      'A parallel of one branch runs nothing at once',
      "Write the branch's steps in the list, under a choose if it has a condition",
    );
  }
  const conditions = new Set<unknown>();
  step.branches.forEach((branch, at) => {
    const where = `${path}.branches[${at}]`;
    if (branch.says.trim() === '')
      note(where, 'Each branch says its condition', 'Write the condition in Chinese, for guide and timeline');
    if (branch.steps.length === 0) {
      note(where, 'A branch holds at least one step', 'Add a step, or leave the case to "otherwise" by a narrower condition');
    }
    if (isConstant(branch.when)) {
      note(
        where,
        'The condition looks at nothing, so it or what comes after it is unreachable',
        'Let it depend on form, outputs or settings',
      );
    }
    if (step.kind === 'choose' && conditions.has(branch.when)) {
      note(
        where,
        'The branch is unreachable: an earlier one has the same condition',
        'Take one of the two out, or correct its condition',
      );
    }
    conditions.add(branch.when);
  });
}

function checkNumbers({ atMost, needed }: BlockOptions, most: number, path: string, note: Note): void {
  for (const [name, number] of Object.entries({ atMost, needed })) {
    if (number === undefined || (Number.isInteger(number) && number >= 1 && number <= most)) continue;
    note(path, `${name} is ${number}, which is no whole number from 1 to ${most}`, 'Name no more branches than there are');
  }
}

function checkLink(step: LinkStep<never, string>, path: string, note: Note): void {
  if (!['withdraw', 'leave'].includes(step.whenWithdrawn)) {
    note(
      path,
      'A link says what becomes of its matters when this one is withdrawn',
      "Write whenWithdrawn: 'withdraw' or 'leave'",
    );
  }
  if (step.whenFailed === 'reject' && !step.waits) {
    note(path, 'A matter that does not wait for the others can not fail by them', "Write waits: true, or whenFailed: 'go-on'");
  }
}

/** The processes that a link's function names in plain text. One that it reckons is known only when it runs. */
export function namedTargets(step: LinkStep<never, string>): string[] {
  return [...step.starts.toString().matchAll(/processId:\s*["'`]([^"'`$]+)["'`]/g)].map((match) => match[1] ?? '');
}

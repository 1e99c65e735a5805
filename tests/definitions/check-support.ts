/** What the tests of the checker build definitions from, right and wrong ones. */
import { expect } from 'vitest';
import { z } from 'zod';
import { checkDefinition } from '../../definitions/language/check.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { ProcessForms } from '../../definitions/language/forms.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { plainDefinition } from '../machine/support/trees.ts';

/** An approval by the head of the applicant's unit, with some of its facts changed. */
export function approve(id: string, changes: object = {}): Step {
  const rule = { kind: 'unit-head', says: '单位负责人', unit: null } as const;
  return { kind: 'approve', id, name: '审批', mode: 'any', assignees: rule, limit: '2 workdays', ...changes } as Step;
}

/** As {@link approve}, of handling. */
export function handle(id: string, changes: object = {}): Step {
  return { ...approve(id, changes), kind: 'handle' } as Step;
}

/** A system step. */
export const effect: Step = {
  kind: 'effect',
  id: 'note',
  name: '登记',
  does: () => ({ kind: 'release', resources: [], at: '' }),
};

/** A choice between branches, which may be wrong. */
export function choose(id: string, branches: readonly object[], otherwise: StepList = []): Step {
  // Wrong programs are what is tested here, so their types are set aside.
  return { kind: 'choose', id, name: '分支', branches, otherwise } as unknown as Step;
}

/** Branches at once, which may be wrong. */
export function parallel(id: string, branches: readonly object[]): Step {
  return { kind: 'parallel', id, name: '并行', branches } as unknown as Step;
}

/** The same steps for each unit. */
export function forEach(id: string, steps: StepList): Step {
  return { kind: 'forEach', id, name: '逐个', of: 'unit', items: () => [], steps };
}

/** A condition that looks at the form. */
export const holds = ({ form }: { form: object }): boolean => 'yes' in form;
/** A branch with its condition. */
export const branch = (steps: StepList, changes: object = {}): object => ({ says: '情形', when: holds, steps, ...changes });

/** The findings as `place: rule`, each with a cure. */
export function findingsOf(steps: StepList, changes: object = {}): string[] {
  const found = checkDefinition(plainDefinition(steps, changes as Partial<ProcessDefinition>));
  for (const finding of found) expect(finding.cure).not.toBe('');
  return found.map(({ place, rule }) => `${place}: ${rule}`);
}

/** Forms of a process with these outputs. */
export function forms(outputs: ProcessForms['outputs'], outputExamples: ProcessForms['outputExamples']): ProcessForms {
  return { form: z.strictObject({}), outputs, outputExamples, example: () => ({ person: 'p', form: {}, attachments: [] }) };
}

/** Steps for small definitions: short to write, with what a test does not care about filled in. */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { Effect } from '../../../definitions/language/effect.ts';
import type { Step, StepList } from '../../../definitions/language/steps.ts';

type Kind<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** The rule that names one person, or nobody. */
export function named(id: string | null): AssigneeRule {
  return { kind: 'person', says: '指定人员', person: () => id };
}

/** An approval by the people named. */
export function approve(id: string, people: readonly (string | AssigneeRule)[], changes: Partial<Kind<'approve'>> = {}): Step {
  return { kind: 'approve', id, name: `审批${id}`, mode: 'any', assignees: people.map(ruleOf), limit: '2 workdays', ...changes };
}

/** A handling by the people named. */
export function handle(id: string, people: readonly (string | AssigneeRule)[], changes: Partial<Kind<'handle'>> = {}): Step {
  return { kind: 'handle', id, name: `办理${id}`, mode: 'any', assignees: people.map(ruleOf), limit: '2 workdays', ...changes };
}

/** A circulation to the people named. */
export function read(id: string, people: readonly string[]): Step {
  return { kind: 'read', id, name: `传阅${id}`, assignees: people.map(ruleOf), limit: '2 workdays' };
}

function ruleOf(one: string | AssigneeRule): AssigneeRule {
  return typeof one === 'string' ? named(one) : one;
}

/** A system step. */
export function effect(id: string, what: Effect): Step {
  return { kind: 'effect', id, name: `登记${id}`, does: () => what };
}

/** A booking, which going back undoes. */
export const booking: Effect = {
  kind: 'reserve',
  bookings: [{ resource: 'room-1', resourceKind: 'room', from: '2026-03-09T01:00:00.000Z', to: '2026-03-09T03:00:00.000Z' }],
  refusal: '该时段已占用',
};

/** The archiving of the matter. */
export const archiving: Effect = { kind: 'archive', class: '文书', retention: '10-years' };

/** A choice by the form's field of that name. */
export function choose(id: string, when: (context: Context) => boolean, steps: StepList, otherwise: StepList = []): Step {
  return { kind: 'choose', id, name: `选择${id}`, branches: [{ says: '符合条件', when, steps }], otherwise };
}

/** Branches that run at once. */
export function parallel(id: string, ...lists: readonly StepList[]): Step {
  return { kind: 'parallel', id, name: `并行${id}`, branches: lists.map((steps, at) => ({ says: `分支${at}`, steps })) };
}

/** The same steps for each of the form's `items`. */
export function forEach(id: string, ...steps: StepList): Step {
  const items = ({ form }: Context): string[] => (Array.isArray(form.items) ? form.items.map(String) : []);
  return { kind: 'forEach', id, name: `逐个${id}`, of: 'unit', items, steps };
}

/** A waiting step. */
export function wait(id: string, until: Kind<'wait'>['until']): Step {
  return { kind: 'wait', id, name: `等待${id}`, until };
}

/** A step that starts other matters. */
export function link(id: string, starts: Kind<'link'>['starts'], changes: Partial<Kind<'link'>> = {}): Step {
  return { kind: 'link', id, name: `关联${id}`, starts, waits: true, whenWithdrawn: 'withdraw', ...changes };
}

/**
 * Random definitions: nested trees of every kind of step, with rules that find one, several, nobody, the applicant or somebody who
 * has left. A tree is generated as plain data and built afterwards, so that a failing one shrinks to its smallest.
 */
import fc from 'fast-check';
import type { AssigneeRule, SelfApprovalPolicy } from '../../../definitions/language/assignees.ts';
import type { AnyShape, Context } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Effect } from '../../../definitions/language/effect.ts';
import type {
  ApproveStep,
  BlockOptions,
  HandleMode,
  HandleStep,
  HumanStep,
  Limit,
  ReturnTargets,
  Step,
  StepList,
} from '../../../definitions/language/steps.ts';
import { cast } from './school.ts';

/** A step before it has an id. */
export type Shape =
  | {
      kind: 'approve' | 'handle' | 'read';
      mode: HandleMode;
      rule: number;
      returns: number;
      self: SelfApprovalPolicy | null;
      limit: number;
      reports: boolean;
      /** Which of {@link EXTRAS} it has. */
      extras: number[];
    }
  | { kind: 'effect'; effect: number }
  | { kind: 'wait'; until: number }
  | { kind: 'link'; link: number }
  | { kind: 'choose'; branches: Shape[][]; otherwise: Shape[]; condition: number }
  | { kind: 'parallel'; branches: Shape[][]; condition: number; options: number }
  | { kind: 'forEach'; source: number; steps: Shape[]; options: number };

/** What a definition is built from besides its steps. */
export interface Plan {
  steps: Shape[];
  clockStops: boolean;
  withdrawUntil: 'first-decision' | 'end';
  correctionsMax: number | null;
  abandons: boolean;
}

type Human = HumanStep<AnyShape, string, string>;
/** What a step with people may have besides: of every such step, of approvals only, of handling only. */
interface Extra {
  human?: Partial<Human>;
  approve?: Partial<Pick<ApproveStep<AnyShape, string, string>, 'mode'>>;
  handle?: Partial<Pick<HandleStep<AnyShape, string, string>, 'extension'>>;
}

/** Everything the language lets a step with people say beside its people, one wish each. */
const EXTRAS: readonly Extra[] = [
  { approve: { mode: { share: 0.5 } } },
  { approve: { mode: { share: 2 / 3, veto: true } } },
  { approve: { mode: { count: 2 } } },
  { human: { assignees: [cast.reviewer, cast.headB, cast.clerk, cast.headA].map(personRule) } },
  { human: { whenNobody: 'superior' } },
  { human: { whenRepeated: 'once' } },
  { human: { excluded: () => [cast.headB] } },
  { human: { excluded: ({ applicant }) => [applicant.id] } },
  { human: { capability: ({ form }) => (form.urgent === true ? 'sign' : null) } },
  { human: { inPerson: true } },
  { human: { withoutDetours: ['transfer', 'addSigners', 'takeBack'] } },
  { human: { withoutDetours: ['delegate', 'claim', 'circulate', 'consult'] } },
  { human: { skippable: true } },
  { human: { skippable: false } },
  { human: { stopsClock: '第三方办理期间不计时' } },
  { human: { silence: 'go-on' } },
  { human: { silence: 'reject' } },
  { human: { passes: ({ form }) => (form.urgent === true ? '急件直接通过' : null) } },
  { human: { allocate: 'random' } },
  { human: { allocate: 'round-robin' } },
  { human: { allocate: 'least-loaded' } },
  { human: { allocate: 'longest-idle' } },
  { human: { familiar: true } },
  { human: { copyTo: personRule(cast.stranger) } },
  {
    handle: {
      extension: { approver: personRule(cast.director), longest: '10 workdays', times: () => 1, limit: '1 workday' },
    },
  },
  {
    handle: {
      extension: { approver: personRule(cast.headA), longest: '1 month', times: () => 2, limit: '4 workhours' },
    },
  },
];

function personRule(id: string | null): AssigneeRule {
  return { kind: 'person', says: '指定人员', person: () => id };
}

const human: fc.Arbitrary<Shape> = fc.record({
  kind: fc.constantFrom('approve' as const, 'approve' as const, 'handle' as const, 'handle' as const, 'read' as const),
  mode: fc.constantFrom('any' as const, 'all' as const, 'order' as const),
  rule: fc.nat({ max: 10 }),
  returns: fc.nat({ max: 5 }),
  self: fc.constantFrom(null, 'superior' as const, 'skip' as const, 'allow' as const),
  limit: fc.nat({ max: 5 }),
  reports: fc.boolean(),
  extras: fc.array(fc.nat({ max: EXTRAS.length - 1 }), { maxLength: 2 }),
});
const effect: fc.Arbitrary<Shape> = fc.record({ kind: fc.constant('effect' as const), effect: fc.nat({ max: 3 }) });
const wait: fc.Arbitrary<Shape> = fc.record({ kind: fc.constant('wait' as const), until: fc.nat({ max: 3 }) });
const link: fc.Arbitrary<Shape> = fc.record({ kind: fc.constant('link' as const), link: fc.nat({ max: 15 }) });
/** Steps at which nobody acts. */
const system = fc.oneof({ weight: 2, arbitrary: effect }, { weight: 1, arbitrary: wait }, { weight: 1, arbitrary: link });

const BLOCK_OPTIONS: readonly BlockOptions[] = [
  {},
  {},
  {},
  { atMost: 1 },
  { atMost: 2 },
  { needed: 1 },
  { atMost: 1, needed: 2 },
];

function listOf(depth: number, min: number): fc.Arbitrary<Shape[]> {
  return fc.array(shape(depth), { minLength: min, maxLength: 3 });
}

function shape(depth: number): fc.Arbitrary<Shape> {
  if (depth === 0) return fc.oneof({ weight: 5, arbitrary: human }, { weight: 1, arbitrary: system });
  const choose = fc.record({
    kind: fc.constant('choose' as const),
    branches: fc.array(listOf(depth - 1, 1), { minLength: 1, maxLength: 2 }),
    otherwise: listOf(depth - 1, 0),
    condition: fc.nat({ max: 7 }),
  });
  const parallel = fc.record({
    kind: fc.constant('parallel' as const),
    branches: fc.array(listOf(depth - 1, 1), { minLength: 2, maxLength: 3 }),
    condition: fc.nat({ max: 9 }),
    options: fc.nat({ max: BLOCK_OPTIONS.length - 1 }),
  });
  const forEach = fc.record({
    kind: fc.constant('forEach' as const),
    source: fc.nat({ max: 3 }),
    steps: listOf(depth - 1, 1),
    options: fc.nat({ max: BLOCK_OPTIONS.length - 1 }),
  });
  return fc.oneof(
    { weight: 5, arbitrary: human },
    { weight: 1, arbitrary: system },
    { weight: 1, arbitrary: choose },
    { weight: 2, arbitrary: parallel },
    { weight: 2, arbitrary: forEach },
  );
}

/** Plans of definitions, nested up to three blocks deep. */
export const plans: fc.Arbitrary<Plan> = fc.record({
  steps: listOf(3, 1),
  clockStops: fc.boolean(),
  withdrawUntil: fc.constantFrom('first-decision' as const, 'end' as const),
  correctionsMax: fc.constantFrom(null, null, 0, 1, 2),
  abandons: fc.boolean(),
});

const LIMITS: readonly Limit[] = [
  '2 workdays',
  '4 workhours',
  '15 days',
  '1 month',
  { date: '2026-03-20' },
  ({ form }) => (form.urgent === true ? '1 workday' : '3 workdays'),
];

function ruleOf(number: number, earlier: readonly string[]): AssigneeRule | readonly AssigneeRule[] {
  const person = personRule;
  const rules: readonly (AssigneeRule | readonly AssigneeRule[])[] = [
    { kind: 'unit-head', says: '单位负责人', unit: null },
    { kind: 'role', role: 'office-director', says: '主任', unit: null, campus: null },
    { kind: 'applicant', says: '申请人' },
    person(null),
    person(cast.gone),
    [person(cast.reviewer), person(cast.headB)],
    [person(cast.clerk), { kind: 'applicant', says: '申请人' }, person(cast.headA)],
    { kind: 'item', says: '该单位' },
    { kind: 'leader-in-charge', says: '分管领导', unit: null },
    { kind: 'actor-of', says: '前一环节办理人', step: earlier.at(-1) ?? 'nowhere' },
    person(cast.reviewer),
  ];
  return rules[number] ?? person(null);
}

function returnsOf(number: number, earlier: readonly string[]): ReturnTargets<string> {
  const last = earlier.at(-1);
  if (number === 0) return 'none';
  if (number === 1) return 'applicant';
  return number === 2 && last !== undefined ? ['applicant', last] : 'any';
}

/** What an output of a handling step may hold; the form holds `items`, `flags` and `urgent`. */
export interface HandleOutput {
  items: string[];
  flag: boolean;
  stop: boolean;
}

function truth(number: number, earlier: readonly string[]): (context: Context) => boolean {
  const step = earlier.at(-1);
  return ({ form, outputs }) => {
    if (number >= 4 && step !== undefined) return outputs[step]?.flag === true;
    return Array.isArray(form.flags) && form.flags[number % 4] === true;
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

class Builder {
  #count = 0;
  readonly #earlier: string[] = [];

  list(shapes: readonly Shape[]): StepList {
    return shapes.map((one) => this.step(one));
  }

  step(one: Shape): Step {
    this.#count += 1;
    const id = `s${this.#count}`;
    const name = `环节${this.#count}`;
    switch (one.kind) {
      case 'approve':
      case 'handle':
      case 'read':
        return this.#human(id, name, one);
      case 'effect':
        return { kind: 'effect', id, name, does: () => effectOf(one.effect) };
      case 'wait':
        return { kind: 'wait', id, name, until: WAITS[one.until] ?? '1 workday' };
      case 'link':
        return linkStep(id, name, one.link);
      case 'choose': {
        const when = truth(one.condition, this.#earlier);
        const branches = one.branches.map((steps, at) => ({
          says: `情形${at}`,
          when: at === 0 ? when : truth(one.condition + 1, []),
          steps: this.list(steps),
        }));
        return { kind: 'choose', id, name, branches, otherwise: this.list(one.otherwise) };
      }
      case 'parallel': {
        const when = truth(one.condition, this.#earlier);
        const branches = one.branches.map((steps, at) => ({
          says: `分支${at}`,
          ...(at === 1 && one.condition < 6 ? { when } : {}),
          steps: this.list(steps),
        }));
        return { kind: 'parallel', id, name, branches, ...BLOCK_OPTIONS[one.options] };
      }
      case 'forEach': {
        const source = one.source >= 2 ? this.#earlier.at(-1) : undefined;
        const items = ({ form, outputs }: Context): string[] =>
          textsOf(source === undefined ? form.items : outputs[source]?.items);
        return { kind: 'forEach', id, name, of: 'unit', items, steps: this.list(one.steps), ...BLOCK_OPTIONS[one.options] };
      }
    }
  }

  #human(id: string, name: string, one: Extract<Shape, { kind: 'approve' | 'handle' | 'read' }>): Step {
    const extras = one.extras.map((extra) => EXTRAS[extra] ?? {});
    const base = {
      id,
      name,
      assignees: ruleOf(one.rule, this.#earlier),
      limit: LIMITS[one.limit] ?? '2 workdays',
      returnTo: returnsOf(one.returns, this.#earlier),
      ...(one.self === null ? {} : { selfApproval: one.self }),
      ...together(extras.map((extra) => extra.human)),
    };
    this.#earlier.push(id);
    if (one.kind === 'approve') {
      return { kind: 'approve', mode: one.mode, ...base, ...together(extras.map((extra) => extra.approve)) };
    }
    if (one.kind === 'read') {
      const { returnTo: _none, ...rest } = base;
      return { kind: 'read', ...rest };
    }
    return {
      kind: 'handle',
      mode: one.mode,
      ...base,
      ...together(extras.map((extra) => extra.handle)),
      ...(one.reports ? { reports: { every: one.limit === 4 ? { date: '2026-03-04' } : '4 workhours' } } : {}),
      ends: (_context, output) => (output.stop === true ? '办不成' : null),
    };
  }
}

function together<T extends object>(parts: readonly (T | undefined)[]): Partial<T> {
  return Object.assign({}, ...parts);
}

const WAITS: readonly Limit[] = ['4 workhours', '2 workdays', { date: '2026-03-10' }, { date: '2026-02-01' }];

/** A step that starts one matter, or one for each of the form's items, or none. */
function linkStep(id: string, name: string, number: number): Step {
  const starts = ({ form }: Context) =>
    (number % 2 === 0 ? ['one'] : textsOf(form.items)).map((item) => ({ processId: 'child', form: { item } }));
  return {
    kind: 'link',
    id,
    name,
    starts,
    waits: number % 4 < 3,
    whenWithdrawn: number % 3 === 0 ? 'leave' : 'withdraw',
    ...(number % 5 === 0 ? { whenFailed: 'reject' as const } : {}),
  };
}

function effectOf(number: number): Effect {
  if (number === 0) return { kind: 'queue-bulletin', topic: '通报', entry: { text: '一则' } };
  if (number === 1) return { kind: 'archive', class: '文书', retention: '10-years' };
  if (number === 2) return { kind: 'release', resources: ['r-1'], at: '2026-03-03T00:00:00.000Z' };
  const window = { from: '2026-03-05T00:00:00.000Z', to: '2026-03-06T00:00:00.000Z' };
  return { kind: 'reserve', bookings: [{ resource: 'r-1', resourceKind: 'room', ...window }], refusal: '已占用' };
}

/** A definition with these steps and otherwise plain facts; what a test wants else it spreads over it. */
export function plainDefinition(steps: StepList, changes: Partial<ProcessDefinition> = {}): ProcessDefinition {
  return {
    id: 'plain',
    version: 1,
    name: '测试流程',
    numberPrefix: 'TEST',
    category: '测试',
    basis: ['测试'],
    audience: '全校教职工',
    applicants: 'anyone',
    materials: [{ name: '材料', required: false, note: '无' }],
    contact: '党政办公室',
    limit: '30 workdays',
    correctionLimit: '5 workdays',
    clockStopsWithApplicant: true,
    settings: {},
    title: () => '测试事项',
    supervised: false,
    register: [{ key: 'no', title: '编号', value: ({ no }) => no }],
    archive: { class: '文书', retention: () => '10-years', basis: '测试' },
    steps,
    ...changes,
  };
}

/** Builds the definition of a plan. */
export function buildPlan(plan: Plan): ProcessDefinition {
  return plainDefinition(new Builder().list(plan.steps), {
    clockStopsWithApplicant: plan.clockStops,
    withdrawUntil: plan.withdrawUntil,
    ...(plan.correctionsMax === null ? {} : { correctionsMax: plan.correctionsMax }),
    ...(plan.abandons ? { whenNotCorrected: 'abandon' as const } : {}),
  });
}

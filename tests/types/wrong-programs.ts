/**
 * Programs that must not compile, each with the reason. `tsc --noEmit` is the test: an error that no longer comes makes its
 * `@ts-expect-error` an error itself. The right programs beside them show that not just anything is refused.
 */
import { language } from '../../definitions/language/define.ts';
import { limitSetting, type SettingsOf, setting } from '../../definitions/language/settings.ts';

const settings = {
  approvalLimit: limitSetting('审批时限', '1 workday', '惯例'),
  threshold: setting('金额', 100, '惯例'),
};

interface Loan {
  form: { reason: string; amount: number };
  outputs: { pay: { paid: number }; audit: { passed: boolean } };
  settings: SettingsOf<typeof settings>;
}

const { approve, handle, read, effect, choose, parallel, forEach, define, unitHead, applicant, role, person } = language<Loan>();

const facts = {
  id: 'loan',
  version: 1,
  name: '借款',
  numberPrefix: 'JK',
  category: '财务',
  basis: ['办法'],
  audience: '教职工',
  applicants: 'anyone',
  materials: [],
  contact: '财务处',
  limit: '10 workdays',
  correctionLimit: '5 workdays',
  clockStopsWithApplicant: true,
  settings,
  title: (form: Loan['form']) => form.reason,
  supervised: false,
  register: [],
  archive: { class: '财务', retention: () => '10-years' as const, basis: '办法' },
} as const;

const head = approve('head', { name: '审批', assignees: unitHead(), limit: '2 workdays' });
const pay = handle('pay', { name: '付款', assignees: role('finance-reviewer', '财务'), limit: '2 workdays' });
const audit = handle('audit', { name: '审计', assignees: applicant(), limit: '2 workdays', returnTo: ['head', 'applicant'] });
const backTo = <const Id extends string, const T extends string>(id: Id, target: T) =>
  approve(id, { name: '复核', assignees: unitHead(), limit: '2 workdays', returnTo: [target] });

/** A right program compiles, with targets in every kind of block. */
export const right = define({
  ...facts,
  steps: [
    head,
    choose('size', {
      name: '金额',
      branches: [{ says: '大额', when: ({ form, settings: s }) => form.amount > s.threshold, steps: [backTo('big', 'head')] }],
      otherwise: [backTo('small', 'applicant')],
    }),
    parallel('both', {
      name: '并行',
      branches: [
        { says: '一', steps: [pay] },
        { says: '二', steps: [audit] },
      ],
    }),
    forEach('each', { name: '逐个', of: 'person', items: () => [], steps: [backTo('one', 'pay')] }),
    approve('last', {
      name: '办结',
      assignees: unitHead(),
      limit: ({ settings: s }) => s.approvalLimit,
      returnTo: ['one', 'big'],
    }),
  ],
});

// --- fields of form, outputs and settings ---

export const unknownField = choose('c', {
  name: '金额',
  // @ts-expect-error the form has no field amout
  branches: [{ says: '大额', when: ({ form }) => form.amout > 1, steps: [head] }],
});
export const wrongComparison = choose('c', {
  name: '金额',
  // @ts-expect-error an amount is never a text
  branches: [{ says: '大额', when: ({ form }) => form.amount === '1', steps: [head] }],
});
export const unknownOutput = choose('c', {
  name: '审计',
  // @ts-expect-error no step hands in an output named pays
  branches: [{ says: '已付', when: ({ outputs }) => outputs.pays !== undefined, steps: [head] }],
});
export const unknownOutputField = choose('c', {
  name: '审计',
  // @ts-expect-error the output of pay has no field sum
  branches: [{ says: '已付', when: ({ outputs }) => outputs.pay?.sum === 1, steps: [head] }],
});
export const outputNotThereYet = choose('c', {
  name: '审计',
  // @ts-expect-error an output is absent until its step was completed, so it is asked for with ?.
  branches: [{ says: '已付', when: ({ outputs }) => outputs.pay.paid === 1, steps: [head] }],
});
export const unknownSetting = approve('a', {
  name: '审批',
  assignees: unitHead(),
  // @ts-expect-error no setting is named aprovalLimit
  limit: ({ settings: s }) => s.aprovalLimit,
});
export const settingOfWrongKind = approve('a', {
  name: '审批',
  assignees: unitHead(),
  // @ts-expect-error a number is no limit
  limit: ({ settings: s }) => s.threshold,
});
// @ts-expect-error the form has no field leader
export const unknownPerson = person('领导', ({ form }) => form.leader);
// @ts-expect-error no post has the role dean-of-everything
export const unknownRole = role('dean-of-everything', '院长');
export const unknownEach = effect('e', {
  name: '登记',
  // @ts-expect-error no step hands in an output named pays
  does: ({ each }) => ({ kind: 'release', resources: each('pays').map((one) => one.item), at: '' }),
});

// --- steps ---

// @ts-expect-error a handling step is a key of the outputs: nothing says what payout hands in
export const handleWithoutOutput = handle('payout', { name: '付款', assignees: applicant(), limit: '2 workdays' });
// @ts-expect-error a limit is a number and a unit
export const wrongLimit = approve('a', { name: '审批', assignees: unitHead(), limit: '2 wokdays' });
// @ts-expect-error every step with people has a limit (source 004)
export const noLimit = approve('a', { name: '审批', assignees: unitHead() });
// @ts-expect-error every step with people says who acts
export const noAssignees = approve('a', { name: '审批', limit: '1 workday' });
// @ts-expect-error people decide together as any, or all
export const wrongMode = approve('a', { name: '审批', assignees: unitHead(), limit: '1 workday', mode: 'most' });
// @ts-expect-error what is read can't be returned
export const readWithReturn = read('r', { name: '传阅', assignees: unitHead(), limit: '1 workday', returnTo: 'fisrt' });
// @ts-expect-error an effect is one of a few kinds
export const wrongEffect = effect('e', { name: '登记', does: () => ({ kind: 'send-flowers' }) });
export const chooseWithoutWhen = choose('c', {
  name: '分支',
  // @ts-expect-error a branch of a choose has a condition; what is left is otherwise
  branches: [{ says: '其他', steps: [head] }],
});
export const silentBranch = parallel('p', {
  name: '并行',
  // @ts-expect-error a branch says its condition
  branches: [{ steps: [head] }],
});
export const conditionOfWrongKind = choose('c', {
  name: '分支',
  // @ts-expect-error a condition holds or does not; a number is neither
  branches: [{ says: '大额', when: ({ form }) => form.amount, steps: [head] }],
});
export const itemsOfWrongKind = forEach('f', {
  name: '逐个',
  of: 'unit',
  // @ts-expect-error a forEach goes over ids
  items: ({ form }) => form.amount,
  steps: [head],
});
export const checkOfWrongKind = handle('pay', {
  name: '付款',
  assignees: applicant(),
  limit: '2 workdays',
  // @ts-expect-error a check gives a list of faults, empty when all is well
  check: (_context, output) => output.paid > 0,
});
export const faultWithoutPath = handle('pay', {
  name: '付款',
  assignees: applicant(),
  limit: '2 workdays',
  // @ts-expect-error a fault says where it is
  check: () => [{ message: '有误' }],
});
export const checkOfUnknownField = handle('pay', {
  name: '付款',
  assignees: applicant(),
  limit: '2 workdays',
  // @ts-expect-error the output of pay has no field passed: that is audit's
  check: (_context, output) => (output.passed ? [] : []),
});

// --- whole definitions ---

// @ts-expect-error the outputs pay and audit belong to no step
export const outputWithoutStep = define({ ...facts, steps: [head] });
// @ts-expect-error the title knows the form's fields only
export const titleOfUnknownField = define({ ...facts, title: (form) => form.subject, steps: [head, pay, audit] });
// @ts-expect-error a process without a total limit can't be published (source 004)
export const noTotalLimit = define({ ...facts, limit: undefined, steps: [head, pay, audit] });
// @ts-expect-error a duration is never longer than its words
export const wrongTotalLimit = define({ ...facts, limit: 'ten days', steps: [head, pay, audit] });
export const wrongRetention = define({
  ...facts,
  // @ts-expect-error a file is kept for one of a few terms
  archive: { ...facts.archive, retention: () => '7-years' },
  steps: [head, pay, audit],
});
export const wrongRegister = define({
  ...facts,
  // @ts-expect-error a column shows fields that are there
  register: [{ key: 'a', title: '甲', value: ({ form }) => form.sum }],
  steps: [head, pay, audit],
});

// @ts-expect-error no step is named nope
export const unknownTarget = define({ ...facts, steps: [head, pay, audit, backTo('last', 'nope')] });
// @ts-expect-error no step is named nope, written in place
export const unknownTargetInPlace = define({
  ...facts,
  steps: [head, pay, audit, approve('last', { name: '办结', assignees: unitHead(), limit: '1 workday', returnTo: ['nope'] })],
});
// @ts-expect-error no step is named nope, and head beside it does not make it right
export const oneOfTwoUnknown = define({
  ...facts,
  steps: [
    head,
    pay,
    audit,
    approve('last', { name: '办结', assignees: unitHead(), limit: '1 workday', returnTo: ['head', 'nope'] }),
  ],
});
// @ts-expect-error no step is named nope, not even for a handling step
export const unknownTargetOfHandle = define({
  ...facts,
  steps: [head, pay, handle('audit', { name: '审计', assignees: applicant(), limit: '1 workday', returnTo: ['nope'] })],
});
// @ts-expect-error no step is named nope: found in a branch
export const unknownTargetInChoose = define({
  ...facts,
  steps: [
    head,
    pay,
    audit,
    choose('c', { name: '分支', branches: [{ says: '一', when: () => true, steps: [backTo('x', 'nope')] }] }),
  ],
});
// @ts-expect-error no step is named nope: found in otherwise
export const unknownTargetInOtherwise = define({
  ...facts,
  steps: [head, pay, audit, choose('c', { name: '分支', branches: [], otherwise: [backTo('x', 'nope')] })],
});
// @ts-expect-error no step is named nope: found in a parallel
export const unknownTargetInParallel = define({
  ...facts,
  steps: [head, pay, audit, parallel('p', { name: '并行', branches: [{ says: '一', steps: [backTo('x', 'nope')] }] })],
});
// @ts-expect-error no step is named nope: found in a forEach
export const unknownTargetInForEach = define({
  ...facts,
  steps: [head, pay, audit, forEach('f', { name: '逐个', of: 'unit', items: () => [], steps: [backTo('x', 'nope')] })],
});
// @ts-expect-error no step is named nope: found three blocks deep
export const unknownTargetDeep = define({
  ...facts,
  steps: [
    head,
    pay,
    audit,
    forEach('f', {
      name: '逐个',
      of: 'unit',
      items: () => [],
      steps: [
        parallel('p', {
          name: '并行',
          branches: [
            {
              says: '一',
              steps: [choose('c', { name: '分支', branches: [{ says: '一', when: () => true, steps: [backTo('x', 'nope')] }] })],
            },
          ],
        }),
      ],
    }),
  ],
});
// @ts-expect-error a number is no step
export const numberAsStep = define({ ...facts, steps: [head, pay, audit, 7] });
// @ts-expect-error a branch holds steps
export const textInBranch = define({
  ...facts,
  steps: [head, pay, audit, parallel('p', { name: '并行', branches: [{ says: '一', steps: ['head'] }] })],
});

const anyId: string = 'last';
// @ts-expect-error an id that is just any text would let every return target pass
export const idNotLiteral = define({
  ...facts,
  steps: [head, pay, audit, approve(anyId, { name: '办结', assignees: unitHead(), limit: '1 workday' })],
});

const other = language<{ form: { title: string }; outputs: Record<never, never>; settings: Record<never, never> }>();
const foreign = other.approve('foreign', {
  name: '审批',
  assignees: other.unitHead('负责人', ({ form }) => form.title),
  limit: '1 workday',
});
// @ts-expect-error a step in the words of another definition looks at another form
export const stepOfAnotherShape = define({ ...facts, steps: [head, pay, audit, foreign] });
// @ts-expect-error the same, inside a block
export const foreignInBlock = define({
  ...facts,
  steps: [head, pay, audit, forEach('f', { name: '逐个', of: 'unit', items: () => [], steps: [foreign] })],
});

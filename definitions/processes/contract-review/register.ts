/** The register 合同台账 of 合同审查. Pure; no zod. */
import type { Context, Decision } from '../../language/context.ts';
import type { RegisterColumn, RegisterSource } from '../../language/define.ts';
import { actedBy, endedWithoutResult, statusInChinese } from '../../language/register-words.ts';
import { type ContractReview, contractValue } from './rules.ts';
import { isSealed } from './sealing.ts';
import { signatureOf } from './signing.ts';

type Now = Context<ContractReview>;

/** 归口管理部门 of a contract, or null when the school's table has none for its type. */
export function competentUnit({ form, settings: s }: Pick<Now, 'form' | 'settings'>): string | null {
  return s.competentUnits[form.type] ?? null;
}

const OPINION_WORDS: Readonly<Record<string, string>> = { agree: '通过', disagree: '不同意', return: '退回修改' };

/** 审查意见 of all who reviewed the contract, the latest of each. */
function opinionsOf({ outputs, decisions }: Pick<Now, 'outputs' | 'decisions'>): string | null {
  const said = (label: string, steps: string[]): string[] => {
    const last = steps.map((step) => decisions(step).at(-1)).find((one): one is Decision => one !== undefined);
    return last === undefined ? [] : [`${label}:${OPINION_WORDS[last.action] ?? last.action}`];
  };
  const legal = [outputs.legal?.opinion, outputs['legal-second']?.opinion].filter((one) => one !== undefined);
  const all = [
    ...said('财务', ['finance-second', 'finance']),
    ...said('审计', ['audit-second', 'audit']),
    ...(legal.length === 0 ? [] : [`法律:${legal.join('、复审')}`]),
  ];
  return all.length === 0 ? null : all.join(';');
}

/** Whether the school may pay: no contract seal, no payment. Null where it pays nothing. */
function payment(row: Pick<RegisterSource<ContractReview>, 'form' | 'status' | 'links'>): string | null {
  if (row.form.direction !== '支出') return null;
  if (endedWithoutResult(row.status)) return '未签订,不得付款';
  if (!isSealed(row)) return '未用印,不得付款';
  return row.status === 'completed' ? '可按合同付款' : '未登记签订,不得付款';
}

/** Statuses in which a matter has no archive entry; an entry bears the matter's own number. */
const UNFILED: readonly string[] = ['open', 'suspended', 'withdrawn'];

/** Columns of the register (domain P04). */
export const register: readonly RegisterColumn<ContractReview>[] = [
  { key: 'no', title: '编号', value: ({ no }) => no },
  { key: 'contractNo', title: '合同编号', value: ({ outputs }) => outputs.number?.contractNo ?? null },
  { key: 'name', title: '合同名称', value: ({ form }) => form.name },
  { key: 'counterparty', title: '相对方', value: ({ form }) => form.counterparty },
  { key: 'creditCode', title: '统一社会信用代码', value: ({ form }) => form.creditCode },
  { key: 'type', title: '类型', value: ({ form }) => form.type },
  { key: 'amount', title: '金额(分)', value: ({ form }) => (form.direction === '无金额' ? null : contractValue(form)) },
  { key: 'unit', title: '承办单位', value: ({ applicantUnitName }) => applicantUnitName },
  { key: 'handler', title: '承办人', value: ({ applicant: who }) => who.name },
  {
    key: 'competent',
    title: '归口部门',
    value: (row) => {
      const unit = competentUnit(row);
      return unit === null ? null : row.nameOf(unit);
    },
  },
  { key: 'opinions', title: '审查意见', value: opinionsOf },
  {
    key: 'signedBy',
    title: '签署人',
    value: (row) => {
      const signature = signatureOf(row);
      return signature === null ? null : actedBy(signature);
    },
  },
  { key: 'signedOn', title: '签订日', value: ({ outputs }) => outputs['register-signing']?.signedOn ?? null },
  { key: 'sealNo', title: '用印申请编号', value: ({ links }) => links('seal').at(-1)?.no ?? null },
  { key: 'sealUse', title: '用印日', value: (row) => (isSealed(row) ? (row.links('seal').at(-1)?.endedAt ?? null) : null) },
  { key: 'payment', title: '付款', value: payment },
  {
    key: 'period',
    title: '履行期',
    value: ({ form, outputs }) => `${outputs['register-signing']?.performFrom ?? form.start}至${form.end}`,
  },
  // Changes of a contract are matters of their own, which will be linked here.
  { key: 'change', title: '变更/解除', value: () => null },
  { key: 'archiveNo', title: '归档号', value: ({ no, status }) => (UNFILED.includes(status) ? null : no) },
  {
    key: 'remark',
    title: '备注',
    value: ({ form, settings: s }) =>
      form.direction !== '无金额' && contractValue(form) < s.writtenFrom ? '低于起点金额,可不签订书面合同' : null,
  },
  { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
];

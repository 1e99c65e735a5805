/** The register 用印登记 (XZB): when, what, how often, for whom, by whose leave and hand, and that a seal taken out came back. */
import type { Context } from '../../language/context.ts';
import type { RegisterColumn } from '../../language/define.ts';
import { actedBy, endedWithoutResult, statusInChinese } from '../../language/register-words.ts';
import type { SealUse } from './terms.ts';

/** Approvals, the highest first. */
const APPROVALS = ['top-leader', 'secretary', 'seal-leader', 'leader', 'office', 'unit-head'];

/** 批办人: the highest who has agreed. What was refused or taken back has none. */
function approvedBy({ decisions, status }: Pick<Context<SealUse>, 'decisions'> & { status: string }): string | null {
  if (endedWithoutResult(status)) return null;
  const agreed = APPROVALS.flatMap((step) => decisions(step).at(-1) ?? []).find((one) => one.action === 'agree');
  return agreed === undefined ? null : actedBy(agreed);
}

function utc(instant: string | undefined): string | null {
  return instant === undefined ? null : new Date(instant).toISOString();
}

/** The columns. */
export const register: readonly RegisterColumn<SealUse>[] = [
  { key: 'no', title: '编号', value: ({ no }) => no },
  {
    key: 'stampedAt',
    title: '用印日期',
    value: ({ decisions }) => decisions('stamp').findLast((one) => one.action === 'complete')?.at ?? null,
  },
  { key: 'docTitle', title: '文件名称', value: ({ form }) => form.docTitle },
  { key: 'reason', title: '事由', value: ({ form }) => form.reason },
  { key: 'sealType', title: '印章种类', value: ({ form }) => form.sealType },
  { key: 'copies', title: '份数', value: ({ outputs, form }) => outputs.stamp?.copies ?? form.copies },
  { key: 'impressions', title: '印数', value: ({ outputs }) => outputs.stamp?.impressions ?? null },
  { key: 'difference', title: '说明', value: ({ outputs }) => outputs.stamp?.difference ?? null },
  { key: 'unit', title: '用印部门', value: ({ applicantUnitName }) => applicantUnitName },
  { key: 'approvedBy', title: '批办人', value: approvedBy },
  {
    key: 'keeper',
    title: '印章管理员',
    value: ({ decisions }) => {
      const stamped = decisions('stamp').findLast((one) => one.action === 'complete');
      return stamped === undefined ? null : actedBy(stamped);
    },
  },
  {
    key: 'witness',
    title: '随行监印人',
    value: ({ form, nameOf }) => (form.takeOut === undefined ? null : nameOf(form.takeOut.escort)),
  },
  { key: 'handler', title: '经办人', value: ({ applicant: who }) => who.name },
  { key: 'takenTo', title: '外带地点', value: ({ form }) => form.takeOut?.place ?? null },
  { key: 'dueBack', title: '应归还时间', value: ({ form }) => utc(form.takeOut?.to) },
  { key: 'returnedAt', title: '归还时间', value: ({ outputs }) => utc(outputs['seal-return']?.returnedAt) },
  {
    key: 'sealState',
    title: '归还时印章状况',
    value: ({ outputs }) => {
      const back = outputs['seal-return'];
      if (back === undefined) return null;
      return back.note === undefined ? back.state : `${back.state}:${back.note}`;
    },
  },
  { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
];

/** The register 批示督办台账 of 领导批示督办 (domain P11), with the five records 五有 and what was late. */
import type { RegisterColumn, RegisterSource } from '../../language/define.ts';
import { statusInChinese } from '../../language/register-words.ts';
import { assistOf, dayAt, doneAt, dueDay, type FollowUp, leadOf } from './terms.ts';

type Row = RegisterSource<FollowUp>;

const DAY_MS = 86_400_000;

/** Whole days from a due date to what was done, parts counted as one; null while it is not done. */
function daysLate(at: string | null, dueAt: string | null): number | null {
  return at === null || dueAt === null ? null : Math.max(0, Math.ceil((Date.parse(at) - Date.parse(dueAt)) / DAY_MS));
}

/** The day by which the work is due, extensions counted: that of the work itself, before it begins the one that was set. */
function workDue(row: Row): string | null {
  const opened = row.dueOf('undertake');
  return opened === null ? dueDay(row) : dayAt(opened);
}

/** The columns. */
export const register: readonly RegisterColumn<FollowUp>[] = [
  { key: 'no', title: '批示号', value: ({ no }) => no },
  { key: 'leader', title: '批示领导', value: ({ form, nameOf }) => nameOf(form.leader) },
  { key: 'instructedOn', title: '批示日期', value: ({ form }) => form.instructedOn },
  { key: 'source', title: '来源', value: ({ form }) => form.source },
  { key: 'title', title: '摘要', value: ({ form }) => form.title },
  { key: 'lead', title: '主办', value: (row) => row.nameOf(leadOf(row)) },
  { key: 'assist', title: '协办', value: (row) => assistOf(row).map(row.nameOf).join('、') },
  { key: 'level', title: '级别', value: ({ outputs }) => outputs.establish?.level ?? null },
  { key: 'dueOn', title: '时限', value: workDue },
  { key: 'establishedAt', title: '立项', value: ({ decisions }) => doneAt(decisions('establish')) },
  { key: 'verifiedAt', title: '督查', value: ({ decisions }) => doneAt(decisions('verify')) },
  { key: 'reportedAt', title: '报告', value: ({ decisions }) => doneAt(decisions('leader-review')) },
  { key: 'bulletinAt', title: '通报', value: ({ effectAt }) => effectAt('bulletin') },
  { key: 'archivedAt', title: '归档', value: ({ effectAt }) => effectAt('archive') },
  { key: 'closedAt', title: '办结日', value: ({ decisions }) => doneAt(decisions('close-out')) },
  { key: 'result', title: '结果', value: ({ outputs }) => outputs['result-report']?.report ?? null },
  { key: 'reported', title: '是否报领导', value: ({ decisions }) => doneAt(decisions('leader-review')) !== null },
  {
    key: 'workLate',
    title: '承办逾期天数',
    value: (row) => daysLate(doneAt(row.decisions('undertake')), row.dueOf('undertake')),
  },
  { key: 'daysLate', title: '全程逾期天数', value: ({ endedAt, dueAt }) => daysLate(endedAt, dueAt) },
  { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
];

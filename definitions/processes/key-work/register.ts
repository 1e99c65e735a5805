/** The register of 年度重点工作 is the 《重要工作事项推进表》 (001; domain P20): task, measures, who answers, limit, progress. */
import type { RegisterColumn, RegisterSource } from '../../language/define.ts';
import { statusInChinese } from '../../language/register-words.ts';
import type { SupervisionFacts } from '../../language/supervision.ts';
import { assistOf, dayAt, doneAt, doneIn, type KeyWork } from './terms.ts';

type Row = RegisterSource<KeyWork>;

/** The day by which the work is due, extensions counted. */
function workDue(row: Row): string {
  const opened = row.dueOf('undertake');
  return opened === null ? row.form.dueOn : dayAt(opened);
}

/** How far it has come, in words. */
function progressOf({ outputs, decisions, status }: Row): string {
  if (doneAt(decisions('close-out')) !== null) return '已销号';
  if (outputs.undertake !== undefined) return `已完成,待核查:${outputs.undertake.result}`;
  return status === 'open' || status === 'suspended' ? '推进中' : statusInChinese(status);
}

/** The columns. */
export const register: readonly RegisterColumn<KeyWork>[] = [
  { key: 'no', title: '编号', value: ({ no }) => no },
  { key: 'year', title: '年度', value: ({ form }) => form.year },
  { key: 'task', title: '任务', value: ({ form }) => form.task },
  { key: 'source', title: '来源', value: ({ form }) => form.source },
  { key: 'goal', title: '目标', value: ({ form }) => form.goal },
  { key: 'measures', title: '措施', value: ({ form }) => form.measures },
  { key: 'lead', title: '牵头', value: ({ form, nameOf }) => nameOf(form.lead) },
  { key: 'assist', title: '配合', value: (row) => assistOf(row).map(row.nameOf).join('、') },
  { key: 'responsible', title: '责任人', value: ({ form, nameOf }) => nameOf(form.responsible) },
  { key: 'leader', title: '分管领导', value: ({ form, nameOf }) => nameOf(form.leader) },
  { key: 'level', title: '重要程度', value: ({ outputs }) => outputs.establish?.level ?? null },
  { key: 'dueOn', title: '时限', value: workDue },
  { key: 'progress', title: '进展', value: progressOf },
  { key: 'doneAt', title: '完成时间', value: ({ decisions }) => doneAt(decisions('undertake')) },
  { key: 'verifiedAt', title: '核查', value: ({ decisions }) => doneAt(decisions('verify')) },
  { key: 'reportedAt', title: '报分管领导', value: ({ decisions }) => doneAt(decisions('leader-review')) },
  { key: 'bulletinAt', title: '通报', value: ({ effectAt }) => effectAt('bulletin') },
  { key: 'archivedAt', title: '归档', value: ({ effectAt }) => effectAt('archive') },
  { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
];

/** Why the work was late; null for work that was done in time, extensions counted, whatever its form says. */
function delayOf({ outputs, decisions, dueOf }: Row): string | null {
  const done = doneAt(decisions('undertake'));
  const dueAt = dueOf('undertake');
  return done !== null && dueAt !== null && done <= dueAt ? null : (outputs.undertake?.delayReason ?? null);
}

/** What the ledger tells of a key task. */
export function supervision(row: Row): SupervisionFacts {
  const { form, outputs, decisions } = row;
  const checked = doneIn(decisions('verify'));
  const read = doneIn(decisions('leader-review'));
  return {
    source: 'key-work',
    sourceRef: form.sourceRef ?? `${form.year}年${form.source}`,
    content: `目标:${form.goal}\n措施:${form.measures}`,
    lead: form.lead,
    assist: assistOf(row),
    responsible: form.responsible,
    leader: form.leader,
    level: outputs.establish?.level ?? null,
    workDueAt: row.dueOf('undertake'),
    workSteps: ['undertake'],
    checker: checked?.person ?? null,
    checkedAt: checked?.at ?? null,
    result: outputs.undertake?.result ?? null,
    reportedTo: read?.person ?? null,
    reportedAt: read?.at ?? null,
    adjustment: null,
    delayReason: delayOf(row),
  };
}

/** The register 投诉台账 of 服务投诉 (domain P22). */
import type { RegisterColumn } from '../../language/define.ts';
import { statusInChinese } from '../../language/register-words.ts';
import { accusedIn, type Complaint, doneAt, findingOf, planOf, satisfiedIn } from './terms.ts';

/** The columns. Who complained is not among them: the register is read by more people than the case. */
export const register: readonly RegisterColumn<Complaint>[] = [
  { key: 'no', title: '编号', value: ({ no }) => no },
  { key: 'unit', title: '被投诉单位', value: ({ form, nameOf }) => nameOf(form.unit) },
  { key: 'people', title: '被投诉人', value: (row) => accusedIn(row).map(row.nameOf).join('、') },
  { key: 'channel', title: '方式', value: ({ form }) => form.channel },
  { key: 'subject', title: '事项', value: ({ form }) => form.subject },
  { key: 'matterNo', title: '办件号', value: ({ form }) => form.matterNo ?? null },
  { key: 'category', title: '类型', value: ({ outputs }) => outputs.triage?.category ?? null },
  { key: 'startedAt', title: '收到时间', value: ({ startedAt }) => startedAt },
  {
    key: 'forwardedTo',
    title: '核实单位',
    value: ({ outputs, nameOf }) => (outputs.forward === undefined ? null : nameOf(outputs.forward.to)),
  },
  { key: 'finding', title: '是否查实', value: findingOf },
  { key: 'sanction', title: '处理', value: ({ outputs }) => outputs.assess?.sanction ?? null },
  { key: 'rectifyBy', title: '整改期限', value: (row) => planOf(row)?.rectifyBy ?? null },
  { key: 'rectifiedAt', title: '整改完成', value: ({ decisions }) => doneAt(decisions('check-rectification')) },
  { key: 'answeredAt', title: '反馈时间', value: ({ decisions }) => doneAt(decisions('feedback')) },
  { key: 'satisfied', title: '是否满意', value: satisfiedIn },
  { key: 'redone', title: '是否重办', value: ({ outputs }) => outputs.recheck !== undefined },
  { key: 'status', title: '状态', value: ({ status }) => statusInChinese(status) },
];

/**
 * 年度重点工作 (domain P20, 001): each task of the year's plan has a unit that leads, somebody who answers for it and a day; it is
 * reported on every month, checked, read by the leader in charge, told in the month's bulletin and closed.
 *
 * As with instructions every step is handling, none an approval: a disagreement would end a task of the plan without its check.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import {
  assistFaults,
  establishFaults,
  progressFaults,
  readingLeader,
  readsOf,
  registrationChecks,
  reviewFaults,
  undertakeFaults,
  verifyFaults,
} from './checks.ts';
import { register, supervision } from './register.ts';
import { assistOf, type KeyWork, settings, totalLimit, workLimit } from './terms.ts';

const { handle, parallel, forEach, effect, define, unitHead, role, person, ofItem } = language<KeyWork>();

/** The leader in charge whom the plan names; whoever holds the post now when that leader has left the school. */
const leaderInPlan = person('分管领导(已离任的,由继任者审阅)', readingLeader);

/** Who did the work does not check it. */
function notToCheck(context: Context<KeyWork>): string[] {
  return [context.form.responsible, ...context.decisions('undertake').map((one) => one.person)];
}

export const keyWork = define({
  id: 'key-work',
  version: 1,
  name: '年度重点工作',
  numberPrefix: 'ZDGZ',
  category: '督查督办',
  basis: ['学校年度工作要点', '年度重点工作月通报制度(001)', '学校督查督办工作办法'],
  audience: '党政办公室工作人员(登记人)',
  applicants: ['office-clerk', 'office-director', 'office-deputy-director', 'supervisor'],
  materials: [{ name: '年度工作要点', required: false, note: '写明文件名称和条目即可,不必上传' }],
  contact: '党政办公室督查岗',
  limit: totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  // The year goes on while a registration is corrected.
  clockStopsWithApplicant: false,
  settings,
  title: (form) => `${form.year}年重点工作:${form.task}`,
  reads: readsOf,
  checks: registrationChecks,
  supervised: true,
  // Who answers for it and who is in charge may watch it from its start.
  concerned: ({ form }) => [form.leader, form.responsible],
  supervision,
  register,
  archive: { class: '年度重点工作', retention: () => '30-years', basis: 'P20:年度通报30年 [C]' },
  steps: [
    handle('establish', {
      name: '立项分解',
      ask: '核定重要程度,分解到牵头、配合单位;登记不清的退回登记人',
      assignees: [role('supervisor', '督查员'), role('office-director', '党政办主任')],
      limit: ({ settings: s }) => s.establishLimit,
      selfApproval: 'superior',
      returnTo: ['applicant'],
      check: establishFaults,
    }),
    forEach('assignment', {
      name: '交办',
      of: 'unit',
      items: (context) => [context.form.lead, ...assistOf(context)],
      steps: [
        handle('receipt', {
          name: '签收',
          ask: '请签收;对分工、目标、时限有异议的,退回立项并提出调整建议',
          assignees: [role('unit-clerk', '单位联络员', { unit: ({ item }) => item }), ofItem('单位主要负责人')],
          limit: ({ settings: s }) => s.receiptLimit,
          returnTo: ['establish'],
        }),
      ],
    }),
    parallel('work', {
      name: '推进',
      branches: [
        {
          says: '牵头单位办理',
          steps: [
            handle('undertake', {
              name: '牵头单位办理',
              ask: '每月报送进展(不少于20字),低于上次的写明原因,滞后于里程碑的写明问题;完成后填报并附佐证',
              assignees: [person('责任人', ({ form }) => form.responsible), unitHead('第一责任人', ({ form }) => form.lead)],
              limit: workLimit,
              reports: { every: ({ settings: s }) => s.reportEvery, check: progressFaults },
              extension: {
                approver: leaderInPlan,
                longest: ({ settings: s }) => s.extensionLongest,
                times: ({ settings: s }) => s.extensionTimes,
                limit: ({ settings: s }) => s.extensionApproval,
              },
              returnTo: ['establish'],
              check: undertakeFaults,
            }),
          ],
        },
        {
          says: '配合单位办理',
          when: (context) => assistOf(context).length > 0,
          steps: [
            forEach('assistance', {
              name: '配合',
              of: 'unit',
              items: assistOf,
              steps: [
                handle('assist', {
                  name: '配合单位办理',
                  assignees: ofItem('配合单位主要负责人'),
                  limit: workLimit,
                  reports: { every: ({ settings: s }) => s.assistEvery },
                  returnTo: 'none',
                  check: assistFaults,
                }),
              ],
            }),
          ],
        },
      ],
    }),
    handle('verify', {
      name: '核查',
      ask: '核实完成情况;不属实的退回牵头或配合单位,不得销号',
      assignees: role('supervisor', '督查员'),
      limit: ({ settings: s }) => s.verifyLimit,
      // Who registered a task does not check it.
      selfApproval: 'superior',
      excluded: notToCheck,
      returnTo: ['undertake', 'assist'],
      check: verifyFaults,
    }),
    handle('leader-review', {
      name: '报分管领导审阅',
      ask: '同意办结请提交;继续推进请退回“牵头单位办理”',
      assignees: leaderInPlan,
      limit: ({ settings: s }) => s.reviewLimit,
      inPerson: true,
      returnTo: ['undertake', 'verify'],
      check: reviewFaults,
    }),
    handle('close-out', {
      name: '销号',
      ask: '写明通报内容后销号',
      assignees: role('supervisor', '督查员'),
      limit: ({ settings: s }) => s.closeLimit,
      returnTo: ['verify', 'leader-review'],
    }),
    effect('bulletin', {
      name: '通报',
      does: (context) => {
        const { form, outputs } = context;
        return {
          kind: 'queue-bulletin',
          topic: '年度重点工作',
          entry: {
            title: form.task,
            year: form.year,
            leader: form.leader,
            lead: form.lead,
            assist: assistOf(context),
            responsible: form.responsible,
            level: outputs.establish?.level ?? null,
            dueOn: form.dueOn,
            result: outputs.undertake?.result ?? null,
            text: outputs['close-out']?.bulletin ?? null,
          },
        };
      },
    }),
    effect('archive', {
      name: '归档',
      does: () => ({ kind: 'archive', class: '年度重点工作', retention: '30-years' }),
    }),
  ],
});

/**
 * 领导批示督办 (domain P11): 批必查、查必果、果必报. No path leads round the check, the result and the report to the leader, and
 * each of the 五有 (立项、督查、报告、通报、归档) leaves a dated record.
 *
 * Every step is handling, none an approval, because a disagreement would end the matter without them. Nothing is returned to
 * the recorder once the instruction stands, because what lies with its applicant can be withdrawn.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import type { Retention } from '../../language/effect.ts';
import {
  assistFaults,
  closeFaults,
  establishFaults,
  registrationFaults,
  reviewFaults,
  successorPost,
  undertakeFaults,
  verifyFaults,
} from './checks.ts';
import { assistOf, doneAt, dueDay, type FollowUp, feedbackEvery, leadOf, settings, totalLimit, workLimit } from './terms.ts';

const { handle, choose, parallel, forEach, effect, define, unitHead, role, person, post, ofItem } = language<FollowUp>();

/** The leader who gave the instruction, in person; whoever holds the post now when the leader has left the school. */
const instructingLeader = [person('批示领导本人', ({ form }) => form.leader), post('批示领导已离任,由继任者阅批', successorPost)];

function retention({ outputs }: Context<FollowUp>): Retention {
  const level = outputs.establish?.level;
  return level === '重要' || level === '重大' ? 'permanent' : '30-years';
}

const DAY_MS = 86_400_000;

/** Whole days by which a matter ended late, parts counted as one; null while it is open. */
function daysLate(endedAt: string | null, dueAt: string): number | null {
  return endedAt === null ? null : Math.max(0, Math.ceil((Date.parse(endedAt) - Date.parse(dueAt)) / DAY_MS));
}

export const instructionFollowUp = define({
  id: 'instruction-follow-up',
  version: 1,
  name: '领导批示督办',
  numberPrefix: 'PSDB',
  category: '督查督办',
  basis: ['政府督查工作条例(国务院令第733号,参照)', '学校督查督办工作办法'],
  audience: '党政办公室工作人员(登记人)',
  applicants: ['office-clerk', 'office-director', 'office-deputy-director', 'supervisor'],
  materials: [
    { name: '批示原文扫描件', required: true, note: 'PDF 或图片;口头批示除外' },
    { name: '来源文号', required: true, note: '收文、签报、来信的编号;口头批示除外,但须按期补录并经领导确认' },
  ],
  contact: '党政办公室督查岗',
  limit: totalLimit,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  // An instruction's clock waits for nobody's registration.
  clockStopsWithApplicant: false,
  settings,
  title: (form) => `批示督办:${form.title}`,
  checks: registrationFaults,
  supervised: true,
  // Whose instruction it is may watch it from its start.
  concerned: ({ form }) => [form.leader],
  register: [
    { key: 'no', title: '批示号', value: ({ no }) => no },
    { key: 'leader', title: '批示领导', value: ({ form, nameOf }) => nameOf(form.leader) },
    { key: 'instructedOn', title: '批示日期', value: ({ form }) => form.instructedOn },
    { key: 'title', title: '摘要', value: ({ form }) => form.title },
    { key: 'lead', title: '主办', value: (source) => source.nameOf(leadOf(source)) },
    { key: 'assist', title: '协办', value: (source) => assistOf(source).map(source.nameOf).join('、') },
    { key: 'level', title: '级别', value: ({ outputs }) => outputs.establish?.level ?? null },
    { key: 'dueOn', title: '时限', value: (source) => dueDay(source) ?? source.dueAt },
    { key: 'establishedAt', title: '立项', value: ({ decisions }) => doneAt(decisions('establish')) },
    { key: 'verifiedAt', title: '督查', value: ({ decisions }) => doneAt(decisions('verify')) },
    { key: 'reportedAt', title: '报告', value: ({ decisions }) => doneAt(decisions('leader-review')) },
    { key: 'bulletinAt', title: '通报', value: ({ effectAt }) => effectAt('bulletin') },
    { key: 'archivedAt', title: '归档', value: ({ effectAt }) => effectAt('archive') },
    { key: 'closedAt', title: '办结日', value: ({ decisions }) => doneAt(decisions('close-out')) },
    { key: 'result', title: '结果', value: ({ outputs }) => outputs['result-report']?.report ?? null },
    { key: 'reported', title: '是否报领导', value: ({ decisions }) => doneAt(decisions('leader-review')) !== null },
    { key: 'daysLate', title: '逾期天数', value: ({ endedAt, dueAt }) => daysLate(endedAt, dueAt) },
    { key: 'status', title: '状态', value: ({ status }) => status },
  ],
  archive: { class: '领导批示', retention, basis: 'P11:重要批示及办结报告永久,其余30年 [C]' },
  steps: [
    choose('oral', {
      name: '口头批示确认',
      branches: [
        {
          says: '口头批示补录须经批示领导确认',
          when: ({ form }) => form.source === '口头补录',
          steps: [
            handle('confirm', {
              name: '批示领导确认',
              ask: '请确认登记的口头批示属实,有出入的可直接更正;未作此批示的,退回登记人',
              assignees: instructingLeader,
              limit: ({ settings: s }) => s.confirmLimit,
              returnTo: ['applicant'],
            }),
          ],
        },
      ],
    }),
    handle('establish', {
      name: '立项',
      ask: '主办单位主要负责人为第一责任人;核定级别、时限,可另指定承办人,有争议的协调改定主办、协办单位',
      assignees: [role('supervisor', '督查员'), role('office-director', '党政办主任')],
      limit: ({ settings: s }) => s.establishLimit,
      selfApproval: 'superior',
      // Not back to the leader's confirmation either: what is returned from there lies with the recorder again.
      returnTo: 'none',
      check: establishFaults,
    }),
    forEach('assignment', {
      name: '交办',
      of: 'unit',
      items: (context) => [leadOf(context), ...assistOf(context)],
      steps: [
        handle('receipt', {
          name: '签收',
          ask: '请签收督办单;对主办、协办分工有异议的,退回立项由党政办协调',
          assignees: [role('unit-clerk', '单位联络员', { unit: ({ item }) => item }), ofItem('单位主要负责人')],
          limit: ({ settings: s }) => s.receiptLimit,
          returnTo: ['establish'],
        }),
      ],
    }),
    parallel('work', {
      name: '办理',
      branches: [
        {
          says: '主办单位承办',
          steps: [
            handle('undertake', {
              name: '主办单位承办',
              ask: '按期反馈进展,办结后填报结果;不宜照办的,退回立项并提出调整建议',
              assignees: [
                person('立项指定的承办人', ({ outputs }) => outputs.establish?.undertaker ?? null),
                unitHead('第一责任人', leadOf),
              ],
              limit: workLimit,
              reports: { every: feedbackEvery },
              returnTo: ['establish'],
              check: undertakeFaults,
            }),
          ],
        },
        {
          says: '协办单位配合',
          when: (context) => assistOf(context).length > 0,
          steps: [
            forEach('assistance', {
              name: '协办',
              of: 'unit',
              items: assistOf,
              steps: [
                handle('assist', {
                  name: '协办单位配合办理',
                  assignees: ofItem('协办单位主要负责人'),
                  limit: workLimit,
                  returnTo: 'none',
                  check: assistFaults,
                }),
              ],
            }),
          ],
        },
      ],
    }),
    handle('result-report', {
      name: '办结报告',
      ask: '汇总主办、协办情况,由主办单位主要负责人审签后报送;需补充的退回承办或协办',
      assignees: unitHead('第一责任人', leadOf),
      limit: ({ settings: s }) => s.reportLimit,
      returnTo: ['undertake', 'assist'],
    }),
    handle('verify', {
      name: '核查',
      ask: '逐项核实办理结果;不属实的退回主办或协办单位重办,不得销号',
      assignees: role('supervisor', '督查员'),
      limit: ({ settings: s }) => s.verifyLimit,
      // Who registered an instruction does not check it: the recorder is dropped from the list.
      selfApproval: 'superior',
      returnTo: ['undertake', 'assist', 'result-report'],
      check: verifyFaults,
    }),
    handle('leader-review', {
      name: '呈批示领导阅',
      ask: '同意办结请提交;退回重办请退回“主办单位承办”并从该环节起重走;继续跟踪请退回“立项”并写明新的要求和时限',
      assignees: instructingLeader,
      limit: ({ settings: s }) => s.reviewLimit,
      returnTo: ['establish', 'undertake', 'verify'],
      check: reviewFaults,
    }),
    handle('close-out', {
      name: '销号',
      ask: '核对五有齐备,写明通报内容后销号',
      assignees: role('supervisor', '督查员'),
      limit: ({ settings: s }) => s.closeLimit,
      returnTo: ['verify', 'leader-review'],
      check: closeFaults,
    }),
    effect('bulletin', {
      name: '通报',
      does: (context) => {
        const { form, outputs } = context;
        return {
          kind: 'queue-bulletin',
          topic: '领导批示办理情况',
          entry: {
            title: form.title,
            leader: form.leader,
            instructedOn: form.instructedOn,
            lead: leadOf(context),
            assist: assistOf(context),
            level: outputs.establish?.level ?? null,
            dueOn: dueDay(context),
            result: outputs['result-report']?.report ?? null,
            text: outputs['close-out']?.bulletin ?? null,
          },
        };
      },
    }),
    effect('archive', {
      name: '归档',
      does: (context) => ({ kind: 'archive', class: '领导批示', retention: retention(context) }),
    }),
  ],
});

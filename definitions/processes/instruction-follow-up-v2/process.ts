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
  readingLeader,
  readsOf,
  registrationChecks,
  reviewFaults,
  undertakeFaults,
  verifyFaults,
} from './checks.ts';
import { register } from './register.ts';
import { assistOf, dueDay, type FollowUp, feedbackEvery, leadOf, settings, totalLimit, workLimit } from './terms.ts';

const { handle, choose, parallel, forEach, effect, define, unitHead, role, person, ofItem } = language<FollowUp>();

/** The leader who gave the instruction, in person; whoever holds the post now when the leader has left the school. */
const instructingLeader = person('批示领导本人(已离任的,由继任者阅批)', readingLeader);

function retention({ outputs }: Context<FollowUp>): Retention {
  const level = outputs.establish?.level;
  return level === '重要' || level === '重大' ? 'permanent' : '30-years';
}

/** Who gains by the instruction settles and checks nothing in it (003). */
function beneficiaries({ form }: Pick<Context<FollowUp>, 'form'>): readonly string[] {
  return form.beneficiaries ?? [];
}

/** Who did the work or signed its report does not check it, nor does who gains by it. */
function notToCheck(context: Context<FollowUp>): string[] {
  const did = ['undertake', 'result-report'].flatMap((step) => context.decisions(step).map((one) => one.person));
  return [...beneficiaries(context), ...did];
}

export const instructionFollowUp = define({
  id: 'instruction-follow-up',
  version: 2,
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
  reads: readsOf,
  checks: registrationChecks,
  supervised: true,
  // Whose instruction it is may watch it from its start.
  concerned: ({ form }) => [form.leader],
  register,
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
              // Whoever else confirms a word that the leader spoke only says so.
              inPerson: true,
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
      excluded: beneficiaries,
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
              ask: '按期反馈进展,办结后填报结果;不能按期办结的,在到期前说明理由和进展申请延期;不宜照办的,退回立项并提出调整建议',
              assignees: [
                person('立项指定的承办人', ({ outputs }) => outputs.establish?.undertaker ?? null),
                unitHead('第一责任人', leadOf),
              ],
              limit: workLimit,
              reports: { every: feedbackEvery },
              // Asked before the due date, granted by the leader who gave the instruction (HUAT: 延期审批权归校领导).
              extension: {
                approver: instructingLeader,
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
    handle('result-report', {
      name: '办结报告',
      ask: '汇总主办、协办情况,由主办单位主要负责人审签后报送;需补充的退回承办或协办',
      assignees: unitHead('第一责任人', leadOf),
      limit: ({ settings: s }) => s.reportLimit,
      inPerson: true,
      returnTo: ['undertake', 'assist'],
    }),
    handle('verify', {
      name: '核查',
      ask: '逐项核实办理结果;不属实的退回主办或协办单位重办,不得销号',
      assignees: role('supervisor', '督查员'),
      limit: ({ settings: s }) => s.verifyLimit,
      // Who registered an instruction does not check it: the recorder is dropped from the list.
      selfApproval: 'superior',
      excluded: notToCheck,
      returnTo: ['undertake', 'assist', 'result-report'],
      check: verifyFaults,
    }),
    handle('leader-review', {
      name: '呈批示领导阅',
      ask: '同意办结请提交;退回重办请退回“主办单位承办”并从该环节起重走;继续跟踪请退回“立项”并写明新的要求和时限',
      assignees: instructingLeader,
      limit: ({ settings: s }) => s.reviewLimit,
      inPerson: true,
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

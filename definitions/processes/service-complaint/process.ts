/**
 * 服务投诉 (domain P22): what is wrong with a service is written down, found out by somebody who is not complained about, answered,
 * put right within a limit, and told to all. A rating of two stars or fewer opens one by itself.
 *
 * The person complained about never handles it: they are excluded from every step, by whatever way a task could come to them, and
 * neither circulation nor a request for advice leaves the hands of those who handle it.
 */
import type { Context } from '../../language/context.ts';
import { language } from '../../language/define.ts';
import type { Detour } from '../../language/steps.ts';
import {
  assessFaults,
  complaintChecks,
  feedbackFaults,
  forwardFaults,
  readsOf,
  recheckFaults,
  rectifyFaults,
  satisfactionFaults,
  solveFaults,
  triageFaults,
  verifyFaults,
} from './checks.ts';
import { postAnswering } from './people.ts';
import { register } from './register.ts';
import { accusedIn, type Complaint, findingOf, isProven, planOf, rectifyLimit, runningUnit, settings } from './terms.ts';

const { handle, choose, effect, define, unitHead, role, post, applicant } = language<Complaint>();

/** What every step keeps to. */
const fair = {
  excluded: accusedIn,
  selfApproval: 'superior',
  withoutDetours: ['circulate', 'consult'] as readonly Detour[],
} as const;

/** Whoever did the first finding out does not do the second. */
function notAgain(context: Context<Complaint>): string[] {
  const did = ['verify', 'solve'].flatMap((step) => context.decisions(step).map((one) => one.person));
  return [...accusedIn(context), ...did];
}

/** Who put it right does not check it. */
function notWhoRectified(context: Context<Complaint>): string[] {
  return [...accusedIn(context), ...context.decisions('rectify').map((one) => one.person)];
}

const clerkInCharge = role('unit-clerk', '服务质量主管单位联络员', { unit: runningUnit });
const headInCharge = unitHead('服务质量主管单位主要负责人', runningUnit);
const verifier = post('核实单位主要负责人(其本人被投诉的,由其上级)', (context, directory) => {
  const { form, outputs, updatedAt } = context;
  return postAnswering(directory, outputs.forward?.to ?? form.unit, accusedIn(context), updatedAt);
});
const answering = post('被投诉单位主要负责人(其本人被投诉的,由其上级)', (context, directory) =>
  postAnswering(directory, context.form.unit, accusedIn(context), context.updatedAt),
);

export const serviceComplaint = define({
  id: 'service-complaint',
  version: 1,
  name: '服务投诉',
  numberPrefix: 'FWTS',
  category: '服务质量',
  basis: ['机关作风建设和服务质量考评办法(004)', '首问负责制、限时办结制、责任追究制度'],
  audience: '接受学校机关服务的师生员工;来电、来信、来访由受理单位登记',
  applicants: 'anyone',
  materials: [
    { name: '证据', required: false, note: '能说明情况的录音、截图、文件等' },
    { name: '办件号', required: false, note: '针对某一办件的,请写明' },
    { name: '联系方式', required: true, note: '匿名投诉可不留;匿名投诉不反馈' },
  ],
  contact: '机关党委(党委组织部)服务质量投诉受理岗',
  limit: ({ settings: s }) => s.total,
  correctionLimit: ({ settings: s }) => s.correctionLimit,
  clockStopsWithApplicant: true,
  settings,
  // Whoever is complained about neither handles the case nor looks into it, whatever their office.
  keptOut: accusedIn,
  title: (form) => `服务投诉:${form.subject}`,
  reads: readsOf,
  checks: complaintChecks,
  harmlessFields: ['contact'],
  // Supervisors may be complained about as anybody may: a case is seen by who handles it, not by the whole supervision.
  supervised: false,
  register,
  archive: { class: '服务投诉', retention: () => '10-years', basis: 'P22:10年 [C]' },
  steps: [
    handle('triage', {
      ...fair,
      name: '登记与分类初审',
      ask: '定类型,列明被投诉人;不属于受理范围的告知理由,内容不清的退回投诉人补充',
      assignees: [clerkInCharge, headInCharge],
      limit: ({ settings: s }) => s.triageLimit,
      returnTo: ['applicant'],
      check: triageFaults,
      ends: (_context, output) => (output.accepted ? null : `不予受理:${output.reason ?? ''}`),
    }),
    handle('forward', {
      ...fair,
      name: '转办',
      ask: '转给能够公正核实的单位;被投诉人不得办理本投诉',
      assignees: [headInCharge, clerkInCharge],
      limit: ({ settings: s }) => s.forwardLimit,
      returnTo: ['triage'],
      check: forwardFaults,
    }),
    handle('verify', {
      ...fair,
      name: '核实',
      ask: '查清事实,听取双方陈述;不属于本单位核实的退回转办',
      assignees: verifier,
      limit: ({ settings: s }) => s.verifyLimit,
      reports: { every: ({ settings: s }) => s.progressEvery },
      returnTo: ['forward'],
      check: verifyFaults,
    }),
    handle('solve', {
      ...fair,
      name: '处理方案',
      ask: '提出处理方案;查实的,定整改期限',
      assignees: verifier,
      limit: ({ settings: s }) => s.solveLimit,
      familiar: true,
      returnTo: ['verify'],
      check: solveFaults,
    }),
    choose('answer', {
      name: '反馈',
      branches: [
        {
          says: '实名投诉反馈投诉人;匿名投诉不反馈',
          when: ({ form }) => !form.anonymous,
          steps: [
            handle('feedback', {
              ...fair,
              name: '反馈',
              ask: '把核实结果和处理方案告知投诉人;方案不妥的退回',
              assignees: [clerkInCharge, headInCharge],
              limit: ({ settings: s }) => s.feedbackLimit,
              returnTo: ['verify', 'solve'],
              check: feedbackFaults,
            }),
            handle('satisfaction', {
              ...fair,
              selfApproval: 'allow',
              name: '投诉人评价',
              ask: '对处理是否满意?不满意的将由他人重新办理',
              assignees: applicant(),
              limit: ({ settings: s }) => s.satisfactionLimit,
              returnTo: 'none',
              stopsClock: '等待投诉人评价期间不计时',
              silence: 'go-on',
              check: satisfactionFaults,
            }),
          ],
        },
      ],
    }),
    choose('redo', {
      name: '重办',
      branches: [
        {
          says: '投诉人不满意的,由未参加前次核实的人重办',
          when: ({ outputs }) => outputs.satisfaction?.satisfied === false,
          steps: [
            handle('recheck', {
              ...fair,
              name: '重办',
              ask: '重新核实并提出方案',
              assignees: [headInCharge, clerkInCharge],
              limit: ({ settings: s }) => s.recheckLimit,
              excluded: notAgain,
              reports: { every: ({ settings: s }) => s.progressEvery },
              returnTo: 'none',
              check: recheckFaults,
            }),
            handle('final-feedback', {
              ...fair,
              name: '重办反馈',
              assignees: [clerkInCharge, headInCharge],
              limit: ({ settings: s }) => s.feedbackLimit,
              returnTo: ['recheck'],
              check: feedbackFaults,
            }),
            handle('final-satisfaction', {
              ...fair,
              selfApproval: 'allow',
              name: '投诉人再次评价',
              assignees: applicant(),
              limit: ({ settings: s }) => s.satisfactionLimit,
              returnTo: 'none',
              stopsClock: '等待投诉人评价期间不计时',
              silence: 'go-on',
              check: satisfactionFaults,
            }),
          ],
        },
      ],
    }),
    choose('put-right', {
      name: '整改',
      branches: [
        {
          says: '查实的投诉限期整改',
          when: (context) => isProven(findingOf(context)),
          steps: [
            handle('rectify', {
              ...fair,
              name: '限期整改',
              ask: '按方案整改并附佐证;不能按期完成的,在到期前申请延期',
              assignees: answering,
              limit: rectifyLimit,
              extension: {
                approver: headInCharge,
                longest: ({ settings: s }) => s.rectifyExtension,
                times: ({ settings: s }) => s.extensionTimes,
                limit: ({ settings: s }) => s.extensionApproval,
              },
              returnTo: 'none',
              check: rectifyFaults,
            }),
            handle('check-rectification', {
              ...fair,
              name: '整改核查',
              ask: '核查整改是否到位;不到位的退回',
              assignees: [clerkInCharge, headInCharge],
              limit: ({ settings: s }) => s.checkLimit,
              excluded: notWhoRectified,
              returnTo: ['rectify'],
            }),
          ],
        },
      ],
    }),
    handle('assess', {
      ...fair,
      name: '通报与考核',
      ask: '记录处理,写明通报内容;不得写明投诉人',
      assignees: headInCharge,
      limit: ({ settings: s }) => s.assessLimit,
      returnTo: 'none',
      check: assessFaults,
    }),
    effect('bulletin', {
      name: '通报',
      does: (context) => {
        const { form, outputs } = context;
        return {
          kind: 'queue-bulletin',
          topic: '服务质量投诉办理情况',
          // Nothing of who complained.
          entry: {
            unit: form.unit,
            category: outputs.triage?.category ?? null,
            finding: findingOf(context),
            sanction: outputs.assess?.sanction ?? null,
            rectifyBy: planOf(context)?.rectifyBy ?? null,
            text: outputs.assess?.text ?? null,
          },
        };
      },
    }),
    effect('archive', { name: '归档', does: () => ({ kind: 'archive', class: '服务投诉', retention: '10-years' }) }),
  ],
});

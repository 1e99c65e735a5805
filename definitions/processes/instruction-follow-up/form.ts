/** Forms of 领导批示督办 (domain P11). */
import { z } from 'zod';
import { schoolDate, shiftWorkingDays } from '../../language/calendar.ts';
import { choice, day, file, files, flag, line, paragraph, personId, unitId } from '../../language/fields.ts';
import { defineForms } from '../../language/forms.ts';

/** 批示来源; an oral instruction is registered within the day and confirmed by its leader. */
export const SOURCES = ['会议决议', '年度重点工作', '收文', '签报', '来信', '信箱', '专项', '口头补录'] as const;
/** 紧急程度 (R1). */
export const URGENCIES = ['平件', '加急', '特急'] as const;
/** 办理难度; decides the time limit where the leader set none (LARD). */
export const DIFFICULTIES = ['一般', '难度较大'] as const;
/** 反馈方式: how often the lead unit reports while it works. */
export const FEEDBACKS = ['每周反馈', '每半月反馈', '每月反馈'] as const;
/** 督办级别; a 重大 item closes only after a check on the spot (003). */
export const LEVELS = ['一般', '重要', '重大'] as const;

/** What a unit may object to when it receives an instruction. */
export const OBJECTIONS = ['主办协办分工', '办理时限', '批示内容'] as const;
/** Why work is late (P10, CSUFT). */
export const DELAY_REASONS = ['互相制约', '需多方论证顺延', '外部审批', '分阶段推进'] as const;
/** What the leader may say to a reasoned proposal to do otherwise; only the first goes on, the others are returns. */
export const ANSWERS = ['采纳,按调整建议办结', '采纳,另行立项', '不采纳,照原批示办理'] as const;

const NO_RESULT = '查无结果不得销号:请填写办理结果';

/** Together with the lead unit no more than one list of receipts holds. */
const ASSIST_MAX = 199;

const form = z.strictObject({
  leader: personId('批示领导'),
  instructedOn: day('批示日期'),
  text: z
    .string({ error: '无批示原文或出处:请填写批示原文' })
    .trim()
    .min(1, '无批示原文或出处:请填写批示原文')
    .max(2_000, '批示原文不超过2000字')
    .meta({ title: '批示原文', format: 'textarea' }),
  scan: file('批示原文扫描件').optional(),
  source: choice('批示来源', SOURCES),
  sourceNo: line('来源文号', 60).optional(),
  title: line('事项摘要'),
  lead: unitId('主办单位'),
  assist: z.array(unitId('协办单位')).max(ASSIST_MAX, `协办单位最多${ASSIST_MAX}个`).meta({ title: '协办单位' }),
  urgency: choice('紧急程度', URGENCIES),
  difficulty: choice('办理难度', DIFFICULTIES),
  dueOn: day('批示领导确定的办结时限').optional(),
  feedback: choice('反馈方式', FEEDBACKS),
  beneficiaries: z.array(personId('受益人')).max(20, '受益人最多20人').meta({ title: '批示事项的受益人' }).optional(),
});

const outputs = {
  confirm: z.strictObject({
    confirmed: z.literal(true, { error: '请确认本批示属实;不属实的请退回登记人' }).meta({ title: '批示属实' }),
    text: paragraph('更正后的批示内容').optional(),
  }),
  establish: z.strictObject({
    level: choice('督办级别', LEVELS),
    undertaker: personId('承办人').meta({ title: '承办人(不指定的,由第一责任人即主办单位主要负责人承办)' }).optional(),
    lead: unitId('主办单位').meta({ title: '协调后改定的主办单位' }).optional(),
    assist: z
      .array(unitId('协办单位'))
      .max(ASSIST_MAX, `协办单位最多${ASSIST_MAX}个`)
      .meta({ title: '协调后改定的协办单位' })
      .optional(),
    dueOn: day('立项确定的办结时限').optional(),
    note: paragraph('立项说明', 500).optional(),
  }),
  receipt: z.strictObject({
    received: z.literal(true, { error: '请确认签收' }).meta({ title: '已签收' }),
    contact: line('联系人', 40).optional(),
    objection: z
      .strictObject({
        about: choice('异议事项', OBJECTIONS),
        reason: paragraph('异议理由', 1_000),
        proposal: paragraph('调整建议', 1_000).optional(),
      })
      .meta({ title: '异议(有异议的填写)' })
      .optional(),
  }),
  'settle-objection': z.strictObject({
    upheld: z.literal(true, { error: '采纳异议的,请退回“立项”改定' }).meta({ title: '维持原立项' }),
    reply: paragraph('答复', 1_000),
  }),
  // Either a result with its evidence, or a reasoned proposal to do otherwise: which of the two is missing tells the step's check.
  undertake: z.strictObject({
    result: z
      .string({ error: NO_RESULT })
      .trim()
      .min(1, NO_RESULT)
      .max(5_000, '办理结果不超过5000字')
      .meta({ title: '办理结果', format: 'textarea' })
      .optional(),
    evidence: files('佐证材料', 0).optional(),
    adjustment: z
      .strictObject({ proposal: paragraph('建议', 2_000), reason: paragraph('理由', 2_000) })
      .meta({ title: '调整建议(不宜照办的,代替办理结果填写)' })
      .optional(),
    delayReason: choice('逾期原因', DELAY_REASONS).optional(),
  }),
  'answer-adjustment': z.strictObject({
    decision: choice('批示领导对调整建议的意见', ANSWERS),
    reply: paragraph('答复', 1_000).optional(),
  }),
  assist: z.strictObject({
    contribution: paragraph('协办情况'),
    files: files('协办材料', 0).optional(),
  }),
  'result-report': z.strictObject({
    report: paragraph('办结报告', 5_000),
    signed: z.literal(true, { error: '办结报告未经主要负责人审签' }).meta({ title: '主要负责人审签' }),
  }),
  verify: z.strictObject({
    verified: choice('核查结论', ['属实', '不属实']),
    findings: paragraph('核查情况'),
    onSite: flag('是否实地核查'),
    evidence: files('核查材料', 0).optional(),
  }),
  'leader-review': z.strictObject({
    decision: choice('批示领导意见', ['同意办结', '继续跟踪']),
    remark: paragraph('补充意见', 500).optional(),
  }),
  'close-out': z.strictObject({
    reported: z.literal(true, { error: '未报批示领导,不得归档' }).meta({ title: '办理结果已报批示领导' }),
    bulletin: paragraph('通报内容', 1_000),
  }),
};

/** The form as the flow sees it. */
export type FollowUpForm = z.infer<typeof form>;
/** The outputs by step id. */
export type FollowUpOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };

/** Forms, examples and schemas of the process. */
export const instructionFollowUpForms = defineForms({
  form,
  outputs,
  example: ({ now, calendar, files: sample, serial }) => {
    const today = schoolDate(calendar, now);
    return {
      person: 'p-li-xiaoyu',
      form: {
        leader: 'p-gu-mingzhe',
        instructedOn: today,
        text: '请教务处牵头,会同学生工作处、信息与网络中心研究提出改进意见,抓好落实。',
        scan: sample.pdf,
        source: '收文',
        sourceNo: `收文〔${today.slice(0, 4)}〕${serial}号`,
        title: `改进本科生选课服务(收文${serial}号)`,
        lead: 'u-academic',
        assist: ['u-students', 'u-it'],
        urgency: '平件',
        difficulty: '一般',
        feedback: '每周反馈',
      },
      attachments: [],
    };
  },
  outputExamples: {
    confirm: () => ({ confirmed: true }),
    establish: ({ form: filled, now, calendar }) => {
      const today = schoolDate(calendar, now);
      // A day that the leader set and that has passed is set anew.
      const passed = typeof filled.dueOn === 'string' && filled.dueOn < today;
      const dueOn = passed ? { dueOn: shiftWorkingDays(calendar, today, 1) } : {};
      return { level: '重要' as const, ...dueOn, note: '请主办单位按时限办理并按期反馈' };
    },
    receipt: () => ({ received: true }),
    'settle-objection': () => ({ upheld: true, reply: '分工系按职责确定,请按原立项办理' }),
    undertake: ({ files: sample }) => ({
      result: '已开通选课咨询专线,优化选课系统排队机制,本学期选课投诉明显减少',
      evidence: [sample.pdf],
      // Accepted in time as well; the ledger shows it for late work only.
      delayReason: '需多方论证顺延' as const,
    }),
    'answer-adjustment': () => ({ decision: '采纳,按调整建议办结' as const, reply: '同意按建议调整' }),
    assist: () => ({ contribution: '已按分工配合主办单位完成' }),
    'result-report': ({ outputs: before }) => ({
      report: typeof before.undertake?.result === 'string' ? before.undertake.result : '经批示领导同意,按调整建议办理',
      signed: true as const,
    }),
    verify: () => ({ verified: '属实' as const, findings: '现场查看并抽访学生,情况与报告一致', onSite: true }),
    'leader-review': () => ({ decision: '同意办结' as const }),
    'close-out': ({ form: filled }) => ({ reported: true, bulletin: `${String(filled.title)}:已办结` }),
  },
});

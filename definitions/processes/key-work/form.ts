/** Forms of 年度重点工作 (domain P20). */
import { z } from 'zod';
import { schoolDate } from '../../language/calendar.ts';
import { choice, count, day, file, files, flag, line, paragraph, personId, unitId } from '../../language/fields.ts';
import { defineForms } from '../../language/forms.ts';

/** 来源 (001: 年度工作要点、专项子规划). */
export const SOURCES = ['年度工作要点', '发展规划', '党代会', '其他'] as const;
/** 重要程度; a 重大 item closes only after a check on the spot (003). */
export const LEVELS = ['一般', '重要', '重大'] as const;
/** Why work is late (P10, CSUFT). */
export const DELAY_REASONS = ['互相制约', '需多方论证顺延', '外部审批', '分阶段推进'] as const;

/** Together with the lead unit no more than one list of receipts holds. */
const ASSIST_MAX = 199;

const form = z.strictObject({
  year: count('年度', 2000, 2100),
  task: line('任务'),
  source: choice('来源', SOURCES),
  sourceRef: line('来源文件及条目').optional(),
  goal: paragraph('目标', 1_000),
  measures: paragraph('措施'),
  lead: unitId('牵头单位'),
  assist: z.array(unitId('配合单位')).max(ASSIST_MAX, `配合单位最多${ASSIST_MAX}个`).meta({ title: '配合单位' }),
  responsible: personId('责任人'),
  leader: personId('分管领导'),
  milestones: z
    .array(
      z.strictObject({
        name: line('里程碑'),
        on: day('里程碑日期'),
        percent: count('届时完成比例(%)', 1, 100),
      }),
    )
    .max(24, '里程碑最多24个')
    .meta({ title: '里程碑' }),
  dueOn: day('年底时限'),
});

const outputs = {
  establish: z.strictObject({
    level: choice('重要程度', LEVELS),
    items: z
      .array(z.strictObject({ content: line('分解事项', 200), unit: unitId('承担单位'), by: day('完成日期') }))
      .max(50, '分解事项最多50项')
      .meta({ title: '任务分解' })
      .optional(),
    note: paragraph('立项说明', 500).optional(),
  }),
  receipt: z.strictObject({
    received: z.literal(true, { error: '请确认签收' }).meta({ title: '已签收' }),
    contact: line('联系人', 40).optional(),
  }),
  undertake: z.strictObject({
    result: paragraph('完成情况', 5_000),
    evidence: z
      .array(file('佐证材料'), { error: '完成但无佐证:请上传佐证材料' })
      .min(1, '完成但无佐证:请上传佐证材料')
      .max(20, '佐证材料最多20个')
      .meta({ title: '佐证材料' }),
    delayReason: choice('逾期原因', DELAY_REASONS).optional(),
  }),
  assist: z.strictObject({
    contribution: paragraph('配合情况'),
    files: files('配合材料', 0).optional(),
  }),
  verify: z.strictObject({
    verified: choice('核查结论', ['属实', '不属实']),
    findings: paragraph('核查情况'),
    onSite: flag('是否实地核查'),
    evidence: files('核查材料', 0).optional(),
  }),
  'leader-review': z.strictObject({
    decision: choice('分管领导意见', ['同意办结', '继续推进']),
    remark: paragraph('补充意见', 500).optional(),
  }),
  'close-out': z.strictObject({ bulletin: paragraph('通报内容', 1_000) }),
};

/** The form as the flow sees it. */
export type KeyWorkForm = z.infer<typeof form>;
/** The outputs by step id. */
export type KeyWorkOutputs = { [K in keyof typeof outputs]: z.infer<(typeof outputs)[K]> };

/** Forms, examples and schemas of the process. */
export const keyWorkForms = defineForms({
  form,
  outputs,
  example: ({ now, calendar, serial }) => {
    const year = Number(schoolDate(calendar, now).slice(0, 4));
    return {
      person: 'p-li-xiaoyu',
      form: {
        year,
        task: `本科教育教学审核评估整改(第${serial}项)`,
        source: '年度工作要点',
        sourceRef: `${year}年工作要点第12条`,
        goal: '完成审核评估整改任务,通过专家回访',
        measures: '制定整改台账,逐项销号,组织校内专家预检',
        lead: 'u-academic',
        assist: ['u-students'],
        responsible: 'p-su-wenqing',
        leader: 'p-gu-mingzhe',
        milestones: [{ name: '完成全部整改', on: `${year}-12-31`, percent: 100 }],
        dueOn: `${year}-12-31`,
      },
      attachments: [],
    };
  },
  outputExamples: {
    establish: () => ({ level: '重要' as const, note: '请牵头单位每月报送进展' }),
    receipt: () => ({ received: true }),
    undertake: ({ files: sample }) => ({
      result: '整改任务全部完成,已通过校内专家预检',
      evidence: [sample.pdf],
      // Accepted in time as well; the ledger shows it for late work only.
      delayReason: '需多方论证顺延' as const,
    }),
    assist: () => ({ contribution: '已按分工配合牵头单位完成' }),
    verify: () => ({ verified: '属实' as const, findings: '查阅台账并现场抽查,情况与报告一致', onSite: true }),
    'leader-review': () => ({ decision: '同意办结' as const }),
    'close-out': ({ form: filled }) => ({ bulletin: `${String(filled.task)}:已完成` }),
  },
});

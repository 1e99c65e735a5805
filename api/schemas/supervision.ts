/** Shapes of the supervision ledger 督办台账, its topics 专项 and urging 催办. */
import { z } from 'zod';
import { day } from '../../definitions/language/fields.ts';
import { SUPERVISION_SOURCES } from '../../definitions/language/supervision.ts';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { LEDGER_GROUPS, LEDGER_VIEWS } from '../../workflows/machine/supervision/ledger.ts';
import { INSPECTION_KINDS, INSPECTION_RESULTS, STATUSES } from '../../workflows/machine/words.ts';
import { instant, LIMITS, light, matterItemSchema, pageQuery, problemSchema, status } from './common.ts';

const id = z.string().min(1).max(80);
const named = z.object({ id: z.string(), name: z.string() });
const schoolDay = (title: string) => day(title).meta({ title, description: '学校日期,含当日' });
const file = z.object({ id: z.string(), name: z.string(), size: z.number().int() });

/** Filters of the ledger, without pages. */
const filters = {
  view: z
    .enum(LEDGER_VIEWS)
    .default('supervised')
    .meta({ description: '我主办 todo、我协办 assist、我关注 watched、督办 supervised(依职权可见的全部)、我批示或分管 led' }),
  leader: id.optional(),
  unit: id.optional().meta({ description: '牵头或协办单位' }),
  topic: id.optional(),
  source: z.enum(SUPERVISION_SOURCES).optional(),
  light: light.optional(),
  status: z.enum([...STATUSES, 'unfinished']).optional(),
  overdue: z.stringbool().optional(),
  level: z.string().trim().min(1).max(40).optional(),
  from: schoolDay('起始日期').optional(),
  to: schoolDay('截止日期').optional(),
  q: z
    .string()
    .trim()
    .min(1)
    .max(LIMITS.query)
    .optional()
    .meta({ description: '在编号、标题、来源文号、内容、单位、申请人、责任人中查找,空格分开的词须都有' }),
};

const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from <= to;
const ORDER_FAULT = { path: ['to'], message: '截止日期不能早于起始日期' };

export const ledgerQuery = z
  .strictObject({ ...filters, count: z.stringbool().default(false), ...pageQuery })
  .refine(inOrder, ORDER_FAULT);
export const summaryQuery = z.strictObject({ by: z.enum(LEDGER_GROUPS), ...filters }).refine(inOrder, ORDER_FAULT);

const reportSchema = z.object({
  sequence: z.number().int(),
  at: instant,
  step: z.string(),
  stepName: z.string(),
  person: named,
  percent: z.number().int(),
  text: z.string(),
  evidence: z.array(file),
});

/** A row of the ledger. */
export const ledgerItemSchema = z.object({
  matter: matterItemSchema.omit({ tasks: true }),
  source: z.object({ code: z.enum(SUPERVISION_SOURCES), name: z.string() }),
  sourceRef: z.string().nullable(),
  content: z.string(),
  lead: named.nullable().meta({ description: '牵头单位' }),
  assist: z.array(named).meta({ description: '协办单位' }),
  responsible: named.nullable().meta({ description: '责任人;未另行指定的为牵头单位主要负责人' }),
  leader: named.nullable().meta({ description: '批示或分管领导' }),
  level: z.string().nullable(),
  dueAt: instant.meta({ description: '承办期间为承办时限,其余为全程时限' }),
  light,
  overdue: z.boolean(),
  overdueFrom: instant.nullable(),
  percent: z.number().int().nullable(),
  progress: z.string().nullable(),
  progressAt: instant.nullable(),
  feedbackDueAt: instant.nullable(),
  feedbackMissed: z.number().int(),
  extensions: z.number().int(),
  checker: named.nullable(),
  checkedAt: instant.nullable(),
  result: z.string().nullable(),
  reportedTo: named.nullable(),
  reportedAt: instant.nullable(),
  adjustment: z.string().nullable(),
  delayReason: z.string().nullable(),
  topics: z.array(named),
  holders: z
    .array(z.object({ step: z.string(), name: z.string(), people: z.array(named), dueAt: instant }))
    .meta({ description: '现在谁手上' }),
  watched: z.boolean(),
});

/** A page of progress reports, newest first. */
export const progressPageSchema = z.object({ items: z.array(reportSchema), nextCursor: z.string().nullable() });

const urgeSchema = z.object({ at: instant, by: named, person: named, text: z.string().nullable() });

/** A row of the ledger with its course. */
export const ledgerDetailSchema = ledgerItemSchema.extend({
  reports: progressPageSchema,
  evidence: z.array(file).meta({ description: '全部佐证:进展反馈、各环节办理和督查所附' }),
  urges: z.array(urgeSchema),
  inspections: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      kind: z.enum(INSPECTION_KINDS),
      round: z.number().int(),
      openedAt: instant,
      dueOn: z.string(),
      result: z.enum(INSPECTION_RESULTS),
      finding: z.string().nullable(),
      evidence: z.array(file),
      checkedBy: named.nullable(),
      checkedAt: instant.nullable(),
    }),
  ),
});

/** Sums of the ledger by group. */
export const summarySchema = z.object({
  items: z.array(
    z.object({
      key: named.nullable().meta({ description: '未定的为 null' }),
      total: z.number().int(),
      open: z.number().int(),
      overdue: z.number().int(),
      yellow: z.number().int(),
      orange: z.number().int(),
      finished: z.number().int(),
      late: z.number().int().meta({ description: '已办结中逾期的' }),
    }),
  ),
  nextCursor: z.null(),
});

/** Matters of one request for urging or for a topic. */
const BATCH_MAX = 50;
const numbers = z
  .array(z.string().min(1).max(60))
  .min(1, '请选择事项')
  .max(BATCH_MAX, `一次最多${BATCH_MAX}件`)
  .refine((list) => new Set(list).size === list.length, '同一事项只能选一次');

export const urgeBody = z.strictObject({
  matters: numbers,
  text: z.string().trim().min(1, '请填写内容').max(COMMAND_LIMITS.text).optional(),
});

export const urgeAnswer = z.object({
  items: z.array(
    z.object({
      matter: z.string(),
      status: z.number().int().meta({ description: '单独催办该件时会得到的状态码:200 已催,202 已受理,其余未催' }),
      problem: problemSchema.omit({ matter: true }).optional(),
    }),
  ),
});

export const urgeLogQuery = z
  .strictObject({
    unit: id.optional(),
    from: schoolDay('起始日期').optional(),
    to: schoolDay('截止日期').optional(),
    ...pageQuery,
  })
  .refine(inOrder, ORDER_FAULT);

/** Urges of one unit on one day. */
export const urgedUnitSchema = z.object({
  day: z.string(),
  unit: named,
  reminders: z.number().int(),
  matters: z.number().int(),
  urges: z.array(
    z.object({ no: z.string(), title: z.string(), person: named, by: named, at: instant, text: z.string().nullable() }),
  ),
});

const topicName = z.string().trim().min(1, '请填写专项名称').max(100);
const basis = z.string().trim().min(1, '请填写依据').max(500);
const milestones = z.array(z.strictObject({ on: day('节点日期'), name: z.string().trim().min(1).max(100) })).max(50);
const everyMonths = z.number().int().min(1).max(12).nullable();

export const topicBody = z.strictObject({
  name: topicName,
  supervisor: id.meta({ description: '专人:本专项的督办人' }),
  basis,
  startedOn: day('起始日期').optional(),
  milestones: milestones.default([]),
  inspectEveryMonths: everyMonths.default(null).meta({ description: '每几个月开展一轮面上督查' }),
  nextInspectionOn: day('下一轮督查日期').nullish(),
});

export const topicChange = z
  .strictObject({
    name: topicName,
    supervisor: id,
    basis,
    milestones,
    inspectEveryMonths: everyMonths,
    nextInspectionOn: day('下一轮督查日期').nullable(),
    closed: z.literal(true).meta({ description: '结束专项;不可恢复' }),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, '请填写要修改的内容');

export const topicQuery = z.strictObject({ open: z.stringbool().optional(), ...pageQuery });
export const topicMattersBody = z.strictObject({ matters: numbers });

/** A topic. */
export const topicSchema = z.object({
  id: z.string(),
  name: z.string(),
  supervisor: named,
  basis: z.string(),
  startedOn: z.string(),
  closedOn: z.string().nullable(),
  milestones: z.array(z.object({ on: z.string(), name: z.string(), passed: z.boolean() })),
  inspectEveryMonths: z.number().int().nullable(),
  nextInspectionOn: z.string().nullable(),
  matters: z.number().int(),
  finished: z.number().int(),
});

/** A topic with its items and their evidence, as far as the asker sees them 迎接回访. */
export const topicDetailSchema = topicSchema.extend({
  readiness: z
    .object({ items: z.number().int(), withEvidence: z.number().int(), checked: z.number().int(), reported: z.number().int() })
    .meta({ description: '迎接回访的准备:有佐证的、已核查的、已报领导的各几项' }),
  items: z.array(
    ledgerItemSchema.extend({ evidence: z.array(file), ready: z.boolean().meta({ description: '有佐证、已核查、已报' }) }),
  ),
  nextCursor: z.string().nullable(),
});

/** Overdue matters as Temporal's own list has them: no numbers, no names. */
export const overdueInTemporal = z.object({
  source: z.literal('temporal'),
  items: z.array(
    z.object({
      id: z.string().meta({ description: '办件的内部编号,即工作流编号' }),
      process: z.string(),
      processName: z.string(),
      unit: named.nullable(),
      status,
      steps: z.array(z.string()),
      dueAt: instant,
      overdueHours: z.number(),
      overdueWorkMinutes: z.number(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

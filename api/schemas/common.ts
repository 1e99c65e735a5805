/** Shapes that many routes share. */
import { z } from 'zod';
import { LIGHTS } from '../../definitions/language/calendar.ts';
import { OPINION_RULES } from '../../definitions/language/steps.ts';
import { ACTIONS, INTERVENTIONS, LINK_STATUSES, MATTER_COMMANDS, STATUSES, TASK_KINDS } from '../../workflows/machine/words.ts';

/** Limits of lists and bodies. */
export const LIMITS = { page: 50, pageMax: 200, query: 100, key: 200 } as const;

export const instant = z.iso.datetime().meta({ description: 'UTC with Z' });
export const jsonObject = z.record(z.string(), z.unknown());
export const fileIds = z.array(z.string().regex(/^file-[0-9a-f-]{8,64}$/)).max(20);

/** The header of a request that counts once; a missing one is 400 and not 422, so the routes look at it themselves. */
export const idempotent = z.looseObject({
  'idempotency-key': z.string().optional().meta({ description: '必填:同一标识的同一请求只计一次' }),
});

export const pageQuery = {
  cursor: z.string().max(400).optional().meta({ description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageMax).default(LIMITS.page),
};

/** A page of a list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), count: z.number().int().optional() });
}

/** A page of a list that is counted up to a bound. */
export function countedListOf<T extends z.ZodType>(item: T) {
  return listOf(item).extend({ more: z.boolean().optional().meta({ description: '实际多于 count' }) });
}

export const light = z.enum(LIGHTS);
export const status = z.enum(STATUSES);

/** Who must act, and who stands in for them. */
export const assigneeSchema = z.object({
  id: z.string(),
  name: z.string(),
  reason: z.string(),
  coverFor: z.string().optional().meta({ description: '代谁顶岗' }),
  awayUntil: instant.optional().meta({ description: '不在岗的,至何时返岗' }),
});

const named = z.object({ id: z.string(), name: z.string() });

/** Where a matter may be sent back to. */
const targetSchema = z.object({ key: z.string(), name: z.string(), item: named.nullable() });
/** Why a task was opened by a return. */
const returnedSchema = z.object({ by: z.string(), from: z.string(), reason: z.string(), at: instant });

export const actionSchema = z.object({
  action: z.enum(ACTIONS).meta({ description: '可做的操作;办理时须带的其他内容见 POST /api/tasks/:id/actions' }),
  opinion: z.enum(OPINION_RULES),
  output: z.object({ schema: jsonObject, example: z.unknown() }).optional(),
  targets: z.array(targetSchema).optional().meta({ description: '退回可到之处' }),
  people: z.array(named).optional().meta({ description: '减签可减之人' }),
});

/** What somebody wrote on a task and has not sent. */
const draftContent = { opinion: z.string().nullable(), output: jsonObject.nullable(), attachments: z.array(z.string()) };
export const opinionDraftSchema = z.object({ ...draftContent, updatedAt: instant });

export const taskSchema = z.object({
  id: z.string(),
  matter: z.string(),
  step: z.string(),
  visit: z.string().meta({ description: '环节所在的位置:环节编号,分项办理的带分项序号,如 undertake@2' }),
  name: z.string(),
  ask: z.string().nullable(),
  round: z.number().int(),
  kind: z.enum(TASK_KINDS),
  assignees: z.array(assigneeSchema),
  openedAt: instant,
  dueAt: instant,
  provisional: z.boolean(),
  light,
  explanation: z.array(z.string()),
  actions: z.array(actionSchema),
  waiting: z.boolean().meta({ description: '等待前加签人或受委派人办理' }),
  item: named.nullable().meta({ description: '分项办理时所办的单位或人员' }),
  returned: returnedSchema.nullable().meta({ description: '因何退回而来' }),
  changed: z.array(z.string()).meta({ description: '本环节上轮之后更正过的申请内容' }),
  claimedBy: named.nullable().meta({ description: '已签收的人' }),
  next: z
    .array(named.extend({ addedBy: z.string().nullable() }))
    .meta({ description: '本轮中此待办办结后轮到谁:依次的后续办理人、后加签的人' }),
  addedBy: z.string().nullable().meta({ description: '由谁加签或委派' }),
  handedOn: z
    .object({ ...draftContent, by: z.string(), byName: z.string() })
    .nullable()
    .meta({ description: '转办时移交的拟稿,或受委派人的答复;仅办理人可见' }),
  draft: opinionDraftSchema.nullable().meta({ description: '本人暂存的意见;仅本人可见' }),
});

/** A task in a person's list: with enough of its matter to be told apart from others. */
export const taskItemSchema = taskSchema.extend({
  title: z.string(),
  process: z.string(),
  processName: z.string(),
  applicant: z.object({ id: z.string(), name: z.string(), unit: z.string(), unitName: z.string() }),
  matterStatus: status,
  matterLight: light,
  own: z
    .object({
      action: z.enum(ACTIONS),
      opinion: z.string().nullable(),
      actedAt: instant,
      coverFor: z.string().nullable().meta({ description: '代谁办理' }),
    })
    .nullable()
    .meta({ description: '已办:本人所作的办理' }),
});

export const outcomeSchema = z.object({ code: z.string(), text: z.string(), at: instant }).nullable();

const matterHead = {
  no: z.string(),
  process: z.string(),
  processName: z.string(),
  version: z.number().int(),
  title: z.string(),
  status,
  applicant: z.object({ id: z.string(), name: z.string(), unit: z.string(), unitName: z.string() }),
  startedAt: instant,
  updatedAt: instant,
  dueAt: instant,
  overdue: z.boolean(),
  light,
  outcome: outcomeSchema,
};

/** A matter in a list, with what is open in it. */
export const matterItemSchema = z.object({
  ...matterHead,
  tasks: z.array(taskSchema.pick({ id: true, step: true, name: true, assignees: true, dueAt: true, light: true, waiting: true })),
});

/** Who decided what in the latest round of a step. */
const decisionsSchema = z.object({
  step: z.string(),
  visit: z.string(),
  name: z.string(),
  round: z.number().int(),
  decisions: z.array(
    z.object({
      who: named,
      coverFor: named.nullable().meta({ description: '代谁办理' }),
      action: z.string(),
      opinion: z.string().nullable(),
      at: instant,
      added: z.boolean().meta({ description: '加签人或受委派人的意见' }),
    }),
  ),
});

const stars = z.number().int();

/** A rating as it is shown with its matter. */
export const ratingSchema = z.object({
  stars,
  manner: stars.nullable(),
  timeliness: stars.nullable(),
  completeness: stars.nullable(),
  text: z.string().nullable(),
  at: instant,
  case: z.object({ no: z.string().nullable() }).nullable().meta({ description: '低星评价自动立的投诉案;编号为 null 的正在立案' }),
});

/** A matter as one person sees it. */
export const matterSchema = z.object({
  ...matterHead,
  provisional: z.boolean(),
  form: jsonObject,
  attachments: z.array(z.string()),
  outputs: z.array(z.object({ step: z.string(), output: jsonObject })),
  tasks: z.array(taskSchema),
  decisions: z.array(decisionsSchema),
  lastReport: z
    .object({ step: z.string(), name: z.string(), at: instant, percent: z.number(), text: z.string() })
    .nullable()
    .meta({ description: '最近一次进展反馈' }),
  interventions: z
    .array(z.object({ kind: z.enum(INTERVENTIONS), at: instant, name: z.string(), reason: z.string(), about: z.string() }))
    .meta({ description: '管理员的干预,永久标记' }),
  suspensions: z
    .array(z.object({ from: instant, to: instant.nullable(), reason: z.string() }))
    .meta({ description: '暂停计时的时段及原因' }),
  links: z.array(
    z.object({
      step: z.string(),
      no: z.string().nullable(),
      process: z.string(),
      status: z.enum(LINK_STATUSES),
      text: z.string(),
    }),
  ),
  parent: z.string().nullable().meta({ description: '发起本办件的办件编号' }),
  takeBacks: z
    .array(z.object({ task: z.string(), step: z.string(), name: z.string(), action: z.string() }))
    .meta({ description: '本人已办而现在可取回的' }),
  intervene: z
    .object({
      rewind: z.array(targetSchema),
      skip: z.array(z.object({ visit: z.string(), name: z.string(), why: z.string().nullable() })),
    })
    .nullable()
    .meta({ description: '流程管理员可回退到何处、可跳过何处;其他人为 null' }),
  commands: z.array(
    z.object({ command: z.enum([...MATTER_COMMANDS, 'rate']), allowed: z.boolean(), why: z.string().nullable() }),
  ),
  rating: ratingSchema.optional().meta({ description: '申请人的评价;仅申请人和督查可见' }),
  sequence: z.number().int(),
});

/** What was taken on but not yet committed. */
export const pendingSchema = z.object({ retryAfter: z.number().int() });

/** What somebody who once had a task may hear of its matter: that it went on, and who acted on the task. */
export const glimpseSchema = z.strictObject({
  no: z.string(),
  status,
  actedBy: z.string().nullable(),
  action: z.string().nullable(),
  at: instant.nullable(),
});

/** A problem document. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    matter: z.union([matterSchema, glimpseSchema]).optional(),
  })
  .meta({ description: 'RFC 9457 problem document' });

/** The answers of a route that reads. */
export function reads<T extends z.ZodType>(body: T) {
  return { 200: body, default: problemSchema };
}

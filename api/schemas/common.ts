/** Shapes that many routes share. */
import { z } from 'zod';
import { LIGHTS } from '../../definitions/language/calendar.ts';
import { OPINION_RULES } from '../../definitions/language/steps.ts';
import { ACTIONS, MATTER_COMMANDS, STATUSES, TASK_KINDS } from '../../workflows/machine/words.ts';

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

export const light = z.enum(LIGHTS);
export const status = z.enum(STATUSES);

const assignee = z.object({ id: z.string(), name: z.string(), reason: z.string(), coverFor: z.string().optional() });

export const actionSchema = z.object({
  action: z.enum(ACTIONS),
  opinion: z.enum(OPINION_RULES),
  output: z.object({ schema: jsonObject, example: z.unknown() }).optional(),
  targets: z.array(z.object({ key: z.string(), name: z.string() })).optional(),
});

export const taskSchema = z.object({
  id: z.string(),
  matter: z.string(),
  step: z.string(),
  name: z.string(),
  ask: z.string().nullable(),
  round: z.number().int(),
  kind: z.enum(TASK_KINDS),
  assignees: z.array(assignee),
  openedAt: instant,
  dueAt: instant,
  provisional: z.boolean(),
  light,
  explanation: z.array(z.string()),
  actions: z.array(actionSchema),
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
  tasks: z.array(taskSchema.pick({ id: true, step: true, name: true, assignees: true, dueAt: true, light: true })),
});

/** A matter as one person sees it. */
export const matterSchema = z.object({
  ...matterHead,
  provisional: z.boolean(),
  form: jsonObject,
  attachments: z.array(z.string()),
  outputs: z.array(z.object({ step: z.string(), output: jsonObject })),
  tasks: z.array(taskSchema),
  commands: z.array(z.object({ command: z.enum(MATTER_COMMANDS), allowed: z.boolean(), why: z.string().nullable() })),
  sequence: z.number().int(),
});

/** What was taken on but not yet committed. */
export const pendingSchema = z.object({ retryAfter: z.number().int() });

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
    matter: matterSchema.optional(),
  })
  .meta({ description: 'RFC 9457 problem document' });

/** The answers of a route that reads. */
export function reads<T extends z.ZodType>(body: T) {
  return { 200: body, default: problemSchema };
}

/** Several tasks in one request: each acted on for itself, each with its own result. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { matterHeads } from '../../db/matters.ts';
import { taskForActing } from '../acting.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { type Outcome, requestKey } from '../gateway.ts';
import { Problem, problemOf } from '../problem.ts';
import { actCommand } from '../schemas/actions.ts';
import { idempotent, jsonObject, problemSchema, status } from '../schemas/common.ts';
import { carryOut, keyHeader, problemOfOutcome } from '../submit.ts';
import { inTurns } from '../turns.ts';
import { noteRefusal } from '../visible.ts';

/** Tasks in one request, and those acted on at the same time: a batch leaves room for everybody else. */
const BATCH = { most: 50, atOnce: 4 } as const;

const itemBody = z.strictObject({
  task: z.string().min(1).max(80),
  action: z.enum(['agree', 'complete', 'read']),
  opinion: z.string().nullish(),
  output: jsonObject.optional(),
});
type Item = z.output<typeof itemBody>;

const batchBody = z.strictObject({
  items: z
    .array(itemBody)
    .min(1, '请选择待办')
    .max(BATCH.most, `一次最多办理${BATCH.most}项`)
    .refine((items) => new Set(items.map((item) => item.task)).size === items.length, '同一待办只能选一次'),
});

const batchAnswer = z.object({
  items: z.array(
    z.object({
      task: z.string(),
      status: z.number().int().meta({ description: '单独办理该项时会得到的状态码:200 已办,202 已受理,其余未办' }),
      matter: z.object({ no: z.string(), status }).optional(),
      problem: problemSchema.omit({ matter: true }).optional(),
    }),
  ),
});

interface Result {
  task: string;
  status: number;
  matterId: string | null;
  problem: Problem | null;
}

/** `POST /api/tasks/batch`. */
export function batchRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/tasks/batch',
    {
      schema: {
        tags: ['tasks'],
        description: '批量办理:逐项各自办理、各自有结果,一项不成不影响其他;同一标识再发,已办的不重复',
        headers: idempotent,
        body: batchBody,
        response: { 200: batchAnswer, default: problemSchema },
      },
    },
    async (request) => {
      const header = keyHeader(request);
      const results = await inTurns(request.body.items, BATCH.atOnce, (item) => actOn(context, request, header, item));
      const ids = results.flatMap(({ matterId }) => (matterId === null ? [] : [matterId]));
      const heads = new Map((await matterHeads(context.db, ids)).map((one) => [one.id, one]));
      return {
        items: results.map(({ task, status: code, matterId, problem }) => {
          const head = matterId === null ? undefined : heads.get(matterId);
          return {
            task,
            status: code,
            ...(head === undefined ? {} : { matter: { no: head.no, status: head.status } }),
            // The document has the shape of its schema; only its type says so less exactly.
            ...(problem === null ? {} : { problem: problem.toDocument(request.id) as z.input<typeof problemSchema> }),
          };
        }),
      };
    },
  );
}

/** Acts on one task; whatever goes wrong with it is its own result and nobody else's. */
async function actOn(context: ApiContext, request: FastifyRequest, header: string, item: Item): Promise<Result> {
  try {
    return await attempt(context, request, header, item);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) context.log.error({ err: error, requestId: request.id }, 'item of a batch failed');
    return { task: item.task, status: problem.status, matterId: null, problem };
  }
}

async function attempt(context: ApiContext, request: FastifyRequest, header: string, item: Item): Promise<Result> {
  const { viewer } = askerOf(request);
  const { task, ...body } = item;
  const key = requestKey(viewer.id, `POST /api/tasks/batch ${task}`, header, body);
  const found = await taskForActing(context, request, task);
  if (found instanceof Problem) return { task, status: found.status, matterId: null, problem: found };
  const matterId = found.matter.id;
  const command = actCommand(task, { ...body, attachments: [] }, key, viewer);
  const { outcome } = await carryOut(context, viewer.id, { key, make: async () => ({ matterId, command }) });
  return { task, matterId, ...(await resultOf(context, request, task, outcome)) };
}

async function resultOf(
  context: ApiContext,
  request: FastifyRequest,
  task: string,
  outcome: Outcome,
): Promise<Pick<Result, 'status' | 'problem'>> {
  if (outcome.kind === 'committed') return { status: 200, problem: null };
  if (outcome.kind === 'pending') return { status: 202, problem: null };
  const problem = problemOfOutcome(outcome);
  if (outcome.kind === 'refused') await noteRefusal(context, request, task, problem.code);
  return { status: problem.status, problem };
}

/** Gateways that are told by HTTP: 企业微信, 钉钉, SMS. Kept by administrators; the secret that signs is shown once. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import { dropWebhook, listWebhooks, putWebhook, sampleWebhook, type WebhookRow, webhookById } from '../../db/deliveries.ts';
import { appendTo } from '../../db/journal.ts';
import { webhookAddressFault } from '../../workflows/machine/telling/webhook.ts';
import { NOTICE_KINDS } from '../../workflows/machine/words.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { administratorsOnly, refuseFaults } from '../directory-admin.ts';
import { Problem } from '../problem.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';

const webhookBody = z.strictObject({
  name: z.string().trim().min(1, '请填写名称').max(60),
  url: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ description: 'https 网址;学校允许发往内网(WEBHOOKS_INSIDE)的,本机地址可用 http' }),
  kinds: z.array(z.enum(NOTICE_KINDS)).min(1, '请至少选择一种通知').max(NOTICE_KINDS.length),
  active: z.boolean().default(true),
});
const webhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  kinds: z.array(z.enum(NOTICE_KINDS)),
  active: z.boolean(),
});
const withSecret = webhookSchema.extend({
  secret: z.string().meta({ description: '签名密钥,只显示这一次。签名见请求头 Piban-Signature: t=秒,v1=HMAC-SHA256("t.正文")' }),
});
const params = z.object({ id: z.string().max(80) });

function present({ id, name, url, kinds, active }: WebhookRow): z.input<typeof webhookSchema> {
  return { id, name, url, kinds, active };
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}

function refuseAddress({ config }: ApiContext, url: string): void {
  const message = webhookAddressFault(url, config.notices.webhooksInside);
  refuseFaults(message === null ? [] : [{ path: '/url', message }]);
}

/** Changes something of a webhook and keeps in the office's journal who did. */
async function change<T>(
  { db }: ApiContext,
  request: FastifyRequest,
  action: string,
  id: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { viewer, now } = askerOf(request);
  return db.transaction(async (tx) => {
    const done = await work(tx);
    await appendTo(tx, 'office', { at: now, person: viewer.id, action, target: id, code: 'done', requestId: request.id });
    return done;
  });
}

async function existing({ db }: ApiContext, id: string): Promise<WebhookRow> {
  const row = await webhookById(db, id);
  if (row === null) throw new Problem('not-found', '没有这一接口');
  return row;
}

/** Routes under `/api/webhooks`. */
export function webhookRoutes(api: Api, context: ApiContext): void {
  keepingRoutes(api, context);
  usingRoutes(api, context);
}

function keepingRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context, '只有流程管理员可以维护消息接口');
  const tags = ['notices'];

  api.get(
    '/api/webhooks',
    {
      preValidation,
      schema: {
        tags,
        description: '消息接口,如企业微信、钉钉、短信网关',
        querystring: z.strictObject(pageQuery),
        response: reads(listOf(webhookSchema)),
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const rows = await listWebhooks(context.db, { after: decodeCursor(cursor)?.id ?? '', limit });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      // They are in the order of ids; the cursor's instant is not needed.
      const nextCursor = last === undefined ? null : encodeCursor('1970-01-01T00:00:00.000Z', last.id);
      return { items: shown.map(present), nextCursor };
    },
  );

  api.post(
    '/api/webhooks',
    {
      preValidation,
      schema: { tags, description: '新增消息接口', body: webhookBody, response: { 201: withSecret, default: problemSchema } },
    },
    async (request, reply) => {
      refuseAddress(context, request.body.url);
      const row = { ...request.body, id: `hook-${randomUUID()}`, secret: newSecret() };
      await change(context, request, 'webhook-added', row.id, (tx) => putWebhook(tx, row));
      return reply.code(201).send({ ...present(row), secret: row.secret });
    },
  );

  api.put(
    '/api/webhooks/:id',
    {
      preValidation,
      schema: { tags, description: '修改消息接口,密钥不变', params, body: webhookBody, response: reads(webhookSchema) },
    },
    async (request) => {
      const { id, secret } = await existing(context, request.params.id);
      refuseAddress(context, request.body.url);
      const row = { ...request.body, id, secret };
      await change(context, request, 'webhook-changed', id, (tx) => putWebhook(tx, row));
      return present(row);
    },
  );

  api.delete(
    '/api/webhooks/:id',
    {
      preValidation,
      schema: { tags, description: '删除消息接口', params, response: { 204: z.null(), default: problemSchema } },
    },
    async (request, reply) => {
      const { id } = await existing(context, request.params.id);
      await change(context, request, 'webhook-removed', id, (tx) => dropWebhook(tx, id));
      return reply.code(204).send(null);
    },
  );
}

function usingRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context, '只有流程管理员可以维护消息接口');
  const tags = ['notices'];

  api.post(
    '/api/webhooks/:id/secret',
    { preValidation, schema: { tags, description: '更换签名密钥', params, response: reads(withSecret) } },
    async (request) => {
      const row = { ...(await existing(context, request.params.id)), secret: newSecret() };
      await change(context, request, 'webhook-secret-changed', row.id, (tx) => putWebhook(tx, row));
      return { ...present(row), secret: row.secret };
    },
  );

  api.post(
    '/api/webhooks/:id/test',
    {
      preValidation,
      schema: {
        tags,
        description: '发送一条测试消息;结果见 GET /api/notices/deliveries?webhook=',
        params,
        response: { 202: z.object({ delivery: z.number().int() }), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer, now } = askerOf(request);
      const { id } = await existing(context, request.params.id);
      const delivery = await change(context, request, 'webhook-tested', id, (tx) => sampleWebhook(tx, id, viewer.id, now));
      return reply.code(202).send({ delivery });
    },
  );
}

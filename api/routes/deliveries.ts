/** What goes out to people, as administrators look after it: what waits, what failed for good, and another try. */
import { z } from 'zod';
import { deliveryById, type ListedDelivery, listDeliveries, retryDelivery } from '../../db/deliveries.ts';
import { appendTo } from '../../db/journal.ts';
import { DELIVERY_STATUSES, NOTICE_CHANNELS, NOTICE_KINDS } from '../../workflows/machine/words.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { administratorsOnly } from '../directory-admin.ts';
import { Problem } from '../problem.ts';
import { instant, listOf, pageQuery, reads } from '../schemas/common.ts';

const deliverySchema = z.object({
  id: z.number().int(),
  channel: z.enum(NOTICE_CHANNELS),
  person: z.object({ id: z.string(), name: z.string() }),
  kind: z.enum(NOTICE_KINDS).nullable().meta({ description: '通知种类;汇总和测试消息为 null' }),
  digest: z.string().nullable().meta({ description: '汇总的日期' }),
  webhook: z.string().nullable(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.number().int(),
  nextAttemptAt: instant,
  fault: z.string().nullable().meta({ description: '最近一次失败的原因' }),
  sentAt: instant.nullable(),
});

function present({ delivery, kind }: ListedDelivery, { world }: Asker): z.input<typeof deliverySchema> {
  const { id, channel, personId, digestDay, webhookId, status, attempts, nextAttemptAt, fault, sentAt } = delivery;
  const person = { id: personId, name: world.directory.people[personId]?.name ?? personId };
  const about = { kind, digest: digestDay, webhook: webhookId };
  return { id, channel, person, ...about, status, attempts, nextAttemptAt, fault, sentAt };
}

/** Routes under `/api/notices/deliveries`. What a message says is not shown: administrators look after ways, not letters. */
export function deliveryRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context, '只有流程管理员可以查看发送情况');
  const params = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

  api.get(
    '/api/notices/deliveries',
    {
      preValidation,
      schema: {
        tags: ['notices'],
        description: '邮件和接口消息的发送情况:waiting 待发、dead 多次失败、sent 已发',
        querystring: z.strictObject({
          status: z.enum(DELIVERY_STATUSES).default('dead'),
          channel: z.enum(NOTICE_CHANNELS).optional(),
          webhook: z.string().max(80).optional(),
          ...pageQuery,
        }),
        response: reads(listOf(deliverySchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { status, channel, webhook, cursor, limit } = request.query;
      const before = decodeCursor(cursor)?.id ?? null;
      const query = { status, channel, webhook, before: before === null ? null : Number(before), limit };
      const rows = await listDeliveries(context.db, query);
      return pageOf(
        rows,
        limit,
        ({ delivery }) => ({ at: delivery.nextAttemptAt, id: String(delivery.id) }),
        (row) => present(row, asker),
      );
    },
  );

  api.post(
    '/api/notices/deliveries/:id/retry',
    {
      preValidation,
      schema: { tags: ['notices'], description: '重新发送多次失败的一条', params, response: reads(deliverySchema) },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const { id } = request.params;
      if ((await deliveryById(context.db, id)) === null) throw new Problem('not-found', '没有这一发送记录');
      await context.db.transaction(async (tx) => {
        if (!(await retryDelivery(tx, id, now))) throw new Problem('too-late', '该条不在多次失败之列,不需重新发送');
        const entry = { at: now, person: viewer.id, action: 'delivery-retried', target: String(id), code: 'done' };
        await appendTo(tx, 'office', { ...entry, requestId: request.id });
      });
      const after = await deliveryById(context.db, id);
      if (after === null) throw new Problem('not-found', '没有这一发送记录');
      return present(after, asker);
    },
  );
}

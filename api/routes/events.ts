/** The stream of what concerns somebody: their notices, and that a matter of theirs changed. */
import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { keepTicket, redeemTicket } from '../../db/notices.ts';
import { type Api, type ApiContext, askerOf, identify } from '../context.ts';
import { Problem } from '../problem.ts';
import { instant, problemSchema } from '../schemas/common.ts';
import { viewerFor } from '../session.ts';
import { readCursor } from '../stream/cursor.ts';
import { EventHub, type Listener } from '../stream/hub.ts';

/** How long a ticket may be used. */
const TICKET_MS = 30_000;

const DESCRIPTION = [
  '与我有关的变化(server-sent events)。事件:hello {reload} 连接建立,reload 为真时请重新读取列表;',
  'notice {id, kind, text, matter, task, link, at} 一条通知;changed {matter} 办件有变化;reload 变化过多,请重新读取列表;',
  'end {reason} 会话到期或服务停止。断开后带 Last-Event-ID(或 lastEventId 参数)重连,通知不丢不重。',
].join('');

/** Registers `/api/events`. */
export function eventRoutes(api: Api, context: ApiContext): void {
  const hub = new EventHub(context);
  // An open stream would hold the closing server for ever.
  api.addHook('preClose', async () => hub.stop());

  api.post(
    '/api/events/ticket',
    {
      schema: {
        tags: ['notices'],
        description: '取得打开事件流的一次性凭据(浏览器的 EventSource 不能带请求头),30秒内有效',
        response: { 201: z.object({ ticket: z.string(), expiresAt: instant }), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer, now } = askerOf(request);
      const ticket = randomBytes(32).toString('base64url');
      const expiresAt = new Date(Date.parse(now) + TICKET_MS).toISOString();
      const sessionEndsAt = sessionEndOf(request.headers.authorization);
      await keepTicket(context.db, { hash: hashOf(ticket), personId: viewer.id, expiresAt, sessionEndsAt });
      return reply.code(201).send({ ticket, expiresAt });
    },
  );

  api.get(
    '/api/events',
    {
      // Who asks is found out below: by the header as everywhere, or by a ticket.
      config: { public: true },
      schema: {
        tags: ['notices'],
        description: DESCRIPTION,
        querystring: z.strictObject({
          ticket: z.string().max(100).optional(),
          lastEventId: z.string().max(8000).optional(),
        }),
        headers: z.looseObject({ 'last-event-id': z.string().max(8000).optional() }),
        response: { default: problemSchema },
      },
    },
    async (request, reply) => {
      const { ticket, lastEventId } = request.query;
      const whose = ticket === undefined ? null : await ticketHolder(context, ticket);
      if (whose === null) await identify(context, request);
      const person = whose?.person ?? askerOf(request).viewer.id;
      const endsAt = whose?.endsAt ?? sessionEndOf(request.headers.authorization);
      hub.admit(person);
      const since = sinceOf(request.headers['last-event-id'] ?? lastEventId);
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // A proxy that gathers an answer before it passes it on would hold everything back.
        'x-accel-buffering': 'no',
        // Nothing follows on it, so that no idle connection keeps a closing server waiting.
        connection: 'close',
      });
      reply.raw.write('retry: 3000\n\n');
      await hub.open({ person, endsAt, since }, reply.raw);
    },
  );
}

function sinceOf(text: string | undefined): Listener['since'] {
  return text === undefined || text === '' ? null : (readCursor(text) ?? 'lost');
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('hex');
}

/** When the session of a header ends that was verified already. */
function sessionEndOf(header: string | undefined): string {
  const { exp = 0 } = decodeJwt(header?.slice('Bearer '.length) ?? '');
  return new Date(exp * 1000).toISOString();
}

/** Who a ticket was given to; it is used up by this. @throws Problem 401 for none that may be used. */
async function ticketHolder(context: ApiContext, ticket: string): Promise<{ person: string; endsAt: string }> {
  const now = context.now();
  const found = await redeemTicket(context.db, hashOf(ticket), now);
  if (found === null) throw new Problem('unauthenticated', '凭据已用过或已失效,请重新取得');
  const { id } = viewerFor(await context.cache.now(context.db), found.personId, now);
  return { person: id, endsAt: found.sessionEndsAt };
}

/** Routes of notices: what somebody was told, and how they want to be told. */
import { z } from 'zod';
import { appendTo } from '../../db/journal.ts';
import { markRead, noticesFor, putSettings, settingsOf, switchedOff, unreadCount } from '../../db/notices.ts';
import { allWishes, defaultWish, type Wish, wishesFor } from '../../workflows/machine/telling/wishes.ts';
import { NOTICE_CHANNELS, NOTICE_KINDS, NOTICE_WISHES } from '../../workflows/machine/words.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { refuseFaults } from '../directory-admin.ts';
import { instant, listOf, pageQuery, reads } from '../schemas/common.ts';
import { deliveryRoutes } from './deliveries.ts';
import { eventRoutes } from './events.ts';
import { webhookRoutes } from './webhooks.ts';

const noticeId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

const noticeSchema = z.object({
  id: z.number().int(),
  kind: z.enum(NOTICE_KINDS),
  text: z.string(),
  matter: z.string().nullable().meta({ description: '办件编号' }),
  task: z.string().nullable(),
  link: z.string().nullable().meta({ description: '与办件无关的通知在系统中的位置,如 /bulletins/2026-10' }),
  at: instant,
  readAt: instant.nullable(),
});

const wish = { kind: z.enum(NOTICE_KINDS), channel: z.enum(NOTICE_CHANNELS), wish: z.enum(NOTICE_WISHES) };
const settingsSchema = z.object({
  items: z.array(z.object({ ...wish, name: z.string(), choices: z.array(z.enum(NOTICE_WISHES)) })),
  nextCursor: z.null(),
  email: z.string().nullable().meta({ description: '接收邮件的地址;null 表示没有登记或学校未开通邮件' }),
});

/** Routes under `/api/notices`, of the stream, of deliveries and of webhooks. */
export function noticeRoutes(api: Api, context: ApiContext): void {
  boxRoutes(api, context);
  settingRoutes(api, context);
  eventRoutes(api, context);
  deliveryRoutes(api, context);
  webhookRoutes(api, context);
}

function boxRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/notices',
    {
      schema: {
        tags: ['notices'],
        description: '本人的通知,最新的在前;count 为未读数',
        querystring: z.strictObject({ unread: z.enum(['true', 'false']).default('false'), ...pageQuery }),
        response: reads(listOf(noticeSchema)),
      },
    },
    async (request) => {
      const { viewer, now } = askerOf(request);
      const { unread, cursor, limit } = request.query;
      const off = await switchedOff(context.db, viewer.id);
      const before = decodeCursor(cursor)?.id ?? null;
      const query = { unread: unread === 'true', before: before === null ? null : Number(before), limit, off, now };
      const [rows, count] = await Promise.all([
        noticesFor(context.db, viewer.id, query),
        unreadCount(context.db, viewer.id, off, now),
      ]);
      return {
        ...pageOf(
          rows,
          limit,
          (row) => ({ at: row.at, id: String(row.id) }),
          (row) => row,
        ),
        count,
      };
    },
  );

  api.post(
    '/api/notices/read',
    {
      schema: {
        tags: ['notices'],
        description: '把本人的若干通知或全部通知标为已读',
        body: z.union([z.strictObject({ ids: z.array(noticeId).min(1).max(200) }), z.strictObject({ all: z.literal(true) })]),
        response: reads(z.object({ unread: z.number().int() })),
      },
    },
    async (request) => {
      const { viewer, now } = askerOf(request);
      const { body } = request;
      await markRead(context.db, viewer.id, 'ids' in body ? body.ids : 'all', now);
      return { unread: await unreadCount(context.db, viewer.id, await switchedOff(context.db, viewer.id), now) };
    },
  );
}

async function presentSettings({ db, config }: ApiContext, { viewer, world }: Asker): Promise<z.input<typeof settingsSchema>> {
  const email = world.directory.people[viewer.id]?.email ?? null;
  return {
    items: allWishes(await settingsOf(db, [viewer.id])).map((one) => ({ ...one, choices: [...one.choices] })),
    nextCursor: null,
    email: config.notices.mail === undefined ? null : email,
  };
}

function settingRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/notices/settings',
    {
      schema: {
        tags: ['notices'],
        description: '本人按种类和方式设置的接收办法:at-once 即时、digest 每个工作日早上汇总、off 不接收',
        response: reads(settingsSchema),
      },
    },
    async (request) => presentSettings(context, askerOf(request)),
  );

  api.put(
    '/api/notices/settings',
    {
      schema: {
        tags: ['notices'],
        description: '重新设置;未列出的恢复默认',
        body: z.strictObject({
          settings: z.array(z.strictObject(wish)).max(NOTICE_KINDS.length * NOTICE_CHANNELS.length),
        }),
        response: reads(settingsSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const { settings } = request.body;
      refuseFaults(faultsIn(settings));
      const own = settings.filter((one) => one.wish !== defaultWish(one.kind, one.channel));
      await context.db.transaction(async (tx) => {
        await putSettings(tx, viewer.id, own);
        await appendTo(tx, 'office', {
          at: now,
          person: viewer.id,
          action: 'notice-settings-changed',
          target: viewer.id,
          code: 'done',
          requestId: request.id,
          facts: { settings: own.map((one) => `${one.kind} ${one.channel} ${one.wish}`) },
        });
      });
      return presentSettings(context, asker);
    },
  );
}

function faultsIn(settings: readonly Wish[]): { path: string; message: string }[] {
  return settings.flatMap(({ kind, channel, wish: chosen }, at) => {
    const path = `/settings/${at}/wish`;
    if (settings.findIndex((one) => one.kind === kind && one.channel === channel) !== at)
      return [{ path, message: '同一种类和方式只能设置一次' }];
    const choices = wishesFor(kind, channel);
    return choices.includes(chosen) ? [] : [{ path, message: `此项只能设为 ${choices.join('、')}` }];
  });
}

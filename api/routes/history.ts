/** What happened in a matter: told to people, as the hash-chained record, and as it stood at a past moment. */
import { z } from 'zod';
import { type EventOrder, eventRows } from '../../db/events.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import { TIMELINE_KINDS } from '../../workflows/machine/telling/timeline-entry.ts';
import { matterAsOf, pastMatterSchema } from '../as-of.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { correctionsOf } from '../corrections.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { instant, jsonObject, listOf, pageQuery, reads } from '../schemas/common.ts';
import { visibleMatter } from '../visible.ts';

const timelineSchema = z.object({
  sequence: z.number().int(),
  at: instant,
  kind: z.enum(TIMELINE_KINDS),
  who: z.string().nullable(),
  step: z.string().nullable(),
  text: z.string(),
  opinion: z.string().nullable(),
  attachments: z.array(z.string()),
  round: z.number().int().nullable(),
  dueAt: instant.nullable(),
  changes: z
    .array(z.object({ field: z.string(), title: z.string(), from: z.string(), to: z.string() }))
    .optional()
    .meta({ description: '更正的各项内容:原来与现在' }),
});

const HASH_RULE =
  'hash = SHA-256(previousHash + "\\n" + RFC 8785 JSON of { matterId, sequence, at, by: actor, command, type, facts }), 十六进制;首条的 previousHash 为空';

const auditSchema = z
  .object({
    matterId: z.string(),
    sequence: z.number().int(),
    at: instant,
    actor: z.union([
      z.object({ kind: z.literal('person'), id: z.string() }),
      z.object({ kind: z.literal('clock') }),
      z.object({ kind: z.literal('matter'), id: z.string() }),
    ]),
    command: z.string(),
    type: z.string(),
    facts: jsonObject,
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ description: HASH_RULE });

const asOfSchema = z.object({
  at: instant,
  sequence: z.number().int().meta({ description: '到那时为止的最后一条记录' }),
  matter: pastMatterSchema,
  timeline: listOf(timelineSchema),
});

/** A moment that somebody asks for: in UTC, or at whatever offset their clock shows. */
const moment = z.iso
  .datetime({ offset: true })
  .meta({ description: '时刻,如 2026-11-23T07:55:00+08:00(+ 写作 %2B)或以 Z 结尾的 UTC' });

const params = z.object({ no: z.string().max(60) });
const querystring = z.strictObject({
  order: z.enum(['oldest', 'newest']).default('oldest').meta({ description: '从最早或最近的开始' }),
  ...pageQuery,
});

/** Events that are read at a time to fill a page of the timeline, to which many of them say nothing. */
const EVENTS_READ = 200;

type Told = z.input<typeof timelineSchema>;

function beyond(cursor: string | undefined): number | null {
  const place = decodeCursor(cursor);
  if (place === undefined) return null;
  const sequence = Number(place.id);
  return Number.isSafeInteger(sequence) ? sequence : null;
}

/**
 * Timeline and audit of a matter, for whoever may see the matter: the record holds nothing that the matter and its timeline do
 * not show, and that it was not tampered with is for everybody concerned to check.
 */
export function historyRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/matters/:no/timeline',
    { schema: { tags: ['matters'], params, querystring, response: reads(listOf(timelineSchema)) } },
    async (request) => {
      const { cursor, limit, order } = request.query;
      const matter = await visibleMatter(context, request, request.params.no);
      return timelineOf(context, askerOf(request), matter, { order, limit, beyond: beyond(cursor) });
    },
  );

  api.get(
    '/api/matters/:no/audit',
    { schema: { tags: ['matters'], params, querystring, response: reads(listOf(auditSchema)) } },
    async (request) => {
      const { cursor, limit, order } = request.query;
      const matter = await visibleMatter(context, request, request.params.no);
      const rows = await eventRows(context.db, matter.id, order, beyond(cursor), limit + 1);
      return pageOf(
        rows,
        limit,
        ({ event }) => keyOf(event),
        ({ event, previousHash, hash }) => ({
          matterId: matter.id,
          sequence: event.sequence,
          at: event.at,
          actor: event.by,
          command: event.command,
          type: event.type,
          // Facts are plain JSON by their types.
          facts: event.facts as unknown as Record<string, unknown>,
          previousHash,
          hash,
        }),
      );
    },
  );

  api.get(
    '/api/matters/:no/as-of',
    {
      schema: {
        tags: ['matters'],
        description: '办件在过去某一时刻的样子:表单、待办与办理人、时限与灯色,以及到那时为止的经过(最近的在前)',
        params,
        querystring: z.strictObject({ at: moment, ...pageQuery }),
        response: reads(asOfSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const row = await visibleMatter(context, request, request.params.no);
      const { cursor, limit } = request.query;
      const at = new Date(request.query.at).toISOString();
      if (at > asker.now) {
        throw new Problem('bad-input', '只能查看过去的时刻', { faults: [{ path: '/at', message: '不能晚于现在' }] });
      }
      const past = await matterAsOf(context, asker, row, at);
      if (past === null) throw new Problem('not-found', '办件当时尚未受理');
      const { version, process: processId } = past.matter;
      const page = {
        order: 'newest' as const,
        limit,
        beyond: Math.min(beyond(cursor) ?? Number.MAX_SAFE_INTEGER, past.sequence + 1),
      };
      return { at, ...past, timeline: await timelineOf(context, asker, { id: row.id, processId, version }, page) };
    },
  );
}

/** A page of what is told of a matter. */
async function timelineOf(
  context: ApiContext,
  asker: Asker,
  matter: { id: string; processId: string; version: number },
  page: { order: EventOrder; limit: number; beyond: number | null },
) {
  const { order, limit } = page;
  const told: Told[] = [];
  for (let last = page.beyond, more = true; more && told.length <= limit; ) {
    const rows = await eventRows(context.db, matter.id, order, last, EVENTS_READ);
    told.push(...rows.flatMap(({ event }) => tell(event)));
    more = rows.length === EVENTS_READ;
    last = rows.at(-1)?.event.sequence ?? last;
  }
  const { items, nextCursor } = pageOf(told, limit, keyOf, (one) => one);
  return { items: await withCorrections(context, asker, matter, items), nextCursor };
}

function tell(event: MatterEvent): Told[] {
  const entry = timelineEntry(event);
  if (entry === null) return [];
  // Some events say what was done and leave to the envelope who did it.
  const by = entry.who === null && event.type === 'FormCorrected' && event.by.kind === 'person' ? event.by.id : entry.who;
  return [{ sequence: event.sequence, at: event.at, ...entry, who: by }];
}

/** The entries, with what each correction changed and who made it. */
async function withCorrections(
  context: ApiContext,
  asker: Asker,
  matter: { id: string; processId: string; version: number },
  items: readonly Told[],
): Promise<Told[]> {
  if (!items.some((one) => one.kind === 'corrected')) return [...items];
  const corrections = await correctionsOf(context, asker, matter);
  return items.map((one) => {
    const changes = corrections.get(one.sequence);
    if (changes === undefined) return one;
    const text = changes.map(({ title, from, to }) => `${title}:${from} → ${to}`).join(';');
    return {
      ...one,
      who: one.who === null ? null : (asker.world.directory.people[one.who]?.name ?? one.who),
      text: changes.length === 0 ? '未作修改,重新提交' : `修改后重新提交:${text}`,
      changes,
    };
  });
}

function keyOf({ at, sequence }: { at: string; sequence: number }): { at: string; id: string } {
  return { at, id: String(sequence) };
}

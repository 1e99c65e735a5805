/** What happened in a matter: told to people, and as the hash-chained record. */
import { z } from 'zod';
import { eventRows } from '../../db/events.ts';
import { timelineEntry } from '../../workflows/machine/timeline.ts';
import { TIMELINE_KINDS } from '../../workflows/machine/timeline-entry.ts';
import type { Api, ApiContext } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
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

const params = z.object({ no: z.string().max(60) });

function after(cursor: string | undefined): number {
  const sequence = Number(decodeCursor(cursor)?.id ?? 0);
  return Number.isSafeInteger(sequence) ? sequence : 0;
}

/**
 * Timeline and audit of a matter, for whoever may see the matter: the record holds nothing that the matter and its timeline do
 * not show, and that it was not tampered with is for everybody concerned to check.
 */
export function historyRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/matters/:no/timeline',
    { schema: { tags: ['matters'], params, querystring: z.strictObject(pageQuery), response: reads(listOf(timelineSchema)) } },
    async (request) => {
      const { cursor, limit } = request.query;
      const matter = await visibleMatter(context, request, request.params.no);
      const rows = await eventRows(context.db, matter.id, after(cursor), limit + 1);
      const page = pageOf(rows, limit, keyOf, ({ event }) => {
        const entry = timelineEntry(event);
        return entry === null ? [] : [{ sequence: event.sequence, at: event.at, ...entry }];
      });
      return { ...page, items: page.items.flat() };
    },
  );

  api.get(
    '/api/matters/:no/audit',
    { schema: { tags: ['matters'], params, querystring: z.strictObject(pageQuery), response: reads(listOf(auditSchema)) } },
    async (request) => {
      const { cursor, limit } = request.query;
      const matter = await visibleMatter(context, request, request.params.no);
      const rows = await eventRows(context.db, matter.id, after(cursor), limit + 1);
      return pageOf(rows, limit, keyOf, ({ event, previousHash, hash }) => ({
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
      }));
    },
  );
}

function keyOf({ event }: { event: { at: string; sequence: number } }): { at: string; id: string } {
  return { at: event.at, id: String(event.sequence) };
}

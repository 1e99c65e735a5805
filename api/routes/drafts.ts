/** A person's drafts: nobody else sees them, and nothing in them is checked before it is sent. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type DraftRow, deleteDraft, draftOf, insertDraft, listDrafts, replaceDraft } from '../../db/drafts.ts';
import { definitions } from '../../definitions/catalog.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { versionInForce } from '../../workflows/machine/admin/in-force.ts';
import { definitionNamed } from '../application.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { fileIds, instant, jsonObject, listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';

/** Drafts that one person may keep; a form is rarely left lying more often than this. */
const DRAFTS_MAX = 50;

const draftSchema = z.object({
  id: z.string(),
  process: z.string(),
  processName: z.string(),
  form: jsonObject,
  attachments: z.array(z.string()),
  updatedAt: instant,
});
const draftBody = z.strictObject({ process: z.string().max(60), form: jsonObject, attachments: fileIds.default([]) });
const params = z.object({ id: z.string().max(80) });

function present(asker: Asker, row: DraftRow): z.input<typeof draftSchema> {
  const { id, processId, form, attachments, updatedAt } = row;
  const inForce = versionInForce(definitions, processId, schoolDate(asker.world.calendar, asker.now));
  return { id, process: processId, processName: inForce?.name ?? processId, form, attachments, updatedAt };
}

function contentOf(asker: Asker, body: z.output<typeof draftBody>): Omit<DraftRow, 'id' | 'personId'> {
  const definition = definitionNamed(asker, body.process);
  // The body passed the JSON parser: it is plain JSON.
  return { processId: definition.id, form: body.form as JsonObject, attachments: body.attachments, updatedAt: asker.now };
}

const unknown = () => new Problem('not-found', '没有这份草稿,或它不是您的');

/** Routes under `/api/drafts`. */
export function draftRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/drafts',
    { schema: { tags: ['drafts'], querystring: z.strictObject(pageQuery), response: reads(listOf(draftSchema)) } },
    async (request) => {
      const { cursor, limit } = request.query;
      const asker = askerOf(request);
      const rows = await listDrafts(context.db, asker.viewer.id, { after: decodeCursor(cursor), limit });
      const page = (row: DraftRow) => present(asker, row);
      return pageOf(rows, limit, (row) => ({ at: row.updatedAt, id: row.id }), page);
    },
  );

  api.post(
    '/api/drafts',
    { schema: { tags: ['drafts'], body: draftBody, response: { 201: draftSchema, default: problemSchema } } },
    async (request, reply) => {
      const asker = askerOf(request);
      const draft: DraftRow = { id: `draft-${randomUUID()}`, personId: asker.viewer.id, ...contentOf(asker, request.body) };
      if (!(await insertDraft(context.db, draft, DRAFTS_MAX))) {
        throw new Problem('too-many-drafts', `每人最多保存${DRAFTS_MAX}份草稿,请先删除不用的`);
      }
      return reply.code(201).send(present(asker, draft));
    },
  );

  api.get('/api/drafts/:id', { schema: { tags: ['drafts'], params, response: reads(draftSchema) } }, async (request) => {
    const asker = askerOf(request);
    const draft = await draftOf(context.db, asker.viewer.id, request.params.id);
    if (draft === null) throw unknown();
    return present(asker, draft);
  });

  api.put(
    '/api/drafts/:id',
    { schema: { tags: ['drafts'], params, body: draftBody, response: reads(draftSchema) } },
    async (request) => {
      const asker = askerOf(request);
      const draft = await replaceDraft(context.db, asker.viewer.id, request.params.id, contentOf(asker, request.body));
      if (draft === null) throw unknown();
      return present(asker, draft);
    },
  );

  api.delete(
    '/api/drafts/:id',
    { schema: { tags: ['drafts'], params, response: { 204: z.null(), default: problemSchema } } },
    async (request, reply) => {
      if (!(await deleteDraft(context.db, askerOf(request).viewer.id, request.params.id))) throw unknown();
      return reply.code(204).send(null);
    },
  );
}

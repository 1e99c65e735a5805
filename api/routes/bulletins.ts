/** Routes of bulletins 通报: the list, one of them in every form, its words, its publication. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type BulletinRow, bulletinOf, changeDraft, insertDraft, listBulletins, publishDraft } from '../../db/bulletins.ts';
import { writeAccess } from '../../db/journal.ts';
import { tellPeople } from '../../db/notices.ts';
import { nextWorkingMoment, schoolDate } from '../../definitions/language/calendar.ts';
import {
  type BulletinWords,
  firstWords,
  issueOf,
  mayEditBulletin,
  mayPublishBulletin,
  readersOf,
  tellingOf,
} from '../../workflows/machine/supervision/bulletin-words.ts';
import {
  documentOf,
  figuresNow,
  isTampered,
  type Named,
  noteOffice,
  presentBulletin,
  targetOf,
  visibleBulletin,
} from '../bulletins.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { bulletinDocx } from '../documents/bulletin/docx.ts';
import { bulletinHtml, PAGE_POLICY } from '../documents/bulletin/html.ts';
import { fileNameOf } from '../documents/bulletin/parts.ts';
import { bulletinWorkbook } from '../documents/bulletin/xlsx.ts';
import { DOCX } from '../documents/docx.ts';
import { XLSX } from '../documents/xlsx/workbook.ts';
import { attachmentHeader } from '../file-kinds.ts';
import { Problem } from '../problem.ts';
import {
  bulletinConflict,
  bulletinItemSchema,
  bulletinKind,
  bulletinMonth,
  bulletinSchema,
  wordsSchema,
} from '../schemas/bulletins.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import { deny } from '../visible.ts';

const BASE = '/api/supervision/bulletins';
const params = z.object({ month: bulletinMonth });
const ofKind = z.strictObject({ kind: bulletinKind.default('supervision') });
const revision = z.number().int().min(1).meta({ description: '所依据的修订号;他人已改动时答 409,附现行内容' });
const writes = { 200: bulletinSchema, 409: bulletinConflict, default: problemSchema };

function named(request: { params: { month: string }; query: { kind: Named['kind'] } }): Named {
  return { kind: request.query.kind, month: request.params.month };
}

/** Answers 409 with what stands now: somebody was faster, or it is published. */
async function conflict(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  which: Named,
): Promise<FastifyReply> {
  const row = await visibleBulletin(context, request, which);
  const message = row.status === 'published' ? '通报已印发,内容不再改动' : '草稿已被他人改动,请在新内容上修改';
  const problem = new Problem('too-late', message);
  const body = { ...problem.toDocument(request.id), bulletin: presentBulletin(row, askerOf(request)) };
  return reply.code(409).type('application/problem+json').send(body);
}

/** Words without empty remarks. @throws Problem 422 for a remark on a unit that the bulletin does not name. */
function tidied(words: BulletinWords, row: BulletinRow): BulletinWords {
  const units = new Set(row.figures.units.map(({ unit }) => unit));
  const strangers = Object.keys(words.remarks).filter((unit) => !units.has(unit));
  if (strangers.length > 0) {
    const faults = strangers.map((unit) => ({ path: `/words/remarks/${unit}`, message: '本期通报没有这个单位' }));
    throw new Problem('bad-input', '填写有误', { faults });
  }
  return { ...words, remarks: Object.fromEntries(Object.entries(words.remarks).filter(([, remark]) => remark !== '')) };
}

/** Sends a bulletin as a file or a page. Who takes a file away is noted. */
async function sendDocument(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  row: BulletinRow,
  format: 'html' | 'docx' | 'xlsx',
): Promise<FastifyReply> {
  const asker = askerOf(request);
  if (isTampered(row)) {
    const message = '这期通报的内容与印发时不一致,不能打印或导出,请联系系统管理员核查';
    return deny(context, request, targetOf(row), new Problem('action-not-offered', message));
  }
  const document = documentOf(row, asker);
  reply.header('x-content-type-options', 'nosniff').header('cache-control', 'private, no-store');
  if (format === 'html') {
    return reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(bulletinHtml(document));
  }
  await writeAccess(context.db, {
    at: asker.now,
    person: asker.viewer.id,
    action: 'export',
    target: targetOf(row),
    code: 'done',
    requestId: request.id,
    facts: { format, status: row.status },
  });
  reply.header('content-disposition', attachmentHeader(`${fileNameOf(document)}.${format}`));
  return format === 'docx'
    ? reply.type(DOCX).send(await bulletinDocx(document))
    : reply.type(XLSX).send(bulletinWorkbook(document));
}

/** Routes of bulletins. */
export function bulletinRoutes(api: Api, context: ApiContext): void {
  readRoutes(api, context);
  draftRoutes(api, context);
  publishRoute(api, context);
}

function readRoutes(api: Api, context: ApiContext): void {
  api.get(
    BASE,
    {
      schema: {
        tags: ['bulletins'],
        description: '通报目录;草稿仅督查人员可见',
        querystring: z.strictObject({ kind: bulletinKind.optional(), ...pageQuery }),
        response: reads(listOf(bulletinItemSchema)),
      },
    },
    async (request) => {
      const { viewer } = askerOf(request);
      const { kind, cursor, limit } = request.query;
      const place = decodeCursor(cursor);
      const after = place === undefined ? undefined : { month: place.at.slice(0, 7), kind: place.id };
      const drafts = mayEditBulletin(viewer) || mayPublishBulletin(viewer);
      const rows = await listBulletins(context.db, { kind, drafts, after, limit });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: `${row.month}-01T00:00:00.000Z`, id: row.kind }),
        ({ year, number, ...row }) => ({
          ...row,
          issue: year === null || number === null ? null : issueOf(row.kind, year, number),
        }),
      );
    },
  );

  api.get(
    `${BASE}/:month`,
    {
      schema: {
        tags: ['bulletins'],
        description: '一期通报:数据(json)、可打印的网页(html)、Word(docx)或 Excel(xlsx);导出记入访问日志',
        params,
        querystring: ofKind.extend({ format: z.enum(['json', 'html', 'docx', 'xlsx']).default('json') }),
        response: reads(bulletinSchema),
      },
    },
    async (request, reply) => {
      const row = await visibleBulletin(context, request, named(request));
      const { format } = request.query;
      // A file passes the serializer by: it is no JSON.
      if (format !== 'json') return sendDocument(context, { request, reply }, row, format) as never;
      return presentBulletin(row, askerOf(request));
    },
  );
}

function draftRoutes(api: Api, context: ApiContext): void {
  const refuse = (request: FastifyRequest, which: Named) =>
    deny(context, request, targetOf(which), new Problem('forbidden', '通报由督查人员起草和修改'));

  api.post(
    `${BASE}/:month/draft`,
    {
      schema: {
        tags: ['bulletins'],
        description: '起草一期通报,或重新统计草稿的数据;已写的文字保留',
        params,
        querystring: ofKind,
        response: writes,
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const which = named(request);
      if (!mayEditBulletin(asker.viewer)) return refuse(request, which);
      const figures = await figuresNow(context, asker, which);
      const row = await context.db.transaction(async (tx) => {
        const drafted =
          (await insertDraft(tx, figures, firstWords(figures))) ??
          (await changeDraft(tx, { ...which, revision: null }, { figures }));
        if (drafted !== null) await noteOffice(tx, request, 'draft-bulletin', drafted, {});
        return drafted;
      });
      // A conflict is sent as it is.
      return row === null ? ((await conflict(context, { request, reply }, which)) as never) : presentBulletin(row, asker);
    },
  );

  api.put(
    `${BASE}/:month/words`,
    {
      schema: {
        tags: ['bulletins'],
        description: '修改草稿的文字;数据不能改',
        params,
        querystring: ofKind,
        body: z.strictObject({ revision, words: wordsSchema }),
        response: writes,
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const which = named(request);
      if (!mayEditBulletin(asker.viewer)) return refuse(request, which);
      const words = tidied(request.body.words, await visibleBulletin(context, request, which));
      const row = await context.db.transaction(async (tx) => {
        const edited = await changeDraft(tx, { ...which, revision: request.body.revision }, { words, editedBy: asker.viewer.id });
        if (edited !== null) await noteOffice(tx, request, 'edit-bulletin', edited, {});
        return edited;
      });
      return row === null ? ((await conflict(context, { request, reply }, which)) as never) : presentBulletin(row, asker);
    },
  );
}

function publishRoute(api: Api, context: ApiContext): void {
  api.post(
    `${BASE}/:month/publish`,
    {
      schema: {
        tags: ['bulletins'],
        description: '印发:编期号、定稿、通知各单位负责人和校领导;由党政办公室主任或副主任操作。不带修订号则按现行草稿印发',
        params,
        querystring: ofKind,
        body: z.strictObject({ revision: revision.optional() }).nullish(),
        response: writes,
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      const which = named(request);
      if (!mayPublishBulletin(viewer)) {
        const problem = new Problem('forbidden', '通报由党政办公室主任或副主任印发');
        return deny(context, request, targetOf(which), problem);
      }
      await visibleBulletin(context, request, which);
      const today = schoolDate(world.calendar, now);
      const year = Number(today.slice(0, 4));
      const asked = request.body?.revision ?? null;
      const row = await context.db.transaction(async (tx) => {
        const published = await publishDraft(tx, { ...which, revision: asked }, { person: viewer.id, at: now, year });
        if (published === null) return null;
        const issue = issueOf(which.kind, year, published.number ?? 0);
        await noteOffice(tx, request, 'publish-bulletin', published, { year, number: published.number, hash: published.hash });
        for (const { person, units } of readersOf(world.directory, today)) {
          await tellPeople(tx, {
            kind: 'bulletin',
            people: [person],
            text: tellingOf(published.figures, published.words.title, issue, units),
            link: `/bulletins/${which.month}?kind=${which.kind}`,
            at: now,
            deliverAt: nextWorkingMoment(world.calendar, now),
          });
        }
        return published;
      });
      if (row !== null) return presentBulletin(row, asker);
      // The same person's second click meets what their first one did.
      const there = await bulletinOf(context.db, which.kind, which.month);
      const own = there?.publishedBy === viewer.id && (asked === null || there.revision === asked);
      return there !== null && own
        ? presentBulletin(there, asker)
        : ((await conflict(context, { request, reply }, which)) as never);
    },
  );
}

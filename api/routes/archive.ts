/** The archive 归档: packages, the catalogue, ticks, checks and the queue of repairs. Hand-overs: hand-overs.ts. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CatalogueRow, catalogueLine, listCatalogue, listExpiring } from '../../db/archive.ts';
import { listRepairs, retryPackage } from '../../db/archive-packages.ts';
import { addCheck, dropTick, putTick } from '../../db/archive-ticks.ts';
import type { Transaction } from '../../db/client.ts';
import { contentPieces } from '../../db/contents.ts';
import { appendTo, writeAccess } from '../../db/journal.ts';
import { type MatterRow, matterByNo } from '../../db/matters.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { mayTick, RETENTION_YEARS } from '../../workflows/machine/supervision/archive.ts';
import { ARCHIVE_FORMS } from '../../workflows/machine/words.ts';
import { archivedMatter, demand, namedIn, presentFile, presentLine, rightsOf } from '../archive/present.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { attachmentHeader } from '../file-kinds.ts';
import { presentMatter } from '../present.ts';
import { Problem } from '../problem.ts';
import {
  archivePendingSchema,
  catalogueQuery,
  checkBody,
  fileSchema,
  lineSchema,
  noParams,
  repairSchema,
  tickBody,
  untickBody,
  yearField,
} from '../schemas/archive.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import { canView, deny } from '../visible.ts';
import { handOverRoutes } from './hand-overs.ts';

/** Seconds after which a package that is being made, or one that waits for repair, is asked for again. */
const AGAIN = { waiting: 5, stuck: 3_600 } as const;

/** Routes of the archive. */
export function archiveRoutes(api: Api, context: ApiContext): void {
  packageRoute(api, context);
  catalogueRoutes(api, context);
  tickRoutes(api, context);
  repairRoutes(api, context);
  handOverRoutes(api, context);
}

function packageRoute(api: Api, context: ApiContext): void {
  api.get(
    '/api/matters/:no/archive',
    {
      schema: {
        tags: ['archive'],
        description: '归档包(zip)或其著录(json),办结后由系统生成;导出记入访问日志',
        params: noParams,
        querystring: z.strictObject({ format: z.enum(['zip', 'json']).default('zip') }),
        // Bytes pass the serializer by.
        response: { 200: z.union([fileSchema, z.unknown()]), 202: archivePendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const row = await readableMatter(context, request, request.params.no);
      const line = await catalogueLine(context.db, row.id, asker.viewer.id);
      if (line === null) return refuseUnarchived(context, request, row);
      if (line.made?.status !== 'made' || line.made.sha256 === null) return answerPending(reply, line);
      if (request.query.format === 'json') return presentFile(context, asker, row.id);
      return sendPackage(context, request, reply, row.no, line.made.sha256, line.made.size);
    },
  );
}

/** A matter whose package the asker may read: one that they may see, or any for who keeps the archive. */
async function readableMatter(context: ApiContext, request: FastifyRequest, no: string): Promise<MatterRow> {
  const asker = askerOf(request);
  const row = await matterByNo(context.db, no);
  const keeps = rightsOf(asker).keeper && row?.endedAt !== null && !row?.keptOut.includes(asker.viewer.id);
  if (row !== null && (canView(asker, row) || keeps)) return row;
  return deny(context, request, no, new Problem('matter-unknown', '没有这一办件,或您无权查看'));
}

async function refuseUnarchived(context: ApiContext, request: FastifyRequest, row: MatterRow): Promise<never> {
  if (row.endedAt !== null) throw new Problem('not-found', '撤回的办件不归档,没有归档包');
  const matter = await presentMatter(context, askerOf(request), row.state);
  throw new Problem('too-early', '办件尚未办结,办结后生成归档包', { matter });
}

function answerPending(reply: FastifyReply, { made }: CatalogueRow) {
  const status = made?.status === 'stuck' ? 'stuck' : 'waiting';
  const detail = status === 'stuck' ? '归档包未能生成,已列入待修复清单,档案员会处理' : '归档包正在生成,请稍后再取';
  const retryAfter = AGAIN[status];
  return reply.code(202).header('retry-after', retryAfter).send({ code: 'archive-pending', detail, retryAfter });
}

async function sendPackage(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  no: string,
  sha256: string,
  size: number | null,
) {
  const { viewer, now } = askerOf(request);
  await writeAccess(context.db, {
    at: now,
    person: viewer.id,
    action: 'export',
    target: no,
    code: 'archive',
    requestId: request.id,
    facts: { sha256 },
  });
  return reply
    .header('content-type', 'application/zip')
    .header('content-disposition', attachmentHeader(`${no}.zip`))
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .headers(size === null ? {} : { 'content-length': size })
    .send(Readable.from(contentPieces(context.db, sha256), { objectMode: false }));
}

function catalogueRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/archive',
    {
      schema: {
        tags: ['archive'],
        description: '档案目录:档案员、督查和流程管理员看全校的,兼职档案员和单位负责人看本单位的,其他人看本人可看的办件',
        querystring: catalogueQuery,
        response: reads(listOf(lineSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { cursor, limit, ...filter } = request.query;
      const { viewer, now } = asker;
      const rows = await listCatalogue(context.db, { scope: rightsOf(asker), viewer, now }, filter, {
        after: decodeCursor(cursor),
        limit,
      });
      return pageOf(rows, limit, lineKey, (row) => presentLine(row, asker.world));
    },
  );

  api.get(
    '/api/archive/expiring',
    {
      schema: {
        tags: ['archive'],
        description: '保管期限到某年末届满的档案,供鉴定:重新划定期限或报批销毁',
        querystring: z.strictObject({ year: yearField, ...pageQuery }),
        response: reads(listOf(lineSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      await demand(context, request, rightsOf(asker).all, '到期鉴定清单供档案员、督查和流程管理员查看');
      const { year, cursor, limit } = request.query;
      const rows = await listExpiring(context.db, RETENTION_YEARS, year, asker.viewer.id, { after: decodeCursor(cursor), limit });
      return pageOf(rows, limit, lineKey, (row) => presentLine(row, asker.world));
    },
  );

  api.get(
    '/api/archive/:no',
    { schema: { tags: ['archive'], description: '一件档案的著录、勾注和检查', params: noParams, response: reads(fileSchema) } },
    async (request) => {
      const { matter } = await archivedMatter(context, request, request.params.no);
      return presentFile(context, askerOf(request), matter.id);
    },
  );
}

function lineKey({ entry }: CatalogueRow): { at: string; id: string } {
  return { at: entry.archivedAt, id: entry.matterId };
}

/** Notes in the office's journal what somebody did to a file of the archive, in the transaction that does it. */
async function noteInOffice(
  tx: Transaction,
  request: FastifyRequest,
  action: string,
  target: string,
  code: string,
  facts: JsonObject,
): Promise<void> {
  const { viewer, now } = askerOf(request);
  await appendTo(tx, 'office', { at: now, person: viewer.id, action, target, code, requestId: request.id, facts });
}

/** The ticks of what was handed over stand: the list that both sides signed counts them. @throws Problem 409. */
function refuseTaken({ takenAt }: CatalogueRow): void {
  if (takenAt !== null) throw new Problem('too-late', '这一档案已经移交并接收,勾注不再更改;有误的,由档案员检查时写明');
}

function tickRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/archive/:no/ticks',
    {
      schema: {
        tags: ['archive'],
        description: '勾注纸质或电子档案已归入;电子的须在归档包生成之后。重复勾注无效果,另给位置则更改位置',
        params: noParams,
        body: tickBody,
        response: { 200: fileSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const { form, place = null } = request.body;
      const { matter, line, rights } = await archivedMatter(context, request, request.params.no);
      const says = form === 'paper' ? '纸质档案由档案员或本单位兼职档案员勾注' : '电子档案由档案员勾注';
      await demand(context, request, mayTick(rights, form, line.entry.unitId), says);
      // Where a file stands may change in the archive's rooms; that it was handed over as it was listed does not.
      if (!rights.keeper) refuseTaken(line);
      if (form === 'electronic' && line.made?.status !== 'made') throw new Problem('too-early', '归档包尚未生成,生成后再勾注');
      await context.db.transaction(async (tx) => {
        const changed = await putTick(tx, { matterId: matter.id, form, tickedBy: viewer.id, tickedAt: now, place });
        if (changed) await noteInOffice(tx, request, 'archive-tick', matter.no, form, { place });
      });
      return presentFile(context, asker, matter.id);
    },
  );

  api.delete(
    '/api/archive/:no/ticks/:form',
    {
      schema: {
        tags: ['archive'],
        description: '撤销勾注,须写明理由',
        params: noParams.extend({ form: z.enum(ARCHIVE_FORMS) }),
        body: untickBody,
        response: { 200: fileSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { no, form } = request.params;
      const { matter, line, rights } = await archivedMatter(context, request, no);
      await demand(context, request, mayTick(rights, form, line.entry.unitId), '只有可以勾注的人才能撤销勾注');
      refuseTaken(line);
      await context.db.transaction(async (tx) => {
        const gone = await dropTick(tx, matter.id, form);
        if (gone === null) throw new Problem('too-late', '没有这一勾注,可能已被撤销');
        await noteInOffice(tx, request, 'archive-untick', no, form, {
          reason: request.body.reason,
          tickedBy: gone.tickedBy,
          tickedAt: gone.tickedAt,
          place: gone.place,
        });
      });
      return presentFile(context, asker, matter.id);
    },
  );

  api.post(
    '/api/archive/:no/checks',
    {
      schema: {
        tags: ['archive'],
        description: '检查一件档案是否准确(准确率),不准确的须写明问题',
        params: noParams,
        body: checkBody,
        response: { 201: fileSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const { matter, rights } = await archivedMatter(context, request, request.params.no);
      await demand(context, request, rights.keeper || viewer.supervisor, '档案检查由档案员和督查进行');
      const { accurate, finding = null } = request.body;
      await context.db.transaction(async (tx) => {
        await addCheck(tx, { matterId: matter.id, accurate, finding, checkedBy: viewer.id, checkedAt: now });
        await noteInOffice(tx, request, 'archive-check', matter.no, accurate ? 'accurate' : 'inaccurate', { finding });
      });
      return reply.code(201).send(await presentFile(context, asker, matter.id));
    },
  );
}

const REPAIRERS = '待修复清单供档案员和流程管理员处理';

function repairRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/archive/repairs',
    {
      schema: {
        tags: ['archive'],
        description: '未能生成的归档包:原因、次数、下次重试的时间',
        querystring: z.strictObject(pageQuery),
        response: reads(listOf(repairSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      await demand(context, request, rightsOf(asker).repairs, REPAIRERS);
      const { cursor, limit } = request.query;
      const rows = await listRepairs(context.db, asker.viewer.id, { after: decodeCursor(cursor), limit });
      return pageOf(
        rows,
        limit,
        ({ made }) => ({ at: made.nextAttemptAt, id: made.matterId }),
        ({ entry, made: { status, attempts, nextAttemptAt, fault } }) => ({
          no: entry.no,
          title: entry.title,
          unit: namedIn(asker.world, entry.unitId),
          archivedAt: entry.archivedAt,
          status,
          attempts,
          nextAttemptAt,
          fault,
        }),
      );
    },
  );

  api.post(
    '/api/archive/repairs/:no/retry',
    {
      schema: {
        tags: ['archive'],
        description: '立即重新生成归档包',
        params: noParams,
        response: { 202: archivePendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      await demand(context, request, rightsOf(asker).repairs, REPAIRERS);
      const { matter } = await archivedMatter(context, request, request.params.no);
      await context.db.transaction(async (tx) => {
        if (!(await retryPackage(tx, matter.id, asker.now))) throw new Problem('too-late', '归档包已经生成,不必重试');
        await noteInOffice(tx, request, 'archive-retry', matter.no, 'asked', {});
      });
      const retryAfter = AGAIN.waiting;
      return reply.code(202).send({ code: 'archive-pending', detail: '已要求重新生成归档包', retryAfter });
    },
  );
}

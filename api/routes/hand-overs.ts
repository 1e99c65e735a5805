/** Handing files over to the archive 移交: the list of a unit and year, given by the unit, taken by an archivist. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { countOfUnit, listOfUnit } from '../../db/archive.ts';
import { giveHandOver, handOverById, handOversOf, lockHandOvers, takeHandOver } from '../../db/archive-hand-overs.ts';
import { appendTo, writeAccess } from '../../db/journal.ts';
import { mayHandOver } from '../../workflows/machine/supervision/archive.ts';
import { type HandOverOf, hashOfList, lineOf, linesOf, listPage, listTitle, listWorkbook } from '../archive/hand-over-list.ts';
import { demand, namedIn, presentHandOver, rightsOf } from '../archive/present.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { XLSX } from '../documents/xlsx/workbook.ts';
import { attachmentHeader } from '../file-kinds.ts';
import { Problem } from '../problem.ts';
import { handOverListSchema, handOverSchema, unitField, yearField } from '../schemas/archive.ts';
import { pageQuery, problemSchema } from '../schemas/common.ts';

const listQuery = z.strictObject({
  year: yearField,
  unit: unitField,
  format: z.enum(['json', 'xlsx', 'html']).default('json'),
  which: z.enum(['all', 'outstanding']).default('all').meta({ description: '全部,或只列尚未接收的' }),
  ...pageQuery,
});

/** Routes under `/api/archive/hand-over`. */
export function handOverRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/archive/hand-over',
    {
      schema: {
        tags: ['archive'],
        description: '一个单位一年的移交清单:网页和 Excel 为整份,导出记入访问日志',
        querystring: listQuery,
        // Workbook and page pass the serializer by.
        response: { 200: z.union([handOverListSchema, z.unknown()]), default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { year, unit, format, which, cursor, limit } = request.query;
      const of = knownUnit(asker, year, unit, which === 'outstanding');
      const rights = rightsOf(asker);
      const may = rights.all || rights.units.includes(unit);
      await demand(context, request, may, '移交清单供档案员、督查、流程管理员和本单位兼职档案员、负责人查看');
      if (format !== 'json') return sendList(context, request, reply, of, format);
      return pageOfList(context, asker, of, cursor, limit);
    },
  );

  api.post(
    '/api/archive/hand-over',
    {
      schema: {
        tags: ['archive'],
        description: '移交一年的档案:纸质和电子均已勾注方可移交,由本单位兼职档案员或负责人移交',
        body: z.strictObject({ year: z.number().int().min(2000).max(2200), unit: unitField }),
        response: { 201: handOverSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const of = knownUnit(asker, request.body.year, request.body.unit, true);
      await demand(context, request, mayHandOver(rightsOf(asker), of.unit.id), '档案由本单位兼职档案员或负责人移交');
      return reply.code(201).send(await give(context, request, of));
    },
  );

  api.post(
    '/api/archive/hand-over/:id/take',
    {
      schema: {
        tags: ['archive'],
        description: '接收移交:清单与移交时一致方可接收;移交人与接收人不得为同一人',
        params: z.object({ id: z.string().max(80) }),
        response: { 200: handOverSchema, default: problemSchema },
      },
    },
    async (request) => {
      await demand(context, request, rightsOf(askerOf(request)).keeper, '移交由综合档案室档案员接收');
      return take(context, request, request.params.id);
    },
  );
}

function knownUnit({ world, viewer }: Asker, year: number, unit: string, outstanding: boolean): HandOverOf {
  if (!Object.hasOwn(world.directory.units, unit)) {
    throw new Problem('bad-input', '没有这个单位', { faults: [{ path: '/unit', message: '没有这个单位' }] });
  }
  return { year, unit: namedIn(world, unit), reader: viewer.id, outstanding };
}

async function pageOfList(context: ApiContext, { world }: Asker, of: HandOverOf, cursor: string | undefined, limit: number) {
  const { db } = context;
  const { year, unit } = of;
  const files = { ...of, unit: unit.id };
  // A cursor names the last line by its place and its number.
  const place = decodeCursor(cursor)?.id.split(' ');
  const counted = Number(place?.[0] ?? 0);
  const before = Number.isSafeInteger(counted) && counted > 0 ? counted : 0;
  const [rows, counts, handOvers] = await Promise.all([
    listOfUnit(db, files, { after: place?.[1], limit: limit + 1 }),
    countOfUnit(db, files),
    handOversOf(db, year, unit.id),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.entry;
  const next =
    rows.length > limit && last !== undefined ? encodeCursor(last.archivedAt, `${before + shown.length} ${last.no}`) : null;
  return {
    ...{ year, unit },
    items: shown.map((row, at) => lineOf(row, before + at + 1, world.calendar)),
    nextCursor: next,
    ...counts,
    handOvers: handOvers.map((row) => presentHandOver(row, world)),
  };
}

async function sendList(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  of: HandOverOf,
  format: 'xlsx' | 'html',
) {
  const { viewer, world, now } = askerOf(request);
  await writeAccess(context.db, {
    at: now,
    person: viewer.id,
    action: format === 'html' ? 'print' : 'export',
    target: `hand-over ${of.year} ${of.unit.id}`,
    code: format,
    requestId: request.id,
  });
  const lines = linesOf(context.db, of, world.calendar);
  reply.header('x-content-type-options', 'nosniff').header('cache-control', 'private, no-store');
  if (format === 'html') {
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
      .send(Readable.from(listPage(of, lines)));
  }
  return reply
    .header('content-type', XLSX)
    .header('content-disposition', attachmentHeader(`${listTitle(of)}.xlsx`))
    .send(listWorkbook(of, lines, world.calendar));
}

async function give(context: ApiContext, request: FastifyRequest, of: HandOverOf) {
  const { viewer, world, now } = askerOf(request);
  const { year, unit } = of;
  const { count, unticked } = await countOfUnit(context.db, { ...of, unit: unit.id });
  if (count === 0) throw new Problem('too-early', `${unit.name}${year}年没有尚未移交的档案`);
  if (unticked > 0) throw new Problem('too-early', `还有${unticked}件的纸质或电子档案未勾注,全部归入后再移交`);
  const list = await hashOfList(linesOf(context.db, of, world.calendar));
  const row = {
    id: `hand-over-${randomUUID()}`,
    year,
    unitId: unit.id,
    ...list,
    givenBy: viewer.id,
    takenBy: null,
    givenAt: now,
    takenAt: null,
  };
  const given = await context.db.transaction(async (tx) => {
    await lockHandOvers(tx, year, unit.id);
    const same = (await handOversOf(tx, year, unit.id)).find((one) => one.hash === list.hash);
    if (same !== undefined && same.takenAt !== null) throw new Problem('too-late', '这份清单已经接收');
    // The same request again, a double click, is answered with what it made.
    if (same !== undefined) return same;
    await giveHandOver(tx, row);
    await appendTo(tx, 'office', {
      at: now,
      person: viewer.id,
      action: 'archive-hand-over',
      target: row.id,
      code: 'given',
      requestId: request.id,
      facts: { year, unit: unit.id, ...list },
    });
    return row;
  });
  return presentHandOver(given, world);
}

async function take(context: ApiContext, request: FastifyRequest, id: string) {
  const { viewer, world, now } = askerOf(request);
  const row = await handOverById(context.db, id);
  if (row === null) throw new Problem('not-found', '没有这一移交');
  if (row.takenAt !== null) throw new Problem('too-late', '这一移交已经接收');
  if (row.givenBy === viewer.id) throw new Problem('not-allowed', '移交人与接收人不得为同一人,请另一名档案员接收');
  // The list as its giver reads it, whoever takes it.
  const of = { year: row.year, unit: namedIn(world, row.unitId), reader: row.givenBy, outstanding: true };
  const list = await hashOfList(linesOf(context.db, of, world.calendar));
  if (list.hash !== row.hash) throw new Problem('too-late', '清单在移交之后有变化,请移交单位核对后重新移交');
  const taken = await context.db.transaction(async (tx) => {
    const done = await takeHandOver(tx, id, viewer.id, now);
    if (done === null) throw new Problem('too-late', '这一移交已经接收');
    await appendTo(tx, 'office', {
      at: now,
      person: viewer.id,
      action: 'archive-hand-over',
      target: id,
      code: 'taken',
      requestId: request.id,
      facts: { year: row.year, unit: row.unitId, count: list.count, hash: list.hash },
    });
    return done;
  });
  return presentHandOver(taken, world);
}

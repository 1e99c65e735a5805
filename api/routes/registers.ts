/** Registers 台账: every matter of a process on one line, those that the asker may see; as a list or as a workbook. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type JournalEntry, writeAccess } from '../../db/journal.ts';
import { listRegister, type RegisterFilter, registerPages, registerTotals } from '../../db/registers.ts';
import { addDays, atSchoolTime, schoolDate } from '../../definitions/language/calendar.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { day } from '../../definitions/language/fields.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { definitionAt } from '../application.ts';
import { mattersInPlaceOf } from '../boxes.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { cellOf } from '../documents/xlsx/cells.ts';
import { SHEET_ROWS_MAX } from '../documents/xlsx/sheet.ts';
import { workbookStream, XLSX } from '../documents/xlsx/workbook.ts';
import { attachmentHeader } from '../file-kinds.ts';
import { Problem } from '../problem.ts';
import { jsonObject, LIMITS, pageQuery, reads, status } from '../schemas/common.ts';

const date = (title: string) => day(title).meta({ title, description: '学校日期,含当日' });

const registerSchema = z.object({
  columns: z.array(z.object({ key: z.string(), title: z.string(), total: z.boolean().meta({ description: '是否合计' }) })),
  items: z.array(jsonObject),
  nextCursor: z.string().nullable(),
  count: z.number().int().optional().meta({ description: '符合条件的总行数;totals=true 时给出' }),
  totals: z
    .record(z.string(), z.number())
    .optional()
    .meta({ description: '各合计列在全部符合条件的行上的合计;totals=true 时给出' }),
});

const query = z
  .strictObject({
    from: date('起始日期').optional(),
    to: date('截止日期').optional(),
    unit: z.string().max(80).optional().meta({ description: '申请单位编号' }),
    status: status.optional(),
    q: z.string().trim().min(1).max(LIMITS.query).optional().meta({ description: '编号、标题或任一栏中的文字' }),
    totals: z.stringbool().default(false),
    format: z.enum(['json', 'xlsx']).default('json'),
    ...pageQuery,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: '截止日期不能早于起始日期',
  });
type Query = z.output<typeof query>;

async function filterOf(context: ApiContext, asker: Asker, definition: ProcessDefinition, asked: Query): Promise<RegisterFilter> {
  const { directory, calendar } = asker.world;
  const { from, to, unit, status, q } = asked;
  if (unit !== undefined && !Object.hasOwn(directory.units, unit)) {
    const faults = [{ path: '/unit', message: '没有这个单位,请填写单位编号,如 u-office' }];
    throw new Problem('bad-input', '查询条件有误', { faults });
  }
  const midnight = (date: string) => atSchoolTime(calendar, date, '00:00');
  return {
    process: definition.id,
    from: from === undefined ? undefined : midnight(from),
    to: to === undefined ? undefined : midnight(addDays(to, 1)),
    unit,
    status,
    q,
    standingIn: await mattersInPlaceOf(context, asker),
  };
}

function columnsOf(definition: ProcessDefinition): { key: string; title: string; total: boolean }[] {
  return definition.register.map(({ key, title, total }) => ({ key, title, total: total === true }));
}

/** What the access log keeps of an export: which rows, not what was searched for, which may name somebody. */
function factsOf({ from, to, unit, status, q }: Query, rows: number): JsonObject {
  return { from: from ?? null, to: to ?? null, unit: unit ?? null, status: status ?? null, searched: q !== undefined, rows };
}

/**
 * Answers with the workbook, streamed. The access log has it before the first byte leaves; should the reader go before the end, the log
 * says how many rows had been taken by then.
 */
async function sendWorkbook(
  context: ApiContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  definition: ProcessDefinition,
  asked: Query,
): Promise<FastifyReply> {
  const asker = askerOf(request);
  const { viewer, world, now } = asker;
  const filter = await filterOf(context, asker, definition, asked);
  const { count } = await registerTotals(context.db, viewer, filter, [], now);
  if (count > SHEET_ROWS_MAX) {
    const faults = [{ path: '/from', message: `共${count}行,超出一张工作表所能容纳,请缩短起止日期` }];
    throw new Problem('bad-input', '导出的行数过多', { faults });
  }
  const entry = { person: viewer.id, action: 'export', target: definition.id, requestId: request.id };
  await writeAccess(context.db, { ...entry, at: now, code: 'begun', facts: factsOf(asked, count) });
  let rows = 0;
  const columns = columnsOf(definition);
  async function* pages() {
    for await (const page of registerPages(context.db, viewer, filter, now)) {
      yield page.map(({ register }) => columns.map(({ key }) => cellOf(register[key] ?? null, world.calendar)));
      rows += page.length;
    }
  }
  const book = workbookStream([{ name: definition.name, columns, pages: pages() }]);
  book.once('error', (error) => context.log.error({ err: error, requestId: request.id }, 'export failed'));
  book.once('close', () => {
    if (!book.readableEnded) void noteBrokenOff(context, { ...entry, facts: factsOf(asked, rows) });
  });
  const name = `${definition.name}台账_${schoolDate(world.calendar, now)}.xlsx`;
  return reply
    .header('content-type', XLSX)
    .header('content-disposition', attachmentHeader(name))
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .send(book);
}

async function noteBrokenOff(context: ApiContext, entry: Omit<JournalEntry, 'at' | 'code'>): Promise<void> {
  try {
    await writeAccess(context.db, { ...entry, at: context.now(), code: 'broken-off' });
  } catch (error) {
    context.log.error({ err: error, requestId: entry.requestId }, 'a broken export could not be noted');
  }
}

/** `GET /api/registers/:process`. */
export function registerRoutesOf(api: Api, context: ApiContext): void {
  api.get(
    '/api/registers/:process',
    {
      schema: {
        tags: ['registers'],
        description: '台账:列表(json)或 Excel 工作簿(xlsx,全部符合条件的行);导出记入访问日志',
        params: z.object({ process: z.string().max(60) }),
        querystring: query,
        // A workbook passes the serializer by.
        response: reads(registerSchema),
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const definition = definitionAt(asker, request.params.process);
      const { format, cursor, limit, totals } = request.query;
      // The stream is the answer; its type is not the schema's.
      if (format === 'xlsx') return sendWorkbook(context, { request, reply }, definition, request.query) as never;
      const filter = await filterOf(context, asker, definition, request.query);
      const rows = await listRegister(context.db, viewer, { ...filter, after: decodeCursor(cursor), limit }, now);
      const summed = definition.register.filter((column) => column.total === true).map((column) => column.key);
      return {
        columns: columnsOf(definition),
        ...pageOf(
          rows,
          limit,
          (row) => ({ at: row.startedAt, id: row.id }),
          (row) => row.register,
        ),
        ...(totals ? await registerTotals(context.db, viewer, filter, summed, now) : {}),
      };
    },
  );
}

/** Registers 台账: every matter of a process on one line, those that the asker may see. */
import { z } from 'zod';
import { listRegister } from '../../db/matters.ts';
import { addDays, atSchoolTime } from '../../definitions/language/calendar.ts';
import { day } from '../../definitions/language/fields.ts';
import { definitionAt } from '../application.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { jsonObject, pageQuery, reads } from '../schemas/common.ts';

const date = (title: string) => day(title).meta({ title, description: '学校日期,含当日' });

const registerSchema = z.object({
  columns: z.array(z.object({ key: z.string(), title: z.string() })),
  items: z.array(jsonObject),
  nextCursor: z.string().nullable(),
});

/** `GET /api/registers/:process`. */
export function registerRoutesOf(api: Api, context: ApiContext): void {
  api.get(
    '/api/registers/:process',
    {
      schema: {
        tags: ['registers'],
        params: z.object({ process: z.string().max(60) }),
        querystring: z
          .strictObject({
            from: date('起始日期').optional(),
            to: date('截止日期').optional(),
            format: z.enum(['json', 'xlsx']).default('json'),
            ...pageQuery,
          })
          .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
            path: ['to'],
            message: '截止日期不能早于起始日期',
          }),
        response: reads(registerSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      const definition = definitionAt(asker, request.params.process);
      const { from, to, format, cursor, limit } = request.query;
      if (format === 'xlsx') throw new Problem('not-implemented', '台账的 Excel 导出尚未提供');
      const midnight = (date: string) => atSchoolTime(world.calendar, date, '00:00');
      const filter = {
        process: definition.id,
        from: from === undefined ? undefined : midnight(from),
        to: to === undefined ? undefined : midnight(addDays(to, 1)),
        after: decodeCursor(cursor),
        limit,
      };
      const rows = await listRegister(context.db, viewer, filter, now);
      return {
        columns: definition.register.map(({ key, title }) => ({ key, title })),
        ...pageOf(
          rows,
          limit,
          (row) => ({ at: row.startedAt, id: row.id }),
          (row) => row.register,
        ),
      };
    },
  );
}

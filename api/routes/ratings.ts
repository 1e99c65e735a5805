/** The list of ratings of finished matters, for those who supervise. A rating itself is a command of its matter. */
import { z } from 'zod';
import { listRatings } from '../../db/ratings.ts';
import { namesIn } from '../../db/world.ts';
import { addDays, atSchoolTime } from '../../definitions/language/calendar.ts';
import { day } from '../../definitions/language/fields.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { listOf, pageQuery, ratingSchema, reads } from '../schemas/common.ts';
import { presentRating } from '../schemas/ratings.ts';
import { deny } from '../visible.ts';

const named = z.object({ id: z.string(), name: z.string() });

const itemSchema = ratingSchema.extend({
  no: z.string(),
  process: z.string(),
  title: z.string().nullable(),
  units: z.array(named),
  by: named,
});

/** Routes of ratings of finished matters. */
export function ratingRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/ratings',
    {
      schema: {
        tags: ['ratings'],
        description: '已办结事项的评价,供督查和流程管理员查阅',
        querystring: z.strictObject({
          unit: z.string().max(80).optional().meta({ description: '办理单位' }),
          process: z.string().max(60).optional(),
          stars: z.coerce.number().int().min(1).max(5).optional(),
          from: day('开始日期').optional(),
          to: day('结束日期').optional(),
          ...pageQuery,
        }),
        response: reads(listOf(itemSchema)),
      },
    },
    async (request) => {
      const { viewer, world } = askerOf(request);
      if (!viewer.supervisor && !viewer.administrator)
        return deny(context, request, 'ratings', new Problem('forbidden', '只有督查人员和流程管理员可以查阅评价'));
      const { cursor, limit, from, to, ...filter } = request.query;
      const rows = await listRatings(context.db, {
        ...filter,
        reader: viewer.id,
        from: from === undefined ? undefined : atSchoolTime(world.calendar, from, '00:00'),
        to: to === undefined ? undefined : atSchoolTime(world.calendar, addDays(to, 1), '00:00'),
        after: decodeCursor(cursor),
        limit,
      });
      const nameOf = namesIn(world.directory);
      const withName = (id: string) => ({ id, name: nameOf(id) });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: row.at, id: row.matterId }),
        (row) => ({
          ...presentRating(row),
          no: row.no,
          process: row.processId,
          title: row.title,
          units: row.units.map(withName),
          by: withName(row.personId),
        }),
      );
    },
  );
}

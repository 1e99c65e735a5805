/** What is overdue, for those who must see to it. */
import { z } from 'zod';
import { listOverdue } from '../../db/matters.ts';
import { overdueBy, overdueSince } from '../../workflows/machine/overdue.ts';
import { mayFollowOverdue } from '../../workflows/machine/rights.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { presentItem } from '../present.ts';
import { Problem } from '../problem.ts';
import { instant, listOf, matterItemSchema, pageQuery, reads, taskSchema } from '../schemas/common.ts';
import { deny } from '../visible.ts';

const overdueSchema = z.object({
  matter: matterItemSchema.omit({ tasks: true }),
  task: taskSchema.pick({ id: true, step: true, name: true, assignees: true, openedAt: true, dueAt: true, light: true }),
  overdueSince: instant,
  overdueHours: z.number(),
  overdueWorkMinutes: z.number(),
});

/** Routes under `/api/supervision`. */
export function supervisionRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/overdue',
    {
      schema: {
        tags: ['supervision'],
        querystring: z.strictObject({
          unit: z.string().max(80).optional(),
          process: z.string().max(60).optional(),
          person: z.string().max(80).optional(),
          ...pageQuery,
        }),
        response: reads(listOf(overdueSchema)),
      },
    },
    async (request) => {
      const { viewer, world, now } = askerOf(request);
      if (!mayFollowOverdue(viewer)) {
        return deny(context, request, 'overdue', new Problem('forbidden', '超期清单供督查人员、校领导和单位主要负责人查看'));
      }
      const { cursor, limit, ...filter } = request.query;
      const rows = await listOverdue(context.db, viewer, { ...filter, after: decodeCursor(cursor), limit }, now);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: overdueSince(row), id: row.task.id }),
        ({ task, matter }) => {
          const { tasks, ...head } = presentItem(matter, world, now);
          const open = tasks.find((one) => one.id === task.id);
          const since = overdueSince({ task, matter });
          return {
            matter: head,
            task: {
              id: task.id,
              step: task.step,
              name: task.name,
              assignees: task.assignees,
              openedAt: task.openedAt,
              dueAt: task.dueAt,
              light: open?.light ?? 'red',
            },
            overdueSince: since,
            ...overdueBy(world.calendar, since, now),
          };
        },
      );
    },
  );
}

/** What is overdue, for those who must see to it. */
import { z } from 'zod';
import { countOverdue, listOverdue } from '../../db/overdue.ts';
import { newestDefinition, newestDefinitions } from '../../definitions/catalog.ts';
import { lightAt } from '../../definitions/language/calendar.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { Fault } from '../../definitions/language/json.ts';
import { overdueBy, overdueSince } from '../../workflows/machine/clock/overdue.ts';
import { mayFollowOverdue } from '../../workflows/machine/people/rights.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { overdueByTemporal } from '../overdue-temporal.ts';
import { presentHead } from '../present.ts';
import { Problem } from '../problem.ts';
import { countedListOf, instant, matterItemSchema, pageQuery, reads, taskSchema } from '../schemas/common.ts';
import { overdueInTemporal } from '../schemas/supervision.ts';
import { deny } from '../visible.ts';

const overdueSchema = z.object({
  matter: matterItemSchema.omit({ tasks: true }),
  late: z.enum(['task', 'matter']).meta({ description: '超期的是本待办,还是到手时已将超期的办件整体' }),
  task: taskSchema.pick({ id: true, step: true, name: true, assignees: true, openedAt: true, dueAt: true, light: true }),
  overdueSince: instant,
  overdueHours: z.number(),
  overdueWorkMinutes: z.number(),
});

const overdueInTables = countedListOf(overdueSchema).extend({ source: z.literal('tables') });

/** A filter by something that there is not would answer with an empty list, as if nothing were overdue. */
function unknownIn(
  { unit, process: id, person }: { unit?: string | undefined; process?: string | undefined; person?: string | undefined },
  directory: Directory,
): Fault[] {
  const faults: Fault[] = [];
  if (unit !== undefined && !Object.hasOwn(directory.units, unit)) {
    faults.push({ path: '/unit', message: '没有这个单位,请填写单位编号,如 u-office' });
  }
  if (id !== undefined && newestDefinition(id) === undefined) {
    faults.push({
      path: '/process',
      message: `没有这一流程;现有:${newestDefinitions()
        .map((one) => one.id)
        .join('、')}`,
    });
  }
  if (person !== undefined && !Object.hasOwn(directory.people, person)) {
    faults.push({ path: '/person', message: '没有这个人,请填写人员编号,如 p-li-xiaoyu' });
  }
  return faults;
}

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
          via: z.enum(['tables', 'temporal']).default('tables').meta({
            description: 'tables:逾期的待办和办件;temporal:不经数据库,由 Temporal 的检索属性回答全程逾期且在计时的办件',
          }),
          ...pageQuery,
        }),
        response: reads(z.union([overdueInTables, overdueInTemporal])),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      if (!mayFollowOverdue(viewer)) {
        return deny(context, request, 'overdue', new Problem('forbidden', '超期清单供督查人员、校主要领导和单位主要负责人查看'));
      }
      const { cursor, limit, via, ...filter } = request.query;
      const faults = unknownIn(filter, world.directory);
      if (via === 'temporal' && filter.person !== undefined)
        faults.push({ path: '/person', message: 'Temporal 不知道待办在谁手上,请去掉 via=temporal 或 person' });
      if (faults.length > 0) throw new Problem('bad-input', '查询条件有误', { faults });
      if (via === 'temporal') return overdueByTemporal(context, asker, filter, { cursor, limit });
      const after = decodeCursor(cursor);
      const [rows, counted] = await Promise.all([
        listOverdue(context.db, viewer, { ...filter, after, limit }, now),
        after === undefined ? countOverdue(context.db, viewer, filter, now) : {},
      ]);
      const page = pageOf(
        rows,
        limit,
        (row) => ({ at: overdueSince(row, now), id: row.task.id }),
        ({ task, matter }) => {
          const since = overdueSince({ task, matter }, now);
          return {
            matter: presentHead(matter, world, now),
            late: task.dueAt < now ? ('task' as const) : ('matter' as const),
            task: {
              id: task.id,
              step: task.step,
              name: task.name,
              assignees: task.assignees,
              openedAt: task.openedAt,
              dueAt: task.dueAt,
              light: lightAt(task, now),
            },
            overdueSince: since,
            ...overdueBy(world.calendar, since, now),
          };
        },
      );
      return { source: 'tables' as const, ...page, ...counted };
    },
  );
}

/** Statistics: what was received, finished, in time and late, how long it took, how it was archived and what people think of it. */
import { z } from 'zod';
import {
  type Counted,
  countedMatters,
  countedPeople,
  countedSteps,
  STATISTIC_KEYS,
  type StatisticFilter,
  type StatisticKey,
} from '../../db/statistics.ts';
import { namesIn } from '../../db/world.ts';
import { definitions, newestDefinition } from '../../definitions/catalog.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import type { Fault } from '../../definitions/language/json.ts';
import { APPLICANT_STEP } from '../../workflows/machine/state.ts';
import {
  bottleneckOf,
  matterFigures,
  type TaskFigures,
  taskFigures,
  unitsToCount,
} from '../../workflows/machine/supervision/statistics.ts';
import { placesOf } from '../../workflows/machine/tree.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { countedListOf, pageQuery, reads } from '../schemas/common.ts';
import { deny } from '../visible.ts';

/** Months that are looked back over unless asked otherwise, this one counted. */
const MONTHS = 12;
/** At most so many months at once. */
const MONTHS_MAX = 120;

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/, '请填写月份,如 2026-03;填写日期则取其所在月份')
  .transform((text) => text.slice(0, 7));

const rate = z.number().nullable();
const named = { key: z.string(), name: z.string() };
const matterFiguresSchema = z.object({
  ...named,
  received: z.number().int().meta({ description: '受理' }),
  finished: z.number().int().meta({ description: '办结,不论结果' }),
  onTime: z.number().int().meta({ description: '按时' }),
  late: z.number().int().meta({ description: '超期' }),
  onTimeRate: rate.meta({ description: '按时率:按时 ÷ 办结' }),
  completed: z.number().int(),
  rejected: z.number().int(),
  withdrawn: z.number().int(),
  returned: z.number().int().meta({ description: '办结件中曾被退回的' }),
  completeAtOnce: z.number().int().meta({ description: '办结件中从未退回申请人补正的' }),
  completeAtOnceRate: rate.meta({ description: '一次性告知到位率' }),
  archived: z.number().int().meta({ description: '办结件中纸质、电子均已归档的' }),
  archiveRate: rate.meta({ description: '归档率:已归档 ÷ 办结(不含撤回)' }),
  archiveAccuracy: rate.meta({ description: '归档准确率' }),
  satisfaction: z
    .object({ mean: z.number().nullable(), count: z.number().int() })
    .meta({ description: '满意度:平均星级及评价数;按单位统计时取办理单位,其余各项取申请单位' }),
});
const taskFiguresSchema = z.object({
  ...named,
  process: z.string().optional(),
  processName: z.string().optional(),
  step: z.string().optional(),
  done: z.number().int().meta({ description: '已办待办数,不含转办' }),
  doneLate: z.number().int().meta({ description: '其中超过环节时限办理的' }),
  onTimeRate: rate,
  medianMinutes: z
    .number()
    .int()
    .nullable()
    .meta({ description: '办理用时中位数,工作时间分钟;由分级计数得出,误差不超过五分之一' }),
  p90Minutes: z.number().int().nullable(),
});
type MatterItem = z.input<typeof matterFiguresSchema>;
type TaskItem = z.input<typeof taskFiguresSchema>;

const query = z
  .strictObject({
    by: z.enum(STATISTIC_KEYS).default('process').meta({ description: '按流程、单位、人员、环节或月份统计' }),
    process: z.string().max(60).optional(),
    unit: z
      .string()
      .max(80)
      .optional()
      .meta({ description: '按件统计取申请单位(满意度取办理单位),按人员和环节统计取办理人单位' }),
    from: month.optional(),
    to: month.optional(),
    ...pageQuery,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: '截止月份不能早于起始月份',
  });

const answer = countedListOf(z.union([matterFiguresSchema, taskFiguresSchema])).extend({
  by: z.enum(STATISTIC_KEYS),
  from: z.string(),
  to: z.string(),
  bottleneck: z
    .object({ ...named, share: z.number().meta({ description: '九成用时乘以件数,占全部环节之和的比例' }) })
    .nullable()
    .optional()
    .meta({ description: '瓶颈环节,仅按环节统计时' }),
});

/** A month some months before another. */
function monthsBefore(text: string, months: number): string {
  const count = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 - months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** The months that are asked for: twelve unless said otherwise. @throws Problem 422 for too many. */
function monthsOf({ world, now }: Asker, asked: { from?: string | undefined; to?: string | undefined }) {
  const to = asked.to ?? schoolDate(world.calendar, now).slice(0, 7);
  const from = asked.from ?? monthsBefore(to, MONTHS - 1);
  const faults: Fault[] = [];
  if (from > to) faults.push({ path: '/from', message: `起始月份不能晚于 ${to}` });
  if (from < monthsBefore(to, MONTHS_MAX - 1)) faults.push({ path: '/from', message: `一次最多统计 ${MONTHS_MAX} 个月` });
  if (faults.length > 0) throw new Problem('bad-input', '统计时段有误', { faults });
  return { from, to };
}

/** Faults of what is asked for by name: a statistic of something that there is not would be all zeros. */
function unknownIn(
  { world }: Asker,
  { process: id, unit }: { process?: string | undefined; unit?: string | undefined },
): Fault[] {
  const faults: Fault[] = [];
  if (id !== undefined && newestDefinition(id) === undefined) faults.push({ path: '/process', message: '没有这一流程' });
  if (unit !== undefined && !Object.hasOwn(world.directory.units, unit)) faults.push({ path: '/unit', message: '没有这个单位' });
  return faults;
}

/** The name of a process's step in any of its versions, the newest first. */
function stepName(process: string, step: string): string {
  if (step === APPLICANT_STEP) return '申请人修改';
  if (step === 'extension') return '延期审批';
  const versions = definitions.filter((one) => one.id === process).sort((a, b) => b.version - a.version);
  return versions.map((one) => placesOf(one).get(step)?.step.name).find((name) => name !== undefined) ?? step;
}

function nameOfKey(by: StatisticKey, key: string, nameOf: (id: string) => string): string {
  if (by === 'month') return `${key.slice(0, 4)}年${Number(key.slice(5))}月`;
  if (by === 'process') return newestDefinition(key)?.name ?? key;
  return key === '' ? '单位不详' : nameOf(key);
}

function stepItem({ key, counts, buckets }: Counted): TaskItem & TaskFigures {
  const [process = '', step = ''] = key.split('/');
  return {
    key,
    name: stepName(process, step),
    process,
    processName: newestDefinition(process)?.name ?? process,
    step,
    ...taskFigures(counts, buckets),
  };
}

/** A page of what is already in memory, after a key. */
function cut<T extends { key: string }>(rows: readonly T[], after: string | undefined, limit: number) {
  const rest = after === undefined ? rows : rows.filter((row) => row.key > after);
  const items = rest.slice(0, limit);
  return { items, nextCursor: nextAfter(items.at(-1)?.key, rest.length > limit) };
}

/** Cursors hold an instant, of which keys have none. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

function nextAfter(last: string | undefined, more: boolean): string | null {
  return more && last !== undefined ? encodeCursor(NO_INSTANT, last) : null;
}

/** The statistics that were asked for. */
async function figures(
  context: ApiContext,
  asker: Asker,
  by: StatisticKey,
  filter: StatisticFilter,
  page: { after: string | undefined; limit: number },
) {
  const { db } = context;
  const nameOf = namesIn(asker.world.directory);
  const named = (one: Counted) => ({ key: one.key, name: nameOfKey(by, one.key, nameOf) });
  switch (by) {
    case 'step': {
      const steps = (await countedSteps(db, filter)).map(stepItem);
      const worst = bottleneckOf(steps);
      const bottleneck = worst === null ? null : { key: worst.step.key, name: worst.step.name, share: worst.share };
      return { ...cut(steps, page.after, page.limit), count: steps.length, bottleneck };
    }
    case 'person': {
      const rows = await countedPeople(db, filter, page);
      const items: TaskItem[] = rows
        .slice(0, page.limit)
        .map((one) => ({ ...named(one), ...taskFigures(one.counts, one.buckets) }));
      return { items, nextCursor: nextAfter(items.at(-1)?.key, rows.length > page.limit) };
    }
    default: {
      const rows = await countedMatters(db, by, filter);
      const items: MatterItem[] = rows.map((one) => ({ ...named(one), ...matterFigures(one.counts) }));
      return { ...cut(items, page.after, page.limit), count: items.length };
    }
  }
}

/** `GET /api/statistics`. */
export function statisticsRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/statistics',
    {
      schema: {
        tags: ['statistics'],
        description: '统计:全校供督查人员、校主要领导和流程管理员查看,本单位供主要负责人查看;默认最近十二个月',
        querystring: query,
        response: reads(answer),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { by, process, unit, cursor, limit, ...asked } = request.query;
      const own = unitsToCount(asker.viewer);
      if (own !== null && (own.length === 0 || (unit !== undefined && !own.includes(unit)))) {
        const why = own.length === 0 ? '统计供督查人员、校主要领导和单位主要负责人查看' : '只能查看本人负责单位的统计';
        return deny(context, request, 'statistics', new Problem('forbidden', why));
      }
      const faults = unknownIn(asker, { process, unit });
      if (faults.length > 0) throw new Problem('bad-input', '查询条件有误', { faults });
      const { from, to } = monthsOf(asker, asked);
      const units = unit === undefined ? (own ?? undefined) : [unit];
      const filter = { from: `${from}-01`, to: `${to}-01`, process, units };
      return { by, from, to, ...(await figures(context, asker, by, filter, { after: decodeCursor(cursor)?.id, limit })) };
    },
  );
}

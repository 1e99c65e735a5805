/**
 * The school's working calendar: a new holiday notice, or days of its own (domain D7, D17). Each change is shown before it is made;
 * then every open matter that it touches reckons its dates again, and says why.
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dropDays, putCalendar } from '../../db/directory.ts';
import { publishedHolidays } from '../../db/holidays.ts';
import type { OpenMatter } from '../../db/people.ts';
import type { CalendarDay, WorkingCalendar } from '../../definitions/language/calendar.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { administratorsOnly, anew, changeDirectory } from '../directory-admin.ts';
import { batchOf, carryOutMany, type ManyMatters, previewMany, progressSchema } from '../many-matters.ts';
import { idempotent, instant, listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';

const ROUTE = 'PUT /api/calendar';
const day = z.iso.date();
const dayKind = z.enum(['off', 'work', 'usual']).meta({ description: '放假、上班,或恢复为国家公布的安排' });
const changeBody = z.strictObject({
  publishedYears: z.array(z.number().int().min(2024).max(2100)).max(10).default([]).meta({ description: '放假通知已公布的年份' }),
  days: z
    .array(
      z.strictObject({
        date: day,
        kind: dayKind,
        name: z.string().trim().min(1).max(40).meta({ description: '如:春节、春节调休、校运动会' }),
        source: z.string().trim().min(1).max(200).meta({ description: '依据的通知或学校决定' }),
      }),
    )
    .max(400)
    .default([]),
  reason: z.string().trim().min(1, '请写明理由').max(200).meta({ description: '写入每个变动的时限,如:2027年放假通知已公布' }),
});
type ChangeBody = z.output<typeof changeBody>;

const moveSchema = z.object({
  matter: z.string(),
  title: z.string(),
  step: z.string().nullable().meta({ description: '环节;null 为办件总时限' }),
  name: z.string(),
  dueAt: z.object({ from: instant, to: instant }),
  refused: z.string().nullable(),
});
type Move = z.input<typeof moveSchema>;

/** The calendar as it would be. */
function changed(calendar: WorkingCalendar, body: ChangeBody): WorkingCalendar {
  const days = { ...calendar.days };
  const official = publishedHolidays().days;
  for (const { date, kind, name, source } of body.days) {
    const usual = official[date];
    if (kind !== 'usual') days[date] = { kind, name, source };
    else if (usual !== undefined) days[date] = usual;
    else delete days[date];
  }
  const publishedYears = [...new Set([...calendar.publishedYears, ...body.publishedYears])].sort((a, b) => a - b);
  return { ...calendar, days, publishedYears };
}

function refreshOf(asker: Asker, reason: string): ManyMatters<Move> {
  return {
    concerns: () => true,
    commandOf: (_matter, id, bodyHash) => ({
      type: 'refresh',
      id,
      by: { kind: 'person', id: asker.viewer.id },
      bodyHash,
      about: 'calendar',
      reason,
    }),
    changesOf: moved,
    refused: ({ no, title, state }, message) => {
      const dueAt = { from: state.due.dueAt, to: state.due.dueAt };
      return { matter: no, title, step: null, name: '', dueAt, refused: message };
    },
  };
}

function moved({ no, title, state }: OpenMatter, event: MatterEvent): Move[] {
  if (event.type === 'WaitMoved') {
    const { key, name, at } = event.facts;
    const wait = state.waits[key];
    const from = wait?.kind === 'until' ? wait.at : at;
    return [{ matter: no, title, step: key, name, dueAt: { from, to: at }, refused: null }];
  }
  if (event.type !== 'DueChanged') return [];
  const { visit, name, due } = event.facts;
  const before = visit === null ? state.due : (state.visits[visit]?.due ?? due);
  return [{ matter: no, title, step: visit, name, dueAt: { from: before.dueAt, to: due.dueAt }, refused: null }];
}

async function write(context: ApiContext, request: FastifyRequest, body: ChangeBody, after: WorkingCalendar): Promise<void> {
  const kept: Record<string, CalendarDay> = {};
  for (const { date } of body.days) {
    const one = after.days[date];
    if (one !== undefined) kept[date] = one;
  }
  await changeDirectory(context, request, 'calendar', async (tx) => {
    await putCalendar(tx, { years: body.publishedYears, days: kept });
    await dropDays(
      tx,
      body.days.map((one) => one.date).filter((date) => after.days[date] === undefined),
    );
  });
}

const yearQuery = z.strictObject({ year: z.coerce.number().int().min(2024).max(2100) });
const calendarSchema = z.object({
  year: z.number().int(),
  published: z.boolean().meta({ description: '该年放假通知是否已公布;未公布的年份时限为暂定' }),
  items: z.array(z.object({ date: day, kind: z.enum(['off', 'work']), name: z.string(), source: z.string() })),
  nextCursor: z.null(),
});

/** Routes under `/api/calendar`. */
export function calendarRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/calendar',
    {
      schema: {
        tags: ['calendar'],
        description: '与周一至周五不同的日子',
        querystring: yearQuery,
        response: reads(calendarSchema),
      },
    },
    async (request) => {
      const { year } = request.query;
      const { calendar } = askerOf(request).world;
      const items = Object.entries(calendar.days)
        .filter(([date]) => date.startsWith(`${year}-`))
        .map(([date, one]) => ({ date, ...one }))
        .sort((a, b) => (a.date < b.date ? -1 : 1));
      return { year, published: calendar.publishedYears.includes(year), items, nextCursor: null };
    },
  );
  const preValidation = administratorsOnly(context, '只有流程管理员可以调整日历');
  api.post(
    '/api/calendar/preview',
    {
      preValidation,
      schema: {
        tags: ['calendar'],
        description: '日历调整前预览:哪些时限会变动',
        querystring: z.strictObject(pageQuery),
        body: changeBody,
        response: { 200: listOf(moveSchema), default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const calendar = changed(asker.world.calendar, request.body);
      const there = { ...asker, world: { ...asker.world, calendar } };
      return previewMany(context, there, refreshOf(asker, request.body.reason), request.query);
    },
  );
  api.put(
    '/api/calendar',
    {
      preValidation,
      schema: {
        tags: ['calendar'],
        description: '调整日历,在办事项的时限随之重新计算',
        headers: idempotent,
        body: changeBody,
        response: { 200: progressSchema, 202: progressSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      // A key that was used for another change must not write this one.
      await batchOf(context, request, ROUTE);
      // The same request again writes the same days; what it began with is then finished.
      await write(context, request, request.body, changed(asker.world.calendar, request.body));
      const many = refreshOf(asker, request.body.reason);
      return carryOutMany(context, request, reply, ROUTE, many, await anew(context, asker));
    },
  );
}

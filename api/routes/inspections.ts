/** Routes of inspections 督查: rounds over all open items, spot checks of a random sample, and how both stand. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { excuseEnded, listAccountabilities, listItems, pendingItems, stillFailing } from '../../db/inspection-items.ts';
import {
  allTopics,
  closeInspection,
  type InspectionCriteria,
  type InspectionRow,
  insertInspection,
  inspectionById,
  listInspections,
  openRoundOf,
  POPULATION_MAX,
  populationOf,
  resultCounts,
} from '../../db/inspections.ts';
import { appendTo } from '../../db/journal.ts';
import { SUPERVISION_SOURCE_NAMES } from '../../definitions/language/supervision.ts';
import {
  drawSample,
  inspectedUnits,
  inspectionDueOn,
  inspectionSettings,
  mayInspect,
  spotCheckFaults,
} from '../../workflows/machine/supervision/inspect.ts';
import { INSPECTION_KINDS, INSPECTION_RESULTS } from '../../workflows/machine/words.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { drawnFrom, inspectionDto, itemDto, nameIn, RULE } from '../inspections.ts';
import { Problem } from '../problem.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import {
  accountabilitySchema,
  failingSchema,
  inspectionSchema,
  itemSchema,
  openSchema,
  populationSchema,
} from '../schemas/inspections.ts';
import { keyOf } from '../submit.ts';
import { deny } from '../visible.ts';
import { inspectionItemRoutes } from './inspection-items.ts';

/** Cursors of lists that are paged by number hold no instant. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';
const params = z.object({ id: z.string().max(80) });
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** An inspection that the asker may look at. @throws Problem 403 or 404. */
async function found(context: ApiContext, id: string): Promise<InspectionRow> {
  const row = await inspectionById(context.db, id);
  if (row === null) throw new Problem('not-found', '没有这次督查');
  return row;
}

/** The population of an inspection that is asked for, with the sample drawn from it. @throws Problem 422 with every fault. */
async function draw(context: ApiContext, asker: Asker, body: z.output<typeof openSchema>) {
  const { criteria } = body;
  const { directory } = asker.world;
  const faults = [
    ...(criteria.unit !== undefined && !Object.hasOwn(directory.units, criteria.unit)
      ? [{ path: '/criteria/unit', message: '没有这个单位' }]
      : []),
    ...(criteria.leader !== undefined && !Object.hasOwn(directory.people, criteria.leader)
      ? [{ path: '/criteria/leader', message: '没有这个人' }]
      : []),
  ];
  const population = await populationOf(context.db, criteria);
  if (population.length > POPULATION_MAX)
    faults.push({ path: '/criteria', message: `在办事项超过${POPULATION_MAX}件,请按专项、单位或领导分次督查` });
  if (body.kind === 'spot-check') faults.push(...spotCheckFaults(body.sampleSize, population.length));
  else if (population.length === 0) faults.push({ path: '/criteria', message: '没有符合条件的在办事项' });
  if (faults.length > 0) throw new Problem('bad-input', '督查范围有误', { faults });
  const numbers = population.map((one) => one.no);
  if (body.kind === 'round') return { population: numbers, items: population, seed: null };
  // Nobody chooses the seed, so nobody chooses the sample.
  const seed = randomBytes(16).toString('hex');
  const drawn = new Set(drawSample(numbers, body.sampleSize, drawnFrom(seed)));
  return { population: numbers, items: population.filter((one) => drawn.has(one.no)), seed };
}

/** What an inspection is called where nobody named it: by what it is over. */
function titleOf(asker: Asker, body: z.output<typeof openSchema>, topic: string | null): (round: number) => string {
  const { title, kind, criteria } = body;
  if (title !== undefined) return () => title;
  const { source, unit, leader } = criteria;
  const parts = [
    ...(topic === null ? [] : [topic]),
    ...(source === undefined ? [] : [SUPERVISION_SOURCE_NAMES[source]]),
    ...(unit === undefined ? [] : [nameIn(asker, unit).name]),
    ...(leader === undefined ? [] : [nameIn(asker, leader).name]),
  ];
  const over = parts.length === 0 ? '全部在办督办事项' : parts.join('、');
  return (round) => (kind === 'round' ? `${over}第${round}轮面上督查` : `${over}第${round}次点上抽查`);
}

async function topicName(context: ApiContext, criteria: InspectionCriteria): Promise<string | null> {
  if (criteria.topic === undefined) return null;
  const topic = (await allTopics(context.db)).find((one) => one.id === criteria.topic);
  if (topic === undefined)
    throw new Problem('bad-input', '督查范围有误', { faults: [{ path: '/criteria/topic', message: '没有这个专项' }] });
  return topic.name;
}

/** Whoever heads no unit and supervises nothing has no business with inspections. */
async function unitsOf(context: ApiContext, request: Parameters<typeof deny>[1]): Promise<readonly string[] | null> {
  const units = inspectedUnits(askerOf(request).viewer);
  if (units !== null && units.length === 0)
    return deny(context, request, 'inspections', new Problem('forbidden', '督查情况供督查人员、校主要领导和单位主要负责人查看'));
  return units;
}

/** Routes under `/api/supervision/inspections`. */
export function inspectionRoutes(api: Api, context: ApiContext): void {
  listRoutes(api, context);
  openRoutes(api, context);
  failingRoutes(api, context);
  inspectionItemRoutes(api, context);
}

function listRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/inspections',
    {
      schema: {
        tags: ['supervision'],
        description: '督查轮次和抽查;单位主要负责人看到涉及本单位的',
        querystring: z.strictObject({
          topic: z.string().max(80).optional(),
          kind: z.enum(INSPECTION_KINDS).optional(),
          open: flag.optional(),
          ...pageQuery,
        }),
        response: reads(listOf(inspectionSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const units = await unitsOf(context, request);
      const { cursor, limit, ...filter } = request.query;
      const rows = await listInspections(context.db, { ...filter, units, after: decodeCursor(cursor), limit });
      const page = pageOf(
        rows,
        limit,
        (row) => ({ at: row.openedAt, id: row.id }),
        (row) => row,
      );
      const counts = await resultCounts(
        context.db,
        page.items.map((row) => row.id),
        units,
      );
      const topics = await allTopics(context.db);
      return { ...page, items: page.items.map((row) => inspectionDto(asker, row, counts, topics)) };
    },
  );

  api.get(
    '/api/supervision/inspections/:id',
    { schema: { tags: ['supervision'], params, response: reads(inspectionSchema) } },
    async (request) => {
      const units = await unitsOf(context, request);
      const row = await found(context, request.params.id);
      const counts = await resultCounts(context.db, [row.id], units);
      const seen = Object.values(counts.get(row.id) ?? {}).some((count) => count > 0);
      if (units !== null && !seen) return deny(context, request, row.id, new Problem('not-found', '没有这次督查'));
      return inspectionDto(askerOf(request), row, counts, await allTopics(context.db));
    },
  );

  api.get(
    '/api/supervision/inspections/:id/items',
    {
      schema: {
        tags: ['supervision'],
        params,
        querystring: z.strictObject({
          result: z.enum(INSPECTION_RESULTS).optional(),
          q: z.string().trim().min(1).max(100).optional(),
          ...pageQuery,
        }),
        response: reads(listOf(itemSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const units = await unitsOf(context, request);
      const { cursor, limit, ...filter } = request.query;
      const inspection = await found(context, request.params.id);
      const rows = await listItems(context.db, inspection.id, { ...filter, units, after: decodeCursor(cursor), limit });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: NO_INSTANT, id: row.no }),
        (row) => itemDto(asker, row),
      );
    },
  );

  api.get(
    '/api/supervision/inspections/:id/draw',
    {
      schema: { tags: ['supervision'], params, description: '抽取依据和重新抽取的结果', response: reads(populationSchema) },
    },
    async (request) => {
      if (!mayInspect(askerOf(request).viewer))
        return deny(context, request, request.params.id, new Problem('forbidden', '抽取依据供督查人员核对'));
      const { id, seed, population, sampleSize } = await found(context, request.params.id);
      const recorded = (await listItems(context.db, id, { units: null, limit: POPULATION_MAX })).map((item) => item.no).sort();
      const drawn = seed === null ? [...population] : drawSample(population, sampleSize ?? 0, drawnFrom(seed));
      const matches = [...drawn].sort().join() === recorded.join();
      return { seed, rule: RULE, population, drawn, recorded, matches };
    },
  );
}

function openRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/supervision/inspections',
    {
      schema: {
        tags: ['supervision'],
        description: '发起一轮面上督查,或一次点上抽查(种子由系统产生并记录);须有 Idempotency-Key',
        body: openSchema,
        response: { 201: inspectionSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      if (!mayInspect(viewer)) return deny(context, request, 'inspections', new Problem('forbidden', '督查由督查人员发起'));
      const { body } = request;
      const key = keyOf(request, 'inspections');
      const id = `insp-${createHash('sha256').update(key.commandId).digest('hex').slice(0, 20)}`;
      const answer = async (row: InspectionRow) => {
        const counts = await resultCounts(context.db, [id], null);
        return reply.code(201).send(inspectionDto(asker, row, counts, await allTopics(context.db)));
      };
      // The same request again, a double click, is answered with what it made.
      const made = await inspectionById(context.db, id);
      if (made !== null) return answer(made);
      const title = titleOf(asker, body, await topicName(context, body.criteria));
      const { population, items, seed } = await draw(context, asker, body);
      const going = body.kind === 'round' ? await openRoundOf(context.db, body.criteria.topic ?? null, body.criteria) : null;
      if (going !== null) throw new Problem('too-early', `${going.title}尚未结束,不能再发起同一范围的下一轮`);
      const row = await context.db.transaction(async (tx) => {
        const opened = await insertInspection(tx, {
          id,
          kind: body.kind,
          title,
          topicId: body.criteria.topic ?? null,
          criteria: body.criteria,
          population,
          seed,
          items,
          openedBy: viewer.id,
          openedAt: now,
          dueOn: inspectionDueOn(world.calendar, now, inspectionSettings(world.settings)),
        });
        const facts = { kind: body.kind, items: items.length, population: population.length, ...(seed === null ? {} : { seed }) };
        const entry = {
          at: now,
          person: viewer.id,
          action: 'open-inspection',
          target: id,
          code: 'done',
          requestId: request.id,
          facts,
        };
        await appendTo(tx, 'office', entry);
        return opened;
      });
      return answer(row);
    },
  );

  api.post(
    '/api/supervision/inspections/:id/close',
    {
      schema: {
        tags: ['supervision'],
        params,
        description: '结束一次督查:全部事项须有结论,已办结的事项自动免查',
        response: { 200: inspectionSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, now } = asker;
      const { id } = request.params;
      if (!mayInspect(viewer)) return deny(context, request, id, new Problem('forbidden', '督查由督查人员结束'));
      await found(context, id);
      await context.db.transaction(async (tx) => {
        await excuseEnded(tx, id, now);
        const pending = await pendingItems(tx, id);
        if (pending > 0) throw new Problem('too-early', `还有${pending}件没有督查结论,不能结束`);
        if (!(await closeInspection(tx, id, now))) return;
        const entry = { at: now, person: viewer.id, action: 'close-inspection', target: id, code: 'done', requestId: request.id };
        await appendTo(tx, 'office', entry);
      });
      const counts = await resultCounts(context.db, [id], null);
      return inspectionDto(asker, await found(context, id), counts, await allTopics(context.db));
    },
  );
}

function failingRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/failing',
    {
      schema: {
        tags: ['supervision'],
        description: '连续几轮督查仍不合格的在办事项',
        querystring: z.strictObject({
          topic: z.string().max(80).optional(),
          rounds: z.coerce.number().int().min(1).max(100).default(1),
          ...pageQuery,
        }),
        response: reads(listOf(failingSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const units = await unitsOf(context, request);
      const { cursor, limit, ...filter } = request.query;
      const rows = await stillFailing(context.db, { ...filter, units, after: decodeCursor(cursor), limit });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: NO_INSTANT, id: `${row.no} ${row.inspectionId}` }),
        (row) => ({
          inspection: { id: row.inspectionId, title: row.inspectionTitle, round: row.round },
          matter: { no: row.no, title: row.title },
          leadUnit: row.leadUnit === null ? null : nameIn(asker, row.leadUnit),
          finding: row.finding,
          checkedAt: row.checkedAt,
          failuresOnEnd: row.failuresOnEnd,
        }),
      );
    },
  );

  api.get(
    '/api/supervision/accountabilities',
    {
      schema: {
        tags: ['supervision'],
        description: '问责记录:提醒、约谈、通报批评、问责',
        querystring: z.strictObject({ unit: z.string().max(80).optional(), ...pageQuery }),
        response: reads(listOf(accountabilitySchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const units = await unitsOf(context, request);
      const { cursor, limit, unit } = request.query;
      const rows = await listAccountabilities(context.db, { unit, units, after: decodeCursor(cursor), limit });
      return pageOf(
        rows,
        limit,
        (row) => ({ at: row.decidedAt, id: String(row.id) }),
        (row) => ({
          matter: { no: row.no, title: row.title },
          inspection: row.inspectionId,
          unit: nameIn(asker, row.unitId),
          person: nameIn(asker, row.personId),
          measure: row.measure,
          text: row.text,
          decidedBy: nameIn(asker, row.decidedBy),
          decidedAt: row.decidedAt,
        }),
      );
    },
  );
}

/** Topics 专项 with their own supervisor and items 专人专项专题督办, and watching 关注 a matter. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listLedger, placeOfRow, readinessOf } from '../../db/ledger.ts';
import {
  addTopic,
  changeTopic,
  countTopicMatters,
  type ListedTopic,
  listTopics,
  putIntoTopic,
  setWatch,
  supervisedByNo,
  type TopicRow,
  takeOutOfTopic,
  topicById,
  updateTopic,
} from '../../db/topics.ts';
import { schoolDate } from '../../definitions/language/calendar.ts';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import { nextRoundOn } from '../../workflows/machine/supervision/inspect.ts';
import { mayKeepTopic, mayOversee } from '../../workflows/machine/supervision/rights.ts';
import { mattersInPlaceOf } from '../boxes.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { refuseFaults } from '../directory-admin.ts';
import { cursorOf, evidenceFiles, named, placeOf, presentRows } from '../ledger.ts';
import { Problem } from '../problem.ts';
import { idempotent, listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';
import { topicBody, topicChange, topicDetailSchema, topicMattersBody, topicQuery, topicSchema } from '../schemas/supervision.ts';
import { keyOf } from '../submit.ts';
import { deny, visibleMatter } from '../visible.ts';

/** More items than these make a topic that nobody can follow. */
const TOPIC_MATTERS_MAX = 500;
/** Topics are paged by id; the cursor's instant is not needed. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';
const CLOSED = '专项已结束,不能再修改';

const topicParams = z.object({ id: z.string().max(80) });
const nothing = z.null();

/** Routes under `/api/supervision/topics`, and `/api/matters/:no/watch`. */
export function topicRoutes(api: Api, context: ApiContext): void {
  readingRoutes(api, context);
  makingRoutes(api, context);
  memberRoutes(api, context);
  watchRoutes(api, context);
}

function presentTopic({ supervisor, ...topic }: ListedTopic, { world, now }: Asker): z.input<typeof topicSchema> {
  const today = schoolDate(world.calendar, now);
  const milestones = topic.milestones.map((one) => ({ ...one, passed: one.on < today }));
  return { ...topic, supervisor: named(world, supervisor), milestones };
}

/** A topic that the asker may see. @throws Problem 404 for any other. */
async function topicFor(context: ApiContext, request: FastifyRequest, id: string): Promise<ListedTopic> {
  const topic = await topicById(context.db, askerOf(request).viewer, id);
  return topic ?? deny(context, request, id, new Problem('not-found', '没有这一专项,或您无权查看'));
}

function entryOf(request: FastifyRequest, action: string, target: string, facts: JsonObject) {
  const { viewer, now } = askerOf(request);
  return { at: now, person: viewer.id, action, target, code: request.method, requestId: request.id, facts };
}

function readingRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/topics',
    { schema: { tags: ['supervision'], querystring: topicQuery, response: reads(listOf(topicSchema)) } },
    async (request) => {
      const asker = askerOf(request);
      const { open, cursor, limit } = request.query;
      const rows = await listTopics(context.db, asker.viewer, { open, after: decodeCursor(cursor)?.id, limit });
      return pageOf(
        rows,
        limit,
        ({ id }) => ({ at: NO_INSTANT, id }),
        (row) => presentTopic(row, asker),
      );
    },
  );

  api.get(
    '/api/supervision/topics/:id',
    {
      schema: {
        tags: ['supervision'],
        description: '专项及其各项的办理情况和佐证,可直接用于迎接回访',
        params: topicParams,
        querystring: z.strictObject(pageQuery),
        response: reads(topicDetailSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { cursor, limit } = request.query;
      const topic = await topicFor(context, request, request.params.id);
      const standingIn = await mattersInPlaceOf(context, asker);
      const filter = { view: 'supervised' as const, standingIn, topic: topic.id };
      const [rows, readiness] = await Promise.all([
        listLedger(context.db, asker.viewer, { ...filter, after: placeOf(cursor), limit }, asker.now),
        readinessOf(context.db, asker.viewer, filter, asker.now),
      ]);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const evidence = await evidenceFiles(
        context,
        shown.map(({ row }) => row.matterId),
      );
      const items = await presentRows(context, asker, shown);
      return {
        ...presentTopic(topic, asker),
        readiness,
        items: items.map((item, at) => {
          const files = evidence(shown[at]?.row.matterId ?? '');
          return { ...item, evidence: files, ready: files.length > 0 && item.checkedAt !== null && item.reportedAt !== null };
        }),
        nextCursor: rows.length > limit && last !== undefined ? cursorOf(placeOfRow(last)) : null,
      };
    },
  );
}

function supervisorFaults({ world }: Asker, supervisor: string | undefined): Fault[] {
  if (supervisor === undefined || world.directory.people[supervisor]?.active === true) return [];
  return [{ path: '/supervisor', message: '没有这个人或已离任,请填写人员编号,如 p-song-jie' }];
}

function makingRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/supervision/topics',
    {
      preValidation: async (request) => {
        if (mayOversee(askerOf(request).viewer)) return;
        await deny(context, request, 'topics', new Problem('forbidden', '专项由督查人员和校主要领导设立'));
      },
      schema: {
        tags: ['supervision'],
        headers: idempotent,
        body: topicBody,
        response: { 201: topicSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const key = keyOf(request, 'POST /api/supervision/topics');
      const { startedOn = schoolDate(asker.world.calendar, asker.now), nextInspectionOn = null, ...body } = request.body;
      refuseFaults(supervisorFaults(asker, body.supervisor));
      const id = `topic-${key.commandId.slice(0, 12)}`;
      const next = nextInspectionOn ?? firstRoundOn(asker, startedOn, body.inspectEveryMonths);
      const topic = { ...body, id, startedOn, closedOn: null, nextInspectionOn: next };
      await addTopic(context.db, topic, entryOf(request, 'topic-opened', id, { ...body, startedOn, nextInspectionOn: next }));
      reply.code(201);
      return presentTopic(await topicFor(context, request, id), asker);
    },
  );

  api.patch(
    '/api/supervision/topics/:id',
    {
      schema: {
        tags: ['supervision'],
        params: topicParams,
        body: topicChange,
        response: { 200: topicSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { id } = request.params;
      const topic = await keptTopic(context, request, id);
      const { closed, ...changes } = request.body;
      if (changes.supervisor !== undefined && changes.supervisor !== topic.supervisor && !mayOversee(asker.viewer)) {
        return deny(context, request, id, new Problem('forbidden', '更换专项督办人由督查人员和校主要领导进行'));
      }
      refuseFaults(supervisorFaults(asker, changes.supervisor));
      await changeTopic(context.db, id, async (tx, { closedOn }) => {
        if (closedOn !== null) throw new Problem('too-late', CLOSED);
        const closing = closed === undefined ? {} : { closedOn: schoolDate(asker.world.calendar, asker.now) };
        // What the body left out is absent, not undefined, once it has been through JSON.
        const set = JSON.parse(JSON.stringify({ ...changes, ...closing })) as Partial<TopicRow> & JsonObject;
        await updateTopic(tx, id, set);
        return { entry: entryOf(request, closed === undefined ? 'topic-changed' : 'topic-closed', id, set), result: true };
      });
      return presentTopic(await topicFor(context, request, id), asker);
    },
  );
}

/** When the first round of inspection of a topic is due, or null for none. */
function firstRoundOn({ world }: Asker, startedOn: string, everyMonths: number | null): string | null {
  return everyMonths === null ? null : nextRoundOn(world.calendar, startedOn, everyMonths);
}

/** A topic that the asker may change. @throws Problem 404 or 403. */
async function keptTopic(context: ApiContext, request: FastifyRequest, id: string): Promise<ListedTopic> {
  const topic = await topicFor(context, request, id);
  if (mayKeepTopic(askerOf(request).viewer, topic)) return topic;
  return deny(context, request, id, new Problem('forbidden', '专项由其督办人、督查人员和校主要领导维护'));
}

function memberRoutes(api: Api, context: ApiContext): void {
  api.put(
    '/api/supervision/topics/:id/matters',
    {
      schema: {
        tags: ['supervision'],
        description: '把督办事项纳入专项;已在其中的不变',
        params: topicParams,
        body: topicMattersBody,
        response: { 200: topicSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { id } = request.params;
      const { matters } = request.body;
      await keptTopic(context, request, id);
      const known = await supervisedByNo(context.db, matters);
      refuseFaults(
        matters.flatMap((no, at) =>
          known.has(no) ? [] : [{ path: `/matters/${at}`, message: `台账中没有${no}:只有督办事项可以纳入专项` }],
        ),
      );
      await changeTopic(context.db, id, async (tx, { closedOn }) => {
        if (closedOn !== null) throw new Problem('too-late', CLOSED);
        await putIntoTopic(tx, id, [...known.values()], { person: asker.viewer.id, at: asker.now });
        if ((await countTopicMatters(tx, id)) > TOPIC_MATTERS_MAX) {
          refuseFaults([{ path: '/matters', message: `一个专项最多${TOPIC_MATTERS_MAX}件,请另设专项` }]);
        }
        return { entry: entryOf(request, 'topic-matters-added', id, { matters }), result: true };
      });
      return presentTopic(await topicFor(context, request, id), asker);
    },
  );

  api.delete(
    '/api/supervision/topics/:id/matters/:no',
    {
      schema: {
        tags: ['supervision'],
        params: topicParams.extend({ no: z.string().max(60) }),
        response: { 204: nothing, default: problemSchema },
      },
    },
    async (request, reply) => {
      const { id, no } = request.params;
      await keptTopic(context, request, id);
      const matterId = (await supervisedByNo(context.db, [no])).get(no);
      const taken = await changeTopic(context.db, id, async (tx, { closedOn }) => {
        if (closedOn !== null) throw new Problem('too-late', CLOSED);
        const was = matterId !== undefined && (await takeOutOfTopic(tx, id, matterId));
        return { entry: was ? entryOf(request, 'topic-matter-removed', id, { matter: no }) : null, result: was };
      });
      if (taken !== true) throw new Problem('not-found', '专项中没有这一事项');
      return reply.code(204).send(null);
    },
  );
}

function watchRoutes(api: Api, context: ApiContext): void {
  for (const [method, watching] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    api.route({
      method,
      url: '/api/matters/:no/watch',
      schema: {
        tags: ['supervision'],
        description: watching ? '关注办件:看得到的都可以关注' : '取消关注',
        params: z.object({ no: z.string().max(60) }),
        response: { 204: nothing, default: problemSchema },
      },
      handler: async (request, reply) => {
        const { no } = request.params;
        const matter = await visibleMatter(context, request, no);
        const { viewer } = askerOf(request);
        const entry = entryOf(request, watching ? 'watch-begun' : 'watch-ended', no, {});
        await setWatch(context.db, matter.id, watching, { ...entry, person: viewer.id });
        return reply.code(204).send(null);
      },
    });
  }
}

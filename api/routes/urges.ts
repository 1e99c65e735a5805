/** Urging 催办 by supervisors: many matters in one request, and the log of who was urged, merged by unit and day. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { urgeLog } from '../../db/ledger-course.ts';
import { addDays, schoolDate } from '../../definitions/language/calendar.ts';
import { mayOversee, mayReadUrges } from '../../workflows/machine/supervision/rights.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { requestKey } from '../gateway.ts';
import { daysWithin, named } from '../ledger.ts';
import { Problem, problemOf } from '../problem.ts';
import { matterCommand } from '../schemas/actions.ts';
import { idempotent, listOf, problemSchema, reads } from '../schemas/common.ts';
import { urgeAnswer, urgeBody, urgedUnitSchema, urgeLogQuery } from '../schemas/supervision.ts';
import { carryOut, keyHeader, problemOfOutcome } from '../submit.ts';
import { inTurns } from '../turns.ts';
import { deny, noteRefusal, visibleMatter } from '../visible.ts';

/** Matters urged at the same time: a request of many leaves room for everybody else. */
const AT_ONCE = 4;
/** Days that the log goes back unless it is asked from a day on. */
const LOG_DAYS = 30;

interface Result {
  matter: string;
  status: number;
  problem: Problem | null;
}

/** `POST /api/supervision/urge` and `GET /api/supervision/urges`. */
export function urgeRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/supervision/urge',
    {
      preValidation: async (request) => {
        if (mayOversee(askerOf(request).viewer)) return;
        await deny(context, request, 'urge', new Problem('forbidden', '批量催办由督查人员和校主要领导进行'));
      },
      schema: {
        tags: ['supervision'],
        description: '批量催办:逐件各自催办、各自有结果;刚催过的不再催,同一人当日所收的催办并为一条',
        headers: idempotent,
        body: urgeBody,
        response: { 200: urgeAnswer, default: problemSchema },
      },
    },
    async (request) => {
      const header = keyHeader(request);
      const { matters, text } = request.body;
      const results = await inTurns(matters, AT_ONCE, (no) => urge(context, request, header, { no, text }));
      return {
        items: results.map(({ matter, status, problem }) => ({
          matter,
          status,
          // The document has the shape of its schema; only its type says so less exactly.
          ...(problem === null ? {} : { problem: problem.toDocument(request.id) as z.input<typeof problemSchema> }),
        })),
      };
    },
  );

  api.get(
    '/api/supervision/urges',
    { schema: { tags: ['supervision'], querystring: urgeLogQuery, response: reads(listOf(urgedUnitSchema)) } },
    async (request) => {
      const { viewer, world, now } = askerOf(request);
      if (!mayReadUrges(viewer)) {
        return deny(context, request, 'urges', new Problem('forbidden', '催办记录供督查人员、校主要领导和单位主要负责人查看'));
      }
      const { unit, cursor, limit } = request.query;
      if (unit !== undefined && !Object.hasOwn(world.directory.units, unit)) {
        const faults = [{ path: '/unit', message: '没有这个单位,请填写单位编号,如 u-office' }];
        throw new Problem('bad-input', '查询条件有误', { faults });
      }
      const to = request.query.to ?? schoolDate(world.calendar, now);
      const days = daysWithin(world.calendar, request.query.from ?? addDays(to, -LOG_DAYS), to);
      const after = decodeCursor(cursor);
      const lines = await urgeLog(context.db, viewer, {
        unit,
        from: days.from ?? now,
        to: days.to ?? now,
        offsetMinutes: world.calendar.offsetMinutes,
        after: after === undefined ? undefined : { day: after.at.slice(0, 10), unit: after.id },
        limit,
      });
      const shown = lines.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map((line) => ({
          ...line,
          unit: named(world, line.unit),
          urges: line.urges.map((one) => ({ ...one, person: named(world, one.person), by: named(world, one.by) })),
        })),
        nextCursor: lines.length > limit && last !== undefined ? encodeCursor(`${last.day}T00:00:00.000Z`, last.unit) : null,
      };
    },
  );
}

/** Urges in one matter; whatever goes wrong with it is its own result and nobody else's. */
async function urge(
  context: ApiContext,
  request: FastifyRequest,
  header: string,
  { no, text }: { no: string; text: string | undefined },
): Promise<Result> {
  try {
    const { viewer } = askerOf(request);
    const key = requestKey(viewer.id, `POST /api/supervision/urge ${no}`, header, { text: text ?? null });
    const row = await visibleMatter(context, request, no);
    const body = { type: 'urge' as const, ...(text === undefined ? {} : { text }) };
    const make = async () => ({ matterId: row.id, command: matterCommand(body, key, viewer) });
    const { outcome } = await carryOut(context, viewer.id, { key, make });
    if (outcome.kind === 'committed') return { matter: no, status: 200, problem: null };
    if (outcome.kind === 'pending') return { matter: no, status: 202, problem: null };
    const problem = problemOfOutcome(outcome);
    if (outcome.kind === 'refused') await noteRefusal(context, request, no, problem.code);
    return { matter: no, status: problem.status, problem };
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500) context.log.error({ err: error, requestId: request.id }, 'urge of many failed');
    return { matter: no, status: problem.status, problem };
  }
}

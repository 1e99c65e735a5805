/** Starting, listing and looking at matters, and commands on them. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listMatters, type MatterRow } from '../../db/matters.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { stateQuery } from '../../workflows/contract.ts';
import { decide } from '../../workflows/machine/decide.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { type Matter, newMatter } from '../../workflows/machine/state.ts';
import {
  type Application,
  applicationWorld,
  definitionNamed,
  formFaultsOf,
  startCommand,
  toldOfNewVersion,
} from '../application.ts';
import { mattersInPlaceOf } from '../boxes.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { presentItem, presentMatter } from '../present.ts';
import { Problem } from '../problem.ts';
import { rate, withRating } from '../rating.ts';
import { commandBody, matterCommand } from '../schemas/actions.ts';
import {
  fileIds,
  idempotent,
  jsonObject,
  LIMITS,
  listOf,
  matterItemSchema,
  matterSchema,
  pageQuery,
  pendingSchema,
  problemSchema,
  reads,
  status,
} from '../schemas/common.ts';
import { rateBody } from '../schemas/ratings.ts';
import { answerCommand, keyOf, matterIdFor } from '../submit.ts';
import { visibleMatter } from '../visible.ts';

/** The live view waits this long for the workflow before the record answers in its place. */
const QUERY_DEADLINE_MS = 2_000;

const application = z.strictObject({
  process: z.string().max(60),
  version: z.number().int().min(1).optional().meta({ description: '所填表单的版本,见办事指南;默认现行版本' }),
  form: jsonObject,
  attachments: fileIds.default([]),
});

/** The state as the workflow has it; the record answers where the workflow cannot. */
async function liveState(context: ApiContext, row: MatterRow): Promise<Matter> {
  if (row.state.phase === 'ended') return row.state;
  try {
    const handle = context.client.workflow.getHandle(row.id);
    const state = await context.client.withDeadline(Date.now() + QUERY_DEADLINE_MS, () => handle.query(stateQuery));
    // The record may be ahead for a moment of a workflow that has not yet heard of its last commit.
    return state !== null && state.sequence >= row.sequence ? state : row.state;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) await context.gateway.revive(row.id, row.processId).catch(() => undefined);
    context.log.warn({ err: error, matter: row.no }, 'live view answered by the record');
    return row.state;
  }
}

/** The faults of an application's body with those of the form in it, each place once. */
async function withFormFaults(context: ApiContext, asker: Asker, request: FastifyRequest): Promise<unknown> {
  const { validationError } = request;
  if (!(validationError instanceof Problem)) return validationError;
  const told = new Set(validationError.faults.map((fault) => fault.path));
  const more = (await formFaultsOf(context, asker, request.body)).filter((fault) => !told.has(fault.path));
  return new Problem('bad-input', validationError.message, { faults: [...validationError.faults, ...more] });
}

/** Routes under `/api/matters`. */
export function matterRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/matters',
    {
      // The handler adds the form's faults to those of the body around it.
      attachValidation: true,
      schema: {
        tags: ['matters'],
        headers: idempotent,
        body: application,
        response: { 201: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const key = keyOf(request, 'POST /api/matters');
      if (request.validationError !== undefined) throw await withFormFaults(context, asker, request);
      return answerCommand(context, request, reply, {
        key,
        status: 201,
        target: request.body.process,
        make: async () => {
          const definition = definitionNamed(asker, request.body.process, request.body.version);
          // The body passed the JSON parser: it is plain JSON.
          const form = request.body.form as JsonObject;
          const applied: Application = { definition, form, attachments: request.body.attachments };
          const matterId = matterIdFor(key.commandId);
          const command = startCommand(asker.viewer.id, applied, key);
          const decided = decide(definition, newMatter(matterId), command, await applicationWorld(context, asker, applied));
          return isRefusal(decided) ? toldOfNewVersion(decided, applied) : { matterId, command };
        },
      });
    },
  );

  api.get(
    '/api/matters',
    {
      schema: {
        tags: ['matters'],
        querystring: z.strictObject({
          box: z.enum(['mine', 'involved', 'supervised']).default('mine'),
          process: z.string().max(60).optional(),
          unit: z.string().max(80).optional(),
          status: status.optional(),
          overdue: z.stringbool().optional(),
          q: z.string().trim().min(1).max(LIMITS.query).optional(),
          ...pageQuery,
        }),
        response: reads(listOf(matterItemSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { cursor, limit, ...filter } = request.query;
      const standingIn = filter.box === 'involved' ? await mattersInPlaceOf(context, asker) : [];
      const which = { ...filter, standingIn, after: decodeCursor(cursor), limit };
      const rows = await listMatters(context.db, asker.viewer, which, asker.now);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: row.startedAt, id: row.id }),
        (row) => presentItem(row, asker.world, asker.now),
      );
    },
  );

  api.get(
    '/api/matters/:no',
    { schema: { tags: ['matters'], params: z.object({ no: z.string().max(60) }), response: reads(matterSchema) } },
    async (request) => {
      const asker = askerOf(request);
      const row = await visibleMatter(context, request, request.params.no);
      return withRating(context, asker, row, await presentMatter(context, asker, await liveState(context, row)));
    },
  );

  api.post(
    '/api/matters/:no/commands',
    {
      schema: {
        tags: ['matters'],
        headers: idempotent,
        params: z.object({ no: z.string().max(60) }),
        body: z.discriminatedUnion('type', [...commandBody.options, rateBody]),
        response: { 200: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { no } = request.params;
      const key = keyOf(request, `POST /api/matters/${no}/commands`);
      const row = await visibleMatter(context, request, no);
      const { body } = request;
      // A finished matter takes no command: its rating is a record beside it.
      if (body.type === 'rate') return rate(context, request, { row, key, body });
      return answerCommand(context, request, reply, {
        key,
        status: 200,
        target: no,
        make: async () => ({ matterId: row.id, command: matterCommand(body, key, asker.viewer) }),
      });
    },
  );
}

/** Starting, listing and looking at matters, and commands on them. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { answerReads } from '../../db/facts.ts';
import { fileIdsIn, filesFor } from '../../db/files.ts';
import { listMatters, type MatterRow, matterByNo } from '../../db/matters.ts';
import { worldFor } from '../../db/world.ts';
import { newestDefinition } from '../../definitions/catalog.ts';
import { schemaChecks } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { stateQuery } from '../../workflows/contract.ts';
import { COMMAND_LIMITS, type Command, type StartMatter } from '../../workflows/machine/commands.ts';
import { contextOf } from '../../workflows/machine/context.ts';
import { decide } from '../../workflows/machine/decide.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import { mayView } from '../../workflows/machine/rights.ts';
import { type Matter, newMatter } from '../../workflows/machine/state.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { definitionOf, presentItem, presentMatter } from '../present.ts';
import { Problem } from '../problem.ts';
import {
  fileIds,
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
import { answerCommand, keyOf, matterIdFor } from '../submit.ts';

/** The live view waits this long for the workflow before the record answers in its place. */
const QUERY_DEADLINE_MS = 2_000;

const application = z.strictObject({ process: z.string().max(60), form: jsonObject, attachments: fileIds.default([]) });

const text = z.string().trim().min(1, '请填写内容').max(COMMAND_LIMITS.text);
const commandBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('withdraw'), reason: text.optional() }),
  z.strictObject({ type: z.literal('urge'), text: text.optional() }),
  z.strictObject({ type: z.literal('comment'), text }),
  z.strictObject({
    type: z.literal('report'),
    text,
    percent: z.number().int().min(0).max(100),
    attachments: fileIds.default([]),
    task: z.string().max(80).optional(),
  }),
]);

/** Commands of the contract whose issue is still to come. */
const LATER_COMMANDS = ['supplement', 'rate', 'extend'];

/** The newest definition of a process. @throws Problem 404. */
export function definitionFor(id: string): ProcessDefinition {
  const definition = newestDefinition(id);
  if (definition === undefined) throw new Problem('not-found', `没有流程“${id}”`);
  return definition;
}

/** The world in which an application is looked at before it is sent. */
export async function applicationWorld(
  context: ApiContext,
  asker: Asker,
  definition: ProcessDefinition,
  form: JsonObject,
  attachments: readonly string[],
) {
  const files = await filesFor(context.db, fileIdsIn([form, attachments]), asker.viewer.id, '');
  let wanted: ReturnType<NonNullable<ProcessDefinition['reads']>> = [];
  try {
    wanted = definition.reads?.(form, asker.now) ?? [];
  } catch {
    // A malformed form asks for nothing; its schema says what is wrong with it.
  }
  const facts = await answerReads(context.db, wanted);
  return worldFor(asker.world, definition.id, { now: asker.now, no: '', files, facts, schemas: schemaChecks(definition) });
}

/** A matter that the asker may see. @throws Problem 404 for any other, so that nobody learns that it exists. */
export async function visibleMatter(context: ApiContext, asker: Asker, no: string): Promise<MatterRow> {
  const row = await matterByNo(context.db, no);
  if (row === null || !canView(asker, row)) throw new Problem('not-found', '没有这一办件,或您无权查看');
  return row;
}

/** Whether the asker may see a matter. */
export function canView(asker: Asker, row: MatterRow): boolean {
  const definition = definitionOf(row);
  const concerned = definition.concerned?.(contextOf(definition, row.state)) ?? [];
  return mayView(asker.viewer, row.state, row.supervised, concerned, asker.now);
}

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

/** Routes under `/api/matters`. */
export function matterRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/matters',
    {
      schema: {
        tags: ['matters'],
        body: application,
        response: { 201: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const key = keyOf(request, 'POST /api/matters');
      return answerCommand(context, request, reply, {
        key,
        status: 201,
        target: request.body.process,
        make: async () => {
          const definition = definitionFor(request.body.process);
          // The body passed the JSON parser: it is plain JSON.
          const form = request.body.form as JsonObject;
          const { attachments } = request.body;
          const matterId = matterIdFor(key.commandId);
          const command: StartMatter & { bodyHash: string } = {
            type: 'start',
            id: key.commandId,
            by: { kind: 'person', id: asker.viewer.id },
            bodyHash: key.bodyHash,
            processId: definition.id,
            version: definition.version,
            form,
            attachments,
          };
          const world = await applicationWorld(context, asker, definition, form, attachments);
          const decided = decide(definition, newMatter(matterId), command, world);
          if (isRefusal(decided)) throw new Problem(decided.code, decided.message, { faults: decided.faults });
          return { matterId, command };
        },
      });
    },
  );

  api.get(
    '/api/matters',
    {
      schema: {
        tags: ['matters'],
        querystring: z.object({
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
      const rows = await listMatters(context.db, asker.viewer, { ...filter, after: decodeCursor(cursor), limit }, asker.now);
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
      const row = await visibleMatter(context, asker, request.params.no);
      return presentMatter(context, asker, await liveState(context, row));
    },
  );

  api.post(
    '/api/matters/:no/commands',
    {
      preValidation: async (request) => {
        const type =
          typeof request.body === 'object' && request.body !== null && 'type' in request.body ? request.body.type : null;
        if (typeof type === 'string' && LATER_COMMANDS.includes(type)) throw new Problem('not-implemented');
      },
      schema: {
        tags: ['matters'],
        params: z.object({ no: z.string().max(60) }),
        body: commandBody,
        response: { 200: matterSchema, 202: pendingSchema, default: problemSchema },
      },
    },
    async (request, reply) => {
      const asker = askerOf(request);
      const { no } = request.params;
      const key = keyOf(request, `POST /api/matters/${no}/commands`);
      const row = await visibleMatter(context, asker, no);
      return answerCommand(context, request, reply, {
        key,
        status: 200,
        target: no,
        make: async () => ({ matterId: row.id, command: commandFrom(request.body, key, asker.viewer.id) }),
      });
    },
  );
}

function commandFrom(
  body: z.output<typeof commandBody>,
  key: { commandId: string; bodyHash: string },
  person: string,
): Command & { bodyHash: string } {
  const envelope = { id: key.commandId, by: { kind: 'person' as const, id: person }, bodyHash: key.bodyHash };
  switch (body.type) {
    case 'withdraw':
      return { ...envelope, type: 'withdraw', reason: body.reason ?? null };
    case 'urge':
      return { ...envelope, type: 'urge', text: body.text ?? null };
    case 'comment':
      return { ...envelope, type: 'comment', text: body.text };
    case 'report':
      return {
        ...envelope,
        type: 'report',
        text: body.text,
        percent: body.percent,
        attachments: body.attachments,
        task: body.task ?? null,
      };
  }
}

/**
 * What a change of people does to what is open: handing over the tasks of somebody who leaves, and finding people anew after a
 * re-organisation. Each is shown before it is done, and done as one command to each matter, durable like any other.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { batchProgress, idInBatch, saveBatch } from '../../db/batches.ts';
import { type OpenMatter, openMatterStates } from '../../db/people.ts';
import { worldFor } from '../../db/world.ts';
import { schemaChecks } from '../../definitions/forms.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { Command } from '../../workflows/machine/commands.ts';
import { decide } from '../../workflows/machine/decide.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import { isRefusal } from '../../workflows/machine/refusals.ts';
import type { Assignee } from '../../workflows/machine/state.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { administratorsOnly, refuseFaults } from '../directory-admin.ts';
import { handOverFaults } from '../people-rules.ts';
import { definitionOf } from '../present.ts';
import { Problem } from '../problem.ts';
import { idempotent, listOf, pageQuery, problemSchema } from '../schemas/common.ts';
import { keyOf } from '../submit.ts';

const id = z.string().min(1).max(80);
const reason = z.string().trim().min(1, '请写明理由').max(500);
const handOver = z.strictObject({ from: id.meta({ description: '移交人' }), to: id.meta({ description: '接收人' }), reason });
const refresh = z.strictObject({
  reason: reason.default('机构或人员调整,重新确定办理人'),
  units: z.array(id).min(1).max(200).optional().meta({ description: '只看这些单位申请的或正由其人员办理的' }),
});

const who = z.array(z.object({ id: z.string(), name: z.string() }));
const changeSchema = z.object({
  matter: z.string(),
  title: z.string(),
  step: z.string(),
  name: z.string(),
  from: who,
  to: who,
  refused: z.string().nullable().meta({ description: '不能变更的原因' }),
});
type Change = z.input<typeof changeSchema>;

const progressSchema = z.object({
  batch: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  pending: z.number().int(),
  refused: z.array(z.object({ matter: z.string(), code: z.string(), message: z.string() })),
});

/** Matters that are looked at together. */
const MATTERS_AT_ONCE = 100;
/** A page of a preview is shown when so many matters were looked at, however few of them change. */
const MATTERS_PER_PAGE = 2_000;
/** The cursor's instant is not needed: matters come by their ids. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/** A change to many matters: which it looks at, and the command that each is given. */
interface ManyMatters {
  holder?: string;
  concerns: (matter: OpenMatter) => boolean;
  commandOf: (matter: OpenMatter, commandId: string, bodyHash: string) => Command & { bodyHash: string };
}

function handOverOf(asker: Asker, body: z.output<typeof handOver>): ManyMatters {
  return {
    holder: body.from,
    concerns: () => true,
    commandOf: (_matter, commandId, bodyHash) => ({
      type: 'hand-over',
      id: commandId,
      by: { kind: 'person', id: asker.viewer.id },
      bodyHash,
      from: body.from,
      to: body.to,
      reason: body.reason,
    }),
  };
}

function refreshOf(asker: Asker, body: z.output<typeof refresh>): ManyMatters {
  const units = body.units === undefined ? null : new Set(body.units);
  const { people } = asker.world.directory;
  const concerns = ({ state }: OpenMatter): boolean =>
    units === null ||
    units.has(state.applicant.unit) ||
    Object.values(state.tasks).some((task) => task.assignees.some((one) => units.has(people[one.id]?.unit ?? '')));
  return {
    concerns,
    commandOf: (_matter, commandId, bodyHash) => ({
      type: 'refresh',
      id: commandId,
      by: { kind: 'person', id: asker.viewer.id },
      bodyHash,
      about: 'people',
      reason: body.reason,
    }),
  };
}

/** What a command would change in a matter, found by deciding it as its transition will. */
function changesIn(asker: Asker, matter: OpenMatter, command: Command): Change[] {
  const definition = definitionOf(matter);
  const rest = { now: asker.now, no: '', files: {}, facts: {}, schemas: schemaChecks(definition) };
  const decided = decide(definition, matter.state, command, worldFor(asker.world, definition.id, rest));
  const head = { matter: matter.no, title: matter.title };
  if (isRefusal(decided)) return [{ ...head, step: '', name: '', from: [], to: [], refused: decided.message }];
  return decided.events.flatMap((event) => changeOf(head, event));
}

function changeOf(head: Pick<Change, 'matter' | 'title'>, event: MatterEvent): Change[] {
  if (event.type !== 'SeatReassigned') return [];
  const { visit, stepName, from, to } = event.facts;
  const named = (people: readonly Assignee[]) => people.map(({ id: one, name }) => ({ id: one, name }));
  return [{ ...head, step: visit, name: stepName, from: named(from), to: named(to), refused: null }];
}

/** The matters that a change would touch, page by page. */
async function* touched(
  context: ApiContext,
  asker: Asker,
  many: ManyMatters,
  after: string,
): AsyncGenerator<{ matter: OpenMatter; changes: Change[] }> {
  for (let last: string | undefined = after; last !== undefined; ) {
    const page = await openMatterStates(context.db, { after: last, limit: MATTERS_AT_ONCE, holder: many.holder });
    for (const matter of page) {
      const changes = many.concerns(matter) ? changesIn(asker, matter, many.commandOf(matter, 'preview', '')) : [];
      yield { matter, changes };
    }
    last = page.length < MATTERS_AT_ONCE ? undefined : page.at(-1)?.id;
  }
}

async function preview(
  context: ApiContext,
  asker: Asker,
  many: ManyMatters,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: Change[]; nextCursor: string | null }> {
  const items: Change[] = [];
  let seen = 0;
  for await (const { matter, changes } of touched(context, asker, many, decodeCursor(query.cursor)?.id ?? '')) {
    items.push(...changes);
    seen += 1;
    if (items.length >= query.limit || seen >= MATTERS_PER_PAGE)
      return { items, nextCursor: encodeCursor(NO_INSTANT, matter.id) };
  }
  return { items, nextCursor: null };
}

/** Takes one command to each touched matter on, all or none; the same request again only tells how far it has come. */
async function carryOut(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  route: string,
  many: ManyMatters,
): Promise<z.input<typeof progressSchema>> {
  const asker = askerOf(request);
  const { commandId: batch, bodyHash } = keyOf(request, `POST ${route}`);
  const known = await batchProgress(context.db, batch);
  if (known.bodyHash !== null && known.bodyHash !== bodyHash) {
    throw new Problem('key-reused', '同一 Idempotency-Key 已用于内容不同的请求,请换一个');
  }
  if (known.total === 0) {
    const intents = [];
    for await (const { matter, changes } of touched(context, asker, many, '')) {
      if (changes.length === 0) continue;
      const command = many.commandOf(matter, idInBatch(batch, matter.id), bodyHash);
      // Commands are plain JSON by their types.
      const payload = command as unknown as JsonObject;
      intents.push({ id: command.id, personId: asker.viewer.id, matterId: matter.id, bodyHash, payload });
    }
    await saveBatch(context.db, intents, asker.now);
  }
  const progress = await progressOf(context, batch);
  reply.code(progress.pending > 0 ? 202 : 200);
  return progress;
}

async function progressOf(context: ApiContext, batch: string): Promise<z.input<typeof progressSchema>> {
  const { bodyHash: _hash, ...progress } = await batchProgress(context.db, batch);
  return { batch, ...progress };
}

/** Routes under `/api/people` that change what is open. */
export function peopleChangeRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context);
  const previewed = { 200: listOf(changeSchema), default: problemSchema };
  const done = { 200: progressSchema, 202: progressSchema, default: problemSchema };
  const querystring = z.strictObject(pageQuery);
  const checked = (asker: Asker, body: z.output<typeof handOver>): ManyMatters => {
    refuseFaults(handOverFaults(asker.world.directory, body.from, body.to));
    return handOverOf(asker, body);
  };
  api.post(
    '/api/people/hand-over/preview',
    {
      preValidation,
      schema: { tags: ['people'], description: '交接前预览:哪些待办会移交', querystring, body: handOver, response: previewed },
    },
    async (request) => {
      const asker = askerOf(request);
      return preview(context, asker, checked(asker, request.body), request.query);
    },
  );
  api.post(
    '/api/people/hand-over',
    {
      preValidation,
      schema: { tags: ['people'], description: '工作交接:移交全部未办待办', headers: idempotent, body: handOver, response: done },
    },
    async (request, reply) => carryOut(context, request, reply, '/api/people/hand-over', checked(askerOf(request), request.body)),
  );
  api.post(
    '/api/people/refresh/preview',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '机构调整前预览:哪些环节会换人办理',
        querystring,
        body: refresh,
        response: previewed,
      },
    },
    async (request) => {
      const asker = askerOf(request);
      return preview(context, asker, refreshOf(asker, request.body), request.query);
    },
  );
  api.post(
    '/api/people/refresh',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '机构或人员调整后,为在办事项重新确定办理人',
        headers: idempotent,
        body: refresh,
        response: done,
      },
    },
    async (request, reply) => carryOut(context, request, reply, '/api/people/refresh', refreshOf(askerOf(request), request.body)),
  );
  api.get(
    '/api/people/changes/:batch',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '交接或重新确定办理人的进度',
        params: z.object({ batch: z.string().regex(/^[0-9a-f]{32}$/) }),
        response: { 200: progressSchema, default: problemSchema },
      },
    },
    async (request) => progressOf(context, request.params.batch),
  );
}

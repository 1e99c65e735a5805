/** What is done with one item of an inspection: a finding, an objection and its decision, a step of accountability. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import {
  hasOpenObjection,
  insertAccountability,
  itemForUpdate,
  listItems,
  ownFiles,
  putEvidence,
  recountFailures,
  updateItem,
} from '../../db/inspection-items.ts';
import { type InspectionItemRow, type InspectionRow, inspectionById } from '../../db/inspections.ts';
import { appendTo } from '../../db/journal.ts';
import { tellPeople } from '../../db/notices.ts';
import { nextWorkingMoment, schoolDate } from '../../definitions/language/calendar.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { headsOf, holdersOf } from '../../workflows/machine/people/posts.ts';
import type { Refusal } from '../../workflows/machine/refusals.ts';
import {
  accountabilityRefusal,
  failuresAfter,
  findingRefusal,
  inspectionSettings,
  objectionDecisionRefusal,
  objectionRefusal,
  objectionUntil,
} from '../../workflows/machine/supervision/inspect.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { itemDto } from '../inspections.ts';
import { Problem } from '../problem.ts';
import { problemSchema } from '../schemas/common.ts';
import { accountabilityBody, decisionBody, findingBody, itemSchema, objectionBody } from '../schemas/inspections.ts';
import { noteRefusal } from '../visible.ts';

const params = z.object({ id: z.string().max(80), no: z.string().max(40) });
const tags = ['supervision'];
const response = { 200: itemSchema, default: problemSchema };

/** One item in the transaction that changes it. */
interface Held {
  tx: Transaction;
  asker: Asker;
  inspection: InspectionRow;
  item: InspectionItemRow;
}

/** What a change comes to: why it may not be, or what it changes, what the journal keeps and who is told. */
interface Change {
  set: Partial<InspectionItemRow>;
  action: string;
  facts: JsonObject;
  told: readonly string[];
  /** What they are told, of the item as it then stands. */
  text: (item: InspectionItemRow) => string;
}

/** Changes an item under the rules: the row is held, the refusal noted, the journal written in the same transaction. */
async function changeItem(
  context: ApiContext,
  request: FastifyRequest<{ Params: z.output<typeof params> }>,
  decide: (held: Held) => Promise<Change | Refusal>,
): Promise<z.input<typeof itemSchema>> {
  const asker = askerOf(request);
  const { id, no } = request.params;
  const refusal = await context.db.transaction(async (tx) => {
    const inspection = await inspectionById(tx, id);
    const item = inspection === null ? null : await itemForUpdate(tx, id, no);
    if (inspection === null || item === null) throw new Problem('not-found', '这次督查没有这一事项');
    const change = await decide({ tx, asker, inspection, item });
    if ('refused' in change) return change;
    await updateItem(tx, item, change.set);
    await recountFailures(tx, inspection, item.matterId, failuresAfter);
    const changed = (await itemForUpdate(tx, id, no)) ?? item;
    const { viewer, now, world } = asker;
    const { action, facts, told, text } = change;
    const entry = { at: now, person: viewer.id, action, target: no, code: 'done', requestId: request.id };
    await tellPeople(tx, {
      kind: 'inspected',
      people: told,
      text: text(changed),
      matterId: item.matterId,
      link: `/inspections/${id}`,
      at: now,
      deliverAt: nextWorkingMoment(world.calendar, now),
    });
    await appendTo(tx, 'office', { ...entry, facts: { inspection: id, ...facts } });
    return null;
  });
  if (refusal !== null) {
    await noteRefusal(context, request, `${id}/${no}`, refusal.code);
    throw new Problem(refusal.code, refusal.message);
  }
  const [item] = await listItems(context.db, id, { q: no, units: null, limit: 1 });
  if (item === undefined) throw new Problem('not-found', '这次督查没有这一事项');
  return itemDto(asker, item);
}

function headsToday({ world, now }: Asker, unit: string | null): string[] {
  return headsOf(world.directory, unit, schoolDate(world.calendar, now), '').map((one) => one.id);
}

/** Who decides on objections and is asked to: the office's director; the leaders may, but are not asked. */
function decidersToday({ world, now }: Asker): string[] {
  const today = schoolDate(world.calendar, now);
  const posts = Object.values(world.directory.posts).filter((post) => post.role === 'office-director');
  return posts.flatMap((post) => holdersOf(world.directory, post, today));
}

/** The evidence must be the checker's own uploads: naming a stranger's file opens it to nobody. */
async function refuseForeign(tx: Transaction, asker: Asker, evidence: readonly string[]): Promise<void> {
  const own = await ownFiles(tx, asker.viewer.id, evidence);
  const faults = evidence.flatMap((file, index) =>
    own.has(file) ? [] : [{ path: `/evidence/${index}`, message: '没有这个文件,或不是您上传的' }],
  );
  if (faults.length > 0) throw new Problem('bad-input', '佐证材料有误', { faults });
}

/** Routes under `/api/supervision/inspections/:id/items/:no`. */
export function inspectionItemRoutes(api: Api, context: ApiContext): void {
  findingRoute(api, context);
  objectionRoutes(api, context);
  accountabilityRoute(api, context);
}

function findingRoute(api: Api, context: ApiContext): void {
  api.put(
    '/api/supervision/inspections/:id/items/:no',
    { schema: { tags, params, description: '记录一个事项的督查结论', body: findingBody, response } },
    async (request) =>
      changeItem(context, request, async ({ tx, asker, inspection, item }) => {
        const refusal = findingRefusal(asker.viewer, item, inspection.closedAt === null);
        if (refusal !== null) return refusal;
        const { result, finding, evidence } = request.body;
        await refuseForeign(tx, asker, evidence);
        await putEvidence(tx, item.matterId, evidence);
        return {
          // An objection was against what was found before.
          set: {
            result,
            finding,
            evidence,
            checkedBy: asker.viewer.id,
            checkedAt: asker.now,
            objection: null,
            objectedBy: null,
            objectedAt: null,
          },
          action: 'record-finding',
          facts: { result, evidence },
          told: result === 'failed' ? headsToday(asker, item.leadUnit) : [],
          text: ({ failuresOnEnd }) => `${inspection.title}:${item.no}督查不合格(连续${failuresOnEnd}轮),如有异议请按期提出`,
        };
      }),
  );
}

function objectionRoutes(api: Api, context: ApiContext): void {
  api.post(
    '/api/supervision/inspections/:id/items/:no/objection',
    { schema: { tags, params, description: '牵头单位对不合格结论提出异议', body: objectionBody, response } },
    async (request) =>
      changeItem(context, request, async ({ asker, inspection, item }) => {
        const { viewer, now, world } = asker;
        const until = objectionUntil(world.calendar, item.checkedAt, inspectionSettings(world.settings));
        const refusal = objectionRefusal(viewer, item, until, now);
        if (refusal !== null) return refusal;
        return {
          set: { objection: request.body.text, objectedBy: viewer.id, objectedAt: now },
          action: 'object-to-finding',
          facts: {},
          told: [...(item.checkedBy === null ? [] : [item.checkedBy]), ...decidersToday(asker)],
          text: () => `${inspection.title}:${item.no}的牵头单位提出异议,请校领导或党政办主任决定`,
        };
      }),
  );

  api.post(
    '/api/supervision/inspections/:id/items/:no/objection/decision',
    { schema: { tags, params, description: '对异议作出决定;成立的改为合格', body: decisionBody, response } },
    async (request) =>
      changeItem(context, request, async ({ asker, inspection, item }) => {
        const refusal = objectionDecisionRefusal(asker.viewer, item);
        if (refusal !== null) return refusal;
        const { upheld, answer } = request.body;
        return {
          set: {
            objectionUpheld: upheld,
            objectionAnswer: answer,
            objectionDecidedBy: asker.viewer.id,
            objectionDecidedAt: asker.now,
            ...(upheld ? { result: 'passed' as const } : {}),
          },
          action: 'decide-objection',
          facts: { upheld },
          told: [item.objectedBy, item.checkedBy].filter((one) => one !== null),
          text: () => `${inspection.title}:${item.no}的异议${upheld ? '成立,改为合格' : '不成立,维持原结论'}`,
        };
      }),
  );
}

function accountabilityRoute(api: Api, context: ApiContext): void {
  api.post(
    '/api/supervision/inspections/:id/items/:no/accountability',
    {
      schema: {
        tags,
        params,
        description: '对连续不合格的事项问责,默认对牵头单位主要负责人',
        body: accountabilityBody,
        response,
      },
    },
    async (request) =>
      changeItem(context, request, async ({ tx, asker, inspection, item }) => {
        const { measure, text } = request.body;
        const { viewer, now, world } = asker;
        const disputed = await hasOpenObjection(tx, inspection, item.matterId);
        const refusal = accountabilityRefusal(viewer, item, { measure, disputed }, inspectionSettings(world.settings));
        if (refusal !== null) return refusal;
        const heads = headsToday(asker, item.leadUnit);
        const personId = request.body.person ?? heads[0];
        const person = personId === undefined ? undefined : world.directory.people[personId];
        if (personId === undefined || person === undefined || (person.unit !== item.leadUnit && !heads.includes(personId))) {
          const faults = [{ path: '/person', message: '问责对象应为牵头单位的人员;该单位目前没有主要负责人的,请指明' }];
          throw new Problem('bad-input', '问责对象有误', { faults });
        }
        await insertAccountability(tx, {
          inspectionId: inspection.id,
          matterId: item.matterId,
          // The rules have made sure of the lead unit.
          unitId: item.leadUnit ?? '',
          personId,
          measure,
          text,
          decidedBy: viewer.id,
          decidedAt: now,
        });
        return {
          set: {},
          action: 'hold-accountable',
          facts: { measure, person: personId },
          told: [personId],
          text: () => `${inspection.title}:${item.no}连续${item.failuresOnEnd}轮不合格,已作出问责记录`,
        };
      }),
  );
}

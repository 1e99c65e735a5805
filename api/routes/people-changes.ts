/**
 * What a change of people does to what is open: handing over the tasks of somebody who leaves, and finding people anew after a
 * re-organisation. Each is shown before it is done, and done as one command to each matter, durable like any other.
 */
import { z } from 'zod';
import type { OpenMatter } from '../../db/people.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import type { Assignee } from '../../workflows/machine/state.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { administratorsOnly, refuseFaults } from '../directory-admin.ts';
import { carryOutMany, type ManyMatters, previewMany, progressOf, progressSchema } from '../many-matters.ts';
import { handOverFaults } from '../people-rules.ts';
import { idempotent, listOf, pageQuery, problemSchema } from '../schemas/common.ts';

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

function handOverOf(asker: Asker, body: z.output<typeof handOver>): ManyMatters<Change> {
  return {
    ...shown,
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

function refreshOf(asker: Asker, body: z.output<typeof refresh>): ManyMatters<Change> {
  const units = body.units === undefined ? null : new Set(body.units);
  const { people } = asker.world.directory;
  const concerns = ({ state }: OpenMatter): boolean =>
    units === null ||
    units.has(state.applicant.unit) ||
    Object.values(state.tasks).some((task) => task.assignees.some((one) => units.has(people[one.id]?.unit ?? '')));
  return {
    ...shown,
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

function changeOf(head: Pick<Change, 'matter' | 'title'>, event: MatterEvent): Change[] {
  if (event.type !== 'SeatReassigned') return [];
  const { visit, stepName, from, to } = event.facts;
  const named = (people: readonly Assignee[]) => people.map(({ id: one, name }) => ({ id: one, name }));
  return [{ ...head, step: visit, name: stepName, from: named(from), to: named(to), refused: null }];
}

/** What is shown of a reassigned seat, and of a matter that would refuse. */
const shown: Pick<ManyMatters<Change>, 'changesOf' | 'refused'> = {
  changesOf: (matter, event) => changeOf(headOf(matter), event),
  refused: (matter, message) => ({ ...headOf(matter), step: '', name: '', from: [], to: [], refused: message }),
};

function headOf({ no, title }: OpenMatter): Pick<Change, 'matter' | 'title'> {
  return { matter: no, title };
}

/** Routes under `/api/people` that change what is open. */
export function peopleChangeRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context);
  const previewed = { 200: listOf(changeSchema), default: problemSchema };
  const done = { 200: progressSchema, 202: progressSchema, default: problemSchema };
  const querystring = z.strictObject(pageQuery);
  const checked = (asker: Asker, body: z.output<typeof handOver>): ManyMatters<Change> => {
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
      return previewMany(context, asker, checked(asker, request.body), request.query);
    },
  );
  api.post(
    '/api/people/hand-over',
    {
      preValidation,
      schema: { tags: ['people'], description: '工作交接:移交全部未办待办', headers: idempotent, body: handOver, response: done },
    },
    async (request, reply) =>
      carryOutMany(context, request, reply, 'POST /api/people/hand-over', checked(askerOf(request), request.body)),
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
      return previewMany(context, asker, refreshOf(asker, request.body), request.query);
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
    async (request, reply) =>
      carryOutMany(context, request, reply, 'POST /api/people/refresh', refreshOf(askerOf(request), request.body)),
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

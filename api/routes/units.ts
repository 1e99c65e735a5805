/** Units of the school: another head, one unit put into another. */
import { z } from 'zod';
import type { Transaction } from '../../db/client.ts';
import { absorbUnit, beginHoldings, endHoldings, putCovers } from '../../db/people.ts';
import { addDays, schoolDate } from '../../definitions/language/calendar.ts';
import type { Directory, Post } from '../../definitions/language/directory.ts';
import { headsOf, holdersOf } from '../../workflows/machine/people/posts.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { administratorsOnly, anew, changeDirectory, found, pageById, refuseFaults } from '../directory-admin.ts';
import { headFaults, mergeFaults } from '../people-rules.ts';
import { listOf, pageQuery, problemSchema, reads } from '../schemas/common.ts';

const id = z.string().min(1).max(80);

const unitSchema = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  people: z.number().int(),
  heads: z.array(z.object({ id: z.string(), name: z.string() })),
});

function presentUnit({ world, now }: Asker, unit: Directory['units'][string]): z.input<typeof unitSchema> {
  const { directory, calendar } = world;
  return {
    id: unit.id,
    name: unit.name,
    parent: unit.parent,
    people: Object.values(directory.people).filter((one) => one.active && one.unit === unit.id).length,
    heads: headsOf(directory, unit.id, schoolDate(calendar, now), '').map((one) => ({ id: one.id, name: one.name })),
  };
}

/** Routes under `/api/people/units`. */
export function unitRoutes(api: Api, context: ApiContext): void {
  const preValidation = administratorsOnly(context);
  api.get(
    '/api/people/units',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '单位及其主要负责人',
        querystring: z.strictObject(pageQuery),
        response: reads(listOf(unitSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      return pageById(Object.values(asker.world.directory.units), request.query, (unit) => presentUnit(asker, unit));
    },
  );

  api.put(
    '/api/people/units/:id/head',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '更换单位主要负责人:原任职到昨天为止,新任职从今天开始。未办事项用 refresh 重新确定办理人',
        params: z.object({ id }),
        body: z.strictObject({ head: id }),
        response: reads(unitSchema),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { directory, calendar } = asker.world;
      const unit = found(directory.units, request.params.id, '个单位');
      const { head } = request.body;
      const { faults, post } = headFaults(directory, unit.id, head);
      refuseFaults(faults);
      // A fault is told where there is no post.
      const today = schoolDate(calendar, asker.now);
      if (post !== null) await changeDirectory(context, request, unit.id, (tx) => replaceHead(tx, post, head, today));
      const after = await anew(context, asker);
      return presentUnit(after, found(after.world.directory.units, unit.id, '个单位'));
    },
  );

  api.post(
    '/api/people/units/:id/merge',
    {
      preValidation,
      schema: {
        tags: ['people'],
        description: '单位合并:人员和下属单位划入另一单位,由其主要负责人兼管原单位的在办事项',
        params: z.object({ id }),
        body: z.strictObject({ into: id }),
        response: { 200: unitSchema, default: problemSchema },
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { directory, calendar } = asker.world;
      const unit = found(directory.units, request.params.id, '个单位');
      const { into } = request.body;
      refuseFaults(mergeFaults(directory, unit.id, into));
      const today = schoolDate(calendar, asker.now);
      await changeDirectory(context, request, unit.id, (tx) => mergeUnits(tx, directory, { unit: unit.id, into }, today));
      const after = await anew(context, asker);
      return presentUnit(after, found(after.world.directory.units, into, '个单位'));
    },
  );
}

async function replaceHead(tx: Transaction, post: Post, head: string, today: string): Promise<void> {
  await endHoldings(tx, post.id, addDays(today, -1));
  await beginHoldings(tx, post.id, [head], today);
  // Nobody covers for themselves.
  await putCovers(
    tx,
    post.id,
    post.covers.filter((cover) => cover !== head),
  );
}

/** The unit stays, since matters were applied for in its name; who heads the other one heads it too. */
async function mergeUnits(
  tx: Transaction,
  directory: Directory,
  { unit, into }: { unit: string; into: string },
  today: string,
): Promise<void> {
  const headPost = (of: string) => Object.values(directory.posts).find((post) => post.role === 'unit-head' && post.unit === of);
  const [old, next] = [headPost(unit), headPost(into)];
  await absorbUnit(tx, unit, into);
  if (old === undefined || next === undefined) return;
  await endHoldings(tx, old.id, addDays(today, -1));
  await beginHoldings(tx, old.id, holdersOf(directory, next, today), today);
  await putCovers(tx, old.id, next.covers);
}

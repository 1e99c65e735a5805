/** Routes of the supervision ledger 督办台账; its topics, watches and urges stand beside it. */
import { z } from 'zod';
import { countLedger, type ListedRow, ledgerRowOf, listLedger, placeOfRow, sumLedger } from '../../db/ledger.ts';
import { filesNamed, inspectionsOf, progressOf, urgesOf } from '../../db/ledger-course.ts';
import { topicNames } from '../../db/topics.ts';
import { SUPERVISION_SOURCE_NAMES } from '../../definitions/language/supervision.ts';
import { mattersInPlaceOf } from '../boxes.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { cursorOf, evidenceFiles, filterOf, named, placeOf, presentReports, presentRows } from '../ledger.ts';
import { Problem } from '../problem.ts';
import { LIMITS, listOf, pageQuery, reads } from '../schemas/common.ts';
import {
  ledgerDetailSchema,
  ledgerItemSchema,
  ledgerQuery,
  progressPageSchema,
  summaryQuery,
  summarySchema,
} from '../schemas/supervision.ts';
import { deny } from '../visible.ts';
import { topicRoutes } from './topics.ts';
import { urgeRoutes } from './urges.ts';

const params = z.object({ no: z.string().max(60) });

/** Routes of the supervision ledger 督办台账, its topics, watches and urges. */
export function ledgerRoutes(api: Api, context: ApiContext): void {
  listRoutes(api, context);
  rowRoutes(api, context);
  topicRoutes(api, context);
  urgeRoutes(api, context);
}

function listRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/ledger',
    {
      schema: {
        tags: ['supervision'],
        description: '督办台账:在办的在前,最紧急的最先;已办结的在后,最近的最先',
        querystring: ledgerQuery,
        response: reads(listOf(ledgerItemSchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { cursor, limit, count, ...query } = request.query;
      const filter = await filterOf(context, asker, query);
      const which = { ...filter, after: placeOf(cursor), limit };
      const [rows, counted] = await Promise.all([
        listLedger(context.db, asker.viewer, which, asker.now),
        count ? countLedger(context.db, asker.viewer, filter, asker.now) : null,
      ]);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: await presentRows(context, asker, shown),
        nextCursor: rows.length > limit && last !== undefined ? cursorOf(placeOfRow(last)) : null,
        ...(counted === null ? {} : { count: counted }),
      };
    },
  );

  api.get(
    '/api/supervision/ledger/summary',
    { schema: { tags: ['supervision'], querystring: summaryQuery, response: reads(summarySchema) } },
    async (request) => {
      const asker = askerOf(request);
      const { by, ...query } = request.query;
      const filter = await filterOf(context, asker, query);
      const sums = await sumLedger(context.db, asker.viewer, by, filter, asker.now);
      const keys = sums.flatMap(({ key }) => key ?? []);
      const topics = by === 'topic' ? await topicNames(context.db, keys) : new Map<string, string>();
      const nameOf = (key: string): string => {
        // The keys of this grouping are the sources.
        if (by === 'source') return SUPERVISION_SOURCE_NAMES[key as keyof typeof SUPERVISION_SOURCE_NAMES] ?? key;
        return by === 'topic' ? (topics.get(key) ?? key) : named(asker.world, key).name;
      };
      return {
        items: sums.map(({ key, ...sum }) => ({ key: key === null ? null : { id: key, name: nameOf(key) }, ...sum })),
        // Groups are as few as units.
        nextCursor: null,
      };
    },
  );
}

/** A row that the asker may see. @throws Problem 404 for any other, so that nobody learns that it exists. */
async function rowFor(context: ApiContext, request: Parameters<typeof askerOf>[0], no: string): Promise<ListedRow> {
  const asker = askerOf(request);
  const row = await ledgerRowOf(context.db, asker.viewer, no, await mattersInPlaceOf(context, asker));
  return row ?? deny(context, request, no, new Problem('matter-unknown', '台账中没有这一事项,或您无权查看'));
}

function rowRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/supervision/ledger/:no',
    { schema: { tags: ['supervision'], params, response: reads(ledgerDetailSchema) } },
    async (request) => {
      const asker = askerOf(request);
      const row = await rowFor(context, request, request.params.no);
      const [[item], reports, urged, inspected, evidence] = await Promise.all([
        presentRows(context, asker, [row]),
        reportsPage(context, asker, row, { limit: LIMITS.page }),
        urgesOf(context.db, row.row.matterId, LIMITS.pageMax),
        presentInspections(context, asker, row.row.matterId),
        evidenceFiles(context, [row.row.matterId]),
      ]);
      if (item === undefined) throw new Problem('not-found');
      const { world } = asker;
      return {
        ...item,
        reports,
        evidence: evidence(row.row.matterId),
        urges: urged.map(({ at, urgedBy, personId, text }) => ({
          at,
          by: named(world, urgedBy),
          person: named(world, personId),
          text,
        })),
        inspections: inspected,
      };
    },
  );

  api.get(
    '/api/supervision/ledger/:no/reports',
    { schema: { tags: ['supervision'], params, querystring: z.strictObject(pageQuery), response: reads(progressPageSchema) } },
    async (request) => {
      const { cursor, limit } = request.query;
      const row = await rowFor(context, request, request.params.no);
      return reportsPage(context, askerOf(request), row, { cursor, limit });
    },
  );
}

async function reportsPage(
  context: ApiContext,
  asker: Asker,
  { row, matter }: ListedRow,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<z.input<typeof progressPageSchema>> {
  const after = decodeCursor(cursor);
  const before = after === undefined ? undefined : Number(after.id);
  if (before !== undefined && !Number.isInteger(before))
    throw new Problem('bad-input', '翻页标记无效,请从第一页重新查询', { faults: [{ path: '/cursor', message: '翻页标记无效' }] });
  const rows = await progressOf(context.db, row.matterId, { before, limit });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await presentReports(context, asker, matter, shown),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last.at, String(last.sequence)) : null,
  };
}

async function presentInspections(
  context: ApiContext,
  { world }: Asker,
  matterId: string,
): Promise<z.input<typeof ledgerDetailSchema>['inspections']> {
  const rows = await inspectionsOf(context.db, matterId, LIMITS.page);
  const evidence = await filesNamed(
    context.db,
    rows.flatMap(({ item }) => item.evidence),
  );
  return rows.map(({ inspection, item }) => ({
    id: inspection.id,
    title: inspection.title,
    kind: inspection.kind,
    round: inspection.round,
    openedAt: inspection.openedAt,
    dueOn: inspection.dueOn,
    result: item.result,
    finding: item.finding,
    evidence: item.evidence.flatMap((id) => evidence.get(id) ?? []),
    checkedBy: named(world, item.checkedBy),
    checkedAt: item.checkedAt,
  }));
}

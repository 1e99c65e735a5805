/** The printed sheet 处理单 of a matter: one page of HTML for A4 paper. That it was printed stands in the access log. */
import { z } from 'zod';
import { filesOfMatter } from '../../db/archive-packages.ts';
import { eventsOfTypes } from '../../db/events.ts';
import { writeAccess } from '../../db/journal.ts';
import type { MatterRow } from '../../db/matters.ts';
import type { OuterWorld } from '../../db/world.ts';
import { jsonFormsOf } from '../../definitions/forms.ts';
import { OPINION_EVENTS, opinionsOf } from '../../workflows/machine/telling/opinions.ts';
import { type Sheet, type SheetSource, schoolNameIn, sheetOf } from '../../workflows/machine/telling/sheet.ts';
import { sheetPage } from '../../workflows/machine/telling/sheet-page.ts';
import { type Api, type ApiContext, askerOf } from '../context.ts';
import { definitionOf } from '../present.ts';
import { problemSchema } from '../schemas/common.ts';
import { visibleMatter } from '../visible.ts';

/** Nothing runs, nothing is fetched, nothing is sent from the page. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** `GET /api/matters/:no/sheet`, for whoever may see the matter. */
export function sheetRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/matters/:no/sheet',
    {
      schema: {
        tags: ['matters'],
        description: '处理单:可打印的 A4 网页;打印记入访问日志',
        params: z.object({ no: z.string().max(60) }),
        // A page of HTML passes the serializer by.
        response: { 200: z.string(), default: problemSchema },
      },
    },
    async (request, reply) => {
      const { viewer, world, now } = askerOf(request);
      const row = await visibleMatter(context, request, request.params.no);
      const sheet = await sheetNow(context, row, world, { at: now, by: viewer.name });
      await writeAccess(context.db, {
        at: now,
        person: viewer.id,
        action: 'print',
        target: row.no,
        code: 'sheet',
        requestId: request.id,
      });
      return reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('content-security-policy', PAGE_POLICY)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer')
        .header('cache-control', 'private, no-store')
        .send(sheetPage(sheet));
    },
  );
}

/** The sheet of a matter as it stands. */
async function sheetNow(context: ApiContext, row: MatterRow, world: OuterWorld, printed: SheetSource['printed']): Promise<Sheet> {
  const matter = row.state;
  const definition = definitionOf(row);
  const opinions = opinionsOf(await eventsOfTypes(context.db, row.id, OPINION_EVENTS));
  const files = await filesOfMatter(context.db, row.id, row.parentId);
  const names = new Map(files.map((file) => [file.id, file.name]));
  return sheetOf({
    definition,
    matter,
    opinions,
    schemas: jsonFormsOf(definition),
    reading: { directory: world.directory, calendar: world.calendar, fileName: (id) => names.get(id) ?? null },
    school: schoolNameIn(world.settings),
    printed,
  });
}

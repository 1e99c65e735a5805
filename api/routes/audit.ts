/** Routes of the audit: the daily roots and the access log. A matter as of a past moment stands with its history. */
import { z } from 'zod';
import { listRoots } from '../../db/audit.ts';
import { type JournalRow, listJournal, writeAccess } from '../../db/journal.ts';
import { addDays, atSchoolTime } from '../../definitions/language/calendar.ts';
import { day } from '../../definitions/language/fields.ts';
import { mayReadAccessLog, mayReadRoots } from '../../workflows/machine/supervision/access.ts';
import { type Api, type ApiContext, type Asker, askerOf } from '../context.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { instant, jsonObject, listOf, pageQuery, reads } from '../schemas/common.ts';
import { deny } from '../visible.ts';

const ROOT_RULE =
  'root = SHA-256(previousRoot + "\\n" + number + "\\n" + day + "\\n" + 各链头一行),十六进制;每行为 RFC 8785 JSON ' +
  '["链","办件编号或 null",序号,"哈希"] + "\\n",按链名逐字节排序;首个 previousRoot 为空';

const rootSchema = z
  .object({
    number: z.number().int(),
    day: z.iso.date(),
    madeAt: instant,
    heads: z.number().int().meta({ description: '所涵盖的链头数' }),
    previousRoot: z.string(),
    root: z.string(),
  })
  .meta({ description: ROOT_RULE });

const entrySchema = z.object({
  sequence: z.number().int(),
  at: instant,
  person: z.object({ id: z.string(), name: z.string() }).nullable(),
  action: z.string().meta({ description: 'refused 被拒绝的尝试、read 查看受限办件、export 导出、print 打印等' }),
  target: z.string().meta({ description: '办件编号、路径或其他编号' }),
  code: z.string(),
  facts: jsonObject,
  requestId: z.string().nullable(),
  hash: z.string(),
});

// No text of the journal holds a NUL, which PostgreSQL would not even compare with.
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0]*$/, '含有无法保存的字符')
    .optional();
const date = (title: string) => day(title).optional().meta({ title, description: '学校日期,含当日' });

const accessQuery = z
  .strictObject({
    person: text(80),
    target: text(300),
    action: text(60),
    from: date('起始日期'),
    to: date('截止日期'),
    ...pageQuery,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: '截止日期不能早于起始日期',
  });

/** The number that the page before ended at. */
function below(cursor: string | undefined): number | null {
  const place = decodeCursor(cursor);
  const number = place === undefined ? null : Number(place.id);
  if (number === null || Number.isSafeInteger(number)) return number;
  throw new Problem('bad-input', '翻页标记无效,请从第一页重新查询', { faults: [{ path: '/cursor', message: '翻页标记无效' }] });
}

function presentEntry({ world }: Asker, row: JournalRow): z.input<typeof entrySchema> {
  const { sequence, at, personId, action, target, code, facts, requestId, hash } = row;
  const person = personId === null ? null : { id: personId, name: world.directory.people[personId]?.name ?? personId };
  return { sequence, at, person, action, target, code, facts: { ...facts }, requestId, hash };
}

/** Routes under `/api/audit`. */
export function auditRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/api/audit/roots',
    {
      schema: {
        tags: ['audit'],
        description: '每日审计根:涵盖每一办件和日志的哈希链,最近的在前',
        querystring: z.strictObject(pageQuery),
        response: reads(listOf(rootSchema)),
      },
    },
    async (request) => {
      if (!mayReadRoots(askerOf(request).viewer)) {
        await deny(context, request, 'audit/roots', new Problem('forbidden', '审计根供督查人员、流程管理员和档案员查看'));
      }
      const { cursor, limit } = request.query;
      const rows = await listRoots(context.db, below(cursor), limit);
      return pageOf(
        rows,
        limit,
        (root) => ({ at: root.madeAt, id: String(root.number) }),
        (root) => root,
      );
    },
  );

  api.get(
    '/api/audit/access',
    {
      schema: {
        tags: ['audit'],
        description: '访问日志:被拒绝的尝试、查看受限办件、导出、打印,最近的在前;查看本日志也记入其中',
        querystring: accessQuery,
        response: reads(listOf(entrySchema)),
      },
    },
    async (request) => {
      const asker = askerOf(request);
      const { viewer, world, now } = asker;
      if (!mayReadAccessLog(viewer)) {
        await deny(context, request, 'audit/access', new Problem('forbidden', '访问日志供督查人员和流程管理员查看'));
      }
      const { cursor, limit, from, to, person, target, action } = request.query;
      const midnight = (on: string) => atSchoolTime(world.calendar, on, '00:00');
      const filter = {
        person,
        target,
        action,
        reader: viewer.id,
        from: from === undefined ? undefined : midnight(from),
        to: to === undefined ? undefined : midnight(addDays(to, 1)),
      };
      const page = { below: below(cursor), limit };
      await writeAccess(context.db, {
        person: viewer.id,
        action: 'read-access-log',
        target: 'audit/access',
        code: cursor === undefined ? 'first-page' : 'next-page',
        requestId: request.id,
        at: now,
        facts: { person: person ?? null, target: target ?? null, action: action ?? null, from: from ?? null, to: to ?? null },
      });
      const rows = await listJournal(context.db, 'access', filter, page);
      return pageOf(
        rows,
        limit,
        (row) => ({ at: row.at, id: String(row.sequence) }),
        (row) => presentEntry(asker, row),
      );
    },
  );
}

/** What a supervised matter came through: progress reports, urges, inspections; and the log of urging, merged by unit and day. */
import { and, asc, desc, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import type { JsonObject } from '../definitions/language/json.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Database } from './client.ts';
import { fileIdsIn } from './files.ts';
import type { TaskRow } from './matters.ts';
import {
  files,
  inspectionItems,
  inspections,
  matters,
  progressReports,
  tasks,
  topicMatters,
  topics,
  urges,
} from './schema/index.ts';

/** A page of a matter's progress reports, newest first, one more than asked for. @param before the sequence that the page before ended with. */
export async function progressOf(
  db: Database,
  matterId: string,
  page: { before?: number | undefined; limit: number },
): Promise<(typeof progressReports.$inferSelect)[]> {
  return db
    .select()
    .from(progressReports)
    .where(
      and(
        eq(progressReports.matterId, matterId),
        page.before === undefined ? undefined : lt(progressReports.sequence, page.before),
      ),
    )
    .orderBy(desc(progressReports.sequence))
    .limit(page.limit + 1);
}

/** The latest urges of a matter, newest first; one row for each person reminded. */
export async function urgesOf(db: Database, matterId: string, limit: number): Promise<(typeof urges.$inferSelect)[]> {
  return db.select().from(urges).where(eq(urges.matterId, matterId)).orderBy(desc(urges.sequence), urges.personId).limit(limit);
}

/** What inspections found on a matter, the latest first. */
export async function inspectionsOf(db: Database, matterId: string, limit: number) {
  return db
    .select({ inspection: inspections, item: inspectionItems })
    .from(inspectionItems)
    .innerJoin(inspections, eq(inspections.id, inspectionItems.inspectionId))
    .where(eq(inspectionItems.matterId, matterId))
    .orderBy(desc(inspections.openedAt), desc(inspections.id))
    .limit(limit);
}

/** The files that prove the work of some matters 佐证: with progress reports, in outputs of its steps, and of inspections. */
export async function evidenceOf(db: Database, matterIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (matterIds.length === 0) return new Map();
  const ids = [...matterIds];
  const [reported, handled, inspected] = await Promise.all([
    db
      .select({ id: progressReports.matterId, from: progressReports.attachments })
      .from(progressReports)
      .where(inArray(progressReports.matterId, ids)),
    db
      .select({ id: matters.id, from: sql<JsonObject>`${matters.state}->'outputs'` })
      .from(matters)
      .where(inArray(matters.id, ids)),
    db
      .select({ id: inspectionItems.matterId, from: inspectionItems.evidence })
      .from(inspectionItems)
      .where(inArray(inspectionItems.matterId, ids)),
  ]);
  const found = new Map<string, string[]>();
  for (const { id, from } of [...reported, ...handled, ...inspected])
    found.set(id, [...new Set([...(found.get(id) ?? []), ...fileIdsIn(from)])]);
  return found;
}

/** Names and sizes of files. */
export async function filesNamed(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { id: string; name: string; size: number }>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: files.id, name: files.name, size: files.size })
    .from(files)
    .where(inArray(files.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Urges of one day that reminded people of one unit. */
export interface UrgedUnit {
  /** A day of the school, `YYYY-MM-DD`. */
  day: string;
  unit: string;
  /** How often somebody of the unit was reminded, and of how many matters. */
  reminders: number;
  matters: number;
  urges: { no: string; title: string; person: string; by: string; at: string; text: string | null }[];
}

/** Single urges of one line that are told, the latest first. */
const TOLD_MAX = 100;

/** Which lines of the log somebody asks for. */
export interface UrgeLogFilter {
  unit?: string | undefined;
  /** Instants, `[from, to)`. */
  from: string;
  to: string;
  /** Minutes that the school's clocks are ahead of UTC. */
  offsetMinutes: number;
  after?: { day: string; unit: string } | undefined;
  limit: number;
}

/** A page of the log of urging, merged by unit and day, the latest day first: everywhere, or in the units that the viewer heads. */
export async function urgeLog(db: Database, viewer: Viewer, filter: UrgeLogFilter): Promise<UrgedUnit[]> {
  const { unit, from, to, offsetMinutes, after, limit } = filter;
  const day = sql`to_char((urges.at at time zone 'UTC') + make_interval(mins => ${offsetMinutes}::int), 'YYYY-MM-DD')`;
  const conditions = [
    sql`urges.at >= ${from}::timestamptz and urges.at < ${to}::timestamptz`,
    ...(unit === undefined ? [] : [sql`people.unit = ${unit}`]),
    ...(viewer.supervisor || viewer.administrator ? [] : [sql`people.unit = any(${sql.param(viewer.headedUnits)}::text[])`]),
  ];
  const beyond = after === undefined ? sql`true` : sql`(day < ${after.day} or (day = ${after.day} and unit > ${after.unit}))`;
  const rows = await db.execute<{ day: string; unit: string; reminders: number; matters: number; urges: UrgedUnit['urges'] }>(sql`
    select * from (
      select ${day} as day, people.unit as unit, count(*)::int as reminders, count(distinct urges.matter_id)::int as matters,
        to_jsonb((array_agg(json_build_object('no', matters.no, 'title', matters.title, 'person', urges.person_id, 'by', urges.urged_by,
          'at', to_char(urges.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'text', urges.text)
          order by urges.at desc, urges.matter_id, urges.person_id))[1:${sql.raw(String(TOLD_MAX))}]) as urges
      from urges join matters on matters.id = urges.matter_id join people on people.id = urges.person_id
      where ${sql.join(conditions, sql` and `)} group by 1, 2) as log
    where ${beyond} order by day desc, unit limit ${limit + 1}`);
  return [...rows];
}

/** Who holds what of some matters now: their open and waiting tasks, those of nobody's waiting left out. */
export async function holdersOfMatters(
  db: Database,
  ids: readonly string[],
): Promise<Pick<TaskRow, 'matterId' | 'step' | 'name' | 'assignees' | 'dueAt'>[]> {
  if (ids.length === 0) return [];
  return db
    .select({ matterId: tasks.matterId, step: tasks.step, name: tasks.name, assignees: tasks.assignees, dueAt: tasks.dueAt })
    .from(tasks)
    .where(and(inArray(tasks.matterId, [...ids]), inArray(tasks.status, ['open', 'waiting']), ne(tasks.step, 'circulation')))
    .orderBy(asc(tasks.dueAt), asc(tasks.id));
}

/** The topics of some matters. */
export async function topicsOfMatters(
  db: Database,
  ids: readonly string[],
): Promise<{ matterId: string; id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return db
    .select({ matterId: topicMatters.matterId, id: topics.id, name: topics.name })
    .from(topicMatters)
    .innerJoin(topics, eq(topics.id, topicMatters.topicId))
    .where(inArray(topicMatters.matterId, [...ids]))
    .orderBy(asc(topics.id));
}

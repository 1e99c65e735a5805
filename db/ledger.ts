/** Reading the supervision ledger 督办台账: its rows by view and filter, sums by leader, unit, topic and source, one row with its course. */
import { and, arrayOverlaps, asc, count, desc, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Light } from '../definitions/language/calendar.ts';
import type { SupervisionSource } from '../definitions/language/supervision.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { LedgerGroup, LedgerView } from '../workflows/machine/supervision/ledger.ts';
import type { Status } from '../workflows/machine/words.ts';
import type { Database } from './client.ts';
import { listedHead, type MatterHead, OPEN } from './matters.ts';
import { ledger, matterPeople, matters, progressReports, topicMatters, watches } from './schema/index.ts';
import { searchSql } from './search.ts';

export type LedgerRecord = typeof ledger.$inferSelect;

/** Which rows somebody asks for. */
export interface LedgerFilter {
  view: LedgerView;
  /** Ids of matters in which the viewer stands in for somebody now. */
  standingIn: readonly string[];
  leader?: string | undefined;
  /** A unit that leads or assists. */
  unit?: string | undefined;
  topic?: string | undefined;
  source?: SupervisionSource | undefined;
  light?: Light | undefined;
  status?: Status | 'unfinished' | undefined;
  overdue?: boolean | undefined;
  level?: string | undefined;
  /** Instants within which the matter was started, `[from, to)`. */
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

/** A row in a list. */
export interface ListedRow {
  row: LedgerRecord;
  matter: MatterHead;
  watched: boolean;
}

const takesPart = (viewer: Viewer): SQL =>
  sql`exists (select 1 from ${matterPeople} where ${matterPeople.matterId} = ${ledger.matterId} and ${matterPeople.personId} = ${viewer.id})`;

const holdsTask = (viewer: Viewer): SQL =>
  sql`exists (select 1 from ${matterPeople} where ${matterPeople.matterId} = ${ledger.matterId} and ${matterPeople.personId} = ${viewer.id}
    and ${matterPeople.participation} = 'assignee')`;

/** Whose unit assists and does not lead has the row among those to assist; who oversees has tasks of their own in it. */
function leadsOrNotAssists(viewer: Viewer): SQL | undefined {
  if (viewer.supervisor || viewer.administrator) return undefined;
  const units = [...new Set([...viewer.headedUnits, viewer.unit])];
  const leads = sql`coalesce(${inArray(ledger.leadUnit, units)}, false)`;
  return sql`(${leads} or not ${arrayOverlaps(ledger.assistUnits, units)})`;
}

const isWatched = (viewer: Viewer): SQL<boolean> =>
  sql<boolean>`exists (select 1 from ${watches} where ${watches.matterId} = ${ledger.matterId} and ${watches.personId} = ${viewer.id})`;

/** Rows that a person may see, in SQL; the same rule as `maySeeRow` in the machine. */
function visibleRows(viewer: Viewer, standingIn: readonly string[]): SQL | undefined {
  if (viewer.supervisor || viewer.administrator) return undefined;
  const { headedUnits } = viewer;
  return or(
    takesPart(viewer),
    eq(ledger.responsible, viewer.id),
    eq(ledger.leader, viewer.id),
    standingIn.length === 0 ? undefined : inArray(ledger.matterId, [...standingIn]),
    ...(headedUnits.length === 0
      ? []
      : [
          inArray(ledger.leadUnit, headedUnits),
          arrayOverlaps(ledger.assistUnits, headedUnits),
          inArray(matters.unitId, headedUnits),
        ]),
  );
}

function inView(view: LedgerView, viewer: Viewer, standingIn: readonly string[]): SQL | undefined {
  const { headedUnits } = viewer;
  switch (view) {
    case 'todo':
      return and(
        isNull(ledger.endedAt),
        or(
          eq(ledger.responsible, viewer.id),
          headedUnits.length === 0 ? undefined : inArray(ledger.leadUnit, headedUnits),
          and(
            or(holdsTask(viewer), standingIn.length === 0 ? undefined : inArray(ledger.matterId, [...standingIn])),
            leadsOrNotAssists(viewer),
          ),
        ),
      );
    case 'assist':
      // Whoever of an assisting unit sees the row at all takes part in it, or heads the unit.
      return and(isNull(ledger.endedAt), arrayOverlaps(ledger.assistUnits, [...new Set([...headedUnits, viewer.unit])]));
    case 'watched':
      return isWatched(viewer);
    case 'led':
      return eq(ledger.leader, viewer.id);
    case 'supervised':
      return undefined;
  }
}

/** Whether anything of a row is overdue, in SQL; the same rule as `isRowOverdue` in the machine. */
const overdueSql = (now: string): SQL => sql`(${ledger.overdueFrom} is not null and ${ledger.overdueFrom} < ${now}::timestamptz)`;

/** The light of a row in SQL; the same rule as `ledgerLight` in the machine. */
function lightSql(now: string): SQL<Light> {
  const clock = sql`coalesce(${ledger.stoppedAt}, ${now}::timestamptz)`;
  return sql<Light>`(case when ${overdueSql(now)} then 'red'
    when ${clock} >= ${ledger.orangeAt} then 'orange' when ${clock} >= ${ledger.yellowAt} then 'yellow' else 'green' end)`;
}

const inTopic = (topic: string | SQL): SQL =>
  sql`exists (select 1 from ${topicMatters} where ${topicMatters.matterId} = ${ledger.matterId} and ${topicMatters.topicId} = ${topic})`;

function statusSql(status: LedgerFilter['status']): SQL | undefined {
  if (status === undefined) return undefined;
  return status === 'unfinished' ? inArray(ledger.status, OPEN) : eq(ledger.status, status);
}

function conditions(viewer: Viewer, filter: LedgerFilter, now: string): SQL | undefined {
  const { leader, unit, topic, source, light, overdue, level, from, to, q } = filter;
  return and(
    visibleRows(viewer, filter.standingIn),
    inView(filter.view, viewer, filter.standingIn),
    leader === undefined ? undefined : eq(ledger.leader, leader),
    unit === undefined ? undefined : or(eq(ledger.leadUnit, unit), arrayOverlaps(ledger.assistUnits, [unit])),
    topic === undefined ? undefined : inTopic(topic),
    source === undefined ? undefined : eq(ledger.source, source),
    light === undefined ? undefined : eq(lightSql(now), light),
    statusSql(filter.status),
    overdue === undefined ? undefined : overdue ? overdueSql(now) : sql`not ${overdueSql(now)}`,
    level === undefined ? undefined : eq(ledger.level, level),
    from === undefined ? undefined : gte(ledger.startedAt, from),
    to === undefined ? undefined : lt(ledger.startedAt, to),
    q === undefined ? undefined : searchSql(q, { id: ledger.matterId, no: ledger.no, title: ledger.title }),
  );
}

/** The earliest limit of anything in a row that goes on: the most urgent comes first. */
const urgency = sql<string>`least(${ledger.overdueFrom}, ${ledger.dueAt})`;

/** Where a page ended. Rows that go on come first, most urgent first; then those that have ended, the latest first. */
export interface LedgerPlace {
  ended: boolean;
  at: string;
  id: string;
}

function beyond(after: LedgerPlace | undefined): SQL | undefined {
  if (after === undefined) return undefined;
  const at = sql`${after.at}::timestamptz`;
  const { endedAt, matterId } = ledger;
  if (after.ended) return sql`(${endedAt} < ${at} or (${endedAt} = ${at} and ${matterId} > ${after.id}))`;
  return sql`(${endedAt} is not null or (${urgency}, ${matterId}) > (${at}, ${after.id}))`;
}

/** Where a row stands in the order of lists. */
export function placeOfRow({ row }: ListedRow): LedgerPlace {
  const { matterId: id, endedAt, overdueFrom, dueAt } = row;
  if (endedAt !== null) return { ended: true, at: endedAt, id };
  return { ended: false, at: overdueFrom !== null && overdueFrom < dueAt ? overdueFrom : dueAt, id };
}

/** A page of the ledger; one row more than asked for tells that there is a next page. */
export async function listLedger(
  db: Database,
  viewer: Viewer,
  filter: LedgerFilter & { after: LedgerPlace | undefined; limit: number },
  now: string,
): Promise<ListedRow[]> {
  return db
    .select({ row: ledger, matter: listedHead, watched: isWatched(viewer) })
    .from(ledger)
    .innerJoin(matters, eq(matters.id, ledger.matterId))
    .where(and(conditions(viewer, filter, now), beyond(filter.after)))
    .orderBy(
      sql`${ledger.endedAt} is not null`,
      sql`case when ${ledger.endedAt} is null then ${urgency} end`,
      desc(ledger.endedAt),
      asc(ledger.matterId),
    )
    .limit(filter.limit + 1);
}

/** How many rows {@link listLedger} lists in all. */
export async function countLedger(db: Database, viewer: Viewer, filter: LedgerFilter, now: string): Promise<number> {
  const rows = await db
    .select({ count: count() })
    .from(ledger)
    .innerJoin(matters, eq(matters.id, ledger.matterId))
    .where(conditions(viewer, filter, now));
  return rows[0]?.count ?? 0;
}

/** One row of the ledger that the viewer may see, or null. */
export async function ledgerRowOf(
  db: Database,
  viewer: Viewer,
  no: string,
  standingIn: readonly string[],
): Promise<ListedRow | null> {
  const rows = await db
    .select({ row: ledger, matter: listedHead, watched: isWatched(viewer) })
    .from(ledger)
    .innerJoin(matters, eq(matters.id, ledger.matterId))
    .where(and(eq(ledger.no, no), visibleRows(viewer, standingIn)));
  return rows[0] ?? null;
}

/** The sums of one group; `key` is null for rows without a leader, unit or topic. */
export interface LedgerSum {
  key: string | null;
  total: number;
  open: number;
  /** Of those that go on. */
  overdue: number;
  yellow: number;
  orange: number;
  finished: number;
  /** Of the finished: how many ended late. */
  late: number;
}

/** Sums of the rows that {@link listLedger} lists, by group, the most overdue first. A row of two topics counts in both. */
export async function sumLedger(
  db: Database,
  viewer: Viewer,
  by: LedgerGroup,
  filter: LedgerFilter,
  now: string,
): Promise<LedgerSum[]> {
  const key = {
    leader: sql<string | null>`${ledger.leader}`,
    unit: sql<string | null>`${ledger.leadUnit}`,
    topic: sql<string | null>`${topicMatters.topicId}`,
    source: sql<string | null>`${ledger.source}::text`,
  }[by];
  const open = inArray(ledger.status, OPEN);
  const counted = (which: SQL | undefined) => sql<number>`(count(*) filter (where ${which}))::int`;
  const overdue = counted(and(open, overdueSql(now)));
  const query = db
    .select({
      key: key.as('key'),
      total: sql<number>`count(*)::int`,
      open: counted(open),
      overdue,
      yellow: counted(and(open, eq(lightSql(now), 'yellow'))),
      orange: counted(and(open, eq(lightSql(now), 'orange'))),
      finished: counted(sql`not ${open}`),
      late: counted(and(sql`not ${open}`, overdueSql(now))),
    })
    .from(ledger)
    .innerJoin(matters, eq(matters.id, ledger.matterId))
    .$dynamic();
  const joined = by === 'topic' ? query.leftJoin(topicMatters, eq(topicMatters.matterId, ledger.matterId)) : query;
  return joined
    .where(conditions(viewer, filter, now))
    .groupBy(sql`1`)
    .orderBy(desc(overdue), sql`1`);
}

/** How far some rows are ready to be looked at again 回访. */
export interface Readiness {
  items: number;
  /** With a file that proves the work. */
  withEvidence: number;
  checked: number;
  reported: number;
}

/** The readiness of the rows that {@link listLedger} lists. */
export async function readinessOf(db: Database, viewer: Viewer, filter: LedgerFilter, now: string): Promise<Readiness> {
  const counted = (which: SQL) => sql<number>`(count(*) filter (where ${which}))::int`;
  const reportedWithFiles = sql`exists (select 1 from ${progressReports}
    where ${progressReports.matterId} = ${ledger.matterId} and ${progressReports.attachments} <> '[]')`;
  const rows = await db
    .select({
      items: sql<number>`count(*)::int`,
      withEvidence: counted(sql`${reportedWithFiles} or (${matters.state}->'outputs')::text like '%"file-%'`),
      checked: counted(sql`${ledger.checkedAt} is not null`),
      reported: counted(sql`${ledger.reportedAt} is not null`),
    })
    .from(ledger)
    .innerJoin(matters, eq(matters.id, ledger.matterId))
    .where(conditions(viewer, filter, now));
  return rows[0] ?? { items: 0, withEvidence: 0, checked: 0, reported: 0 };
}

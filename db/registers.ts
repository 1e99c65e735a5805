/** Registers 台账: the rows of a process that somebody may see, their number and sums, and all of them page by page. */
import { and, asc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Json } from '../definitions/language/json.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Status } from '../workflows/machine/words.ts';
import type { Database } from './client.ts';
import { visibleTo } from './matters.ts';
import { matters } from './schema/index.ts';

/** A row of a register. */
export interface RegisterLine {
  id: string;
  startedAt: string;
  register: Record<string, Json>;
}

/** Which rows of a register are asked for. */
export interface RegisterFilter {
  process: string;
  /** Started at or after, and before; UTC. */
  from?: string | undefined;
  to?: string | undefined;
  /** The applicant's unit. */
  unit?: string | undefined;
  status?: Status | undefined;
  /** Part of title, number or any cell. */
  q?: string | undefined;
  /** Ids of matters in which the viewer stands in for somebody now: their rows are theirs to see. */
  standingIn?: readonly string[] | undefined;
}

/** Where a page ended: start instant and id. */
type Place = { at: string; id: string };

function containing(text: string): SQL {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (found) => `\\${found}`)}%`;
  return sql`(${matters.title} ilike ${pattern} or ${matters.no} ilike ${pattern}
    or exists (select 1 from jsonb_each_text(${matters.register}) as cell where cell.value ilike ${pattern}))`;
}

/** Rows that the viewer may see, in SQL: as lists show them, and those where they stand in. */
function mayRead(viewer: Viewer, standingIn: readonly string[], now: string): SQL | undefined {
  const own = visibleTo(viewer, now);
  return own === undefined || standingIn.length === 0 ? own : or(own, inArray(matters.id, [...standingIn]));
}

function asked(viewer: Viewer, filter: RegisterFilter, now: string): SQL | undefined {
  const { process: id, from, to, unit, status, q, standingIn = [] } = filter;
  return and(
    eq(matters.processId, id),
    mayRead(viewer, standingIn, now),
    from === undefined ? undefined : gte(matters.startedAt, from),
    to === undefined ? undefined : lt(matters.startedAt, to),
    unit === undefined ? undefined : eq(matters.unitId, unit),
    status === undefined ? undefined : eq(matters.status, status),
    q === undefined ? undefined : containing(q),
  );
}

/** A page of rows, oldest first; one more than asked for tells that there is a next page. */
export async function listRegister(
  db: Database,
  viewer: Viewer,
  filter: RegisterFilter & { after?: Place | undefined; limit: number },
  now: string,
): Promise<RegisterLine[]> {
  const { after } = filter;
  return db
    .select({ id: matters.id, startedAt: matters.startedAt, register: matters.register })
    .from(matters)
    .where(
      and(
        asked(viewer, filter, now),
        after === undefined ? undefined : sql`(${matters.startedAt}, ${matters.id}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(matters.startedAt), asc(matters.id))
    .limit(filter.limit + 1);
}

/** How many rows there are, and the sums of columns of numbers over all of them. */
export async function registerTotals(
  db: Database,
  viewer: Viewer,
  filter: RegisterFilter,
  keys: readonly string[],
  now: string,
): Promise<{ count: number; totals: Record<string, number> }> {
  const sums = keys.map(
    (key) => sql`coalesce(sum((${matters.register}->>${key}::text)::numeric)
      filter (where jsonb_typeof(${matters.register}->${key}::text) = 'number'), 0)::text`,
  );
  const rows = await db
    .select({
      count: sql<number>`count(*)::int`,
      sums: sql<string[]>`array[${sql.join(sums, sql`, `)}]::text[]`,
    })
    .from(matters)
    .where(asked(viewer, filter, now));
  const found = rows[0];
  return {
    count: found?.count ?? 0,
    totals: Object.fromEntries(keys.map((key, at) => [key, Number(found?.sums[at] ?? 0)])),
  };
}

/** Rows that are read at a time for an export. */
export const EXPORT_PAGE = 250;

/**
 * All rows, page by page, oldest first: no more than one page is held. Between pages no connection is kept, so a slow reader
 * holds nothing; rows are found by their start, which never changes, so none comes twice and none is passed over.
 */
export async function* registerPages(
  db: Database,
  viewer: Viewer,
  filter: RegisterFilter,
  now: string,
): AsyncGenerator<RegisterLine[]> {
  for (let after: Place | undefined, more = true; more; ) {
    const rows = await listRegister(db, viewer, { ...filter, after, limit: EXPORT_PAGE }, now);
    more = rows.length > EXPORT_PAGE;
    const page = rows.slice(0, EXPORT_PAGE);
    const last = page.at(-1);
    if (last !== undefined) after = { at: last.startedAt, id: last.id };
    yield page;
  }
}

/** The catalogue 目录 of the archive: one row a closed matter, with its ticks and how far its package has come. */
import { and, asc, count, desc, eq, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Retention } from '../definitions/language/effect.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { ArchiveEntryRow, PackageRow } from './archive-packages.ts';
import type { TickRow } from './archive-ticks.ts';
import type { Database } from './client.ts';
import { openTo, visibleTo } from './matters.ts';
import { archiveEntries, archivePackages, archiveTicks, matterFiles, matters } from './schema/index.ts';
import { searchSql } from './search.ts';

const paper = alias(archiveTicks, 'paper_tick');
const electronic = alias(archiveTicks, 'electronic_tick');

/** Papers of a matter 件数: its sheet and every file that it names. */
const pieces = sql<number>`1 + (select count(*)::int from ${matterFiles} where ${matterFiles.matterId} = ${archiveEntries.matterId})`;

/** A line of the catalogue. */
export interface CatalogueRow {
  entry: ArchiveEntryRow;
  made: PackageRow | null;
  paper: TickRow | null;
  electronic: TickRow | null;
  pieces: number;
}

/** Which lines may be seen: all of them, or what somebody may see and what belongs to their units. */
export interface CatalogueScope {
  all: boolean;
  units: readonly string[];
}

/** Which ticks a line has: both forms in place, or one of them missing. */
export const TICKED = ['both', 'no-paper', 'no-electronic'] as const;
export type Ticked = (typeof TICKED)[number];

/** What somebody asks the catalogue for. */
export interface CatalogueFilter {
  year?: number | undefined;
  unit?: string | undefined;
  process?: string | undefined;
  class?: string | undefined;
  retention?: Retention | undefined;
  q?: string | undefined;
  ticked?: Ticked | undefined;
}

function lines(db: Database) {
  return db
    .select({ entry: archiveEntries, made: archivePackages, paper, electronic, pieces })
    .from(archiveEntries)
    .innerJoin(matters, eq(matters.id, archiveEntries.matterId))
    .leftJoin(archivePackages, eq(archivePackages.matterId, archiveEntries.matterId))
    .leftJoin(paper, and(eq(paper.matterId, archiveEntries.matterId), eq(paper.form, 'paper')))
    .leftJoin(electronic, and(eq(electronic.matterId, archiveEntries.matterId), eq(electronic.form, 'electronic')))
    .$dynamic();
}

function within(scope: CatalogueScope, viewer: Viewer, now: string): SQL | undefined {
  if (scope.all) return openTo(viewer);
  const units = scope.units.length === 0 ? undefined : inArray(archiveEntries.unitId, [...scope.units]);
  return and(openTo(viewer), or(visibleTo(viewer, now), units));
}

function tickedSql(ticked: Ticked | undefined): SQL | undefined {
  switch (ticked) {
    case undefined:
      return undefined;
    case 'both':
      return and(isNotNull(paper.matterId), isNotNull(electronic.matterId));
    case 'no-paper':
      return isNull(paper.matterId);
    case 'no-electronic':
      return isNull(electronic.matterId);
  }
}

// A matter that was archived by a step of its own and goes on is in no catalogue yet.
const ended = isNotNull(matters.endedAt);

/** A page of the catalogue, latest first. */
export async function listCatalogue(
  db: Database,
  asker: { scope: CatalogueScope; viewer: Viewer; now: string },
  filter: CatalogueFilter,
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<CatalogueRow[]> {
  const { after, limit } = page;
  const { archivedAt, matterId } = archiveEntries;
  return lines(db)
    .where(
      and(
        ended,
        within(asker.scope, asker.viewer, asker.now),
        filter.year === undefined ? undefined : eq(archiveEntries.year, filter.year),
        filter.unit === undefined ? undefined : eq(archiveEntries.unitId, filter.unit),
        filter.process === undefined ? undefined : eq(archiveEntries.processId, filter.process),
        filter.class === undefined ? undefined : eq(archiveEntries.class, filter.class),
        filter.retention === undefined ? undefined : eq(archiveEntries.retention, filter.retention),
        filter.q === undefined ? undefined : searchSql(filter.q),
        tickedSql(filter.ticked),
        after === undefined ? undefined : sql`(${archivedAt}, ${matterId}) < (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(desc(archivedAt), desc(matterId))
    .limit(limit + 1);
}

/** One line of the catalogue, whoever asks; null while the matter is not archived or goes on. */
export async function catalogueLine(db: Database, matterId: string): Promise<CatalogueRow | null> {
  const [row] = await lines(db).where(and(ended, eq(archiveEntries.matterId, matterId)));
  return row ?? null;
}

/** What a unit hands over of a year, by number; a page. @param after the number that the page before ended with. */
export async function listOfUnit(
  db: Database,
  year: number,
  unit: string,
  page: { after?: string | undefined; limit: number },
): Promise<CatalogueRow[]> {
  return lines(db)
    .where(
      and(
        ended,
        eq(archiveEntries.year, year),
        eq(archiveEntries.unitId, unit),
        page.after === undefined ? undefined : sql`${archiveEntries.no} > ${page.after}`,
      ),
    )
    .orderBy(asc(archiveEntries.no))
    .limit(page.limit);
}

/** Everything that a unit hands over of a year, by number, read in portions. */
export async function* wholeListOfUnit(db: Database, year: number, unit: string, portion = 500): AsyncGenerator<CatalogueRow> {
  for (let after: string | undefined; ; ) {
    const rows = await listOfUnit(db, year, unit, { after, limit: portion });
    yield* rows;
    if (rows.length < portion) return;
    after = rows.at(-1)?.entry.no;
  }
}

/** How many of a unit's files of a year there are, and how many lack a tick. */
export async function countOfUnit(db: Database, year: number, unit: string): Promise<{ count: number; unticked: number }> {
  const [row] = await db
    .select({
      count: count(),
      unticked: sql<number>`count(*) filter (where (select count(*) from ${archiveTicks}
        where ${archiveTicks.matterId} = ${archiveEntries.matterId}) < 2)::int`,
    })
    .from(archiveEntries)
    .innerJoin(matters, eq(matters.id, archiveEntries.matterId))
    .where(and(ended, eq(archiveEntries.year, year), eq(archiveEntries.unitId, unit)));
  return row ?? { count: 0, unticked: 0 };
}

/** Files whose retention has ended by the end of a year, those that ended first at the top; a page. @param years how long each lasts. */
export async function listExpiring(
  db: Database,
  years: Readonly<Record<Retention, number | null>>,
  lastYear: number,
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<CatalogueRow[]> {
  const { after, limit } = page;
  const { archivedAt, matterId, year, retention } = archiveEntries;
  const ends = sql`case ${retention} ${sql.join(
    Object.entries(years).flatMap(([word, lasts]) =>
      lasts === null ? [] : [sql`when ${word}::retention then ${year} + ${lasts}::int`],
    ),
    sql` `,
  )} end`;
  return lines(db)
    .where(
      and(
        ended,
        not(eq(retention, 'permanent')),
        sql`${ends} <= ${lastYear}::int`,
        after === undefined ? undefined : sql`(${archivedAt}, ${matterId}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(archivedAt), asc(matterId))
    .limit(limit + 1);
}

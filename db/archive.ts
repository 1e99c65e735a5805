/** The catalogue 目录 of the archive: one row a closed matter, with its ticks and how far its package has come. */
import { and, asc, count, desc, eq, inArray, isNotNull, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Retention } from '../definitions/language/effect.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { ArchiveEntryRow, PackageRow } from './archive-packages.ts';
import type { TickRow } from './archive-ticks.ts';
import type { Database } from './client.ts';
import { keptOutOf, visibleTo } from './matters.ts';
import { archiveEntries, archivePackages, archiveTicks, matterFiles, matters } from './schema/index.ts';
import { searchSql } from './search.ts';

const paper = alias(archiveTicks, 'paper_tick');
const electronic = alias(archiveTicks, 'electronic_tick');

/** Papers of a matter 件数: its sheet and every file that it names. */
const pieces = sql<number>`1 + (select count(*)::int from ${matterFiles} where ${matterFiles.matterId} = ${archiveEntries.matterId})`;

/**
 * When the archive took a file 接收, or null: a list that was taken holds whatever was ticked by then, since it is given only when every
 * file of it is ticked and taken only as it was given; but nothing that its giver is kept out of.
 */
const takenAt = sql<string | null>`(select min(taken.taken_at) from archive_hand_overs as taken
  where taken.unit_id = ${archiveEntries.unitId} and taken.year = ${archiveEntries.year}
    and taken.taken_at >= ${paper.tickedAt} and taken.taken_at >= ${electronic.tickedAt}
    and not (${matters.keptOut} @> array[taken.given_by]))`;

/** What the latest check of a file found wrong, or null where it found nothing or there was none. */
const finding = sql<string | null>`(select case when latest.accurate then null else coalesce(latest.finding, '') end
  from archive_checks as latest where latest.matter_id = ${archiveEntries.matterId} order by latest.id desc limit 1)`;

/** A line of the catalogue. */
export interface CatalogueRow {
  entry: ArchiveEntryRow;
  made: PackageRow | null;
  paper: TickRow | null;
  electronic: TickRow | null;
  pieces: number;
  /** When the archive took it, UTC, or null. */
  takenAt: string | null;
  /** What its latest check found wrong, or null. */
  finding: string | null;
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
    .select({ entry: archiveEntries, made: archivePackages, paper, electronic, pieces, takenAt, finding })
    .from(archiveEntries)
    .innerJoin(matters, eq(matters.id, archiveEntries.matterId))
    .leftJoin(archivePackages, eq(archivePackages.matterId, archiveEntries.matterId))
    .leftJoin(paper, and(eq(paper.matterId, archiveEntries.matterId), eq(paper.form, 'paper')))
    .leftJoin(electronic, and(eq(electronic.matterId, archiveEntries.matterId), eq(electronic.form, 'electronic')))
    .$dynamic();
}

/**
 * What everybody who reads the archive is held to, whatever their office: a matter that has ended, one that was archived by a step of
 * its own and goes on being in no catalogue yet, and that they are not kept out of.
 */
function readableBy(reader: string): SQL {
  return sql`${matters.endedAt} is not null and ${matters.id} not in ${keptOutOf(reader)}`;
}

function within(scope: CatalogueScope, viewer: Viewer, now: string): SQL | undefined {
  if (scope.all) return undefined;
  const units = scope.units.length === 0 ? undefined : inArray(archiveEntries.unitId, [...scope.units]);
  return or(visibleTo(viewer, now), units);
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
        readableBy(asker.viewer.id),
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

/**
 * One line of the catalogue; null while the matter is not archived or goes on, and for whoever is kept out of it.
 * @param reader the id of who reads it.
 */
export async function catalogueLine(db: Database, matterId: string, reader: string): Promise<CatalogueRow | null> {
  const [row] = await lines(db).where(and(readableBy(reader), eq(archiveEntries.matterId, matterId)));
  return row ?? null;
}

/** Whose files of which year are asked for, and who reads them: what that person is kept out of is left out. */
export interface UnitFiles {
  year: number;
  unit: string;
  /** The id of who reads them. */
  reader: string;
  /** Only those that the archive has not taken yet. */
  outstanding: boolean;
}

function filesOf({ year, unit, reader, outstanding }: UnitFiles): SQL | undefined {
  return and(
    readableBy(reader),
    eq(archiveEntries.year, year),
    eq(archiveEntries.unitId, unit),
    outstanding ? sql`${takenAt} is null` : undefined,
  );
}

/** Files of a unit and year, by number; a page. @param page.after the number that the page before ended with. */
export async function listOfUnit(
  db: Database,
  files: UnitFiles,
  page: { after?: string | undefined; limit: number },
): Promise<CatalogueRow[]> {
  return lines(db)
    .where(and(filesOf(files), page.after === undefined ? undefined : sql`${archiveEntries.no} > ${page.after}`))
    .orderBy(asc(archiveEntries.no))
    .limit(page.limit);
}

/** All files of a unit and year, by number, read in portions. */
export async function* wholeListOfUnit(db: Database, files: UnitFiles, portion = 500): AsyncGenerator<CatalogueRow> {
  for (let after: string | undefined; ; ) {
    const rows = await listOfUnit(db, files, { after, limit: portion });
    yield* rows;
    if (rows.length < portion) return;
    after = rows.at(-1)?.entry.no;
  }
}

/** How many files of a unit and year there are, and how many lack a tick. */
export async function countOfUnit(db: Database, files: UnitFiles): Promise<{ count: number; unticked: number }> {
  const [row] = await db
    .select({
      count: count(),
      unticked: sql<number>`count(*) filter (where ${paper.matterId} is null or ${electronic.matterId} is null)::int`,
    })
    .from(archiveEntries)
    .innerJoin(matters, eq(matters.id, archiveEntries.matterId))
    .leftJoin(paper, and(eq(paper.matterId, archiveEntries.matterId), eq(paper.form, 'paper')))
    .leftJoin(electronic, and(eq(electronic.matterId, archiveEntries.matterId), eq(electronic.form, 'electronic')))
    .where(filesOf(files));
  return row ?? { count: 0, unticked: 0 };
}

/**
 * Files whose retention has ended by the end of a year, those that ended first at the top; a page.
 * @param years how long each lasts.
 * @param reader the id of who reads them.
 */
export async function listExpiring(
  db: Database,
  years: Readonly<Record<Retention, number | null>>,
  lastYear: number,
  reader: string,
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
        readableBy(reader),
        not(eq(retention, 'permanent')),
        sql`${ends} <= ${lastYear}::int`,
        after === undefined ? undefined : sql`(${archivedAt}, ${matterId}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(archivedAt), asc(matterId))
    .limit(limit + 1);
}

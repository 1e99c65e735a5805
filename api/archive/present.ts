/** The archive as its routes show it, and who may see what of it. */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type CatalogueRow, catalogueLine } from '../../db/archive.ts';
import type { HandOverRow } from '../../db/archive-hand-overs.ts';
import { type CheckRow, checksOf, type TickRow } from '../../db/archive-ticks.ts';
import { type MatterRow, matterByNo } from '../../db/matters.ts';
import { namesIn, type OuterWorld } from '../../db/world.ts';
import { newestDefinition } from '../../definitions/catalog.ts';
import { type ArchiveRights, archiveRights, lastYearOf, RETENTION_NAMES } from '../../workflows/machine/supervision/archive.ts';
import { type ApiContext, type Asker, askerOf } from '../context.ts';
import { Problem } from '../problem.ts';
import type { fileSchema, handOverSchema, lineSchema, tickSchema } from '../schemas/archive.ts';
import { canView, deny } from '../visible.ts';

type Line = z.input<typeof lineSchema>;

/** What the asker is to the archive. */
export function rightsOf({ viewer, world, now }: Asker): ArchiveRights {
  return archiveRights(viewer, world.directory, world.calendar, now);
}

/** Refuses whoever lacks a right, and notes that they tried. */
export async function demand(context: ApiContext, request: FastifyRequest, may: boolean, says: string): Promise<void> {
  if (!may) await deny(context, request, request.routeOptions.url ?? 'archive', new Problem('forbidden', says));
}

/** An archived matter whose line of the catalogue the asker may see. @throws Problem 404 for any other. */
export async function archivedMatter(
  context: ApiContext,
  request: FastifyRequest,
  no: string,
): Promise<{ matter: MatterRow; line: CatalogueRow; rights: ArchiveRights }> {
  const asker = askerOf(request);
  const rights = rightsOf(asker);
  const matter = await matterByNo(context.db, no);
  const line = matter === null ? null : await catalogueLine(context.db, matter.id, asker.viewer.id);
  if (matter !== null && line !== null && (rights.all || rights.units.includes(line.entry.unitId) || canView(asker, matter))) {
    return { matter, line, rights };
  }
  return deny(context, request, no, new Problem('not-found', '档案目录中没有这一办件,或您无权查看'));
}

/** A line of the catalogue. */
export function presentLine({ entry, made, paper, electronic, pieces }: CatalogueRow, world: OuterWorld): Line {
  return {
    no: entry.no,
    title: entry.title,
    process: entry.processId,
    processName: newestDefinition(entry.processId)?.name ?? entry.processId,
    unit: namedIn(world, entry.unitId),
    class: entry.class,
    retention: entry.retention,
    retentionName: RETENTION_NAMES[entry.retention],
    lastYear: lastYearOf(entry.retention, entry.year),
    archivedAt: entry.archivedAt,
    year: entry.year,
    pieces,
    paper: presentTick(paper, world),
    electronic: presentTick(electronic, world),
    package: made?.status ?? 'waiting',
  };
}

function presentTick(tick: TickRow | null, world: OuterWorld): z.input<typeof tickSchema> | null {
  if (tick === null) return null;
  return { by: tick.tickedBy === null ? null : namedIn(world, tick.tickedBy), at: tick.tickedAt, place: tick.place };
}

/** A person or unit with the name that the directory has now. */
export function namedIn({ directory }: OuterWorld, id: string): { id: string; name: string } {
  return { id, name: namesIn(directory)(id) };
}

/** A file of the archive with its checks, read anew. */
export async function presentFile(context: ApiContext, asker: Asker, matterId: string): Promise<z.input<typeof fileSchema>> {
  const [line, checks] = await Promise.all([
    catalogueLine(context.db, matterId, asker.viewer.id),
    checksOf(context.db, matterId),
  ]);
  if (line === null) throw new Problem('not-found', '档案目录中没有这一办件');
  const { made } = line;
  return {
    ...presentLine(line, asker.world),
    sha256: made?.sha256 ?? null,
    size: made?.size ?? null,
    madeAt: made?.madeAt ?? null,
    checks: checks.map((check) => presentCheck(check, asker.world)),
  };
}

function presentCheck({ accurate, finding, checkedBy, checkedAt }: CheckRow, world: OuterWorld) {
  return { accurate, finding, by: namedIn(world, checkedBy), at: checkedAt };
}

/** A hand-over. */
export function presentHandOver(row: HandOverRow, world: OuterWorld): z.input<typeof handOverSchema> {
  const { id, year, unitId, count, hash, givenBy, givenAt, takenBy, takenAt } = row;
  return {
    id,
    year,
    unit: namedIn(world, unitId),
    count,
    hash,
    givenBy: namedIn(world, givenBy),
    givenAt,
    takenBy: takenBy === null ? null : namedIn(world, takenBy),
    takenAt,
  };
}

/** The queue of archive packages: which are to be made, how far each has come, and what could not be made. */
import { and, asc, eq, gt, inArray, isNotNull, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from './client.ts';
import { keptOutOf } from './matters.ts';
import { archiveEntries, archivePackages, files, matterFiles, matters } from './schema/index.ts';

export type ArchiveEntryRow = typeof archiveEntries.$inferSelect;
export type PackageRow = typeof archivePackages.$inferSelect;

/** What stands as the fault of a package whose maker never came back. */
export const INTERRUPTED = 'interrupted: whoever made it ended before it was done';

/**
 * Takes a package that is to be made and counts the try beforehand, so that one which ends its maker is not tried for ever at once.
 * Only matters that have ended: a matter may be archived by a step before its last one.
 * @param next when it is tried again unless it is settled, after so many tries; and from which try on it is stuck.
 */
export async function claimPackage(
  db: Database,
  now: string,
  next: (attempts: number) => string,
  stuckAfter: number,
): Promise<PackageRow | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select({ due: archivePackages })
      .from(archivePackages)
      .innerJoin(matters, eq(matters.id, archivePackages.matterId))
      .where(
        and(
          inArray(archivePackages.status, ['waiting', 'stuck']),
          sql`${archivePackages.nextAttemptAt} <= ${now}::timestamptz`,
          isNotNull(matters.endedAt),
        ),
      )
      .orderBy(asc(archivePackages.nextAttemptAt))
      .limit(1)
      .for('update', { of: archivePackages, skipLocked: true });
    if (row === undefined) return null;
    const attempts = row.due.attempts + 1;
    const status = attempts >= stuckAfter ? ('stuck' as const) : ('waiting' as const);
    const [claimed] = await tx
      .update(archivePackages)
      .set({ attempts, status, nextAttemptAt: next(attempts), fault: INTERRUPTED })
      .where(eq(archivePackages.matterId, row.due.matterId))
      .returning();
    return claimed ?? null;
  });
}

/** Notes why a try failed; unless another maker has done it meanwhile. */
export async function failPackage(db: Database, matterId: string, fault: string): Promise<void> {
  await db
    .update(archivePackages)
    .set({ fault })
    .where(and(eq(archivePackages.matterId, matterId), ne(archivePackages.status, 'made')));
}

/** Notes a package as made. @returns false when another maker was first. */
export async function settlePackage(
  tx: Transaction,
  matterId: string,
  made: { sha256: string; size: number; madeAt: string },
): Promise<boolean> {
  const rows = await tx
    .update(archivePackages)
    .set({ ...made, status: 'made', fault: null })
    .where(and(eq(archivePackages.matterId, matterId), ne(archivePackages.status, 'made')))
    .returning({ matterId: archivePackages.matterId });
  return rows.length > 0;
}

/** The catalogue entry of a matter, with its package, or null while it is not archived. */
export async function entryOf(
  db: Database | Transaction,
  matterId: string,
): Promise<{ entry: ArchiveEntryRow; made: PackageRow | null } | null> {
  const [row] = await db
    .select({ entry: archiveEntries, made: archivePackages })
    .from(archiveEntries)
    .leftJoin(archivePackages, eq(archivePackages.matterId, archiveEntries.matterId))
    .where(eq(archiveEntries.matterId, matterId));
  return row ?? null;
}

/** A file that belongs to a matter. */
export interface MatterFile {
  id: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
}

/** The files of a matter, and those of the matter that started it, which may have been handed on in its form. */
export async function filesOfMatter(db: Database, matterId: string, parentId: string | null): Promise<MatterFile[]> {
  return db
    .selectDistinct({ id: files.id, name: files.name, type: files.type, size: files.size, sha256: files.sha256 })
    .from(matterFiles)
    .innerJoin(files, eq(files.id, matterFiles.fileId))
    .where(inArray(matterFiles.matterId, parentId === null ? [matterId] : [matterId, parentId]))
    .orderBy(asc(files.id));
}

/** A package that is not made though it was tried. */
export interface Repair {
  entry: ArchiveEntryRow;
  made: PackageRow;
}

function inRepair(): SQL | undefined {
  return or(eq(archivePackages.status, 'stuck'), and(eq(archivePackages.status, 'waiting'), gt(archivePackages.attempts, 0)));
}

/** The queue of repairs, by when each is tried next, without what the reader is kept out of; a page. */
export async function listRepairs(
  db: Database,
  reader: string,
  page: { after?: { at: string; id: string } | undefined; limit: number },
): Promise<Repair[]> {
  const { after, limit } = page;
  const { nextAttemptAt, matterId } = archivePackages;
  return db
    .select({ entry: archiveEntries, made: archivePackages })
    .from(archivePackages)
    .innerJoin(archiveEntries, eq(archiveEntries.matterId, matterId))
    .where(
      and(
        inRepair(),
        sql`${matterId} not in ${keptOutOf(reader)}`,
        after === undefined ? undefined : sql`(${nextAttemptAt}, ${matterId}) > (${after.at}::timestamptz, ${after.id})`,
      ),
    )
    .orderBy(asc(nextAttemptAt), asc(matterId))
    .limit(limit + 1);
}

/** Has a package tried anew at once, as if for the first time. @returns false when it is made already. */
export async function retryPackage(tx: Transaction, matterId: string, now: string): Promise<boolean> {
  const rows = await tx
    .update(archivePackages)
    .set({ status: 'waiting', attempts: 0, nextAttemptAt: now })
    .where(and(eq(archivePackages.matterId, matterId), ne(archivePackages.status, 'made')))
    .returning({ matterId: archivePackages.matterId });
  return rows.length > 0;
}

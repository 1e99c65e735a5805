/** Uploaded files: which ones a person may name in a form, and what is known of them. */
import { and, count, eq, gte, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { FileFact } from '../definitions/language/context.ts';
import type { Viewer } from '../workflows/machine/people/rights.ts';
import type { Database, Transaction } from './client.ts';
import { CONTENTS_LOCK } from './contents.ts';
import { type MatterRow, visibleTo } from './matters.ts';
import { fileContents, files, inspectionFiles, matterFiles, matters, taskPeople, tasks } from './schema/index.ts';

export type FileRow = typeof files.$inferSelect;

const FILE_ID = /^file-[0-9a-f-]{8,64}$/;

/** Every file id that stands anywhere in a value, each once. */
export function fileIdsIn(value: unknown): string[] {
  const found = new Set<string>();
  const visit = (one: unknown): void => {
    if (typeof one === 'string') {
      if (FILE_ID.test(one)) found.add(one);
    } else if (Array.isArray(one)) one.forEach(visit);
    else if (typeof one === 'object' && one !== null) Object.values(one).forEach(visit);
  };
  visit(value);
  return [...found];
}

/**
 * Facts about those of the files that a person may name: their own, samples, and those already part of the matter.
 * @param options.hold true in a transition that is about to name them: until it is over, no sweep takes them away.
 */
export async function filesFor(
  db: Database | Transaction,
  ids: readonly string[],
  person: string | null,
  matterId: string,
  options: { hold: boolean } = { hold: false },
): Promise<Record<string, FileFact>> {
  if (ids.length === 0) return {};
  const inMatter = sql`exists (select 1 from ${matterFiles} where ${matterFiles.fileId} = ${files.id} and ${matterFiles.matterId} = ${matterId})`;
  const query = db
    .select({ id: files.id, name: files.name, type: files.type, size: files.size })
    .from(files)
    .where(
      and(
        inArray(files.id, [...ids]),
        or(isNull(files.ownerId), person === null ? undefined : eq(files.ownerId, person), inMatter),
      ),
    );
  const rows = await (options.hold ? query.for('key share') : query);
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

/** The sample files that anybody may name, by kind. Empty ids where the school has none. */
export async function sampleFiles(db: Database): Promise<{ pdf: string; docx: string }> {
  const rows = await db.select({ id: files.id, type: files.type }).from(files).where(isNull(files.ownerId)).limit(20);
  const first = (type: string) => rows.find((row) => row.type === type)?.id ?? '';
  return {
    pdf: first('application/pdf'),
    docx: first('application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
  };
}

/** How much one person may bring since an instant: files, and bytes together. */
export interface UploadQuota {
  files: number;
  bytes: number;
  since: string;
}

/**
 * Keeps an upload; the same content is kept once, whoever brings it.
 * @returns what of its owner's quota is used up, also when several come at once; null when the file was kept.
 */
export async function insertFile(
  db: Database,
  file: FileRow,
  content: Uint8Array,
  quota: UploadQuota,
): Promise<'files' | 'bytes' | null> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`files:${file.ownerId}`}, 0))`);
    const rows = await tx
      .select({ count: count(), bytes: sql<string>`coalesce(sum(${files.size}), 0)::text` })
      .from(files)
      .where(and(eq(files.ownerId, file.ownerId ?? ''), gte(files.createdAt, quota.since)));
    if ((rows[0]?.count ?? 0) >= quota.files) return 'files';
    if (Number(rows[0]?.bytes ?? 0) + file.size > quota.bytes) return 'bytes';
    await tx.execute(sql`select pg_advisory_xact_lock_shared(${CONTENTS_LOCK})`);
    await tx.insert(fileContents).values({ sha256: file.sha256, content }).onConflictDoNothing();
    await tx.insert(files).values(file);
    return null;
  });
}

/** Files that one sweep takes away at most. */
const SWEEP_MAX = 500;

/**
 * Throws away uploads older than an instant that nothing names: no matter, no draft of their owner's, nothing that was taken on.
 * @returns how many.
 */
export async function sweepFiles(db: Database, before: string): Promise<number> {
  const inText = (text: SQL) => sql`position(files.id in ${text}) > 0`;
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${CONTENTS_LOCK})`);
    const gone = await tx.execute<{ sha256: string }>(sql`delete from files where id in (
      select id from files
      where owner_id is not null and created_at < ${before}::timestamptz
        and not exists (select 1 from matter_files where file_id = files.id)
        and not exists (select 1 from inspection_files where file_id = files.id)
        and not exists (select 1 from drafts where person_id = owner_id and ${inText(sql`form::text || attachments::text`)})
        and not exists (select 1 from opinion_drafts where person_id = owner_id
          and ${inText(sql`coalesce(output::text, '') || attachments::text`)})
        and not exists (select 1 from intents where settled_at is null and person_id = owner_id and ${inText(sql`payload::text`)})
      order by created_at limit ${SWEEP_MAX} for update skip locked)
      returning sha256`);
    if (gone.length > 0) {
      await tx.execute(sql`delete from file_contents
        where ${inArray(sql`sha256`, [...new Set(gone.map((row) => row.sha256))])}
          and not exists (select 1 from files where files.sha256 = file_contents.sha256)
          and not exists (select 1 from archive_packages where archive_packages.sha256 = file_contents.sha256)`);
    }
    return gone.length;
  });
}

/** A file that a person may read: their own, a sample, or one of a matter which they may see, or of its inspections. Else null. */
export async function readableFile(db: Database, viewer: Viewer, id: string, now: string): Promise<FileRow | null> {
  const visible = visibleTo(viewer, now) ?? sql`true`;
  const inVisibleMatter = sql`exists (select 1 from ${matterFiles} join ${matters} on ${matters.id} = ${matterFiles.matterId}
    where ${matterFiles.fileId} = ${files.id} and ${visible})`;
  const ofInspection = sql`exists (select 1 from ${inspectionFiles} join ${matters} on ${matters.id} = ${inspectionFiles.matterId}
    where ${inspectionFiles.fileId} = ${files.id} and ${visible})`;
  const rows = await db
    .select()
    .from(files)
    .where(and(eq(files.id, id), or(isNull(files.ownerId), eq(files.ownerId, viewer.id), inVisibleMatter, ofInspection)));
  return rows[0] ?? null;
}

/** Matters looked through for one file at most: hardly any file is named by more than one. */
const NAMING_MAX = 20;

/** Matters that name a file. */
export async function mattersNaming(db: Database, id: string): Promise<MatterRow[]> {
  const rows = await db
    .select({ matter: matters })
    .from(matterFiles)
    .innerJoin(matters, eq(matters.id, matterFiles.matterId))
    .where(eq(matterFiles.fileId, id))
    .limit(NAMING_MAX);
  return rows.map((row) => row.matter);
}

/**
 * A file, with the open matters that name it and in which a task lies with one of some people: a net for who might stand in for
 * them; who asks filters with covers.ts. Null when there is no such matter.
 */
export async function fileWithMatters(
  db: Database,
  id: string,
  people: readonly string[],
): Promise<{ file: FileRow; matters: MatterRow[] } | null> {
  if (people.length === 0) return null;
  const theirs = db
    .select({ matterId: tasks.matterId })
    .from(taskPeople)
    .innerJoin(tasks, eq(tasks.id, taskPeople.taskId))
    .where(and(inArray(taskPeople.personId, [...people]), inArray(taskPeople.status, ['open', 'waiting'])));
  const rows = await db
    .select({ file: files, matter: matters })
    .from(matterFiles)
    .innerJoin(files, eq(files.id, matterFiles.fileId))
    .innerJoin(matters, eq(matters.id, matterFiles.matterId))
    .where(and(eq(files.id, id), isNull(matters.endedAt), inArray(matters.id, theirs)))
    .limit(NAMING_MAX);
  const first = rows[0];
  return first === undefined ? null : { file: first.file, matters: rows.map((row) => row.matter) };
}

/** The bytes of a file. Throws when they are gone, which nothing in the platform does. */
export async function fileContent(db: Database, sha256: string): Promise<Uint8Array> {
  const rows = await db.select({ content: fileContents.content }).from(fileContents).where(eq(fileContents.sha256, sha256));
  const content = rows[0]?.content;
  if (content === undefined) throw new Error(`The content ${sha256} of a file is missing: restore it from a backup`);
  return content;
}

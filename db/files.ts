/** Uploaded files: which ones a person may name in a form, and what is known of them. */
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { FileFact } from '../definitions/language/context.ts';
import type { Database, Transaction } from './client.ts';
import { files, matterFiles } from './schema/index.ts';

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

/** Facts about those of the files that a person may name: their own, samples, and those already part of the matter. */
export async function filesFor(
  db: Database | Transaction,
  ids: readonly string[],
  person: string | null,
  matterId: string,
): Promise<Record<string, FileFact>> {
  if (ids.length === 0) return {};
  const inMatter = sql`exists (select 1 from ${matterFiles} where ${matterFiles.fileId} = ${files.id} and ${matterFiles.matterId} = ${matterId})`;
  const rows = await db
    .select({ id: files.id, name: files.name, type: files.type, size: files.size })
    .from(files)
    .where(
      and(
        inArray(files.id, [...ids]),
        or(isNull(files.ownerId), person === null ? undefined : eq(files.ownerId, person), inMatter),
      ),
    );
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

/** Puts the demo university into an empty database: directory, published holidays, sample files. */
import { createHash } from 'node:crypto';
import { connectDatabase } from '../../db/client.ts';
import { changeWorld, hasDirectory, insertDirectory, putCalendar } from '../../db/directory.ts';
import { publishedHolidays } from '../../db/holidays.ts';
import { fileContents, files } from '../../db/schema/index.ts';
import { sampleDocx, samplePdf } from './sample-files.ts';
import { demoUniversity } from './university.ts';

/** Ids of the sample files that every example names. */
export const SAMPLE_FILES = {
  pdf: 'file-00000000-0000-4000-8000-000000000001',
  docx: 'file-00000000-0000-4000-8000-000000000002',
} as const;

/** Fills an empty database. Does nothing when somebody is in the directory already. @returns whether it filled it. */
export async function seedDemo(databaseUrl: string): Promise<boolean> {
  const client = connectDatabase(databaseUrl, { connections: 1 });
  try {
    if (await hasDirectory(client.db)) return false;
    await changeWorld(client.db, async (tx) => {
      await insertDirectory(tx, demoUniversity());
      await putCalendar(tx, publishedHolidays());
      for (const [id, sample] of [
        [SAMPLE_FILES.pdf, samplePdf()],
        [SAMPLE_FILES.docx, sampleDocx()],
      ] as const) {
        const sha256 = createHash('sha256').update(sample.content).digest('hex');
        await tx.insert(fileContents).values({ sha256, content: sample.content }).onConflictDoNothing();
        await tx.insert(files).values({
          id,
          ownerId: null,
          name: sample.name,
          type: sample.type,
          size: sample.content.length,
          sha256,
          createdAt: new Date().toISOString(),
        });
      }
    });
    return true;
  } finally {
    await client.close();
  }
}

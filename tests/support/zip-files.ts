/** Looks into ZIP files, which Word files and workbooks are. */
import { text } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** Every file of an archive as text, by its path. */
export async function filesOf(archive: Buffer): Promise<Record<string, string>> {
  const zip = await fromBufferPromise(archive);
  const files: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) files[entry.fileName] = await text(await zip.openReadStreamPromise(entry));
  return files;
}

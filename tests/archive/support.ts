/** Archive packages without a server: a matter from the pure machine, chained as the database chains it, packed by the real maker. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { type EventRow, packageEntries } from '../../activities/archive/contents.ts';
import type { PackageManifest } from '../../activities/archive/format.ts';
import { writePackage } from '../../activities/archive/zip.ts';
import { chainRows } from '../../db/events.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { demoUniversity } from '../../scripts/demo/university.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { demoCalendar } from '../support/machine.ts';

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What the sample PDF of examples holds here. */
const CONTENT = Buffer.from('%PDF-1.4 a paper');

/** Packs an ended matter. @param fileIds those of its files, each with the same content. */
export async function pack(
  definition: ProcessDefinition,
  matter: Matter,
  events: readonly MatterEvent[],
  path: string,
  fileIds: readonly string[],
): Promise<void> {
  const { rows } = chainRows(matter.id, '', events);
  const archived = events.find((event) => event.type === 'EffectDone' && event.facts.effect.kind === 'archive');
  if (archived?.type !== 'EffectDone' || archived.facts.effect.kind !== 'archive') throw new Error('it was never archived');
  const entries = await packageEntries({
    // Rows to be inserted are rows that were read, but for columns that may be left out, of which there are none.
    events: async function* () {
      yield rows as EventRow[];
    },
    content: async function* () {
      yield CONTENT;
    },
    definition,
    matter,
    entry: {
      matterId: matter.id,
      no: matter.no,
      processId: matter.processId,
      unitId: matter.applicant.unit,
      class: archived.facts.effect.class,
      retention: archived.facts.effect.retention,
      title: matter.title,
      archivedAt: archived.at,
      year: 2026,
    },
    files: fileIds.map((id, at) => ({
      id,
      name: `材料${at}.pdf`,
      type: 'application/pdf',
      size: CONTENT.length,
      sha256: hashOfBytes(CONTENT),
    })),
    world: { version: 1, directory: demoUniversity(), calendar: demoCalendar, settings: { '*': { schoolName: '华川大学' } } },
  });
  await writePackage(path, entries, 10_000_000);
}

/** The files of a package by name, in their order. */
export type Unpacked = Map<string, Buffer>;

/** Reads a package. */
export async function unpack(path: string): Promise<Unpacked> {
  const zip = await openPromise(path, { autoClose: false });
  const files: Unpacked = new Map();
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece);
    files.set(entry.fileName, Buffer.concat(pieces));
  }
  zip.close();
  return files;
}

/** Writes files as a zip, whatever they are. @returns its path. */
export async function repack(files: Iterable<readonly [string, Buffer]>, folder: string): Promise<string> {
  const path = join(folder, `${hashOfBytes(Buffer.from(String(Math.random())))}.zip`);
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

/** Makes the manifest of changed files anew, as somebody would who wants to hide it. */
export function reseal(files: Unpacked): void {
  const listed = [...files].filter(([name]) => !name.startsWith('manifest.'));
  const manifest: PackageManifest = {
    format: 'piban-archive-package',
    algorithm: 'SHA-256',
    files: listed.map(([path, bytes]) => ({ path, size: bytes.length, sha256: hashOfBytes(bytes) })),
  };
  const text = Buffer.from(JSON.stringify(manifest));
  files.set('manifest.json', text);
  files.set('manifest.sha256', Buffer.from(`${hashOfBytes(text)}  manifest.json\n`));
}

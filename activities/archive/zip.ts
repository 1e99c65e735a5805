/**
 * Writes a package as a zip file. The same content gives the same bytes on any machine: files in the order given, one time for all,
 * nothing compressed (a compressor's output differs from version to version, and an archive is the better without one).
 */
import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { jsonText, PACKAGE_FILES, PACKAGE_FORMAT, type PackageManifest } from './format.ts';

/** A file to be written: its bytes are asked for when its turn comes. */
export interface PackageEntry {
  path: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A text as an entry. */
export function textEntry(path: string, text: string): PackageEntry {
  return {
    path,
    async *open() {
      yield Buffer.from(text);
    },
  };
}

/** A package that was not made because its files are larger than allowed. */
export class PackageTooLarge extends Error {
  override name = 'PackageTooLarge';
  constructor(bytes: number) {
    super(`The files of the package are larger than ${bytes} bytes together: archive this matter by hand, or raise the limit`);
  }
}

/** Zip files know local time only, from 1980 on: its first moment here is written the same everywhere. */
function plainOptions() {
  return { mtime: new Date(1980, 0, 1), mode: 0o100644, compress: false, forceDosTimestamp: true };
}

/** What was written. */
export interface WrittenZip {
  sha256: string;
  size: number;
  /** SHA-256 of the manifest. */
  manifest: string;
}

/** Writes the entries, then their manifest and its hash. @param bytesMax most bytes of all entries together. */
export async function writePackage(path: string, entries: readonly PackageEntry[], bytesMax: number): Promise<WrittenZip> {
  const zip = new ZipFile();
  // yazl gives a PassThrough; its type says only that it can be read.
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const files: PackageManifest['files'] = [];
  let total = 0;
  const options = plainOptions();
  const add = (entry: PackageEntry) =>
    zip.addReadStreamLazy(entry.path, options, (give) => {
      const source = Readable.from(entry.open(), { objectMode: false });
      source.once('error', (error) => output.destroy(error));
      give(null, source);
    });
  async function* noted({ path: name, open }: PackageEntry): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of open()) {
      hash.update(piece);
      size += piece.length;
      total += piece.length;
      if (total > bytesMax) throw new PackageTooLarge(bytesMax);
      yield piece;
    }
    files.push({ path: name, size, sha256: hash.digest('hex') });
  }
  for (const entry of entries) add({ path: entry.path, open: () => noted(entry) });
  let manifest = '';
  add({
    path: PACKAGE_FILES.manifest,
    async *open() {
      const made: PackageManifest = { format: PACKAGE_FORMAT, algorithm: 'SHA-256', files };
      const text = Buffer.from(jsonText(made));
      manifest = createHash('sha256').update(text).digest('hex');
      yield text;
    },
  });
  add({
    path: PACKAGE_FILES.manifestHash,
    async *open() {
      // As `sha256sum --check` reads it.
      yield Buffer.from(`${manifest}  ${PACKAGE_FILES.manifest}\n`);
    },
  });
  zip.end();
  const hash = createHash('sha256');
  const counted = countingInto(hash);
  await pipeline(output, counted.stream, createWriteStream(path));
  return { sha256: hash.digest('hex'), size: counted.size(), manifest };
}

function countingInto(hash: Hash): { stream: Transform; size: () => number } {
  let size = 0;
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      size += piece.length;
      done(null, piece);
    },
  });
  return { stream, size: () => size };
}

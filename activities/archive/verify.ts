/**
 * Looks whether an archive package is whole and true to its own record, with nothing but the package: no database, no configuration.
 * What it can't see is a package forged from end to end; against that stand the SHA-256 of the package in the office's journal and
 * the daily root over all records (docs/archive-package.md).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { z } from 'zod';
import { RETENTIONS } from '../../definitions/language/effect.ts';
import { type ReadRecord, readEvents, sameJson } from './chain.ts';
import { PACKAGE_FILES, PACKAGE_FORMAT, PACKAGE_FORMAT_VERSION } from './format.ts';

/** What may be wrong with a package. */
export const PACKAGE_FAULTS = [
  'unreadable', // it is no zip file, or one that cannot be read
  'unsafe', // a name that leads elsewhere, the same name twice, or more content than any package has
  'manifest', // the list of files is not the one that was written
  'missing', // a file that the list names is not there
  'added', // a file that the list does not name
  'changed', // a file whose size or hash is another
  'chain', // an event was changed, taken out, put in or moved
  'contradiction', // a file says otherwise than the record
  'attachment', // a file that the record names is not there
] as const;
export type PackageFaultKind = (typeof PACKAGE_FAULTS)[number];

/** One fault: what, in which file, and why in English. */
export interface PackageFault {
  kind: PackageFaultKind;
  path: string;
  reason: string;
}

/** What was found. */
export interface PackageReport {
  /** SHA-256 of the package itself, to be held against the office's journal; null where it could not be read. */
  sha256: string | null;
  /** The matter's number, where the package says it. */
  no: string | null;
  files: number;
  events: number;
  faults: PackageFault[];
}

/** Files, bytes of content, and bytes of a file that is read as a whole: far above any matter, far below filling a machine. */
const MOST = { files: 10_000, bytes: 8 * 1024 ** 3, text: 64 * 1024 ** 2 } as const;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const manifestShape = z.object({
  format: z.literal(PACKAGE_FORMAT),
  algorithm: z.literal('SHA-256'),
  files: z.array(z.object({ path: z.string(), size: z.number().int().min(0), sha256: hex })),
});
const metadataShape = z.object({
  format: z.literal(PACKAGE_FORMAT),
  formatVersion: z.literal(PACKAGE_FORMAT_VERSION),
  no: z.string(),
  matterId: z.string(),
  process: z.string(),
  version: z.number(),
  title: z.string(),
  applicant: z.object({ id: z.string(), name: z.string() }),
  unit: z.object({ id: z.string() }),
  class: z.string(),
  retention: z.object({ code: z.enum(RETENTIONS) }),
  startedAt: z.string(),
  endedAt: z.string(),
  archivedAt: z.string(),
  outcome: z.object({ code: z.string(), text: z.string() }),
  parent: z.string().nullable(),
  events: z.object({ count: z.number(), head: z.string() }),
  attachments: z.array(z.object({ path: z.string(), id: z.string(), size: z.number(), sha256: hex, event: z.number() })),
  absent: z.array(z.object({ id: z.string(), event: z.number() })),
});
const formShape = z.object({ form: z.unknown(), attachments: z.unknown() });

/** Verifies the package in a file. Never throws for what is wrong with the package. */
export async function verifyPackage(path: string): Promise<PackageReport> {
  const report: PackageReport = { sha256: null, no: null, files: 0, events: 0, faults: [] };
  let zip: ZipFile | null = null;
  try {
    report.sha256 = await hashOfStream(createReadStream(path));
    zip = await openPromise(path, { autoClose: false, strictFileNames: true });
    await look(zip, report);
  } catch (error) {
    report.faults.push({ kind: 'unreadable', path: '', reason: error instanceof Error ? error.message : String(error) });
  } finally {
    zip?.close();
  }
  return report;
}

async function look(zip: ZipFile, report: PackageReport): Promise<void> {
  const entries = await entriesOf(zip, report);
  if (entries === null) return;
  const blame = (kind: PackageFaultKind, path: string, reason: string): void => {
    report.faults.push({ kind, path, reason });
  };
  const found = await hashesOf(zip, entries, blame);
  report.files = entries.size;
  await checkManifest(zip, entries, found, blame);
  const events = entries.get(PACKAGE_FILES.events);
  const { record, broken } = events === undefined ? NO_EVENTS : await readEvents(await zip.openReadStreamPromise(events));
  report.events = record.count;
  report.no = record.facts?.no ?? null;
  if (broken !== null) {
    blame('chain', PACKAGE_FILES.events, `line ${broken.line}: ${broken.reason}`);
    return;
  }
  await checkAgainstRecord(zip, entries, found, record, blame);
}

const NO_EVENTS = {
  record: { count: 0, head: '', facts: null, opinions: [], named: new Map(), attached: new Set<string>() } satisfies ReadRecord,
  broken: { line: 1, reason: 'the record is not in the package' },
};

type Blame = (kind: PackageFaultKind, path: string, reason: string) => void;
type Entries = ReadonlyMap<string, Entry>;
type Found = ReadonlyMap<string, { size: number; sha256: string }>;

/** The entries by name, or null where they are not fit to be looked at. */
async function entriesOf(zip: ZipFile, { faults }: PackageReport): Promise<Map<string, Entry> | null> {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    bytes += entry.uncompressedSize;
    if (entries.has(fileName)) faults.push({ kind: 'unsafe', path: fileName, reason: 'the name stands there twice' });
    if (entries.size >= MOST.files || bytes > MOST.bytes) {
      faults.push({ kind: 'unsafe', path: fileName, reason: `more than ${MOST.files} files or ${MOST.bytes} bytes` });
      return null;
    }
    entries.set(fileName, entry);
  }
  return entries;
}

async function hashesOf(zip: ZipFile, entries: Entries, blame: Blame): Promise<Map<string, { size: number; sha256: string }>> {
  const found = new Map<string, { size: number; sha256: string }>();
  for (const [path, entry] of entries) {
    try {
      found.set(path, { size: entry.uncompressedSize, sha256: await hashOfStream(await zip.openReadStreamPromise(entry)) });
    } catch (error) {
      blame('changed', path, `it cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }
  return found;
}

async function hashOfStream(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece);
  return hash.digest('hex');
}

async function textOf(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MOST.text) throw new Error(`${entry.fileName} is larger than ${MOST.text} bytes`);
  const pieces: Buffer[] = [];
  for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** A JSON file of the package in its shape; blames and gives null where it has none. */
async function jsonOf<T>(
  zip: ZipFile,
  entries: Entries,
  path: string,
  shape: z.ZodType<T>,
  kind: PackageFaultKind,
  blame: Blame,
): Promise<T | null> {
  const entry = entries.get(path);
  if (entry === undefined) {
    blame('missing', path, 'every package holds it');
    return null;
  }
  try {
    const parsed = shape.safeParse(JSON.parse(await textOf(zip, entry)));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    blame(kind, path, `it has not the shape of the format: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  } catch (error) {
    blame(kind, path, error instanceof Error ? error.message : String(error));
  }
  return null;
}

/** Holds what is there against the list. */
async function checkManifest(zip: ZipFile, entries: Entries, found: Found, blame: Blame): Promise<void> {
  const { manifest: path, manifestHash } = PACKAGE_FILES;
  const hashEntry = entries.get(manifestHash);
  if (hashEntry === undefined) blame('missing', manifestHash, 'every package holds it');
  else if ((await textOf(zip, hashEntry)) !== `${found.get(path)?.sha256 ?? ''}  ${path}\n`) {
    blame('manifest', path, `its hash is not the one in ${manifestHash}`);
  }
  const manifest = await jsonOf(zip, entries, path, manifestShape, 'manifest', blame);
  if (manifest === null) return;
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  if (listed.size < manifest.files.length) blame('manifest', path, 'a file is listed twice');
  for (const file of listed.values()) {
    const there = found.get(file.path);
    if (!entries.has(file.path)) blame('missing', file.path, 'the manifest lists it');
    else if (there !== undefined && there.size !== file.size)
      blame('changed', file.path, `${there.size} bytes instead of ${file.size}`);
    else if (there !== undefined && there.sha256 !== file.sha256) blame('changed', file.path, 'its SHA-256 is another');
  }
  for (const name of entries.keys()) {
    if (!listed.has(name) && name !== path && name !== manifestHash) blame('added', name, 'the manifest does not list it');
  }
}

/** Holds metadata, form, opinions and attachments against the record, whose chain is whole. */
async function checkAgainstRecord(zip: ZipFile, entries: Entries, found: Found, record: ReadRecord, blame: Blame): Promise<void> {
  const { facts } = record;
  if (facts === null) return blame('chain', PACKAGE_FILES.events, 'the record does not begin with an application');
  const metadata = await jsonOf(zip, entries, PACKAGE_FILES.metadata, metadataShape, 'contradiction', blame);
  const form = await jsonOf(zip, entries, PACKAGE_FILES.form, formShape, 'contradiction', blame);
  const opinions = await jsonOf(zip, entries, PACKAGE_FILES.opinions, z.array(z.unknown()), 'contradiction', blame);
  if (form !== null && !sameJson([form.form, form.attachments], [facts.form, facts.attachments])) {
    blame('contradiction', PACKAGE_FILES.form, 'the form is not the one in the record');
  }
  if (opinions !== null && !sameJson(opinions, record.opinions)) {
    blame('contradiction', PACKAGE_FILES.opinions, 'the opinions are not those in the record');
  }
  if (metadata === null) return;
  for (const [key, said, wanted] of comparisons(metadata, record, facts)) {
    if (!sameJson(said, wanted)) {
      const words = `${key} is ${JSON.stringify(said)}, and ${JSON.stringify(wanted)} in the record`;
      blame('contradiction', PACKAGE_FILES.metadata, words);
    }
  }
  checkAttachments(metadata, found, record, blame);
}

type Metadata = z.infer<typeof metadataShape>;

function comparisons(
  metadata: Metadata,
  { head, count }: ReadRecord,
  facts: NonNullable<ReadRecord['facts']>,
): [key: string, said: unknown, wanted: unknown][] {
  const { ending } = facts;
  return [
    ['events.count', metadata.events.count, count],
    ['events.head', metadata.events.head, head],
    ['matterId', metadata.matterId, facts.matterId],
    ['no', metadata.no, facts.no],
    ['process', metadata.process, facts.process],
    ['version', metadata.version, facts.version],
    ['title', metadata.title, facts.title],
    ['applicant', metadata.applicant, facts.applicant],
    ['unit.id', metadata.unit.id, facts.unit],
    ['class', metadata.class, facts.class],
    ['retention.code', metadata.retention.code, facts.retention],
    ['startedAt', metadata.startedAt, facts.startedAt],
    ['archivedAt', metadata.archivedAt, facts.archivedAt],
    ['endedAt', metadata.endedAt, ending?.at ?? null],
    ['outcome', metadata.outcome, ending === null ? null : { code: ending.code, text: ending.text }],
    ['parent', metadata.parent, facts.parent],
  ];
}

/** Every file that the record names is in the package, or told to be no file of the matter. */
function checkAttachments({ attachments, absent }: Metadata, found: Found, { named, attached }: ReadRecord, blame: Blame): void {
  const packed = new Map(attachments.map((one) => [one.id, one]));
  const left = new Set(absent.map((one) => one.id));
  for (const [id, event] of named) {
    if (packed.has(id)) continue;
    if (attached.has(id)) blame('attachment', id, `event ${event} attaches it, and the package does not hold it`);
    else if (!left.has(id)) blame('attachment', id, `event ${event} names it, and the package says nothing of it`);
  }
  for (const { path, id, size, sha256 } of attachments) {
    const there = found.get(path);
    if (!named.has(id)) blame('attachment', path, 'no event names it');
    else if (there === undefined) blame('attachment', path, 'the metadata names it, and it is not there');
    else if (there.size !== size || there.sha256 !== sha256) blame('attachment', path, 'it is not the file in the metadata');
  }
}

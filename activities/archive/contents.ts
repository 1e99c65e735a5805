/** What lies in the package of one matter: its files in their order, made from the record. */
import type { ArchiveEntryRow, MatterFile } from '../../db/archive-packages.ts';
import { eventOf } from '../../db/events.ts';
import type { OuterWorld } from '../../db/world.ts';
import { jsonFormsOf } from '../../definitions/forms.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { statusInChinese } from '../../definitions/language/register-words.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { lastYearOf, RETENTION_NAMES } from '../../workflows/machine/supervision/archive.ts';
import { type Reading, readableFields } from '../../workflows/machine/telling/readable.ts';
import { schoolNameIn, sheetOf } from '../../workflows/machine/telling/sheet.ts';
import { sheetPage } from '../../workflows/machine/telling/sheet-page.ts';
import { type ReadRecord, RecordReader } from './chain.ts';
import {
  attachmentPath,
  eventLine,
  jsonText,
  PACKAGE_FILES,
  PACKAGE_FORMAT,
  PACKAGE_FORMAT_VERSION,
  type PackagedFile,
  type PackageForm,
  type PackageMetadata,
} from './format.ts';
import { type PackageEntry, textEntry } from './zip.ts';

/** A row of the record. */
export type EventRow = Parameters<typeof eventOf>[0];

/** What a package is made from. */
export interface PackageSource {
  /** The rows of the record in order, portion by portion; gone through twice. */
  events: () => AsyncIterable<readonly EventRow[]>;
  /** A content by its SHA-256. */
  content: (sha256: string) => AsyncIterable<Uint8Array>;
  definition: ProcessDefinition;
  matter: Matter;
  entry: ArchiveEntryRow;
  /** The files of the matter; those that no event names stay out. */
  files: readonly MatterFile[];
  world: OuterWorld;
}

/** The entries of a package. @throws Error for a matter that has not ended. */
export async function packageEntries(source: PackageSource): Promise<PackageEntry[]> {
  const { definition, matter, files, world } = source;
  const record = await readRecord(source);
  const packed = packedFiles(files, record);
  const names = new Map(packed.map((file) => [file.id, file.name]));
  const reading: Reading = {
    directory: world.directory,
    calendar: world.calendar,
    fileName: (id) => names.get(id) ?? null,
  };
  const schemas = jsonFormsOf(definition);
  const form: PackageForm = {
    form: matter.form,
    attachments: matter.attachments,
    readable: readableFields(matter.form, schemas.form, reading),
  };
  const sheet = sheetOf({
    definition,
    matter,
    opinions: record.opinions,
    schemas,
    reading,
    school: schoolNameIn(world.settings),
    printed: { at: source.entry.archivedAt, by: '归档时由系统生成' },
  });
  return [
    textEntry(PACKAGE_FILES.metadata, jsonText(metadataOf(source, record, packed))),
    textEntry(PACKAGE_FILES.form, jsonText(form)),
    textEntry(PACKAGE_FILES.opinions, jsonText(record.opinions)),
    textEntry(PACKAGE_FILES.sheet, sheetPage(sheet)),
    { path: PACKAGE_FILES.events, open: () => eventLines(source) },
    ...packed.map(({ path, sha256 }) => ({ path, open: () => source.content(sha256) })),
  ];
}

async function readRecord({ events, matter }: PackageSource): Promise<ReadRecord> {
  const reader = new RecordReader();
  for await (const rows of events()) {
    for (const row of rows) reader.add(matter.id, eventOf(row), row.hash);
  }
  return reader.record;
}

async function* eventLines({ events, matter }: PackageSource): AsyncGenerator<Uint8Array> {
  for await (const rows of events()) {
    yield Buffer.from(rows.map((row) => eventLine(matter.id, eventOf(row), row.previousHash, row.hash)).join(''));
  }
}

/** The files that events name, in the order in which they were first named. */
function packedFiles(files: readonly MatterFile[], { named }: ReadRecord): PackagedFile[] {
  const known = new Map(files.map((file) => [file.id, file]));
  return [...named]
    .flatMap(([id, event]) => {
      const file = known.get(id);
      return file === undefined ? [] : [{ file, event }];
    })
    .map(({ file, event }, at) => ({ path: attachmentPath(at + 1, file.name), ...file, event }));
}

function metadataOf(
  { definition, matter, entry, world }: PackageSource,
  { count, head, named }: ReadRecord,
  packed: readonly PackagedFile[],
): PackageMetadata {
  const { ending, applicant } = matter;
  if (ending === null) throw new Error(`${matter.no} has not ended: its package can be made afterwards`);
  const held = new Set(packed.map((file) => file.id));
  return {
    format: PACKAGE_FORMAT,
    formatVersion: PACKAGE_FORMAT_VERSION,
    no: matter.no,
    matterId: matter.id,
    process: matter.processId,
    processName: definition.name,
    version: matter.version,
    title: matter.title,
    applicant: { id: applicant.id, name: applicant.name },
    unit: { id: applicant.unit, name: world.directory.units[applicant.unit]?.name ?? matter.unitName },
    class: entry.class,
    retention: {
      code: entry.retention,
      name: RETENTION_NAMES[entry.retention],
      lastYear: lastYearOf(entry.retention, entry.year),
    },
    startedAt: matter.startedAt,
    endedAt: ending.at,
    archivedAt: entry.archivedAt,
    year: entry.year,
    dueAt: matter.due.dueAt,
    outcome: { code: ending.code, name: statusInChinese(ending.code), text: ending.text },
    parent: matter.parent?.no ?? null,
    events: { count, head },
    attachments: [...packed],
    absent: [...named].filter(([id]) => !held.has(id)).map(([id, event]) => ({ id, event })),
  };
}

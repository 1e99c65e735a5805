/** The archive package as a format: which files it holds and what its JSON says. docs/archive-package.md explains it to archivists. */
import { canonicalize } from '../../db/canonical.ts';
import type { Retention } from '../../definitions/language/effect.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import type { MatterEvent } from '../../workflows/machine/events.ts';
import type { ReadableField } from '../../workflows/machine/telling/readable.ts';
import type { Outcome } from '../../workflows/machine/words.ts';

export const PACKAGE_FORMAT = 'piban-archive-package';
/** Raised when a reader of older packages could not read newer ones. */
export const PACKAGE_FORMAT_VERSION = 1;

/** Names of the files that every package holds; attachments lie below `attachments/`. */
export const PACKAGE_FILES = {
  metadata: 'metadata.json',
  form: 'form.json',
  opinions: 'opinions.json',
  sheet: 'sheet.html',
  events: 'events.jsonl',
  manifest: 'manifest.json',
  manifestHash: 'manifest.sha256',
} as const;

/** A file of the matter in the package. */
export interface PackagedFile {
  /** Where it lies in the package. */
  path: string;
  id: string;
  name: string;
  type: string;
  size: number;
  sha256: string;
  /** Sequence of the first event that names it. */
  event: number;
}

/** `metadata.json`. */
export interface PackageMetadata {
  format: typeof PACKAGE_FORMAT;
  formatVersion: number;
  no: string;
  matterId: string;
  process: string;
  processName: string;
  version: number;
  title: string;
  applicant: { id: string; name: string };
  unit: { id: string; name: string };
  class: string;
  retention: { code: Retention; name: string /** Its last year, or null for ever. */; lastYear: number | null };
  startedAt: string;
  endedAt: string;
  archivedAt: string;
  /** The calendar year of its hand-over, in school time. */
  year: number;
  dueAt: string;
  outcome: { code: Outcome; name: string; text: string };
  /** Number of the matter that started it, or null. */
  parent: string | null;
  /** How many events there are, and the hash of the last. */
  events: { count: number; head: string };
  attachments: PackagedFile[];
  /** What looks like the id of a file in an event and is no file of the matter. */
  absent: { id: string; event: number }[];
}

/** `form.json`: the application as it stood in the end, and the same for people to read. */
export interface PackageForm {
  form: JsonObject;
  attachments: string[];
  readable: ReadableField[];
}

/** `manifest.json`: every other file but `manifest.sha256`. */
export interface PackageManifest {
  format: typeof PACKAGE_FORMAT;
  algorithm: 'SHA-256';
  files: { path: string; size: number; sha256: string }[];
}

/** JSON as packages hold it: two spaces, keys in the order in which they were written down. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** One line of `events.jsonl`: the event with both hashes, canonical (RFC 8785). */
export function eventLine(matterId: string, event: MatterEvent, previousHash: string, hash: string): string {
  const { sequence, at, by, command, type, facts } = event;
  return `${canonicalize({ matterId, sequence, at, by, command, type, facts, previousHash, hash })}\n`;
}

const NAME_BYTES_MAX = 180;

/** Where a file lies in the package: numbered, so that no two collide, under a name that every system can keep. */
export function attachmentPath(number: number, name: string): string {
  // Marks that file systems refuse or that turn the reading direction.
  const clean = name
    .normalize('NFC')
    .replaceAll(/[\p{C}\u2028\u2029]/gu, '')
    .replaceAll(/[<>:"/\\|?*]/g, '_')
    // Windows drops dots and spaces at the end of a name.
    .replaceAll(/[. ]+$/g, '');
  const dot = clean.lastIndexOf('.');
  const ending = dot > 0 && clean.length - dot <= 12 ? clean.slice(dot) : '';
  let stem = clean.slice(0, clean.length - ending.length).replaceAll(/^[. ]+|[. ]+$/g, '');
  while (Buffer.byteLength(stem) > NAME_BYTES_MAX) stem = [...stem].slice(0, -1).join('');
  return `attachments/${String(number).padStart(3, '0')}-${stem === '' ? '未命名' : stem}${ending}`;
}

/** What may be uploaded: told by content, never by what the sender calls it. */
import { fileTypeFromBuffer } from 'file-type';

/** A kind of file: its media type and the endings it may carry, the usual one first. */
interface FileKind {
  type: string;
  endings: readonly string[];
}

/** Kinds that the content itself tells, by the media type that `file-type` finds. */
const TOLD_BY_CONTENT: readonly FileKind[] = [
  { type: 'application/pdf', endings: ['pdf'] },
  { type: 'image/png', endings: ['png'] },
  { type: 'image/jpeg', endings: ['jpg', 'jpeg'] },
  { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', endings: ['docx'] },
  { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', endings: ['xlsx'] },
  { type: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', endings: ['pptx'] },
];
/** Office documents of before 2007 share one container, so that the ending tells which one it is. */
const COMPOUND = 'application/x-cfb';
const IN_COMPOUND: readonly FileKind[] = [
  { type: 'application/msword', endings: ['doc'] },
  { type: 'application/vnd.ms-excel', endings: ['xls'] },
  { type: 'application/vnd.ms-powerpoint', endings: ['ppt'] },
];
/** 版式文件 GB/T 33190: a zip whose first entry of meaning is OFD.xml. */
const OFD: FileKind = { type: 'application/ofd', endings: ['ofd'] };
/** Plain text has no mark of its own: its ending says what it is, its bytes that it is text. */
const TEXTS: readonly FileKind[] = [
  { type: 'text/plain', endings: ['txt'] },
  { type: 'text/csv', endings: ['csv'] },
];

const NAME_MAX = 200;

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

function withEnding(kinds: readonly FileKind[], ending: string): FileKind | null {
  return kinds.find((kind) => kind.endings.includes(ending)) ?? null;
}

/** The kind of an upload, or null for one that is not taken. */
async function kindOf(name: string, content: Uint8Array): Promise<FileKind | null> {
  const ending = endingOf(name);
  const mime = (await fileTypeFromBuffer(content))?.mime;
  if (mime === undefined) return isText(content) ? withEnding(TEXTS, ending) : null;
  if (mime === COMPOUND) return withEnding(IN_COMPOUND, ending);
  if (mime === 'application/zip') return ending === 'ofd' && Buffer.from(content).includes('OFD.xml') ? OFD : null;
  return TOLD_BY_CONTENT.find((kind) => kind.type === mime) ?? null;
}

function isText(content: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a text of people holds no other control characters than these.
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text);
  } catch {
    return false;
  }
}

/**
 * A name that is safe to keep, to list and to save under: no folders, no control characters nor marks that turn the reading
 * direction (they can hide an ending), at most 200 characters, and the ending of its kind.
 */
function safeName(name: string, kind: FileKind): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = [...last.normalize('NFC').replaceAll(/[\p{C}\u2028\u2029]/gu, '')].join('').trim();
  const usual = kind.endings[0] ?? '';
  const ending = endingOf(clean);
  const fits = kind.endings.includes(ending);
  const stem = (fits ? clean.slice(0, -(ending.length + 1)) : clean).replace(/^\.+/, '').trim();
  const kept = fits ? ending : usual;
  const short = [...stem].slice(0, NAME_MAX - kept.length - 1).join('');
  return `${short === '' ? '未命名' : short}.${kept}`;
}

/** Media type and name under which an upload is kept, or null for one that is not taken. */
export async function acceptUpload(name: string, content: Uint8Array): Promise<{ name: string; type: string } | null> {
  const kind = await kindOf(name, content);
  return kind === null ? null : { name: safeName(name, kind), type: kind.type };
}

/** The header that makes a browser save a file under its own name, RFC 6266 with the encoding of RFC 8187. */
export function attachmentHeader(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

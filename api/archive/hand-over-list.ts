/** The hand-over list 移交清单 of a unit and year: its lines, their hash, and the list as a page and as a workbook. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { type CatalogueRow, wholeListOfUnit } from '../../db/archive.ts';
import { canonicalize } from '../../db/canonical.ts';
import type { Database } from '../../db/client.ts';
import { schoolDate, type WorkingCalendar } from '../../definitions/language/calendar.ts';
import { RETENTION_NAMES } from '../../workflows/machine/supervision/archive.ts';
import { escapeHtml } from '../../workflows/machine/telling/sheet-page.ts';
import { type Cell, cellOf } from '../documents/xlsx/cells.ts';
import { workbookStream } from '../documents/xlsx/workbook.ts';
import { handOverLineSchema } from '../schemas/archive.ts';

/** A line of the list. */
export type HandOverLine = z.infer<typeof handOverLineSchema>;

/** Whose list of which year, and who reads it: what they are kept out of is not in it. */
export interface HandOverOf {
  year: number;
  unit: { id: string; name: string };
  reader: string;
  /** Only what the archive has not taken yet. */
  outstanding: boolean;
}

// The schema of a line is an object of fields, each with its title.
const KEYS = Object.keys(handOverLineSchema.shape) as (keyof HandOverLine)[];
const TITLES = KEYS.map((key) => handOverLineSchema.shape[key].meta()?.title ?? key);

/** A line of the list from one of the catalogue. @param number its place, from 1. */
export function lineOf(
  { entry, pieces, paper, electronic, takenAt, finding }: CatalogueRow,
  number: number,
  calendar: WorkingCalendar,
): HandOverLine {
  return {
    number,
    no: entry.no,
    title: entry.title,
    class: entry.class,
    retention: RETENTION_NAMES[entry.retention],
    pieces,
    date: schoolDate(calendar, entry.archivedAt),
    paper: paper === null ? '' : '√',
    electronic: electronic === null ? '' : '√',
    taken: takenAt === null ? '' : schoolDate(calendar, new Date(takenAt).toISOString()),
    finding: finding === null ? '' : `不准确:${finding}`,
  };
}

/** Every line of a list, in order. */
export async function* linesOf(
  db: Database,
  { unit, ...of }: HandOverOf,
  calendar: WorkingCalendar,
): AsyncGenerator<HandOverLine> {
  let number = 0;
  for await (const row of wholeListOfUnit(db, { ...of, unit: unit.id })) {
    number += 1;
    yield lineOf(row, number, calendar);
  }
}

/** SHA-256 over the lines in canonical JSON (RFC 8785), one a line. */
export async function hashOfList(lines: AsyncIterable<HandOverLine>): Promise<{ count: number; hash: string }> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const line of lines) {
    hash.update(`${canonicalize(line)}\n`);
    count += 1;
  }
  return { count, hash: hash.digest('hex') };
}

/** What the list is called. */
export function listTitle({ year, unit }: Pick<HandOverOf, 'year' | 'unit'>): string {
  return `${unit.name}${year}年档案移交清单`;
}

const ROWS_AT_ONCE = 500;

async function* pagesOf(lines: AsyncIterable<HandOverLine>, calendar: WorkingCalendar): AsyncGenerator<Cell[][]> {
  let page: Cell[][] = [];
  for await (const line of lines) {
    page.push(KEYS.map((key) => cellOf(line[key], calendar)));
    if (page.length < ROWS_AT_ONCE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** The list as a workbook. */
export function listWorkbook(of: HandOverOf, lines: AsyncIterable<HandOverLine>, calendar: WorkingCalendar): Readable {
  const columns = KEYS.map((key, at) => ({ title: TITLES[at] ?? key, total: key === 'pieces' }));
  return workbookStream([{ name: `${of.year}年移交清单`, columns, pages: pagesOf(lines, calendar) }]);
}

const STYLE = `@page { size: A4 landscape; margin: 15mm } body { font: 11pt/1.5 "FangSong", "STFangsong", serif }
h1 { font: 700 16pt "SimHei", sans-serif; text-align: center } table { border-collapse: collapse; width: 100% }
th, td { border: 0.3mm solid #000; padding: 1mm 2mm; overflow-wrap: anywhere } thead { display: table-header-group }
tr { break-inside: avoid } .sign { display: flex; justify-content: space-around; margin-top: 12mm }`;

/** The list as a page to be printed and signed, piece by piece. */
export async function* listPage(of: HandOverOf, lines: AsyncIterable<HandOverLine>): AsyncGenerator<string> {
  const title = escapeHtml(listTitle(of));
  yield `<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>\n`;
  yield `<body><h1>${title}</h1><table><thead><tr>${TITLES.map((one) => `<th>${escapeHtml(one)}</th>`).join('')}</tr></thead><tbody>\n`;
  let count = 0;
  for await (const line of lines) {
    count += 1;
    yield `<tr>${KEYS.map((key) => `<td>${escapeHtml(String(line[key]))}</td>`).join('')}</tr>\n`;
  }
  yield `</tbody></table><p>共${count}件</p><div class="sign"><span>移交人:</span><span>接收人:</span><span>日期:</span></div></body></html>\n`;
}

/** One Excel sheet as XML (ECMA-376, SpreadsheetML), made piece by piece as it is read. */
import { addExactly, type Cell, LOOKS, type Look, widthFor } from './cells.ts';

/** Rows of a sheet in Excel. */
const EXCEL_ROWS = 1_048_576;
/** Rows that a sheet takes beside its header and its sums. */
export const SHEET_ROWS_MAX = EXCEL_ROWS - 2;

/** A column of a sheet. */
export interface SheetColumn {
  title: string;
  /** Whether its numbers are added up below. */
  total?: boolean;
}

/** A sheet: header, and rows that come page by page. */
export interface Sheet {
  name: string;
  columns: readonly SheetColumn[];
  pages: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>;
}

/** What XML cannot hold: control characters, halves of surrogate pairs, and the two last of the plane. */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]|\p{Surrogate}/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XML holds it. */
export function xmlText(text: string): string {
  return text.replaceAll(FORBIDDEN, '').replaceAll(/[&<>"]/g, (one) => ESCAPES[one] ?? one);
}

/** A text within a cell: Excel reads `_x0041_` as the letter A unless its first mark is written so itself. */
function cellText(text: string): string {
  return xmlText(text.replaceAll(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_'));
}

/** The letters of a column, 0 for A. */
export function lettersOf(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : lettersOf(Math.floor(at / 26) - 1) + lettersOf(at % 26);
}

function cellXml({ value, look }: Cell, column: number, row: number): string {
  const head = `<c r="${lettersOf(column)}${row}" s="${LOOKS.indexOf(look)}"`;
  if (value === null) return '';
  if (typeof value === 'string') return `${head} t="inlineStr"><is><t xml:space="preserve">${cellText(value)}</t></is></c>`;
  return Number.isFinite(value) ? `${head}><v>${value}</v></c>` : '';
}

function rowXml(cells: readonly Cell[], row: number, attributes = ''): string {
  return `<row r="${row}"${attributes}>${cells.map((cell, at) => cellXml(cell, at, row)).join('')}</row>`;
}

function headOf(columns: readonly SheetColumn[], first: readonly (readonly Cell[])[]): string {
  const header = columns.map(({ title }) => ({ value: title, look: 'header' as Look }));
  const widths = columns.map((_, at) =>
    widthFor([header[at], ...first.map((line) => line[at])].filter((one) => one !== undefined)),
  );
  const cols = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`).join('');
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    '<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>',
    `<cols>${cols}</cols><sheetData>${rowXml(header, 1, ' ht="24" customHeight="1"')}`,
  ].join('');
}

function sumsXml(columns: readonly SheetColumn[], sums: readonly number[], last: number): string {
  const row = last + 1;
  const cells = columns.map(({ total }, at) => {
    if (total !== true) return at === 0 ? cellXml({ value: '合计', look: 'label' }, 0, row) : '';
    const letters = lettersOf(at);
    // 109 leaves out rows that a filter hides.
    const formula = `SUBTOTAL(109,${letters}2:${letters}${last})`;
    return `<c r="${letters}${row}" s="${LOOKS.indexOf('sum')}"><f>${formula}</f><v>${sums[at] ?? 0}</v></c>`;
  });
  return `<row r="${row}">${cells.join('')}</row>`;
}

/**
 * The sheet in pieces, one a page: frozen header, filter, sums below. The next page is asked for when the piece before was taken.
 * @throws Error when there are more rows than a sheet takes.
 */
export async function* sheetXml({ name, columns, pages }: Sheet): AsyncGenerator<string> {
  const sums = columns.map(() => 0);
  let rows = 0;
  let head = true;
  for await (const page of pages) {
    if (rows + page.length > SHEET_ROWS_MAX) throw new Error(`Sheet ${name} has more than ${SHEET_ROWS_MAX} rows: ask for fewer`);
    const lines = page.map((cells, at) => {
      for (const [column, { value }] of cells.entries()) {
        if (typeof value === 'number') sums[column] = addExactly(sums[column] ?? 0, value);
      }
      return rowXml(cells, rows + at + 2);
    });
    yield (head ? headOf(columns, page) : '') + lines.join('');
    head = false;
    rows += page.length;
  }
  const last = rows + 1;
  const summed = rows > 0 && columns.some((column) => column.total === true);
  yield [
    head ? headOf(columns, []) : '',
    summed ? sumsXml(columns, sums, last) : '',
    `</sheetData><autoFilter ref="A1:${lettersOf(columns.length - 1)}${last}"/>`,
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>',
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>',
  ].join('');
}

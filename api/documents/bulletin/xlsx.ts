/** A bulletin as a workbook: 总表, 各单位, 超期清单 always, and a sheet for each other list that has rows. */
import type { Readable } from 'node:stream';
import { cellOf } from '../xlsx/cells.ts';
import { workbookStream } from '../xlsx/workbook.ts';
import { type BulletinDocument, tablesOf } from './parts.ts';

/** The workbook, to be read. */
export function bulletinWorkbook(document: BulletinDocument): Readable {
  return workbookStream(
    tablesOf(document).map(({ name, columns, rows }) => ({
      name,
      columns: columns.map(({ title }) => ({ title })),
      pages: [rows.map((row) => row.map((value) => cellOf(value, document.calendar)))],
    })),
  );
}

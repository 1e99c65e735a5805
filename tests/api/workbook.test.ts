/** Goal: a register becomes a workbook that opens in Excel, holds what people expect, and waits for a slow reader. */
import { buffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { addExactly, type Cell, cellOf, widthFor } from '../../api/documents/xlsx/cells.ts';
import { lettersOf, type SheetColumn } from '../../api/documents/xlsx/sheet.ts';
import { sheetName, workbookStream } from '../../api/documents/xlsx/workbook.ts';
import type { Json } from '../../definitions/language/json.ts';
import { demoCalendar } from '../support/school.ts';

const columns: SheetColumn[] = [{ title: '编号' }, { title: '办结时间' }, { title: '份数', total: true }];

const lines = (rows: readonly Json[][]): Cell[][] => rows.map((row) => row.map((value) => cellOf(value, demoCalendar)));

async function bookOf(pages: readonly Json[][][]): Promise<ExcelJS.Worksheet> {
  const bytes = await buffer(workbookStream([{ name: '用印', columns, pages: pages.map(lines) }]));
  const book = new ExcelJS.Workbook();
  // The library's type of a buffer is an older one.
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  const [first] = book.worksheets;
  if (first === undefined) throw new Error('The workbook has no sheet');
  return first;
}

describe('a cell', () => {
  test.each<[Json, unknown, string]>([
    ['2026-10-31', 46_326, 'day'],
    ['2026-02-30', '2026-02-30', 'text'],
    ['0026-02-03', '0026-02-03', 'text'],
    [12.5, 12.5, 'number'],
    [true, '是', 'text'],
    [null, null, 'text'],
    [['甲', '乙'], '甲、乙', 'text'],
    ['YYSQ-2026-0001', 'YYSQ-2026-0001', 'text'],
  ])('for %j shows %j', (value, shown, look) => {
    expect(cellOf(value, demoCalendar)).toEqual({ value: shown, look });
  });

  test('holds no more than Excel takes', () => {
    expect(String(cellOf('长'.repeat(40_000), demoCalendar).value)).toHaveLength(32_767);
  });
});

test.each(['=1+1', '+86 138', '-5 元', '@SUM(A1)', '=HYPERLINK("http://a.example","看")'])(
  '%s is a text and no formula',
  async (text) => {
    const cell = (await bookOf([[[text, null, 1]]])).getCell('A2');
    expect(cell.value).toBe(text);
    expect(cell.formula).toBeUndefined();
    // Edited by hand it stays a text.
    expect(cell.numFmt).toBe('@');
  },
);

test('a sheet has a frozen header in Chinese, a filter, and sums that a filter narrows', async () => {
  const sheet = await bookOf([
    [
      ['YYSQ-2026-0001', '2026-10-09T16:00:00.000Z', 2],
      ['YYSQ-2026-0002', '2026-10-31', 0.1],
    ],
    [['YYSQ-2026-0003', null, 0.2]],
  ]);
  expect(sheet.name).toBe('用印');
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet.getRow(1).values).toEqual([undefined, '编号', '办结时间', '份数']);
  // The type of the library forgets that it reads back the range as text.
  expect(sheet.autoFilter as unknown).toBe('A1:C4');
  // Excel's clock has no zone: it shows what the UTC fields say.
  expect(sheet.getCell('B2').value).toEqual(new Date('2026-10-10T00:00:00Z'));
  expect(sheet.getCell('B2').numFmt).toMatch(/hh:mm/);
  expect(sheet.getCell('B3').value).toEqual(new Date('2026-10-31T00:00:00Z'));
  expect(sheet.getCell('A5').value).toBe('合计');
  expect(sheet.getCell('C5').value).toEqual({ formula: 'SUBTOTAL(109,C2:C4)', result: 2.3 });
});

test('a register without rows is a sheet with its header', async () => {
  const sheet = await bookOf([[]]);
  expect(sheet.rowCount).toBe(1);
  expect(sheet.getCell('A1').value).toBe('编号');
});

test('characters that XML forbids do not break the file', async () => {
  const sheet = await bookOf([[['a\u0001b\ufffe<&">_x0041_\n二', null, 1]]]);
  // Excel writes `_x005F_` for a mark that would else begin a character's number; the library shows it as it stands.
  expect(sheet.getCell('A2').value).toBe('ab<&">_x005F_x0041_\n二');
});

test('names and widths fit Excel', () => {
  expect(sheetName('合同审查/签订[试行]')).toBe('合同审查签订试行');
  expect(sheetName('很'.repeat(40))).toHaveLength(31);
  expect(widthFor([cellOf('编号', demoCalendar), cellOf('YYSQ-2026-0001', demoCalendar)])).toBe(16);
  expect(widthFor([cellOf('字'.repeat(100), demoCalendar)])).toBe(50);
  expect([0, 25, 26, 51, 52, 701, 702].map(lettersOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  expect(addExactly(0.1, 0.2)).toBe(0.3);
});

/** Pages of rows that hardly compress, counted as they are asked for. */
function counted(pages: number): { asked: () => number; closed: () => boolean; rows: AsyncGenerator<Cell[][]> } {
  let asked = 0;
  let closed = false;
  async function* rows(): AsyncGenerator<Cell[][]> {
    try {
      for (; asked < pages; asked += 1) {
        const seed = asked * 7_919;
        yield lines(Array.from({ length: 200 }, (_, at) => [noise(seed + at), null, at]));
      }
    } finally {
      closed = true;
    }
  }
  return { asked: () => asked, closed: () => closed, rows: rows() };
}

function noise(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 200 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(0x4e00 + (state % 20_000));
  }).join('');
}

describe('a reader', () => {
  test('who does not read makes the pages wait, and gets them all in the end', async () => {
    const { asked, rows } = counted(100);
    const book = workbookStream([{ name: '用印', columns, pages: rows }]);
    // It stands still once every buffer on the way is full.
    for (let before = -1, same = 0; same < 200; before = asked()) {
      same = asked() === before ? same + 1 : 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked()).toBeLessThan(6);
    const bytes = await buffer(book);
    expect(asked()).toBe(100);
    expect(bytes.length).toBeGreaterThan(1_000_000);
  });

  test('who goes in mid-stream ends the pages', async () => {
    const { asked, closed, rows } = counted(1_000);
    const book = workbookStream([{ name: '用印', columns, pages: rows }]);
    book.on('data', () => {
      if (asked() >= 3) book.destroy();
    });
    await expect.poll(closed).toBe(true);
    expect(asked()).toBeLessThan(20);
  });

  test('hears of a fault while rows are read: the file breaks off and does not end as if it were whole', async () => {
    async function* failing(): AsyncGenerator<Cell[][]> {
      yield lines([['一', null, 1]]);
      throw new Error('the database went away');
    }
    await expect(buffer(workbookStream([{ name: '用印', columns, pages: failing() }]))).rejects.toThrow('the database went away');
  });
});

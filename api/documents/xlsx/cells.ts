/** Cells of Excel sheets: values as people expect them. */
import { schoolTime, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import { DAY_MS, dayOf, isRealDay } from '../../../definitions/language/civil-date.ts';
import type { Json } from '../../../definitions/language/json.ts';

/** Looks of cells, in the order of the style sheet. A `text` stays text when somebody edits its cell, whatever it begins with. */
export const LOOKS = ['plain', 'header', 'text', 'number', 'day', 'minute', 'label', 'sum'] as const;
/** One of {@link LOOKS}. */
export type Look = (typeof LOOKS)[number];

/** What a cell holds and how it looks. Days and minutes are numbers too: days since 1899-12-30, as Excel counts. */
export interface Cell {
  value: string | number | null;
  look: Look;
}

/** Characters that a cell takes in Excel. */
const CELL_MAX = 32_767;
/** The day number of Excel's day 0; its own days before 1 March 1900 are wrong by one. */
const EXCEL_EPOCH = dayOf('1899-12-30');
const EXCEL_FIRST = dayOf('1900-03-01');
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

function text(value: string): Cell {
  return { value: value.length <= CELL_MAX ? value : `${value.slice(0, CELL_MAX - 1)}…`, look: 'text' };
}

/** A cell for a value: instants become the school's date and time, days become dates, lists are joined; a text is always a text. */
export function cellOf(value: Json, calendar: WorkingCalendar): Cell {
  if (value === null) return { value: null, look: 'text' };
  if (typeof value === 'number') return { value, look: 'number' };
  if (typeof value === 'boolean') return text(value ? '是' : '否');
  if (Array.isArray(value)) return text(value.map(wordOf).join('、'));
  if (typeof value === 'object') return text(JSON.stringify(value));
  if (INSTANT.test(value)) return minuteCell(value, calendar);
  // Looked at first, since an error for each text that is no day would take most of an export's time.
  return DAY.test(value) && isRealDay(value) && dayOf(value) >= EXCEL_FIRST
    ? { value: dayOf(value) - EXCEL_EPOCH, look: 'day' }
    : text(value);
}

function minuteCell(instant: string, calendar: WorkingCalendar): Cell {
  const [date = '', time = ''] = schoolTime(calendar, instant).split(' ');
  if (dayOf(date) < EXCEL_FIRST) return text(`${date} ${time}`);
  const minutes = Date.parse(`1970-01-01T${time}:00Z`) / DAY_MS;
  return { value: dayOf(date) - EXCEL_EPOCH + minutes, look: 'minute' };
}

function wordOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** How much room a cell wants, in characters of Latin width; Chinese ones count twice. */
function roomFor({ value, look }: Cell): number {
  if (look === 'day') return 10;
  if (look === 'minute') return 16;
  return value === null ? 0 : [...String(value)].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0);
}

/** The width of a column by the cells that it shows first. */
export function widthFor(cells: readonly Cell[]): number {
  return Math.min(Math.max(...cells.map(roomFor), 6) + 2, 50);
}

/** Adds amounts of at most four decimals without the errors of binary fractions. */
export function addExactly(sum: number, value: number): number {
  return Math.round((sum + value) * 10_000) / 10_000;
}

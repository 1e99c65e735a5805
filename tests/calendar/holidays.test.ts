/** The package's data against the official notices, written out by hand, and against the package's own functions. */
import { isWorkday } from 'chinese-days';
import { describe, expect, test } from 'vitest';
import { publishedHolidays } from '../../db/holidays.ts';
import { isWorkingDay } from '../../definitions/language/calendar.ts';
import { calendarOf, datesBetween, days2026, WORKING_WEEKENDS_2026 } from './support.ts';

const { years, days } = publishedHolidays();
const calendar = { ...calendarOf(), publishedYears: years, days };

function workingDaysOf(year: number): string[] {
  return datesBetween(`${year}-01-01`, `${year}-12-31`).filter((date) => isWorkingDay(calendar, date));
}

test('the published years are 2024 to 2026', () => {
  expect(years).toEqual([2024, 2025, 2026]);
  expect(Object.keys(days).every((date) => years.includes(Number(date.slice(0, 4))))).toBe(true);
});

describe('2026 is as the notice has it (domain D6)', () => {
  const of2026 = Object.fromEntries(Object.entries(days).filter(([date]) => date.startsWith('2026')));

  test('every day off and every working weekend, by name', () => {
    const withoutSource = (list: typeof days) =>
      Object.fromEntries(Object.entries(list).map(([date, { kind, name }]) => [date, { kind, name }]));
    expect(withoutSource(of2026)).toEqual(withoutSource(days2026()));
  });

  test('the working weekends are these six', () => {
    const work = Object.keys(of2026).filter((date) => of2026[date]?.kind === 'work');
    expect(work).toEqual(WORKING_WEEKENDS_2026.map(([, date]) => date));
  });

  test('each day names its notice', () => {
    expect(days['2026-02-14']?.source).toMatch(/^国务院办公厅关于2026年部分节假日安排的通知\(据 chinese-days \d+\.\d+\.\d+\)$/);
  });
});

test.each([
  [2024, 251, ['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12']],
  [2025, 248, ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11']],
  [2026, 248, ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']],
])('%i has %i working days', (year, count, weekends) => {
  const working = workingDaysOf(year);
  expect(working).toHaveLength(count);
  expect(working.filter((date) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()))).toEqual(weekends);
});

test("the package's own isWorkday agrees on every day it covers", () => {
  const dates = datesBetween('2024-01-01', '2026-12-31');
  expect(dates.filter((date) => isWorkday(date) !== isWorkingDay(calendar, date))).toEqual([]);
});

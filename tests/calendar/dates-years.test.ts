import { expect, test } from 'vitest';
import { publishedHolidays } from '../../db/holidays.ts';
import { isWorkingDay, reckonDue } from '../../definitions/language/calendar.ts';
import { COUNTED_ACROSS_YEARS, threeYears } from './dates-years.ts';
import { at, calendarOf, datesBetween } from './support.ts';

test.each(COUNTED_ACROSS_YEARS)('$limit from $from end at $due ($count)', ({ from, limit, due, provisional }) => {
  const reckoned = reckonDue(threeYears(), at(from), limit);
  expect({ dueAt: reckoned.dueAt, provisional: reckoned.provisional }).toEqual({ dueAt: at(due), provisional });
});

test('what the school is seeded with has the same working days in every day of 2024 to 2026', () => {
  const { years, days } = publishedHolidays();
  const seeded = calendarOf({}, { days, publishedYears: years });
  const byHand = threeYears();
  const differing = datesBetween('2024-01-01', '2026-12-31').filter(
    (date) => isWorkingDay(seeded, date) !== isWorkingDay(byHand, date),
  );
  expect(differing).toEqual([]);
});

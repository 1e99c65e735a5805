/** D13: how far ahead an application must come. */
import { expect, test } from 'vitest';
import type { Notice } from '../../definitions/language/calendar.ts';
import { latestNotice } from '../../definitions/language/calendar.ts';
import { at, calendarOf } from './support.ts';

const calendar = calendarOf();

test.each<[string, Notice, string]>([
  ['2026-10-08 09:00', '1 workday', '2026-09-30 17:30'],
  ['2026-10-08 09:00', '3 workdays', '2026-09-28 17:30'],
  ['2026-10-08 23:00', '1 workday', '2026-09-30 17:30'],
  ['2026-10-12 09:00', '2 workdays', '2026-10-09 17:30'], // Saturday the 10th is at work
  ['2026-10-04 09:00', '1 workday', '2026-09-30 17:30'], // use on a day off
  ['2026-02-24 09:00', '2 workdays', '2026-02-13 17:30'],
])('a car on %s with %s ahead is asked for by %s', (use, notice, latest) => {
  expect(latestNotice(calendar, at(use), notice)).toBe(at(latest));
});

test.each([
  ['2026-03-10 09:00', '2026-03-09 17:30', 'morning: the closing of the working day before'],
  ['2026-03-10 12:00', '2026-03-09 17:30', 'noon still belongs to the morning'],
  ['2026-03-10 14:00', '2026-03-10 12:00', 'afternoon: before noon'],
  ['2026-03-10 19:00', '2026-03-10 12:00', 'evening as afternoon'],
  ['2026-03-09 09:00', '2026-03-06 17:30', 'Monday morning: Friday'],
  ['2026-02-24 09:00', '2026-02-14 17:30', 'the Saturday at work before the holiday'],
  ['2026-02-14 15:00', '2026-02-14 12:00', 'a Saturday at work has a morning'],
  ['2026-03-07 15:00', '2026-03-06 17:30', 'a Saturday off has none'],
])('a room on %s with half a day ahead is asked for by %s (%s)', (use, latest) => {
  expect(latestNotice(calendar, at(use), 'half-day')).toBe(at(latest));
});

test.each([
  [
    [
      { from: '08:00', to: '11:30' },
      { from: '14:30', to: '18:00' },
    ],
    '2026-03-10 11:30',
  ],
  [[{ from: '09:00', to: '17:00' }], '2026-03-10 12:00'],
  [[{ from: '13:00', to: '20:00' }], '2026-03-09 20:00'],
])('half a day follows the office hours %j', (officeHours, latest) => {
  expect(latestNotice(calendarOf({}, { officeHours }), at('2026-03-10 15:00'), 'half-day')).toBe(at(latest));
});

test('a lead time in another unit is refused', () => {
  // @ts-expect-error lead times are in work days
  expect(() => latestNotice(calendar, at('2026-03-10 09:00'), '3 days')).toThrow('Lead time "3 days"');
});

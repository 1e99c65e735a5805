import { describe, expect, test } from 'vitest';
import {
  addDays,
  addWorkingMinutes,
  atSchoolTime,
  closeOfDay,
  isWorkingDay,
  nextWorkingMoment,
  reckonDue,
  schoolDate,
  schoolTime,
  shiftWorkingDays,
  workingMinutesBetween,
} from '../../definitions/language/calendar.ts';
import { at, calendarOf } from './support.ts';

const calendar = calendarOf();

describe('dates and times of the school', () => {
  test('the date changes at the midnight of the school', () => {
    expect(schoolDate(calendar, '2026-02-13T15:59:59.999Z')).toBe('2026-02-13');
    expect(schoolDate(calendar, '2026-02-13T16:00:00Z')).toBe('2026-02-14');
    expect(schoolTime(calendar, '2026-02-13T16:00:00Z')).toBe('2026-02-14 00:00');
    expect(schoolTime(calendar, at('2026-12-31 23:59:59'))).toBe('2026-12-31 23:59');
  });

  test('a time on a date becomes an instant, always written with milliseconds and Z', () => {
    expect(atSchoolTime(calendar, '2026-02-14', '00:30')).toBe('2026-02-13T16:30:00.000Z');
    expect(closeOfDay(calendar, '2026-02-15')).toBe('2026-02-15T09:30:00.000Z');
  });

  test('another offset is another school time', () => {
    const urumqi = calendarOf({}, { offsetMinutes: 360 });
    expect(schoolTime(urumqi, '2026-02-13T17:59:00Z')).toBe('2026-02-13 23:59');
    expect(atSchoolTime(urumqi, '2026-02-14', '10:00')).toBe('2026-02-14T04:00:00.000Z');
  });

  test.each([
    ['2026-02-28', 1, '2026-03-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-12-31', 365, '2027-12-31'],
    ['1969-12-31', 1, '1970-01-01'],
  ])('%s and %i days is %s', (date, n, expected) => {
    expect(addDays(date, n)).toBe(expected);
  });
});

describe('moving by working days', () => {
  test.each([
    ['2026-02-12', 3, '2026-02-24'],
    ['2026-02-24', -1, '2026-02-14'],
    ['2026-02-24', -3, '2026-02-12'],
    ['2026-02-17', 1, '2026-02-24'],
    ['2026-02-17', -1, '2026-02-14'],
    ['2026-02-17', 0, '2026-02-17'],
    ['2026-10-08', -3, '2026-09-28'],
  ])('%s shifted by %i is %s', (date, n, expected) => {
    expect(shiftWorkingDays(calendar, date, n)).toBe(expected);
  });
});

describe('office hours', () => {
  test.each([
    ['2026-03-02 08:29', '2026-03-02 08:30'],
    ['2026-03-02 08:30', '2026-03-02 08:30'],
    ['2026-03-02 11:59:59', '2026-03-02 11:59:59'],
    ['2026-03-02 12:00', '2026-03-02 14:00'],
    ['2026-03-02 17:30', '2026-03-03 08:30'],
    ['2026-03-06 18:00', '2026-03-09 08:30'],
    ['2026-02-14 18:00', '2026-02-24 08:30'],
  ])('the working moment at or after %s is %s', (instant, expected) => {
    expect(nextWorkingMoment(calendar, at(instant))).toBe(at(expected));
  });

  test.each([
    ['2026-03-02 08:30', '2026-03-02 17:30', 420],
    ['2026-03-02 00:00', '2026-03-03 00:00', 420],
    ['2026-03-02 11:00', '2026-03-02 15:00', 120],
    ['2026-03-02 12:10', '2026-03-02 13:50', 0],
    ['2026-03-06 17:00', '2026-03-09 09:00', 60],
    ['2026-02-12 10:00', '2026-02-24 17:30', 1590],
    ['2026-01-01 00:00', '2027-01-01 00:00', 248 * 420],
    ['2026-03-02 09:00', '2026-03-02 09:00:30', 0.5],
    ['2026-03-02 15:00', '2026-03-02 11:00', -120],
  ])('from %s to %s there are %d minutes of them', (a, b, minutes) => {
    expect(workingMinutesBetween(calendar, at(a), at(b))).toBe(minutes);
  });

  test.each([
    ['2026-03-02 08:30', 210, '2026-03-02 12:00'],
    ['2026-03-02 08:30', 211, '2026-03-02 14:01'],
    ['2026-03-02 17:30', 1, '2026-03-03 08:31'],
    ['2026-02-14 17:00', 60, '2026-02-24 09:00'],
    ['2026-03-07 10:00', 0, '2026-03-07 10:00'],
  ])('%s and %i minutes of them is %s', (from, minutes, expected) => {
    expect(addWorkingMinutes(calendar, at(from), minutes)).toBe(at(expected));
  });
});

describe('what cannot be reckoned with is refused by name', () => {
  test.each(['2026-02-30', '2026-13-01', '2026-2-3', '20260203', '2026-02-03T00:00Z', ''])('date "%s"', (date) => {
    expect(() => isWorkingDay(calendar, date)).toThrow(`Invalid date "${date}"`);
  });

  test.each(['2026-02-12T10:00', '2026-02-12', '2026-02-12T25:00Z', '2026-02-30T10:00Z', 'now', ''])(
    'instant "%s"',
    (instant) => {
      expect(() => schoolDate(calendar, instant)).toThrow(/Invalid (instant|date) "/);
    },
  );

  test.each(['24:00', '8:30', '08:60', '08:30:00'])('time "%s"', (time) => {
    expect(() => atSchoolTime(calendar, '2026-03-02', time)).toThrow(`Invalid time "${time}"`);
  });

  test('negative minutes and broken numbers of days', () => {
    expect(() => addWorkingMinutes(calendar, at('2026-03-02 10:00'), -1)).toThrow('-1 working minutes');
    expect(() => addWorkingMinutes(calendar, at('2026-03-02 10:00'), Number.NaN)).toThrow('NaN working minutes');
    expect(() => shiftWorkingDays(calendar, '2026-03-02', 1.5)).toThrow('1.5 working days');
    expect(() => addDays('2026-03-02', 1e9)).toThrow('1000000000 days');
  });

  test.each([
    ['no office hours', { officeHours: [] }],
    ['run backwards', { officeHours: [{ from: '12:00', to: '08:30' }] }],
    [
      'overlap',
      {
        officeHours: [
          { from: '08:30', to: '12:00' },
          { from: '11:00', to: '17:30' },
        ],
      },
    ],
    ['the offset 8.5', { offsetMinutes: 8.5 }],
  ])('a calendar with %s', (message, changes) => {
    expect(() => reckonDue(calendarOf({}, changes), at('2026-03-02 10:00'), '1 workday')).toThrow(message);
  });

  test('a calendar without any working day, instead of counting for ever', () => {
    const always = new Proxy({}, { get: () => ({ kind: 'off', name: '停办', source: '' }) });
    const closed = { ...calendarOf(), days: always };
    expect(() => reckonDue(closed, at('2026-03-02 10:00'), '1 workday')).toThrow('no working day');
    expect(() => addWorkingMinutes(closed, at('2026-03-02 10:00'), 1)).toThrow('over a century');
    expect(() => shiftWorkingDays(closed, '2026-03-02', 1)).toThrow('no working day');
  });
});

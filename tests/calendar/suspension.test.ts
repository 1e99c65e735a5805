/** D10 and D11. March 2026 begins on Sunday the 1st and has no holiday, so the work weeks are 2–6, 9–13, 16–20, 23–27. */
import { describe, expect, test } from 'vitest';
import type { Suspension } from '../../definitions/language/calendar.ts';
import { reckonDue } from '../../definitions/language/calendar.ts';
import type { Duration } from '../../definitions/language/duration.ts';
import { at, calendarOf } from './support.ts';

const calendar = calendarOf();
const MONDAY = '2026-03-02 10:00';

function stop(from: string, to: string | null): Suspension {
  return { from: at(from), to: to === null ? null : at(to) };
}

function dueOf(from: string, limit: Duration, suspensions: Suspension[], extensions: Duration[] = []): string {
  return reckonDue(calendar, at(from), limit, { suspensions, extensions }).dueAt;
}

const WEDNESDAY_TO_TUESDAY = stop('2026-03-04 10:00', '2026-03-10 10:00');

describe('D10: suspended time is not counted', () => {
  test.each<[Duration, string, string]>([
    ['10 workdays', '2026-03-20', 'four work days, 5, 6, 9 and 10 March, are lost'],
    ['15 days', '2026-03-23', 'six days, 5 to 10 March, are lost'],
    ['1 month', '2026-04-08', 'six days after 2 April'],
  ])('%s from Monday are due on %s: %s', (limit, date) => {
    expect(dueOf(MONDAY, limit, [WEDNESDAY_TO_TUESDAY])).toBe(at(`${date} 17:30`));
  });

  test('hours stop and go on to the minute', () => {
    expect(dueOf(MONDAY, '4 workhours', [stop('2026-03-02 11:00', '2026-03-02 15:00')])).toBe(at('2026-03-03 09:00'));
    expect(dueOf(MONDAY, '4 workhours', [stop('2026-03-02 18:00', '2026-03-03 08:00')])).toBe(dueOf(MONDAY, '4 workhours', []));
    expect(
      dueOf(MONDAY, '4 workhours', [stop('2026-03-02 10:20', '2026-03-02 10:30'), stop('2026-03-02 10:40', '2026-03-02 11:00')]),
    ).toBe(at('2026-03-02 16:30'));
  });

  test('a request answered on its own day stops no day', () => {
    expect(dueOf(MONDAY, '10 workdays', [stop('2026-03-04 09:00', '2026-03-04 17:30')])).toBe(dueOf(MONDAY, '10 workdays', []));
  });

  test('an answer after closing time is received on the next working day, which is then not counted', () => {
    // Counted: 3, 4, 12, 13, 16–20, 23 March.
    expect(dueOf(MONDAY, '10 workdays', [stop('2026-03-04 18:00', '2026-03-10 18:00')])).toBe(at('2026-03-23 17:30'));
  });

  test('an answer on a day of rest is received on the next working day', () => {
    // Counted: 3, 4, 10–13, 16–19 March.
    expect(dueOf(MONDAY, '10 workdays', [stop('2026-03-04 10:00', '2026-03-07 10:00')])).toBe(at('2026-03-19 17:30'));
  });

  test('a last day moves past a suspension too', () => {
    // The tenth day would be Saturday 14 March.
    expect(dueOf(MONDAY, '10 days', [stop('2026-03-04 10:00', '2026-03-06 10:00')])).toBe(at('2026-03-16 17:30'));
    // Monday the 16th itself is stopped by a request sent on Sunday.
    const sunday = stop('2026-03-15 10:00', '2026-03-17 10:00');
    expect(dueOf(MONDAY, '10 days', [stop('2026-03-04 10:00', '2026-03-06 10:00'), sunday])).toBe(at('2026-03-18 17:30'));
  });

  test('a last day broken off by a suspension is given back whole', () => {
    expect(dueOf(MONDAY, '2 workdays', [WEDNESDAY_TO_TUESDAY])).toBe(at('2026-03-11 17:30'));
    expect(dueOf(MONDAY, '2 days', [WEDNESDAY_TO_TUESDAY])).toBe(at('2026-03-11 17:30'));
  });

  test('a last day on which the answer comes only as the office closes is given back too', () => {
    expect(dueOf(MONDAY, '2 workdays', [stop('2026-03-04 10:00', '2026-03-04 17:30')])).toBe(at('2026-03-05 17:30'));
    expect(dueOf(MONDAY, '2 workdays', [stop('2026-03-04 10:00', '2026-03-04 17:29')])).toBe(at('2026-03-04 17:30'));
  });

  test('a last day given back is not taken by the next request on it', () => {
    expect(dueOf(MONDAY, '2 workdays', [WEDNESDAY_TO_TUESDAY, stop('2026-03-11 09:00', '2026-03-12 10:00')])).toBe(
      at('2026-03-13 17:30'),
    );
  });

  test('a suspension after the due date changes nothing', () => {
    expect(dueOf(MONDAY, '2 workdays', [stop('2026-03-04 17:30', '2026-03-20 10:00')])).toBe(at('2026-03-04 17:30'));
    expect(dueOf(MONDAY, '4 workhours', [stop('2026-03-02 16:00', '2026-03-20 10:00')])).toBe(at('2026-03-02 16:00'));
  });

  test('overlapping suspensions count once, in whatever order they come', () => {
    const parts = [stop('2026-03-05 09:00', '2026-03-10 10:00'), stop('2026-03-04 10:00', '2026-03-06 10:00')];
    for (const limit of ['10 workdays', '15 days', '1 month', '30 workhours'] as const) {
      expect(dueOf(MONDAY, limit, parts)).toBe(dueOf(MONDAY, limit, [WEDNESDAY_TO_TUESDAY]));
    }
  });

  test('separate suspensions add up', () => {
    // Counted: 3, 4, 6, 9, 12, 13, 16–19 March.
    const two = [stop('2026-03-04 10:00', '2026-03-05 10:00'), stop('2026-03-09 10:00', '2026-03-11 10:00')];
    expect(dueOf(MONDAY, '10 workdays', two)).toBe(at('2026-03-19 17:30'));
  });

  test('days of rest within a suspension are not lost twice', () => {
    // Counted: 10, 11 February, then 26, 27 and Saturday 28 February.
    expect(dueOf('2026-02-09 10:00', '5 workdays', [stop('2026-02-11 10:00', '2026-02-25 10:00')])).toBe(at('2026-02-28 17:30'));
  });

  test('a third party that keeps silent for its 15 work days costs exactly these', () => {
    const asked = '2026-03-04 10:00';
    const silence: Suspension = { from: at(asked), to: dueOf(asked, '15 workdays', []) };
    expect(silence.to).toBe(at('2026-03-25 17:30'));
    expect(dueOf(MONDAY, '20 workdays', [])).toBe(at('2026-03-30 17:30'));
    expect(dueOf(MONDAY, '20 workdays', [silence])).toBe(at('2026-04-21 17:30'));
  });

  test('one still open leaves the due date where it was and says that it will move', () => {
    const due = reckonDue(calendar, at(MONDAY), '10 workdays', { suspensions: [stop('2026-03-04 10:00', null)] });
    expect(due.dueAt).toBe(dueOf(MONDAY, '10 workdays', []));
    expect(due.explanation.at(-1)).toBe('3月4日(周三)10:00起暂停计时,恢复后顺延');
  });

  test('one that ends before it begins is refused', () => {
    expect(() => dueOf(MONDAY, '1 workday', [stop('2026-03-04 10:00', '2026-03-03 10:00')])).toThrow('before it begins');
  });
});

describe('D11: an extension is added after the due date reached', () => {
  test.each<[Duration, string]>([
    ['5 workdays', '2026-03-30 17:30'],
    ['10 days', '2026-04-02 17:30'],
    ['1 month', '2026-04-23 17:30'],
    ['4 workhours', '2026-03-24 14:30'],
  ])('15 work days due on Monday 23 March and %s more end at %s', (extension, due) => {
    expect(dueOf(MONDAY, '15 workdays', [])).toBe(at('2026-03-23 17:30'));
    expect(dueOf(MONDAY, '15 workdays', [], [extension])).toBe(at(due));
  });

  test('the due date is the suspension-adjusted one', () => {
    expect(dueOf(MONDAY, '15 workdays', [WEDNESDAY_TO_TUESDAY])).toBe(at('2026-03-27 17:30'));
    expect(dueOf(MONDAY, '15 workdays', [WEDNESDAY_TO_TUESDAY], ['5 workdays'])).toBe(at('2026-04-03 17:30'));
  });

  test('it is counted from the day that the last day moved to', () => {
    // Ten days end on Saturday 14, hence Monday 16 March; ten more end on the 26th.
    expect(dueOf('2026-03-04 10:00', '10 days', [], ['10 days'])).toBe(at('2026-03-26 17:30'));
  });

  test('several are added in the order given', () => {
    expect(dueOf(MONDAY, '15 workdays', [], ['5 workdays', '10 days'])).toBe(at('2026-04-09 17:30'));
    expect(dueOf(MONDAY, '15 workdays', [], ['10 days', '5 workdays'])).toBe(at('2026-04-10 17:30')); // 4/3, 4/7–10
  });

  test('a suspension during the extension stops it as well', () => {
    // Counted: 24, 25, 30, 31 March, 1 April.
    const later = stop('2026-03-25 10:00', '2026-03-27 10:00');
    expect(dueOf(MONDAY, '15 workdays', [later], ['5 workdays'])).toBe(at('2026-04-01 17:30'));
  });

  test('work days added to a limit in hours begin on the day after it ended', () => {
    expect(dueOf(MONDAY, '4 workhours', [], ['1 workday'])).toBe(at('2026-03-03 17:30'));
  });
});

test('a list of suspensions or extensions beyond reason is refused with its limit', () => {
  const many = Array.from({ length: 1001 }, () => WEDNESDAY_TO_TUESDAY);
  expect(() => dueOf(MONDAY, '1 workday', many)).toThrow('1001 suspensions');
  const extensions = Array.from({ length: 101 }, (): Duration => '1 day');
  expect(() => dueOf(MONDAY, '1 workday', [], extensions)).toThrow('101 extensions');
});

test('a limit pushed past a century is refused instead of counted on', () => {
  const extensions = Array.from({ length: 3 }, (): Duration => '1000 months');
  expect(() => dueOf(MONDAY, '1000 months', [], extensions)).toThrow('over a century');
});

/** The rules of domain.md §3, one by one; the table in dates-2026.ts holds many more dates for D1–D5. */
import { describe, expect, test } from 'vitest';
import type { WorkingCalendar } from '../../definitions/language/calendar.ts';
import { dueFromDate, isWorkingDay, lightAt, nextWorkingMoment, reckonDue } from '../../definitions/language/calendar.ts';
import type { Duration } from '../../definitions/language/duration.ts';
import { at, calendarOf, datesBetween } from './support.ts';

const calendar = calendarOf();

function dueOf(from: string, limit: Duration, of: WorkingCalendar = calendar): string {
  return reckonDue(of, at(from), limit).dueAt;
}

describe('the two worked examples of domain.md §3b', () => {
  test('a mailbox letter passed on Thursday 12 February with 3 work days is due on Tuesday the 24th', () => {
    expect(dueOf('2026-02-12 10:00', '3 workdays')).toBe(at('2026-02-24 17:30'));
  });

  test('a letter of introduction issued on Tuesday 29 September with 5 work days is valid through Monday 12 October', () => {
    expect(dueOf('2026-09-29 10:00', '5 workdays')).toBe(at('2026-10-12 17:30'));
  });
});

describe('D1: the day of the event is not counted', () => {
  test('a day limit ends on the same day whatever the hour of the event in office hours', () => {
    const dues = ['00:00', '08:30', '12:30', '17:30'].map((time) => dueOf(`2026-03-02 ${time}`, '1 workday'));
    expect(new Set(dues)).toEqual(new Set([at('2026-03-03 17:30')]));
  });

  test('a limit in hours runs from the moment itself', () => {
    expect(dueOf('2026-03-02 09:07', '1 workhour')).toBe(at('2026-03-02 10:07'));
  });

  test('a limit in hours does not run over noon or night', () => {
    expect(dueOf('2026-03-02 11:30', '1 workhour')).toBe(at('2026-03-02 14:30'));
    expect(dueOf('2026-03-02 17:00', '1.5 workhours')).toBe(at('2026-03-03 09:30'));
  });
});

test('D2: a limit in months ends on the corresponding date, or on the last day of a shorter month', () => {
  expect(dueOf('2026-07-07 10:00', '1 month')).toBe(at('2026-08-07 17:30'));
  expect(dueOf('2026-03-31 10:00', '1 month')).toBe(at('2026-04-30 17:30'));
  expect(dueOf('2026-03-31 10:00', '2 months')).toBe(at('2026-06-01 17:30')); // 31 May is a Sunday
  expect(dueOf('2026-06-30 10:00', '1 month')).toBe(at('2026-07-30 17:30'));
});

test('D3: the last of calendar days moves off a day of rest, the days between do not matter', () => {
  expect(dueOf('2026-03-02 10:00', '4 days')).toBe(at('2026-03-06 17:30'));
  expect(dueOf('2026-03-02 10:00', '5 days')).toBe(at('2026-03-09 17:30'));
  expect(dueOf('2026-03-02 10:00', '8 days')).toBe(at('2026-03-10 17:30'));
});

describe('D4: days end at the close of office hours', () => {
  test.each<[Duration, string]>([
    ['1 workday', '2026-03-04 17:30'],
    ['1 day', '2026-03-04 17:30'],
    ['1 month', '2026-04-03 17:30'],
    ['1 workhour', '2026-03-03 09:30'],
  ])('an event on Monday after closing counts as Tuesday for %s', (limit, due) => {
    expect(dueOf('2026-03-02 17:31', limit)).toBe(at(due));
    expect(dueOf('2026-03-02 17:31', limit)).toBe(dueOf('2026-03-03 08:00', limit));
  });

  test('closing time is the school setting, not a constant', () => {
    const late = calendarOf({}, { officeHours: [{ from: '09:00', to: '18:00' }] });
    expect(dueOf('2026-03-02 17:45', '1 workday', late)).toBe(at('2026-03-03 18:00'));
  });
});

describe('D5 and D6: working days of 2026', () => {
  test.each([
    [1, 21],
    [2, 16],
    [3, 22],
    [4, 21],
    [5, 19],
    [6, 21],
    [7, 23],
    [8, 21],
    [9, 22],
    [10, 18],
    [11, 21],
    [12, 23],
  ])('month %i has %i of them', (month, expected) => {
    const prefix = `2026-${String(month).padStart(2, '0')}`;
    const dates = datesBetween('2026-01-01', '2026-12-31').filter((date) => date.startsWith(prefix));
    expect(dates.filter((date) => isWorkingDay(calendar, date))).toHaveLength(expected);
  });

  test('a weekend at work and a weekday off are told from their neighbours', () => {
    expect(
      ['2026-02-13', '2026-02-14', '2026-02-15', '2026-02-23', '2026-02-24'].map((date) => isWorkingDay(calendar, date)),
    ).toEqual([true, true, false, false, true]);
  });
});

describe('D7: years without a published arrangement', () => {
  test('they are counted Monday to Friday and the due date says that it is provisional', () => {
    const due = reckonDue(calendar, at('2027-09-30 10:00'), '1 workday');
    expect(due.dueAt).toBe(at('2027-10-01 17:30'));
    expect(due.provisional).toBe(true);
    expect(due.explanation.at(-1)).toBe('2027年放假安排尚未公布,按周一至周五暂算');
  });

  test('the same count is no longer provisional once the year is published', () => {
    const off = Object.fromEntries(
      datesBetween('2027-10-01', '2027-10-07').map(
        (date) => [date, { kind: 'off', name: '国庆节', source: '国办2027' }] as const,
      ),
    );
    const published = calendarOf(off, { publishedYears: [2026, 2027] });
    const due = reckonDue(published, at('2027-09-30 10:00'), '1 workday');
    expect(due.dueAt).toBe(at('2027-10-08 17:30'));
    expect(due.provisional).toBe(false);
  });

  test('a date is read in school time: half past midnight on a working Saturday is that Saturday', () => {
    expect(dueOf('2026-02-14 00:30', '1 workday')).toBe(at('2026-02-24 17:30'));
  });
});

test('D8: the day of receipt is whatever instant the caller names, and fractions of a second or other zones do not matter', () => {
  const due = at('2026-03-03 17:30');
  expect(reckonDue(calendar, '2026-03-02T10:00:00.123456+08:00', '1 workday').dueAt).toBe(due);
  expect(reckonDue(calendar, '2026-03-01T21:00-05:00', '1 workday').dueAt).toBe(due);
  expect(reckonDue(calendar, '2026-03-02T02:00Z', '1 workday').dueAt).toBe(due);
});

test('D9: the period runs afresh from the day the supplement is received', () => {
  expect(dueOf('2026-03-10 10:00', '20 workdays')).toBe(at('2026-04-08 17:30')); // 3/11–13, 16–20, 23–27, 30–4/3, 4/7, 4/8
});

test('D12: while the ball is with the applicant the total clock stands still, and the return starts a step clock of its own', () => {
  const returned = at('2026-03-04 10:00');
  const resubmitted = at('2026-03-10 10:00');
  const total = reckonDue(calendar, at('2026-03-02 10:00'), '10 workdays', {
    suspensions: [{ from: returned, to: resubmitted }],
  });
  const step = reckonDue(calendar, resubmitted, '2 workdays');
  expect([total.dueAt, step.dueAt]).toEqual([at('2026-03-20 17:30'), at('2026-03-12 17:30')]);
});

test('D15: a warning that falls on a closing hour is sent at the next working moment', () => {
  expect(nextWorkingMoment(calendar, at('2026-02-14 17:30'))).toBe(at('2026-02-24 08:30'));
});

test('D16: two work days more for each further unit is a limit of its own', () => {
  const units = 3;
  expect(dueOf('2026-03-02 10:00', `${5 + 2 * (units - 1)} workdays`)).toBe(at('2026-03-13 17:30'));
});

describe('D17: the school lays its own days over the official ones', () => {
  const sports = { kind: 'off', name: '校运动会', source: '校办〔2026〕8号' } as const;
  const makeUp = { kind: 'work', name: '校运动会补班', source: '校办〔2026〕8号' } as const;

  test('a school day off is not counted and a make-up day is', () => {
    const own = calendarOf({ '2026-04-24': sports, '2026-04-25': makeUp });
    const due = reckonDue(own, at('2026-04-23 10:00'), '2 workdays');
    expect(due.dueAt).toBe(at('2026-04-27 17:30'));
    expect(due.explanation).toEqual([
      '4月23日(周四)10:00收到,当日不计',
      '4月24日(周五)校运动会放假,不计',
      '4月25日(周六)校运动会补班上班,第1个工作日',
      '4月26日(周日)周末,不计',
      '4月27日(周一)第2个工作日,17:30截止',
    ]);
  });

  test('a winter vacation stops nothing unless the school lists it', () => {
    const vacation = Object.fromEntries(
      datesBetween('2026-01-19', '2026-02-13').map((date) => [date, { kind: 'off', name: '寒假', source: '校历' }] as const),
    );
    expect(dueOf('2026-01-16 10:00', '1 workday')).toBe(at('2026-01-19 17:30'));
    const due = reckonDue(calendarOf(vacation), at('2026-01-16 10:00'), '1 workday');
    expect(due.dueAt).toBe(at('2026-02-14 17:30'));
    expect(due.explanation).toContain('1月19日—2月13日 寒假,不计');
  });
});

describe('a last day named by a leader', () => {
  test('closes with office hours', () => {
    const due = dueFromDate(calendar, at('2026-03-02 08:30'), '2026-03-06');
    expect(due.dueAt).toBe(at('2026-03-06 17:30'));
    expect(due.yellowAt).toBe(at('2026-03-05 12:00')); // 10.5 of 35 hours are left: Thursday's afternoon and Friday
    expect(due.explanation).toEqual(['指定3月6日(周五)为最后一日,17:30截止']);
  });

  test('stays on a day of rest and says so', () => {
    const due = dueFromDate(calendar, at('2026-09-28 10:00'), '2026-10-02');
    expect(due.dueAt).toBe(at('2026-10-02 17:30'));
    expect(due.explanation[1]).toBe('当日国庆节放假,按指定日期计,不顺延');
    expect(dueFromDate(calendar, at('2026-03-02 10:00'), '2026-03-07').explanation[1]).toBe('当日周末,按指定日期计,不顺延');
  });

  test('already past is due already, with every light on', () => {
    const due = dueFromDate(calendar, at('2026-03-10 10:00'), '2026-03-06');
    expect(due.dueAt).toBe(at('2026-03-06 17:30'));
    expect([due.yellowAt, due.orangeAt]).toEqual([due.dueAt, due.dueAt]);
    expect(lightAt(due, at('2026-03-10 10:00'))).toBe('red');
    expect(due.explanation[1]).toBe('指定日期早于起算时间3月10日(周二)10:00');
  });

  test('in a year not published yet is provisional', () => {
    expect(dueFromDate(calendar, at('2026-12-30 10:00'), '2027-01-08').provisional).toBe(true);
    expect(dueFromDate(calendar, at('2026-12-30 10:00'), '2026-12-31').provisional).toBe(false);
  });
});

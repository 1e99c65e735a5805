import { describe, expect, test } from 'vitest';
import { LIGHTS, lightAt, reckonDue } from '../../definitions/language/calendar.ts';
import { at, calendarOf } from './support.ts';

const calendar = calendarOf();

describe('warnings fall where 30 % and 15 % of the working time are left', () => {
  test('of four hours: 72 and 36 minutes, over noon', () => {
    const due = reckonDue(calendar, at('2026-03-02 08:30'), '4 workhours');
    expect(due.dueAt).toBe(at('2026-03-02 14:30'));
    expect(due.yellowAt).toBe(at('2026-03-02 11:18'));
    expect(due.orangeAt).toBe(at('2026-03-02 11:54'));
  });

  test('of 26.5 hours from Thursday to the Tuesday after Spring Festival: 477 and 238.5 minutes, over the holiday', () => {
    const due = reckonDue(calendar, at('2026-02-12 10:00'), '3 workdays');
    expect(due.yellowAt).toBe(at('2026-02-14 16:33'));
    expect(due.orangeAt).toBe(at('2026-02-24 11:31:30'));
  });

  test('of a limit in calendar days by its working time, not by its days', () => {
    // Mon 2 March 08:30 to Thu 12 March 17:30: 9 days of 7 hours; 18.9 and 9.45 hours are left.
    const due = reckonDue(calendar, at('2026-03-02 08:30'), '10 days');
    expect(due.dueAt).toBe(at('2026-03-12 17:30'));
    expect(due.yellowAt).toBe(at('2026-03-10 10:36')); // Thursday 7, Wednesday 7, Tuesday afternoon 3.5, Tuesday morning 1.4
    expect(due.orangeAt).toBe(at('2026-03-11 15:03')); // Thursday 7, Wednesday 2.45
  });

  test('without the suspended time', () => {
    const suspensions = [{ from: at('2026-03-02 11:00'), to: at('2026-03-02 15:00') }];
    const due = reckonDue(calendar, at('2026-03-02 10:00'), '4 workhours', { suspensions });
    expect(due.dueAt).toBe(at('2026-03-03 09:00'));
    expect(due.yellowAt).toBe(at('2026-03-02 16:48'));
    expect(due.orangeAt).toBe(at('2026-03-02 17:24'));
  });

  test('with the extended time, so that an extension turns the light back', () => {
    const now = at('2026-03-04 17:00');
    const before = reckonDue(calendar, at('2026-03-02 10:00'), '2 workdays');
    const after = reckonDue(calendar, at('2026-03-02 10:00'), '2 workdays', { extensions: ['5 workdays'] });
    expect([lightAt(before, now), lightAt(after, now)]).toEqual(['orange', 'green']);
  });
});

describe('the light of a limit', () => {
  const due = reckonDue(calendar, at('2026-03-02 08:30'), '4 workhours');

  test.each([
    ['2026-03-02 08:30', 'green'],
    ['2026-03-02 11:17:59', 'green'],
    ['2026-03-02 11:18', 'yellow'],
    ['2026-03-02 11:53:59', 'yellow'],
    ['2026-03-02 11:54', 'orange'],
    ['2026-03-02 14:30', 'orange'],
    ['2026-03-02 14:30:01', 'red'],
    ['2027-03-02 14:30', 'red'],
  ])('at %s is %s', (now, light) => {
    expect(lightAt(due, at(now))).toBe(light);
  });

  test('is one of the four listed, most urgent last', () => {
    expect(LIGHTS).toEqual(['green', 'yellow', 'orange', 'red']);
  });
});

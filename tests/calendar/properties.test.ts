/** What must hold for every start, limit and suspension; fast-check prints seed and counterexample when it does not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Suspension } from '../../definitions/language/calendar.ts';
import {
  addWorkingMinutes,
  closeOfDay,
  isWorkingDay,
  latestNotice,
  lightAt,
  nextWorkingMoment,
  reckonDue,
  schoolDate,
  shiftWorkingDays,
  workingMinutesBetween,
} from '../../definitions/language/calendar.ts';
import type { Duration } from '../../definitions/language/duration.ts';
import { calendarOf } from './support.ts';

const calendar = calendarOf();
const FIRST_MS = Date.parse('2025-12-20T00:00:00Z');
const LAST_MS = Date.parse('2027-02-01T00:00:00Z');

/** An instant by the minute, and now and then by the millisecond or exactly at an edge of office hours. */
const instant = fc
  .oneof(
    fc.integer({ min: FIRST_MS / 60_000, max: LAST_MS / 60_000 }).map((minute) => minute * 60_000),
    fc.integer({ min: FIRST_MS, max: LAST_MS }),
    fc
      .tuple(fc.integer({ min: FIRST_MS / 86_400_000, max: LAST_MS / 86_400_000 }), fc.constantFrom(0.5, 4, 6, 9.5, 16))
      .map(([day, hour]) => day * 86_400_000 + hour * 3_600_000),
  )
  .map((ms) => new Date(ms).toISOString());

const unit = fc.constantFrom('workday', 'workhour', 'day', 'month');
const amount = fc.integer({ min: 1, max: 40 });
const pair = fc.tuple(instant, instant).map(([a, b]) => (a <= b ? ([a, b] as const) : ([b, a] as const)));
const suspensions = fc.array(
  pair.map(([from, to]): Suspension => ({ from, to })),
  { maxLength: 4 },
);
const extensions = fc.array(fc.constantFrom<Duration>('1 workday', '15 workdays', '4 workhours', '10 days', '1 month'), {
  maxLength: 3,
});

function limitOf(of: 'workday' | 'workhour' | 'day' | 'month', count: number): Duration {
  // A month limit beyond a year and a half only makes the run slow.
  return of === 'month' ? `${Math.ceil(count / 3)} months` : `${count} ${of}s`;
}

test('a limit is due after it began, and its lights change in order between', () => {
  fc.assert(
    fc.property(instant, unit, amount, suspensions, extensions, (from, of, count, suspensions, extensions) => {
      const due = reckonDue(calendar, from, limitOf(of, count), { suspensions, extensions });
      const order = [from, due.yellowAt, due.orangeAt, due.dueAt];
      expect([...order].sort()).toEqual(order);
      expect(from < due.dueAt).toBe(true);
      expect(lightAt(due, due.dueAt)).not.toBe('red');
    }),
  );
});

test('a later start is never due earlier', () => {
  const units = fc.constantFrom('workday', 'workhour', 'day', 'month');
  fc.assert(
    fc.property(pair, units, amount, suspensions, extensions, ([early, late], of, count, suspensions, extensions) => {
      // A month from 30 January has a day more than one from the 31st, so suspended days may weigh more on the earlier.
      const options = of === 'month' ? { extensions } : { suspensions, extensions };
      const limit = limitOf(of, count);
      expect(reckonDue(calendar, early, limit, options).dueAt <= reckonDue(calendar, late, limit, options).dueAt).toBe(true);
    }),
  );
});

test('a longer limit is never due earlier', () => {
  fc.assert(
    fc.property(instant, unit, amount, amount, suspensions, extensions, (from, of, count, more, suspensions, extensions) => {
      const options = { suspensions, extensions };
      const shorter = reckonDue(calendar, from, limitOf(of, count), options).dueAt;
      expect(shorter <= reckonDue(calendar, from, limitOf(of, count + more), options).dueAt).toBe(true);
    }),
  );
});

test('a further suspension or extension never brings the due date forward', () => {
  fc.assert(
    fc.property(
      instant,
      unit,
      amount,
      suspensions,
      extensions,
      pair,
      (from, of, count, suspensions, extensions, [start, end]) => {
        const limit = limitOf(of, count);
        const before = reckonDue(calendar, from, limit, { suspensions, extensions }).dueAt;
        const stopped = [...suspensions, { from: start, to: end }];
        expect(before <= reckonDue(calendar, from, limit, { suspensions: stopped, extensions }).dueAt).toBe(true);
        expect(before < reckonDue(calendar, from, limit, { suspensions, extensions: [...extensions, '1 workday'] }).dueAt).toBe(
          true,
        );
      },
    ),
  );
});

test('a limit in days is due at the close of a working day outside every suspension', () => {
  fc.assert(
    fc.property(instant, fc.constantFrom('workday', 'day', 'month'), amount, suspensions, (from, of, count, suspensions) => {
      const { dueAt } = reckonDue(calendar, from, limitOf(of, count), { suspensions });
      const date = schoolDate(calendar, dueAt);
      expect(isWorkingDay(calendar, date)).toBe(true);
      expect(dueAt).toBe(closeOfDay(calendar, date));
      expect(suspensions.filter(({ from, to }) => from < dueAt && dueAt <= (to ?? ''))).toEqual([]);
    }),
  );
});

test('a limit in work hours leaves exactly its hours of working time', () => {
  fc.assert(
    fc.property(instant, amount, (from, count) => {
      expect(workingMinutesBetween(calendar, from, reckonDue(calendar, from, `${count} workhours`).dueAt)).toBe(count * 60);
    }),
  );
});

test('an explanation never has more than fifteen lines and ends with a due time', () => {
  fc.assert(
    fc.property(instant, unit, amount, suspensions, extensions, (from, of, count, suspensions, extensions) => {
      const { explanation, provisional } = reckonDue(calendar, from, limitOf(of, count), { suspensions, extensions });
      expect(explanation.length).toBeLessThanOrEqual(15);
      expect(explanation.at(provisional ? -2 : -1)).toMatch(/截止$/);
    }),
  );
});

test('adding working minutes undoes counting them', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 0, max: 20_000 }), (from, minutes) => {
      expect(workingMinutesBetween(calendar, from, addWorkingMinutes(calendar, from, minutes))).toBe(minutes);
    }),
  );
  fc.assert(
    fc.property(pair, ([from, to]) => {
      const working = nextWorkingMoment(calendar, to);
      const minutes = workingMinutesBetween(calendar, from, working);
      // The first instant of office hours is as many minutes away as the closing before it, which is the one given back.
      const back = addWorkingMinutes(calendar, from, minutes);
      expect(workingMinutesBetween(calendar, back, working)).toBe(0);
      expect(back <= working).toBe(true);
    }),
  );
});

test('working minutes add up and turn their sign with their direction', () => {
  fc.assert(
    fc.property(instant, instant, instant, (a, b, c) => {
      const between = (x: string, y: string) => workingMinutesBetween(calendar, x, y);
      expect(between(a, b) + between(b, c)).toBeCloseTo(between(a, c), 6);
      expect(between(a, b) + between(b, a)).toBe(0);
    }),
  );
});

test('moving by working days there and back gives a working day again', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 60 }), (at, n) => {
      const date = schoolDate(calendar, nextWorkingMoment(calendar, at));
      expect(shiftWorkingDays(calendar, shiftWorkingDays(calendar, date, n), -n)).toBe(date);
      expect(shiftWorkingDays(calendar, shiftWorkingDays(calendar, date, -n), n)).toBe(date);
    }),
  );
});

test('an application in time comes before the use, and the longer the notice the earlier', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 20 }), (use, n) => {
      const notice = (days: number) => latestNotice(calendar, use, `${days} workdays`);
      expect(latestNotice(calendar, use, 'half-day') < use).toBe(true);
      expect(notice(1) < use).toBe(true);
      expect(notice(n + 1) < notice(n)).toBe(true);
    }),
  );
});

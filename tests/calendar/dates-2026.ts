/**
 * Limits counted by hand on the printed calendar of 2026 (domain.md D6), none by the code under test: the event in school time,
 * the limit, the due time in school time (a date alone means the close of office hours, 17:30), and why.
 */
import type { Duration } from '../../definitions/language/duration.ts';

export interface CountedByHand {
  from: string;
  limit: Duration;
  due: string;
  count: string;
  provisional: boolean;
}

/** A row as it is written: the event in school time, the limit, the due time or date, the count. */
export type CountedRow = [from: string, limit: Duration, due: string, count: string];

const AROUND_SPRING_FESTIVAL: CountedRow[] = [
  ['2026-01-30 10:00', '20 workdays', '2026-03-05', '2/2–6 are 5, 2/9–14 are 11, 2/24–28 are 16, 3/2–5 are 20'],
  ['2026-02-06 10:00', '10 workdays', '2026-02-27', '2/9–14 are 6, 2/24–27 are 10'],
  ['2026-02-09 09:00', '15 workdays', '2026-03-06', '2/10–14 are 5, 2/24–28 are 10, 3/2–6 are 15'],
  ['2026-02-12 10:00', '1 workday', '2026-02-13', 'Friday'],
  ['2026-02-12 10:00', '2 workdays', '2026-02-14', '2/13, Saturday 2/14 at work'],
  ['2026-02-12 10:00', '3 workdays', '2026-02-24', '2/13, Saturday 2/14 at work, 2/24'],
  ['2026-02-13 10:00', '1 workday', '2026-02-14', 'Saturday at work'],
  ['2026-02-13 16:00', '2 workdays', '2026-02-24', '2/14, 2/24'],
  ['2026-02-13 17:31', '1 workday', '2026-02-24', 'received Saturday 2/14'],
  ['2026-02-14 10:00', '1 workday', '2026-02-24', 'nine days off between'],
  ['2026-02-14 18:00', '1 workday', '2026-02-25', 'received 2/24'],
  ['2026-02-17 10:00', '1 workday', '2026-02-25', 'received 2/24'],
  ['2026-02-23 23:59', '1 workday', '2026-02-25', 'received 2/24'],
  ['2026-02-24 07:00', '1 workday', '2026-02-25', 'before opening is the same day'],
  ['2026-02-26 10:00', '3 workdays', '2026-03-02', '2/27, Saturday 2/28 at work, 3/2'],
  ['2026-02-27 10:00', '2 workdays', '2026-03-02', 'Saturday 2/28 at work, 3/2'],
  ['2026-02-28 10:00', '5 workdays', '2026-03-06', '3/2–6'],
  ['2026-02-04 10:00', '10 days', '2026-02-14', 'a Saturday at work needs no move'],
  ['2026-02-05 10:00', '10 days', '2026-02-24', '2/15 off, moved'],
  ['2026-02-05 10:00', '15 days', '2026-02-24', '2/20 off, moved'],
  ['2026-02-12 10:00', '15 days', '2026-02-27', 'Friday'],
  ['2026-02-13 10:00', '15 days', '2026-02-28', 'a Saturday at work'],
  ['2026-02-14 10:00', '15 days', '2026-03-02', 'Sunday 3/1, moved'],
  ['2026-01-15 10:00', '1 month', '2026-02-24', '2/15 off, moved'],
  ['2026-01-28 10:00', '1 month', '2026-02-28', 'a Saturday at work'],
  ['2026-01-30 10:00', '1 month', '2026-02-28', 'no 2/30: the last of February'],
  ['2026-01-31 10:00', '1 month', '2026-03-02', 'Saturday, so received 2/2'],
  ['2026-02-13 10:00', '4 workhours', '2026-02-13 16:00', 'two before noon, two after'],
  ['2026-02-14 16:00', '4 workhours', '2026-02-24 11:00', 'one and a half, then two and a half'],
  ['2026-02-15 10:00', '7 workhours', '2026-02-24 17:30', 'the first whole day after'],
];

const SPRING_AND_SUMMER: CountedRow[] = [
  ['2026-04-03 10:00', '1 workday', '2026-04-07', 'Qingming 4/4–6'],
  ['2026-04-02 10:00', '3 workdays', '2026-04-08', '4/3, 4/7, 4/8'],
  ['2026-04-30 10:00', '3 workdays', '2026-05-08', '5/6–8'],
  ['2026-04-30 10:00', '5 workdays', '2026-05-11', '5/6–8, Saturday 5/9 at work, 5/11'],
  ['2026-04-24 10:00', '15 days', '2026-05-09', 'a Saturday at work'],
  ['2026-06-17 10:00', '2 workdays', '2026-06-22', '6/18, 6/22'],
];

const AROUND_NATIONAL_DAY: CountedRow[] = [
  ['2026-09-18 10:00', '1 workday', '2026-09-20', 'Sunday at work'],
  ['2026-09-18 10:00', '5 workdays', '2026-09-24', 'Sunday 9/20, 9/21–24'],
  ['2026-09-18 10:00', '6 workdays', '2026-09-28', 'Mid-autumn 9/25–27 between'],
  ['2026-09-21 10:00', '10 workdays', '2026-10-12', '9/22–24, 9/28–30, 10/8, 9, 10, 12'],
  ['2026-09-24 10:00', '3 workdays', '2026-09-30', '9/28–30'],
  ['2026-09-24 10:00', '4 workdays', '2026-10-08', '9/28–30, 10/8'],
  ['2026-09-29 10:00', '5 workdays', '2026-10-12', '9/30, 10/8, 9, Saturday 10/10 at work, 12'],
  ['2026-09-30 17:30', '1 workday', '2026-10-08', 'closing time is in time'],
  ['2026-09-30 17:31', '1 workday', '2026-10-09', 'received 10/8'],
  ['2026-09-15 10:00', '15 days', '2026-09-30', 'Wednesday'],
  ['2026-09-16 10:00', '15 days', '2026-10-08', '10/1 off, moved'],
  ['2026-09-22 10:00', '15 days', '2026-10-08', '10/7 off, moved'],
  ['2026-09-25 10:00', '10 days', '2026-10-08', 'a day off, so received 9/28'],
  ['2026-08-31 10:00', '1 month', '2026-09-30', 'no 9/31'],
  ['2026-09-01 10:00', '1 month', '2026-10-08', '10/1 off, moved'],
  ['2026-09-10 10:00', '1 month', '2026-10-10', 'a Saturday at work'],
  ['2026-09-11 10:00', '1 month', '2026-10-12', 'Sunday 10/11, moved'],
  ['2026-10-09 16:30', '4 workhours', '2026-10-10 11:30', 'one on Friday, three on Saturday at work'],
  ['2026-09-30 14:00', '10 workhours', '2026-10-08 17:00', 'three and a half, then six and a half'],
];

const YEAR_ENDS: CountedRow[] = [
  ['2026-01-01 10:00', '1 workday', '2026-01-05', 'received Sunday 1/4 at work'],
  ['2026-01-04 10:00', '1 workday', '2026-01-05', 'Monday'],
  ['2026-01-04 17:00', '1 workhour', '2026-01-05 09:00', 'half on Sunday at work, half on Monday'],
  ['2026-12-16 10:00', '15 days', '2026-12-31', 'Thursday'],
  ['2026-12-24 10:00', '5 workdays', '2026-12-31', '12/25, 12/28–31'],
  ['2026-12-30 10:00', '1 workday', '2026-12-31', 'touches no other year'],
];

/** Rows that touch a year without a published arrangement, which is counted Monday to Friday. */
const PROVISIONAL: CountedRow[] = [
  ['2025-12-31 10:00', '1 workday', '2026-01-04', 'Sunday at work; 2025 is not in this calendar'],
  ['2025-12-31 10:00', '3 workdays', '2026-01-06', '1/4–6'],
  ['2026-12-17 10:00', '15 days', '2027-01-01', 'a Friday until the notice says otherwise'],
  ['2026-12-31 10:00', '1 workday', '2027-01-01', 'a Friday until the notice says otherwise'],
  ['2026-12-31 10:00', '2 workdays', '2027-01-04', '1/1, 1/4'],
  ['2026-12-31 16:30', '3 workhours', '2027-01-01 10:30', 'one, then two'],
  ['2026-12-31 10:00', '1 month', '2027-02-01', 'Sunday 1/31, moved'],
  ['2026-11-30 10:00', '3 months', '2027-03-01', 'no 2/30; Sunday 2/28, moved'],
  ['2028-01-31 10:00', '1 month', '2028-02-29', 'leap year, a Tuesday'],
];

/** Rows with the time at which office hours close where only a date stands. */
export function rowsOf(list: readonly CountedRow[], provisional: boolean): CountedByHand[] {
  return list.map(([from, limit, due, count]) => ({
    from,
    limit,
    due: due.includes(' ') ? due : `${due} 17:30`,
    count,
    provisional,
  }));
}

/** All rows. */
export const COUNTED_BY_HAND: CountedByHand[] = [
  ...rowsOf([...AROUND_SPRING_FESTIVAL, ...SPRING_AND_SUMMER, ...AROUND_NATIONAL_DAY, ...YEAR_ENDS], false),
  ...rowsOf(PROVISIONAL, true),
];

/**
 * Limits across three years and into one without an arrangement, counted by hand on printed calendars with the State Council's
 * notices (国办发明电〔2023〕7号, 〔2024〕12号, and that of 2025-11-04), none by the code under test. Read as dates-2026.ts.
 */
import type { CalendarDay, WorkingCalendar } from '../../definitions/language/calendar.ts';
import { type CountedByHand, type CountedRow, rowsOf } from './dates-2026.ts';
import { calendarOf, datesBetween, days2026 } from './support.ts';

/** Days off of 2024 and 2025: name, first and last. */
export const OFF_2024_2025: [name: string, first: string, last: string][] = [
  ['元旦', '2024-01-01', '2024-01-01'],
  ['春节', '2024-02-10', '2024-02-17'],
  ['清明', '2024-04-04', '2024-04-06'],
  ['劳动节', '2024-05-01', '2024-05-05'],
  ['端午', '2024-06-10', '2024-06-10'],
  ['中秋', '2024-09-15', '2024-09-17'],
  ['国庆节', '2024-10-01', '2024-10-07'],
  ['元旦', '2025-01-01', '2025-01-01'],
  ['春节', '2025-01-28', '2025-02-04'],
  ['清明', '2025-04-04', '2025-04-06'],
  ['劳动节', '2025-05-01', '2025-05-05'],
  ['端午', '2025-05-31', '2025-06-02'],
  ['国庆节、中秋节', '2025-10-01', '2025-10-08'],
];

/** Working weekends of 2024 and 2025. */
export const WORKING_WEEKENDS_2024_2025: string[] = [
  ...['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12'],
  ...['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
];

/** The days of 2024 to 2026 as the calendar holds them. */
export function daysOfThreeYears(): Record<string, CalendarDay> {
  const days: Record<string, CalendarDay> = {};
  const source = '国办节假日通知';
  for (const [name, first, last] of OFF_2024_2025) {
    for (const date of datesBetween(first, last)) days[date] = { kind: 'off', name, source };
  }
  for (const date of WORKING_WEEKENDS_2024_2025) days[date] = { kind: 'work', name: '调休', source };
  return { ...days, ...days2026() };
}

/** The demo school's calendar, knowing 2024 to 2026. */
export function threeYears(): WorkingCalendar {
  return calendarOf(daysOfThreeYears(), { publishedYears: [2024, 2025, 2026] });
}

const SPRING_FESTIVALS: CountedRow[] = [
  ['2024-02-02 10:00', '1 workday', '2024-02-04', 'Sunday at work'],
  ['2024-02-02 10:00', '3 workdays', '2024-02-06', 'Sunday 2/4 at work, 2/5, 2/6'],
  ['2024-02-08 10:00', '1 workday', '2024-02-09', "New Year's Eve was no day off by the notice of 2024"],
  ['2024-02-08 10:00', '2 workdays', '2024-02-18', '2/9, Sunday 2/18 at work'],
  ['2024-02-09 10:00', '3 workdays', '2024-02-20', 'Sunday 2/18 at work, 2/19, 2/20'],
  ['2024-02-09 17:31', '1 workday', '2024-02-19', 'received Sunday 2/18'],
  ['2024-02-12 10:00', '2 workdays', '2024-02-20', 'received Sunday 2/18'],
  ['2024-02-01 10:00', '15 days', '2024-02-18', '2/16 off, moved to the Sunday at work'],
  ['2024-01-10 10:00', '1 month', '2024-02-18', '2/10 off, moved to the Sunday at work'],
  ['2024-01-29 10:00', '1 month', '2024-02-29', 'leap year'],
  ['2024-01-31 10:00', '1 month', '2024-02-29', 'no 2/31: the last of February'],
  ['2024-02-09 16:00', '4 workhours', '2024-02-18 11:00', 'one and a half, then two and a half on Sunday'],
  ['2024-02-05 10:00', '10 workdays', '2024-02-23', '2/6–9 are 4, Sunday 2/18 is 5, 2/19–23 are 10'],
  ['2025-01-24 10:00', '1 workday', '2025-01-26', 'Sunday at work'],
  ['2025-01-24 10:00', '3 workdays', '2025-02-05', 'Sunday 1/26 at work, 1/27, 2/5'],
  ['2025-01-25 10:00', '1 workday', '2025-01-27', 'Saturday, so received Sunday 1/26'],
  ['2025-01-27 10:00', '4 workdays', '2025-02-08', '2/5–7, Saturday 2/8 at work'],
  ['2025-01-27 10:00', '5 workdays', '2025-02-10', '2/5–8, 2/10'],
  ['2025-01-28 09:00', '1 workday', '2025-02-06', 'received 2/5'],
  ['2025-01-20 10:00', '15 days', '2025-02-05', '2/4 off, moved'],
  ['2025-01-24 10:00', '15 days', '2025-02-08', 'a Saturday at work'],
  ['2025-01-08 10:00', '1 month', '2025-02-08', 'a Saturday at work'],
  ['2025-01-27 16:30', '3 workhours', '2025-02-05 10:30', 'one, then two'],
];

const NATIONAL_DAYS: CountedRow[] = [
  ['2024-09-13 10:00', '1 workday', '2024-09-14', 'Saturday at work'],
  ['2024-09-13 10:00', '2 workdays', '2024-09-18', '9/14, Mid-autumn 9/15–17 between'],
  ['2024-09-27 10:00', '1 workday', '2024-09-29', 'Sunday at work'],
  ['2024-09-27 10:00', '3 workdays', '2024-10-08', 'Sunday 9/29 at work, 9/30, 10/8'],
  ['2024-09-30 10:00', '5 workdays', '2024-10-12', '10/8–11, Saturday 10/12 at work'],
  ['2024-09-30 10:00', '6 workdays', '2024-10-14', 'the Monday after'],
  ['2024-09-30 17:31', '1 workday', '2024-10-09', 'received 10/8'],
  ['2024-09-18 10:00', '15 days', '2024-10-08', '10/3 off, moved'],
  ['2024-09-12 10:00', '1 month', '2024-10-12', 'a Saturday at work'],
  ['2024-09-13 10:00', '1 month', '2024-10-14', 'Sunday 10/13, moved'],
  ['2024-09-30 15:00', '7 workhours', '2024-10-08 15:00', 'two and a half, then four and a half'],
  ['2025-09-26 10:00', '1 workday', '2025-09-28', 'Sunday at work'],
  ['2025-09-26 10:00', '4 workdays', '2025-10-09', 'Sunday 9/28 at work, 9/29, 9/30, 10/9'],
  ['2025-09-30 10:00', '3 workdays', '2025-10-11', '10/9, 10/10, Saturday 10/11 at work'],
  ['2025-09-30 10:00', '4 workdays', '2025-10-13', 'the Monday after'],
  ['2025-09-23 10:00', '15 days', '2025-10-09', '10/8 off, moved'],
  ['2025-09-11 10:00', '1 month', '2025-10-11', 'a Saturday at work'],
  ['2025-09-12 10:00', '1 month', '2025-10-13', 'Sunday 10/12, moved'],
  ['2025-10-05 12:00', '10 workhours', '2025-10-10 11:30', 'from 10/9: seven, then three'],
];

const YEAR_ENDS: CountedRow[] = [
  ['2024-12-30 10:00', '2 workdays', '2025-01-02', '12/31, 1/2'],
  ['2024-12-31 10:00', '3 workdays', '2025-01-06', '1/2, 1/3, 1/6'],
  ['2024-12-31 17:31', '1 workday', '2025-01-03', 'received 1/2'],
  ['2024-12-17 10:00', '15 days', '2025-01-02', '1/1 off, moved'],
  ['2024-12-01 10:00', '1 month', '2025-01-02', 'Sunday, so received 12/2'],
  ['2024-12-31 10:00', '1 month', '2025-02-05', '1/31 in the Spring Festival, moved'],
  ['2025-12-31 10:00', '1 workday', '2026-01-04', 'Sunday at work'],
  ['2025-12-31 10:00', '2 workdays', '2026-01-05', 'Sunday 1/4 at work, 1/5'],
  ['2025-12-31 17:31', '1 workday', '2026-01-05', 'received Sunday 1/4'],
  ['2025-12-17 10:00', '15 days', '2026-01-04', '1/1 off, moved to the Sunday at work'],
  ['2025-12-19 10:00', '15 days', '2026-01-04', 'Saturday 1/3 off, moved to the Sunday at work'],
  ['2025-12-04 10:00', '1 month', '2026-01-04', 'a Sunday at work'],
  ['2025-12-31 16:00', '2 workhours', '2026-01-04 09:00', 'one and a half, then half an hour on Sunday'],
];

/** Without a notice for 2027, Monday to Friday are counted. */
const UNTIL_THE_NOTICE: CountedRow[] = [
  ['2026-12-30 10:00', '2 workdays', '2027-01-01', '12/31 and a Friday'],
  ['2026-12-31 17:31', '1 workday', '2027-01-04', 'received Friday 1/1'],
  ['2027-02-05 10:00', '1 workday', '2027-02-08', 'Monday, though it will be the Spring Festival'],
  ['2027-02-04 10:00', '15 days', '2027-02-19', 'Friday'],
  ['2027-01-29 10:00', '1 month', '2027-03-01', 'no 2/29; Sunday 2/28, moved'],
  ['2027-09-30 10:00', '1 workday', '2027-10-01', 'a Friday, though it will be National Day'],
  ['2027-09-30 10:00', '5 workdays', '2027-10-07', '10/1, 10/4–7'],
  ['2027-12-31 10:00', '1 workday', '2028-01-03', 'Monday'],
];

/** All rows. */
export const COUNTED_ACROSS_YEARS: CountedByHand[] = [
  ...rowsOf([...SPRING_FESTIVALS, ...NATIONAL_DAYS, ...YEAR_ENDS], false),
  ...rowsOf(UNTIL_THE_NOTICE, true),
];

/** A calendar written by hand from the official notice, so that the tests depend on no package's reading of it. */
import type { CalendarDay, WorkingCalendar } from '../../definitions/language/calendar.ts';

/** The arrangement of 2026 as domain.md D6 has it: name, first and last day off. */
export const OFF_2026: [name: string, first: string, last: string][] = [
  ['元旦', '2026-01-01', '2026-01-03'],
  ['春节', '2026-02-15', '2026-02-23'],
  ['清明', '2026-04-04', '2026-04-06'],
  ['劳动节', '2026-05-01', '2026-05-05'],
  ['端午', '2026-06-19', '2026-06-21'],
  ['中秋', '2026-09-25', '2026-09-27'],
  ['国庆节', '2026-10-01', '2026-10-07'],
];

/** The working weekends of 2026 (domain.md D6). */
export const WORKING_WEEKENDS_2026: [name: string, date: string][] = [
  ['元旦调休', '2026-01-04'],
  ['春节调休', '2026-02-14'],
  ['春节调休', '2026-02-28'],
  ['劳动节调休', '2026-05-09'],
  ['国庆节调休', '2026-09-20'],
  ['国庆节调休', '2026-10-10'],
];

/** Every date from first to last, both included, `'YYYY-MM-DD'`. */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = [];
  for (let ms = Date.parse(`${first}T00:00:00Z`); ms <= Date.parse(`${last}T00:00:00Z`); ms += 86_400_000) {
    dates.push(new Date(ms).toISOString().slice(0, 10));
  }
  return dates;
}

/** The days of 2026 as the calendar holds them. */
export function days2026(): Record<string, CalendarDay> {
  const days: Record<string, CalendarDay> = {};
  const source = '国办2026节假日通知';
  for (const [name, first, last] of OFF_2026) {
    for (const date of datesBetween(first, last)) days[date] = { kind: 'off', name, source };
  }
  for (const [name, date] of WORKING_WEEKENDS_2026) days[date] = { kind: 'work', name, source };
  return days;
}

/** The demo school's calendar, knowing 2026 only; `days` are laid over the official ones. */
export function calendarOf(days: Record<string, CalendarDay> = {}, changes: Partial<WorkingCalendar> = {}): WorkingCalendar {
  return {
    version: 1,
    offsetMinutes: 480,
    officeHours: [
      { from: '08:30', to: '12:00' },
      { from: '14:00', to: '17:30' },
    ],
    publishedYears: [2026],
    days: { ...days2026(), ...days },
    ...changes,
  };
}

/** The instant of a time in the school, written `'2026-02-12 10:00'`. */
export function at(time: string): string {
  return new Date(`${time.replace(' ', 'T')}+08:00`).toISOString();
}

/**
 * The school's working time: which days and hours count, and arithmetic on them.
 *
 * Everything is computed from the calendar's own offset, so the answer is the same under any `TZ`.
 */
import { DAY_MS, DAYS_MAX, dateOf, dayOf, instantOf, MINUTE_MS, minuteOf, msOf, weekdayOf } from './civil-date.ts';

/** A day that is not what its weekday says: off on a weekday, or at work on a weekend 调休. Weekend days of a holiday are listed too. */
export interface CalendarDay {
  kind: 'off' | 'work';
  /** What people call it: `春节`, `春节调休`, `校运动会`. */
  name: string;
  /** The notice or school decision it comes from. */
  source: string;
}

/** A school's calendar as plain JSON. It is read in the transaction of a transition and never changed afterwards. */
export interface WorkingCalendar {
  /** Grows with each change, so that a due date can tell which calendar it was reckoned by. */
  version: number;
  /** Minutes that school time is ahead of UTC: 480 for Asia/Shanghai, which has no summer time. */
  offsetMinutes: number;
  /** Office hours of a working day, ascending and apart: `{ from: '08:30', to: '12:00' }`. */
  officeHours: { from: string; to: string }[];
  /** Years whose official arrangement is known. Any other year is reckoned Monday to Friday and called provisional (domain D7). */
  publishedYears: number[];
  /** Exceptions by date `'YYYY-MM-DD'`: the official arrangement with the school's own overrides laid over it (domain D17). */
  days: Record<string, CalendarDay>;
}

/** A stretch of milliseconds, the end not included. */
export interface Span {
  start: number;
  end: number;
}

/** A calendar made ready for counting: its offset and office hours as milliseconds. */
export interface CalendarView {
  calendar: WorkingCalendar;
  offsetMs: number;
  /** Office hours as milliseconds since the day's midnight. */
  windows: Span[];
  closeMs: number;
}

/**
 * Makes a calendar ready for counting. It is cheap enough to be done on each call, so nothing is remembered between calls.
 *
 * @throws {Error} When the office hours are missing, turned round or overlapping, or the offset is no offset.
 */
export function viewOf(calendar: WorkingCalendar): CalendarView {
  if (!Number.isInteger(calendar.offsetMinutes) || Math.abs(calendar.offsetMinutes) > 14 * 60) {
    throw new Error(
      `Calendar ${calendar.version} has the offset ${calendar.offsetMinutes}. Give whole minutes ahead of UTC, such as 480.`,
    );
  }
  const windows = calendar.officeHours.map(({ from, to }) => ({
    start: minuteOf(from) * MINUTE_MS,
    end: minuteOf(to) * MINUTE_MS,
  }));
  let previousEnd = -1;
  for (const window of windows) {
    if (window.start <= previousEnd || window.end <= window.start) {
      throw new Error(
        `Calendar ${calendar.version} has office hours that overlap or run backwards. List them in ascending order.`,
      );
    }
    previousEnd = window.end;
  }
  if (previousEnd < 0) throw new Error(`Calendar ${calendar.version} has no office hours. Give at least one stretch.`);
  return { calendar, offsetMs: calendar.offsetMinutes * MINUTE_MS, windows, closeMs: previousEnd };
}

/** The day number that an instant falls on in school time. */
export function schoolDayOf(view: CalendarView, ms: number): number {
  return Math.floor((ms + view.offsetMs) / DAY_MS);
}

/** The instant at which a day begins in school time. */
export function midnightOf(view: CalendarView, day: number): number {
  return day * DAY_MS - view.offsetMs;
}

/** The instant at which office hours close on a day, working or not. */
export function closeOf(view: CalendarView, day: number): number {
  return midnightOf(view, day) + view.closeMs;
}

/** Whether a day number is a working day: Monday to Friday unless the calendar says otherwise (domain D5). */
export function isWorking(view: CalendarView, day: number): boolean {
  const exception = view.calendar.days[dateOf(day)];
  if (exception !== undefined) return exception.kind === 'work';
  const weekday = weekdayOf(day);
  return weekday >= 1 && weekday <= 5;
}

/**
 * The nearest working day after (`step` 1) or before (`step` -1) a day that also passes `admits`.
 *
 * @throws {Error} When there is none within a century: the calendar has no working days.
 */
export function nearestWorking(
  view: CalendarView,
  day: number,
  step: 1 | -1,
  admits: (day: number) => boolean = () => true,
): number {
  for (let distance = 1; distance <= DAYS_MAX; distance += 1) {
    const candidate = day + step * distance;
    if (isWorking(view, candidate) && admits(candidate)) return candidate;
  }
  throw new Error(`Calendar ${view.calendar.version} has no working day near ${dateOf(day)}. Check its days.`);
}

/** The parts of a stretch outside the stops, which are ascending and apart. */
function* withoutStops(span: Span, stops: readonly Span[]): Generator<Span> {
  let start = span.start;
  for (const stop of stops) {
    if (stop.end <= start) continue;
    if (stop.start >= span.end) break;
    if (stop.start > start) yield { start, end: stop.start };
    start = stop.end;
  }
  if (start < span.end) yield { start, end: span.end };
}

/**
 * The stretches of working time from an instant on, in order, without the stops.
 *
 * @throws {Error} When the reader asks on past a century.
 */
export function* workingSpans(view: CalendarView, from: number, stops: readonly Span[] = []): Generator<Span> {
  const first = schoolDayOf(view, from);
  for (let day = first; day <= first + DAYS_MAX; day += 1) {
    if (!isWorking(view, day)) continue;
    const midnight = midnightOf(view, day);
    for (const window of view.windows) {
      const start = Math.max(midnight + window.start, from);
      const end = midnight + window.end;
      if (start >= end) continue;
      if (stops.length === 0) yield { start, end };
      else yield* withoutStops({ start, end }, stops);
    }
  }
  throw new Error(`Counting working time from ${instantOf(from)} ran over a century. Check calendar ${view.calendar.version}.`);
}

/** The working milliseconds from `a` to `b`, without the stops; 0 when `b` is not after `a`. */
export function workingMsBetween(view: CalendarView, a: number, b: number, stops: readonly Span[] = []): number {
  if (b <= a) return 0;
  let total = 0;
  for (const span of workingSpans(view, a, stops)) {
    if (span.start >= b) break;
    total += Math.min(span.end, b) - span.start;
    if (span.end >= b) break;
  }
  return total;
}

/** The first instant by which `ms` of working time have run since `from`, without the stops; `from` itself for 0. */
export function addWorkingMs(view: CalendarView, from: number, ms: number, stops: readonly Span[] = []): number {
  if (ms <= 0) return from;
  let left = ms;
  for (const span of workingSpans(view, from, stops)) {
    if (left <= span.end - span.start) return span.start + left;
    left -= span.end - span.start;
  }
  throw new Error('unreachable: workingSpans ends by throwing');
}

/** Whether a date is a working day of the school. Throws on an invalid date. */
export function isWorkingDay(calendar: WorkingCalendar, date: string): boolean {
  return isWorking(viewOf(calendar), dayOf(date));
}

/** The school's date of an instant, `'YYYY-MM-DD'`. */
export function schoolDate(calendar: WorkingCalendar, instant: string): string {
  return dateOf(schoolDayOf(viewOf(calendar), msOf(instant)));
}

/** The school's date and time of an instant, `'YYYY-MM-DD HH:mm'`. */
export function schoolTime(calendar: WorkingCalendar, instant: string): string {
  return instantOf(msOf(instant) + viewOf(calendar).offsetMs)
    .slice(0, 16)
    .replace('T', ' ');
}

/** The instant of a time of day on a date of the school. */
export function atSchoolTime(calendar: WorkingCalendar, date: string, time: string): string {
  return instantOf(midnightOf(viewOf(calendar), dayOf(date)) + minuteOf(time) * MINUTE_MS);
}

/** The instant at which office hours close on a date, be it a working day or not. */
export function closeOfDay(calendar: WorkingCalendar, date: string): string {
  return instantOf(closeOf(viewOf(calendar), dayOf(date)));
}

/**
 * The n-th working day after a date, or before it when `n` is negative; the date itself is not counted, and for 0 it is
 * given back as it is.
 */
export function shiftWorkingDays(calendar: WorkingCalendar, date: string, n: number): string {
  if (!Number.isInteger(n) || Math.abs(n) > DAYS_MAX) {
    throw new Error(`Cannot shift ${date} by ${n} working days. Give a whole number within ${DAYS_MAX} days.`);
  }
  const view = viewOf(calendar);
  let day = dayOf(date);
  for (let counted = 0; counted < Math.abs(n); counted += 1) day = nearestWorking(view, day, n > 0 ? 1 : -1);
  return dateOf(day);
}

/** The instant itself when it lies in office hours (their last instant not included), else the next opening. */
export function nextWorkingMoment(calendar: WorkingCalendar, instant: string): string {
  const view = viewOf(calendar);
  for (const span of workingSpans(view, msOf(instant))) return instantOf(span.start);
  throw new Error('unreachable: workingSpans ends by throwing');
}

/** The first moment of a working day's office hours at or after an instant: when what can wait is told, once a day. */
export function nextMorning(calendar: WorkingCalendar, instant: string): string {
  const view = viewOf(calendar);
  const at = msOf(instant);
  const opening = (day: number): number => midnightOf(view, day) + (view.windows[0]?.start ?? 0);
  let day = schoolDayOf(view, at);
  if (!isWorking(view, day) || opening(day) < at) day = nearestWorking(view, day, 1);
  return instantOf(opening(day));
}

/** The minutes of office hours from `a` to `b`, parts of a minute as fractions; negative when `b` is before `a`. */
export function workingMinutesBetween(calendar: WorkingCalendar, a: string, b: string): number {
  const view = viewOf(calendar);
  const start = msOf(a);
  const end = msOf(b);
  return (end >= start ? workingMsBetween(view, start, end) : -workingMsBetween(view, end, start)) / MINUTE_MS;
}

/**
 * The first instant by which that many minutes of office hours have run since `from`: a whole morning ends at noon, not
 * when the afternoon opens. `from` itself for 0, wherever it lies.
 *
 * @throws {Error} When `minutes` is negative or no number.
 */
export function addWorkingMinutes(calendar: WorkingCalendar, from: string, minutes: number): string {
  if (!Number.isFinite(minutes) || minutes < 0) {
    throw new Error(`Cannot add ${minutes} working minutes to ${from}. Give 0 or more.`);
  }
  return instantOf(addWorkingMs(viewOf(calendar), msOf(from), Math.round(minutes * MINUTE_MS)));
}

/**
 * Counting a time limit day by day. What each unit means stands in due.ts; this is how it is counted, with a mark for every day
 * passed, so that the answer can explain itself.
 */
import { addMonthsToDay, DAYS_MAX, dateOf, HOUR_MS, instantOf } from './civil-date.ts';
import type { ParsedDuration } from './duration.ts';
import type { CalendarView, Span } from './working-time.ts';
import { closeOf, isWorking, nearestWorking, schoolDayOf, workingSpans } from './working-time.ts';

/** What became of a day: counted, a day of rest, stopped by a suspension, or passed over because the last day moves on. */
export type MarkKind = 'counted' | 'rest' | 'stopped' | 'carried';

/** One day of a count. `ms` is the working time used on it, for limits in work hours; else 0. */
export interface Mark {
  day: number;
  kind: MarkKind;
  ms: number;
}

/** One limit counted out: the original limit, or an extension after it. */
export interface Stage {
  limit: ParsedDuration;
  /** The day before the first counted one; for work hours the day on which the clock starts. */
  startDay: number;
  /** Calendar days that a limit in months came to; else its amount. */
  total: number;
  /** Every day after `startDay` (for work hours, with it) up to the end, in order. */
  marks: Mark[];
  endMs: number;
}

/** A suspension seen by days: the days after the one it began on, up to the one on which its end is received. */
interface StoppedDays {
  after: number;
  through: number;
}

/** The day on which an event counts as received: its own, or the next working day when it comes after closing or on a day off (D4). */
export function receivedOn(view: CalendarView, ms: number): number {
  const day = schoolDayOf(view, ms);
  return isWorking(view, day) && ms <= closeOf(view, day) ? day : nearestWorking(view, day, 1);
}

/** Counts a limit from an event at an instant. `stops` are ascending and apart. */
export function countFromEvent(view: CalendarView, limit: ParsedDuration, from: number, stops: readonly Span[]): Stage {
  return limit.unit === 'workhour' ? countHours(view, limit, from, stops) : countDays(view, limit, receivedOn(view, from), stops);
}

/** Counts an extension from a due date, whose day is not counted again (D11). */
export function countFromDue(view: CalendarView, limit: ParsedDuration, due: number, stops: readonly Span[]): Stage {
  return limit.unit === 'workhour' ? countHours(view, limit, due, stops) : countDays(view, limit, schoolDayOf(view, due), stops);
}

function countDays(view: CalendarView, limit: ParsedDuration, startDay: number, stops: readonly Span[]): Stage {
  const stopped = stops.map(
    (stop): StoppedDays => ({ after: schoolDayOf(view, stop.start), through: receivedOn(view, stop.end) }),
  );
  const isStopped = (day: number) => stopped.some(({ after, through }) => day > after && day <= through);
  const total = limit.unit === 'month' ? addMonthsToDay(startDay, limit.amount) - startDay : limit.amount;
  const marks: Mark[] = [];
  let day = startDay;
  for (let counted = 0; counted < total; ) {
    day += 1;
    guard(view, startDay, day);
    const kind = isStopped(day) ? 'stopped' : limit.unit !== 'workday' || isWorking(view, day) ? 'counted' : 'rest';
    if (kind === 'counted') counted += 1;
    marks.push({ day, kind, ms: 0 });
  }
  const standsStill = (close: number) => stops.some((stop) => stop.start < close && close <= stop.end);
  while (!isWorking(view, day) || isStopped(day) || standsStill(closeOf(view, day))) {
    day += 1;
    guard(view, startDay, day);
    marks.push({ day, kind: isWorking(view, day) || isStopped(day) ? 'stopped' : 'carried', ms: 0 });
  }
  return { limit, startDay, total, marks, endMs: closeOf(view, day) };
}

function countHours(view: CalendarView, limit: ParsedDuration, from: number, stops: readonly Span[]): Stage {
  const startDay = schoolDayOf(view, from);
  const used = new Map<number, number>();
  let left = limit.amount * HOUR_MS;
  let endMs = from;
  for (const span of workingSpans(view, from, stops)) {
    const ms = Math.min(left, span.end - span.start);
    const day = schoolDayOf(view, span.start);
    used.set(day, (used.get(day) ?? 0) + ms);
    left -= ms;
    endMs = span.start + ms;
    if (left === 0) break;
  }
  const marks: Mark[] = [];
  for (let day = startDay; day <= schoolDayOf(view, endMs); day += 1) {
    const ms = used.get(day) ?? 0;
    marks.push({ day, kind: ms > 0 ? 'counted' : isWorking(view, day) && day > startDay ? 'stopped' : 'rest', ms });
  }
  return { limit, startDay, total: limit.amount, marks, endMs };
}

function guard(view: CalendarView, startDay: number, day: number): void {
  if (day - startDay > DAYS_MAX) {
    throw new Error(
      `The limit counted from ${dateOf(startDay)} ran over a century. Check the days of calendar ${view.calendar.version}.`,
    );
  }
}

/**
 * Suspensions as stretches, ascending and apart. One that is still open is left out: its end is not known.
 *
 * @throws {Error} When one ends before it begins.
 */
export function stopsOf(suspensions: readonly { start: number; end: number | null }[]): Span[] {
  const closed: Span[] = [];
  for (const { start, end } of suspensions) {
    if (end === null) continue;
    if (end < start) {
      throw new Error(
        `Suspension from ${instantOf(start)} ends at ${instantOf(end)}, before it begins. Exchange or correct its ends.`,
      );
    }
    closed.push({ start, end });
  }
  closed.sort((a, b) => a.start - b.start);
  const merged: Span[] = [];
  for (const span of closed) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

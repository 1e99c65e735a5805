/**
 * Due dates: what a time limit means on the school's calendar (domain.md §3, D1–D17).
 *
 * How each unit counts. *Received* is the day of the event, or the next working day when the event comes after closing time
 * or on a day off (D4); closing time itself is still in time.
 *
 * | unit | begins | ends |
 * |---|---|---|
 * | workhour | at the instant itself (D1, 民法典 art. 201 II); outside office hours nothing runs, so the next opening | to the minute |
 * | workday | the day received is not counted (D1) | close of office hours on the n-th working day after it |
 * | day | the same | n-th calendar day after it, moved to the next working day (D3), at close of office hours (D4) |
 * | month | the same | corresponding date, or the month's last day (D2); then as for days |
 *
 * Suspended time is not counted, and what was left is neither lost nor begun anew (D10):
 * - work hours stop and go on to the minute;
 * - days stop after the day of the request and go on after the day on which the answer is received, the span
 *   (day sent, day answered]: the day sent is used up, the day answered is the day of an event and so not counted (D1, D4). A
 *   request answered on its own day stops nothing. Work days lose the working days of that span, days its calendar days;
 * - a limit in months is first turned into the calendar days up to its corresponding date, then treated as days;
 * - a last day on which the clock stands still at closing time has not ended: it moves to the next counted working day.
 *
 * An extension is counted by the same rules from the due date so reached, that day not counted (D11).
 */
import { dateOf, dayOf, instantOf, MINUTE_MS, msOf } from './civil-date.ts';
import type { Stage } from './due-count.ts';
import { countFromDue, countFromEvent, stopsOf } from './due-count.ts';
import { explainDate, explainLimit } from './due-explanation.ts';
import type { Duration } from './duration.ts';
import { parseDuration } from './duration.ts';
import type { CalendarView, Span, WorkingCalendar } from './working-time.ts';
import { closeOf, isWorking, midnightOf, nearestWorking, schoolDayOf, viewOf, workingSpans } from './working-time.ts';

/** A stretch in which the clock stood still, as instants; `to` is null while it still does. */
export interface Suspension {
  from: string;
  to: string | null;
}

/** A due date that can explain itself. Instants are UTC with `Z`; `yellowAt` ≤ `orangeAt` ≤ `dueAt`. */
export interface Due {
  dueAt: string;
  /** From here on at most 30 % of the working time between start and due is left (domain D15, design.md §6). */
  yellowAt: string;
  /** From here on at most 15 % of it is left. */
  orangeAt: string;
  /** Whether the count touches a year whose official arrangement is not out yet: reckon again when it is (domain D7). */
  provisional: boolean;
  /** How it was counted, in Chinese, some fifteen lines at most. */
  explanation: string[];
}

/** The lights of a limit, in order of urgency: 正常、黄牌、橙牌、红牌. */
export const LIGHTS = ['green', 'yellow', 'orange', 'red'] as const;
/** A light of {@link LIGHTS}. */
export type Light = (typeof LIGHTS)[number];

/** Percent of the working time left at which a light changes (domain D15). */
const YELLOW_LEFT_PERCENT = 30;
const ORANGE_LEFT_PERCENT = 15;

/** The lead time of an application before the day of use (domain D13). */
export type Notice = `${number} workdays` | `${number} workday` | 'half-day';

const NOON_MS = 12 * 60 * MINUTE_MS;
/** Far above any real matter; a longer list is a mistake of the caller. */
const SUSPENSIONS_MAX = 1000;
const EXTENSIONS_MAX = 100;

/**
 * The due date of a limit that began with an event; the rules of each unit stand at the head of this file.
 *
 * A suspension still open has no end to count with: the due date is then the one that would hold if the clock went on at once,
 * and the explanation says that it will move.
 *
 * @param from the instant of the event
 * @param limit the time allowed
 * @param options `suspensions` in any order, overlapping or not; `extensions` in the order in which they were granted
 * @throws {Error} On an invalid instant, duration or calendar, on a suspension that ends before it begins, and on more than 1000
 *   suspensions or 100 extensions.
 */
export function reckonDue(
  calendar: WorkingCalendar,
  from: string,
  limit: Duration,
  options: { suspensions?: readonly Suspension[]; extensions?: readonly Duration[] } = {},
): Due {
  refuseTooMany('suspensions', options.suspensions, SUSPENSIONS_MAX);
  refuseTooMany('extensions', options.extensions, EXTENSIONS_MAX);
  const view = viewOf(calendar);
  const start = msOf(from);
  const suspensions = (options.suspensions ?? []).map(({ from, to }) => ({
    start: msOf(from),
    end: to === null ? null : msOf(to),
  }));
  const stops = stopsOf(suspensions);
  const first = countFromEvent(view, parseDuration(limit), start, stops);
  const stages: Stage[] = [first];
  let end = first.endMs;
  for (const extension of options.extensions ?? []) {
    const stage = countFromDue(view, parseDuration(extension), end, stops);
    stages.push(stage);
    end = stage.endMs;
  }
  const unpublished = unpublishedYears(view, start, end);
  const stillFrom = suspensions.filter((suspension) => suspension.end === null).map((suspension) => suspension.start);
  return {
    ...warnings(view, start, end, stops),
    dueAt: instantOf(end),
    provisional: unpublished.length > 0,
    explanation: explainLimit(view, { start, stages, stops, stillFrom, unpublished }),
  };
}

/**
 * The due date when somebody names the last day, such as a leader in an instruction. It closes with office hours on that day even
 * when it is no working day: the leader chose it. A day already past gives a due date already past.
 *
 * @param from the instant from which the warnings are reckoned
 * @param date the last day, `'YYYY-MM-DD'`
 */
export function dueFromDate(calendar: WorkingCalendar, from: string, date: string): Due {
  const view = viewOf(calendar);
  const start = msOf(from);
  const day = dayOf(date);
  const end = closeOf(view, day);
  const unpublished = unpublishedYears(view, start, end);
  return {
    ...warnings(view, start, end, []),
    dueAt: instantOf(end),
    provisional: unpublished.length > 0,
    explanation: explainDate(view, { start, day, end, unpublished }),
  };
}

function refuseTooMany(what: string, list: readonly unknown[] | undefined, most: number): void {
  if (list !== undefined && list.length > most) throw new Error(`A limit has ${list.length} ${what}. Give at most ${most}.`);
}

/** When the lights change: the first instants by which only so much of the working time from start to due is left. */
function warnings(view: CalendarView, start: number, end: number, stops: readonly Span[]): Pick<Due, 'yellowAt' | 'orangeAt'> {
  const spans: Span[] = [];
  let total = 0;
  if (start < end) {
    for (const span of workingSpans(view, start, stops)) {
      if (span.start >= end) break;
      const clipped = { start: span.start, end: Math.min(span.end, end) };
      spans.push(clipped);
      total += clipped.end - clipped.start;
    }
  }
  const whenLeft = (percent: number): string => {
    let used = Math.ceil((total * (100 - percent)) / 100);
    if (used === 0) return instantOf(Math.min(start, end));
    for (const span of spans) {
      if (used <= span.end - span.start) return instantOf(span.start + used);
      used -= span.end - span.start;
    }
    return instantOf(end);
  };
  return { yellowAt: whenLeft(YELLOW_LEFT_PERCENT), orangeAt: whenLeft(ORANGE_LEFT_PERCENT) };
}

/**
 * The years from an instant to another whose arrangement is not published, ascending. A notice now and then also moves a weekend at
 * the end of the year before it; those few days are not called provisional on that account.
 */
function unpublishedYears(view: CalendarView, start: number, end: number): number[] {
  const yearOf = (ms: number) => Number(dateOf(schoolDayOf(view, ms)).slice(0, 4));
  const years: number[] = [];
  for (let year = yearOf(Math.min(start, end)); year <= yearOf(end); year += 1) {
    if (!view.calendar.publishedYears.includes(year)) years.push(year);
  }
  return years;
}

/** The light of a limit at an instant. The due instant itself is still in time; after it the light is red. */
export function lightAt(due: Pick<Due, 'dueAt' | 'yellowAt' | 'orangeAt'>, now: string): Light {
  const at = msOf(now);
  if (at > msOf(due.dueAt)) return 'red';
  if (at >= msOf(due.orangeAt)) return 'orange';
  return at >= msOf(due.yellowAt) ? 'yellow' : 'green';
}

/**
 * The last instant at which an application with a lead time is in time (domain D13).
 *
 * N work days are counted backwards from the day of use, that day excluded, and end with that day's office hours. Half a day
 * means: for use up to noon, the closing of the working day before; for use in the afternoon, noon of the same day, or the end of
 * its morning office hours when they end earlier. A day of use that is off has no office hours, so there too it is the closing
 * of the working day before.
 *
 * @param useAt the instant from which the thing is wanted
 * @throws {Error} When the notice is in another unit.
 */
export function latestNotice(calendar: WorkingCalendar, useAt: string, notice: Notice): string {
  const view = viewOf(calendar);
  const use = msOf(useAt);
  const useDay = schoolDayOf(view, use);
  if (notice === 'half-day') {
    const morning = view.windows.filter((window) => window.start < NOON_MS).at(-1);
    const afternoonUse = use - midnightOf(view, useDay) > NOON_MS;
    if (afternoonUse && morning !== undefined && isWorking(view, useDay)) {
      return instantOf(midnightOf(view, useDay) + Math.min(morning.end, NOON_MS));
    }
    return instantOf(closeOf(view, nearestWorking(view, useDay, -1)));
  }
  const { amount, unit } = parseDuration(notice);
  if (unit !== 'workday') throw new Error(`Lead time "${notice}" is not in work days. Give "N workdays" or "half-day".`);
  let day = useDay;
  for (let counted = 0; counted < amount; counted += 1) day = nearestWorking(view, day, -1);
  return instantOf(closeOf(view, day));
}

/**
 * How late something is. One rule for views, lists and rights: a matter's clock reads the end of one that has ended, the beginning
 * of the stretch in which it stands still, and else now. Its SQL twin stands in `db/matters.ts` and is tested against this.
 */
import { type Light, lightAt, type WorkingCalendar, workingMinutesBetween } from '../../../definitions/language/calendar.ts';
import type { Matter, Task } from '../state.ts';
import { UNAWAITED_STEPS } from '../words.ts';
import { openSuspension } from './clock.ts';

const HOUR_MS = 3_600_000;

/** What tells whether a matter is late: its due date, and where its clock stands. */
export interface Lateness {
  dueAt: string;
  endedAt: string | null;
  /** Since when its clock stands still, or null while it runs. */
  suspendedSince: string | null;
}

/** {@link Lateness} of a matter. */
export function latenessOf(matter: Matter): Lateness {
  return {
    dueAt: matter.due.dueAt,
    endedAt: matter.ending?.at ?? null,
    suspendedSince: openSuspension(matter)?.from ?? null,
  };
}

/** The instant that a matter's own clock reads. */
export function clockReads({ endedAt, suspendedSince }: Omit<Lateness, 'dueAt'>, now: string): string {
  return endedAt ?? suspendedSince ?? now;
}

/** Whether a matter is late by its own limit, or was when it ended. */
export function isLate(matter: Lateness, now: string): boolean {
  return matter.dueAt < clockReads(matter, now);
}

/** The light of a matter by its own limit. */
export function lightOf(matter: Lateness & { yellowAt: string; orangeAt: string }, now: string): Light {
  return lightAt(matter, clockReads(matter, now));
}

/** Since when an open task and its matter are overdue: the earlier of the two limits, the matter's where it is late by it. */
export function overdueSince({ task, matter }: { task: { dueAt: string }; matter: Lateness }, now: string): string {
  return isLate(matter, now) && matter.dueAt < task.dueAt ? matter.dueAt : task.dueAt;
}

/**
 * From when a matter's own limit counts as overrun: its due date while its clock runs, or once it was late when the clock stopped
 * or the matter ended; null else. `isLate` at any moment from then on; kept in a column, so that what is overdue can be listed.
 */
export function overdueFrom(matter: Lateness): string | null {
  const { dueAt, endedAt, suspendedSince } = matter;
  const running = endedAt === null && suspendedSince === null;
  return running || isLate(matter, dueAt) ? dueAt : null;
}

/** From when an open task, or its matter, counts as overdue; null for what nobody waits for. The same as {@link overdueSince}. */
export function taskOverdueFrom(task: Pick<Task, 'step' | 'due'>, matterFrom: string | null): string | null {
  if (UNAWAITED_STEPS.some((side) => side === task.step)) return null;
  return matterFrom !== null && matterFrom < task.due.dueAt ? matterFrom : task.due.dueAt;
}

/** By how much a limit was overrun: in hours by the clock, to one decimal, and in whole minutes of office hours. */
export function overdueBy(
  calendar: WorkingCalendar,
  since: string,
  now: string,
): { overdueHours: number; overdueWorkMinutes: number } {
  return {
    overdueHours: Math.round(((Date.parse(now) - Date.parse(since)) / HOUR_MS) * 10) / 10,
    overdueWorkMinutes: Math.floor(workingMinutesBetween(calendar, since, now)),
  };
}

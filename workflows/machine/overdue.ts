/** How late something is. A matter whose clock stands still is not late by its own limit; the task that stops it may be by its. */
import { type WorkingCalendar, workingMinutesBetween } from '../../definitions/language/calendar.ts';
import type { Status } from './words.ts';

const HOUR_MS = 3_600_000;

/** Since when an open task and its matter are overdue: the earlier of the two limits that run. */
export function overdueSince({ task, matter }: { task: { dueAt: string }; matter: { dueAt: string; status: Status } }): string {
  return matter.status !== 'suspended' && matter.dueAt < task.dueAt ? matter.dueAt : task.dueAt;
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

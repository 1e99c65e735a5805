/** The calendar has changed: every open due date, and the end of every wait, is reckoned again from its own beginning, and says why where it moves. */

import { moveWait } from '../flow/waits.ts';
import type { Matter, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { dueOf, matterDue } from './clock.ts';
import { changeMatterDue, changeVisitDue, sameDue } from './due-change.ts';
import { nextReportAt } from './report.ts';

/**
 * Reckons all due dates again by the present calendar; suspensions stay, and so do days that were named or granted.
 * @param because the reason in Chinese, such as `2027年放假通知已公布`.
 */
export function refreshCalendar(t: Transition, because: string): void {
  const due = matterDue(t, t.matter.limit);
  if (!sameDue(due, t.matter.due)) changeMatterDue(t, t.matter.limit, due, because);
  for (const visit of openVisits(t.matter)) {
    const again = dueOf(visit.limit, visit.countedFrom, t.world);
    if (!sameDue(again, visit.due)) changeVisitDue(t, visit, visit.limit, again, because);
    else if (reportMoved(t, visit)) changeVisitDue(t, visit, visit.limit, visit.due, because);
  }
  for (const key of Object.keys(t.matter.waits).sort()) {
    const wait = t.matter.waits[key];
    if (wait !== undefined) moveWait(t, wait, because);
  }
}

/** Open visits in a stable order: the database keeps the keys of a record in an order of its own. */
function openVisits(matter: Matter): Visit[] {
  const open = Object.values(matter.visits).filter((visit) => visit.status === 'open');
  return open.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function reportMoved(t: Transition, visit: Visit): boolean {
  const alarm = t.matter.alarms[`${visit.key}:report`];
  if (alarm === undefined || alarm.at <= t.now) return false;
  return nextReportAt(t, visit, visit.reports.expected, visit.due.dueAt) !== alarm.at;
}

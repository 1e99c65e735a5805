/** What the clock brings: warnings, due dates, requests for feedback. One timer a matter; its alarms stand in the state. */
import { contextAt } from './context.ts';
import { dueOf, limitValue } from './flow.ts';
import type { Refusal } from './refusals.ts';
import type { Alarm, Matter } from './state.ts';
import type { Transition } from './transition.ts';
import { parseKey, placeOf } from './tree.ts';

/** When the matter next wants to be woken, UTC, or null when nothing waits. */
export function nextWakeup(matter: Matter): string | null {
  let earliest: string | null = null;
  for (const alarm of Object.values(matter.alarms)) if (earliest === null || alarm.at < earliest) earliest = alarm.at;
  return earliest;
}

/** Rings every alarm that is due, earliest first. Too early a tick makes no event. */
export function decideTick(t: Transition): Refusal | null {
  const due = Object.entries(t.matter.alarms)
    .filter(([, alarm]) => alarm.at <= t.now)
    .sort(([a, x], [b, y]) => (x.at === y.at ? (a < b ? -1 : 1) : x.at < y.at ? -1 : 1));
  for (const [id, alarm] of due) {
    // An alarm may have been taken away by what an earlier one brought.
    if (t.matter.phase === 'open' && t.matter.alarms[id] !== undefined) ring(t, id, alarm);
  }
  return null;
}

function ring(t: Transition, id: string, alarm: Alarm): void {
  const visit = alarm.visit === null ? undefined : t.matter.visits[alarm.visit];
  t.emit('AlarmRang', { alarm: id, kind: alarm.kind, visit: alarm.visit, about: visit?.name ?? '办件总时限' });
  if (alarm.kind === 'report' && visit !== undefined) requestReport(t, visit.key);
}

function requestReport(t: Transition, key: string): void {
  const visit = t.matter.visits[key];
  if (visit === undefined) return;
  if (visit.reports.count < visit.reports.expected) t.emit('ReportMissed', { visit: key, number: visit.reports.expected });
  const place = placeOf(t.definition, visit.step);
  const every = place.step.kind === 'handle' ? place.step.reports?.every : undefined;
  if (every === undefined) return;
  const context = contextAt(t.definition, t.matter, place.loops, parseKey(key).scope);
  const next = dueOf(limitValue(every, context), t.now, t.world).dueAt;
  // A day that somebody named comes once; asking for it again would ring without end.
  const nextAt = t.now < next && next < visit.due.dueAt ? next : null;
  t.emit('ReportRequested', { visit: key, number: visit.reports.expected + 1, nextAt });
}

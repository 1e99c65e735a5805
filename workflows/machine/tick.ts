/** What the clock brings: warnings, due dates, requests for feedback. One timer a matter; its alarms stand in the state. */
import type { LimitValue } from '../../definitions/language/steps.ts';
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
  if (alarm.kind === 'report' && visit !== undefined) requestReport(t, visit.key, alarm.at);
}

function requestReport(t: Transition, key: string, asked: string): void {
  const visit = t.matter.visits[key];
  if (visit === undefined) return;
  if (visit.reports.count < visit.reports.expected) t.emit('ReportMissed', { visit: key, number: visit.reports.expected });
  const place = placeOf(t.definition, visit.step);
  const every = place.step.kind === 'handle' ? place.step.reports?.every : undefined;
  if (every === undefined) return;
  const context = contextAt(t.definition, t.matter, place.loops, parseKey(key).scope);
  const nextAt = nextReport(t, limitValue(every, context), asked, visit.due.dueAt);
  t.emit('ReportRequested', { visit: key, number: visit.reports.expected + 1, nextAt });
}

/**
 * The date of feedback after one that came, or null when the step ends before it. Counted from that date and not from when its
 * alarm rang: a moment after the close of office hours would count as the next day. Dates on which no clock rang are passed over.
 */
function nextReport(t: Transition, every: LimitValue, asked: string, until: string): string | null {
  let at = asked;
  do {
    const next = dueOf(every, at, t.world).dueAt;
    // A day that somebody named comes once; asking for it again would ring without end.
    if (next <= at) return null;
    at = next;
  } while (at <= t.now);
  return at < until ? at : null;
}

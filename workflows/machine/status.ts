/**
 * A matter at a glance. The workflow needs no more of the machine than this and the fold, so nothing here imports what decides: each
 * cached workflow evaluates what it imports anew.
 */
import type { Matter } from './state.ts';
import type { Status } from './words.ts';

/** What a matter is, as anybody may ask. */
export function statusOf(matter: Matter): Status {
  if (matter.ending !== null) return matter.ending.code;
  return matter.suspensions.some((stop) => stop.to === null) ? 'suspended' : 'open';
}

/** Ids of the steps at which somebody must act now, in a stable order. */
export function openSteps(matter: Matter): string[] {
  return [...new Set(Object.values(matter.tasks).map((task) => task.step))].sort();
}

/** When the matter next wants to be woken, UTC, or null when nothing waits. */
export function nextWakeup(matter: Matter): string | null {
  let earliest: string | null = null;
  for (const alarm of Object.values(matter.alarms)) if (earliest === null || alarm.at < earliest) earliest = alarm.at;
  return earliest;
}

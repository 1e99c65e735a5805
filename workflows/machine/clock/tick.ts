/** What the clock brings: warnings, due dates, requests for feedback, what silence means. One timer a matter; its alarms stand in the state. */

import { goOnAfterWait } from '../flow/linked.ts';
import type { Refusal } from '../refusals.ts';
import type { Alarm } from '../state.ts';
import type { Transition } from '../transition.ts';
import { supervisionAt } from './clock.ts';
import { escalate } from './ladder.ts';
import { judgeReports, requestReport } from './report.ts';
import { keepSilence } from './silence.ts';

/** Rings every alarm that is due, earliest first. Too early a tick makes no event. */
export function decideTick(t: Transition): Refusal | null {
  const due = Object.entries(t.matter.alarms)
    .filter(([, alarm]) => alarm.at <= t.now)
    .sort(([a, x], [b, y]) => (x.at === y.at ? (a < b ? -1 : 1) : x.at < y.at ? -1 : 1));
  for (const [id, alarm] of due) {
    // An alarm may have been taken away, or put off, by what an earlier one brought.
    const still = t.matter.phase === 'open' ? t.matter.alarms[id] : undefined;
    if (still !== undefined && still.at <= t.now) ring(t, id, alarm);
  }
  return null;
}

const ABOUT_MATTER = '办件总时限';

function ring(t: Transition, id: string, alarm: Alarm): void {
  const { kind } = alarm;
  const visit = alarm.visit === null ? undefined : t.matter.visits[alarm.visit];
  const about = visit?.name ?? (kind === 'wait' ? '等待' : ABOUT_MATTER);
  const ofMatter = kind === 'red' && alarm.visit === null;
  t.emit('AlarmRang', {
    alarm: id,
    kind,
    visit: alarm.visit,
    about,
    ...(ofMatter ? { supervisionAt: supervisionAt(t.matter, alarm.at, t.world) } : {}),
  });
  switch (kind) {
    case 'yellow':
    case 'orange':
      return;
    case 'red':
      if (visit === undefined) return;
      // No request follows that would judge the last one.
      judgeReports(t, visit.key);
      keepSilence(t, visit);
      return;
    case 'superior':
    case 'supervision':
      escalate(t, visit ?? null, kind, about);
      return;
    case 'report':
      if (visit !== undefined) requestReport(t, visit.key);
      return;
    case 'wait':
      goOnAfterWait(t, id.slice(0, -':wait'.length), 'time');
  }
}

/** One entry of the history for people. */

/** What an entry is about; the console picks its icon by it. */
export const TIMELINE_KINDS = [
  'started',
  'opened',
  'acted',
  'skipped',
  'branch',
  'effect',
  'returned',
  'corrected',
  'warning',
  'overdue',
  'report',
  'clock',
  'comment',
  'urge',
  'detour',
  'link',
  'intervention',
  'ended',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One entry of the history. */
export interface TimelineEntry {
  kind: TimelineKind;
  /** Name of the person, or null for what happened by itself. */
  who: string | null;
  /** Name of the step, or null for the matter as a whole. */
  step: string | null;
  text: string;
  opinion: string | null;
  attachments: string[];
  round: number | null;
  /** Until when, where a time limit began; UTC. */
  dueAt: string | null;
}

/** Makes an entry. */
export function entry(kind: TimelineKind, text: string, more: Partial<TimelineEntry> = {}): TimelineEntry {
  return { kind, text, who: null, step: null, opinion: null, attachments: [], round: null, dueAt: null, ...more };
}

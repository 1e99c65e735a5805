/** How a due date says in Chinese what was counted and what was not. */
import type { Stage } from './due-count.ts';
import type { CalendarView } from './working-time.ts';

/** What {@link explainLimit} tells of. `stillFrom` are the instants at which suspensions began that are still open. */
export interface CountedLimit {
  start: number;
  stages: readonly Stage[];
  stillFrom: readonly number[];
  unpublished: readonly number[];
}

/** The lines that explain a counted limit. */
export function explainLimit(_view: CalendarView, _counted: CountedLimit): string[] {
  return [];
}

/** The lines that explain a last day named by somebody. */
export function explainDate(
  _view: CalendarView,
  _named: { start: number; day: number; unpublished: readonly number[] },
): string[] {
  return [];
}

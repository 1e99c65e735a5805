/** What the matter was decided on has changed outside it: people are found anew, due dates are reckoned anew. */
import { schoolDate } from '../../../definitions/language/calendar.ts';
import { refreshCalendar } from '../clock/refresh-calendar.ts';
import type { RefreshMatter } from '../commands.ts';
import { refreshPeople } from '../people/refresh-people.ts';
import { holdsRole } from '../people/resolve.ts';
import { type Refusal, refuse } from '../refusals.ts';
import type { Transition } from '../transition.ts';

/** Decides a refresh, given by the clock or a process administrator; no events when nothing changes. */
export function decideRefresh(t: Transition, command: RefreshMatter): Refusal | null {
  const { directory, calendar } = t.world;
  const { by } = command;
  const today = schoolDate(calendar, t.now);
  const may = by.kind === 'clock' || (by.kind === 'person' && holdsRole(directory, by.id, ['process-administrator'], today));
  if (!may) return refuse('not-allowed', '只有流程管理员可以重新计算');
  if (command.about === 'calendar') refreshCalendar(t, command.reason);
  else refreshPeople(t, command.reason);
  return null;
}

/** What the matter was decided on has changed outside it: people are found anew, due dates are reckoned anew. */
import { refreshCalendar } from '../clock/refresh-calendar.ts';
import type { RefreshMatter } from '../commands.ts';
import { asAdministrator } from '../people/administrators.ts';
import { refreshPeople } from '../people/refresh-people.ts';
import { type Refusal, refuse } from '../refusals.ts';
import type { Transition } from '../transition.ts';

/** Decides a refresh, given by the clock or a process administrator; no events when nothing changes. */
export function decideRefresh(t: Transition, command: RefreshMatter): Refusal | null {
  const { by } = command;
  const may = by.kind === 'clock' || (by.kind === 'person' && asAdministrator(by.id, t.world) !== null);
  if (!may) return refuse('not-allowed', '只有流程管理员可以重新计算');
  if (command.about === 'calendar') refreshCalendar(t, command.reason);
  else refreshPeople(t, command.reason);
  return null;
}

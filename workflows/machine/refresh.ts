/** What the matter was decided on has changed outside it: people are found anew, due dates are reckoned anew. */
import type { RefreshMatter } from './commands.ts';
import type { Refusal } from './refusals.ts';
import type { Transition } from './transition.ts';

/** Decides a refresh; no events when nothing changes. */
export function decideRefresh(_t: Transition, _command: RefreshMatter): Refusal | null {
  return null;
}

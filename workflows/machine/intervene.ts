/** What an administrator does to a matter: reassign, rewind, skip, terminate, hand over. Each has a reason and stays marked. */
import type { InterventionCommand } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Transition } from './transition.ts';

/** Decides an administrator's command. */
export function decideIntervention(_t: Transition, _command: Exclude<InterventionCommand, { type: 'move' }>): Refusal | null {
  return refuse('not-allowed', '只有流程管理员可以干预办件');
}

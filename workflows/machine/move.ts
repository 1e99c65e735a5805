/** Moving a running matter to another version of its process, after a dry run over its kept events. */
import type { MoveVersion } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Transition } from './transition.ts';

/** Decides an administrator's wish to move the matter. */
export function decideMove(_t: Transition, _command: MoveVersion): Refusal | null {
  return refuse('not-allowed', '只有流程管理员可以迁移办件版本');
}

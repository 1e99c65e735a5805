/** A later due date 延期: asked before the present one, with a reason and a day, granted by whom the definition names (domain D11). */
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { AskExtension } from './commands.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { Matter } from './state.ts';
import type { Transition } from './transition.ts';

/** Why a person can't ask for a later due date now, in Chinese, or null when they can. */
export function whyNotExtend(_definition: ProcessDefinition, _matter: Matter, _person: string, _now: string): string | null {
  return '您没有可以申请延期的待办';
}

/** Asks for a later due date. */
export function decideExtend(_t: Transition, _command: AskExtension): Refusal | null {
  return refuse('action-not-offered', '您没有可以申请延期的待办');
}

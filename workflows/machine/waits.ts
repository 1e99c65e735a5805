/** Steps at which nobody acts: waiting for a time, and for other matters that this one starts. */

import type { AnyShape } from '../../definitions/language/context.ts';
import type { LinkStep, WaitStep } from '../../definitions/language/steps.ts';
import type { ReportLink } from './commands.ts';
import type { Refusal } from './refusals.ts';
import type { Transition } from './transition.ts';
import type { Place } from './tree.ts';

/** Enters a waiting step. */
export function enterWait(_t: Transition, step: WaitStep<AnyShape, string>, _place: Place, _scope: readonly number[]): void {
  throw new Error(`Step "${step.id}" waits: to come`);
}

/** Enters a step that starts other matters. */
export function enterLink(_t: Transition, step: LinkStep<AnyShape, string>, _place: Place, _scope: readonly number[]): void {
  throw new Error(`Step "${step.id}" links: to come`);
}

/** A matter that this one started says what became of it. */
export function decideLinked(_t: Transition, _command: ReportLink): Refusal | null {
  return null;
}

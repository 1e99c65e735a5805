/** What follows from events beside the matter itself: effects on other records. Notices to people stand in `notices.ts`. */
import type { Effect } from '../../definitions/language/effect.ts';
import type { MatterEvent } from './events.ts';

/** What is to be done to other records in the transaction beside appending events. */
export interface Consequence {
  kind: 'effect' | 'undo';
  step: string;
  effect: Effect;
}

/** Whether going back over an effect, or an end other than completion, takes it back. */
export function isUndoable(effect: Effect): boolean {
  switch (effect.kind) {
    case 'reserve':
    case 'queue-bulletin':
      return true;
    case 'release':
    case 'archive':
      return false;
  }
}

/** The effects of a transition, in the order of its events. */
export function effectsOf(events: readonly MatterEvent[]): Consequence[] {
  return events.flatMap((event): Consequence[] => {
    if (event.type === 'EffectDone') return [{ kind: 'effect', step: event.facts.step, effect: event.facts.effect }];
    if (event.type === 'EffectUndone') return [{ kind: 'undo', step: event.facts.step, effect: event.facts.effect }];
    return [];
  });
}

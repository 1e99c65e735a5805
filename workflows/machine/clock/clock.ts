/**
 * The clocks of a matter: what a limit comes to, when the ladder after it rings, and when the matter's own clock stands still.
 *
 * The matter's clock stops while the ball is with its applicant (where the definition says so) or with a third party (`stopsClock` of
 * a step), and goes on when nobody stops it any more, with what was left (domain D10, D12). A step's own clock never stops: whoever
 * holds it answers for it.
 */
import { type Due, dueFromDate, reckonDue, type Suspension } from '../../../definitions/language/calendar.ts';
import { COMMON_SETTINGS } from '../../../definitions/language/common-settings.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import { type Duration, isDuration } from '../../../definitions/language/duration.ts';
import type { Limit, LimitValue } from '../../../definitions/language/steps.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { placeOf } from '../tree.ts';
import type { World } from '../world.ts';

/** When a superior and supervision are told that a step is overdue. */
export interface Ladder {
  superiorAt: string;
  supervisionAt: string;
}

/** Why the clock stands still while a matter lies with its applicant. */
const WITH_APPLICANT = '退回申请人修改期间不计时';

/** The value of a limit in a context. */
export function limitValue(limit: Limit, context: Context): LimitValue {
  return typeof limit === 'function' ? limit(context) : limit;
}

/** The limit of a matter as a whole; one set by law overrides the office's own (source 004). */
export function matterLimit(definition: ProcessDefinition, context: Context): LimitValue {
  return limitValue(definition.statutoryLimit ?? definition.limit, context);
}

/** When a limit that begins at `from` ends. */
export function dueOf(
  limit: LimitValue,
  from: string,
  world: Pick<World, 'calendar'>,
  suspensions: readonly Suspension[] = [],
): Due {
  // A day that somebody named stays that day, however long the clock stood still.
  return typeof limit === 'string'
    ? reckonDue(world.calendar, from, limit, { suspensions: [...suspensions] })
    : dueFromDate(world.calendar, from, limit.date);
}

/** A common setting of a matter that is a limit; its default for matters that were started before there was the setting. */
function commonLimit(matter: Matter, key: 'superiorAfter' | 'supervisionAfter'): Duration {
  const value = matter.settings[key];
  return typeof value === 'string' && isDuration(value) ? value : COMMON_SETTINGS[key].default;
}

/** When the ladder after a due date rings. @param from the due date, or a later instant for one that was past from the beginning. */
export function ladderOf(matter: Matter, from: string, world: Pick<World, 'calendar'>): Ladder {
  return {
    superiorAt: dueOf(commonLimit(matter, 'superiorAfter'), from, world).dueAt,
    supervisionAt: supervisionAt(matter, from, world),
  };
}

/** When supervision is told that something is overdue since `from`. */
export function supervisionAt(matter: Matter, from: string, world: Pick<World, 'calendar'>): string {
  return dueOf(commonLimit(matter, 'supervisionAfter'), from, world).dueAt;
}

/** The ladder of a round that opens now; of one that is late from its beginning, counted from now. */
export function ladderFromNow(t: Transition, due: Due): Ladder {
  return ladderOf(t.matter, due.dueAt > t.now ? due.dueAt : t.now, t.world);
}

/** The suspension that still lasts, or null while the matter's clock runs. */
export function openSuspension(matter: Matter): Matter['suspensions'][number] | null {
  return matter.suspensions.find((stop) => stop.to === null) ?? null;
}

/** When a matter is due, reckoned from its beginning. One that still stands still is reckoned as if it went on at once. */
export function matterDue(t: Transition, limit: LimitValue): Due {
  const { startedAt, suspensions } = t.matter;
  return dueOf(limit, startedAt, t.world, suspensions);
}

/** Stops the matter's clock, or lets it go on, by who holds the ball. Called at the end of every transition; idempotent. */
export function settleClock(t: Transition): void {
  const { definition, matter } = t;
  const reason = Object.values(matter.visits)
    .map((visit) => whyStopped(definition, visit))
    .find((why) => why !== null);
  const stopped = openSuspension(matter) !== null;
  if (reason !== undefined && reason !== null && !stopped) t.emit('ClockStopped', { reason });
  if (reason === undefined && stopped) {
    const suspensions = matter.suspensions.map((stop) => ({ ...stop, to: stop.to ?? t.now }));
    t.emit('ClockResumed', { due: dueOf(matter.limit, matter.startedAt, t.world, suspensions) });
  }
}

/** Why an open visit stops the clock of its matter, or null when it does not. */
function whyStopped(definition: ProcessDefinition, visit: Visit): string | null {
  if (visit.status !== 'open' || isSideStep(visit.step)) return null;
  if (visit.step === APPLICANT_STEP) return definition.clockStopsWithApplicant ? WITH_APPLICANT : null;
  const { step } = placeOf(definition, visit.step);
  return step.kind === 'approve' || step.kind === 'handle' || step.kind === 'read' ? (step.stopsClock ?? null) : null;
}

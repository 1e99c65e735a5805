/** Due dates that are reckoned again: because a date in the form was changed, more time was granted, or the calendar is another. */
import type { Due } from '../../../definitions/language/calendar.ts';
import type { LimitValue } from '../../../definitions/language/steps.ts';
import { contextAt, contextOf } from '../context.ts';
import { APPLICANT_STEP, isSideStep, type StepKey, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { dueOf, type Ladder, ladderFromNow, ladderOf, limitValue, matterDue, matterLimit } from './clock.ts';
import { nextReportAt, reportEvery } from './report.ts';

/** Why a due date moves when the applicant changed a date in the form. */
const FORM_CHANGED = '表单中的时间已修改';

/** Whether two due dates differ in anything that is told or rung. */
export function sameDue(a: Due, b: Due): boolean {
  return a.dueAt === b.dueAt && a.yellowAt === b.yellowAt && a.orangeAt === b.orangeAt && a.provisional === b.provisional;
}

/** Changes the due date of the matter as a whole. */
export function changeMatterDue(t: Transition, limit: LimitValue, due: Due, because: string): void {
  t.emit('DueChanged', { visit: null, name: '办件总时限', limit, due, because });
}

/** Changes the due date of an open visit, with what hangs on it: its ladder and the next date of feedback. */
export function changeVisitDue(t: Transition, visit: Visit, limit: LimitValue, due: Due, because: string): void {
  const reporting = reportEvery(t.definition, t.matter, visit) !== null;
  const hasLadder = visit.step !== APPLICANT_STEP && !isSideStep(visit.step);
  t.emit('DueChanged', {
    visit: visit.key,
    name: visit.name,
    limit,
    due,
    because,
    ...(hasLadder ? { ladder: ladderAfter(t, visit, due) } : {}),
    ...(reporting ? { reportAt: nextReportAt(t, visit, visit.reports.expected, due.dueAt) } : {}),
  });
}

/** One that was late before stays late since its own date; one that has become late by the change is late since now. */
function ladderAfter(t: Transition, visit: Visit, due: Due): Ladder {
  return visit.due.dueAt < t.now ? ladderOf(t.matter, due.dueAt, t.world) : ladderFromNow(t, due);
}

/** The limits as the form has them: of the matter, and of each open step of the definition. */
export interface Limits {
  matter: LimitValue;
  visits: Record<StepKey, { limit: LimitValue; every: LimitValue | null }>;
}

/** What the limits of a matter come to by its form and outputs as they are now. */
export function limitsNow(t: Transition): Limits {
  const { definition, matter } = t;
  const visits: Limits['visits'] = {};
  for (const visit of Object.values(matter.visits)) {
    if (visit.status !== 'open' || visit.step === APPLICANT_STEP || isSideStep(visit.step)) continue;
    const { step, loops } = placeOf(definition, visit.step);
    if (step.kind !== 'approve' && step.kind !== 'handle' && step.kind !== 'read') continue;
    const context = contextAt(definition, matter, loops, parseKey(visit.key).scope);
    visits[visit.key] = { limit: limitValue(step.limit, context), every: reportEvery(definition, matter, visit) };
  }
  return { matter: matterLimit(definition, contextOf(definition, matter)), visits };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Reckons again what hangs on the form, after it was corrected: each from its own beginning. More time that was granted is kept where
 * it reaches further.
 * @param before the limits by the old form.
 */
export function renewLimits(t: Transition, before: Limits): void {
  const after = limitsNow(t);
  if (!same(before.matter, after.matter)) {
    const due = matterDue(t, after.matter);
    const extended = !same(t.matter.limit, before.matter);
    if (!extended || due.dueAt > t.matter.due.dueAt) changeMatterDue(t, after.matter, due, FORM_CHANGED);
  }
  for (const [key, limits] of Object.entries(after.visits)) {
    const was = before.visits[key];
    const visit = t.matter.visits[key];
    if (was === undefined || visit === undefined || same(was, limits)) continue;
    const due = dueOf(limits.limit, visit.countedFrom, t.world);
    if (visit.extensions > 0 && due.dueAt <= visit.due.dueAt) changeVisitDue(t, visit, visit.limit, visit.due, FORM_CHANGED);
    else changeVisitDue(t, visit, limits.limit, due, FORM_CHANGED);
  }
}

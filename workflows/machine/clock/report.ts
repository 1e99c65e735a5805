/**
 * Feedback on progress 反馈 while a step is being handled.
 *
 * Each request is answered by a report that comes after it; whoever has given none when the next request comes, when the due date
 * passes or when the step ends has missed it. In mode `all` each of the people owes their own report, in `any` one of them is enough.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { LimitValue } from '../../../definitions/language/steps.ts';
import { contextAt } from '../context.ts';
import { seatOf } from '../people/covers.ts';
import type { PeopleWorld } from '../people/posts.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type StepKey, type Task, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { dueOf, limitValue } from './clock.ts';

/** How often a visit owes feedback, or null where it owes none. */
export function reportEvery(
  definition: ProcessDefinition,
  matter: Matter,
  visit: Pick<Visit, 'key' | 'step'>,
): LimitValue | null {
  if (visit.step === APPLICANT_STEP || isSideStep(visit.step)) return null;
  const { step, loops } = placeOf(definition, visit.step);
  const every = step.kind === 'handle' ? step.reports?.every : undefined;
  return every === undefined ? null : limitValue(every, contextAt(definition, matter, loops, parseKey(visit.key).scope));
}

/** The open tasks whose steps ask for reports and on which a person may act; an added signer or a delegate reports to who asked them. */
export function reportableTasks(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): Task[] {
  return Object.values(matter.tasks).filter((task) => {
    if (task.step === APPLICANT_STEP || isSideStep(task.step) || task.addedBy !== null) return false;
    const { step } = placeOf(definition, task.step);
    if (step.kind !== 'handle' || step.reports === undefined) return false;
    return seatOf(definition, matter, task, person, world) !== null;
  });
}

/**
 * When a visit is asked for feedback next, or null when it ends before. The dates are a chain from the beginning of the visit, so
 * they never drift with the moments at which alarms ring; dates on which no clock rang are passed over.
 * @param asked how many requests there were.
 */
export function nextReportAt(t: Transition, visit: Visit, asked: number, dueAt: string): string | null {
  const every = reportEvery(t.definition, t.matter, visit);
  if (every === null) return null;
  let at = visit.countedFrom;
  for (let number = 1; ; number += 1) {
    const next = dueOf(every, at, t.world).dueAt;
    // A day that somebody named comes once; a report asked for at the due date would only repeat that it is overdue.
    if (next <= at || next >= dueAt) return null;
    at = next;
    if (number > asked && at > t.now) return at;
  }
}

/** Asks for feedback, after judging the request before. */
export function requestReport(t: Transition, key: StepKey): void {
  judgeReports(t, key);
  const visit = t.matter.visits[key];
  if (visit === undefined) return;
  const number = visit.reports.expected + 1;
  t.emit('ReportRequested', { visit: key, number, nextAt: nextReportAt(t, visit, number, visit.due.dueAt) });
}

/** Notes who has not answered the last request, each once. */
export function judgeReports(t: Transition, key: StepKey): void {
  const visit = t.matter.visits[key];
  if (visit === undefined) return;
  const { owing, expected } = visit.reports;
  for (const seat of visit.seats) {
    if (seat.status !== 'removed' && owing.includes(seat.id))
      t.emit('ReportMissed', { visit: key, number: expected, seat: seat.id, people: seat.assignees });
  }
}

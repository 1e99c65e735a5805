/** What follows when something changed in a round: the next turns, or its close and what comes after it. */
import { afterExtension } from './extension.ts';
import { afterVisit, closeVisit, endMatter } from './flow.ts';
import { giveTurns } from './round.ts';
import { seatsOf, standingOfSeat } from './seats.ts';
import { isSideStep, type StepKey, type Visit } from './state.ts';
import type { Transition } from './transition.ts';
import type { VisitOutcome } from './words.ts';

/** Gives turns, and closes the round when it is decided. Call it after every change of a round's seats. */
export function settleRound(t: Transition, key: StepKey): void {
  const standing = giveTurns(t, key);
  const visit = t.matter.visits[key];
  if (visit === undefined || standing === 'open') return;
  if (isSideStep(visit.step)) {
    closeVisit(t, key, standing === 'for' ? wellOutcome(visit) : 'disagreed', 'somebody-acted');
    if (visit.step === 'extension') afterExtension(t, visit, standing === 'for');
    return;
  }
  if (standing === 'for') {
    closeVisit(t, key, wellOutcome(visit), 'somebody-acted');
    afterVisit(t, key);
    return;
  }
  const why = refusalText(visit);
  closeVisit(t, key, 'disagreed', 'step-closed');
  endMatter(t, 'rejected', why);
}

function wellOutcome(visit: Visit): VisitOutcome {
  switch (visit.kind) {
    case 'approve':
      return 'agreed';
    case 'handle':
    case 'advise':
      return 'completed';
    case 'read':
      return 'read';
    case 'correct':
      return 'corrected';
  }
}

/** What is told of a round that was decided against the matter: the count of a vote, else who disagreed with what words. */
function refusalText(visit: Visit): string {
  const last = visit.decisions.findLast((decision) => decision.action === 'disagree');
  const opinion = last?.opinion ?? null;
  if (typeof visit.mode === 'string' || visit.mode.veto === true) {
    return `${visit.name}不同意${opinion === null ? '' : `:${opinion}`}`;
  }
  const standings = seatsOf(visit, 0).map((seat) => standingOfSeat(visit, seat));
  const count = (one: string): number => standings.filter((standing) => standing === one).length;
  return `${visit.name}票决未通过:同意${count('for')}票,不同意${count('against')}票,共${standings.length}票`;
}

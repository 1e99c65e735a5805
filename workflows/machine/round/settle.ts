/** What follows when something changed in a round: the next turns, or its close and what comes after it. */

import type { Decision } from '../../../definitions/language/context.ts';
import { afterExtension } from '../clock/extension.ts';
import { afterVisit, closeVisit, continueAfter, endMatter } from '../flow/flow.ts';
import { clearAfter, reopenBlocks } from '../flow/go-back.ts';
import { spokenBy } from '../spoken-by.ts';
import { isSideStep, type SignerGroup, type StepKey, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf, plainKey } from '../tree.ts';
import type { VisitOutcome } from '../words.ts';
import { changedFields } from './correct.ts';
import { outputsAt, sameJson } from './outputs.ts';
import { giveTurns } from './round.ts';
import { groupOf, seatsOf, standingOfSeat } from './seats.ts';
import { copyOf } from './side.ts';

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
    closeWell(t, visit);
    return;
  }
  const why = refusalText(visit);
  closeVisit(t, key, 'disagreed', 'step-closed');
  endMatter(t, 'rejected', why);
}

/** Closes a round that ended well, sends its copies, and goes on. */
function closeWell(t: Transition, visit: Visit): void {
  closeVisit(t, visit.key, wellOutcome(visit), 'somebody-acted');
  copyOf(t, visit);
  goOnFrom(t, visit);
}

/** Goes on after a round that was closed, however it was: straight back on a detour, unless that changed what was decided on. */
export function goOnFrom(t: Transition, visit: Visit): void {
  if (visit.backTo !== null && changesWhatWasDecidedOn(t, visit)) replayAfter(t, visit);
  else afterVisit(t, visit.key);
}

/** Whether a detour changed the outputs of a step on which later steps had decided. */
function changesWhatWasDecidedOn(t: Transition, visit: Visit): boolean {
  return visit.baseline !== undefined && !sameJson(visit.baseline, outputsAt(t.matter, visit.key));
}

/** Instead of coming straight back, the matter goes through everything again that follows the step. */
function replayAfter(t: Transition, visit: Visit): void {
  const { step, scope } = parseKey(visit.key);
  const target = plainKey(visit.key);
  const changed = changedFields(visit.baseline?.[0] ?? {}, outputsAt(t.matter, visit.key)[0] ?? {});
  const superseded = clearAfter(t, target);
  t.emit('DetourReplayed', { visit: visit.key, name: visit.name, because: 'output', changed, superseded });
  reopenBlocks(t, target);
  continueAfter(t, placeOf(t.definition, step), scope);
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
  const last = visit.decisions.findLast(
    (one) => one.action === 'disagree' && groupOfDecision(visit, one)?.position !== 'delegate',
  );
  const opinion = last?.opinion ?? null;
  if (typeof visit.mode === 'string' || visit.mode.veto === true) {
    return `${visit.name}${addedVoice(visit, last)}不同意${opinion === null ? '' : `:${opinion}`}`;
  }
  const standings = seatsOf(visit, 0).map((seat) => standingOfSeat(visit, seat));
  const count = (one: string): number => standings.filter((standing) => standing === one).length;
  return `${visit.name}票决未通过:同意${count('for')}票,不同意${count('against')}票,共${standings.length}票`;
}

function groupOfDecision(visit: Visit, decision: Decision): SignerGroup | null {
  const seat = visit.seats.find((one) => one.id === decision.seat);
  return decision.added !== true || seat === undefined ? null : groupOf(visit, seat);
}

/** Names an added signer who disagreed, and for whom they signed: else it would read as if the step's own people had. */
function addedVoice(visit: Visit, decision: Decision | undefined): string {
  const group = decision === undefined ? null : groupOfDecision(visit, decision);
  return decision === undefined || group === null ? '' : `:${spokenBy(decision)}(${group.byName}加签)`;
}

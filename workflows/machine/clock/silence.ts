/** What it means when nobody acts until the due date 逾期: reminders only, going on, or the end; for the applicant, giving up. */
import { closeVisit, endMatter } from '../flow/flow.ts';
import { goOnFrom } from '../round/settle.ts';
import { copyOf } from '../round/side.ts';
import { isSideStep, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { placeOf } from '../tree.ts';

/** Draws the consequence of silence when a visit's due date has passed, where the definition names one. */
export function keepSilence(t: Transition, visit: Visit): void {
  if (visit.status !== 'open' || isSideStep(visit.step)) return;
  if (visit.kind === 'correct') {
    // 信息公开条例 art. 30: told once what is missing and by when, no answer means giving up (domain D9).
    if (t.definition.whenNotCorrected === 'abandon') end(t, visit, 'withdrawn', '逾期未补正,视为放弃申请');
    return;
  }
  const { step } = placeOf(t.definition, visit.step);
  if (step.kind !== 'approve' && step.kind !== 'handle' && step.kind !== 'read') return;
  if (step.silence === 'reject') end(t, visit, 'rejected', '逾期未答复,视为不同意');
  if (step.silence === 'go-on') goOn(t, visit);
}

function end(t: Transition, visit: Visit, code: 'withdrawn' | 'rejected', means: string): void {
  t.emit('SilenceCounted', { visit: visit.key, name: visit.name, means });
  if (code === 'rejected') closeVisit(t, visit.key, 'disagreed', 'step-closed', means);
  endMatter(t, code, code === 'rejected' ? `${visit.name}${means}` : means);
}

function goOn(t: Transition, visit: Visit): void {
  const agrees = visit.kind === 'approve';
  const means = agrees ? '逾期未答复,视为同意' : '逾期未办理,继续下一环节';
  t.emit('SilenceCounted', { visit: visit.key, name: visit.name, means });
  closeVisit(t, visit.key, agrees ? 'agreed' : 'skipped', 'step-closed', means);
  if (agrees) copyOf(t, visit);
  goOnFrom(t, visit);
}

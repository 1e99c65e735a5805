/** What follows when a wait ends: the time has come, or the matters that were waited for have ended. */
import type { ReportLink } from '../commands.ts';
import { isSettled } from '../link.ts';
import { type Refusal, refuse } from '../refusals.ts';
import type { Link, StepKey } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { continueAfter, endMatter } from './flow.ts';
import { endWait } from './waits.ts';

/** Ends a wait and goes on after its step. Does nothing where nothing waits. */
export function goOnAfterWait(t: Transition, key: StepKey, because: 'time' | 'links' | 'skipped'): void {
  if (t.matter.waits[key] === undefined) return;
  endWait(t, key, because);
  const { step, scope } = parseKey(key);
  continueAfter(t, placeOf(t.definition, step), scope);
}

/** A matter that this one started says what became of it. What is known already, or comes too late, changes nothing. */
export function decideLinked(t: Transition, command: ReportLink): Refusal | null {
  const link = Object.hasOwn(t.matter.links, command.link) ? t.matter.links[command.link] : undefined;
  if (link === undefined || command.by.kind !== 'matter' || command.by.id !== link.matterId) {
    return refuse('not-allowed', '只有本办件发起的关联办件可以报告其结果');
  }
  const { status, no, text } = command;
  if (isSettled(link.status) || status === link.status || status === 'asked') return null;
  t.emit('LinkChanged', { link: link.id, status, no, text });
  settleLinks(t, link.step);
  return null;
}

/** Goes on after a step whose matters of this round have all ended. */
function settleLinks(t: Transition, key: StepKey): void {
  if (t.matter.waits[key]?.kind !== 'links') return;
  const own = Object.values(t.matter.links).filter((link) => link.step === key);
  const round = Math.max(...own.map((link) => link.round));
  const awaited = own.filter((link) => link.round === round);
  if (!awaited.every((link) => isSettled(link.status))) return;
  const failed = awaited.filter((link) => link.status !== 'completed');
  const { step } = placeOf(t.definition, parseKey(key).step);
  if (failed.length > 0 && step.kind === 'link' && step.whenFailed === 'reject') {
    endWait(t, key, 'links');
    endMatter(t, 'rejected', `${step.name}:${failedText(failed)}`);
    return;
  }
  goOnAfterWait(t, key, 'links');
}

/** At most this many are named; the timeline has all. */
const NAMED_MAX = 5;

function failedText(failed: readonly Link[]): string {
  const named = failed.slice(0, NAMED_MAX).map(({ no, text }) => `关联办件${no ?? ''}${text}`);
  return failed.length > NAMED_MAX ? `${named.join(';')}等${failed.length}项未办成` : named.join(';');
}

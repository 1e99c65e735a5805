/**
 * Steps at which nobody acts: waiting until an instant, and starting other matters to wait for. Here stands how they begin and end;
 * what follows from their end is the flow's (`linked.ts`).
 */
import type { Linked, LinkStep } from '../../../definitions/language/steps.ts';
import { dueOf, limitValue } from '../clock/clock.ts';
import { contextAt } from '../context.ts';
import type { EventFacts } from '../events.ts';
import { isSettled, linkedMatterId, roundsOfLinks } from '../link.ts';
import { refuse } from '../refusals.ts';
import type { Link, StepKey, Wait } from '../state.ts';
import { type Transition, Unfit } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';

/** Bounds on the matters that one matter starts, so that its state stays small. */
export const LINK_LIMITS = {
  /** In all its life. */
  perMatter: 1_000,
  /** At one step. */
  atOnce: 200,
  /** Characters of JSON of the forms at one step; each is kept until its matter has been taken on. */
  characters: 300_000,
} as const;

/** Links in one event: events travel one by one, and one with two hundred forms is too large a piece. */
const LINKS_PER_EVENT = 20;

/** Begins to wait until an instant. @returns whether the matter goes on at once, because the instant has passed. */
export function beginWait(t: Transition, key: StepKey, name: string, at: string): boolean {
  t.emit('WaitBegan', { wait: { key, kind: 'until', at, since: t.now }, name });
  if (at > t.now) return false;
  endWait(t, key, 'time');
  return true;
}

/** Reckons the instant of a wait anew by the present calendar; one that has passed then ends with the next tick of the clock. */
export function moveWait(t: Transition, wait: Wait, because: string): void {
  if (wait.kind !== 'until' || wait.since === undefined) return;
  const { step: id, scope } = parseKey(wait.key);
  const { step, loops } = placeOf(t.definition, id);
  if (step.kind !== 'wait') return;
  const limit = limitValue(step.until, contextAt(t.definition, t.matter, loops, scope));
  const at = dueOf(limit, wait.since, t.world).dueAt;
  if (at !== wait.at) t.emit('WaitMoved', { key: wait.key, name: step.name, at, because });
}

/** Ends a wait, if there is one. */
export function endWait(t: Transition, key: StepKey, because: EventFacts['WaitEnded']['because']): void {
  if (t.matter.waits[key] === undefined) return;
  t.emit('WaitEnded', { key, name: placeOf(t.definition, parseKey(key).step).step.name, because });
}

/** Asks for the matters of a step. @returns whether the matter goes on at once: it waits for none of them. */
export function beginLinks(
  t: Transition,
  step: Pick<LinkStep<never, string>, 'name' | 'waits' | 'whenWithdrawn'>,
  key: StepKey,
  linked: readonly Linked[],
): boolean {
  if (linked.length === 0) return true;
  const earlier = Object.values(t.matter.links);
  refuseTooMany(step.name, linked, earlier.length);
  const own = earlier.filter((link) => link.step === key);
  const round = roundsOfLinks(t.matter.links, key) + 1;
  const links = linked.map((one, at) =>
    linkOf(t, { key, number: own.length + at + 1, serial: earlier.length + at + 1, round }, step.whenWithdrawn, one),
  );
  for (let from = 0; from < links.length; from += LINKS_PER_EVENT)
    t.emit('MattersLinked', { step: key, name: step.name, links: links.slice(from, from + LINKS_PER_EVENT) });
  if (step.waits) t.emit('WaitBegan', { wait: { key, kind: 'links' }, name: step.name });
  return !step.waits;
}

function refuseTooMany(name: string, linked: readonly Linked[], before: number): void {
  const { perMatter, atOnce, characters } = LINK_LIMITS;
  const refused = (message: string): Unfit => new Unfit(refuse('bad-input', message));
  if (linked.length > atOnce) throw refused(`环节“${name}”一次发起${linked.length}项关联办件,最多${atOnce}项,请减少后再提交`);
  if (before + linked.length > perMatter) throw refused(`本办件发起的关联办件已达${perMatter}项,不能再发起`);
  if (JSON.stringify(linked).length > characters) throw refused(`环节“${name}”一次发起的关联办件内容过多,请分次办理`);
}

function linkOf(
  t: Transition,
  { key, number, serial, round }: { key: StepKey; number: number; serial: number; round: number },
  whenWithdrawn: Link['whenWithdrawn'],
  { processId, form, attachments = [], applicant = t.matter.applicant.id }: Linked,
): Link {
  const id = `${key}#${number}`;
  const version = t.world.inForce?.[processId]?.version;
  if (version === undefined) {
    throw new Error(
      `Step "${key}" of ${t.definition.id}@${t.definition.version} starts "${processId}", of which no version is in force: correct its id`,
    );
  }
  return {
    id,
    step: key,
    round,
    matterId: linkedMatterId(t.matterId, serial),
    no: null,
    processId,
    version,
    applicant,
    form,
    attachments: [...attachments],
    status: 'asked',
    text: '',
    whenWithdrawn,
    recalled: false,
  };
}

/** Notes at the matters for which a step waited that they are waited for no more, and why: it stands where they are shown. */
export function passOverLinks(t: Transition, key: StepKey, reason: string): void {
  for (const { id, step, status, no } of Object.values(t.matter.links)) {
    if (step !== key || isSettled(status)) continue;
    t.emit('LinkChanged', { link: id, status, no, text: `流程管理员跳过本环节,不再等待:${reason}`, skipped: true });
  }
}

/**
 * Calls back matters that were started at the places chosen and are still open, where their step says so. What became of each is
 * told by itself: it may have been completed meanwhile.
 */
export function recallLinks(t: Transition, chosen: (step: StepKey) => boolean, text: string): void {
  for (const { id, step, status, no, whenWithdrawn, recalled } of Object.values(t.matter.links)) {
    if (recalled || isSettled(status) || whenWithdrawn === 'leave' || !chosen(step)) continue;
    t.emit('LinkChanged', { link: id, status, no, text, recalled: true });
  }
}

/** How a matter moves through its definition: entering a list of steps, opening a visit, joining branches, ending. */
import type { Effect } from '../../../definitions/language/effect.ts';
import type { BlockOptions, PeopleStep, Step, StepList } from '../../../definitions/language/steps.ts';
import { FOR_EACH_LIMIT } from '../../../definitions/language/steps.ts';
import { dueOf, ladderFromNow, limitValue, settleClock } from '../clock/clock.ts';
import { judgeReports } from '../clock/report.ts';
import { contextAt, contextOf } from '../context.ts';
import { isUndoable } from '../effects.ts';
import type { EventFacts } from '../events.ts';
import { resolveStep } from '../people/resolve.ts';
import { refuse } from '../refusals.ts';
import { nameInPlace } from '../round/items.ts';
import { openRound, type RoundPlan } from '../round/round.ts';
import { APPLICANT_STEP, ARCHIVE_AT_END, isSideStep, type StepKey } from '../state.ts';
import { type Transition, Unfit } from '../transition.ts';
import { blockKey, keyOf, OTHERWISE_SAYS, otherwiseBranch, type Place, parseKey, placeOf } from '../tree.ts';
import type { Outcome, VisitOutcome } from '../words.ts';
import { enteredAtOnce, insideBranches, isEnough, nextBranch } from './blocks.ts';
import { beginLinks, beginWait, endWait, recallLinks } from './waits.ts';

/** The steps of a list from an index on, in the items given by `scope`. */
export function enterList(t: Transition, list: StepList, from: number, scope: readonly number[]): void {
  const step = list[from];
  if (step === undefined) throw new Error('An empty list of steps was entered: the checker refuses such definitions');
  enterStep(t, step, scope);
}

function enterStep(t: Transition, step: Step, scope: readonly number[]): void {
  const place = placeOf(t.definition, step.id);
  switch (step.kind) {
    case 'approve':
    case 'handle':
    case 'read':
      openVisit(t, step, keyOf(step.id, scope));
      return;
    case 'effect': {
      const effect = step.does(contextAt(t.definition, t.matter, place.loops, scope));
      // A file is archived once, even when the matter comes by again.
      if (effect.kind !== 'archive' || !isArchived(t))
        t.emit('EffectDone', { step: keyOf(step.id, scope), name: step.name, effect });
      continueAfter(t, place, scope);
      return;
    }
    case 'wait': {
      const limit = limitValue(step.until, contextAt(t.definition, t.matter, place.loops, scope));
      if (beginWait(t, keyOf(step.id, scope), step.name, dueOf(limit, t.now, t.world).dueAt)) continueAfter(t, place, scope);
      return;
    }
    case 'link': {
      const linked = step.starts(contextAt(t.definition, t.matter, place.loops, scope));
      if (beginLinks(t, step, keyOf(step.id, scope), linked)) continueAfter(t, place, scope);
      return;
    }
    case 'choose':
      enterChoose(t, step, place, scope);
      return;
    case 'parallel': {
      const context = contextAt(t.definition, t.matter, place.loops, scope);
      const done = step.branches.map((branch) => branch.when !== undefined && !branch.when(context));
      enterBlock(t, place, scope, { kind: 'parallel', items: [], done });
      return;
    }
    case 'forEach': {
      const items = [...new Set(step.items(contextAt(t.definition, t.matter, place.loops, scope)))];
      if (items.length > FOR_EACH_LIMIT) {
        const message = `环节“${step.name}”涉及${items.length}个单位或人员,最多${FOR_EACH_LIMIT}个,请减少后再提交`;
        throw new Unfit(refuse('bad-input', message));
      }
      enterBlock(t, place, scope, { kind: 'forEach', items, done: items.map(() => false) });
      return;
    }
  }
}

function enterChoose(t: Transition, step: Extract<Step, { kind: 'choose' }>, place: Place, scope: readonly number[]): void {
  const context = contextAt(t.definition, t.matter, place.loops, scope);
  const branch = step.branches.findIndex((one) => one.when(context));
  const chosen = branch < 0 ? null : branch;
  const steps = chosen === null ? step.otherwise : (step.branches[chosen]?.steps ?? []);
  const says = chosen === null ? OTHERWISE_SAYS : (step.branches[chosen]?.says ?? '');
  t.emit('BranchChosen', { block: keyOf(step.id, scope), name: step.name, branch: chosen ?? otherwiseBranch(step), says });
  if (steps.length === 0) continueAfter(t, place, scope);
  else enterList(t, steps, 0, scope);
}

function enterBlock(
  t: Transition,
  place: Place,
  scope: readonly number[],
  block: { kind: 'parallel' | 'forEach'; items: string[]; done: boolean[] },
): void {
  const key = keyOf(place.step.id, scope);
  const options = optionsOf(place.step);
  const entered = enteredAtOnce(block.done, options);
  // Said only where it says something: elsewhere every branch is entered.
  const chosen = options.atMost !== undefined || options.needed !== undefined;
  t.emit('BlockOpened', { block: key, name: place.step.name, ...block, ...(chosen ? { entered } : {}) });
  if (block.done.every(Boolean)) {
    t.emit('BlockClosed', { block: key, canceled: false });
    continueAfter(t, place, scope);
    return;
  }
  entered.forEach((now, branch) => {
    // A branch may end the matter, or be enough, before the next one is entered.
    if (now && t.matter.phase === 'open' && t.matter.blocks[key]?.done[branch] === false) enterBranch(t, place, branch, scope);
  });
}

function enterBranch(t: Transition, place: Place, branch: number, scope: readonly number[]): void {
  enterList(t, listOfBranch(place.step, branch), 0, scopeOfBranch(place.step, branch, scope));
}

function optionsOf(step: Step): BlockOptions {
  return step.kind === 'parallel' || step.kind === 'forEach' ? step : {};
}

function listOfBranch(step: Step, branch: number): StepList {
  if (step.kind === 'parallel') return step.branches[branch]?.steps ?? [];
  return step.kind === 'forEach' ? step.steps : [];
}

function scopeOfBranch(step: Step, branch: number, scope: readonly number[]): readonly number[] {
  return step.kind === 'forEach' ? [...scope, branch] : scope;
}

/** What comes after a step that is done. */
export function continueAfter(t: Transition, place: Place, scope: readonly number[]): void {
  if (place.index + 1 < place.list.length) enterList(t, place.list, place.index + 1, scope);
  else leaveOwner(t, place.owner, scope);
}

function leaveOwner(t: Transition, owner: Place['owner'], scope: readonly number[]): void {
  if (owner === null) {
    endMatter(t, 'completed', '办结');
    return;
  }
  const { place } = owner;
  if (place.step.kind === 'choose') {
    continueAfter(t, place, scope);
    return;
  }
  const outer = scope.slice(0, place.loops.length);
  const branch = place.step.kind === 'forEach' ? (scope[place.loops.length] ?? 0) : owner.branch;
  const key = blockKey(place, scope);
  t.emit('BranchFinished', { block: key, branch });
  afterBranch(t, place, key, outer);
}

/** Goes on after a block of which enough is done, and ends what is left of it; else enters the branch that had to wait. */
function afterBranch(t: Transition, place: Place, key: StepKey, scope: readonly number[]): void {
  const block = t.matter.blocks[key];
  if (block === undefined) return;
  const options = optionsOf(place.step);
  if (!isEnough(block, options)) {
    const next = nextBranch(block, options);
    if (next === null) return;
    t.emit('BranchEntered', { block: key, branch: next });
    enterBranch(t, place, next, scope);
    return;
  }
  const left = insideBranches(t, key, (branch) => block.done[branch] === false);
  clearPlaces(t, left, { task: 'step-closed', wait: 'block-closed', links: `“${place.step.name}”已办结,其余不再办理` });
  t.emit('BlockClosed', { block: key, canceled: false });
  continueAfter(t, place, scope);
}

/** Opens a step for its people: a new round with its own tasks, votes, timers and due date. */
export function openVisit(t: Transition, step: PeopleStep, key: StepKey, returned?: RoundPlan['returned']): void {
  const { scope, backTo } = parseKey(key);
  const place = placeOf(t.definition, step.id);
  const context = contextAt(t.definition, t.matter, place.loops, scope);
  const seed = `${t.matterId}:${t.command.id}`;
  const resolution = resolveStep(step, context, t.world, { definition: t.definition, matter: t.matter, key, seed });
  const name = nameInPlace(t.definition, t.matter, key, step.name, t.world.directory);
  if (resolution.kind === 'skip') {
    t.emit('StepSkipped', { visit: key, step: step.id, name, reason: resolution.reason });
    afterVisit(t, key);
    return;
  }
  const mode = step.kind === 'read' ? 'all' : step.mode;
  const limit = limitValue(step.limit, context);
  const due = dueOf(limit, t.now, t.world);
  const every = step.kind === 'handle' ? step.reports?.every : undefined;
  const reportAt = every === undefined ? null : dueOf(limitValue(every, context), t.now, t.world).dueAt;
  openRound(t, {
    key,
    step: step.id,
    name,
    kind: step.kind,
    mode,
    limit,
    due,
    backTo,
    parent: null,
    unassigned: resolution.unassigned,
    // A report asked for after the due date would only repeat that it is overdue.
    reportAt: reportAt !== null && reportAt < due.dueAt ? reportAt : null,
    ladder: ladderFromNow(t, due),
    assignees: resolution.assignees,
    ...(returned === undefined ? {} : { returned }),
  });
}

/** Lays a returned matter with its applicant. */
export function openCorrection(t: Transition, backTo: StepKey | null, returned: RoundPlan['returned']): void {
  const { matter, definition } = t;
  const limit = limitValue(definition.correctionLimit, contextOf(definition, matter));
  openRound(t, {
    key: keyOf(APPLICANT_STEP, [], backTo),
    step: APPLICANT_STEP,
    name: '申请人修改',
    kind: 'correct',
    mode: 'any',
    limit,
    due: dueOf(limit, t.now, t.world),
    backTo,
    parent: null,
    unassigned: false,
    reportAt: null,
    assignees: [{ id: matter.applicant.id, name: matter.applicant.name, reason: '退回申请人修改' }],
    ...(returned === undefined ? {} : { returned }),
  });
}

/** Closes a visit: what is left of its tasks goes, and its timers die with it. */
export function closeVisit(
  t: Transition,
  key: StepKey,
  outcome: VisitOutcome,
  because: EventFacts['TaskClosed']['because'],
  why?: string,
): void {
  const visit = t.matter.visits[key];
  if (visit === undefined || visit.status === 'closed') return;
  for (const side of Object.values(t.matter.visits)) if (side.parent === key) closeVisit(t, side.key, 'canceled', because);
  for (const task of Object.values(t.matter.tasks)) if (task.visit === key) t.emit('TaskClosed', { task: task.id, because });
  // Whoever ends a step without the feedback asked for last has missed it; one that is called off judges nobody.
  if (outcome === 'completed' || outcome === 'returned') judgeReports(t, key);
  const { step, name, round } = visit;
  t.emit('StepClosed', { visit: key, step, name, round, outcome, ...(why === undefined ? {} : { because: why }) });
}

/**
 * Clears places when a return or the end of a block leaves them: open visits, waits and blocks end, effects that can be undone are, and matters that were started there are called
 * back where their step says so.
 * @param chosen whether a key lies there.
 * @returns the keys of all visits there, closed ones too.
 */
export function clearPlaces(
  t: Transition,
  chosen: (key: StepKey) => boolean,
  because: { task: EventFacts['TaskClosed']['because']; wait: 'returned' | 'block-closed'; links: string },
): StepKey[] {
  const visits = Object.values(t.matter.visits).filter((visit) => !isSideStep(visit.step) && chosen(visit.key));
  for (const visit of visits) closeVisit(t, visit.key, 'canceled', because.task);
  for (const key of Object.keys(t.matter.waits)) if (chosen(key)) endWait(t, key, because.wait);
  const canceled = because.wait === 'returned';
  // What a return leaves behind is forgotten; what was left over of a block has ended, and somebody may still go back into it.
  for (const { key, done } of Object.values(t.matter.blocks))
    if (chosen(key) && (canceled || done.includes(false))) t.emit('BlockClosed', { block: key, canceled });
  for (const [step, { effect }] of Object.entries(t.matter.effects)) {
    if (chosen(step) && isUndoable(effect)) t.emit('EffectUndone', { step, effect });
  }
  recallLinks(t, chosen, because.links);
  return visits.map((visit) => visit.key);
}

/** Goes on after a visit that ended well: straight back on a detour, else to what follows in the definition. */
export function afterVisit(t: Transition, key: StepKey): void {
  const { step, scope, backTo } = parseKey(key);
  if (backTo !== null) {
    reopen(t, backTo);
    return;
  }
  if (step === APPLICANT_STEP) enterList(t, t.definition.steps, 0, []);
  else continueAfter(t, placeOf(t.definition, step), scope);
}

/** Opens a step anew by its key; one that starts other matters asks for them anew. */
export function reopen(t: Transition, key: StepKey, returned?: RoundPlan['returned']): void {
  const { step, scope } = parseKey(key);
  const place = placeOf(t.definition, step);
  if (place.step.kind === 'link') {
    enterStep(t, place.step, scope);
    return;
  }
  if (place.step.kind !== 'approve' && place.step.kind !== 'handle' && place.step.kind !== 'read') {
    throw new Error(`Step "${step}" has no people, so a matter cannot be returned to it`);
  }
  openVisit(t, place.step, key, returned);
}

/** Ends the matter: nothing stays open, and what was booked for it is given back unless it was completed. */
export function endMatter(t: Transition, code: Outcome, text: string): void {
  for (const visit of Object.values(t.matter.visits))
    if (visit.status === 'open') closeVisit(t, visit.key, 'canceled', 'matter-ended');
  // Nobody stops the clock any more: whether the matter ended late is told by the time that was left.
  settleClock(t);
  for (const key of Object.keys(t.matter.waits)) endWait(t, key, 'matter-ended');
  if (code !== 'completed') {
    for (const [step, { effect }] of Object.entries(t.matter.effects))
      if (isUndoable(effect)) t.emit('EffectUndone', { step, effect });
    recallLinks(t, () => true, `发起它的办件已结束:${text}`);
  }
  archive(t, code);
  t.emit('MatterEnded', { code, text });
}

function isArchived(t: Transition): boolean {
  return Object.values(t.matter.effects).some(({ effect }) => effect.kind === 'archive');
}

/** Closing a matter makes an archive entry (001: 纸质和电子同步归档), unless a step of its own did. A matter taken back leaves none. */
function archive(t: Transition, code: Outcome): void {
  if (code === 'withdrawn' || isArchived(t)) return;
  const { class: archiveClass, retention } = t.definition.archive;
  const effect: Effect = { kind: 'archive', class: archiveClass, retention: retention(contextOf(t.definition, t.matter)) };
  t.emit('EffectDone', { step: ARCHIVE_AT_END, name: '归档', effect });
}

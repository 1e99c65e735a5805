/**
 * Taking an act back 取回: by who acted, until somebody has acted after them or something happened that can't be undone.
 *
 * In an open round the act's seat is free again. A round that was closed by it is opened anew with what the others decided, and what
 * followed it is set aside as by a return. A task that was handed on comes back while its receiver has done nothing with it.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { ActOnTask } from '../commands.ts';
import { isUndoable } from '../effects.ts';
import { clearAfter, reopenBlocks } from '../flow/go-back.ts';
import { latestRound } from '../fold/evolve-round.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { wasOpened } from '../stale.ts';
import { APPLICANT_STEP, isSideStep, type Matter, type Seat, type Task, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { blockKey, follows, locationOf, parseKey, placeOf, plainKey, positionOf } from '../tree.ts';
import { takeOver } from './detours.ts';
import { openRound } from './round.ts';
import { whyNoMoreRounds } from './send-back.ts';
import { settleRound } from './settle.ts';
import { seatsAfter, seatsBelow } from './signers.ts';

/** An act that may be taken back. */
export interface TakeBack {
  /** Id of the task that was done. */
  task: string;
  step: string;
  name: string;
  /** What was done with it. */
  action: string;
}

/** What is known of a task that is done: a decision in a seat, or its hand-over. */
type Done =
  | { kind: 'decision'; visit: Visit; seat: Seat; person: string; coverFor: string | null; action: string }
  | { kind: 'transfer'; visit: Visit; seat: Seat; person: string };

function doneIn(visit: Visit, task: string): Done | null {
  const given = visit.seats.find((seat) => seat.given?.task === task);
  if (given?.given !== undefined) return { kind: 'transfer', visit, seat: given, person: given.given.person };
  const decision = visit.decisions.find((one) => one.task === task);
  const seat = visit.seats.find((one) => one.id === decision?.seat);
  if (decision === undefined || seat === undefined) return null;
  const { person, coverFor, action } = decision;
  return { kind: 'decision', visit, seat, person, coverFor, action };
}

function doneOf(matter: Matter, task: string): Done | null {
  // What is decided on a detour stands in the step's own round too, where its seat is another.
  const visits = Object.values(matter.visits).sort((a, b) => Number(b.backTo !== null) - Number(a.backTo !== null));
  for (const visit of visits) {
    const done = doneIn(visit, task);
    if (done !== null) return done;
  }
  return null;
}

function isTheirs(done: Done, person: string): boolean {
  return done.person === person || (done.kind === 'decision' && done.coverFor === person);
}

const LATER = '其后已有人办理,不能取回;可请其退回';

/** Why a person can't take back what they did with a task, in Chinese, or null when they can. */
export function whyNotTakeBack(definition: ProcessDefinition, matter: Matter, task: string, person: string): string | null {
  const done = doneOf(matter, task);
  if (done === null || !isTheirs(done, person)) return '只有办理人可以取回自己的办理';
  return done.kind === 'transfer' ? whyNotTransfer(definition, done) : whyNotDecision(definition, matter, done);
}

/** What a person may take back now. */
export function takeBacksOf(definition: ProcessDefinition, matter: Matter, person: string): TakeBack[] {
  if (matter.phase === 'ended') return [];
  const found = new Map<string, TakeBack>();
  for (const visit of Object.values(matter.visits)) {
    const acts = visit.decisions.flatMap((one) => (one.task === undefined ? [] : [{ task: one.task, action: one.action }]));
    const given = visit.seats.flatMap((seat) =>
      seat.given === undefined ? [] : [{ task: seat.given.task, action: 'transfer' }],
    );
    for (const { task, action } of [...acts, ...given]) {
      const mine = doneOf(matter, task);
      if (mine === null || !isTheirs(mine, person) || found.has(task)) continue;
      if (whyNotTakeBack(definition, matter, task, person) === null)
        found.set(task, { task, step: visit.step, name: visit.name, action });
    }
  }
  return [...found.values()];
}

function notOffered(definition: ProcessDefinition, visit: Visit): string | null {
  if (visit.step === APPLICANT_STEP) return '重新提交后不能取回;需要改动的,可在允许撤回时撤回办件';
  if (isSideStep(visit.step)) return '阅知和答复不能取回,可以留言补充';
  const { step } = placeOf(definition, visit.step);
  const without = 'withoutDetours' in step && step.withoutDetours?.includes('takeBack') === true;
  return without ? `环节“${visit.name}”不允许取回` : null;
}

function whyNotTransfer(definition: ProcessDefinition, { visit, seat }: Extract<Done, { kind: 'transfer' }>): string | null {
  const forbidden = notOffered(definition, visit);
  if (forbidden !== null) return forbidden;
  const { task, person } = seat.given ?? { task: '', person: '' };
  const untouched =
    visit.status === 'open' &&
    seat.status !== 'removed' &&
    !visit.decisions.some((one) => one.seat === seat.id && one.task !== task) &&
    // Signers whom the receiver added are an act of theirs; those whom the giver had added came with the task.
    visit.groups.every((group) => group.seat !== seat.id || group.by === person) &&
    !seatsBelow(visit, seat).some((one) => one.status === 'done');
  return untouched ? null : LATER;
}

function whyNotDecision(
  definition: ProcessDefinition,
  matter: Matter,
  { visit, seat, action }: Extract<Done, { kind: 'decision' }>,
): string | null {
  if (action === 'return') return '退回不能取回,可请收到退回的人再次提交';
  const forbidden = notOffered(definition, visit);
  if (forbidden !== null) return forbidden;
  if (visit.superseded || latestRound(matter, plainKey(visit.key))?.key !== visit.key) return '该环节已重新办理,不能取回';
  if (seatsAfter(visit, seat).some((one) => one.status === 'done')) return LATER;
  if (visit.status === 'open') return null;
  if (visit.outcome === 'skipped' || visit.outcome === 'canceled' || visit.outcome === 'returned')
    return `环节“${visit.name}”已另行结束,不能取回`;
  if (visit.backTo !== null) return '已直接回到退回的环节,不能取回;可请其再次退回';
  return whyNotReopened(definition, matter, visit);
}

/** Why a closed round can't be opened again: what followed it has been touched, or can't be undone. */
function whyNotReopened(definition: ProcessDefinition, matter: Matter, visit: Visit): string | null {
  const at = positionOf(definition, visit.key);
  const later = (key: string): boolean => follows(positionOf(definition, locationOf(key)), at);
  const since = visit.closedAt ?? '';
  const visits = Object.values(matter.visits);
  const following = visits.filter((one) => !isSideStep(one.step) && !one.superseded && one.openedAt >= since && later(one.key));
  if (following.some((one) => wasTouched(matter, one))) return LATER;
  const done = Object.entries(matter.effects).some(([step, one]) => one.at >= since && !isUndoable(one.effect) && later(step));
  if (done) return '其后已办理归档、交还等不能撤销的事项,不能取回';
  const left = Object.values(matter.links).some(
    (link) => link.whenWithdrawn === 'leave' && link.status !== 'refused' && later(link.step),
  );
  if (left) return '其后已发起关联办件,不能取回';
  return crowds(definition, matter, visit) ? '其后的分支已经开始办理,不能取回' : null;
}

/** Whether anybody has done anything with an open or closed round. */
function wasTouched(matter: Matter, visit: Visit): boolean {
  return (
    visit.decisions.length > 0 ||
    visit.groups.length > 0 ||
    visit.reports.count > 0 ||
    visit.extensions > 0 ||
    visit.seats.some((seat) => seat.given !== undefined) ||
    Object.values(matter.tasks).some((task) => task.visit === visit.key && task.claimedBy !== null) ||
    Object.values(matter.visits).some((one) => one.parent === visit.key)
  );
}

/** Whether opening a branch again would make more of them run than may run at once. */
export function crowds(definition: ProcessDefinition, matter: Matter, visit: Pick<Visit, 'key' | 'step'>): boolean {
  const { scope } = parseKey(visit.key);
  for (let owner = placeOf(definition, visit.step).owner; owner !== null; owner = owner.place.owner) {
    const { step } = owner.place;
    if ((step.kind !== 'parallel' && step.kind !== 'forEach') || step.atMost === undefined) continue;
    const block = matter.blocks[blockKey(owner.place, scope)];
    const branch = step.kind === 'forEach' ? (scope[owner.place.loops.length] ?? 0) : owner.branch;
    if (block === undefined || block.done[branch] !== true) continue;
    const running = block.done.filter((done, one) => !done && block.entered[one] === true).length;
    if (running >= step.atMost) return true;
  }
  return false;
}

/** Decides a taking back. @param open the task, when it is still to be done. */
export function decideTakeBack(t: Transition, command: ActOnTask, open: Task | undefined): Refusal | null {
  const person = command.by.kind === 'person' ? command.by.id : null;
  const name = person === null ? undefined : t.world.directory.people[person]?.name;
  if (open !== undefined) {
    const theirs = open.assignees.some((one) => one.id === person);
    return theirs ? refuse('action-not-offered', '该待办尚未办理,无须取回') : refuse('not-allowed', '您不是该待办的办理人');
  }
  if (!wasOpened(t.matter, command.task)) return refuse('task-unknown', '待办不存在');
  const done = doneOf(t.matter, command.task);
  if (done === null) return refuse('task-closed', '该待办未经办理即已收回,或其环节已重新办理,不能取回');
  if (person === null || name === undefined || !isTheirs(done, person))
    return refuse('not-allowed', '只有办理人可以取回自己的办理');
  const why = whyNotTakeBack(t.definition, t.matter, command.task, person);
  if (why !== null) return refuse('too-late', why);
  const limit = done.visit.status === 'open' ? null : whyNoMoreRounds(t, done.visit.key);
  if (limit !== null) return refuse('too-many-rounds', limit);
  if (done.kind === 'transfer') takeTransferBack(t, done, { id: person, name });
  else takeDecisionBack(t, command.task, done, { id: person, name });
  return null;
}

function takeTransferBack(
  t: Transition,
  { visit, seat }: Extract<Done, { kind: 'transfer' }>,
  by: { id: string; name: string },
): void {
  // What was handed on comes back with the task.
  const draft = t.matter.tasks[seat.task ?? '']?.draft ?? null;
  t.emit('SeatReassigned', {
    visit: visit.key,
    stepName: visit.name,
    round: visit.round,
    seat: seat.id,
    task: seat.task,
    from: seat.assignees,
    to: seat.given?.from ?? [],
    how: 'taken-back',
    person: by.id,
    name: by.name,
    coverForName: null,
    reason: '',
  });
  if (seat.task === null) settleRound(t, visit.key);
  else takeOver(t, visit.key, seat.id, draft);
}

function takeDecisionBack(
  t: Transition,
  task: string,
  { visit, seat }: Extract<Done, { kind: 'decision' }>,
  by: { id: string; name: string },
): void {
  const { key, name: stepName, round } = visit;
  const facts = { task, visit: key, stepName, round, seat: seat.id, person: by.id, name: by.name };
  if (visit.status === 'open') {
    t.emit('ActTakenBack', facts);
    settleRound(t, key);
    return;
  }
  t.emit('ActTakenBack', { ...facts, superseded: clearAfter(t, key) });
  reopenBlocks(t, key);
  goOnWith(t, key);
}

/** Opens a closed round again where it was left: with its people, what the others decided, and its own due date (domain D12). */
function goOnWith(t: Transition, key: string): void {
  const visit = t.matter.visits[key];
  if (visit === undefined) throw new Error(`Step ${key} was taken back without ever having been open`);
  const { step, name, kind, mode, limit, due, backTo, parent, unassigned, seats, groups, decisions } = visit;
  const assignees = seats.filter((one) => one.group === 0).flatMap((one) => one.assignees);
  openRound(t, {
    key,
    step,
    name,
    kind,
    mode,
    limit,
    due,
    backTo,
    parent,
    unassigned,
    reportAt: null,
    assignees,
    carried: { seats, groups, decisions },
  });
}

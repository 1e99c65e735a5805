/** Sending a matter back 退回: what may be wrong with it, told at once, and what it sets aside. */
import type { Fault } from '../../../definitions/language/json.ts';
import { type ActOnTask, COMMAND_LIMITS } from '../commands.ts';
import { isUndoable } from '../effects.ts';
import { closeVisit, openCorrection, reopen } from '../flow/flow.ts';
import { clearFrom, reopenBlocks } from '../flow/go-back.ts';
import { roundsOfLinks } from '../link.ts';
import { APPLICANT_STEP, type Assignee, type StepKey, type Task, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { follows, locationOf, parseKey, placeOf, positionOf } from '../tree.ts';
import { findTarget, meantBy, returnTargets } from './return.ts';

/** Why a matter can't be sent to a place once more, or null. */
export function whyTooOften(t: Transition, task: Task, command: ActOnTask): string | null {
  const order = command.returnOrder;
  const target = order === null ? null : findTarget(t.definition, t.matter, task, order.to);
  return target === null ? null : whyNoMoreRounds(t, target);
}

/** Why a step can't be opened once more, or null. */
export function whyNoMoreRounds(t: Transition, target: StepKey): string | null {
  return Math.max(t.matter.rounds[target] ?? 0, roundsOfLinks(t.matter.links, target)) >= COMMAND_LIMITS.roundsPerStep
    ? `同一环节最多退回${COMMAND_LIMITS.roundsPerStep}次,请改为不同意或与办理人当面沟通`
    : null;
}

/** Every fault of a return beside its reason: where to, and how it comes back. */
export function returnFaults(t: Transition, task: Task, command: ActOnTask): Fault[] {
  const order = command.returnOrder;
  if (order === null) return [{ path: '/to', message: '请选择退回到哪一环节' }];
  const targets = returnTargets(t.definition, t.matter, task);
  const meant = meantBy(t.definition, targets, order.to);
  const names = (meant.length > 1 ? meant : targets).map((one) => one.name).join('、');
  if (meant.length > 1) return [{ path: '/to', message: `符合的环节不止一个,请从中选定:${names}` }, ...busyFault(t, order)];
  const target = meant[0]?.key;
  if (target === undefined) return [{ path: '/to', message: `不能退回到所选环节,只能退回到:${names}` }, ...busyFault(t, order)];
  if (order.next === 'replay') return [];
  if (target === APPLICANT_STEP) return busyFault(t, { to: target, next: order.next });
  if (!effectBetween(t, target, task.visit)) return [];
  return [{ path: '/then', message: '两环节之间已有预订等生效的事项,不能直接返回本环节,请选择从该环节起重走' }];
}

/**
 * One form is corrected by one person at a time: while it lies with its applicant for somebody who wants it straight back, another
 * such return would have two corrections overwrite each other.
 */
function busyFault(t: Transition, order: { to: string; next: 'replay' | 'back' }): Fault[] {
  if (order.to !== APPLICANT_STEP || order.next === 'replay') return [];
  const correction = openCorrectionOf(t);
  if (correction === undefined) return [];
  const from = correction.returned?.from ?? '其他环节';
  const message = `申请人正按“${from}”的退回意见修改,请待其重新提交后再退回,或选择退回后从头重走`;
  return [{ path: '/then', message }];
}

function openCorrectionOf(t: Transition): Visit | undefined {
  return Object.values(t.matter.visits).find((visit) => visit.step === APPLICANT_STEP && visit.status === 'open');
}

/** Whether something that can be undone took effect between two places: straight back would leave it standing on what was changed. */
function effectBetween(t: Transition, target: string, returner: string): boolean {
  const from = positionOf(t.definition, target);
  const to = positionOf(t.definition, locationOf(returner));
  return Object.entries(t.matter.effects).some(([step, { effect }]) => {
    if (!isUndoable(effect)) return false;
    const at = positionOf(t.definition, step);
    return follows(at, from) && follows(to, at);
  });
}

/** Sends the matter back after its return was recorded. Its order has passed {@link returnFaults}. */
export function sendBack(t: Transition, task: Task, seat: Assignee, command: ActOnTask): void {
  const order = command.returnOrder;
  const target = order === null ? null : findTarget(t.definition, t.matter, task, order.to);
  if (order === null || target === null)
    throw new Error(`The return of task ${task.id} has no target: its faults were not asked for`);
  closeVisit(t, task.visit, 'returned', 'returned');
  const reason = command.opinion?.trim() ?? '';
  goBack(t, { from: task.visit, fromName: task.name, target, next: order.next, reason, by: seat.name });
}

/** How a matter is sent back. */
export interface WayBack {
  /** The visit that sent it, and its name. */
  from: StepKey;
  fromName: string;
  target: StepKey;
  next: 'replay' | 'back';
  reason: string;
  by: string;
  /** True when an administrator sends it back. */
  rewound?: true;
}

/** Sets aside what will be done again, and opens the place that the matter goes back to. */
export function goBack(t: Transition, { from, fromName, target, next, reason, by, rewound }: WayBack): void {
  const superseded = next === 'replay' ? clearFrom(t, target) : [];
  const toName = targetName(t, target);
  const mark = rewound === true ? { rewound } : {};
  t.emit('MatterReturned', { from, fromName, to: target, toName, next, reason, by, superseded, ...mark });
  const returned = { by, from: fromName, reason };
  const backTo = next === 'back' ? from : null;
  if (target === APPLICANT_STEP) {
    openCorrection(t, backTo, returned);
    return;
  }
  if (backTo === null) reopenBlocks(t, target);
  reopen(t, backTo === null ? target : `${target}!${backTo}`, returned);
}

function targetName(t: Transition, key: StepKey): string {
  if (key === APPLICANT_STEP) return '申请人';
  return t.matter.visits[key]?.name ?? placeOf(t.definition, parseKey(key).step).step.name;
}

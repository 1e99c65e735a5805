/** Acting on a task: agree, disagree, complete, read, return. */

import type { CheckContext, Decision } from '../../definitions/language/context.ts';
import type { Fault } from '../../definitions/language/json.ts';
import { actionsOf, opinionRule, seatOf } from './allowed.ts';
import { type ActOnTask, COMMAND_LIMITS } from './commands.ts';
import { contextAt, contextOf } from './context.ts';
import { decideDetour, isDetour } from './detours.ts';
import { isUndoable } from './effects.ts';
import { formFaults, mergeFaults } from './faults.ts';
import { afterVisit, closeVisit, dueOf, endMatter, limitValue, openCorrection, reopen } from './flow.ts';
import { type Refusal, refuse } from './refusals.ts';
import { findTarget } from './return.ts';
import { settleRound } from './settle.ts';
import { wasOpened } from './stale.ts';
import { APPLICANT_STEP, type Assignee, type Task } from './state.ts';
import type { Transition } from './transition.ts';
import { comparePositions, follows, locationOf, parseKey, placeOf, positionOf } from './tree.ts';

/** Decides an action on a task. */
export function decideAct(t: Transition, command: ActOnTask): Refusal | null {
  // A task id is whatever somebody sent, `constructor` too.
  const task = Object.hasOwn(t.matter.tasks, command.task) ? t.matter.tasks[command.task] : undefined;
  if (task === undefined) return missingTask(t, command.task);
  const seat = command.by.kind === 'person' ? seatOf(task, command.by.id) : null;
  if (seat === null) return refuse('not-allowed', '您不是该待办的办理人');
  const offered = actionsOf(t.definition, t.matter, task);
  if (!offered.includes(command.action)) return refuse('action-not-offered', `环节“${task.name}”不支持此操作`);
  const faults = actFaults(t, task, command);
  if (faults.length > 0) return refuse('bad-input', '填写内容有误,请按提示一次性修改', faults);
  if (command.action === 'return') return decideReturn(t, task, seat, command);
  if (isDetour(command.action)) return decideDetour(t, task, seat, command);
  act(t, task, seat, command);
  return null;
}

function missingTask(t: Transition, task: string): Refusal {
  return wasOpened(t.matter, task)
    ? refuse('task-closed', '该待办已由他人办理或已收回,请查看最新状态')
    : refuse('task-unknown', '待办不存在');
}

function actFaults(t: Transition, task: Task, command: ActOnTask): Fault[] {
  const faults: Fault[] = [];
  const opinion = command.opinion?.trim() ?? '';
  if (opinionRule(t.definition, task, command.action) === 'required' && opinion === '') {
    faults.push({ path: '/opinion', message: command.action === 'return' ? '退回必须写明理由' : '请填写意见' });
  }
  if (opinion.length > COMMAND_LIMITS.opinion)
    faults.push({ path: '/opinion', message: `意见不超过${COMMAND_LIMITS.opinion}字` });
  for (const id of command.attachments) {
    if (!Object.hasOwn(t.world.files, id)) faults.push({ path: '/attachments', message: `附件${id}不存在或不是您上传的` });
  }
  if (command.action === 'complete') faults.push(...outputFaults(t, task, command));
  return faults;
}

function checkContext(t: Transition): CheckContext {
  const { matter, world, now } = t;
  const { calendar, directory, files, facts } = world;
  return {
    form: matter.form,
    settings: matter.settings,
    applicant: matter.applicant,
    now,
    appliedAt: matter.startedAt,
    calendar,
    directory,
    files,
    facts,
  };
}

function outputFaults(t: Transition, task: Task, command: ActOnTask): Fault[] {
  const output = command.output;
  if (output === null) return [{ path: '/output', message: '请填写办理结果' }];
  if (task.kind === 'correct') {
    const found = formFaults(t.definition, { ...checkContext(t), form: output }, t.world);
    return found.map((fault) => ({ ...fault, path: fault.path.replace(/^\/form/, '/output') }));
  }
  const place = placeOf(t.definition, task.step);
  const found = t.world.schemas.outputs[task.step]?.(output) ?? [];
  const step = place.step;
  if (step.kind !== 'handle' || step.check === undefined) return found;
  const { check } = step;
  const context = contextAt(t.definition, t.matter, place.loops, parseKey(task.visit).scope);
  return mergeFaults(found, () => check(context, output, checkContext(t)));
}

function decisionOf(t: Transition, task: Task, seat: Assignee, command: ActOnTask): Decision {
  return {
    person: seat.id,
    name: seat.name,
    action: command.action,
    at: t.now,
    opinion: command.opinion?.trim() || null,
    coverFor: seat.coverFor ?? null,
    coverForName: seat.coverForName ?? null,
    task: task.id,
    seat: task.seat,
    ...(task.addedBy === null ? {} : { added: true }),
  };
}

function recordAct(t: Transition, task: Task, seat: Assignee, command: ActOnTask): void {
  t.emit('TaskActed', {
    task: task.id,
    visit: task.visit,
    step: task.step,
    stepName: task.name,
    round: task.round,
    decision: decisionOf(t, task, seat, command),
    // Only a completion's output was checked; with any other action it means nothing.
    output: command.action === 'complete' ? command.output : null,
    attachments: command.attachments,
  });
}

function act(t: Transition, task: Task, seat: Assignee, command: ActOnTask): void {
  recordAct(t, task, seat, command);
  if (task.kind === 'correct') {
    correct(t, task, command);
    return;
  }
  const stop = command.action === 'complete' && task.addedBy === null ? endingOf(t, task, command) : null;
  if (stop !== null) {
    closeVisit(t, task.visit, 'completed', 'somebody-acted');
    endMatter(t, 'rejected', stop);
    return;
  }
  settleRound(t, task.visit);
}

function endingOf(t: Transition, task: Task, command: ActOnTask): string | null {
  const place = placeOf(t.definition, task.step);
  if (place.step.kind !== 'handle' || command.output === null) return null;
  return place.step.ends?.(contextAt(t.definition, t.matter, place.loops, parseKey(task.visit).scope), command.output) ?? null;
}

function correct(t: Transition, task: Task, command: ActOnTask): void {
  const form = command.output ?? t.matter.form;
  const changed = [...new Set([...Object.keys(form), ...Object.keys(t.matter.form)])].filter(
    (field) => JSON.stringify(form[field]) !== JSON.stringify(t.matter.form[field]),
  );
  t.emit('FormCorrected', {
    form,
    attachments: command.attachments.length > 0 ? command.attachments : t.matter.attachments,
    title: t.definition.title(form),
    changed,
  });
  closeVisit(t, task.visit, 'corrected', 'somebody-acted');
  resumeClock(t);
  afterVisit(t, task.visit);
}

/** Lets the matter's clock run on once nothing lies with the applicant: what was left is left still (domain D10, D12). */
function resumeClock(t: Transition): void {
  const { matter, definition } = t;
  const withApplicant = Object.values(matter.visits).some((visit) => visit.step === APPLICANT_STEP && visit.status === 'open');
  if (withApplicant || matter.suspensions.every((stop) => stop.to !== null)) return;
  const limit = limitValue(definition.statutoryLimit ?? definition.limit, contextOf(definition, matter));
  const suspensions = matter.suspensions.map((stop) => ({ from: stop.from, to: stop.to ?? t.now }));
  t.emit('ClockResumed', { due: dueOf(limit, matter.startedAt, t.world, suspensions) });
}

function decideReturn(t: Transition, task: Task, seat: Assignee, command: ActOnTask): Refusal | null {
  const order = command.returnOrder;
  if (order === null) return refuse('bad-input', '请选择退回到哪一环节', [{ path: '/to', message: '请选择退回到哪一环节' }]);
  const target = findTarget(t.definition, t.matter, task, order.to);
  if (target === null) {
    return refuse('bad-input', '不能退回到所选环节', [{ path: '/to', message: '只能退回申请人或本环节之前已经办理过的环节' }]);
  }
  if (order.next === 'back' && effectBetween(t, target, task.visit)) {
    const message = '两环节之间已有预订等生效的事项,不能直接返回本环节,请选择从该环节起重走';
    return refuse('bad-input', message, [{ path: '/then', message }]);
  }
  const round = t.matter.rounds[target] ?? 0;
  if (round >= COMMAND_LIMITS.roundsPerStep) {
    return refuse('too-many-rounds', `同一环节最多退回${COMMAND_LIMITS.roundsPerStep}次,请改为不同意或与办理人当面沟通`);
  }
  recordAct(t, task, seat, command);
  closeVisit(t, task.visit, 'returned', 'returned');
  const superseded = order.next === 'replay' ? goBackTo(t, target) : [];
  t.emit('MatterReturned', {
    from: task.visit,
    fromName: task.name,
    to: target,
    toName: targetName(t, target),
    next: order.next,
    reason: command.opinion?.trim() ?? '',
    by: seat.name,
    superseded,
  });
  const backTo = order.next === 'back' ? task.visit : null;
  if (target === APPLICANT_STEP) openCorrection(t, backTo);
  else {
    // Going back may have taken a correction out of the applicant's hands.
    resumeClock(t);
    if (backTo === null) reopenBlocks(t, target);
    reopen(t, backTo === null ? target : `${target}!${backTo}`);
  }
  return null;
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

function targetName(t: Transition, key: string): string {
  return key === APPLICANT_STEP ? '申请人' : placeOf(t.definition, parseKey(key).step).step.name;
}

/** Clears everything that follows a place: open visits, blocks and undoable effects. @returns what is set aside. */
function goBackTo(t: Transition, target: string): string[] {
  const from = positionOf(t.definition, target);
  const after = (key: string): boolean => follows(positionOf(t.definition, locationOf(key)), from);
  const visits = Object.values(t.matter.visits).filter((visit) => after(visit.key));
  for (const visit of visits) if (visit.status === 'open') closeVisit(t, visit.key, 'canceled', 'returned');
  for (const block of Object.keys(t.matter.blocks)) if (after(block)) t.emit('BlockClosed', { block, canceled: true });
  for (const [step, { effect }] of Object.entries(t.matter.effects)) {
    if (after(step) && isUndoable(effect)) t.emit('EffectUndone', { step, effect });
  }
  const keys = [...visits.map((visit) => visit.key), ...Object.keys(t.matter.outputs).filter(after)];
  const again = t.matter.visits[target] === undefined ? [] : [target];
  return [...new Set([...keys, ...again])].sort((a, b) =>
    comparePositions(positionOf(t.definition, locationOf(a)), positionOf(t.definition, locationOf(b))),
  );
}

/** Opens again the blocks around a target that had been left already, with only the target's own branch to be done. */
function reopenBlocks(t: Transition, target: string): void {
  const { step, scope } = parseKey(target);
  for (let owner = placeOf(t.definition, step).owner; owner !== null; owner = owner.place.owner) {
    const { place } = owner;
    if (place.step.kind !== 'parallel' && place.step.kind !== 'forEach') continue;
    const key = place.loops.length === 0 ? place.step.id : `${place.step.id}@${scope.slice(0, place.loops.length).join('.')}`;
    const block = t.matter.blocks[key];
    if (block === undefined) continue;
    const branch = place.step.kind === 'forEach' ? (scope[place.loops.length] ?? 0) : owner.branch;
    if (block.done[branch] !== true) continue;
    t.emit('BlockOpened', {
      block: key,
      name: place.step.name,
      kind: block.kind,
      items: block.items,
      done: block.done.map((done, at) => (at === branch ? false : done)),
    });
  }
}

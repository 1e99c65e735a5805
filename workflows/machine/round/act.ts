/** Acting on a task: who may, what is wrong with what they sent, and what follows from a decision. */
import type { CheckContext, Decision } from '../../../definitions/language/context.ts';
import type { Fault } from '../../../definitions/language/json.ts';
import { type ActOnTask, COMMAND_LIMITS } from '../commands.ts';
import { contextAt } from '../context.ts';
import { formFaults, mergeFaults } from '../faults.ts';
import { closeVisit, endMatter } from '../flow/flow.ts';
import { claimerOf, seatOf } from '../people/covers.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { wasOpened, whyClosed } from '../stale.ts';
import { type Assignee, isSideStep, type Task } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { actionsOf, opinionRule } from './allowed.ts';
import { correct } from './correct.ts';
import { decideDetour, detourFaults, isDetour, whyTooMany } from './detours.ts';
import { filesFaults, textFaults } from './limits.ts';
import { returnFaults, sendBack, whyTooOften } from './send-back.ts';
import { settleRound } from './settle.ts';
import { decideTakeBack } from './take-back.ts';
import { whyNotOffered } from './waiting.ts';

/** Decides an action on a task. */
export function decideAct(t: Transition, command: ActOnTask): Refusal | null {
  // A task id is whatever somebody sent, `constructor` too.
  const task = Object.hasOwn(t.matter.tasks, command.task) ? t.matter.tasks[command.task] : undefined;
  if (command.action === 'takeBack') return decideTakeBack(t, command, task);
  if (task === undefined) return missingTask(t, command);
  const seat = command.by.kind === 'person' ? seatOf(t.definition, t.matter, task, command.by.id, t.world) : null;
  if (seat === null) return notTheirs(t, task, command);
  if (!actionsOf(t.definition, t.matter, task, t.world).includes(command.action))
    return refuse('action-not-offered', whyNotOffered(t.matter, task));
  const limit = command.action === 'return' ? whyTooOften(t, task, command) : whyTooMany(t, task, command.action);
  if (limit !== null) return refuse('too-many-rounds', limit);
  const faults = actFaults(t, task, seat, command);
  if (faults.length > 0) return refuse('bad-input', '填写内容有误,请按提示一次性修改', faults);
  if (isDetour(command.action)) {
    decideDetour(t, task, seat, command);
    return null;
  }
  recordAct(t, task, seat, command);
  if (command.action === 'return') sendBack(t, task, seat, command);
  else follow(t, task, command);
  return null;
}

function missingTask(t: Transition, { task, by }: ActOnTask): Refusal {
  return wasOpened(t.matter, task)
    ? refuse('task-closed', whyClosed(t.matter, task, by.kind === 'person' ? by.id : null))
    : refuse('task-unknown', '待办不存在');
}

function notTheirs(t: Transition, task: Task, command: ActOnTask): Refusal {
  const person = command.by.kind === 'person' ? command.by.id : null;
  const claimer = claimerOf(t.definition, t.matter, task, t.world);
  return claimer !== null && task.assignees.some((one) => one.id === person)
    ? refuse('task-closed', `该待办已由${claimer.name}签收,其退签后您才能办理`)
    : refuse('not-allowed', '您不是该待办的办理人');
}

/** Everything that is wrong with an action, at once (一次性告知). */
function actFaults(t: Transition, task: Task, seat: Assignee, command: ActOnTask): Fault[] {
  const { action, output } = command;
  const rule = opinionRule(t.definition, task, action);
  const missing = action === 'return' ? '退回必须写明理由' : action === 'consult' ? '请写明要征询的事项' : '请填写意见';
  const faults = textFaults('/opinion', command.opinion, {
    max: COMMAND_LIMITS.opinion,
    required: rule === 'required' ? missing : null,
  });
  if (isDetour(action)) {
    if (rule === 'none' && (command.opinion?.trim() ?? '') !== '')
      faults.push({ path: '/opinion', message: '签收、退签不附意见,请办理时填写' });
    if (command.attachments.length > 0) faults.push({ path: '/attachments', message: '此操作不附材料,请办理时上传' });
  } else faults.push(...filesFaults(command.attachments, t.world));
  if (action === 'complete') faults.push(...outputFaults(t, task, command));
  else if (output !== null) faults.push({ path: '/output', message: '此操作不填写办理结果,请改用“办理完毕”或去掉办理结果' });
  if (action === 'return') faults.push(...returnFaults(t, task, command));
  if (isDetour(action)) faults.push(...detourFaults(t, task, seat, command));
  return faults;
}

/** What the checks of a definition look at in a transition. */
export function checkContext(t: Transition): CheckContext {
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
  // An added signer or a delegate may say what there is to say in words: the result is the holder's to give.
  if (output === null) return task.addedBy === null ? [{ path: '/output', message: '请填写办理结果' }] : [];
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
  return mergeFaults(found, '/output', output, [(value) => check(context, value, checkContext(t))]);
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
    // A corrected form stands in the event that follows, once.
    output: task.kind === 'correct' ? null : command.output,
    attachments: command.attachments,
  });
}

function follow(t: Transition, task: Task, command: ActOnTask): void {
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
  if (isSideStep(task.step) || command.output === null) return null;
  const place = placeOf(t.definition, task.step);
  if (place.step.kind !== 'handle') return null;
  return place.step.ends?.(contextAt(t.definition, t.matter, place.loops, parseKey(task.visit).scope), command.output) ?? null;
}

/**
 * What an administrator does to a matter: reassign, rewind, skip, terminate, hand over. Each has a reason and stays marked for ever.
 * Nobody intervenes in their own matter while another administrator could.
 */
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Fault } from '../../../definitions/language/json.ts';
import type { HandOverTasks, InterventionCommand, ReassignTask, RewindMatter, SkipStep, TerminateMatter } from '../commands.ts';
import { closeVisit, endMatter } from '../flow/flow.ts';
import { goOnAfterWait } from '../flow/linked.ts';
import { passOverLinks } from '../flow/waits.ts';
import { roundsOfLinks } from '../link.ts';
import { type Administrator, administratorIds, asAdministrator } from '../people/administrators.ts';
import type { PeopleWorld } from '../people/posts.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { listFaults, takeOver, whyNoVoice } from '../round/detours.ts';
import { textFaults } from '../round/limits.ts';
import { asTargets, meantBy, type ReturnTarget, wasGoneThrough } from '../round/return.ts';
import { goBack, whyNoMoreRounds } from '../round/send-back.ts';
import { goOnFrom, settleRound } from '../round/settle.ts';
import { crowds } from '../round/take-back.ts';
import { coverage, spokenBy } from '../spoken-by.ts';
import { wasOpened } from '../stale.ts';
import {
  APPLICANT_STEP,
  type Assignee,
  isSideStep,
  type Link,
  type Matter,
  type Seat,
  type StepKey,
  type Visit,
} from '../state.ts';
import type { Transition } from '../transition.ts';
import { follows, locationOf, parseKey, placeOf, positionOf } from '../tree.ts';

type Command = Exclude<InterventionCommand, { type: 'move' }>;

/** Why a person may not intervene in a matter, in Chinese, or null when they may. */
export function whyNotIntervene(matter: Matter, person: string, world: PeopleWorld): string | null {
  const who = asAdministrator(person, world);
  if (who === null) return '只有流程管理员可以干预办件';
  // Who stands in for the applicant steps in for them, and so no more than they could.
  const own = matter.applicant.id === who.id || matter.applicant.id === who.coverFor;
  const others = administratorIds(world).some((one) => one !== matter.applicant.id);
  return own && others ? '不能干预本人申请的办件,请其他流程管理员处理' : null;
}

/**
 * Where an administrator may send a matter back to: its applicant, and every step that was gone through, those too that started other
 * matters, which are then asked for anew.
 */
export function rewindTargets(definition: ProcessDefinition, matter: Matter): ReturnTarget[] {
  const visits = Object.values(matter.visits).filter(wasGoneThrough);
  const places = [...visits, ...linkStepsPassed(definition, matter)].filter((one) => !crowds(definition, matter, one));
  return [{ key: APPLICANT_STEP, name: '申请人', item: null }, ...asTargets(definition, matter, places)];
}

/** The steps that started other matters and lie behind something open. */
function linkStepsPassed(definition: ProcessDefinition, matter: Matter): { key: StepKey; step: string; name: string }[] {
  const open = openPlaces(matter).map((key) => positionOf(definition, locationOf(key)));
  const keys = new Set(Object.values(matter.links).flatMap((link) => (isCurrent(matter, link) ? [link.step] : [])));
  return [...keys]
    .filter((key) => matter.waits[key] === undefined && open.some((at) => follows(at, positionOf(definition, key))))
    .map((key) => {
      const { step } = parseKey(key);
      return { key, step, name: placeOf(definition, step).step.name };
    });
}

/** Whether a link is of its step's latest round and no return has set it aside. */
function isCurrent(matter: Matter, { step, round, superseded }: Link): boolean {
  return superseded !== true && round === roundsOfLinks(matter.links, step);
}

/** The open steps and waits of a matter, each with why it can't be passed over, or null when it can. */
export function skippables(
  definition: ProcessDefinition,
  matter: Matter,
): { visit: StepKey; name: string; why: string | null }[] {
  const visits = Object.values(matter.visits)
    .filter((visit) => visit.status === 'open' && visit.step !== APPLICANT_STEP && !isSideStep(visit.step))
    .map((visit) => ({ visit: visit.key, name: visit.name, why: whyNotSkip(definition, visit) }));
  const waits = Object.keys(matter.waits).map((key) => {
    const { name } = placeOf(definition, parseKey(key).step).step;
    return { visit: key, name, why: null };
  });
  return [...visits, ...waits];
}

/** A step without its output would leave later steps with nothing to go by, so handling is passed over only where the step says so. */
function whyNotSkip(definition: ProcessDefinition, visit: Visit): string | null {
  const { step } = placeOf(definition, visit.step);
  const allowed = 'skippable' in step && step.skippable !== undefined ? step.skippable : step.kind !== 'handle';
  return allowed ? null : `环节“${visit.name}”不允许跳过,可改派办理人`;
}

/** Decides an administrator's command. */
export function decideIntervention(t: Transition, command: Command): Refusal | null {
  const { by } = command;
  const who = by.kind === 'person' ? asAdministrator(by.id, t.world) : null;
  if (who === null) return refuse('not-allowed', '只有流程管理员可以干预办件');
  const why = whyNotIntervene(t.matter, who.id, t.world);
  if (why !== null) return refuse('not-allowed', why);
  switch (command.type) {
    case 'reassign':
      return reassign(t, command, who);
    case 'rewind':
      return rewind(t, command, who);
    case 'skip':
      return skip(t, command, who);
    case 'terminate':
      return terminate(t, command, who);
    case 'hand-over':
      return handOver(t, command, who);
  }
}

function reasonFaults(command: Command): Fault[] {
  return textFaults('/reason', command.reason, { required: '请写明理由' });
}

function faulty(faults: readonly Fault[]): Refusal | null {
  return faults.length > 0 ? refuse('bad-input', '填写内容有误,请按提示一次性修改', [...faults]) : null;
}

function mark(t: Transition, command: Command, who: Administrator, about: string): void {
  const reason = command.reason.trim();
  t.emit('AdminIntervened', { kind: command.type, person: who.id, name: who.name, ...coverage(who), reason, about });
}

function reassign(t: Transition, command: ReassignTask, who: Administrator): Refusal | null {
  const task = Object.hasOwn(t.matter.tasks, command.task) ? t.matter.tasks[command.task] : undefined;
  if (task === undefined) {
    return wasOpened(t.matter, command.task)
      ? refuse('task-closed', '该待办已办理或已收回,请查看最新状态')
      : refuse('task-unknown', '待办不存在');
  }
  const refusal = faulty([
    ...listFaults(command.people, (person) => whyNoVoice(t, task.visit, person, task.seat)),
    ...(isHeldBy(task.assignees, command.people) ? [{ path: '/people', message: '仍为原办理人' }] : []),
    ...reasonFaults(command),
  ]);
  if (refusal !== null) return refusal;
  const to = command.people.map((id) => assigneeFor(t, id, '流程管理员指派'));
  const names = (people: readonly Assignee[]): string => people.map((one) => one.name).join('、');
  mark(t, command, who, `“${task.name}”原由${names(task.assignees)}办理,改由${names(to)}办理`);
  give(t, { visit: task.visit, seat: task.seat, to, how: 'reassign', who, reason: command.reason.trim() });
  return null;
}

function isHeldBy(assignees: readonly Assignee[], people: readonly string[]): boolean {
  return people.length === assignees.length && assignees.every((one) => people.includes(one.id));
}

function assigneeFor(t: Transition, id: string, reason: string): Assignee {
  return { id, name: t.world.directory.people[id]?.name ?? id, reason };
}

/** Gives a seat to other people, with what was written so far. One whose turn has not come waits on for it. */
function give(
  t: Transition,
  order: { visit: StepKey; seat: number; to: Assignee[]; how: 'reassign' | 'hand-over'; who: Administrator; reason: string },
): void {
  const visit = t.matter.visits[order.visit];
  const seat = visit?.seats.find((one) => one.id === order.seat);
  if (visit === undefined || seat === undefined) return;
  const draft = seat.task === null ? null : (t.matter.tasks[seat.task]?.draft ?? null);
  t.emit('SeatReassigned', {
    visit: visit.key,
    stepName: visit.name,
    round: visit.round,
    seat: seat.id,
    task: seat.task,
    from: seat.assignees,
    to: order.to,
    how: order.how,
    person: order.who.id,
    name: order.who.name,
    coverForName: order.who.coverForName ?? null,
    reason: order.reason,
  });
  if (seat.task === null) settleRound(t, visit.key);
  else takeOver(t, visit.key, seat.id, draft);
}

function rewind(t: Transition, command: RewindMatter, who: Administrator): Refusal | null {
  const targets = rewindTargets(t.definition, t.matter);
  const meant = command.to === 'previous' ? [] : meantBy(t.definition, targets, command.to);
  const target = meant.length === 1 ? meant[0] : undefined;
  const limit = target === undefined ? null : whyNoMoreRounds(t, target.key);
  if (limit !== null) return refuse('too-many-rounds', limit);
  const names = (meant.length > 1 ? meant : targets).map((one) => one.name).join('、');
  const refusal = faulty([
    ...(target === undefined ? [{ path: '/to', message: `请从中选定回退到哪一环节:${names}` }] : []),
    ...reasonFaults(command),
  ]);
  if (refusal !== null || target === undefined) return refusal;
  mark(t, command, who, `回退至“${target.name}”,其后各环节重新办理`);
  const from = openPlaces(t.matter)[0] ?? target.key;
  const fromName = t.matter.visits[from]?.name ?? '流程管理员';
  const reason = command.reason.trim();
  goBack(t, { from, fromName, target: target.key, next: 'replay', reason, by: spokenBy(who), rewound: true });
  return null;
}

function openPlaces(matter: Matter): StepKey[] {
  const visits = Object.values(matter.visits).filter((visit) => visit.status === 'open' && !isSideStep(visit.step));
  return [...visits.map((visit) => visit.key), ...Object.keys(matter.waits)];
}

function skip(t: Transition, command: SkipStep, who: Administrator): Refusal | null {
  const found = skippables(t.definition, t.matter).find((one) => one.visit === command.visit);
  if (found === undefined) return refuse('action-not-offered', '该环节不在办理中,请查看最新状态');
  if (found.why !== null) return refuse('action-not-offered', found.why);
  const refusal = faulty(reasonFaults(command));
  if (refusal !== null) return refusal;
  mark(t, command, who, `跳过“${found.name}”`);
  const visit = t.matter.visits[found.visit];
  if (visit?.status === 'open') {
    closeVisit(t, visit.key, 'skipped', 'skipped', command.reason.trim());
    goOnFrom(t, visit);
  } else {
    passOverLinks(t, found.visit, command.reason.trim());
    goOnAfterWait(t, found.visit, 'skipped');
  }
  return null;
}

function terminate(t: Transition, command: TerminateMatter, who: Administrator): Refusal | null {
  const refusal = faulty(reasonFaults(command));
  if (refusal !== null) return refusal;
  mark(t, command, who, '终止办件');
  endMatter(t, 'terminated', `流程管理员终止:${command.reason.trim()}`);
  return null;
}

/** The seats of somebody in open rounds, those whose turn is still to come too. */
function seatsHeldBy(matter: Matter, person: string): { visit: Visit; seat: Seat }[] {
  return Object.values(matter.visits)
    .filter((visit) => visit.status === 'open')
    .flatMap((visit) =>
      visit.seats
        .filter((seat) => seat.status !== 'done' && seat.status !== 'removed')
        .filter((seat) => seat.assignees.some((one) => one.id === person))
        .map((seat) => ({ visit, seat })),
    );
}

function handOver(t: Transition, command: HandOverTasks, who: Administrator): Refusal | null {
  const held = seatsHeldBy(t.matter, command.from);
  const { people } = t.world.directory;
  const nameOf = (id: string): string => (Object.hasOwn(people, id) ? (people[id]?.name ?? id) : id);
  if (held.length === 0) return refuse('action-not-offered', `${nameOf(command.from)}在本办件没有待办可交接`);
  const refusal = faulty([...handOverFaults(t, command, held), ...reasonFaults(command)]);
  if (refusal !== null) return refusal;
  const reason = command.reason.trim();
  mark(t, command, who, `${nameOf(command.from)}的待办交${nameOf(command.to)}办理`);
  for (const { visit, seat } of held) {
    const heir = assigneeFor(t, command.to, `接办${nameOf(command.from)}的工作`);
    // Where the heir was one of several candidates already, they stay the one they are.
    const known = seat.assignees.some((one) => one.id === heir.id);
    const to = seat.assignees.flatMap((one) => (one.id !== command.from ? [one] : known ? [] : [heir]));
    give(t, { visit: visit.key, seat: seat.id, to, how: 'hand-over', who, reason });
  }
  return null;
}

function handOverFaults(t: Transition, { from, to }: HandOverTasks, held: readonly { visit: Visit; seat: Seat }[]): Fault[] {
  if (from === to) return [{ path: '/to', message: '不能交接给本人' }];
  const whys = held.flatMap(({ visit, seat }) => {
    const why = whyNoVoice(t, visit.key, to, seat.id);
    return why === null ? [] : [`环节“${visit.name}”:${why}`];
  });
  return whys.length === 0 ? [] : [{ path: '/to', message: [...new Set(whys)].join(';') }];
}

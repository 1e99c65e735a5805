/**
 * What moves a task about without deciding it: transfer 转办, delegate 委派, signers 加签、减签, claim 签收 and release 退签,
 * circulate 传阅 and consult 征询. Taking back 取回 is `take-back.ts`, for it concerns a task that is done.
 */
import type { Fault } from '../../../definitions/language/json.ts';
import { type ActOnTask, COMMAND_LIMITS, type Detour } from '../commands.ts';
import { claimerOf } from '../people/covers.ts';
import { whyUnfit } from '../people/policies.ts';
import { coverage, spokenBy } from '../spoken-by.ts';
import type { Assignee, Matter, Seat, SignerGroup, StepKey, Task, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { type Action, DETOURS, type DetourAction } from '../words.ts';
import { filesFaults, textFaults } from './limits.ts';
import { openTask, seatsFor } from './round.ts';
import { groupOf, seatOfTask } from './seats.ts';
import { settleRound } from './settle.ts';
import { circulate, consult, stillAdvising, stillReading, tooManySideSteps } from './side.ts';
import { removable, seatsBelow } from './signers.ts';

/** What a draft's output may come to in characters of JSON: it is checked by no schema, for it need not be complete. */
const DRAFT_OUTPUT_MAX = 50_000;

/** Whether an action is a detour. */
export function isDetour(action: Action): action is DetourAction {
  return DETOURS.some((one) => one === action);
}

/** Why a detour is no longer possible because it was made too often, or null. */
export function whyTooMany(t: Transition, task: Task, action: Action): string | null {
  if ((action === 'circulate' || action === 'consult') && tooManySideSteps(t.matter))
    return `本办件的传阅和征询已达${COMMAND_LIMITS.sideSteps}次,请改用留言`;
  const groups = t.matter.visits[task.visit]?.groups.length ?? 0;
  return (action === 'addSigners' || action === 'delegate') && groups >= COMMAND_LIMITS.signerGroups
    ? `本轮加签和委派已达${COMMAND_LIMITS.signerGroups}次,请办理或转办`
    : null;
}

/** Everything that is wrong with a detour, at once. */
export function detourFaults(t: Transition, task: Task, actor: Assignee, command: ActOnTask): Fault[] {
  if (command.action === 'claim' || command.action === 'release') return [];
  const detour = command.detour ?? null;
  if (detour === null || detour.kind !== command.action) {
    const path = command.action === 'transfer' || command.action === 'delegate' ? '/to' : '/people';
    return [{ path, message: '请选择人员' }];
  }
  switch (detour.kind) {
    case 'transfer':
      return [...namedFaults(t, task, actor, detour.to), ...draftFaults(t, detour)];
    case 'delegate':
      return namedFaults(t, task, actor, detour.to);
    case 'addSigners':
      return listFaults(detour.people, (person) => whyNoNewVoice(t, task, actor, person));
    case 'removeSigners':
      return removalFaults(t, task, detour.people);
    case 'circulate': {
      const reading = stillReading(t.matter);
      return listFaults(detour.people, (person) => whyNoReader(t, actor, person, reading, '已在传阅中'));
    }
    case 'consult': {
      const advising = stillAdvising(t.matter, task.visit);
      return listFaults(detour.people, (person) => whyNoReader(t, actor, person, advising, '已在征询中'));
    }
  }
}

function namedFaults(t: Transition, task: Task, actor: Assignee, person: string): Fault[] {
  const why = whyNoNewVoice(t, task, actor, person);
  return why === null ? [] : [{ path: '/to', message: why }];
}

function draftFaults(t: Transition, { draft }: Extract<Detour, { kind: 'transfer' }>): Fault[] {
  if (draft === null) return [];
  const tooLong = draft.output !== null && JSON.stringify(draft.output).length > DRAFT_OUTPUT_MAX;
  return [
    ...textFaults('/draft/opinion', draft.opinion, { max: COMMAND_LIMITS.opinion }),
    ...(tooLong ? [{ path: '/draft/output', message: '移交的办理结果过长' }] : []),
    ...filesFaults(draft.attachments, t.world).map((fault) => ({ ...fault, path: `/draft${fault.path}` })),
  ];
}

/** Faults of a list of people: none or too many of them, one named twice, and whatever else is wrong with each. */
export function listFaults(people: readonly string[], whyNot: (person: string) => string | null): Fault[] {
  const { people: max } = COMMAND_LIMITS;
  if (people.length === 0) return [{ path: '/people', message: '请选择人员' }];
  if (people.length > max) return [{ path: '/people', message: `一次最多选择${max}人` }];
  return people.flatMap((person, at) => {
    const why = people.indexOf(person) < at ? '人员重复' : whyNot(person);
    return why === null ? [] : [{ path: `/people/${at}`, message: why }];
  });
}

/** Why somebody can't be given a voice in the round of a task, or null: nobody speaks twice in a round. */
function whyNoNewVoice(t: Transition, task: Task, actor: Assignee, person: string): string | null {
  if (person === actor.id) return '不能选择本人';
  return whyNoVoice(t, task.visit, person);
}

/** Why somebody can't be given a seat in a visit, or null. @param except a seat that they would take over. */
export function whyNoVoice(t: Transition, key: StepKey, person: string, except: number | null = null): string | null {
  const unfit = Object.hasOwn(t.world.directory.people, person)
    ? whyUnfit(t.definition, t.matter, key, person, t.world.directory)
    : '不在学校人员名录中';
  if (unfit !== null) return unfit;
  const visit = t.matter.visits[key];
  if (visit === undefined || !hasVoice(visit, person, except)) return null;
  return `${nameOf(t, person)}已在本轮办理人员之中`;
}

function hasVoice(visit: Visit, person: string, except: number | null): boolean {
  const seated = visit.seats.some(
    (seat) =>
      seat.id !== except &&
      seat.status !== 'removed' &&
      // Whoever was delegated to and has answered has no voice: they were asked, and may be asked or added again.
      !(seat.status === 'done' && groupOf(visit, seat)?.position === 'delegate') &&
      seat.assignees.some((one) => one.id === person),
  );
  return seated || visit.decisions.some((one) => one.person === person && one.added !== true && one.action !== 'return');
}

function whyNoReader(t: Transition, actor: Assignee, person: string, already: ReadonlySet<string>, says: string): string | null {
  if (person === actor.id) return '不能选择本人';
  const found = Object.hasOwn(t.world.directory.people, person) ? t.world.directory.people[person] : undefined;
  if (found === undefined) return '不在学校人员名录中';
  if (!found.active) return `${found.name}已离职`;
  return already.has(person) ? `${found.name}${says}` : null;
}

function removalFaults(t: Transition, task: Task, people: readonly string[]): Fault[] {
  const visit = visitOf(t.matter, task);
  const names = new Set(removable(visit, seatOfTask(visit, task.id)).flatMap((seat) => seat.assignees.map((one) => one.id)));
  return listFaults(people, (person) => (names.has(person) ? null : '不是您加签的人员,或已经办理,不能减签'));
}

function visitOf(matter: Matter, task: Task): Visit {
  const visit = matter.visits[task.visit];
  if (visit === undefined) throw new Error(`Task ${task.id} is open in step ${task.visit}, which was never opened`);
  return visit;
}

function nameOf(t: Transition, person: string): string {
  return t.world.directory.people[person]?.name ?? person;
}

function assigneeFor(t: Transition, id: string, reason: string): Assignee {
  return { id, name: nameOf(t, id), reason };
}

/** Makes a detour. It has passed {@link detourFaults}. */
export function decideDetour(t: Transition, task: Task, actor: Assignee, command: ActOnTask): void {
  if (command.action === 'claim') {
    claim(t, task, actor);
    return;
  }
  if (command.action === 'release') {
    const claimer = task.assignees.find((one) => one.id === task.claimedBy);
    if (claimer !== undefined)
      t.emit('TaskReleased', { task: task.id, person: claimer.id, name: claimer.name, ...byCover(actor) });
    return;
  }
  const { detour = null } = command;
  const reason = command.opinion?.trim() ?? '';
  switch (detour?.kind) {
    case 'transfer':
      transfer(t, task, actor, detour, reason);
      return;
    case 'delegate':
      addGroup(t, task, actor, { people: [detour.to], position: 'delegate', mode: 'any', reason });
      return;
    case 'addSigners':
      addGroup(t, task, actor, { ...detour, reason });
      return;
    case 'removeSigners':
      remove(t, task, actor, detour.people, reason);
      return;
    case 'circulate': {
      const people = detour.people.map((id) => assigneeFor(t, id, `${spokenBy(actor)}传阅`));
      circulate(t, people, actor, reason === '' ? null : reason);
      return;
    }
    case 'consult': {
      const people = detour.people.map((id) => assigneeFor(t, id, `${spokenBy(actor)}征询意见`));
      consult(t, task, people, actor, reason);
      return;
    }
    case undefined:
      throw new Error(`A ${command.action} says nothing of whom it is about: its faults were not asked for`);
  }
}

/** Takes a task of several on for the one in whose place somebody acts. A cover 顶岗 claims for whom they stand in. */
function claim(t: Transition, task: Task, actor: Assignee): void {
  if (claimerOf(t.definition, t.matter, task, t.world) !== null || task.assignees.length < 2) return;
  const person = actor.coverFor ?? actor.id;
  t.emit('TaskClaimed', { task: task.id, person, name: actor.coverForName ?? actor.name, ...byCover(actor) });
}

function byCover(actor: Assignee): { coverName?: string; coverForName?: string } {
  return actor.coverForName === undefined ? {} : { coverName: actor.name, coverForName: actor.coverForName };
}

function transfer(
  t: Transition,
  task: Task,
  actor: Assignee,
  { to, draft }: Extract<Detour, { kind: 'transfer' }>,
  reason: string,
): void {
  claim(t, task, actor);
  const visit = visitOf(t.matter, task);
  const seat = seatOfTask(visit, task.id);
  t.emit('SeatReassigned', {
    visit: task.visit,
    stepName: task.name,
    round: task.round,
    seat: seat.id,
    task: task.id,
    from: seat.assignees,
    to: [assigneeFor(t, to, `${spokenBy(actor)}转办`)],
    how: 'transfer',
    person: actor.id,
    name: actor.name,
    coverForName: actor.coverForName ?? null,
    reason,
  });
  const handedOn = draft === null ? null : { ...draft, by: actor.id, byName: actor.name };
  takeOver(t, task.visit, seat.id, handedOn);
}

/** Gives a seat that got other people its new task, and whatever follows in its round. */
export function takeOver(t: Transition, key: StepKey, seatId: number, draft: Task['draft']): void {
  const visit = t.matter.visits[key];
  const seat = visit?.seats.find((one) => one.id === seatId);
  if (visit !== undefined && seat !== undefined) openTask(t, visit, seat, draft);
  settleRound(t, key);
}

function addGroup(
  t: Transition,
  task: Task,
  actor: Assignee,
  added: { people: readonly string[]; position: SignerGroup['position']; mode: SignerGroup['mode']; reason: string },
): void {
  claim(t, task, actor);
  const visit = visitOf(t.matter, task);
  const seat = seatOfTask(visit, task.id);
  const id = visit.groups.reduce((most, one) => Math.max(most, one.id), 0) + 1;
  const firstSeat = visit.seats.reduce((most, one) => Math.max(most, one.id), 0) + 1;
  const says = added.position === 'delegate' ? '委派' : '加签';
  const people = added.people.map((one) => assigneeFor(t, one, `${spokenBy(actor)}${says}`));
  const { position, mode, reason } = added;
  t.emit('SignersAdded', {
    visit: task.visit,
    stepName: task.name,
    round: task.round,
    task: task.id,
    group: { id, seat: seat.id, by: actor.id, byName: actor.name, position, mode },
    seats: seatsFor(mode, people, firstSeat, id),
    reason,
    ...coverage(actor),
  });
  settleRound(t, task.visit);
}

/** Takes signers off again, with those whom they added in turn. One of several who may sign leaves the others their task. */
function remove(t: Transition, task: Task, actor: Assignee, people: readonly string[], reason: string): void {
  const visit = visitOf(t.matter, task);
  const named = (seat: Seat): boolean => seat.assignees.some((one) => people.includes(one.id));
  const chosen = removable(visit, seatOfTask(visit, task.id)).filter(named);
  const told = chosen.flatMap((seat) => seat.assignees.filter((one) => people.includes(one.id)));
  const whole = chosen.filter((seat) => seat.assignees.every((one) => people.includes(one.id)));
  const seats = whole.flatMap((seat) => [seat, ...seatsBelow(visit, seat)]).filter((seat) => seat.status !== 'removed');
  for (const seat of seats) if (seat.task !== null) t.emit('TaskClosed', { task: seat.task, because: 'removed' });
  const { name: stepName, round } = visit;
  const ids = seats.map((seat) => seat.id);
  t.emit('SignersRemoved', {
    visit: visit.key,
    stepName,
    round,
    seats: ids,
    people: told,
    person: actor.id,
    name: actor.name,
    reason,
    ...coverage(actor),
  });
  for (const seat of chosen) if (!whole.includes(seat)) keepOthers(t, visit, seat, people, actor, reason);
  settleRound(t, task.visit);
}

function keepOthers(t: Transition, visit: Visit, seat: Seat, people: readonly string[], actor: Assignee, reason: string): void {
  t.emit('SeatReassigned', {
    visit: visit.key,
    stepName: visit.name,
    round: visit.round,
    seat: seat.id,
    task: seat.task,
    from: seat.assignees,
    to: seat.assignees.filter((one) => !people.includes(one.id)),
    how: 'removed',
    person: actor.id,
    name: actor.name,
    coverForName: actor.coverForName ?? null,
    reason,
  });
}

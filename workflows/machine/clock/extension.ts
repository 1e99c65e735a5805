/**
 * A later due date 延期: asked before the present one by whoever may act on the task, with a reason and a day, and granted by whom the
 * definition names (domain D11). The answer is a side step: nothing waits for it, and it dies with the step that it is about.
 */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import { schoolDate } from '../../../definitions/language/calendar.ts';
import type { AnyShape } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { PostRole } from '../../../definitions/language/directory.ts';
import type { Fault } from '../../../definitions/language/json.ts';
import type { Extension } from '../../../definitions/language/steps.ts';
import { type AskExtension, COMMAND_LIMITS } from '../commands.ts';
import { contextAt } from '../context.ts';
import { seatOf } from '../people/covers.ts';
import type { PeopleWorld } from '../people/posts.ts';
import { peopleByRule } from '../people/resolve.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { openRound } from '../round/round.ts';
import { askedBy } from '../spoken-by.ts';
import { APPLICANT_STEP, type Assignee, isSideStep, type Matter, type Task, type Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { dueOf, limitValue } from './clock.ts';
import { changeMatterDue, changeVisitDue } from './due-change.ts';

/** Who answers where the rules find nobody but the one who asks. */
const LAST_RESORTS: readonly PostRole[] = ['process-administrator', 'office-director', 'president', 'party-secretary'];
/** The lines of the old explanation that are kept, so that an explanation stays readable. */
const OLD_LINES_MAX = 14;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function extensionOf(definition: ProcessDefinition, step: string): Extension<AnyShape> | null {
  if (step === APPLICANT_STEP || isSideStep(step)) return null;
  const found = placeOf(definition, step).step;
  return found.kind === 'handle' ? (found.extension ?? null) : null;
}

/** The open tasks on which a person may act and for which more time can be asked. An added signer asks who added them. */
function extendableTasks(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): Task[] {
  return Object.values(matter.tasks).filter(
    (task) =>
      task.addedBy === null &&
      extensionOf(definition, task.step) !== null &&
      seatOf(definition, matter, task, person, world) !== null,
  );
}

/** Why no more time can be asked for a task now, or null when it can. */
function whyNotFor(definition: ProcessDefinition, matter: Matter, task: Task, now: string): Refusal | null {
  const visit = matter.visits[task.visit];
  const extension = extensionOf(definition, task.step);
  if (visit === undefined || extension === null) return refuse('action-not-offered', '该待办不能申请延期');
  if (visit.due.dueAt < now) return refuse('too-late', '已超过办理时限,延期须在到期前申请');
  if (openAnswer(matter, visit.key) !== null) return refuse('action-not-offered', '延期申请正在审批,请等待答复');
  // Counted over all rounds of the step: a return does not renew what was used up.
  const granted = visit.extensions + (visit.extendedBefore ?? 0);
  if (granted >= extension.times(contextOfVisit(definition, matter, visit)))
    return refuse('action-not-offered', '延期次数已用完,不能再申请延期');
  return null;
}

function contextOfVisit(definition: ProcessDefinition, matter: Matter, visit: Visit) {
  return contextAt(definition, matter, placeOf(definition, visit.step).loops, parseKey(visit.key).scope);
}

/** The side step that waits for an answer about a visit, or null. */
function openAnswer(matter: Matter, key: string): Visit | null {
  return (
    Object.values(matter.visits).find((visit) => visit.step === 'extension' && visit.parent === key && visit.status === 'open') ??
    null
  );
}

const NOTHING_TO_EXTEND = '您没有可以申请延期的待办';

/** Why a person can't ask for a later due date now, in Chinese, or null when they can. */
export function whyNotExtend(definition: ProcessDefinition, matter: Matter, person: string, world: PeopleWorld): string | null {
  const tasks = extendableTasks(definition, matter, person, world);
  const refusals = tasks.map((task) => whyNotFor(definition, matter, task, world.now));
  if (refusals.length === 0) return NOTHING_TO_EXTEND;
  return refusals.includes(null) ? null : (refusals[0]?.message ?? NOTHING_TO_EXTEND);
}

/** Asks for a later due date. */
export function decideExtend(t: Transition, command: AskExtension): Refusal | null {
  const { by } = command;
  const person = by.kind === 'person' ? t.world.directory.people[by.id] : undefined;
  const tasks = person === undefined ? [] : extendableTasks(t.definition, t.matter, person.id, t.world);
  const named = command.task === null ? tasks : tasks.filter((task) => task.id === command.task);
  const possible = named.filter((task) => whyNotFor(t.definition, t.matter, task, t.now) === null);
  const task = possible[0] ?? named[0];
  if (person === undefined || task === undefined) return refuse('not-allowed', NOTHING_TO_EXTEND);
  if (possible.length > 1) {
    return refuse('bad-input', '您有多项待办可以申请延期,请指明是哪一项', [{ path: '/task', message: '请指明待办编号' }]);
  }
  const refusal = whyNotFor(t.definition, t.matter, task, t.now);
  if (refusal !== null) return refusal;
  const visit = t.matter.visits[task.visit];
  const extension = extensionOf(t.definition, task.step);
  if (visit === undefined || extension === null) return refuse('action-not-offered', '该待办不能申请延期');
  const faults = faultsOf(t, command, visit, extension);
  if (faults.length > 0) return refuse('bad-input', '延期申请填写有误,请按提示一次性修改', faults);
  const seat = seatOf(t.definition, t.matter, task, person.id, t.world);
  ask(t, command, visit, extension, { id: person.id, name: person.name, coverForName: seat?.coverForName ?? null });
  return null;
}

function faultsOf(t: Transition, command: AskExtension, visit: Visit, extension: Extension<AnyShape>): Fault[] {
  const faults: Fault[] = [];
  if (command.reason.trim() === '') faults.push({ path: '/reason', message: '请写明延期理由' });
  if (command.reason.length > COMMAND_LIMITS.text)
    faults.push({ path: '/reason', message: `理由不超过${COMMAND_LIMITS.text}字` });
  if (!isDay(command.until)) return [...faults, { path: '/until', message: '请填写存在的日期,格式为 YYYY-MM-DD' }];
  const { calendar } = t.world;
  const present = schoolDate(calendar, visit.due.dueAt);
  const longest = limitValue(extension.longest, contextOfVisit(t.definition, t.matter, visit));
  const latest = schoolDate(calendar, dueOf(longest, visit.due.dueAt, t.world).dueAt);
  if (command.until <= present) faults.push({ path: '/until', message: `须晚于现在的办理时限${present}` });
  else if (command.until > latest) faults.push({ path: '/until', message: `最晚可延期至${latest}` });
  return faults;
}

/** Whether a text is a day that exists. */
function isDay(text: string): boolean {
  if (!DATE.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function ask(
  t: Transition,
  command: AskExtension,
  visit: Visit,
  extension: Extension<AnyShape>,
  asker: { id: string; name: string; coverForName: string | null },
): void {
  const key = `extension@${t.matter.counts.sideSteps + 1}`;
  const { until } = command;
  const limit = limitValue(extension.limit, contextOfVisit(t.definition, t.matter, visit));
  t.emit('ExtensionAsked', {
    visit: key,
    of: visit.key,
    stepName: visit.name,
    until,
    person: asker.id,
    name: asker.name,
    ...(asker.coverForName === null ? {} : { coverForName: asker.coverForName }),
    reason: command.reason.trim(),
  });
  const { assignees, unassigned } = approversOf(t, visit, extension, asker.id);
  openRound(t, {
    key,
    step: 'extension',
    name: `延期审批(${visit.name})`,
    kind: 'approve',
    mode: 'any',
    limit,
    due: dueOf(limit, t.now, t.world),
    backTo: null,
    parent: visit.key,
    until,
    asked: askedBy(asker, command.reason.trim()),
    unassigned,
    reportAt: null,
    assignees,
  });
}

/** Whom the definition names, without the one who asks. */
function approversOf(
  t: Transition,
  visit: Visit,
  extension: Extension<AnyShape>,
  asker: string,
): { assignees: Assignee[]; unassigned: boolean } {
  const context = contextOfVisit(t.definition, t.matter, visit);
  const rules: readonly AssigneeRule[] = isRuleList(extension.approver) ? extension.approver : [extension.approver];
  const found = othersBy(t, rules, context, asker);
  if (found.length > 0) return { assignees: found, unassigned: false };
  for (const role of LAST_RESORTS) {
    const says = '未找到延期审批人,转流程管理员';
    const others = othersBy(t, [{ kind: 'role', role, says, unit: null, campus: null }], context, asker);
    if (others.length > 0) return { assignees: others, unassigned: true };
  }
  throw new Error(`Nobody but ${asker} can answer for an extension: fill one of the posts ${LAST_RESORTS.join(', ')}`);
}

function othersBy(
  t: Transition,
  rules: readonly AssigneeRule[],
  context: Parameters<typeof peopleByRule>[1],
  asker: string,
): Assignee[] {
  const found = new Map<string, Assignee>();
  for (const rule of rules) {
    for (const one of peopleByRule(rule, context, t.world)) if (one.id !== asker && !found.has(one.id)) found.set(one.id, one);
  }
  return [...found.values()];
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

/** What follows from the answer: a later due date of the step, and of the matter where that would come before; or nothing. */
export function afterExtension(t: Transition, answer: Visit, granted: boolean): void {
  const { parent, until } = answer;
  const visit = parent === null ? undefined : t.matter.visits[parent];
  if (visit === undefined || until === undefined || visit.status === 'closed') return;
  const { person = '', name = '' } = answer.decisions.at(-1) ?? {};
  t.emit('ExtensionAnswered', { visit: answer.key, of: visit.key, granted, until, person, name });
  if (!granted) return;
  const limit = { date: until };
  const counted = dueOf(limit, visit.countedFrom, t.world);
  const before = visit.due.explanation.slice(0, OLD_LINES_MAX);
  const due = { ...counted, explanation: [...before, `${name}同意延期`, ...counted.explanation] };
  changeVisitDue(t, visit, limit, due, `延期申请已获${name}同意`);
  if (t.matter.due.dueAt < due.dueAt) {
    const whole = dueOf(limit, t.matter.startedAt, t.world);
    changeMatterDue(t, limit, whole, `“${visit.name}”获准延期至${until},总时限随之延长`);
  }
}

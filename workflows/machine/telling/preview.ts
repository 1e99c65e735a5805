/**
 * The path ahead of an application that is not yet sent: the machine rehearses it with everybody agreeing at the last moment.
 *
 * What later steps will decide is not known, so a condition that needs their outputs counts as not holding, and whoever only an
 * output can name is left open.
 */
import type { AssigneeRule } from '../../../definitions/language/assignees.ts';
import type { Context } from '../../../definitions/language/context.ts';
import type { ProcessDefinition } from '../../../definitions/language/define.ts';
import type { Limit, LimitValue, Linked, PeopleStep, Step, StepList } from '../../../definitions/language/steps.ts';
import type { ActOnTask, StartMatter } from '../commands.ts';
import { decide } from '../decide.ts';
import type { MatterEvent } from '../events.ts';
import { whoMayAct } from '../people/covers.ts';
import { isRefusal, type Refusal } from '../refusals.ts';
import { isSideStep, type Link, type Matter, newMatter, type Task } from '../state.ts';
import { placeOf } from '../tree.ts';
import type { Action } from '../words.ts';
import type { World } from '../world.ts';
import { withAbsence } from './view.ts';

/** A step that is expected to come. */
export interface PreviewStep {
  step: string;
  name: string;
  /**
   * Those whom the rules choose, with until when they are away then, and after them who stands in for those who are; `coverFor` is
   * whom, by id.
   */
  assignees: { id: string; name: string; reason: string; coverFor?: string; awayUntil?: string }[];
  /** Why these people: the rule in Chinese. */
  reason: string;
  /** When it is due if every step before it takes all its time, UTC. */
  dueAt: string;
}

/** More steps than this tell nobody anything. */
const STEPS_MAX = 300;

/** The steps ahead in the order of their opening, or the refusal that the application would get. */
export function previewPath(definition: ProcessDefinition, start: StartMatter, world: World): PreviewStep[] | Refusal {
  // The application itself is looked at as strictly as ever; only what follows is rehearsed.
  const accepted = decide(definition, newMatter('preview'), start, world);
  if (isRefusal(accepted)) return accepted;
  const lenient = lenientOf(definition);
  const begun = decide(lenient, newMatter('preview'), start, { ...world, schemas: { form: () => [], outputs: {} } });
  if (isRefusal(begun)) return begun;
  const steps = opened(lenient, begun, world);
  let { matter } = begun;
  for (let turn = 0; turn < STEPS_MAX && steps.length < STEPS_MAX; turn += 1) {
    const next = carryOn(lenient, matter, world, turn);
    if (next === null) break;
    steps.push(...opened(lenient, next, world));
    matter = next.matter;
  }
  return steps.slice(0, STEPS_MAX);
}

function earliest(matter: Matter): Task | undefined {
  return Object.values(matter.tasks).sort((a, b) => (a.due.dueAt < b.due.dueAt ? -1 : 1))[0];
}

function carryOn(
  definition: ProcessDefinition,
  matter: Matter,
  world: World,
  turn: number,
): { matter: Matter; events: MatterEvent[] } | null {
  const awaited = Object.values(matter.links).find((one) => one.status === 'asked' && matter.waits[one.step] !== undefined);
  if (awaited !== undefined) return endLink(definition, matter, world, awaited);
  const task = earliest(matter);
  if (task === undefined) return waitOn(definition, matter, world, turn);
  const person = task.assignees[0];
  if (person === undefined) return null;
  const action: Action = task.kind === 'approve' ? 'agree' : task.kind === 'read' ? 'read' : 'complete';
  const command: ActOnTask = {
    type: 'act',
    id: `preview-${turn}`,
    by: { kind: 'person', id: person.id },
    bodyHash: null,
    task: task.id,
    action,
    opinion: '同意',
    output: action === 'complete' ? {} : null,
    attachments: [],
    returnOrder: null,
  };
  const decided = decide(definition, matter, command, {
    ...world,
    now: task.due.dueAt,
    schemas: { form: () => [], outputs: {} },
  });
  return isRefusal(decided) ? null : decided;
}

/** Has a linked matter completed at once: how long it takes is its own process's to foretell. */
function endLink(definition: ProcessDefinition, matter: Matter, world: World, link: Link): ReturnType<typeof carryOn> {
  const by = { kind: 'matter', id: link.matterId } as const;
  const told = { type: 'linked', link: link.id, status: 'completed', no: null, text: '' } as const;
  const decided = decide(
    definition,
    matter,
    { ...told, id: `preview-${link.id}`, by, bodyHash: null },
    { ...world, now: matter.updatedAt },
  );
  return isRefusal(decided) ? null : decided;
}

/** Lets the time pass that the matter waits for; null where it waits for nothing. */
function waitOn(definition: ProcessDefinition, matter: Matter, world: World, turn: number): ReturnType<typeof carryOn> {
  const ends = Object.values(matter.waits).flatMap((wait) => (wait.kind === 'until' ? [wait.at] : []));
  const now = ends.sort()[0];
  if (now === undefined) return null;
  const tick = { type: 'tick', id: `preview-${turn}`, by: { kind: 'clock' }, bodyHash: null } as const;
  const decided = decide(definition, matter, tick, { ...world, now });
  return isRefusal(decided) ? null : decided;
}

function opened(definition: ProcessDefinition, decided: NonNullable<ReturnType<typeof carryOn>>, world: World): PreviewStep[] {
  return decided.events.flatMap((event) => {
    // Copies beside the flow are nobody's step.
    if (event.type !== 'StepOpened' || isSideStep(event.facts.step)) return [];
    const { step, name, due, unassigned, roster = [] } = event.facts;
    // Everybody who will be asked, those whose turn comes later too.
    const found = roster.flatMap((seat) => seat.assignees).map(({ id, name: who, reason }) => ({ id, name: who, reason }));
    const place = placeOf(definition, step).step;
    const rules = 'assignees' in place ? rulesOf(place) : [];
    const says = rules.map((rule) => rule.says).join('、');
    // Only an output that is yet to come can name these people; the administrator would be a false promise.
    if (unassigned && rules.some(looksAtMatter)) {
      return [{ step, name, assignees: [], reason: `${says}(届时按前序环节的结果确定)`, dueAt: due.dueAt }];
    }
    const reason = unassigned ? (found[0]?.reason ?? says) : [...new Set(found.map((one) => one.reason))].join('、');
    const then = { ...world, now: event.at };
    const covers = coversIn(definition, decided.matter, event.facts.visit, then);
    const chosen = found.map((one) => withAbsence(one, then));
    return [{ step, name, assignees: [...chosen, ...covers], reason, dueAt: due.dueAt }];
  });
}

/** Who stands in at the tasks of a visit for those who are away: the people who will be asked beside them. */
function coversIn(definition: ProcessDefinition, matter: Matter, visit: string, world: World): PreviewStep['assignees'] {
  const covers = Object.values(matter.tasks)
    .filter((task) => task.visit === visit)
    .flatMap((task) => whoMayAct(definition, matter, task, world));
  return covers.flatMap(({ id, name, reason, coverFor }) => (coverFor === undefined ? [] : [{ id, name, reason, coverFor }]));
}

function rulesOf(step: Pick<PeopleStep, 'assignees'>): readonly AssigneeRule[] {
  const { assignees } = step;
  return isRuleList(assignees) ? assignees : [assignees];
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

/** Whether a rule asks the matter for whom it names, and not the directory alone. */
function looksAtMatter(rule: AssigneeRule): boolean {
  switch (rule.kind) {
    case 'applicant':
      return false;
    case 'role':
      return rule.unit !== null || rule.campus !== null;
    case 'unit-head':
    case 'leader-in-charge':
      return rule.unit !== null;
    case 'post':
    case 'person':
    case 'item':
    case 'actor-of':
      return true;
  }
}

const lenients = new WeakMap<ProcessDefinition, ProcessDefinition>();

/** The definition with its gates open: no checks of outputs, no effects, and a function that wants an output holds not. */
function lenientOf(definition: ProcessDefinition): ProcessDefinition {
  let lenient = lenients.get(definition);
  if (lenient === undefined) {
    const { checks: _checks, reads: _reads, ...rest } = definition;
    lenient = { ...rest, steps: lenientList(definition.steps, definition.limit) };
    lenients.set(definition, lenient);
  }
  return lenient;
}

function lenientList(list: StepList, total: Limit): StepList {
  return list.map((step) => lenientStep(step, total));
}

function lenientStep(step: Step, total: Limit): Step {
  switch (step.kind) {
    case 'approve':
    case 'read':
      return { ...step, ...lenientPeople(step, total) };
    case 'handle': {
      const { check: _check, ends: _ends, reports: _reports, extension: _extension, ...rest } = step;
      return { ...rest, ...lenientPeople(step, total) };
    }
    case 'effect':
      return { ...step, does: () => ({ kind: 'release', resources: [], at: '' }) };
    case 'wait':
      return { ...step, until: lenientLimit(step.until, total) };
    case 'link':
      return { ...step, starts: lenientFunction<readonly Linked[]>(step.starts, []) };
    case 'choose':
      return {
        ...step,
        branches: step.branches.map((branch) => ({
          ...branch,
          when: lenientFunction(branch.when, false),
          steps: lenientList(branch.steps, total),
        })),
        otherwise: lenientList(step.otherwise, total),
      };
    case 'parallel':
      return {
        ...step,
        branches: step.branches.map(({ when, ...branch }) => ({
          ...branch,
          ...(when === undefined ? {} : { when: lenientFunction(when, false) }),
          steps: lenientList(branch.steps, total),
        })),
      };
    case 'forEach':
      return { ...step, items: lenientFunction<readonly string[]>(step.items, []), steps: lenientList(step.steps, total) };
  }
}

/** People, limit and policies of a step; a policy that wants an output is passed over. */
function lenientPeople(
  step: PeopleStep,
  total: Limit,
): Partial<Pick<PeopleStep, 'excluded' | 'capability' | 'passes' | 'copyTo'>> & Pick<PeopleStep, 'limit' | 'assignees'> {
  const { excluded, capability, passes, copyTo } = step;
  return {
    limit: lenientLimit(step.limit, total),
    assignees: rulesOf(step).map(lenientRule),
    ...(excluded === undefined ? {} : { excluded: lenientFunction<readonly string[]>(excluded, []) }),
    ...(capability === undefined ? {} : { capability: lenientFunction(capability, null) }),
    ...(passes === undefined ? {} : { passes: lenientFunction(passes, null) }),
    ...(copyTo === undefined ? {} : { copyTo: (isRuleList(copyTo) ? copyTo : [copyTo]).map(lenientRule) }),
  };
}

function lenientFunction<T>(ask: (context: Context) => T, otherwise: T): (context: Context) => T {
  return (context) => {
    try {
      return ask(context);
    } catch {
      return otherwise;
    }
  };
}

/** A limit that wants an output is shown as that of the whole matter: no step takes longer. */
function lenientLimit(limit: Limit, total: Limit): Limit {
  if (typeof limit !== 'function') return limit;
  return (context): LimitValue => {
    try {
      return limit(context);
    } catch {
      return typeof total === 'function' ? total(context) : total;
    }
  };
}

function lenientRule(rule: AssigneeRule): AssigneeRule {
  switch (rule.kind) {
    case 'role':
      return {
        ...rule,
        unit: rule.unit === null ? null : lenientFunction(rule.unit, null),
        campus: rule.campus === null ? null : lenientFunction(rule.campus, null),
      };
    case 'unit-head':
    case 'leader-in-charge':
      return { ...rule, unit: rule.unit === null ? null : lenientFunction(rule.unit, null) };
    case 'person': {
      const { person } = rule;
      return {
        ...rule,
        person: (context, directory) => lenientFunction((one: Context) => person(one, directory), null)(context),
      };
    }
    case 'post': {
      const { post } = rule;
      return {
        ...rule,
        post: (context, directory) => lenientFunction((one: Context) => post(one, directory), null)(context),
      };
    }
    case 'applicant':
    case 'item':
    case 'actor-of':
      return rule;
  }
}

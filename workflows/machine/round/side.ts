/**
 * What stands beside the flow: circulation 传阅、抄送 with its read receipts, and advice 征询. Nothing waits for either; advice dies
 * with the step for which it was asked, a circulation with the matter.
 */
import { COMMON_SETTINGS } from '../../../definitions/language/common-settings.ts';
import { type Duration, isDuration } from '../../../definitions/language/duration.ts';
import { dueOf } from '../clock/clock.ts';
import { COMMAND_LIMITS } from '../commands.ts';
import { contextAt } from '../context.ts';
import { peopleByRule } from '../people/resolve.ts';
import { askedBy, coverage } from '../spoken-by.ts';
import type { Assignee, Matter, Task, Visit } from '../state.ts';
import type { Transition } from '../transition.ts';
import { parseKey, placeOf } from '../tree.ts';
import { openRound } from './round.ts';

/** Who sends the matter on or asks, and for whom they stand in. */
type By = Pick<Assignee, 'id' | 'name' | 'coverForName'>;

/** Who sends the matter on in the name of a step's definition. */
const BY_RULE = '按流程规定';

/** Whether no more circulations and rounds of advice may be opened in a matter. */
export function tooManySideSteps(matter: Matter): boolean {
  return matter.counts.sideSteps >= COMMAND_LIMITS.sideSteps;
}

/** Ids of those who still have a circulation of the matter to read. */
export function stillReading(matter: Matter): Set<string> {
  return peopleAt(matter, (task) => task.step === 'circulation');
}

/** Ids of those whose advice is still awaited for a visit. */
export function stillAdvising(matter: Matter, visit: string): Set<string> {
  return peopleAt(matter, (task) => task.step === 'advice' && matter.visits[task.visit]?.parent === visit);
}

function peopleAt(matter: Matter, chosen: (task: Task) => boolean): Set<string> {
  const tasks = Object.values(matter.tasks).filter(chosen);
  return new Set(tasks.flatMap((task) => task.assignees.map((one) => one.id)));
}

/** Sends the matter to people to read. @param by who sends it; null for a step's definition. */
export function circulate(t: Transition, people: Assignee[], by: By | null, text: string | null): void {
  const key = nextKey(t, 'circulation');
  t.emit('Circulated', { visit: key, people, person: by?.id ?? null, name: by?.name ?? BY_RULE, text, ...coverage(by ?? {}) });
  const limit = commonLimit(t.matter, 'circulationLimit');
  openRound(t, {
    key,
    step: 'circulation',
    name: '传阅',
    kind: 'read',
    mode: 'all',
    limit,
    due: dueOf(limit, t.now, t.world),
    backTo: null,
    parent: null,
    asked: by === null ? { by: null, text } : askedBy(by, text),
    unassigned: false,
    reportAt: null,
    assignees: people,
  });
}

/** Asks people for advice on a step that somebody holds. */
export function consult(t: Transition, task: Task, people: Assignee[], by: By, text: string): void {
  const key = nextKey(t, 'advice');
  t.emit('AdviceAsked', { visit: key, parent: task.visit, people, person: by.id, name: by.name, text, ...coverage(by) });
  const limit = commonLimit(t.matter, 'adviceLimit');
  openRound(t, {
    key,
    step: 'advice',
    name: `征询意见(${task.name})`,
    kind: 'advise',
    mode: 'all',
    limit,
    due: dueOf(limit, t.now, t.world),
    backTo: null,
    parent: task.visit,
    asked: askedBy(by, text),
    unassigned: false,
    reportAt: null,
    assignees: people,
  });
}

/** Sends the matter to those whom a step's definition names, when the step has ended well 抄送. Who has it to read already is left out. */
export function copyOf(t: Transition, visit: Visit): void {
  const { step, loops } = placeOf(t.definition, visit.step);
  const rules = step.kind === 'approve' || step.kind === 'handle' || step.kind === 'read' ? step.copyTo : undefined;
  if (rules === undefined || tooManySideSteps(t.matter)) return;
  const context = contextAt(t.definition, t.matter, loops, parseKey(visit.key).scope);
  const reading = stillReading(t.matter);
  const people = new Map<string, Assignee>();
  for (const rule of Array.isArray(rules) ? rules : [rules])
    for (const one of peopleByRule(rule, context, t.world)) if (!reading.has(one.id)) people.set(one.id, one);
  const chosen = [...people.values()].slice(0, COMMAND_LIMITS.people);
  if (chosen.length > 0) circulate(t, chosen, null, `“${visit.name}”办结后抄送`);
}

function nextKey(t: Transition, step: 'circulation' | 'advice'): string {
  return `${step}@${t.matter.counts.sideSteps + 1}`;
}

function commonLimit(matter: Matter, key: 'circulationLimit' | 'adviceLimit'): Duration {
  const value = matter.settings[key];
  return typeof value === 'string' && isDuration(value) ? value : COMMON_SETTINGS[key].default;
}

/**
 * What types can't see in a definition: each finding says where it is, which rule is broken and how to mend it. A definition with
 * findings is not published.
 */
import type { AssigneeRule } from './assignees.ts';
import { checkBlock } from './check-blocks.ts';
import { checkFacts } from './check-facts.ts';
import { comesBefore, placesIn, type StepPlace } from './check-places.ts';
import { checkLimit, checkOptions, ruleList } from './check-steps.ts';
import type { ProcessDefinition } from './define.ts';
import type { PeopleStep, Step } from './steps.ts';

/** One thing wrong with a definition. */
export interface Finding {
  /** `id@version`. */
  process: string;
  /** The step's path, `steps[2].branches[0].steps[1] (finance)`, or the name of the fact. */
  place: string;
  rule: string;
  cure: string;
}

/** Notes a finding at a place. */
export type Note = (place: string, rule: string, cure: string) => void;

/** More steps than this are more than one process: nobody can read its guide, and each matter keeps its visits in memory. */
export const STEPS_MAX = 120;

/** What stands for something else in return orders and step keys. */
const RESERVED_IDS: readonly string[] = ['applicant', 'previous', 'matter', 'circulation', 'advice', 'extension'];
const STEP_ID = /^[a-z][a-z0-9-]{0,39}$/;

/** Everything that is wrong with one definition, in the order of its steps. */
export function checkDefinition(definition: ProcessDefinition): Finding[] {
  const findings: Finding[] = [];
  const process = `${definition.id}@${definition.version}`;
  const note: Note = (place, rule, cure) => findings.push({ process, place, rule, cure });
  checkFacts(definition, note);
  const places = placesIn(definition.steps);
  if (places.length === 0) note('steps', 'A process has at least one step', 'Add the step at which somebody decides or handles');
  if (places.length > STEPS_MAX) {
    note('steps', `A process has at most ${STEPS_MAX} steps, this one has ${places.length}`, 'Split it into linked processes');
  }
  const seen = new Set<string>();
  for (const place of places) {
    checkId(place, seen, note);
    checkStep(place, places, note);
  }
  return findings;
}

/** Everything that is wrong with definitions one by one and beside each other. */
export function checkDefinitions(definitions: readonly ProcessDefinition[]): Finding[] {
  const findings = definitions.flatMap(checkDefinition);
  findings.push(...checkVersions(definitions));
  const keys = new Set<string>();
  const ownerOf = new Map<string, string>();
  for (const { id, version, numberPrefix } of definitions) {
    const process = `${id}@${version}`;
    if (keys.has(process)) {
      const cure = 'Raise the version of the newer one, or give it an id of its own';
      findings.push({ process, place: 'version', rule: 'An id and version name one definition', cure });
    }
    keys.add(process);
    const owner = ownerOf.get(numberPrefix) ?? id;
    ownerOf.set(numberPrefix, owner);
    if (owner !== id) {
      const rule = `The number prefix "${numberPrefix}" already belongs to ${owner}`;
      findings.push({
        process,
        place: 'numberPrefix',
        rule,
        cure: 'Choose letters of its own, so that numbers are never given twice',
      });
    }
  }
  return findings;
}

/** First days of versions: a later version takes over later, or two would take applications or none. */
function checkVersions(definitions: readonly ProcessDefinition[]): Finding[] {
  return definitions.flatMap((one) => {
    const earlier = definitions.filter(({ id, version }) => id === one.id && version < one.version);
    const before = earlier.sort((a, b) => b.version - a.version)[0];
    if (before?.effectiveFrom === undefined) return [];
    if (one.effectiveFrom !== undefined && one.effectiveFrom > before.effectiveFrom) return [];
    const rule = `It takes over on ${one.effectiveFrom ?? 'no day'}, version ${before.version} only on ${before.effectiveFrom}`;
    const cure = `Set effectiveFrom to a day after ${before.effectiveFrom}`;
    return [{ process: `${one.id}@${one.version}`, place: 'effectiveFrom', rule, cure }];
  });
}

function checkId({ step, path }: StepPlace, seen: Set<string>, note: Note): void {
  if (RESERVED_IDS.includes(step.id))
    note(path, `The step id "${step.id}" is reserved`, 'Name the step after what is done there');
  else if (!STEP_ID.test(step.id)) {
    note(path, `The step id "${step.id}" is not kebab case`, 'Use a-z, 0-9 and hyphens, beginning with a letter, 40 at most');
  }
  if (seen.has(step.id)) note(path, `The step id "${step.id}" stands twice`, 'Give each step of the process an id of its own');
  seen.add(step.id);
  if (step.name.trim() === '') note(path, 'Each step has a name for people', 'Write in Chinese what is done there');
}

function checkStep(place: StepPlace, places: readonly StepPlace[], note: Note): void {
  const { step, path } = place;
  if (hasPeople(step)) checkPeople(place, step, places, note);
  else checkBlock(step, path, note);
}

function checkPeople(place: StepPlace, step: PeopleStep, places: readonly StepPlace[], note: Note): void {
  const { path } = place;
  checkLimits(step, path, note);
  checkOptions(step, path, note);
  const rules = ruleList(step.assignees);
  if (rules.length === 0)
    note(path, 'A step has at least one assignee rule', 'Say who acts there; nobody found goes to the administrator');
  for (const rule of rules) checkRule(rule, place, places, note);
  if (step.copyTo !== undefined) {
    const copies = ruleList(step.copyTo);
    if (copies.length === 0) note(path, 'copyTo names nobody', 'Name who is sent the matter to read, or take it out');
    for (const rule of copies) checkRule(rule, place, places, note);
  }
  if (step.kind === 'handle' && step.extension !== undefined) {
    const approvers = ruleList(step.extension.approver);
    if (approvers.length === 0) note(path, 'An extension is granted by somebody', 'Name its approver');
    for (const rule of approvers) checkRule(rule, place, places, note);
  }
  if (step.kind === 'read' || !isTargetList(step.returnTo)) return;
  if (step.returnTo.length === 0) note(path, 'A list of return targets names at least one', "Write returnTo: 'none'");
  for (const target of step.returnTo) checkTarget(target, place, places, note);
}

/** Limits by function depend on the matter and are tried by tests; what stands there as text is read here. */
function checkLimits(step: PeopleStep, path: string, note: Note): void {
  checkLimit(step.limit, 'limit', 'Every step with people has a time limit (source 004)', path, note);
  if (step.kind !== 'handle') return;
  if (step.reports !== undefined) checkLimit(step.reports.every, 'report rhythm', 'Reports come in a rhythm', path, note);
  if (step.extension === undefined) return;
  checkLimit(step.extension.longest, 'longest extension', 'An extension says how much later at most', path, note);
  checkLimit(step.extension.limit, 'limit of the extension', 'Who grants an extension has a time limit', path, note);
}

function isTargetList(targets: unknown): targets is readonly string[] {
  return Array.isArray(targets);
}

function checkRule(rule: AssigneeRule, place: StepPlace, places: readonly StepPlace[], note: Note): void {
  if (rule.says.trim() === '')
    note(place.path, 'Each assignee rule says itself', 'Write in Chinese who it is, for guide and preview');
  if (rule.kind === 'item' && place.loops.length === 0) {
    note(
      place.path,
      'ofItem stands outside any forEach, so it finds nobody',
      'Move the step into a forEach, or name people by another rule',
    );
  }
  if (rule.kind !== 'actor-of') return;
  const named = places.find((one) => one.step.id === rule.step);
  if (named === undefined || !hasPeople(named.step) || !comesBefore(named, place)) {
    note(
      place.path,
      `actorOf("${rule.step}") names no step with people before this one`,
      'Name an earlier step at which somebody acts',
    );
  } else if (named.loops.some((loop) => !place.loops.includes(loop))) {
    note(
      place.path,
      `actorOf("${rule.step}") looks into a forEach from outside, where it finds nobody`,
      'Name a step outside the loop',
    );
  }
}

function hasPeople(step: Step): step is PeopleStep {
  return step.kind === 'approve' || step.kind === 'handle' || step.kind === 'read';
}

function checkTarget(target: string, place: StepPlace, places: readonly StepPlace[], note: Note): void {
  if (target === 'applicant') return;
  const named = places.find((one) => one.step.id === target);
  if (named === undefined) note(place.path, `returnTo names "${target}", which is no step`, 'Name a step of this definition');
  else if (!hasPeople(named.step)) {
    note(place.path, `returnTo names "${target}", at which nobody acts`, 'Name a step with people');
  } else if (!comesBefore(named, place)) {
    note(place.path, `returnTo names "${target}", which can never come before this step`, 'Name an earlier step');
  }
}

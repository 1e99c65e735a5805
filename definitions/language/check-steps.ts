/** The checker's part on what a step with people may have besides its people and its limit: mode, policies, extension, copies. */
import type { AssigneeRule } from './assignees.ts';
import type { Note } from './check.ts';
import { isRealDay } from './civil-date.ts';
import { isDuration } from './duration.ts';
import { ALLOCATIONS, APPROVAL_MODES, type Detour, type Limit, type PeopleStep, SILENCE_RULES } from './steps.ts';

/** Every detour that a step may do without. A record, so that a new one can't be forgotten here. */
const DETOUR_NAMES: Readonly<Record<Detour, true>> = {
  transfer: true,
  delegate: true,
  addSigners: true,
  claim: true,
  takeBack: true,
  circulate: true,
  consult: true,
};

/** Notes what is wrong with the options of a step. */
export function checkOptions(step: PeopleStep, path: string, note: Note): void {
  checkMode(step, path, note);
  checkAllocation(step, path, note);
  checkSilence(step, path, note);
  checkInPerson(step, path, note);
  checkDetours(step, path, note);
  checkWords(step, path, note);
}

/** Rules and texts come from untyped code too, where a word may be any. */
function isOneOf(words: readonly string[], word: unknown): boolean {
  return typeof word === 'string' && words.includes(word);
}

function checkMode(step: PeopleStep, path: string, note: Note): void {
  if (step.kind === 'read') return;
  const mode: unknown = step.mode;
  if (typeof mode !== 'object' || mode === null) {
    if (!isOneOf(APPROVAL_MODES, mode) || mode === 'vote')
      note(path, `The mode "${String(mode)}" is unknown`, "Write 'any', 'all', 'order', or a vote { share } or { count }");
    return;
  }
  if (step.kind === 'handle') {
    note(path, 'Handling knows no votes', 'Let an approval vote, or handle by any, all or in order');
    return;
  }
  const share: unknown = 'share' in mode ? mode.share : undefined;
  const count: unknown = 'count' in mode ? mode.count : undefined;
  if ((share === undefined) === (count === undefined)) {
    note(path, 'A vote names either a share or a number of votes', 'Write { share: 2 / 3 } or { count: 3 }');
  } else if (share !== undefined && !(typeof share === 'number' && share > 0 && share <= 1)) {
    note(path, `The share ${String(share)} of a vote is not above 0 and at most 1`, 'Write for example { share: 2 / 3 }');
  } else if (count !== undefined && !(Number.isInteger(count) && Number(count) >= 1)) {
    note(path, `The number of votes ${String(count)} is no whole number from 1`, 'Write for example { count: 3 }');
  }
}

function checkAllocation(step: PeopleStep, path: string, note: Note): void {
  if (step.allocate === undefined) return;
  if (!isOneOf(ALLOCATIONS, step.allocate))
    note(path, `The allocation "${step.allocate}" is unknown`, `Write one of ${ALLOCATIONS.join(', ')}`);
  if (step.kind === 'read' || step.mode !== 'any') {
    const rule = 'An allocation gives the step to one person, but this step wants several';
    note(path, rule, "Take the allocation out, or let the mode be 'any'");
  }
}

function checkSilence(step: PeopleStep, path: string, note: Note): void {
  if (step.silence === undefined) return;
  if (!isOneOf(SILENCE_RULES, step.silence))
    note(path, `The silence rule "${step.silence}" is unknown`, `Write one of ${SILENCE_RULES.join(', ')}`);
  if (step.kind === 'read' && step.silence === 'reject') {
    note(path, 'Nobody can stop a matter by not reading it', "Let silence be 'remind' or 'go-on'");
  }
  if (step.inPerson === true && step.silence === 'go-on') {
    note(path, 'What must be done in person is not done by silence', "Let silence be 'remind' or 'reject'");
  }
}

function checkInPerson(step: PeopleStep, path: string, note: Note): void {
  if (step.inPerson !== true) return;
  const rules = ruleList(step.assignees);
  if (step.kind !== 'read' && step.mode === 'any' && rules.length > 1) {
    note(path, 'In person means one person, but any of several may act here 或签', "Name one, or let the mode be 'all'");
  }
  if (step.allocate !== undefined) {
    note(path, 'In person and by allocation exclude each other', 'Name who must act in person');
  }
}

function checkDetours(step: PeopleStep, path: string, note: Note): void {
  const named: readonly string[] = step.withoutDetours ?? [];
  for (const detour of named) {
    if (Object.hasOwn(DETOUR_NAMES, detour)) continue;
    note(path, `withoutDetours names "${detour}", which is no detour`, `Write some of ${Object.keys(DETOUR_NAMES).join(', ')}`);
  }
  if (new Set(named).size < named.length) note(path, 'withoutDetours names a detour twice', 'Take one of the two out');
}

function checkWords(step: PeopleStep, path: string, note: Note): void {
  if (step.stopsClock !== undefined && step.stopsClock.trim() === '') {
    note(path, 'A clock that stops says why', 'Write in Chinese with whom the ball is, for timeline and due date');
  }
  if (step.whenRepeated !== undefined && step.kind !== 'approve') {
    note(path, 'Only an approval can be passed over because it repeats one', 'Take whenRepeated out');
  }
  if (step.passes !== undefined && step.passes.length === 0) {
    note(path, 'A rule by which the step passes looks at nothing, so nobody is ever asked', 'Let it depend on form or settings');
  }
  if (step.kind !== 'handle' && 'extension' in step && step.extension !== undefined) {
    note(path, 'Only handling can be given more time', 'Take the extension out, or make it a handling step');
  }
}

/**
 * Notes a limit that is missing or neither duration nor day; one by function is tried by tests.
 * @param name what it is, `limit`, `report rhythm`. @param missing the rule that a missing one breaks.
 */
export function checkLimit(limit: Limit | undefined, name: string, missing: string, path: string, note: Note): void {
  const cure = "Write for example '10 workdays', or a function of form, outputs and settings";
  // A definition may come from untyped code, where the field can be missing or anything.
  const given: unknown = limit;
  if (given === undefined || given === null) note(path, missing, cure);
  else if (typeof given === 'string') {
    if (!isDuration(given)) note(path, `The ${name} "${given}" is no duration`, cure);
  } else if (typeof given === 'object' && !('date' in given && typeof given.date === 'string' && isRealDay(given.date))) {
    note(path, `The ${name} names no real day`, "Write { date: 'YYYY-MM-DD' }");
  }
}

/** A step's rules as a list. */
export function ruleList(rules: AssigneeRule | readonly AssigneeRule[]): readonly AssigneeRule[] {
  return isRuleList(rules) ? rules : [rules];
}

function isRuleList(rules: AssigneeRule | readonly AssigneeRule[]): rules is readonly AssigneeRule[] {
  return Array.isArray(rules);
}

/**
 * A matter as the fold of its events. Plain JSON and bounded: it holds what rules and the live view need, while the full
 * history stays in the event table.
 */
import type { Due } from '../../definitions/language/calendar.ts';
import type { Decision, PersonRef } from '../../definitions/language/context.ts';
import type { Effect } from '../../definitions/language/effect.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import type { LimitValue } from '../../definitions/language/steps.ts';
import type { AlarmKind, Outcome, TaskKind, VisitOutcome } from './words.ts';

/**
 * A step in its place: the step's id, inside a forEach with the index of each item on the way (`undertake@2`), and on a
 * detour with the key that the matter comes straight back to (`unit-head!office`).
 */
export type StepKey = string;

/** The pseudo-step at which a returned matter lies with its applicant. */
export const APPLICANT_STEP = 'applicant';

/** Where the archive entry stands that the end of a matter makes by itself. */
export const ARCHIVE_AT_END = '(end)';

/** Somebody who may act on a task, and why they were chosen; `coverFor` is the absent person for whom they stand in. */
export interface Assignee {
  id: string;
  name: string;
  reason: string;
  coverFor?: string;
}

/** Somebody's turn to act 待办. Only open tasks stand in the state. */
export interface Task {
  /** `<matter id>-<serial>`, unique in the whole system. */
  id: string;
  visit: StepKey;
  step: string;
  name: string;
  round: number;
  kind: TaskKind;
  assignees: Assignee[];
  openedAt: string;
  due: Due;
}

/** One stay at a step: a round of it. The latest of each step key is kept. */
export interface Visit {
  key: StepKey;
  step: string;
  name: string;
  round: number;
  kind: TaskKind;
  status: 'open' | 'closed';
  outcome: VisitOutcome | null;
  openedAt: string;
  closedAt: string | null;
  limit: LimitValue;
  due: Due;
  /** How many must decide before the step closes: any one, or all of them. */
  mode: 'any' | 'all';
  /** How many tasks the visit opened. */
  seats: number;
  decisions: Decision[];
  /** Set on a detour: a return with "straight back" makes an earlier step be visited in the place of this key. */
  backTo: StepKey | null;
  /** True when a later return set this visit's results aside. */
  superseded: boolean;
  /** Progress reports in this visit: how many are due so far, how many came, and the latest. */
  reports: { expected: number; missed: number; count: number; latest: { at: string; percent: number; text: string } | null };
  /** True when nobody was found and the process administrator was asked instead. */
  unassigned: boolean;
}

/** A parallel or a forEach that is being gone through. */
export interface Block {
  key: StepKey;
  kind: 'parallel' | 'forEach';
  /** Unit or person ids of a forEach, else empty. */
  items: string[];
  /** For each branch or item whether it is done. Branches left out count as done. */
  done: boolean[];
}

/** Something the matter's one timer waits for. */
export interface Alarm {
  at: string;
  kind: AlarmKind;
  /** The visit it belongs to and dies with; null for the matter's own. */
  visit: StepKey | null;
}

/** How a matter ended. */
export interface Ending {
  code: Outcome;
  text: string;
  at: string;
}

/** The matter before its first event. */
export interface NewMatter {
  phase: 'new';
  id: string;
  sequence: 0;
}

/** A matter that was accepted. */
export interface Matter {
  phase: 'open' | 'ended';
  id: string;
  /** Sequence of the last event folded in. */
  sequence: number;
  no: string;
  processId: string;
  version: number;
  title: string;
  applicant: PersonRef;
  unitName: string;
  form: JsonObject;
  attachments: string[];
  settings: Record<string, Json>;
  startedAt: string;
  updatedAt: string;
  due: Due;
  limit: LimitValue;
  suspensions: { from: string; to: string | null }[];
  tasks: Record<string, Task>;
  /** How many tasks were ever opened; the next one's serial. */
  taskCount: number;
  visits: Record<StepKey, Visit>;
  /** How often each step was opened, detours included. */
  rounds: Record<StepKey, number>;
  blocks: Record<StepKey, Block>;
  /** The latest output of each handling step, by step key. */
  outputs: Record<StepKey, JsonObject>;
  /** Effects that took place, by step key, so that going back over one can undo it. */
  effects: Record<StepKey, { effect: Effect; at: string }>;
  alarms: Record<string, Alarm>;
  /** People who acted, with their names. */
  handlers: Record<string, string>;
  /** Whether the matter's own due date has passed and was said so. */
  overdueSince: string | null;
  lastUrgedAt: string | null;
  counts: { comments: number; urges: number; reports: number; returns: number };
  ending: Ending | null;
}

/** Any matter. */
export type MatterState = NewMatter | Matter;

/** The matter before its first event. @param id the matter's id, which is its workflow's id too. */
export function newMatter(id: string): NewMatter {
  return { phase: 'new', id, sequence: 0 };
}

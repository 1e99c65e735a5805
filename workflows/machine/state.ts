/**
 * A matter as the fold of its events. Plain JSON and bounded: it holds what rules and the live view need, while the full
 * history stays in the event table.
 */
import type { Due } from '../../definitions/language/calendar.ts';
import type { Decision, PersonRef } from '../../definitions/language/context.ts';
import type { Effect } from '../../definitions/language/effect.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import type { ApprovalMode, LimitValue } from '../../definitions/language/steps.ts';
import type {
  AlarmKind,
  Intervention,
  LinkStatus,
  Outcome,
  SignerMode,
  SignerPosition,
  TaskKind,
  VisitOutcome,
} from './words.ts';

/**
 * A step in its place: the step's id, inside a forEach with the index of each item on the way (`undertake@2`), and on a
 * detour with the key that the matter comes straight back to (`unit-head!office`).
 */
export type StepKey = string;

/** The pseudo-step at which a returned matter lies with its applicant. */
export const APPLICANT_STEP = 'applicant';

/**
 * Pseudo-steps that stand beside the flow: circulation 传阅, advice 征询, an extension 延期 that waits for its answer. Their visits
 * have keys `circulation@1`, `advice@2` …, nothing waits for them, and they die with their `parent` visit or with the matter.
 */
export const SIDE_STEPS = ['circulation', 'advice', 'extension'] as const;
export type SideStep = (typeof SIDE_STEPS)[number];

/** Whether a step's id is that of a {@link SIDE_STEPS side step}. */
export function isSideStep(step: string): step is SideStep {
  return SIDE_STEPS.some((side) => side === step);
}

/** Where the archive entry stands that the end of a matter makes by itself. */
export const ARCHIVE_AT_END = '(end)';

/** Somebody who may act on a task, and why they were chosen. In the state only those chosen stand; covers are found when asked. */
export interface Assignee {
  id: string;
  name: string;
  reason: string;
  /** The post through which a rule chose them, whose covers 顶岗 stand in for them. */
  post?: string;
  /** Id of the absent person for whom they stand in now, and that person's name; never kept in the state. */
  coverFor?: string;
  coverForName?: string;
  /** Until when they are away, UTC, where they are; never kept in the state. */
  awayUntil?: string;
}

/** What somebody wrote and handed on with their task. */
export interface Draft {
  opinion: string | null;
  output: JsonObject | null;
  attachments: string[];
  /** Who wrote it. */
  by: string;
  byName: string;
}

/**
 * A seat in a round: one vote, and whoever holds it. 或签 is one seat with many people. `waiting` while its turn has not come or
 * signers before it act, `open` while it has a task to act on, `done` once its people have decided, `removed` by 减签.
 */
export interface Seat {
  /** 1, 2 … within the visit. */
  id: number;
  /** The group of added signers that it belongs to, or 0 for the step's own. */
  group: number;
  status: 'waiting' | 'open' | 'done' | 'removed';
  /** For or against going on, once decided. */
  verdict: 'for' | 'against' | null;
  assignees: Assignee[];
  /** The task that stands for it now, open or waiting, or null. */
  task: string | null;
  /** What an added signer or a delegate wrote, or one of several handlers; who handles alone writes into the matter itself. */
  answer: Draft | null;
  /** The latest hand-over by its holder 转办: the task given away, by whom, and who had it; absent where there was none. */
  given?: { task: string; person: string; from: Assignee[] };
  /** True when somebody gave it to its people by name (transfer, reassignment, hand-over): the step's rules have no say then. */
  byHand?: true;
  /** What its people were told when they were given it by name; absent where nobody said anything. */
  asked?: Asked & { how: 'transfer' | 'reassign' | 'hand-over' };
}

/** Who asks somebody to do something, and with what words. */
export interface Asked {
  /** Null where the step's definition asks. */
  by: string | null;
  /** The absent person in whose place they ask; absent where there is none. */
  coverForName?: string;
  text: string | null;
}

/** Why a round was opened by a return: who sent the matter back, from which step, with what words. */
export interface Returned {
  by: string;
  /** The name of the step that it came from. */
  from: string;
  reason: string;
  at: string;
}

/** Signers whom a seat's holder added 加签, or the one they delegated to 委派. */
export interface SignerGroup {
  /** 1, 2 … within the visit. */
  id: number;
  /** The seat whose holder added them. */
  seat: number;
  by: string;
  byName: string;
  /** `delegate`: what they say comes back to who asked and decides nothing. */
  position: SignerPosition | 'delegate';
  mode: SignerMode;
  /** What they were told; absent where nothing was said. */
  asked?: Asked;
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
  /** The seat of the visit that it stands for. */
  seat: number;
  /** True while signers added before it, or a delegate, act. */
  waiting: boolean;
  /** Who of several assignees has claimed it 签收, or null. */
  claimedBy: string | null;
  /** What was handed on with it, or what a delegate answered. */
  draft: Draft | null;
  /** Whose added signer or delegate it is for, by name; null for the step's own. */
  addedBy: string | null;
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
  /** How the step's own seats decide together. */
  mode: ApprovalMode;
  seats: Seat[];
  groups: SignerGroup[];
  decisions: Decision[];
  /** The visit that a side step belongs to and dies with; null for a step of the definition, and for a circulation. */
  parent: StepKey | null;
  /** From when its limit and its dates of feedback are counted: its opening, or that of the round which it continues. */
  countedFrom: string;
  /** Later due dates granted in this round. */
  extensions: number;
  /** Later due dates granted in the step's rounds before this one; absent where none were. */
  extendedBefore?: number;
  /** The day `YYYY-MM-DD` that an extension asks for; absent for anything else. */
  until?: string;
  /** Who asked for a side step, and with what words; absent for anything else. */
  asked?: Asked;
  /** Set on a detour: a return with "straight back" makes an earlier step be visited in the place of this key. */
  backTo: StepKey | null;
  /** True when a later return set this visit's results aside. */
  superseded: boolean;
  /** Progress reports in this visit: how many are due so far, how many came, and the latest. */
  reports: {
    expected: number;
    missed: number;
    count: number;
    latest: { at: string; percent: number; text: string } | null;
    /** Ids of the seats that have not answered the last request. */
    owing: number[];
  };
  /** True when nobody was found and the process administrator was asked instead. */
  unassigned: boolean;
  /** Set when a return opened it. */
  returned?: Returned;
  /** On a detour to a handling step: its outputs as they stood, the latest first, to tell whether they were changed. */
  baseline?: JsonObject[];
  /** Names of the form's fields that were corrected since the step's round before this one; absent where none were. */
  changed?: string[];
  /** Names of the fields that were corrected since this round was opened: what its next round is told. */
  changedSince?: string[];
}

/** A parallel or a forEach that is being gone through. With `atMost` some branches are entered only when others are done. */
export interface Block {
  key: StepKey;
  kind: 'parallel' | 'forEach';
  /** Unit or person ids of a forEach, else empty. */
  items: string[];
  /** For each branch or item whether it is done. Branches left out count as done. */
  done: boolean[];
  /** For each branch or item whether it was entered in this round. */
  entered: boolean[];
}

/** A waiting step: until an instant, or until the matters that it started have ended. */
export type Wait =
  | {
      key: StepKey;
      kind: 'until';
      at: string;
      /** From when its limit is counted; absent for one that an older version began, whose instant stays as it is. */
      since?: string;
    }
  | { key: StepKey; kind: 'links' };

/** A matter that this one started. */
export interface Link {
  /** `<step key>#<number>`, unique in this matter. */
  id: string;
  step: StepKey;
  /** Which round of its step started it. */
  round: number;
  /** The linked matter's id, and its number once it has one. */
  matterId: string;
  no: string | null;
  processId: string;
  version: number;
  applicant: string;
  /** What it is started with; empty once it has been taken on, when its own record holds them. */
  form: JsonObject;
  attachments: string[];
  status: LinkStatus;
  text: string;
  /** When it was refused or ended, as this matter was told; absent before. */
  endedAt?: string;
  /** True when it was called back and has not yet answered. */
  recalled: boolean;
  /** True when a later return set its step aside; absent where none did. */
  superseded?: true;
  /** What becomes of it when this matter ends otherwise than completed. */
  whenWithdrawn: 'withdraw' | 'leave';
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

/**
 * The shape that the state has now. A state kept in another shape is folded anew from its events, see `modernState`.
 * Raise it with every change of {@link Matter}.
 */
export const STATE_FORMAT = 2;

/** A matter that was accepted. */
export interface Matter {
  format: number;
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
  /** Stretches in which the clock stood still, and why. */
  suspensions: { from: string; to: string | null; reason: string }[];
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
  /** When each person was last urged, by id: the cool-down is theirs. */
  urged: Record<string, string>;
  /** People who were sent it to read, or asked for advice, with their names; they may go on looking at it. */
  readers: Record<string, string>;
  counts: { comments: number; urges: number; reports: number; returns: number; corrections: number; sideSteps: number };
  waits: Record<StepKey, Wait>;
  links: Record<string, Link>;
  /** The matter that started this one, or null. */
  parent: { matterId: string; no: string; link: string } | null;
  /** What administrators did to it, the latest 50; marked for ever. */
  interventions: { kind: Intervention; at: string; name: string; reason: string; about: string }[];
  ending: Ending | null;
}

/** Any matter. */
export type MatterState = NewMatter | Matter;

/** The matter before its first event. @param id the matter's id, which is its workflow's id too. */
export function newMatter(id: string): NewMatter {
  return { phase: 'new', id, sequence: 0 };
}

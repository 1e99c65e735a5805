/** What somebody, or the clock, asks of a matter. Imperative, plain JSON, each with the id under which it counts once. */
import type { Fault, Json, JsonObject } from '../../definitions/language/json.ts';
import type { Draft } from './state.ts';
import type { Action, LinkStatus, SignerMode, SignerPosition } from './words.ts';

/** Who gives a command: a person, the matter's own clock, or another matter that started this one or was started by it. */
export type Actor = { kind: 'person'; id: string } | { kind: 'clock' } | { kind: 'matter'; id: string };

/** Where a return sends the matter, and what happens after: every step in between again, or straight back to who returned it. */
export interface ReturnOrder {
  /** `applicant`, `previous`, or a step id (with `@item` inside a forEach, `undertake@2`). */
  to: string;
  /** Whether what lies between is done again (`replay`) or the matter comes straight back (`back`). */
  next: 'replay' | 'back';
}

/** What a detour needs to know; the action itself says which detour. */
export type Detour =
  | {
      kind: 'transfer';
      to: string /** What the giver has written so far and hands on; null to start afresh. */;
      draft: Draft | null;
    }
  | { kind: 'delegate'; to: string }
  | { kind: 'addSigners'; people: string[]; position: SignerPosition; mode: SignerMode }
  | { kind: 'removeSigners'; people: string[] }
  | { kind: 'circulate'; people: string[] }
  | { kind: 'consult'; people: string[] };

interface Envelope {
  /** Hash of person, route and Idempotency-Key, or derived from the alarm for the clock; the same id counts once. */
  id: string;
  by: Actor;
  /** Hash of the body, so that the same key with another body can be told (422). Null for the clock. */
  bodyHash: string | null;
}

/** Starts a matter. */
export interface StartMatter extends Envelope {
  type: 'start';
  processId: string;
  version: number;
  form: JsonObject;
  attachments: string[];
  /** The matter that starts this one, when none of people does; absent in older commands. */
  parent?: { matterId: string; no: string; link: string };
}

/** Acts on a task. */
export interface ActOnTask extends Envelope {
  type: 'act';
  task: string;
  action: Action;
  opinion: string | null;
  output: JsonObject | null;
  attachments: string[];
  returnOrder: ReturnOrder | null;
  /** Set for the detours that need to know more; absent in older commands. */
  detour?: Detour | null;
}

/** The applicant takes the matter back. */
export interface WithdrawMatter extends Envelope {
  type: 'withdraw';
  reason: string | null;
}

/** Reminds those who must act 催办. */
export interface UrgeMatter extends Envelope {
  type: 'urge';
  text: string | null;
}

/** A remark that decides nothing. */
export interface CommentOnMatter extends Envelope {
  type: 'comment';
  text: string;
}

/** Feedback on progress 反馈 while a step is being handled. */
export interface ReportProgress extends Envelope {
  type: 'report';
  text: string;
  /** 0 to 100. */
  percent: number;
  attachments: string[];
  /** Which task it is about when the person has more than one that asks for reports. */
  task: string | null;
}

/** Adds papers or explanations to a matter without being asked 补充材料. */
export interface SupplementMatter extends Envelope {
  type: 'supplement';
  text: string;
  attachments: string[];
}

/** Asks for a later due date 延期, before the present one. */
export interface AskExtension extends Envelope {
  type: 'extend';
  /** The day `YYYY-MM-DD` until which the time is asked for. */
  until: string;
  reason: string;
  /** Which task it is about when the person has more than one that may be extended. */
  task: string | null;
}

/** An administrator gives an open task to other people 指派. */
export interface ReassignTask extends Envelope {
  type: 'reassign';
  task: string;
  people: string[];
  reason: string;
}

/** An administrator sends the matter back to an earlier step 回退. `to` as in {@link ReturnOrder}, without `previous`. */
export interface RewindMatter extends Envelope {
  type: 'rewind';
  to: string;
  reason: string;
}

/** An administrator passes over an open step 跳过. `visit` is its key. */
export interface SkipStep extends Envelope {
  type: 'skip';
  visit: string;
  reason: string;
}

/** An administrator ends the matter 终止. */
export interface TerminateMatter extends Envelope {
  type: 'terminate';
  reason: string;
}

/** An administrator moves the open tasks of somebody who leaves or gives up a post to somebody else 交接. */
export interface HandOverTasks extends Envelope {
  type: 'hand-over';
  from: string;
  to: string;
  reason: string;
}

/** An administrator moves the matter to another version of its process, after a dry run. */
export interface MoveVersion extends Envelope {
  type: 'move';
  version: number;
  reason: string;
}

/** What the matter was decided on has changed outside it: the directory (rules are resolved anew) or the calendar (dates). */
export interface RefreshMatter extends Envelope {
  type: 'refresh';
  about: 'people' | 'calendar';
  reason: string;
}

/** A matter that this one started says what became of it. */
export interface ReportLink extends Envelope {
  type: 'linked';
  /** Id of the link in this matter. */
  link: string;
  status: LinkStatus;
  /** Its number once it has one. */
  no: string | null;
  text: string;
}

/** The clock says that alarms may be due. */
export interface Tick extends Envelope {
  type: 'tick';
}

/** What only a process administrator may ask. */
export type InterventionCommand = ReassignTask | RewindMatter | SkipStep | TerminateMatter | HandOverTasks | MoveVersion;

/** Anything that can be asked of a matter. */
export type Command =
  | StartMatter
  | ActOnTask
  | WithdrawMatter
  | UrgeMatter
  | CommentOnMatter
  | ReportProgress
  | SupplementMatter
  | AskExtension
  | InterventionCommand
  | RefreshMatter
  | ReportLink
  | Tick;
export type CommandType = Command['type'];

/** Limits on what a command may carry; what is larger is refused before it reaches the machine. */
export const COMMAND_LIMITS = {
  opinion: 2_000,
  text: 5_000,
  attachments: 20,
  roundsPerStep: 20,
  /** People named in one detour. */
  people: 50,
  /** Groups of added signers in one round of a step. */
  signerGroups: 20,
  /** Circulations, and rounds of advice, in one matter. */
  sideSteps: 500,
} as const;

/** Checks of a value against the schema of a form or an output, injected because schemas stay out of the workflow bundle. */
export type SchemaCheck = (value: Json) => Fault[];

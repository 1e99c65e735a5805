/** What somebody, or the clock, asks of a matter. Imperative, plain JSON, each with the id under which it counts once. */
import type { Fault, Json, JsonObject } from '../../definitions/language/json.ts';
import type { Action } from './words.ts';

/** Who gives a command: a person, or the matter's own clock. */
export type Actor = { kind: 'person'; id: string } | { kind: 'clock' };

/** Where a return sends the matter, and what happens after: every step in between again, or straight back to who returned it. */
export interface ReturnOrder {
  /** `applicant`, `previous`, or a step id (with `@item` inside a forEach, `undertake@2`). */
  to: string;
  /** Whether what lies between is done again (`replay`) or the matter comes straight back (`back`). */
  next: 'replay' | 'back';
}

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

/** The clock says that alarms may be due. */
export interface Tick extends Envelope {
  type: 'tick';
}

/** Anything that can be asked of a matter. */
export type Command = StartMatter | ActOnTask | WithdrawMatter | UrgeMatter | CommentOnMatter | ReportProgress | Tick;
export type CommandType = Command['type'];

/** Limits on what a command may carry; what is larger is refused before it reaches the machine. */
export const COMMAND_LIMITS = { opinion: 2_000, text: 5_000, attachments: 20, roundsPerStep: 20 } as const;

/** Checks of a value against the schema of a form or an output, injected because schemas stay out of the workflow bundle. */
export type SchemaCheck = (value: Json) => Fault[];

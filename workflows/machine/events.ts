/**
 * What happened, past tense. The event table is the record; everything else is made from it. An event says what was chosen and
 * why, so that folding needs neither directory nor calendar.
 */
import type { Due } from '../../definitions/language/calendar.ts';
import type { Decision, PersonRef } from '../../definitions/language/context.ts';
import type { Effect } from '../../definitions/language/effect.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import type { LimitValue } from '../../definitions/language/steps.ts';
import type { Actor } from './commands.ts';
import type { Assignee, StepKey, Task } from './state.ts';
import type { AlarmKind, Outcome, TaskKind, VisitOutcome } from './words.ts';

/** The facts of each kind of event. A new kind may be added; the meaning of a field never changes. */
export interface EventFacts {
  MatterStarted: {
    no: string;
    processId: string;
    version: number;
    title: string;
    applicant: PersonRef;
    unitName: string;
    form: JsonObject;
    attachments: string[];
    settings: Record<string, Json>;
    limit: LimitValue;
    due: Due;
  };
  /** A step was reached; its tasks follow as `TaskOpened`. */
  StepOpened: {
    visit: StepKey;
    step: string;
    name: string;
    round: number;
    kind: TaskKind;
    mode: 'any' | 'all';
    seats: number;
    limit: LimitValue;
    due: Due;
    backTo: StepKey | null;
    unassigned: boolean;
    /** When the first progress report is due, or null where the step asks for none. */
    reportAt: string | null;
  };
  TaskOpened: { task: Task };
  TaskActed: {
    task: string;
    visit: StepKey;
    step: string;
    stepName: string;
    round: number;
    decision: Decision;
    output: JsonObject | null;
    attachments: string[];
  };
  /** A task ended without its people having acted. */
  TaskClosed: { task: string; because: 'step-closed' | 'somebody-acted' | 'matter-ended' | 'returned' };
  StepClosed: { visit: StepKey; step: string; name: string; round: number; outcome: VisitOutcome };
  /** A step that nobody had to act on, and why. */
  StepSkipped: { visit: StepKey; step: string; name: string; reason: string };
  BranchChosen: { block: StepKey; name: string; branch: number | null; says: string };
  BlockOpened: { block: StepKey; name: string; kind: 'parallel' | 'forEach'; items: string[]; done: boolean[] };
  BranchFinished: { block: StepKey; branch: number };
  BlockClosed: { block: StepKey; canceled: boolean };
  EffectDone: { step: StepKey; name: string; effect: Effect };
  EffectUndone: { step: StepKey; effect: Effect };
  MatterReturned: {
    from: StepKey;
    fromName: string;
    to: StepKey;
    toName: string;
    next: 'replay' | 'back';
    reason: string;
    by: string;
    /** Steps whose results are set aside because they will be gone through again. */
    superseded: StepKey[];
  };
  FormCorrected: { form: JsonObject; attachments: string[]; title: string; changed: string[] };
  AlarmRang: { alarm: string; kind: AlarmKind; visit: StepKey | null; about: string };
  /** Feedback is due now; `nextAt` is when the next will be. */
  ReportRequested: { visit: StepKey; number: number; nextAt: string | null };
  ReportMissed: { visit: StepKey; number: number };
  ProgressReported: {
    visit: StepKey;
    step: string;
    person: string;
    name: string;
    text: string;
    percent: number;
    attachments: string[];
  };
  ClockStopped: { reason: string };
  ClockResumed: { due: Due };
  Commented: { person: string; name: string; text: string };
  Urged: { person: string; name: string; text: string | null; people: Assignee[] };
  MatterEnded: { code: Outcome; text: string };
}
export type EventType = keyof EventFacts;

/** The envelope that every event has: its place in the matter, when, by whom, by which command. */
export interface EventEnvelope {
  /** 1, 2, 3 … without a hole. */
  sequence: number;
  /** UTC with `Z`; never earlier than the event before. */
  at: string;
  by: Actor;
  command: string;
}

/** One event of a matter. */
export type MatterEvent = { [T in EventType]: EventEnvelope & { type: T; facts: EventFacts[T] } }[EventType];
/** An event of one kind. */
export type EventOf<T extends EventType> = Extract<MatterEvent, { type: T }>;

/**
 * What happened, past tense. The event table is the record; everything else is made from it. An event says what was chosen and
 * why, so that folding needs neither directory nor calendar.
 */
import type { Due } from '../../definitions/language/calendar.ts';
import type { Decision, PersonRef } from '../../definitions/language/context.ts';
import type { Effect } from '../../definitions/language/effect.ts';
import type { Json, JsonObject } from '../../definitions/language/json.ts';
import type { ApprovalMode, LimitValue } from '../../definitions/language/steps.ts';
import type { Actor } from './commands.ts';
import type { Asked, Assignee, Draft, Link, Returned, Seat, SignerGroup, StepKey, Task, Wait } from './state.ts';
import type { AlarmKind, Intervention, LinkStatus, Outcome, TaskKind, VisitOutcome } from './words.ts';

/** Set where a cover 顶岗 did it: the cover's name, and that of the absent person. The claim itself is the absent person's. */
interface ByCover {
  coverName?: string;
  coverForName?: string;
}

/** The facts of each kind of event. A new kind may be added, and an optional field; the meaning of a field never changes. */
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
    /** The matter that started this one. */
    parent?: { matterId: string; no: string; link: string };
    /** True when the matter as a whole warns in yellow and orange too; absent in older events. */
    warns?: boolean;
  };
  /** A step was reached; its tasks follow as `TaskOpened`. */
  StepOpened: {
    visit: StepKey;
    step: string;
    name: string;
    round: number;
    kind: TaskKind;
    mode: ApprovalMode;
    /** How many seats of its own the step has. */
    seats: number;
    /** Each seat with its people, those whose turn comes later too; absent in older events, where every task is a seat. */
    roster?: Seat[];
    /** Set when a round goes on where an earlier one was left, because a decision was taken back. */
    carried?: { groups: SignerGroup[]; decisions: Decision[] };
    /** The visit that a side step belongs to. */
    parent?: StepKey | null;
    /** The day `YYYY-MM-DD` that an extension asks for. */
    until?: string;
    /** Who asks for a side step, and with what words; absent in older events. */
    asked?: Asked;
    /** Set when a return opened it. */
    returned?: Omit<Returned, 'at'>;
    /** On a detour to a handling step: its outputs as they stood, the latest first. */
    baseline?: JsonObject[];
    /** When the superior and supervision are told that the step is overdue; absent where they are not. */
    ladder?: { superiorAt: string; supervisionAt: string };
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
  TaskClosed: {
    task: string;
    because:
      | 'step-closed'
      | 'somebody-acted'
      | 'matter-ended'
      | 'returned'
      | 'handed-over'
      | 'removed'
      | 'taken-back'
      | 'skipped';
  };
  /** Somebody of several took a task on 签收, or put it back. */
  TaskClaimed: { task: string; person: string; name: string } & ByCover;
  TaskReleased: { task: string; person: string; name: string } & ByCover;
  /** A task waits for signers before it, or for a delegate; and comes back, with what a delegate answered. */
  TaskHeld: { task: string };
  TaskResumed: { task: string; draft: Draft | null };
  /**
   * A seat got other people. Its task, if it had one, ends with this event (`transfer` is an act of its holder, the others are not);
   * a new one follows as `TaskOpened`.
   */
  SeatReassigned: {
    visit: StepKey;
    stepName: string;
    round: number;
    seat: number;
    task: string | null;
    from: Assignee[];
    to: Assignee[];
    how: 'transfer' | 'reassign' | 'hand-over' | 're-organisation' | 'taken-back' | 'removed';
    /** Who did it; null for a change of the directory. */
    person: string | null;
    name: string | null;
    /** Whom the person stood in for. */
    coverForName: string | null;
    reason: string;
  };
  /** Signers were added 加签, or one delegated to 委派; their tasks follow as their turns come. */
  SignersAdded: {
    visit: StepKey;
    stepName: string;
    round: number;
    task: string;
    group: SignerGroup;
    seats: Seat[];
    reason: string;
    /** Name of the absent person for whom it was done; absent where nobody was stood in for. */
    coverForName?: string;
  };
  /** Signers were taken off again 减签. */
  SignersRemoved: {
    visit: StepKey;
    stepName: string;
    round: number;
    seats: number[];
    people: Assignee[];
    person: string;
    name: string;
    reason: string;
    /** Name of the absent person for whom it was done; absent where nobody was stood in for. */
    coverForName?: string;
  };
  /** A decision was taken back 取回. In an open round its seat is free again; a closed one is opened anew by `StepOpened`. */
  ActTakenBack: {
    task: string;
    visit: StepKey;
    stepName: string;
    round: number;
    seat: number;
    person: string;
    name: string;
    /** Steps that had followed and are set aside, since they will be gone through again; absent where none had. */
    superseded?: StepKey[];
  };
  /** People were sent the matter to read, or asked for advice; their tasks follow as a side step. */
  Circulated: {
    visit: StepKey;
    people: Assignee[];
    person: string | null;
    name: string;
    text: string | null;
    /** Name of the absent person for whom it was done; absent where nobody was stood in for. */
    coverForName?: string;
  };
  AdviceAsked: {
    visit: StepKey;
    parent: StepKey;
    people: Assignee[];
    person: string;
    name: string;
    text: string;
    /** Name of the absent person for whom it was done; absent where nobody was stood in for. */
    coverForName?: string;
  };
  StepClosed: {
    visit: StepKey;
    step: string;
    name: string;
    round: number;
    outcome: VisitOutcome;
    /** Why, where nobody's decision says so: silence, a share that can no longer be reached. */
    because?: string;
  };
  /** A step that nobody had to act on, and why. */
  StepSkipped: { visit: StepKey; step: string; name: string; reason: string };
  BranchChosen: { block: StepKey; name: string; branch: number | null; says: string };
  BlockOpened: {
    block: StepKey;
    name: string;
    kind: 'parallel' | 'forEach';
    items: string[];
    done: boolean[];
    /** Which branches are entered at once; absent where all are. */
    entered?: boolean[];
  };
  /** A branch that had to wait for others was entered. */
  BranchEntered: { block: StepKey; branch: number };
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
    /** True when an administrator sent it back; absent where somebody returned it, and in older events. */
    rewound?: true;
  };
  /**
   * Somebody to whom the matter was returned with "straight back" changed what others had decided on: from there on everything is
   * done again instead (the form: from the first step; an output: from the step that follows).
   */
  DetourReplayed: { visit: StepKey; name: string; because: 'form' | 'output'; changed: string[]; superseded: StepKey[] };
  FormCorrected: { form: JsonObject; attachments: string[]; title: string; changed: string[] };
  AlarmRang: {
    alarm: string;
    kind: AlarmKind;
    visit: StepKey | null;
    about: string;
    /** When supervision is told that the matter as a whole is overdue; set when its own due date passes. */
    supervisionAt?: string;
  };
  /** Feedback is due now; `nextAt` is when the next will be. */
  ReportRequested: { visit: StepKey; number: number; nextAt: string | null };
  /** Who did not answer a request; absent in older events, which mean all of the step. */
  ReportMissed: { visit: StepKey; number: number; seat?: number; people?: Assignee[] };
  ProgressReported: {
    visit: StepKey;
    step: string;
    person: string;
    name: string;
    text: string;
    percent: number;
    attachments: string[];
    /** The seat that it was given for; absent in older events. */
    seat?: number;
    /** Name of the absent person for whom it was given. */
    coverForName?: string;
  };
  ClockStopped: { reason: string };
  ClockResumed: { due: Due };
  /** A due date was reckoned again, of the matter (`visit` null) or of a round of a step, and why. */
  DueChanged: {
    visit: StepKey | null;
    name: string;
    limit: LimitValue;
    due: Due;
    because: string;
    ladder?: { superiorAt: string; supervisionAt: string };
    /** When feedback is asked for next, or null for no more; absent where none is owed. */
    reportAt?: string | null;
  };
  /** A later due date was asked for 延期; the answer is a side step. */
  ExtensionAsked: {
    visit: StepKey;
    of: StepKey;
    stepName: string;
    until: string;
    person: string;
    name: string;
    reason: string;
    /** Name of the absent person for whom it was asked. */
    coverForName?: string;
  };
  ExtensionAnswered: { visit: StepKey; of: StepKey; granted: boolean; until: string; person: string; name: string };
  /** The ladder after the due date: who was told that a step, or the matter (`visit` null), is overdue. */
  Escalated: { visit: StepKey | null; about: string; level: 'superior' | 'supervision'; people: Assignee[] };
  /** Nobody answered in time, and the definition says what that means. */
  SilenceCounted: { visit: StepKey; name: string; means: string };
  Supplemented: { person: string; name: string; text: string; attachments: string[] };
  WaitBegan: { wait: Wait; name: string };
  /** The instant of a wait was reckoned again, and why. */
  WaitMoved: { key: StepKey; name: string; at: string; because: string };
  WaitEnded: { key: StepKey; name: string; because: 'time' | 'links' | 'returned' | 'block-closed' | 'matter-ended' | 'skipped' };
  /** Matters were asked for; a worker starts them. */
  MattersLinked: { step: StepKey; name: string; links: Link[] };
  /** A matter that this one started said what became of it; with `recalled` this one calls it back, and its answer is still to come. */
  LinkChanged: {
    link: string;
    status: LinkStatus;
    no: string | null;
    text: string;
    recalled?: true;
    /** Set when this one waits for it no more because an administrator passed over its step; `text` says so, with the reason. */
    skipped?: true;
  };
  /** An administrator stepped in; what follows from it stands after it. Marked for ever. */
  AdminIntervened: {
    kind: Intervention;
    person: string;
    name: string;
    reason: string;
    about: string;
    /** Name of the administrator who is away and in whose place it was done; absent where nobody was stood in for. */
    coverForName?: string;
  };
  /** `settings`: what the new version declares and the old one did not, as the school has it now. */
  VersionMoved: { from: number; to: number; settings?: Record<string, Json> };
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

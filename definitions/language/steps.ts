/**
 * The words a process is written in. A process is a list of steps; `choose`, `parallel` and `forEach` hold lists of steps;
 * every list ends. There are no free jumps: going back is the typed action *return*, which opens a new round.
 */
import type { AssigneeRule, SelfApprovalPolicy } from './assignees.ts';
import type { AnyShape, CheckContext, Context, Shape } from './context.ts';
import type { Duration } from './duration.ts';
import type { Effect } from './effect.ts';
import type { Fault, JsonObject } from './json.ts';

/** How long: a duration, or a day `YYYY-MM-DD` that somebody set, or a pure function that gives one of the two. */
export type LimitValue = Duration | { date: string };
/** A limit as a definition gives it. */
export type Limit<S extends Shape = AnyShape> = LimitValue | ((context: Context<S>) => LimitValue);

/** How the people of an approval decide together: any one 或签, all of them at once 会签, one after another 依次, or a share 票签. */
export const APPROVAL_MODES = ['any', 'all', 'order', 'vote'] as const;
/**
 * A vote 票签: agreed once the share (of the step's own seats, rounded up) or the number is reached, against the matter once it can
 * no longer be. With `veto` one disagreement ends it, as it does in every other mode.
 */
export type Vote = ({ share: number } | { count: number }) & { veto?: boolean };
/** How the people of an approval decide together: a mode of {@link APPROVAL_MODES}, a vote with its rule. */
export type ApprovalMode = Exclude<(typeof APPROVAL_MODES)[number], 'vote'> | Vote;
/** Handling knows no votes. */
export type HandleMode = Exclude<(typeof APPROVAL_MODES)[number], 'vote'>;

/** What it means when nobody acts until the due date: reminders only, going on as if agreed or done, or the matter's end. */
export const SILENCE_RULES = ['remind', 'go-on', 'reject'] as const;
export type SilenceRule = (typeof SILENCE_RULES)[number];

/**
 * How one of several candidates is chosen, for a step that is given to one and not offered to all. The choice and its reason are kept.
 * `random` is drawn from the transition's seed; the others look at how much each has open and when each got something last.
 */
export const ALLOCATIONS = ['random', 'round-robin', 'least-loaded', 'longest-idle'] as const;
export type Allocation = (typeof ALLOCATIONS)[number];

/** Whether an action carries an opinion 意见. */
export const OPINION_RULES = ['required', 'optional', 'none'] as const;
export type OpinionRule = (typeof OPINION_RULES)[number];

/** Where a step may send the matter back to: nowhere, to its applicant only, to any earlier human step, or to the steps named. */
export type ReturnTargets<Target extends string> = 'none' | 'applicant' | 'any' | readonly ('applicant' | Target)[];

/** What all steps with people have in common. `limit` is compulsory: 没有限时的,必须给出办结时限 (source 004). */
export interface HumanStep<S extends Shape, Id extends string, Target extends string> {
  id: Id;
  name: string;
  assignees: AssigneeRule<S> | readonly AssigneeRule<S>[];
  limit: Limit<S>;
  /** Default `any`. */
  returnTo?: ReturnTargets<Target>;
  /** What happens when the applicant would decide on their own matter; default `superior` for approvals, `allow` for handling. */
  selfApproval?: SelfApprovalPolicy;
  /** One line on what is asked, shown above the form. */
  ask?: string;
  /** Who is asked when the rules find nobody; default the process administrator. */
  whenNobody?: 'administrator' | 'superior';
  /** Whether somebody who agreed in the step just before is asked again; default each time. For approvals. */
  whenRepeated?: 'each-time' | 'once';
  /** Ids of people who may not handle this, however they come to it: recorder, beneficiary, who acted before (职责分离). */
  excluded?: (context: Context<S>) => readonly string[];
  /** Only those with this capability, as the directory has it, e.g. a signing authority; null for anybody. */
  capability?: (context: Context<S>) => string | null;
  /** True where nobody may stand in: no cover, no transfer, no delegation, no added signers. */
  inPerson?: boolean;
  /** Detours that this step does not offer. */
  withoutDetours?: readonly Detour[];
  /** Whether an administrator may pass over it; default for approvals and reading only. */
  skippable?: boolean;
  /** Why the matter's clock stands still while the ball is here, with a third party (domain D10); absent where it runs on. */
  stopsClock?: string;
  /** What silence until the due date means; default only reminders. */
  silence?: SilenceRule;
  /** A reason in Chinese for which nobody need be asked, or null: small matters pass by rule. */
  passes?: (context: Context<S>) => string | null;
  /** Gives the step to one of the people found instead of offering it to all. */
  allocate?: Allocation;
  /** In a later round the step goes back to who acted in it before, where they still may. */
  familiar?: boolean;
  /** Who is sent the matter to read when the step has ended 抄送. */
  copyTo?: AssigneeRule<S> | readonly AssigneeRule<S>[];
}

/** Names of the detours that a step may do without; the machine's list is `DETOURS` in words.ts. */
export type Detour = 'transfer' | 'delegate' | 'addSigners' | 'claim' | 'takeBack' | 'circulate' | 'consult';

/** Who grants a later due date 延期, how much later at most, and how often (督办: CSAIL, at most once [C]). */
export interface Extension<S extends Shape> {
  approver: AssigneeRule<S> | readonly AssigneeRule<S>[];
  longest: Limit<S>;
  times: (context: Context<S>) => number;
  /** How long the approver has. */
  limit: Limit<S>;
}

/** An approval 审批: agree, disagree or return. One disagreement ends the matter as rejected. */
export interface ApproveStep<S extends Shape, Id extends string, Target extends string> extends HumanStep<S, Id, Target> {
  kind: 'approve';
  mode: ApprovalMode;
  /** Default `required` for disagree, `optional` for agree; `required` makes an agreement carry an opinion too. */
  opinion?: OpinionRule;
}

/** A report of progress about to be made. */
export interface Progress {
  text: string;
  /** 0 to 100. */
  percent: number;
  /** Ids of files. */
  attachments: readonly string[];
  /** The latest one in the same round, or null when this is the first. */
  before: { at: string; percent: number } | null;
}

/** Handling 承办: do something and fill in an output form; may run for weeks with periodic reports. */
export interface HandleStep<S extends Shape, Id extends string, Target extends string> extends HumanStep<S, Id, Target> {
  kind: 'handle';
  mode: HandleMode;
  /** Set where whoever handles it may ask for a later due date. */
  extension?: Extension<S>;
  opinion?: OpinionRule;
  /** Checks across the fields of the output and against the matter; always run, and all faults told at once. Paths start with `/output`. */
  check?: (
    context: Context<S>,
    output: Id extends keyof S['outputs'] ? S['outputs'][Id] : never,
    world: CheckContext<S>,
  ) => Fault[];
  /**
   * Periodic feedback 反馈 while the step is open: how often, counted from its opening; and what is wrong with a report beside its own
   * form, all faults at once, with paths `/text`, `/percent`, `/attachments`.
   */
  reports?: {
    every: Limit<S>;
    check?: (context: Context<S>, report: Progress, world: CheckContext<S>) => Fault[];
  };
  /** What the output decides about the matter: null to go on, or its end as rejected with this reason. */
  ends?: (context: Context<S>, output: Id extends keyof S['outputs'] ? S['outputs'][Id] : never) => string | null;
}

/** Circulation 传阅: people read and confirm; nobody can stop the matter by it. */
export interface ReadStep<S extends Shape, Id extends string> extends HumanStep<S, Id, never> {
  kind: 'read';
}

/** A system step: the matter itself does something to the records. */
export interface EffectStep<S extends Shape, Id extends string> {
  kind: 'effect';
  id: Id;
  name: string;
  does: (context: Context<S>) => Effect;
}

/** Waits 等待 until a limit has passed; nobody need act. */
export interface WaitStep<S extends Shape, Id extends string> {
  kind: 'wait';
  id: Id;
  name: string;
  until: Limit<S>;
}

/** A matter to be started by another, its form filled in from what is known. */
export interface Linked {
  processId: string;
  form: JsonObject;
  attachments?: readonly string[];
  /** Who applies; default the applicant of the matter that starts it. */
  applicant?: string;
}

/** Starts other matters 关联办件, at most {@link FOR_EACH_LIMIT}, and may wait until all of them have ended. */
export interface LinkStep<S extends Shape, Id extends string> {
  kind: 'link';
  id: Id;
  name: string;
  starts: (context: Context<S>) => readonly Linked[];
  /** Whether the matter goes on only when all of them have ended. */
  waits: boolean;
  /** What becomes of those still open when this matter ends otherwise than completed, or goes back before this step. */
  whenWithdrawn: 'withdraw' | 'leave';
  /** What it means when one of them was not completed; default the matter goes on and the timeline says so. */
  whenFailed?: 'go-on' | 'reject';
}

/** One way of a {@link ChooseStep}; the first whose condition holds is taken. */
export interface Branch<S extends Shape, Steps> {
  /** The condition in Chinese, for guide, drawing and timeline. */
  says: string;
  when: (context: Context<S>) => boolean;
  steps: Steps;
}

/** An exclusive choice 分支; when no branch holds, `otherwise` is taken, or nothing. */
export interface ChooseStep<Id extends string, Branches, Otherwise> {
  kind: 'choose';
  id: Id;
  name: string;
  branches: Branches;
  otherwise: Otherwise;
}

/** Branches that run at once; the matter goes on when all of them are done. A branch with `when` is left out where it does not hold. */
export interface ParallelStep<Id extends string, Branches> extends BlockOptions {
  kind: 'parallel';
  id: Id;
  name: string;
  branches: Branches;
}

/** How the branches of a block run. */
export interface BlockOptions {
  /** How many run at once; the next is entered when one is done. Default all. One at a time: two checks, never together. */
  atMost?: number;
  /** How many must be done before the matter goes on; what is left of the others is ended. Default all. */
  needed?: number;
}

/** A branch of a {@link ParallelStep}. */
export interface ParallelBranch<S extends Shape, Steps> {
  says: string;
  when?: (context: Context<S>) => boolean;
  steps: Steps;
}

/** The same steps for each of the units or people named in the form or an earlier output, all at once. At most 200. */
export interface ForEachStep<S extends Shape, Id extends string, Steps> extends BlockOptions {
  kind: 'forEach';
  id: Id;
  name: string;
  of: 'unit' | 'person';
  items: (context: Context<S>) => readonly string[];
  steps: Steps;
}

/** Any step as the machine sees it, its definition's own types set aside. */
export type Step =
  | ApproveStep<AnyShape, string, string>
  | (Omit<HandleStep<AnyShape, string, string>, 'check' | 'ends'> & {
      check?: (context: Context, output: AnyShape['form'], world: CheckContext) => Fault[];
      ends?: (context: Context, output: AnyShape['form']) => string | null;
    })
  | ReadStep<AnyShape, string>
  | EffectStep<AnyShape, string>
  | WaitStep<AnyShape, string>
  | LinkStep<AnyShape, string>
  | ChooseStep<string, readonly Branch<AnyShape, StepList>[], StepList>
  | ParallelStep<string, readonly ParallelBranch<AnyShape, StepList>[]>
  | ForEachStep<AnyShape, string, StepList>;

/** A list of steps, done one after another. */
export interface StepList extends ReadonlyArray<Step> {}

/** The steps at which people act. */
export type PeopleStep = Extract<Step, { kind: 'approve' | 'handle' | 'read' }>;
/** The kinds of step, for exhaustive switches. */
export type StepKind = Step['kind'];

/** More than this many items in one `forEach` are refused: a list this long is a fault of the form, and each item costs a task. */
export const FOR_EACH_LIMIT = 200;

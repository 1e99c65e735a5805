/**
 * The words a process is written in. A process is a list of steps; `choose`, `parallel` and `forEach` hold lists of steps;
 * every list ends. There are no free jumps: going back is the typed action *return*, which opens a new round.
 */
import type { AssigneeRule, SelfApprovalPolicy } from './assignees.ts';
import type { AnyShape, CheckContext, Context, Shape } from './context.ts';
import type { Duration } from './duration.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './json.ts';

/** How long: a duration, or a day `YYYY-MM-DD` that somebody set, or a pure function that gives one of the two. */
export type LimitValue = Duration | { date: string };
/** A limit as a definition gives it. */
export type Limit<S extends Shape = AnyShape> = LimitValue | ((context: Context<S>) => LimitValue);

/** How the people of an approval decide together: any one 或签, all of them at once 会签, one after another 依次, or a share 票签. */
export const APPROVAL_MODES = ['any', 'all'] as const;
export type ApprovalMode = (typeof APPROVAL_MODES)[number];

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
}

/** An approval 审批: agree, disagree or return. One disagreement ends the matter as rejected. */
export interface ApproveStep<S extends Shape, Id extends string, Target extends string> extends HumanStep<S, Id, Target> {
  kind: 'approve';
  mode: ApprovalMode;
  /** Default `required` for disagree, `optional` for agree; `required` makes an agreement carry an opinion too. */
  opinion?: OpinionRule;
}

/** Handling 承办: do something and fill in an output form; may run for weeks with periodic reports. */
export interface HandleStep<S extends Shape, Id extends string, Target extends string> extends HumanStep<S, Id, Target> {
  kind: 'handle';
  mode: ApprovalMode;
  opinion?: OpinionRule;
  /** Checks across the fields of the output and against the matter; always run, and all faults told at once. Paths start with `/output`. */
  check?: (
    context: Context<S>,
    output: Id extends keyof S['outputs'] ? S['outputs'][Id] : never,
    world: CheckContext<S>,
  ) => Fault[];
  /** Periodic feedback 反馈 while the step is open: how often, counted from its opening. */
  reports?: { every: Limit<S> };
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
export interface ParallelStep<Id extends string, Branches> {
  kind: 'parallel';
  id: Id;
  name: string;
  branches: Branches;
}

/** A branch of a {@link ParallelStep}. */
export interface ParallelBranch<S extends Shape, Steps> {
  says: string;
  when?: (context: Context<S>) => boolean;
  steps: Steps;
}

/** The same steps for each of the units or people named in the form or an earlier output, all at once. At most 200. */
export interface ForEachStep<S extends Shape, Id extends string, Steps> {
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

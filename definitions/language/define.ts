/**
 * `language()` gives the words for one definition with its types fixed; `define` closes it. What is wrong and visible to
 * types (an unknown step, form field, output field or return target) does not compile; the rest is the checker's (`check.ts`).
 */
import { assigneeRules } from './assignees.ts';
import type { AnyShape, CheckContext, Context, Read, Shape } from './context.ts';
import type { PostRole } from './directory.ts';
import type { Retention } from './effect.ts';
import type { Fault, Json } from './json.ts';
import type { SettingsDeclaration } from './settings.ts';
import type {
  ApproveStep,
  BlockOptions,
  Branch,
  ChooseStep,
  EffectStep,
  ForEachStep,
  HandleStep,
  HumanStep,
  Limit,
  LinkStep,
  ParallelBranch,
  ParallelStep,
  ReadStep,
  StepList,
  WaitStep,
} from './steps.ts';
import type { SupervisionFacts } from './supervision.ts';

/** A paper that the applicant must or may bring, told once and completely (一次性告知, source 004). */
export interface Material {
  name: string;
  required: boolean;
  /** When it is needed or what it must look like. */
  note: string;
}

/** What a register column 台账 is made from: the matter as it stands. */
export interface RegisterSource<S extends Shape = AnyShape> extends Context<S> {
  no: string;
  title: string;
  applicantUnitName: string;
  status: string;
  outcome: string | null;
  endedAt: string | null;
  dueAt: string;
  /** When an effect step took place, UTC, or null. */
  effectAt: (step: string) => string | null;
  /** When a step outside every forEach is or was due in its present round, extensions counted, UTC; null before it is opened. */
  dueOf: (step: string) => string | null;
  /** The name of the person or unit or resource with this id, or the id itself when the directory has lost it. */
  nameOf: (id: string) => string;
}

/** A column of a process's register. */
export interface RegisterColumn<S extends Shape = AnyShape> {
  key: string;
  title: string;
  value: (source: RegisterSource<S>) => Json;
  /** Whether the register adds the column up below its rows; only for columns of numbers. */
  total?: true;
}

/** One function that finds faults across fields, or several of them. */
export type Checks<S extends Shape = AnyShape> = Check<S> | readonly Check<S>[];
type Check<S extends Shape> = (context: CheckContext<S>) => Fault[];

/** Everything about a process but its steps. One source for guide, form, register, archive and rights. */
export interface ProcessFacts<S extends Shape> {
  /** ASCII, kebab case; the Temporal workflow type. */
  id: string;
  version: number;
  name: string;
  /** Stands before year and serial in a matter's number: `YYSQ-2026-0001`. */
  numberPrefix: string;
  category: string;
  /** The rules it rests on, each with document and article. */
  basis: readonly string[];
  /** Who may apply, in Chinese. */
  audience: string;
  /** Who may apply, as a right: anybody who works here, or holders of one of these roles. */
  applicants: 'anyone' | readonly PostRole[];
  materials: readonly Material[];
  contact: string;
  /** The limit of the whole matter. Without one a process can't be published (source 004). */
  limit: Limit<S>;
  /** A statutory limit overrides the one above, never the other way round (source 004); absent where no statute sets one. */
  statutoryLimit?: Limit<S>;
  /** How long the applicant has to correct a returned matter. */
  correctionLimit: Limit<S>;
  /** Whether the matter's clock stands still while the ball is with the applicant (domain D12). */
  clockStopsWithApplicant: boolean;
  /** How often the matter may be laid back with its applicant; default as often as any step. 信息公开 asks once (domain D9). */
  correctionsMax?: number;
  /** What it means when the applicant does not correct in time; default only reminders. `abandon`: 视为放弃 (domain D9). */
  whenNotCorrected?: 'remind' | 'abandon';
  /** The first day `YYYY-MM-DD` on which this version takes applications, from which on the version before takes none (002: 自10月1日起). */
  effectiveFrom?: string;
  settings: SettingsDeclaration;
  title: (form: S['form']) => string;
  /** Which other matters the checks must know of. */
  reads?: (form: S['form'], now: string) => Read[];
  /**
   * Checks across fields and against calendar, directory, files and other matters. All faults at once; paths start with `/form`.
   * In a list each is guarded alone: one that stumbles over a malformed field hides no fault of the others.
   */
  checks?: Checks<S>;
  /**
   * Until when the applicant may withdraw: until the first decision of somebody else (the default), until a step or an effect is
   * reached, or until the end.
   */
  withdrawUntil?: 'first-decision' | 'end' | { before: string };
  /**
   * Fields of the form whose correction changes nothing that anybody decided on, such as a telephone number: a return straight back
   * comes straight back though they were changed. Every other change makes the matter go through its steps again.
   */
  harmlessFields?: readonly (keyof S['form'] & string)[];
  /** Whether supervisors follow every matter of the process in the ledger 督办台账. */
  supervised: boolean;
  /** People besides applicant and handlers who may watch the matter from its start, e.g. the leader whose instruction it is. */
  concerned?: (context: Context<S>) => readonly string[];
  /**
   * People who may neither see the matter nor be told of it, whatever their office: those complained about, say. That they do not
   * handle it either is each step's `excluded`.
   */
  keptOut?: (context: Context<S>) => readonly string[];
  /** What the ledger tells of a supervised matter; without it the ledger tells what every matter has. */
  supervision?: (source: RegisterSource<S>) => SupervisionFacts;
  register: readonly RegisterColumn<S>[];
  archive: { class: string; retention: (context: Context<S>) => Retention; basis: string };
}

/** A process definition as the machine sees it. */
export interface ProcessDefinition extends ProcessFacts<AnyShape> {
  steps: StepList;
}

/** Ids of all steps in a tuple of steps, those nested in branches too. */
export type IdsOf<Steps> = Steps extends readonly (infer E)[] ? IdOf<E> : never;
type IdOf<E> = E extends { kind: 'choose'; id: infer I; branches: infer B; otherwise: infer O }
  ? I | IdsOfBranches<B> | IdsOf<O>
  : E extends { kind: 'parallel'; id: infer I; branches: infer B }
    ? I | IdsOfBranches<B>
    : E extends { kind: 'forEach'; id: infer I; steps: infer L }
      ? I | IdsOf<L>
      : E extends { id: infer I }
        ? I
        : never;
type IdsOfBranches<B> = B extends readonly (infer E)[] ? (E extends { steps: infer L } ? IdsOf<L> : never) : never;

/** Return targets named anywhere in a tuple of steps. */
export type TargetsOf<Steps> = Steps extends readonly (infer E)[] ? TargetOf<E> : never;
type TargetOf<E> = E extends { kind: 'choose'; branches: infer B; otherwise: infer O }
  ? TargetsOfBranches<B> | TargetsOf<O>
  : E extends { kind: 'parallel'; branches: infer B }
    ? TargetsOfBranches<B>
    : E extends { kind: 'forEach'; steps: infer L }
      ? TargetsOf<L>
      : E extends { kind: 'approve' | 'handle'; target?: infer T }
        ? Extract<T, string>
        : never;
type TargetsOfBranches<B> = B extends readonly (infer E)[] ? (E extends { steps: infer L } ? TargetsOf<L> : never) : never;

/** What stands in a list of steps, at any depth, and is no step of this definition's shape. */
export type StrangersIn<S extends Shape, Steps> = Steps extends readonly (infer E)[] ? StrangerIn<S, E> : never;
type StrangerIn<S extends Shape, E> = E extends { kind: 'choose'; branches: infer B; otherwise: infer O }
  ? StrangersInBranches<S, B> | StrangersIn<S, O>
  : E extends { kind: 'parallel'; branches: infer B }
    ? StrangersInBranches<S, B>
    : E extends { kind: 'forEach'; steps: infer L }
      ? StrangersIn<S, L>
      : E extends HumanStep<S, string, string> | EffectStep<S, string> | WaitStep<S, string> | LinkStep<S, string>
        ? never
        : E;
type StrangersInBranches<S extends Shape, B> = B extends readonly (infer E)[]
  ? E extends { steps: infer L }
    ? StrangersIn<S, L>
    : never
  : never;

/** Demands that lists hold steps only. */
type KnownSteps<S extends Shape, Steps> = [StrangersIn<S, Steps>] extends [never] ? unknown : { notAStep: StrangersIn<S, Steps> };
/** Demands that every id is known as it is written: one that is just any `string` would let every return target pass. */
type LiteralIds<Steps> = string extends IdsOf<Steps> ? { stepIdIsNotLiteral: 'take it as a const type parameter' } : unknown;

/** Demands that every return target is a step of the same definition; the wrong ones appear in the compiler's message. */
type KnownTargets<Steps> = [Exclude<TargetsOf<Steps>, IdsOf<Steps> | 'applicant'>] extends [never]
  ? unknown
  : { unknownReturnTarget: Exclude<TargetsOf<Steps>, IdsOf<Steps> | 'applicant'> };
/** Demands that every output declared belongs to a step of the definition. */
type KnownOutputs<S extends Shape, Steps> = [Exclude<keyof S['outputs'], IdsOf<Steps>>] extends [never]
  ? unknown
  : { outputWithoutStep: Exclude<keyof S['outputs'], IdsOf<Steps>> };

/** Keeps the return target's literal type on the step for {@link KnownTargets}; has no value at run time. */
type Targeted<Target extends string> = { target?: Target };

type Details<T, Kind extends string> = Omit<T, 'kind' | 'id' | 'mode' | Kind>;

/**
 * The words for one definition, with its form, outputs and settings fixed.
 * @example
 * const { approve, handle, define, unitHead, role } = language<{ form: SealUseForm; outputs: SealUseOutputs; settings: SettingsOf<typeof settings> }>();
 */
export function language<S extends Shape>() {
  return {
    ...assigneeRules<S>(),

    /** An approval; `mode` says how several people decide together (default any one of them). */
    approve: <const Id extends string, const Target extends string = never>(
      id: Id,
      details: Details<ApproveStep<S, Id, Target>, never> & { mode?: ApproveStep<S, Id, Target>['mode'] },
    ): ApproveStep<S, Id, Target> & Targeted<Target> => ({ mode: 'any', ...details, kind: 'approve', id }),

    /** Handling with an output form; its id must be a key of the definition's outputs. */
    handle: <const Id extends keyof S['outputs'] & string, const Target extends string = never>(
      id: Id,
      details: Details<HandleStep<S, Id, Target>, never> & { mode?: HandleStep<S, Id, Target>['mode'] },
    ): HandleStep<S, Id, Target> & Targeted<Target> => ({ mode: 'any', ...details, kind: 'handle', id }),

    /** Circulation: one receipt from each person. */
    read: <const Id extends string>(id: Id, details: Details<ReadStep<S, Id>, never>): ReadStep<S, Id> => ({
      ...details,
      kind: 'read',
      id,
    }),

    /** A system step. */
    effect: <const Id extends string>(id: Id, details: Details<EffectStep<S, Id>, never>): EffectStep<S, Id> => ({
      ...details,
      kind: 'effect',
      id,
    }),

    /** Waits until a limit has passed. */
    wait: <const Id extends string>(id: Id, details: Details<WaitStep<S, Id>, never>): WaitStep<S, Id> => ({
      ...details,
      kind: 'wait',
      id,
    }),

    /** Starts other matters. */
    link: <const Id extends string>(id: Id, details: Details<LinkStep<S, Id>, never>): LinkStep<S, Id> => ({
      ...details,
      kind: 'link',
      id,
    }),

    /** The first branch whose condition holds, else `otherwise`, else nothing. */
    choose: <
      const Id extends string,
      const Branches extends readonly Branch<S, readonly unknown[]>[],
      const Otherwise extends readonly unknown[] = readonly [],
    >(
      id: Id,
      details: { name: string; branches: Branches; otherwise?: Otherwise },
    ): ChooseStep<Id, Branches, Otherwise> => ({
      kind: 'choose',
      id,
      name: details.name,
      branches: details.branches,
      // An absent `otherwise` is the empty list, which is what the default of the type parameter says.
      otherwise: details.otherwise ?? ([] as unknown as Otherwise),
    }),

    /** All branches at once. */
    parallel: <const Id extends string, const Branches extends readonly ParallelBranch<S, readonly unknown[]>[]>(
      id: Id,
      details: { name: string; branches: Branches } & BlockOptions,
    ): ParallelStep<Id, Branches> => ({ kind: 'parallel', id, ...details }),

    /** The same steps for each unit or person named. */
    forEach: <const Id extends string, const Steps extends readonly unknown[]>(
      id: Id,
      details: {
        name: string;
        of: 'unit' | 'person';
        items: (context: Context<S>) => readonly string[];
        steps: Steps;
      } & BlockOptions,
    ): ForEachStep<S, Id, Steps> => ({ kind: 'forEach', id, ...details }),

    /** Closes the definition. */
    define: <const Steps extends readonly unknown[]>(
      definition: ProcessFacts<S> & { steps: Steps } & KnownSteps<S, Steps> &
        LiteralIds<Steps> &
        KnownTargets<Steps> &
        KnownOutputs<S, Steps>,
    ): ProcessDefinition => {
      // The one place where a definition's own types are set aside: the machine hands each function only forms and outputs
      // that passed this definition's own schemas.
      return definition as unknown as ProcessDefinition;
    },
  };
}

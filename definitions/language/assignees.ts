/**
 * Who must act: rules that are resolved against the directory when a step opens, and the reason for each choice.
 * A rule is data with at most one pure function, so it can be described in the guide and rehearsed without a server.
 */
import type { AnyShape, Context, Shape } from './context.ts';
import type { Directory, PostRole } from './directory.ts';

/** A rule that names who must act. `says` is the rule in Chinese for guide and preview. */
export type AssigneeRule<S extends Shape = AnyShape> =
  | { kind: 'applicant'; says: string }
  | {
      kind: 'role';
      role: PostRole;
      says: string;
      unit: ((context: Context<S>) => string | null) | null;
      campus: ((context: Context<S>) => string | null) | null;
    }
  | { kind: 'unit-head'; says: string; unit: ((context: Context<S>) => string | null) | null }
  | { kind: 'leader-in-charge'; says: string; unit: ((context: Context<S>) => string | null) | null }
  | { kind: 'post'; says: string; post: (context: Context<S>, directory: Directory) => string | null }
  | { kind: 'person'; says: string; person: (context: Context<S>, directory: Directory) => string | null }
  | { kind: 'item'; says: string }
  | { kind: 'actor-of'; says: string; step: string };

/** What happens when the applicant would have to decide on their own matter. */
export const SELF_APPROVAL_POLICIES = ['superior', 'skip', 'allow'] as const;
export type SelfApprovalPolicy = (typeof SELF_APPROVAL_POLICIES)[number];

/** The rules of one definition's shape. Get them from `language()`, which fixes the shape. */
export function assigneeRules<S extends Shape>() {
  return {
    /** The applicant themselves 经办人. */
    applicant: (): AssigneeRule<S> => ({ kind: 'applicant', says: '申请人' }),
    /** Every holder of a post with this role, anywhere, in one unit, or on one campus. */
    role: (
      role: PostRole,
      says: string,
      within: { unit?: (context: Context<S>) => string | null; campus?: (context: Context<S>) => string | null } = {},
    ): AssigneeRule<S> => ({ kind: 'role', role, says, unit: within.unit ?? null, campus: within.campus ?? null }),
    /** The head 主要负责人 of the applicant's unit, or of the unit that the function names. */
    unitHead: (says = '申请单位主要负责人', unit?: (context: Context<S>) => string | null): AssigneeRule<S> => ({
      kind: 'unit-head',
      says,
      unit: unit ?? null,
    }),
    /** The school leader in charge 分管校领导 of the applicant's unit, or of the unit that the function names. */
    leaderInCharge: (says = '分管校领导', unit?: (context: Context<S>) => string | null): AssigneeRule<S> => ({
      kind: 'leader-in-charge',
      says,
      unit: unit ?? null,
    }),
    /** The holders of one post that the directory knows, e.g. the keeper of the seal that the form asks for. */
    post: (says: string, post: (context: Context<S>, directory: Directory) => string | null): AssigneeRule<S> => ({
      kind: 'post',
      says,
      post,
    }),
    /** One person, named by the form or an earlier output, or whom the directory has in their place. */
    person: (says: string, person: (context: Context<S>, directory: Directory) => string | null): AssigneeRule<S> => ({
      kind: 'person',
      says,
      person,
    }),
    /** Inside a `forEach` over people, that person; over units, the head of that unit. */
    ofItem: (says: string): AssigneeRule<S> => ({ kind: 'item', says }),
    /** Whoever acted last in an earlier step. */
    actorOf: (step: string, says: string): AssigneeRule<S> => ({ kind: 'actor-of', says, step }),
  };
}

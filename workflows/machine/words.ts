/**
 * The closed lists of words that matters are described with. Types, database enums, API schemas and filters all come from
 * here, so that a word is written once. Order matters only where a comment says so.
 */

/** What a matter is, as anybody may ask. `open` while somebody must act, `suspended` while its clock stands still. */
export const STATUSES = ['open', 'suspended', 'completed', 'rejected', 'withdrawn', 'terminated'] as const;
export type Status = (typeof STATUSES)[number];

/** The statuses that end a matter; each matter ends in exactly one of them (promise 1). */
export const OUTCOMES = ['completed', 'rejected', 'withdrawn', 'terminated'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a person can do with a task. */
export const ACTIONS = ['agree', 'disagree', 'complete', 'return', 'read'] as const;
export type Action = (typeof ACTIONS)[number];

/** What a person can do with a matter as a whole. */
export const MATTER_COMMANDS = ['withdraw', 'urge', 'comment', 'report'] as const;
export type MatterCommandType = (typeof MATTER_COMMANDS)[number];

/** Kinds of task: an approval, handling, reading, or the applicant's correction of a returned form. */
export const TASK_KINDS = ['approve', 'handle', 'read', 'correct'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Why a visit of a step ended. */
export const VISIT_OUTCOMES = [
  'agreed',
  'disagreed',
  'completed',
  'read',
  'returned',
  'skipped',
  'canceled',
  'corrected',
] as const;
export type VisitOutcome = (typeof VISIT_OUTCOMES)[number];

/** Whether a task is still to be done. */
export const TASK_STATUSES = ['open', 'done', 'closed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** How somebody is connected with a matter; each may see it. */
export const PARTICIPATIONS = ['applicant', 'assignee', 'handler', 'concerned'] as const;
export type Participation = (typeof PARTICIPATIONS)[number];

/** What an alarm of a matter is for. `red` is the due date itself. */
export const ALARM_KINDS = ['yellow', 'orange', 'red', 'report'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** Kinds of notice that a transition leaves in the outbox. */
export const NOTICE_KINDS = [
  'task-opened',
  'task-warned',
  'task-overdue',
  'matter-overdue',
  'report-due',
  'matter-ended',
  'urged',
  'commented',
  'returned',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

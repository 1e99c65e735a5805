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

/** What decides a seat: an opinion given for good, as far as the person is concerned. */
export const DECISIONS = ['agree', 'disagree', 'complete', 'return', 'read', 'reply'] as const;
export type DecisionAction = (typeof DECISIONS)[number];

/**
 * What moves a task about without deciding it: transfer 转办, delegate 委派, signers 加签、减签, claim 签收 and release 退签,
 * take back 取回, circulate 传阅、抄送, consult 征询.
 */
export const DETOURS = [
  'transfer',
  'delegate',
  'addSigners',
  'removeSigners',
  'claim',
  'release',
  'takeBack',
  'circulate',
  'consult',
] as const;
export type DetourAction = (typeof DETOURS)[number];

/** What a person can do with a task. */
export const ACTIONS = [...DECISIONS, ...DETOURS] as const;
export type Action = (typeof ACTIONS)[number];

/** Where added signers 加签 stand to the one who adds them: before 前加签, after 后加签, beside 并加签. */
export const SIGNER_POSITIONS = ['before', 'after', 'beside'] as const;
export type SignerPosition = (typeof SIGNER_POSITIONS)[number];

/** How added signers decide together: any one 或签, all at once 会签, one after another 依次. */
export const SIGNER_MODES = ['any', 'all', 'order'] as const;
export type SignerMode = (typeof SIGNER_MODES)[number];

/** What a person can do with a matter as a whole. */
export const MATTER_COMMANDS = ['withdraw', 'urge', 'comment', 'report', 'supplement', 'extend'] as const;
export type MatterCommandType = (typeof MATTER_COMMANDS)[number];

/** What only a process administrator can do with a matter; each needs a reason and stays marked for ever. */
export const INTERVENTIONS = ['reassign', 'rewind', 'skip', 'terminate', 'hand-over', 'move'] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/**
 * Kinds of task: an approval, handling, reading, the applicant's correction of a returned form, or advice that somebody asked for
 * and nothing waits for.
 */
export const TASK_KINDS = ['approve', 'handle', 'read', 'correct', 'advise'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What becomes of a matter that another one started. `asked` until its workflow has taken it on. */
export const LINK_STATUSES = ['asked', 'refused', 'open', ...OUTCOMES] as const;
export type LinkStatus = (typeof LINK_STATUSES)[number];

/** Side steps for which nothing waits and nobody answers: an unread circulation makes no matter overdue. */
export const UNAWAITED_STEPS = ['circulation', 'advice'] as const;

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

/** Whether a task is still to be done; `waiting` while signers who were added before it, or a delegate, act. */
export const TASK_STATUSES = ['open', 'waiting', 'done', 'closed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** How somebody is connected with a matter; each may see it. */
export const PARTICIPATIONS = ['applicant', 'assignee', 'handler', 'concerned', 'reader'] as const;
export type Participation = (typeof PARTICIPATIONS)[number];

/**
 * What an alarm of a matter is for. `red` is the due date itself, `superior` and `supervision` the steps of the ladder after it,
 * `report` periodic feedback, `wait` the end of a waiting step.
 */
export const ALARM_KINDS = ['yellow', 'orange', 'red', 'superior', 'supervision', 'report', 'wait'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** Kinds of notice in the outbox; the last four come from beside matters. */
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
  'escalated',
  'clock-stopped',
  'due-changed',
  'intervened',
  'replied',
  'inspected',
  'bulletin',
  'rating-asked',
  'office',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** By which ways somebody is told: in the console, by e-mail, by a webhook to a gateway. */
export const NOTICE_CHANNELS = ['console', 'email', 'webhook'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** How somebody wants to be told of a kind of notice by a way: when it is written, gathered once a working day, or not at all. */
export const NOTICE_WISHES = ['at-once', 'digest', 'off'] as const;
export type NoticeWish = (typeof NOTICE_WISHES)[number];

/** How far a delivery has come; `dead` after the last try, until somebody sends it again. */
export const DELIVERY_STATUSES = ['waiting', 'sent', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** 面上督查 over all open items, 点上抽查 of a random sample (001). */
export const INSPECTION_KINDS = ['round', 'spot-check'] as const;
export type InspectionKind = (typeof INSPECTION_KINDS)[number];

/** What an inspection found on an item: not looked at yet, in order, not in order, excused (ended or suspended meanwhile). */
export const INSPECTION_RESULTS = ['pending', 'passed', 'failed', 'excused'] as const;
export type InspectionResult = (typeof INSPECTION_RESULTS)[number];

/** 提醒、约谈、通报批评、问责, in rising order. */
export const ACCOUNTABILITY_MEASURES = ['reminder', 'interview', 'public-criticism', 'accountability'] as const;
export type AccountabilityMeasure = (typeof ACCOUNTABILITY_MEASURES)[number];

/** 月度督办报告, 年度重点工作月通报. */
export const BULLETIN_KINDS = ['supervision', 'key-work'] as const;
export type BulletinKind = (typeof BULLETIN_KINDS)[number];

/** A bulletin is a draft until it is published, and then frozen. */
export const BULLETIN_STATUSES = ['draft', 'published'] as const;
export type BulletinStatus = (typeof BULLETIN_STATUSES)[number];

/** In what form a file lies in the archive; both are ticked (001: 纸质和电子同步归档). */
export const ARCHIVE_FORMS = ['paper', 'electronic'] as const;
export type ArchiveForm = (typeof ARCHIVE_FORMS)[number];

/** How far an archive package has come; `stuck` after many tries: somebody must look, the tries go on slowly. */
export const PACKAGE_STATUSES = ['waiting', 'made', 'stuck'] as const;
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];

/** The hash chains beside those of matters. */
export const JOURNAL_CHAINS = ['access', 'office'] as const;
export type JournalChain = (typeof JOURNAL_CHAINS)[number];

/**
 * What statistics count. By matter, in the month in which it happened: received, finished (ended in any way), on-time, late, completed,
 * rejected, withdrawn (terminated ones are only finished), returned (those that ended after being returned at least once),
 * complete-at-once (ended without ever having been sent back to its applicant), archived (both forms ticked), archive-checked,
 * archive-accurate, rated, stars (their sum). By task: done, done-late, handling (one for each done task, in the class of its minutes).
 */
export const STATISTIC_MEASURES = [
  'received',
  'finished',
  'on-time',
  'late',
  'completed',
  'rejected',
  'withdrawn',
  'returned',
  'complete-at-once',
  'archived',
  'archive-checked',
  'archive-accurate',
  'rated',
  'stars',
  'done',
  'done-late',
  'handling',
] as const;
export type StatisticMeasure = (typeof STATISTIC_MEASURES)[number];

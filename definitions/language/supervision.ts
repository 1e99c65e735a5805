/**
 * What the supervision ledger 督办台账 knows of a matter beyond what every matter has: where it comes from, who leads and assists,
 * who answers for it, who checks it, and to whom its result was reported (001: 项目负责制; domain P10, P11, P20).
 */

/** Where a supervised matter comes from. */
export const SUPERVISION_SOURCES = [
  'meeting-resolution', // 会议决议
  'leader-instruction', // 领导批示
  'key-work', // 年度重点工作
  'incoming-document', // 收文
  'mailbox', // 信箱
  'special-topic', // 专项
  'other', // 其他
] as const;
/** A source of {@link SUPERVISION_SOURCES}. */
export type SupervisionSource = (typeof SUPERVISION_SOURCES)[number];

/** The sources as people read them. */
export const SUPERVISION_SOURCE_NAMES: Readonly<Record<SupervisionSource, string>> = {
  'meeting-resolution': '会议决议',
  'leader-instruction': '领导批示',
  'key-work': '年度重点工作',
  'incoming-document': '收文',
  mailbox: '信箱',
  'special-topic': '专项',
  other: '其他',
};

/** What a definition tells the ledger. Units and people are ids; whatever is not yet known is null. */
export interface SupervisionFacts {
  source: SupervisionSource;
  /** What it rests on, as people cite it: a document's number, a meeting, the instruction's day; at most 200 characters. */
  sourceRef: string | null;
  /** The full text of what is to be done. Found by the ledger's search. */
  content: string;
  /** 牵头单位. */
  lead: string | null;
  /** 协办单位. */
  assist: readonly string[];
  /** 责任人; null means the head of the lead unit, who is 第一责任人 (000). */
  responsible: string | null;
  /** The leader whose instruction it is, or in charge of it 分管领导. */
  leader: string | null;
  /** 重要程度, in the process's own words. */
  level: string | null;
  /** When the work itself is due, UTC; null where the limit of the whole matter counts. */
  workDueAt: string | null;
  /** Ids of the steps whose limit is the work's: while one is open the row runs by it. Without them the work has no limit of its own. */
  workSteps?: readonly string[];
  /** Who checked it 核查人, and when. */
  checker: string | null;
  checkedAt: string | null;
  /** What came of it, at most 5,000 characters. */
  result: string | null;
  /** To whom the result was reported, and when 果必报. */
  reportedTo: string | null;
  reportedAt: string | null;
  /** A reasoned proposal of the unit to do otherwise 调整建议 that has not been answered; null where there is none (003). */
  adjustment: string | null;
  /** Why the work is not done where it is late, in the words of P10: 互相制约, 需多方论证顺延, 外部审批, 分阶段推进; null while unsaid. */
  delayReason: string | null;
}

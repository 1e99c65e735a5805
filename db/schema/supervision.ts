/** What supervisors work with: the ledger 督办台账, topics 专项, inspections 督查, accountability 问责, bulletins 通报. */
import { sql } from 'drizzle-orm';
import { bigserial, boolean, date, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../definitions/language/json.ts';
import { SUPERVISION_SOURCES } from '../../definitions/language/supervision.ts';
import {
  ACCOUNTABILITY_MEASURES,
  BULLETIN_KINDS,
  BULLETIN_STATUSES,
  INSPECTION_KINDS,
  INSPECTION_RESULTS,
} from '../../workflows/machine/words.ts';
import { instant, json } from './columns.ts';
import { matterStatus } from './matters.ts';

export const supervisionSource = pgEnum('supervision_source', SUPERVISION_SOURCES);
export const inspectionKind = pgEnum('inspection_kind', INSPECTION_KINDS);
export const inspectionResult = pgEnum('inspection_result', INSPECTION_RESULTS);
export const accountabilityMeasure = pgEnum('accountability_measure', ACCOUNTABILITY_MEASURES);
export const bulletinKind = pgEnum('bulletin_kind', BULLETIN_KINDS);
export const bulletinStatus = pgEnum('bulletin_status', BULLETIN_STATUSES);

/** One row a supervised matter; part of the read model. */
export const ledger = pgTable(
  'ledger',
  {
    matterId: text('matter_id').primaryKey(),
    no: text('no').notNull(),
    processId: text('process_id').notNull(),
    title: text('title').notNull(),
    content: text('content').notNull(),
    source: supervisionSource('source').notNull(),
    sourceRef: text('source_ref'),
    leadUnit: text('lead_unit'),
    assistUnits: text('assist_units').array().notNull(),
    /** 责任人; the head of the lead unit when the definition names nobody else. */
    responsible: text('responsible'),
    leader: text('leader'),
    level: text('level'),
    status: matterStatus('status').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    /** When the work is due while it is to be done; before it is known and after it is done, when the matter is. */
    dueAt: instant('due_at').notNull(),
    yellowAt: instant('yellow_at').notNull(),
    orangeAt: instant('orange_at').notNull(),
    /**
     * From when something of it counts as overdue: the work, the matter, an open task that somebody waits for. Of one that has ended,
     * from when it was late; null once it has ended in time, and for the limit of a matter whose clock stands still.
     */
    overdueFrom: instant('overdue_from'),
    /** Where the clock of `dueAt` stands: at its end, or at the beginning of the stretch in which it stands still; null while it runs. */
    stoppedAt: instant('stopped_at'),
    feedbackDueAt: instant('feedback_due_at'),
    feedbackMissed: integer('feedback_missed').notNull(),
    extensions: integer('extensions').notNull(),
    percent: integer('percent'),
    progress: text('progress'),
    progressAt: instant('progress_at'),
    checker: text('checker'),
    checkedAt: instant('checked_at'),
    result: text('result'),
    reportedTo: text('reported_to'),
    reportedAt: instant('reported_at'),
    adjustment: text('adjustment'),
    delayReason: text('delay_reason'),
  },
  (table) => [
    // The order in which the ledger is listed: what goes on by urgency, then what has ended, the latest first.
    index('ledger_order').on(
      sql`(ended_at is not null)`,
      sql`(case when ended_at is null then least(overdue_from, due_at) end)`,
      table.endedAt.desc().nullsFirst(),
      table.matterId,
    ),
    index('ledger_due').on(table.status, table.dueAt),
    index('ledger_lead').on(table.leadUnit, table.dueAt),
    index('ledger_leader').on(table.leader, table.dueAt),
    index('ledger_started').on(table.startedAt),
    index('ledger_assist').using('gin', table.assistUnits),
  ],
);

/** Every progress report 进展 with its evidence 佐证; part of the read model. */
export const progressReports = pgTable(
  'progress_reports',
  {
    matterId: text('matter_id').notNull(),
    sequence: integer('sequence').notNull(),
    at: instant('at').notNull(),
    step: text('step').notNull(),
    personId: text('person_id').notNull(),
    percent: integer('percent').notNull(),
    text: text('text').notNull(),
    attachments: json<string[]>('attachments').notNull(),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.sequence] })],
);

/** Who was urged 催办 when: the log of urging, one row for each person whom an urge reminded; part of the read model. */
export const urges = pgTable(
  'urges',
  {
    matterId: text('matter_id').notNull(),
    sequence: integer('sequence').notNull(),
    personId: text('person_id').notNull(),
    at: instant('at').notNull(),
    urgedBy: text('urged_by').notNull(),
    text: text('text'),
  },
  (table) => [primaryKey({ columns: [table.matterId, table.sequence, table.personId] }), index('urges_at').on(table.at)],
);

/** What the ledger's and the lists' search reads: pairs of neighbouring characters of number, title, content, units; part of the read model. */
export const matterSearch = pgTable(
  'matter_search',
  {
    matterId: text('matter_id').primaryKey(),
    text: text('text').notNull(),
    pairs: text('pairs').array().notNull(),
  },
  (table) => [index('matter_search_pairs').using('gin', table.pairs)],
);

/** A special topic 专项 with its own supervisor and list of items (000: 专人专项专题督办). */
export const topics = pgTable('topics', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  supervisor: text('supervisor').notNull(),
  /** What it rests on. */
  basis: text('basis').notNull(),
  startedOn: date('started_on').notNull(),
  closedOn: date('closed_on'),
  /** Every how many months a round of inspection is opened over its open items; null for none. */
  inspectEveryMonths: integer('inspect_every_months'),
  /** The day on which the next round is opened. */
  nextInspectionOn: date('next_inspection_on'),
  milestones: json<{ on: string; name: string }[]>('milestones').notNull(),
});

export const topicMatters = pgTable(
  'topic_matters',
  {
    topicId: text('topic_id')
      .notNull()
      .references(() => topics.id),
    matterId: text('matter_id').notNull(),
    addedBy: text('added_by').notNull(),
    addedAt: instant('added_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.topicId, table.matterId] }), index('topic_matters_matter').on(table.matterId)],
);

/** Who watches a matter 关注. */
export const watches = pgTable(
  'watches',
  { personId: text('person_id').notNull(), matterId: text('matter_id').notNull(), since: instant('since').notNull() },
  (table) => [primaryKey({ columns: [table.personId, table.matterId] })],
);

/** An inspection: a round over all open items 面上督查, or a spot check of a random sample 点上抽查. */
export const inspections = pgTable(
  'inspections',
  {
    id: text('id').primaryKey(),
    kind: inspectionKind('kind').notNull(),
    title: text('title').notNull(),
    topicId: text('topic_id').references(() => topics.id),
    /** 1, 2 … among the inspections of its kind and topic. */
    round: integer('round').notNull(),
    /** The filter that gave the population, as it was asked. */
    criteria: json<JsonObject>('criteria').notNull(),
    /** Of a spot check: the seed, the numbers of the whole population in order, and how many were drawn, so that anybody can draw again. */
    seed: text('seed'),
    population: json<string[]>('population').notNull(),
    sampleSize: integer('sample_size'),
    openedBy: text('opened_by'),
    openedAt: instant('opened_at').notNull(),
    dueOn: date('due_on').notNull(),
    /** When its supervisor was reminded that it is late; once. */
    remindedAt: instant('reminded_at'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    index('inspections_opened').on(table.openedAt),
    uniqueIndex('inspections_round').on(table.topicId, table.kind, table.round),
  ],
);

/** What an inspection found on one item. */
export const inspectionItems = pgTable(
  'inspection_items',
  {
    inspectionId: text('inspection_id')
      .notNull()
      .references(() => inspections.id),
    matterId: text('matter_id').notNull(),
    no: text('no').notNull(),
    leadUnit: text('lead_unit'),
    result: inspectionResult('result').notNull(),
    finding: text('finding'),
    evidence: json<string[]>('evidence').notNull(),
    checkedBy: text('checked_by'),
    checkedAt: instant('checked_at'),
    /** In how many rounds of its topic on end it has failed, this one counted. */
    failuresOnEnd: integer('failures_on_end').notNull(),
    /** What the unit says against it 异议, and what somebody not involved decided. */
    objection: text('objection'),
    objectedBy: text('objected_by'),
    objectedAt: instant('objected_at'),
    objectionUpheld: boolean('objection_upheld'),
    objectionAnswer: text('objection_answer'),
    objectionDecidedBy: text('objection_decided_by'),
    objectionDecidedAt: instant('objection_decided_at'),
  },
  (table) => [primaryKey({ columns: [table.inspectionId, table.matterId] }), index('inspection_items_matter').on(table.matterId)],
);

/** Evidence that an inspection put to an item: who may see the matter may read it. */
export const inspectionFiles = pgTable(
  'inspection_files',
  { fileId: text('file_id').notNull(), matterId: text('matter_id').notNull() },
  (table) => [primaryKey({ columns: [table.fileId, table.matterId] })],
);

/** A recorded step of accountability 问责 after an inspection (002: 主要负责人进行了问责). */
export const accountabilities = pgTable(
  'accountabilities',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    inspectionId: text('inspection_id').notNull(),
    matterId: text('matter_id').notNull(),
    unitId: text('unit_id').notNull(),
    personId: text('person_id').notNull(),
    measure: accountabilityMeasure('measure').notNull(),
    text: text('text').notNull(),
    decidedBy: text('decided_by').notNull(),
    decidedAt: instant('decided_at').notNull(),
  },
  (table) => [index('accountabilities_unit').on(table.unitId, table.decidedAt)],
);

/** The bulletin 通报 of a month: drafted by the system, edited by a person, frozen and numbered when published. */
export const bulletins = pgTable(
  'bulletins',
  {
    kind: bulletinKind('kind').notNull(),
    /** `YYYY-MM`. */
    month: text('month').notNull(),
    status: bulletinStatus('status').notNull(),
    /** 期号 within the year, given when it is published; without gaps. */
    year: integer('year'),
    number: integer('number'),
    /** Figures and lists as they were reckoned, see the machine's `Bulletin`. */
    figures: json<JsonObject>('figures').notNull(),
    /** What a person wrote: heading, opening and closing words, remarks by unit. */
    words: json<JsonObject>('words').notNull(),
    /** Raised with each change of the draft, so that two editors do not overwrite each other. */
    revision: integer('revision').notNull(),
    draftedAt: instant('drafted_at').notNull(),
    editedBy: text('edited_by'),
    publishedBy: text('published_by'),
    publishedAt: instant('published_at'),
    /** SHA-256 of the published content in canonical JSON. */
    hash: text('hash'),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.month] }),
    uniqueIndex('bulletins_number').on(table.kind, table.year, table.number),
  ],
);

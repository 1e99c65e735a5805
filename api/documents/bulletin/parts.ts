/** A bulletin as a sequence of parts, from which page, Word file and workbook are made. */
import { schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Bulletin, Figures } from '../../../workflows/machine/supervision/bulletin.ts';
import {
  BULLETIN_NAMES,
  type BulletinWords,
  issueOf,
  RATE_RULE,
  rateInChinese,
  summaryOf,
} from '../../../workflows/machine/supervision/bulletin-words.ts';

/** What a document is made from. */
export interface BulletinDocument {
  figures: Bulletin;
  words: BulletinWords;
  /** Its number, and when it was published; null for a draft. */
  published: { year: number; number: number; at: string } | null;
  calendar: WorkingCalendar;
}

/** A column: its title, and how much of the width it wants beside the others. */
export interface PartColumn {
  title: string;
  share: number;
  align?: 'left' | 'right';
}

/** A part. A table may also be a sheet of the workbook, under its own name. */
export type Part =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'table'; name: string; columns: readonly PartColumn[]; rows: readonly (readonly (string | number | null)[])[] };

type Table = Extract<Part, { kind: 'table' }>;

const NUMBER = (title: string, share = 2): PartColumn => ({ title, share, align: 'right' });
const TEXT = (title: string, share: number): PartColumn => ({ title, share });

/** Totals of the month beside those of the month before. */
export function totalsTable({ totals, before }: Bulletin): Table {
  const rows: [string, keyof Figures][] = [
    ['新立项', 'issued'],
    ['办结', 'done'],
    ['其中逾期办结', 'doneLate'],
    ['撤回或终止', 'dropped'],
    ['月末在办', 'open'],
    ['其中超期', 'overdue'],
  ];
  const change = (key: keyof Figures) => Math.round(((totals[key] ?? 0) - (before.totals[key] ?? 0)) * 10) / 10;
  const rates = totals.onTimeRate !== null && before.totals.onTimeRate !== null;
  return {
    kind: 'table',
    name: '总表',
    columns: [TEXT('项目', 4), NUMBER('本月'), NUMBER('上月'), NUMBER('增减')],
    rows: [
      ...rows.map(([name, key]) => [name, totals[key], before.totals[key], change(key)]),
      ['按期办结率（%）', totals.onTimeRate, before.totals.onTimeRate, rates ? change('onTimeRate') : null],
    ],
  };
}

/** The figures of each unit. */
export function unitsTable({ units }: Bulletin): Table {
  return {
    kind: 'table',
    name: '各单位',
    columns: [
      TEXT('牵头单位', 6),
      ...['新立项', '办结', '逾期办结', '在办', '超期'].map((title) => NUMBER(title)),
      NUMBER('按期办结率（%）', 3),
    ],
    rows: units.map((unit) => [unit.unitName, unit.issued, unit.done, unit.doneLate, unit.open, unit.overdue, unit.onTimeRate]),
  };
}

/** What stood overdue at the end of the month. */
export function overdueTable({ overdue }: Bulletin, calendar: WorkingCalendar): Table {
  return {
    kind: 'table',
    name: '超期清单',
    columns: [
      TEXT('编号', 4),
      TEXT('事项', 7),
      TEXT('牵头单位', 4),
      TEXT('责任人', 2.5),
      TEXT('应办结日', 3),
      NUMBER('超期天数'),
      NUMBER('延期次数'),
      TEXT('原因', 4),
    ],
    rows: overdue.map((one) => [
      one.no,
      one.title,
      one.unitName,
      one.responsibleName,
      schoolDate(calendar, one.since),
      one.days,
      one.extensions,
      one.delayReason ?? '',
    ]),
  };
}

function missingTable({ missing }: Bulletin, calendar: WorkingCalendar): Table {
  return {
    kind: 'table',
    name: '未反馈清单',
    columns: [
      TEXT('编号', 4),
      TEXT('事项', 8),
      TEXT('牵头单位', 4),
      TEXT('责任人', 2.5),
      NUMBER('未反馈次数', 2.5),
      TEXT('上次反馈', 3),
    ],
    rows: missing.map((one) => [
      one.no,
      one.title,
      one.unitName,
      one.responsibleName,
      // The month's own report counts as one.
      Math.max(1, one.missed),
      one.lastReportAt === null ? '从未反馈' : schoolDate(calendar, one.lastReportAt),
    ]),
  };
}

function extendedTable({ extended }: Bulletin, calendar: WorkingCalendar): Table {
  return {
    kind: 'table',
    name: '延期清单',
    columns: [TEXT('编号', 4), TEXT('事项', 8), TEXT('牵头单位', 4), NUMBER('本月延期'), NUMBER('累计延期'), TEXT('延至', 3)],
    rows: extended.map((one) => [one.no, one.title, one.unitName, one.granted, one.extensions, schoolDate(calendar, one.dueAt)]),
  };
}

function closedTable({ closed }: Bulletin): Table {
  return {
    kind: 'table',
    name: '办结情况',
    columns: [TEXT('编号', 4), TEXT('事项', 6), TEXT('牵头单位', 4), TEXT('办理结果', 9)],
    rows: closed.map((one) => [one.no, one.title, one.unitName, `${one.carried ? '（补报）' : ''}${one.text}`]),
  };
}

function progressTable({ progress }: Bulletin): Table {
  return {
    kind: 'table',
    name: '推进情况',
    columns: [
      TEXT('编号', 4),
      TEXT('任务', 6),
      TEXT('牵头单位', 4),
      TEXT('责任人', 2.5),
      TEXT('状态', 2),
      NUMBER('完成%'),
      TEXT('进展', 7),
    ],
    rows: progress.map((one) => [
      one.no,
      one.title,
      one.unitName,
      one.responsibleName,
      one.state,
      one.percent,
      one.progress ?? '',
    ]),
  };
}

/** Every table of a bulletin that has rows, in their order. */
export function tablesOf({ figures, calendar }: BulletinDocument): Table[] {
  const always = [totalsTable(figures), unitsTable(figures), overdueTable(figures, calendar)];
  const others = [
    progressTable(figures),
    missingTable(figures, calendar),
    extendedTable(figures, calendar),
    closedTable(figures),
  ];
  return [...always, ...others.filter((table) => table.rows.length > 0)];
}

const NUMERALS = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

function paragraphs(text: string): Part[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ kind: 'paragraph', text: line }));
}

/** What stands between title and signature. */
export function partsOf({ figures, words, calendar }: BulletinDocument): Part[] {
  const orNone = (table: Table, none: string): Part => (table.rows.length === 0 ? { kind: 'paragraph', text: none } : table);
  const remarks = figures.units.flatMap(({ unit, unitName }): Part[] => {
    const remark = words.remarks[unit];
    return remark === undefined || remark === '' ? [] : [{ kind: 'paragraph', text: `${unitName}：${remark}` }];
  });
  const sections: [string, Part[]][] = [
    ['总体情况', [{ kind: 'paragraph', text: summaryOf(figures) }, totalsTable(figures), { kind: 'paragraph', text: RATE_RULE }]],
    ...(figures.kind === 'key-work'
      ? ([['重点工作推进情况', [orNone(progressTable(figures), '本月没有在办的年度重点工作。')]]] satisfies [string, Part[]][])
      : []),
    ['各单位办理情况', [orNone(unitsTable(figures), '无。'), ...remarks]],
    ['超期未办结事项', [orNone(overdueTable(figures, calendar), '无。')]],
    ['未按期反馈进展的事项', [orNone(missingTable(figures, calendar), '无。')]],
    ['本月延期的事项', [orNone(extendedTable(figures, calendar), '无。')]],
    ['本月办结的事项', [orNone(closedTable(figures), '无。')]],
  ];
  return [
    ...paragraphs(words.opening),
    ...sections.flatMap(([title, parts], at): Part[] => [{ kind: 'heading', text: `${NUMERALS[at]}、${title}` }, ...parts]),
    ...paragraphs(words.closing),
  ];
}

/** The head: the red name of the series, and the number, or that it is a draft. */
export function headOf({ figures, published }: BulletinDocument): { series: string; issue: string } {
  const { series } = BULLETIN_NAMES[figures.kind];
  const issue = published === null ? '（草稿，未印发）' : issueOf(figures.kind, published.year, published.number);
  return { series, issue };
}

/** The signature: who issues it, and the day, as documents write it. */
export function signatureOf({ figures, published, calendar }: BulletinDocument): string[] {
  const [year, month, day] = schoolDate(calendar, published?.at ?? figures.reckonedAt)
    .split('-')
    .map(Number);
  return [figures.issuer, `${year}年${month}月${day}日`].filter((line) => line !== '');
}

/** Whether a paragraph names whom the document is addressed to: it stands at the margin. */
export function isAddress(text: string): boolean {
  return /^.{1,30}[:：]$/.test(text);
}

/** A cell as it is printed. */
export function printed(value: string | number | null): string {
  return value === null ? rateInChinese(null) : String(value);
}

/** The name of its file, without an ending. */
export function fileNameOf(document: BulletinDocument): string {
  const { title } = document.words;
  return document.published === null ? `${title}（草稿）` : `${headOf(document).issue} ${title}`;
}

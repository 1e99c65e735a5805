/**
 * Bulletins 通报: the monthly supervision report 月度督办报告 (000) and the month's bulletin of the year's key work 年度重点工作月通报 (001).
 * What they say is reckoned here, from rows that were read in one moment; what a person adds are words, never figures.
 */
import { addDays, atSchoolTime, isWorkingDay, schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import { dayOf } from '../../../definitions/language/civil-date.ts';
import type { Json, JsonObject } from '../../../definitions/language/json.ts';
import { type SettingsOf, setting, settingValues } from '../../../definitions/language/settings.ts';
import type { SupervisionSource } from '../../../definitions/language/supervision.ts';
import type { BulletinKind, Status } from '../words.ts';

/** What schools differ in; a school's own stand under the process id `bulletin`. */
export const BULLETIN_SETTINGS = {
  draftOnWorkday: setting('通报在次月第几个工作日起草', 1, '000《月度督办报告》、001 月通报;日子为惯例 [C]'),
};

/** The values that a school has set, see {@link BULLETIN_SETTINGS}. */
export function bulletinSettings(
  overrides: Readonly<Record<string, Readonly<Record<string, Json>>>>,
): SettingsOf<typeof BULLETIN_SETTINGS> {
  // Values are checked against their declarations when they are set.
  return settingValues(BULLETIN_SETTINGS, overrides.bulletin ?? {}) as SettingsOf<typeof BULLETIN_SETTINGS>;
}

/** A month `YYYY-MM` some months later, or earlier when `n` is negative. */
export function monthAfter(month: string, n: number): string {
  const [year = 0, one = 0] = month.split('-').map(Number);
  const months = year * 12 + one - 1 + n;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The first instant of a month, in school time, and the first that lies behind it; UTC. */
export function spanOf(calendar: WorkingCalendar, month: string): { from: string; to: string } {
  const midnight = (one: string) => atSchoolTime(calendar, `${one}-01`, '00:00');
  return { from: midnight(month), to: midnight(monthAfter(month, 1)) };
}

/** The n-th working day of a month, 调休 counted; the last one where it has fewer. */
export function workingDayOf(calendar: WorkingCalendar, month: string, n: number): string {
  let last: string | null = null;
  let counted = 0;
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) {
    if (!isWorkingDay(calendar, day)) continue;
    last = day;
    counted += 1;
    if (counted === n) return day;
  }
  // A month without a working day has its work done on its last day.
  return last ?? addDays(`${monthAfter(month, 1)}-01`, -1);
}

/** The first working day of a month. */
export function firstWorkingDay(calendar: WorkingCalendar, month: string): string {
  return workingDayOf(calendar, month, 1);
}

/** The month whose bulletins are to be there by now, or null before this month's day has come. */
export function monthDue(calendar: WorkingCalendar, now: string, settings: SettingsOf<typeof BULLETIN_SETTINGS>): string | null {
  const today = schoolDate(calendar, now);
  const month = today.slice(0, 7);
  return today < workingDayOf(calendar, month, Math.max(1, settings.draftOnWorkday)) ? null : monthAfter(month, -1);
}

/** A row of the ledger as a bulletin reads it; see the table for the meaning of each field. */
export interface BulletinItem {
  matterId: string;
  no: string;
  title: string;
  source: SupervisionSource;
  leadUnit: string | null;
  responsible: string | null;
  status: Status;
  startedAt: string;
  endedAt: string | null;
  dueAt: string;
  overdueFrom: string | null;
  stoppedAt: string | null;
  extensions: number;
  percent: number | null;
  progress: string | null;
  progressAt: string | null;
  delayReason: string | null;
}

/** What a matter laid down for the bulletin when it was closed 销号: promise 6, 通报. */
export interface QueuedEntry {
  matterId: string;
  step: string;
  topic: string;
  entry: JsonObject;
  queuedAt: string;
}

/** Numbers of a month, of the school or of one unit. A rate is in percent with one decimal; null where nothing was to be done. */
export interface Figures {
  /** 新立项. */
  issued: number;
  /** 办结, late ones among them. */
  done: number;
  doneLate: number;
  /** Ended without being done: withdrawn, refused, terminated. */
  dropped: number;
  /** 在办 at the end of the month, overdue ones among them. */
  open: number;
  overdue: number;
  /** 按期办结率: done in time, of what was done or stood overdue at the end of the month. */
  onTimeRate: number | null;
}

/** An item in a list: names as they were, so that a bulletin reads the same for ever. */
interface Named {
  matterId: string;
  no: string;
  title: string;
  unit: string;
  unitName: string;
  responsibleName: string;
}
/** What stood overdue 超期未办结 at the end of the month. */
export interface OverdueItem extends Named {
  /** Since when; UTC. */
  since: string;
  /** Days from then to the end of the month, at least 1. */
  days: number;
  extensions: number;
  percent: number | null;
  delayReason: string | null;
}
/** What owed a report in the month and gave none. */
export interface MissingReport extends Named {
  /** Requests that were not answered within the month; 0 where the month's own report is missing. */
  missed: number;
  lastReportAt: string | null;
}
/** What was granted a later due date 延期 in the month. */
export interface ExtendedItem extends Named {
  /** Granted within the month, and altogether. */
  granted: number;
  extensions: number;
  dueAt: string;
}
/** What was closed 销号, in the words that it laid down for the bulletin. */
export interface ClosedItem extends Named {
  step: string;
  topic: string;
  text: string;
  queuedAt: string;
  /** It came after the bulletin of its own month was published. */
  carried: boolean;
}
/** How a piece of key work stood at the end of the month. */
export interface ProgressItem extends Named {
  state: '完成' | '正常' | '滞后' | '未启动' | '暂停' | '终止';
  percent: number | null;
  progress: string | null;
  progressAt: string | null;
}

/** What a bulletin says, beside the words that a person adds. */
export interface Bulletin {
  kind: BulletinKind;
  month: string;
  reckonedAt: string;
  /** The name of the office that issues it. */
  issuer: string;
  totals: Figures;
  /** The month before, as it was published or, where it was not, reckoned now. */
  before: { month: string; published: boolean; totals: Figures };
  units: ({ unit: string; unitName: string } & Figures)[];
  overdue: OverdueItem[];
  missing: MissingReport[];
  extended: ExtendedItem[];
  closed: ClosedItem[];
  /** How each piece of key work stands; empty in a supervision report. */
  progress: ProgressItem[];
}

/** What was read for a bulletin. */
export interface BulletinMaterial {
  /** Every row that was open at some time in the month or the three before. */
  items: readonly BulletinItem[];
  /** Ids of matters that reported in the month. */
  reported: readonly string[];
  /** How many requests each left unanswered, and how many extensions each was granted, in the month. */
  missed: Readonly<Record<string, number>>;
  granted: Readonly<Record<string, number>>;
  /** What was queued in the month and the three before. */
  queued: readonly QueuedEntry[];
  /** Bulletins of the kind that were published for the months before, the latest first. */
  published: readonly { month: string; totals: Figures; closed: readonly { matterId: string; step: string }[] }[];
}

/** Who and what the names in it are. */
export interface BulletinNames {
  calendar: WorkingCalendar;
  now: string;
  nameOf: (id: string) => string;
  issuer: string;
}

interface Span {
  from: string;
  to: string;
}

const within = (at: string | null, { from, to }: Span): boolean => at !== null && from <= at && at < to;

function openAtEnd(item: BulletinItem, { to }: Span): boolean {
  return item.startedAt < to && (item.endedAt === null || item.endedAt >= to);
}

function overdueAtEnd(item: BulletinItem, span: Span): boolean {
  return openAtEnd(item, span) && item.overdueFrom !== null && item.overdueFrom < span.to;
}

/** The figures of some rows in a month. */
export function figuresOf(items: readonly BulletinItem[], span: Span): Figures {
  const ended = items.filter((item) => within(item.endedAt, span));
  const done = ended.filter((item) => item.status === 'completed');
  const doneLate = done.filter((item) => item.overdueFrom !== null && item.overdueFrom < (item.endedAt ?? '')).length;
  const overdue = items.filter((item) => overdueAtEnd(item, span)).length;
  const owed = done.length + overdue;
  return {
    issued: items.filter((item) => within(item.startedAt, span)).length,
    done: done.length,
    doneLate,
    dropped: ended.length - done.length,
    open: items.filter((item) => openAtEnd(item, span)).length,
    overdue,
    onTimeRate: owed === 0 ? null : Math.round(((done.length - doneLate) / owed) * 1000) / 10,
  };
}

/** The unit under which rows without a lead unit stand. */
const NO_UNIT = '';

/** Whether a report was owed in the month and not given: asked for and unanswered, or the month's own of key work. */
function isMissing(item: BulletinItem, span: Span, { missed, reported }: BulletinMaterial): boolean {
  if ((missed[item.matterId] ?? 0) > 0) return true;
  const owesMonthly =
    item.source === 'key-work' && item.startedAt < span.from && openAtEnd(item, span) && item.stoppedAt === null;
  return owesMonthly && !reported.includes(item.matterId);
}

/** Reckons a bulletin. Lists are in the order of units, then of how late or when. */
export function reckonBulletin(
  kind: BulletinKind,
  month: string,
  material: BulletinMaterial,
  { calendar, now, nameOf, issuer }: BulletinNames,
): Bulletin {
  const span = spanOf(calendar, month);
  const former = monthAfter(month, -1);
  const items = material.items.filter((item) => kind === 'supervision' || item.source === 'key-work');
  const named = (item: BulletinItem): Named => ({
    matterId: item.matterId,
    no: item.no,
    title: item.title,
    unit: item.leadUnit ?? NO_UNIT,
    unitName: item.leadUnit === null ? '未定牵头单位' : nameOf(item.leadUnit),
    responsibleName: item.responsible === null ? '' : nameOf(item.responsible),
  });
  const printed = material.published.find((one) => one.month === former);
  const granted = (item: BulletinItem) => material.granted[item.matterId] ?? 0;
  const overdue = items.filter((item) => overdueAtEnd(item, span)).sort(byText((item) => item.overdueFrom ?? ''));
  return {
    kind,
    month,
    reckonedAt: now,
    issuer,
    totals: figuresOf(items, span),
    before: {
      month: former,
      published: printed !== undefined,
      totals: printed?.totals ?? figuresOf(items, spanOf(calendar, former)),
    },
    units: unitsOf(items, span, named),
    overdue: overdue.map((item) => ({ ...named(item), ...latenessIn(item, calendar, span) })),
    missing: items
      .filter((item) => isMissing(item, span, material))
      .map((item) => ({ ...named(item), missed: material.missed[item.matterId] ?? 0, lastReportAt: item.progressAt }))
      .sort(byUnit),
    extended: items
      .filter((item) => granted(item) > 0)
      .map((item) => ({ ...named(item), granted: granted(item), extensions: item.extensions, dueAt: item.dueAt }))
      .sort(byUnit),
    closed: closedOf(items, material, span, calendar, named),
    progress: kind === 'key-work' ? items.flatMap((item) => progressIn(item, span, named)).sort(byUnit) : [],
  };
}

function byText<T>(key: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

const byUnit = byText((one: Named) => `${one.unit}\n${one.no}`);

function unitsOf(items: readonly BulletinItem[], span: Span, named: (item: BulletinItem) => Named): Bulletin['units'] {
  const byLead = new Map<string, BulletinItem[]>();
  for (const item of items) byLead.set(item.leadUnit ?? NO_UNIT, [...(byLead.get(item.leadUnit ?? NO_UNIT) ?? []), item]);
  return [...byLead].sort(byText(([unit]) => unit)).flatMap(([unit, own]) => {
    const figures = figuresOf(own, span);
    const idle = figures.issued + figures.done + figures.dropped + figures.open === 0;
    const first = own[0];
    return idle || first === undefined ? [] : [{ unit, unitName: named(first).unitName, ...figures }];
  });
}

function latenessIn(item: BulletinItem, calendar: WorkingCalendar, { to }: Span): Omit<OverdueItem, keyof Named> {
  const since = item.overdueFrom ?? item.dueAt;
  const days = dayOf(schoolDate(calendar, to)) - 1 - dayOf(schoolDate(calendar, since));
  const { extensions, percent, delayReason } = item;
  return { since, days: Math.max(1, days), extensions, percent, delayReason };
}

const PROGRESS_MAX = 200;

function progressIn(item: BulletinItem, span: Span, named: (item: BulletinItem) => Named): ProgressItem[] {
  if (!openAtEnd(item, span) && !within(item.endedAt, span)) return [];
  const { percent, progress, progressAt } = item;
  const text = progress === null || progress.length <= PROGRESS_MAX ? progress : `${progress.slice(0, PROGRESS_MAX - 1)}…`;
  return [{ ...named(item), state: stateOf(item, span), percent, progress: text, progressAt }];
}

function stateOf(item: BulletinItem, span: Span): ProgressItem['state'] {
  if (within(item.endedAt, span)) return item.status === 'completed' ? '完成' : '终止';
  if (overdueAtEnd(item, span)) return '滞后';
  if (item.stoppedAt !== null && item.endedAt === null) return '暂停';
  return item.progress === null && (item.percent ?? 0) === 0 ? '未启动' : '正常';
}

/**
 * What was closed in the month, with what came too late for an earlier bulletin: a transition that was committed after its month's
 * was published is told in the next, so that none is lost.
 */
function closedOf(
  items: readonly BulletinItem[],
  { queued, published }: BulletinMaterial,
  span: Span,
  calendar: WorkingCalendar,
  named: (item: BulletinItem) => Named,
): ClosedItem[] {
  const told = (one: { matterId: string; step: string }) =>
    published.some(({ closed }) => closed.some((other) => other.matterId === one.matterId && other.step === one.step));
  const byId = new Map(items.map((item) => [item.matterId, item]));
  return queued.flatMap((one) => {
    const item = byId.get(one.matterId);
    const own = within(one.queuedAt, span);
    const missedIts = published.some(({ month }) => schoolDate(calendar, one.queuedAt).startsWith(month));
    if (item === undefined || told(one) || !(own || missedIts)) return [];
    const { step, topic, queuedAt } = one;
    return [{ ...named(item), step, topic, text: textOf(one.entry), queuedAt, carried: !own }];
  });
}

/** What an entry says: its own words, else what came of the matter. */
function textOf(entry: JsonObject): string {
  for (const key of ['text', 'result', 'title']) {
    const value = entry[key];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return '';
}

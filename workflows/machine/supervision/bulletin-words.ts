/** The words of a bulletin 通报: what stands in it until a person writes otherwise, its number, who may do what with it, who is told. */
import type { Directory, PostRole } from '../../../definitions/language/directory.ts';
import { holdersOf } from '../people/posts.ts';
import type { Viewer } from '../people/rights.ts';
import type { BulletinKind } from '../words.ts';
import type { Bulletin } from './bulletin.ts';

/** What a person may write: never a figure. `remarks` by unit id. */
export interface BulletinWords {
  title: string;
  /** Before the figures; paragraphs are lines. */
  opening: string;
  /** After all lists. */
  closing: string;
  remarks: Record<string, string>;
}

/** Most characters of each. */
export const WORDS_MAX = { title: 100, text: 3_000, remark: 500 } as const;

/** What the kinds are called, and the name that stands before their numbers. */
export const BULLETIN_NAMES: Readonly<Record<BulletinKind, { name: string; series: string; matter: string }>> = {
  supervision: { name: '月度督办报告', series: '督办通报', matter: '督办事项' },
  'key-work': { name: '年度重点工作月通报', series: '重点工作通报', matter: '年度重点工作' },
};

/** A month for people: `2026年10月`. */
export function monthInChinese(month: string): string {
  const [year = '', one = ''] = month.split('-');
  return `${year}年${Number(one)}月`;
}

/** The number of a published one: `督办通报〔2026〕第3期`, with the brackets of documents' numbers (GB/T 9704). */
export function issueOf(kind: BulletinKind, year: number, number: number): string {
  return `${BULLETIN_NAMES[kind].series}〔${year}〕第${number}期`;
}

/** The words that a draft begins with; it asks nothing of units while none is late. */
export function firstWords({ kind, month, overdue, missing }: Bulletin): BulletinWords {
  const { matter } = BULLETIN_NAMES[kind];
  const asked = [
    overdue.length === 0 ? '' : '请有超期未办结事项的单位查明原因、限期办结',
    missing.length === 0 ? '' : '请未按期反馈进展的单位尽快补报',
  ].filter((one) => one !== '');
  return {
    title: `关于${monthInChinese(month)}${matter}办理情况的通报`,
    opening: `各单位：\n现将${monthInChinese(month)}${matter}办理情况通报如下。`,
    closing: asked.length === 0 ? '' : `${asked.join('；')}。办理情况将纳入下月通报。`,
    remarks: {},
  };
}

/** A rate for people. */
export function rateInChinese(rate: number | null): string {
  return rate === null ? '—' : `${rate}%`;
}

/** The figures in a sentence, with the month before. */
export function summaryOf({ kind, month, totals, before, units }: Bulletin): string {
  const { matter } = BULLETIN_NAMES[kind];
  const { issued, done, doneLate, dropped, open, overdue, onTimeRate } = totals;
  const none = issued + done + dropped + open === 0;
  if (none) return `${monthInChinese(month)}没有在办的${matter}。`;
  const late = doneLate === 0 ? '均按期办结' : `其中逾期办结${doneLate}项`;
  return [
    `${monthInChinese(month)}新立项${matter}${issued}项，办结${done}项${done === 0 ? '' : `（${late}）`}`,
    dropped === 0 ? '' : `，撤回或终止${dropped}项`,
    `；月末在办${open}项，其中超期${overdue}项，涉及${units.filter((unit) => unit.overdue > 0).length}个单位。`,
    `${rateWithChange(onTimeRate, before.totals.onTimeRate)}。`,
  ].join('');
}

/** The rate beside that of the month before; a month in which nothing was to be done has none. */
function rateWithChange(now: number | null, then: number | null): string {
  const ours = now === null ? '本月无应办结事项' : `按期办结率${rateInChinese(now)}`;
  if (then === null) return now === null ? ours : `${ours}，上月无应办结事项`;
  return now === null
    ? `${ours}，上月按期办结率为${rateInChinese(then)}`
    : `${ours}，上月为${rateInChinese(then)}${changeOf(now, then)}`;
}

function changeOf(now: number, then: number): string {
  const change = Math.round((now - then) * 10) / 10;
  if (change === 0) return '，与上月持平';
  return `，${change > 0 ? '上升' : '下降'}${Math.abs(change)}个百分点`;
}

/** How the rate is reckoned, told in every bulletin. */
export const RATE_RULE = '按期办结率=当月按期办结数÷（当月办结数+月末超期未办结数）。';

/** Whether somebody sees drafts and edits their words. */
export function mayEditBulletin(viewer: Viewer): boolean {
  return viewer.supervisor || viewer.administrator;
}

/** Who signs a bulletin: the office's director or deputy. */
const PUBLISHERS: readonly PostRole[] = ['office-director', 'office-deputy-director'];

/** Whether somebody may publish one. */
export function mayPublishBulletin(viewer: Viewer): boolean {
  return viewer.roles.some((role) => PUBLISHERS.includes(role));
}

/** Who is told of a published one: the heads of units and the leaders of the school. Ids, each once, with the units they head. */
export function readersOf(directory: Directory, date: string): { person: string; units: string[] }[] {
  const READERS: readonly PostRole[] = ['unit-head', 'party-secretary', 'president', 'vice-leader'];
  const found = new Map<string, string[]>();
  for (const post of Object.values(directory.posts)) {
    if (!READERS.includes(post.role)) continue;
    for (const person of holdersOf(directory, post, date)) {
      found.set(person, [...(found.get(person) ?? []), ...(post.role === 'unit-head' ? [post.unit] : [])]);
    }
  }
  return [...found].map(([person, units]) => ({ person, units }));
}

/** What a reader is told: that it is out, and what of it concerns the units that they head. */
export function tellingOf(bulletin: Bulletin, title: string, issue: string, units: readonly string[]): string {
  const count = (list: readonly { unit: string }[]) => list.filter((one) => units.includes(one.unit)).length;
  const overdue = count(bulletin.overdue);
  const missing = count(bulletin.missing);
  const own = [overdue > 0 ? `超期未办结${overdue}项` : '', missing > 0 ? `未按期反馈${missing}项` : ''].filter(
    (one) => one !== '',
  );
  return `${issue}已印发：${title}${own.length === 0 ? '' : `。其中贵单位${own.join('、')}`}`;
}

/** The name of the office that issues bulletins: the unit of its director. */
export function issuerOf(directory: Directory): string {
  const post = Object.values(directory.posts).find((one) => one.role === 'office-director');
  return post === undefined ? '' : (directory.units[post.unit]?.name ?? '');
}

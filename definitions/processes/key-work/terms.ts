/** Who answers for a key task 年度重点工作, by when, and how far it should have come. */
import { addDays } from '../../language/calendar.ts';
import type { Context, Decision } from '../../language/context.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { LimitValue } from '../../language/steps.ts';
import type { KeyWorkForm, KeyWorkOutputs } from './form.ts';

/** What schools differ in. */
export const settings = {
  establishLimit: limitSetting('立项分解时限', '5 workdays', '惯例 [C]'),
  receiptLimit: limitSetting('签收时限', '2 workdays', '惯例 [C]'),
  reportEvery: limitSetting('报送进展的间隔', '1 month', '001 年度重点工作实行“月通报”;ZHCPT、CSUFT 每月填报'),
  assistEvery: limitSetting('配合单位报送进展的间隔', '1 month', '001 月通报;配合单位同报为惯例 [C]'),
  progressWords: setting<number>('进展最少字数', 20, 'P20:进展不少于20字'),
  redoLimit: limitSetting('时限已过后重办的时限', '10 workdays', '惯例 [C]'),
  extensionLongest: limitSetting('一次延期最长', '3 months', 'CSAIL:到期前说明理由、进展和新的时限申请延期;长度为惯例 [C]'),
  extensionTimes: setting<number>('可延期次数', 1, 'D11:督办延期默认至多一次 [C]'),
  extensionApproval: limitSetting('延期审批时限', '3 workdays', '惯例 [C]'),
  verifyLimit: limitSetting('核查时限', '10 workdays', '惯例 [C]'),
  reviewLimit: limitSetting('分管领导审阅时限', '5 workdays', '惯例 [C]'),
  closeLimit: limitSetting('销号时限', '3 workdays', '惯例 [C]'),
  closingDays: setting<number>('年底时限之后核查、审阅、销号所需日数', 30, '惯例 [C]'),
  correctionLimit: limitSetting('登记更正时限', '3 workdays', '惯例 [C]'),
};

/** The types of the definition. */
export interface KeyWork {
  form: KeyWorkForm;
  outputs: KeyWorkOutputs;
  settings: SettingsOf<typeof settings>;
}

type Terms = Pick<Context<KeyWork>, 'form' | 'settings'>;

/** The assisting units 配合, without the lead unit. */
export function assistOf({ form }: Pick<Terms, 'form'>): string[] {
  return form.assist.filter((unit) => unit !== form.lead);
}

// The functions of a flow see no calendar. All schools of the country keep one time, without summer time.
const SCHOOL_AHEAD_MS = 8 * 3_600_000;

/** The school's day `YYYY-MM-DD` of an instant, where no calendar is at hand. */
export function dayAt(instant: string): string {
  return new Date(Date.parse(instant) + SCHOOL_AHEAD_MS).toISOString().slice(0, 10);
}

/** By when the work itself must be done. Done again after that day, it has a limit of its own: none opens overdue. */
export function workLimit({ form, settings: s, updatedAt }: Terms & Pick<Context<KeyWork>, 'updatedAt'>): LimitValue {
  return form.dueOn < dayAt(updatedAt) ? s.redoLimit : { date: form.dueOn };
}

/** By when the whole matter must be closed: the work, and then the check, the leader's reading and the close-out. */
export function totalLimit({ form, settings: s }: Terms): LimitValue {
  return { date: addDays(form.dueOn, s.closingDays) };
}

/** What share in percent should be done on a day by the milestones that have passed; 0 before the first. */
export function expectedPercent(form: Pick<KeyWorkForm, 'milestones'>, day: string): number {
  return Math.max(0, ...form.milestones.filter((one) => one.on <= day).map((one) => one.percent));
}

/** The last time a step was done, returns not counted; null while it was not. */
export function doneIn(decisions: readonly Decision[]): Decision | null {
  return decisions.findLast((one) => one.action === 'complete') ?? null;
}

/** When a step was last done, UTC; null while it was not. */
export function doneAt(decisions: readonly Decision[]): string | null {
  return doneIn(decisions)?.at ?? null;
}

/** Who answers for a follow-up and by when: what its form, its establishment 立项 and the school's settings come to. */
import { addDays, type Duration } from '../../language/calendar.ts';
import type { Context, Decision } from '../../language/context.ts';
import { limitSetting, type SettingsOf, setting } from '../../language/settings.ts';
import type { LimitValue } from '../../language/steps.ts';
import type { FollowUpForm, FollowUpOutputs } from './form.ts';

const LARD = 'LARD:领导未定时限的,急件1至5日、一般15日、难度较大30日';

/** What schools differ in. */
export const settings = {
  oralDays: setting('口头批示补录期限(日)', 1, 'P11:口头批示须 1 日内补录并经领导确认 [C]'),
  confirmLimit: limitSetting('口头批示确认时限', '1 workday', '惯例 [C]'),
  establishLimit: limitSetting('立项时限', '1 workday', '惯例 [C]'),
  receiptLimit: limitSetting('签收时限', '1 workday', 'P11:签收1工作日 [C]'),
  extraUrgentLimit: limitSetting('特急件办理时限', '1 day', LARD),
  urgentLimit: limitSetting('加急件办理时限', '5 days', LARD),
  ordinaryLimit: limitSetting('一般事项办理时限', '15 days', LARD),
  hardLimit: limitSetting('难度较大事项办理时限', '30 days', LARD),
  redoLimit: limitSetting('时限已过后重办的时限', '5 workdays', '惯例 [C]:领导或立项所定日期已过的,从退回重办之日起计'),
  extensionApproval: limitSetting('延期审批时限', '1 workday', '惯例 [C]'),
  extensionLongest: limitSetting('一次延期最长', '15 days', 'CSAIL:到期前说明理由、进展和新的时限申请延期;长度为惯例 [C]'),
  extensionTimes: setting('可延期次数', 1, 'D11:督办延期默认至多一次 [C]'),
  reportLimit: limitSetting('办结报告审签时限', '2 workdays', '惯例 [C]'),
  verifyLimit: limitSetting('核查时限', '5 workdays', '惯例 [C]'),
  reviewLimit: limitSetting('批示领导阅批时限', '3 workdays', '惯例 [C]'),
  closeLimit: limitSetting('销号时限', '2 workdays', '惯例 [C]'),
  correctionLimit: limitSetting('登记更正时限', '1 workday', '惯例 [C]'),
  weekly: limitSetting('每周反馈的间隔', '7 days', '001 及时反馈办理情况;间隔为惯例 [C]'),
  halfMonthly: limitSetting('每半月反馈的间隔', '15 days', '001 及时反馈办理情况;间隔为惯例 [C]'),
  assistEvery: limitSetting('协办单位反馈的间隔', '15 days', '001 及时反馈办理情况;间隔为惯例 [C]'),
  monthly: limitSetting('每月反馈的间隔', '1 month', '001 及时反馈办理情况;间隔为惯例 [C]'),
  urgentTotal: limitSetting('急件全程时限', '30 days', '办理时限加立项、签收、核查、阅批、销号所需时间 [C]'),
  ordinaryTotal: limitSetting('一般事项全程时限', '40 days', '办理时限加立项、签收、核查、阅批、销号所需时间 [C]'),
  hardTotal: limitSetting('难度较大事项全程时限', '55 days', '办理时限加立项、签收、核查、阅批、销号所需时间 [C]'),
  closingDays: setting('领导定有时限的,其后核查、阅批、销号所需日数', 20, '惯例 [C]'),
};

/** The types of the definition. */
export interface FollowUp {
  form: FollowUpForm;
  outputs: FollowUpOutputs;
  settings: SettingsOf<typeof settings>;
}

type Terms = Pick<Context<FollowUp>, 'form' | 'outputs' | 'settings'>;

/** The lead unit 主办: the one the instruction names, unless the office settled a dispute otherwise at the establishment. */
export function leadOf({ form, outputs }: Pick<Terms, 'form' | 'outputs'>): string {
  return outputs.establish?.lead ?? form.lead;
}

/** The assisting units 协办, without the lead unit. */
export function assistOf({ form, outputs }: Pick<Terms, 'form' | 'outputs'>): string[] {
  const lead = leadOf({ form, outputs });
  return (outputs.establish?.assist ?? form.assist).filter((unit) => unit !== lead);
}

/** How long the work may take where the leader set no day (LARD). */
export function customaryLimit({ form, settings: s }: Pick<Terms, 'form' | 'settings'>): Duration {
  if (form.urgency === '特急') return s.extraUrgentLimit;
  if (form.urgency === '加急') return s.urgentLimit;
  return form.difficulty === '难度较大' ? s.hardLimit : s.ordinaryLimit;
}

/** The day that the establishment or the leader set 办结时限, or null when neither did. */
export function dueDay({ form, outputs }: Pick<Terms, 'form' | 'outputs'>): string | null {
  return outputs.establish?.dueOn ?? form.dueOn ?? null;
}

// The functions of a flow see no calendar. All schools of the country keep one time, without summer time.
const SCHOOL_AHEAD_MS = 8 * 3_600_000;

/** The school's day `YYYY-MM-DD` of an instant, where no calendar is at hand. */
export function dayAt(instant: string): string {
  return new Date(Date.parse(instant) + SCHOOL_AHEAD_MS).toISOString().slice(0, 10);
}

/** By when the work itself must be done. Done again after the day that was set, it has a limit of its own: none opens overdue. */
export function workLimit(terms: Terms & Pick<Context<FollowUp>, 'updatedAt'>): LimitValue {
  const date = dueDay(terms);
  if (date === null) return customaryLimit(terms);
  return date < dayAt(terms.updatedAt) ? terms.settings.redoLimit : { date };
}

/** By when the whole matter must be closed: the work, and then the check, the leader's reading and the close-out. */
export function totalLimit({ form, settings: s, startedAt }: Terms & Pick<Context<FollowUp>, 'startedAt'>): LimitValue {
  // A day that had passed when the instruction was registered is set anew by the establishment.
  if (form.dueOn !== undefined && form.dueOn >= dayAt(startedAt)) return { date: addDays(form.dueOn, s.closingDays) };
  if (form.urgency !== '平件') return s.urgentTotal;
  return form.difficulty === '难度较大' ? s.hardTotal : s.ordinaryTotal;
}

/** How often the lead unit reports while it works. */
export function feedbackEvery({ form, settings: s }: Terms): LimitValue {
  switch (form.feedback) {
    case '每周反馈':
      return s.weekly;
    case '每半月反馈':
      return s.halfMonthly;
    case '每月反馈':
      return s.monthly;
  }
}

/** When a step was last done, UTC, returns not counted; null while it was not. */
export function doneAt(decisions: readonly Decision[]): string | null {
  return decisions.findLast((one) => one.action === 'complete')?.at ?? null;
}

/**
 * Inspections 督查: rounds over all open items 面上督查 and spot checks of a random sample 点上抽查 (001), what may be recorded in
 * them, who may object, and when an accountability step 问责 may follow (002: 三次检查后对主要负责人问责).
 */
import {
  atSchoolTime,
  type Duration,
  reckonDue,
  schoolDate,
  type WorkingCalendar,
} from '../../../definitions/language/calendar.ts';
import type { Fault, Json } from '../../../definitions/language/json.ts';
import { limitSetting, type SettingsOf, setting, settingValues } from '../../../definitions/language/settings.ts';
import type { Viewer } from '../people/rights.ts';
import { type Refusal, refuse } from '../refusals.ts';
import type { AccountabilityMeasure, InspectionResult } from '../words.ts';

/** What schools differ in; a school's own values stand in its settings under `inspection`. */
export const INSPECTION_SETTINGS = {
  inspectionLimit: limitSetting('督查轮次的完成时限', '10 workdays', '000 每两月一次督导检查;一轮的时限为惯例 [C]'),
  objectionLimit: limitSetting('单位对督查结论提出异议的时限', '30 days', '政府督查工作条例第17条,参照 [R9]'),
  failuresBeforeAccountability: setting('连续几轮不合格后可以问责', 3, '002 经过三次检查……对主要负责人进行了问责'),
  failuresBeforeCriticism: setting('连续几轮不合格后可以通报批评', 2, '002;轮数为惯例 [C]'),
};
/** The values in force. */
export type InspectionSettings = SettingsOf<typeof INSPECTION_SETTINGS>;

/** Roles that decide on accountability and on objections: the heads of the office and of the school, never a plain supervisor. */
const DECIDING_ROLES = ['party-secretary', 'president', 'vice-leader', 'office-director'] as const;

/** Whether somebody opens inspections and records what they find. */
export function mayInspect(viewer: Viewer): boolean {
  return viewer.supervisor || viewer.administrator;
}

/** Whether somebody decides on objections and accountability. */
export function mayDecide(viewer: Viewer): boolean {
  return viewer.roles.some((role) => DECIDING_ROLES.some((one) => one === role));
}

/** The units whose items somebody sees: all of them for null. */
export function inspectedUnits(viewer: Viewer): readonly string[] | null {
  return mayInspect(viewer) ? null : viewer.headedUnits;
}

/**
 * Draws a sample that anybody can draw again: the numbers of the population in the order of their ranks, of which the first are taken.
 * @param rankOf the SHA-256, in hexadecimal, of the seed, a line feed and the number; `printf '%s\n%s' seed number | sha256sum`.
 */
export function drawSample(population: readonly string[], size: number, rankOf: (no: string) => string): string[] {
  const ranked = [...new Set(population)].map((no) => ({ no, rank: rankOf(no) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  return ranked.slice(0, size).map((one) => one.no);
}

/** The day on which a topic's next round is opened: some months on, on the first working day from there (000: 每两个月). */
export function nextRoundOn(calendar: WorkingCalendar, day: string, everyMonths: number): string {
  const limit = `${everyMonths} months` as Duration;
  return schoolDate(calendar, reckonDue(calendar, atSchoolTime(calendar, day, '12:00'), limit).dueAt);
}

/** Whether a topic's round is due on a school day: also when days were missed. */
export function roundIsDue(topic: { nextInspectionOn: string | null; closedOn: string | null }, today: string): boolean {
  return topic.closedOn === null && topic.nextInspectionOn !== null && topic.nextInspectionOn <= today;
}

/** An item of an inspection as far as rules look at it. */
export interface InspectedItem {
  result: InspectionResult;
  leadUnit: string | null;
  checkedBy: string | null;
  checkedAt: string | null;
  failuresOnEnd: number;
  objectedBy: string | null;
  objectedAt: string | null;
  objectionDecidedAt: string | null;
}

/** What a check found. */
export interface Finding {
  result: Exclude<InspectionResult, 'pending'>;
  finding: string;
}

/** Why a finding cannot be recorded, or null. Nobody checks their own unit. */
export function findingRefusal(viewer: Viewer, item: InspectedItem, open: boolean): Refusal | null {
  if (!mayInspect(viewer)) return refuse('not-allowed', '督查结论由督查人员记录');
  if (!open) return refuse('too-late', '本次督查已经结束,不能再改结论');
  if (item.leadUnit !== null && (viewer.unit === item.leadUnit || viewer.headedUnits.includes(item.leadUnit)))
    return refuse('not-allowed', '本单位牵头的事项须由其他单位的人员督查');
  if (item.objectionDecidedAt !== null) return refuse('too-late', '对结论的异议已经作出决定,不能再改结论');
  return null;
}

/** In how many rounds on end an item has failed, this finding counted. @param before the count after the round before. */
export function failuresAfter(result: InspectionResult, before: number): number {
  switch (result) {
    case 'failed':
      return before + 1;
    case 'passed':
      return 0;
    // Who was not looked at has neither failed anew nor mended anything.
    case 'pending':
    case 'excused':
      return before;
  }
}

/** Why a unit cannot object, or null. @param until the end of its time to object, UTC; null while nothing was found. */
export function objectionRefusal(viewer: Viewer, item: InspectedItem, until: string | null, now: string): Refusal | null {
  if (item.leadUnit === null || !viewer.headedUnits.includes(item.leadUnit))
    return refuse('not-allowed', '只有牵头单位主要负责人可以提出异议');
  if (item.result !== 'failed' || until === null) return refuse('too-early', '只能对“不合格”的结论提出异议');
  if (item.objectedAt !== null) return refuse('too-late', '对这一结论已经提出过异议');
  if (now > until) return refuse('too-late', '提出异议的时限已过');
  return null;
}

/** Why somebody cannot decide on an objection, or null: whoever is involved does not (R9 art17, by analogy). */
export function objectionDecisionRefusal(viewer: Viewer, item: InspectedItem): Refusal | null {
  if (!mayDecide(viewer)) return refuse('not-allowed', '异议由校领导或党政办主任决定');
  if (item.objectedAt === null) return refuse('too-early', '没有待决定的异议');
  if (item.objectionDecidedAt !== null) return refuse('too-late', '这一异议已经决定');
  if (item.checkedBy === viewer.id) return refuse('not-allowed', '作出结论的人员不能决定对该结论的异议');
  if (viewer.unit === item.leadUnit) return refuse('not-allowed', '提出异议单位的人员不能决定该异议');
  return null;
}

/** After how many failures on end each measure may be taken. */
function failuresNeeded(measure: AccountabilityMeasure, settings: InspectionSettings): number {
  switch (measure) {
    case 'reminder':
    case 'interview':
      return 1;
    case 'public-criticism':
      return settings.failuresBeforeCriticism;
    case 'accountability':
      return settings.failuresBeforeAccountability;
  }
}

/** Why a measure cannot be taken for an item, or null. @param asked.disputed whether an objection waits in any round of the item. */
export function accountabilityRefusal(
  viewer: Viewer,
  item: InspectedItem,
  { measure, disputed }: { measure: AccountabilityMeasure; disputed: boolean },
  settings: InspectionSettings,
): Refusal | null {
  if (!mayDecide(viewer)) return refuse('not-allowed', '问责由校领导或党政办主任决定');
  if (item.leadUnit === null) return refuse('not-allowed', '该事项没有牵头单位,无从问责');
  if (item.result !== 'failed') return refuse('too-early', '只能对督查不合格的事项问责');
  if (disputed) return refuse('too-early', '对该事项的异议尚未决定,不能问责');
  const needed = failuresNeeded(measure, settings);
  if (item.failuresOnEnd < needed)
    return refuse('too-early', `连续${needed}轮不合格后方可采取这一措施,目前连续${item.failuresOnEnd}轮`);
  return null;
}

/** Faults of a spot check that is asked for. @param size of the population that the filter gives. */
export function spotCheckFaults(sampleSize: number, population: number): Fault[] {
  if (population === 0) return [{ path: '/criteria', message: '没有符合条件的在办事项,无从抽查' }];
  return sampleSize > population
    ? [{ path: '/sampleSize', message: `符合条件的在办事项只有${population}件,抽查数不能超过它` }]
    : [];
}

/** The last day of an inspection that is opened at an instant. */
export function inspectionDueOn(calendar: WorkingCalendar, from: string, settings: InspectionSettings): string {
  return schoolDate(calendar, reckonDue(calendar, from, settings.inspectionLimit).dueAt);
}

/** Until when a unit may object to what was found at an instant; null while nothing was. */
export function objectionUntil(calendar: WorkingCalendar, checkedAt: string | null, settings: InspectionSettings): string | null {
  return checkedAt === null ? null : reckonDue(calendar, checkedAt, settings.objectionLimit).dueAt;
}

/** The values that a school has set, see {@link INSPECTION_SETTINGS}. */
export function inspectionSettings(overrides: Readonly<Record<string, Readonly<Record<string, Json>>>>): InspectionSettings {
  // Values are checked against their declarations when they are set.
  return settingValues(INSPECTION_SETTINGS, overrides.inspection ?? {}) as InspectionSettings;
}

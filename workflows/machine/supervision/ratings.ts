/**
 * Satisfaction 满意度 (domain P22, source 004): what a finished matter's applicant thinks of it, once. The matter takes no command after
 * its end, so a rating is a record beside it; one of few stars opens a complaint, which those who handled the matter never handle.
 */
import { reckonDue, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory, PostRole } from '../../../definitions/language/directory.ts';
import type { Json, JsonObject } from '../../../definitions/language/json.ts';
import { type SettingsOf, setting, settingValues } from '../../../definitions/language/settings.ts';
import { holdsRole } from '../people/posts.ts';
import { type Refusal, refuse } from '../refusals.ts';
import type { Matter } from '../state.ts';

/** What schools differ in; overridden under `*` or under a process. */
export const RATING_SETTINGS = {
  ratingDays: setting<number>('评价期限(办结后日数)', 30, '004 网上评价系统;期限为惯例 [C]'),
  lowStars: setting<number>('自动立案的星级(含)', 2, 'P22:两星及以下自动立案 [C]'),
};

/** The settings of {@link RATING_SETTINGS} in force. */
export type RatingSettings = SettingsOf<typeof RATING_SETTINGS>;

/** The process that a low rating starts. */
export const COMPLAINT_PROCESS = 'service-complaint';

/** Longest text of a rating, in characters. */
export const RATING_TEXT_MAX = 1_000;

/** What somebody says of a finished matter; 1 to 5 each. */
export interface Stars {
  /** 总体. */
  stars: number;
  /** 态度. */
  manner: number | null;
  /** 时效. */
  timeliness: number | null;
  /** 一次告知. */
  completeness: number | null;
  text: string | null;
}

/** The rating settings of a school. @param overrides its own values by name. */
export function ratingSettings(overrides: Readonly<Record<string, Json>>): RatingSettings {
  const values = settingValues(RATING_SETTINGS, overrides);
  const number = (key: keyof typeof RATING_SETTINGS): number => {
    const value = values[key];
    return typeof value === 'number' ? value : RATING_SETTINGS[key].default;
  };
  return { ratingDays: number('ratingDays'), lowStars: number('lowStars') };
}

/** Until when a finished matter may be rated, UTC. */
export function ratableUntil(endedAt: string, calendar: WorkingCalendar, { ratingDays }: RatingSettings): string {
  return reckonDue(calendar, endedAt, `${ratingDays} days`).dueAt;
}

/** Why somebody may not rate a matter now, or null when they may. Whether it was rated already is the record's to say. */
export function whyNotRated(
  matter: Matter,
  person: string,
  { now, calendar, settings }: { now: string; calendar: WorkingCalendar; settings: RatingSettings },
): Refusal | null {
  if (matter.applicant.id !== person) return refuse('not-allowed', '只有申请人可以评价');
  if (matter.ending === null) return refuse('too-early', '未办结事项不能评价');
  if (matter.ending.code === 'withdrawn') return refuse('action-not-offered', '撤回的事项未经办结,不能评价');
  if (now > ratableUntil(matter.ending.at, calendar, settings))
    return refuse('too-late', `已超过评价期限:办结后${settings.ratingDays}日内可以评价`);
  return null;
}

/** The refusal of a second rating. */
export function ratedAlready(): Refusal {
  return refuse('action-not-offered', '同一办件已评价');
}

/** Whether a rating opens a case. */
export function isLow(stars: number, { lowStars }: RatingSettings): boolean {
  return stars <= lowStars;
}

const LEADERS: readonly PostRole[] = ['party-secretary', 'president', 'vice-leader'];

/** Who leads the school on a day `YYYY-MM-DD`. */
export function leadersOn(directory: Directory, date: string): (person: string) => boolean {
  return (person) => holdsRole(directory, person, LEADERS, date);
}

/**
 * Ids of those who handled a matter: whom its rating is about. Left out are its applicant and leaders who only reviewed it, for a
 * complaint must come before some leader. @param leads who leads the school, see {@link leadersOn}.
 */
export function ratedPeople(matter: Matter, leads: (person: string) => boolean = () => false): string[] {
  const worked = new Set(
    Object.values(matter.visits).flatMap(({ decisions }) =>
      decisions.filter((one) => one.action === 'complete').map((one) => one.person),
    ),
  );
  return Object.keys(matter.handlers).filter(
    (person) => person !== matter.applicant.id && (worked.has(person) || !leads(person)),
  );
}

/** The units whose people handled a matter, who did most first. @param unitOf a person's unit, or null for somebody unknown. */
export function ratedUnits(matter: Matter, unitOf: (person: string) => string | null): string[] {
  const counts = new Map<string, number>();
  for (const person of ratedPeople(matter)) {
    const unit = unitOf(person);
    if (unit !== null) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return [...counts].sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1)).map(([unit]) => unit);
}

/**
 * The form of the complaint that a low rating opens. Everybody who handled the matter stands in it, so that none of them handles it;
 * and whoever is kept out of the matter, which the complaint tells of, as a complaint about a complaint does.
 */
export function complaintForm(
  matter: Matter,
  { stars, text }: Pick<Stars, 'stars' | 'text'>,
  unitOf: (person: string) => string | null,
  { keptOut = [], leads }: { keptOut?: readonly string[]; leads?: (person: string) => boolean } = {},
): JsonObject {
  const people = new Set([...keptOut, ...ratedPeople(matter, leads)]);
  return {
    channel: '评价',
    // Where nobody acted before its end, what is complained about lies with the unit that applied.
    unit: ratedUnits(matter, unitOf)[0] ?? matter.applicant.unit,
    people: [...people],
    subject: `对办件${matter.no}的评价(${stars}星)`,
    content: text ?? `申请人对办件${matter.no}评价${stars}星,未写明理由,请与申请人联系了解`,
    anonymous: false,
    matterNo: matter.no,
    stars,
  };
}

/** Rules of the archive 归档: how long a file is kept, who may do what with it, and when the making of a package is tried again. */
import { schoolDate, type WorkingCalendar } from '../../../definitions/language/calendar.ts';
import type { Directory } from '../../../definitions/language/directory.ts';
import type { Retention } from '../../../definitions/language/effect.ts';
import { postsOf } from '../people/posts.ts';
import type { Viewer } from '../people/rights.ts';
import type { ArchiveForm } from '../words.ts';

/** Retentions as people write them 保管期限. */
export const RETENTION_NAMES: Readonly<Record<Retention, string>> = {
  permanent: '永久',
  '30-years': '30年',
  '10-years': '10年',
  '5-years': '5年',
  '3-years': '3年',
  '1-year': '1年',
};

/** Years that each retention lasts; null for what is kept for ever. */
export const RETENTION_YEARS: Readonly<Record<Retention, number | null>> = {
  permanent: null,
  '30-years': 30,
  '10-years': 10,
  '5-years': 5,
  '3-years': 3,
  '1-year': 1,
};

/**
 * The year at whose end a file's retention ends, or null for ever: counted from 1 January after the year in which it was closed
 * (practice of office files [C]). It then goes to 鉴定, never straight to destruction (高等学校档案管理办法 art. 24).
 */
export function lastYearOf(retention: Retention, year: number): number | null {
  const years = RETENTION_YEARS[retention];
  return years === null ? null : year + years;
}

/** Tries after which a package counts as stuck: somebody must look, and the tries go on once an hour. */
export const ATTEMPTS_MAX = 5;

const FIRST_REST_MS = 30_000;
const SLOW_REST_MS = 3_600_000;

/** When a package that has been tried so often is tried next, UTC: 30 seconds, then twice as long each time, then hourly. */
export function nextAttempt(attempts: number, now: string): string {
  const rest = attempts >= ATTEMPTS_MAX ? SLOW_REST_MS : FIRST_REST_MS * 2 ** Math.max(0, attempts - 1);
  return new Date(Date.parse(now) + rest).toISOString();
}

/** What somebody is to the archive. */
export interface ArchiveRights {
  /** Sees the whole catalogue: archivists, supervisors, process administrators. */
  all: boolean;
  /** Keeps the archive 综合档案室: ticks, checks, takes hand-overs, reads every package. */
  keeper: boolean;
  /** Looks after what could not be made: archivists and process administrators. */
  repairs: boolean;
  /** Units whose paper they look after as part-time archivist 兼职档案员 (001), or as head. */
  units: string[];
}

/** What somebody may do in the archive today; deny by default. */
export function archiveRights(viewer: Viewer, directory: Directory, calendar: WorkingCalendar, now: string): ArchiveRights {
  const keeper = viewer.roles.includes('archivist');
  const clerkOf = postsOf(directory, viewer.id, schoolDate(calendar, now))
    .filter((post) => post.role === 'unit-clerk')
    .map((post) => post.unit);
  return {
    all: keeper || viewer.supervisor || viewer.administrator,
    keeper,
    repairs: keeper || viewer.administrator,
    units: [...new Set([...clerkOf, ...viewer.headedUnits])].sort(),
  };
}

/** Whether somebody may say that a file of a unit is in its place: archivists of both forms, the unit's own people of paper. */
export function mayTick(rights: ArchiveRights, form: ArchiveForm, unit: string): boolean {
  return rights.keeper || (form === 'paper' && rights.units.includes(unit));
}

/** Whether somebody may hand the files of a unit over 移交. */
export function mayHandOver(rights: ArchiveRights, unit: string): boolean {
  return rights.units.includes(unit);
}

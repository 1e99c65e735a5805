/** What a change of the directory must keep to. Pure; every fault is told at once, each with its place in the body. */
import { addDays, atSchoolTime, type WorkingCalendar } from '../definitions/language/calendar.ts';
import type { Absence, Directory, Post, PostHolding } from '../definitions/language/directory.ts';
import type { Fault } from '../definitions/language/json.ts';
import { holdersOf } from '../workflows/machine/people/posts.ts';

/** Halves of a day, and its evening. */
export const HALVES = ['morning', 'afternoon', 'evening'] as const;
/** A part of a day of the school. */
export interface HalfDay {
  date: string;
  half: (typeof HALVES)[number];
}

/** Where the morning ends on a school day with one stretch of office hours only. */
const NOON = '12:00';

/**
 * When an absence begins that counts from a part of a day: the opening of the office in the morning, the end of the morning for
 * the afternoon, the close of the office for the evening.
 */
export function beginningOf(calendar: WorkingCalendar, { date, half }: HalfDay): string {
  const { officeHours } = calendar;
  const times = {
    morning: officeHours[0]?.from ?? NOON,
    afternoon: morningEnd(calendar),
    evening: officeHours.at(-1)?.to ?? NOON,
  };
  return atSchoolTime(calendar, date, times[half]);
}

/** When an absence ends that counts to the end of a part of a day; an evening ends with the day. */
export function endOf(calendar: WorkingCalendar, { date, half }: HalfDay): string {
  if (half === 'evening') return atSchoolTime(calendar, addDays(date, 1), '00:00');
  return beginningOf(calendar, { date, half: half === 'morning' ? 'afternoon' : 'evening' });
}

function morningEnd({ officeHours }: WorkingCalendar): string {
  const [first] = officeHours;
  return officeHours.length > 1 && first !== undefined ? first.to : NOON;
}

function personFault(directory: Directory, id: string, path: string): Fault[] {
  const person = directory.people[id];
  if (person === undefined) return [{ path, message: `学校人员名录中没有${id}` }];
  return person.active ? [] : [{ path, message: `${person.name}已离职` }];
}

/** An absence about to be noted. */
export interface NewAbsence {
  person: string;
  from: string;
  to: string;
  cover: string | null;
}

/** Longest absence that can be noted at once; a longer one is a hand-over of the post. */
const ABSENCE_DAYS = 366;
const DAY_MS = 86_400_000;

/** What is wrong with an absence: who, when, another one at the same time, who stands in. */
export function absenceFaults(directory: Directory, absence: NewAbsence, now: string): Fault[] {
  const { person, cover } = absence;
  const faults = personFault(directory, person, '/person');
  const [from, to] = [Date.parse(absence.from), Date.parse(absence.to)];
  if (to <= from) faults.push({ path: '/to', message: '结束时间须晚于开始时间' });
  else if (to <= Date.parse(now)) faults.push({ path: '/to', message: '已经过去的离岗无需登记' });
  else if (to - from > ABSENCE_DAYS * DAY_MS)
    faults.push({ path: '/to', message: `一次离岗不超过${ABSENCE_DAYS}天,更长的请办理岗位交接` });
  const same = directory.absences.find((one) => one.person === person && Date.parse(one.from) < to && from < Date.parse(one.to));
  if (same !== undefined) faults.push({ path: '/from', message: '与已登记的离岗时间重叠,请先撤销或更改原登记' });
  if (cover === null) return faults;
  if (cover === person) faults.push({ path: '/cover', message: '本人不能给自己顶岗' });
  return [...faults, ...personFault(directory, cover, '/cover')];
}

/** What is allowed but should be known, in Chinese: a cover who is away in the same days does not stand in then. */
export function absenceWarnings(directory: Directory, { cover, from, to }: Pick<Absence, 'cover' | 'from' | 'to'>): string[] {
  if (cover === undefined || cover === null) return [];
  const away = directory.absences.some(
    (one) => one.person === cover && Date.parse(one.from) < Date.parse(to) && Date.parse(from) < Date.parse(one.to),
  );
  return away ? [`${directory.people[cover]?.name ?? cover}同期离岗,将由下一顺位顶岗`] : [];
}

/** More covers than this help nobody: source 004 asks for one or two. */
const COVERS_MAX = 5;

/** What is wrong with the holders and covers of a post. */
export function postFaults(
  directory: Directory,
  post: Post,
  { holders, covers }: { holders: readonly PostHolding[]; covers: readonly string[] },
  today: string,
): Fault[] {
  const faults = holders.flatMap((holding, at) => holdingFaults(directory, holders, holding, at, today));
  const holding = new Set(holders.filter((one) => one.to === null || one.to >= today).map((one) => one.person));
  covers.forEach((cover, at) => {
    const path = `/covers/${at}`;
    faults.push(...personFault(directory, cover, path));
    if (holding.has(cover)) faults.push({ path, message: '岗位的在任人员不能给自己顶岗,请另选他人' });
    if (covers.indexOf(cover) < at) faults.push({ path, message: '同一人重复列为顶岗人员' });
  });
  if (covers.length > COVERS_MAX) faults.push({ path: '/covers', message: `顶岗人员不超过${COVERS_MAX}人` });
  const after: Post = { ...post, holders: [...holders] };
  if (
    post.role === 'process-administrator' &&
    holdersOf(directory, after, today).length === 0 &&
    !othersAdminister(directory, [post.id], today)
  ) {
    faults.push({ path: '/holders', message: '全校至少须有一名在任的流程管理员' });
  }
  return faults;
}

function holdingFaults(
  directory: Directory,
  all: readonly PostHolding[],
  holding: PostHolding,
  at: number,
  today: string,
): Fault[] {
  const { person, from, to } = holding;
  const faults: Fault[] = [];
  // Who held it once may have left since.
  if (directory.people[person] === undefined || to === null || to >= today)
    faults.push(...personFault(directory, person, `/holders/${at}/person`));
  if (to !== null && to < from) faults.push({ path: `/holders/${at}/to`, message: '任职的最后一天不能早于第一天' });
  const overlaps = all
    .slice(0, at)
    .some((other) => other.person === person && (other.to === null || from <= other.to) && (to === null || other.from <= to));
  if (overlaps) faults.push({ path: `/holders/${at}`, message: '同一人的任职时间重叠' });
  return faults;
}

function othersAdminister(directory: Directory, except: readonly string[], today: string, gone?: string): boolean {
  return Object.values(directory.posts).some(
    (post) =>
      post.role === 'process-administrator' &&
      !except.includes(post.id) &&
      holdersOf(directory, post, today).some((holder) => holder !== gone),
  );
}

/** What is wrong with a change of a person. */
export function personChangeFaults(
  directory: Directory,
  person: string,
  changes: { active?: boolean | undefined; unit?: string | undefined },
  today: string,
): Fault[] {
  const faults: Fault[] = [];
  if (changes.unit !== undefined && directory.units[changes.unit] === undefined)
    faults.push({ path: '/unit', message: `没有单位${changes.unit}` });
  if (changes.active === false && !othersAdminister(directory, [], today, person))
    faults.push({ path: '/active', message: '全校至少须有一名在任的流程管理员,请先指定他人' });
  return faults;
}

/** What is wrong with handing tasks over from one person to another. */
export function handOverFaults(directory: Directory, from: string, to: string): Fault[] {
  const faults: Fault[] = directory.people[from] === undefined ? [{ path: '/from', message: `学校人员名录中没有${from}` }] : [];
  if (from === to) faults.push({ path: '/to', message: '不能交接给本人' });
  return [...faults, ...personFault(directory, to, '/to')];
}

/** What is wrong with putting a unit into another. */
export function mergeFaults(directory: Directory, unit: string, into: string): Fault[] {
  if (directory.units[into] === undefined) return [{ path: '/into', message: `没有单位${into}` }];
  if (unit === into) return [{ path: '/into', message: '不能并入本单位' }];
  for (let above = directory.units[into]?.parent ?? null, depth = 0; above !== null && depth < 20; depth += 1) {
    if (above === unit) return [{ path: '/into', message: '不能并入自己的下属单位' }];
    above = directory.units[above]?.parent ?? null;
  }
  return [];
}

/** What is wrong with a new head of a unit. */
export function headFaults(directory: Directory, unit: string, head: string): { faults: Fault[]; post: Post | null } {
  const post = Object.values(directory.posts).find((one) => one.role === 'unit-head' && one.unit === unit) ?? null;
  const faults = personFault(directory, head, '/head');
  if (post === null) faults.push({ path: '/head', message: '该单位没有主要负责人岗位,请先在名录中设岗' });
  return { faults, post };
}

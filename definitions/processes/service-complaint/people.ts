/** Who may answer for a complaint 服务投诉, and who may not: nobody complained about handles it (domain P22). */
import type { Directory, Post, PostRole } from '../../language/directory.ts';

// The functions of a flow see no calendar. All schools of the country keep one time, without summer time.
const SCHOOL_AHEAD_MS = 8 * 3_600_000;

/** The school's day `YYYY-MM-DD` of an instant. */
export function dayAt(instant: string): string {
  return new Date(Date.parse(instant) + SCHOOL_AHEAD_MS).toISOString().slice(0, 10);
}

/** Who holds a post on a day and works here. */
export function holdersOn(directory: Directory, post: Post, date: string): string[] {
  return post.holders
    .filter(({ person, from, to }) => from <= date && (to === null || date <= to) && directory.people[person]?.active === true)
    .map(({ person }) => person);
}

/** Whether somebody holds a post with one of some roles on a day. */
export function holdsRoleOn(directory: Directory, person: string, roles: readonly PostRole[], date: string): boolean {
  return Object.values(directory.posts).some(
    (post) => roles.includes(post.role) && holdersOn(directory, post, date).includes(person),
  );
}

/**
 * The post that answers for a unit: its head, unless every holder is complained about; then the leader in charge of it, the party
 * secretary, the president. Null when all of them are, which the process administrator sorts out.
 */
export function postAnswering(directory: Directory, unit: string, accused: readonly string[], instant: string): string | null {
  const posts = Object.values(directory.posts);
  const inCharge = directory.units[unit]?.leaderPost ?? null;
  const line = [
    ...posts.filter((post) => post.role === 'unit-head' && post.unit === unit),
    ...posts.filter((post) => post.id === inCharge),
    ...posts.filter((post) => post.role === 'party-secretary'),
    ...posts.filter((post) => post.role === 'president'),
  ];
  const date = dayAt(instant);
  return line.find((post) => holdersOn(directory, post, date).some((person) => !accused.includes(person)))?.id ?? null;
}

/** Ids of the units whose head may verify: somebody holds that post and is not complained about. */
export function unitsToVerify(directory: Directory, accused: readonly string[], instant: string): string[] {
  const date = dayAt(instant);
  return Object.values(directory.posts)
    .filter((post) => post.role === 'unit-head' && directory.units[post.unit]?.kind !== 'leadership')
    .filter((post) => holdersOn(directory, post, date).some((person) => !accused.includes(person)))
    .map((post) => post.unit);
}

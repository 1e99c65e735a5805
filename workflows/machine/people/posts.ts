/** Looking people up in the directory: who holds which post on a day, who is away, who stands above whom. */
import { schoolDate } from '../../../definitions/language/calendar.ts';
import type { Absence, Directory, Post, PostRole } from '../../../definitions/language/directory.ts';
import type { Assignee } from '../state.ts';
import type { World } from '../world.ts';

/** What looking people up needs of the world. */
export type PeopleWorld = Pick<World, 'directory' | 'calendar' | 'now'>;

/** Ids of the active people who hold a post on a day `YYYY-MM-DD`. */
export function holdersOf(directory: Directory, post: Post, date: string): string[] {
  return post.holders
    .filter((holding) => holding.from <= date && (holding.to === null || date <= holding.to))
    .map((holding) => holding.person)
    .filter((person) => directory.people[person]?.active === true);
}

/** The posts that a person holds on a day. */
export function postsOf(directory: Directory, person: string, date: string): Post[] {
  return Object.values(directory.posts).filter((post) => holdersOf(directory, post, date).includes(person));
}

/** Whether a person holds a post with one of these roles today. */
export function holdsRole(directory: Directory, person: string, roles: readonly PostRole[], date: string): boolean {
  return postsOf(directory, person, date).some((post) => roles.includes(post.role));
}

/** The absences in which a person is at an instant, the earliest first. */
export function absencesAt(directory: Directory, person: string, now: string): Absence[] {
  const at = Date.parse(now);
  return directory.absences
    .filter((one) => one.person === person && Date.parse(one.from) <= at && at < Date.parse(one.to))
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

/** Whether a person is not there to act: absent now, or gone for good. */
export function isAway(directory: Directory, person: string, now: string): boolean {
  return directory.people[person]?.active !== true || absencesAt(directory, person, now).length > 0;
}

/** Ids of those whom somebody's absences name to stand in for them now, in the order of the absences. */
export function namedToStandIn(directory: Directory, person: string, now: string): string[] {
  return absencesAt(directory, person, now).flatMap(({ cover }) => (cover === undefined || cover === null ? [] : [cover]));
}

/** Until when somebody is away, through absences that follow one another; null for who is there, or has left for good. UTC. */
export function awayUntil(directory: Directory, person: string, now: string): string | null {
  let until: string | null = null;
  for (let last = absencesAt(directory, person, now); last.length > 0; last = absencesAt(directory, person, until))
    until = new Date(Math.max(...last.map((one) => Date.parse(one.to)))).toISOString();
  return until;
}

/** An active person as somebody who must act, or null. */
export function assigneeOf(directory: Directory, id: string, reason: string, post?: string): Assignee | null {
  const person = directory.people[id];
  if (person?.active !== true) return null;
  return { id, name: person.name, reason, ...(post === undefined ? {} : { post }) };
}

/** The holders of posts on a day, each once. */
export function fromPosts(directory: Directory, posts: readonly Post[], date: string, says: string): Assignee[] {
  const found: Assignee[] = [];
  for (const post of posts) {
    for (const id of holdersOf(directory, post, date)) {
      const one = assigneeOf(directory, id, `${says}(${post.name})`, post.id);
      if (one !== null && !found.some((other) => other.id === id)) found.push(one);
    }
  }
  return found;
}

/** The heads 主要负责人 of a unit. */
export function headsOf(directory: Directory, unit: string | null, date: string, says: string): Assignee[] {
  const posts = Object.values(directory.posts).filter((post) => post.role === 'unit-head' && post.unit === unit);
  const name = unit === null ? '' : (directory.units[unit]?.name ?? unit);
  return fromPosts(directory, posts, date, `${says}·${name}`);
}

/** The school leaders in charge 分管校领导 of a unit. */
export function leadersOf(directory: Directory, unit: string | null, date: string, says: string): Assignee[] {
  const post = unit === null ? null : directory.units[unit]?.leaderPost;
  const found = post === null || post === undefined ? undefined : directory.posts[post];
  return found === undefined ? [] : fromPosts(directory, [found], date, says);
}

/** The heads of the school 学校主要负责人. */
export function topOf(directory: Directory, date: string, says: string): Assignee[] {
  const top = Object.values(directory.posts).filter((post) => post.role === 'president' || post.role === 'party-secretary');
  return fromPosts(directory, top, date, says);
}

/**
 * Those above a person, the nearest first: the head of their unit, the leader in charge, the heads of the school, the process
 * administrators. Who heads a unit answers to the leader in charge of it, not to another head beside them.
 * @param says why they are asked, in Chinese; each post's name is put behind it.
 */
export function superiorsOf(person: string, world: PeopleWorld, says: string): Assignee[] {
  const { directory } = world;
  const date = schoolDate(world.calendar, world.now);
  const unit = directory.people[person]?.unit ?? null;
  const heads = headsOf(directory, unit, date, says);
  const line = [
    ...(heads.some((one) => one.id === person) ? [] : heads),
    ...leadersOf(directory, unit, date, says),
    ...topOf(directory, date, says),
    ...administratorsOf(directory, date),
  ];
  return line.filter((one, at) => one.id !== person && line.findIndex((other) => other.id === one.id) === at);
}

/** Who takes over a step that nobody else is found for, in this order: a vacant post must not leave a matter with nobody. */
const LAST_RESORTS: readonly PostRole[] = ['process-administrator', 'office-director', 'president', 'party-secretary'];

/** Everybody who may be asked when nobody else can be, the process administrators first. */
export function lastResortsOf(directory: Directory, date: string): string[] {
  const posts = LAST_RESORTS.flatMap((role) => Object.values(directory.posts).filter((post) => post.role === role));
  return posts.flatMap((post) => holdersOf(directory, post, date));
}

/**
 * The process administrators, or whoever stands in for them.
 * @param barred who may not be asked, such as an applicant who must not decide on their own matter.
 * @throws Error when the directory has nobody to fall back on.
 */
export function administratorsOf(
  directory: Directory,
  date: string,
  barred: (person: string) => boolean = () => false,
): Assignee[] {
  for (const role of LAST_RESORTS) {
    const posts = Object.values(directory.posts).filter((post) => post.role === role);
    const found = fromPosts(directory, posts, date, '未找到符合条件的办理人,转流程管理员指派').filter((one) => !barred(one.id));
    if (found.length > 0) return found;
  }
  throw new Error(
    `Nobody holds a post of ${LAST_RESORTS.join(', ')} on ${date}: fill one of them in the directory, and the matter goes on`,
  );
}

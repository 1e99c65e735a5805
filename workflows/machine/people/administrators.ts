/**
 * Who has the rights of a process administrator now: whoever holds the post, and while a holder is away the first who is there of those
 * named for them: by the absence, then by the post's covers 顶岗. Nobody else, and nobody stands in for a stand-in.
 */
import { schoolDate } from '../../../definitions/language/calendar.ts';
import type { Directory, Post } from '../../../definitions/language/directory.ts';
import { holdersOf, isAway, namedToStandIn, type PeopleWorld } from './posts.ts';

/** Somebody with an administrator's rights; `coverFor` is set when they stand in for a holder who is away. */
export interface Administrator {
  id: string;
  name: string;
  coverFor?: string;
  coverForName?: string;
}

/** The posts of the process administrators with their holders on the day of an instant. */
function administration({ directory, calendar, now }: PeopleWorld): { post: Post; holders: string[] }[] {
  const date = schoolDate(calendar, now);
  return Object.values(directory.posts)
    .filter((post) => post.role === 'process-administrator')
    .map((post) => ({ post, holders: holdersOf(directory, post, date) }));
}

/** Ids of those who hold a post of a process administrator now, away or not. */
export function administratorIds(world: PeopleWorld): string[] {
  return [...new Set(administration(world).flatMap(({ holders }) => holders))];
}

/** The person as a process administrator, in their own right or in the place of one who is away; null for everybody else. */
export function asAdministrator(person: string, world: PeopleWorld): Administrator | null {
  const { directory, now } = world;
  const found = Object.hasOwn(directory.people, person) ? directory.people[person] : undefined;
  if (found === undefined || !found.active) return null;
  const posts = administration(world);
  if (posts.some(({ holders }) => holders.includes(person))) return { id: person, name: found.name };
  for (const { post, holders } of posts) {
    const absent = holders.find(
      (holder) => isAway(directory, holder, now) && standInFor(directory, post, holder, now) === person,
    );
    if (absent !== undefined)
      return { id: person, name: found.name, coverFor: absent, coverForName: directory.people[absent]?.name ?? absent };
  }
  return null;
}

function standInFor(directory: Directory, post: Post, absent: string, now: string): string | undefined {
  const line = [...namedToStandIn(directory, absent, now), ...post.covers];
  return line.find((person) => person !== absent && !isAway(directory, person, now));
}

/** A school of a dozen people for tests of the machine: small enough to read, with a vacant post and somebody who has left. */
import type { Directory, Person, Post, PostRole, Unit } from '../../../definitions/language/directory.ts';
import { demoCalendar } from '../../support/school.ts';

/** Office hours and holidays as at the demo school. */
export const smallCalendar = demoCalendar;

/** The people by their part. `gone` has left; unit `u-vacant` has no head and no leader in charge. */
export const cast = {
  applicant: 'p-applicant',
  headA: 'p-head-a',
  headB: 'p-head-b',
  clerk: 'p-clerk',
  vice: 'p-vice',
  president: 'p-president',
  director: 'p-director',
  administrator: 'p-administrator',
  reviewer: 'p-reviewer',
  stranger: 'p-stranger',
  gone: 'p-gone',
} as const;

const UNIT_OF: Readonly<Record<string, string>> = {
  [cast.headB]: 'u-b',
  [cast.vice]: 'u-lead',
  [cast.president]: 'u-lead',
  [cast.director]: 'u-office',
  [cast.administrator]: 'u-office',
};

function unit(id: string, leaderPost: string | null): Unit {
  return { id, name: `单位${id}`, shortName: id, kind: 'department', campus: 'main', parent: null, leaderPost };
}

function post(role: PostRole, of: string, holder: string, id = `post-${role}`): Post {
  return { id, name: id, role, unit: of, holders: [{ person: holder, from: '2020-01-01', to: null }], covers: [] };
}

/** The directory; posts of the roles in `vacant` have no holder. */
export function smallSchool(vacant: readonly PostRole[] = []): Directory {
  const people: Person[] = Object.values(cast).map((id) => ({
    id,
    name: id.slice(2),
    unit: UNIT_OF[id] ?? 'u-a',
    phone: '1',
    active: id !== cast.gone,
  }));
  const posts = [
    post('unit-head', 'u-a', cast.headA, 'post-head-a'),
    post('unit-head', 'u-b', cast.headB, 'post-head-b'),
    post('vice-leader', 'u-lead', cast.vice),
    post('president', 'u-lead', cast.president),
    post('office-director', 'u-office', cast.director),
    post('process-administrator', 'u-office', cast.administrator),
    post('finance-reviewer', 'u-office', cast.reviewer),
  ].map((one) => (vacant.includes(one.role) ? { ...one, holders: [] } : one));
  const units = [unit('u-lead', null), unit('u-a', 'post-vice-leader'), unit('u-b', 'post-vice-leader'), unit('u-office', null)];
  return {
    version: 1,
    campuses: [{ id: 'main', name: '主校区' }],
    units: byId([...units, unit('u-vacant', null)]),
    people: byId(people),
    posts: byId(posts),
    absences: [],
    resources: {},
  };
}

function byId<T extends { id: string }>(list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}

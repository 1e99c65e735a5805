import { describe, expect, test } from 'vitest';
import { type Directory, POST_ROLES, type Post, type PostRole } from '../../definitions/language/directory.ts';
import { demoCast, demoSchoolName, demoUniversity } from '../../scripts/demo/university.ts';

const directory = demoUniversity();
const units = Object.values(directory.units);
const people = Object.values(directory.people);
const posts = Object.values(directory.posts);
const resources = Object.values(directory.resources);

/** The first day that the demo data promise, the days around its one change of staff, and one long after. */
const DAYS = ['2024-01-01', '2025-08-31', '2025-09-01', '2030-12-31'];
const TODAY = '2026-03-02';

function holdersOn(post: Post, day: string): string[] {
  return post.holders.filter(({ from, to }) => from <= day && (to === null || day <= to)).map(({ person }) => person);
}

function postsOf(person: string, day = TODAY): Post[] {
  return posts.filter((post) => holdersOn(post, day).includes(person));
}

function duplicatesIn(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

/** The person found twice on a walk from holder to cover to cover's cover among the posts of one role, or null. */
function coverLoopAmong(role: PostRole): string | null {
  const coversOf = new Map<string, string[]>();
  for (const post of posts.filter((candidate) => candidate.role === role)) {
    for (const { person } of post.holders) coversOf.set(person, [...(coversOf.get(person) ?? []), ...post.covers]);
  }
  const walk = (person: string, seen: readonly string[]): string | null => {
    if (seen.includes(person)) return person;
    for (const cover of coversOf.get(person) ?? []) {
      const loop = walk(cover, [...seen, person]);
      if (loop !== null) return loop;
    }
    return null;
  };
  for (const person of coversOf.keys()) {
    const loop = walk(person, []);
    if (loop !== null) return loop;
  }
  return null;
}

describe('the directory as a whole', () => {
  test('is version 1 with two campuses and nobody absent', () => {
    expect(directory.version).toBe(1);
    expect(directory.campuses.map(({ id, name }) => [id, name])).toEqual([
      ['south', '南校区'],
      ['north', '北校区'],
    ]);
    expect(directory.absences).toEqual([]);
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(directory))).toEqual(directory);
  });

  test('is equal at each call and shares nothing between calls', () => {
    const changed: Directory = demoUniversity();
    changed.posts['office-director']!.covers.push('p-somebody');
    changed.posts['clerk-u-computing']!.holders[0]!.to = null;
    changed.people[demoCast.lecturer]!.active = false;
    changed.units['u-office']!.name = 'changed';
    changed.campuses[0]!.name = 'changed';
    changed.resources['seal-party']!.attributes.owner = 'changed';
    expect(demoUniversity()).toEqual(directory);
  });

  test('is of the promised size', () => {
    expect(units.length).toBeGreaterThanOrEqual(12);
    expect(people.length).toBeGreaterThanOrEqual(65);
    expect(people.length).toBeLessThanOrEqual(90);
    expect(people.filter(({ id, active }) => active && postsOf(id).length === 0).length).toBeGreaterThanOrEqual(20);
  });

  test.each(['units', 'people', 'posts', 'resources'] as const)('%s are kept under their own readable ids', (part) => {
    for (const [key, { id }] of Object.entries(directory[part])) {
      expect(id).toBe(key);
      expect(id).toMatch(/^[a-z0-9-]+$/);
    }
  });

  test('names of units, people, posts and resources and telephone extensions are unique', () => {
    for (const part of [units, people, posts, resources]) expect(duplicatesIn(part.map(({ name }) => name))).toEqual([]);
    expect(duplicatesIn(units.map(({ shortName }) => shortName))).toEqual([]);
    expect(duplicatesIn(people.map(({ phone }) => phone))).toEqual([]);
    for (const { id, phone } of people) expect(phone, id).toMatch(/^\d{4}$/);
  });
});

describe('units', () => {
  const campuses = directory.campuses.map(({ id }) => id);

  test('stand on both campuses, below units that exist', () => {
    expect(new Set(units.map(({ campus }) => campus))).toEqual(new Set(campuses));
    for (const unit of units.filter(({ parent }) => parent !== null)) {
      expect(directory.units[unit.parent!]?.parent, `parent of ${unit.id}`).toBe(null);
    }
  });

  test('all but the leadership have a vice leader in charge', () => {
    for (const { id, kind, leaderPost } of units) {
      if (kind === 'leadership') expect(leaderPost).toBe(null);
      else expect(directory.posts[leaderPost ?? '']?.role, id).toBe('vice-leader');
    }
  });

  test('finance and audit are never under the same leader', () => {
    expect(directory.units['u-finance']!.leaderPost).not.toBe(directory.units['u-audit']!.leaderPost);
  });

  test('each has one post of a head and one of a clerk', () => {
    for (const { id } of units) {
      const idsOf = (role: PostRole) => posts.filter((post) => post.role === role && post.unit === id).map((post) => post.id);
      expect(idsOf('unit-head')).toEqual([`head-${id}`]);
      expect(idsOf('unit-clerk')).toEqual([`clerk-${id}`]);
    }
  });

  test('each has had one head since 2024, who is of the unit, as those are who cover', () => {
    for (const { id } of units) {
      const { holders, covers } = directory.posts[`head-${id}`]!;
      expect(holders, id).toEqual([{ person: holders[0]?.person, from: '2024-01-01', to: null }]);
      for (const person of [holders[0]!.person, ...covers]) expect(directory.people[person]?.unit, person).toBe(id);
    }
  });
});

describe('people', () => {
  test('work in units that exist, and each unit has some', () => {
    expect(new Set(people.map(({ unit }) => unit))).toEqual(new Set(Object.keys(directory.units)));
  });

  test('who has left holds no post, yet history names them', () => {
    const left = people.filter(({ active }) => !active);
    expect(left.map(({ id }) => id)).toEqual([demoCast.retired]);
    expect(postsOf(demoCast.retired)).toEqual([]);
    expect(postsOf(demoCast.retired, '2025-08-31').map(({ id }) => id)).toEqual(['clerk-u-computing']);
  });
});

describe('posts', () => {
  test('there is one at least of every role', () => {
    expect(new Set(posts.map(({ role }) => role))).toEqual(new Set(POST_ROLES));
  });

  test('belong to units that exist and name people who exist', () => {
    for (const { id, unit, holders, covers } of posts) {
      expect(directory.units[unit], id).toBeDefined();
      for (const person of [...holders.map((holding) => holding.person), ...covers]) {
        expect(directory.people[person], `${person} in ${id}`).toBeDefined();
      }
    }
  });

  test('are held on every day, today by active people', () => {
    for (const post of posts) {
      for (const day of DAYS) expect(holdersOn(post, day), `${post.id} on ${day}`).not.toEqual([]);
      for (const person of holdersOn(post, TODAY)) expect(directory.people[person]!.active, person).toBe(true);
    }
  });

  test('are each covered by one or two active people who do not hold them', () => {
    for (const { id, holders, covers } of posts) {
      expect([1, 2], id).toContain(covers.length);
      expect(duplicatesIn(covers), id).toEqual([]);
      for (const cover of covers) {
        expect(directory.people[cover]?.active, cover).toBe(true);
        expect(
          holders.map(({ person }) => person),
          id,
        ).not.toContain(cover);
      }
    }
  });

  test('covers within a role never lead back to where they started', () => {
    for (const role of POST_ROLES) expect(coverLoopAmong(role), role).toBe(null);
  });

  test('the keeper and the witness of the northern campus work there, though their office sits in the south', () => {
    expect(directory.units['u-office']!.campus).toBe('south');
    const elsewhere = posts.filter((post) => 'campus' in post);
    expect(elsewhere.map(({ id }) => id)).toEqual(['seal-keeper-north', 'seal-witness-north']);
    for (const post of elsewhere) expect(post).toMatchObject({ unit: 'u-office', campus: 'north' });
  });

  test('nobody can keep a seal and also witness its use or register the contract, by cover either', () => {
    const actors = (role: PostRole) =>
      posts.filter((post) => post.role === role).flatMap((post) => [...holdersOn(post, TODAY), ...post.covers]);
    const keepers = actors('seal-keeper');
    const others = [...actors('seal-witness'), ...actors('contract-clerk')];
    expect(others.filter((person) => keepers.includes(person))).toEqual([]);
  });

  test('as many people hold the trades of the school as its processes need', () => {
    const count = (role: PostRole) =>
      new Set(posts.filter((post) => post.role === role).flatMap((post) => holdersOn(post, TODAY))).size;
    expect(count('seal-keeper')).toBe(2);
    expect(count('seal-witness')).toBe(2);
    expect(count('driver')).toBe(4);
    expect(count('finance-reviewer')).toBe(2);
    expect(count('audit-reviewer')).toBe(1);
    expect(count('legal-adviser')).toBe(2);
    expect(count('supervisor')).toBe(2);
    expect(count('office-clerk')).toBeGreaterThanOrEqual(2);
  });
});

describe('resources', () => {
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);

  test('are all in use on a campus that exists', () => {
    const campuses = directory.campuses.map(({ id }) => id);
    expect(resources.filter(({ campus, active }) => !active || !campuses.includes(campus))).toEqual([]);
  });

  test('there is a seal of each kind that the seal-use form offers, and both campuses keep some', () => {
    const kinds = ['党委印章', '行政印章', '钢印', '校领导签名章', '法定代表人章', '合同专用章', '电子印章'];
    expect(ofKind('seal').map(({ attributes }) => attributes.sealType)).toEqual(kinds);
    expect(new Set(ofKind('seal').map(({ campus }) => campus)).size).toBe(2);
  });

  test('each seal has a keeper of its campus', () => {
    for (const { id, campus, attributes } of ofKind('seal')) {
      expect(attributes.keeperPost, id).toBe(`seal-keeper-${campus}`);
      expect(directory.posts[String(attributes.keeperPost)]?.role, id).toBe('seal-keeper');
    }
  });

  test('a personal seal is owned by the leader whose name it bears, every other one speaks for the school', () => {
    for (const { id, attributes } of ofKind('seal')) {
      const { owner, sealType, signOff } = attributes;
      if (sealType === '校领导签名章' || sealType === '法定代表人章') {
        expect(directory.people[String(owner)], id).toMatchObject({ unit: 'u-leadership', active: true, name: signOff });
      } else {
        expect(directory.units[String(owner)]?.kind, id).toBe('leadership');
        expect(signOff, id).toContain(demoSchoolName);
      }
    }
  });

  test('the legal representative is the president', () => {
    const owner = directory.resources['seal-legal-representative']!.attributes.owner;
    expect(holdersOn(directory.posts.president!, TODAY)).toEqual([owner]);
  });

  test('five vehicles of every model have plates of their own; the largest takes 55 passengers', () => {
    const vehicles = ofKind('vehicle').map(({ attributes }) => attributes);
    expect(vehicles).toHaveLength(5);
    expect(new Set(vehicles.map(({ model }) => model))).toEqual(new Set(['轿车', '商务车', '面包车', '大巴']));
    expect(duplicatesIn(vehicles.map(({ plate }) => String(plate)))).toEqual([]);
    expect(Math.max(...vehicles.map(({ seats }) => Number(seats)))).toBe(55);
  });

  test('the driver resources are exactly the holders of the driver post', () => {
    const drivers = ofKind('driver').map(({ attributes }) => attributes.person);
    expect(drivers.toSorted()).toEqual(holdersOn(directory.posts.driver!, TODAY).toSorted());
    for (const { name, attributes } of ofKind('driver')) {
      expect(name).toContain(directory.people[String(attributes.person)]?.name);
    }
  });

  test('six meeting rooms stand on both campuses, each with video in one of them at least', () => {
    const rooms = ofKind('room');
    expect(rooms).toHaveLength(6);
    const withVideo = rooms.filter(({ attributes }) => attributes.video === 1);
    expect(new Set(withVideo.map(({ campus }) => campus)).size).toBe(2);
    for (const { id, attributes } of rooms) {
      expect(Number(attributes.capacity), id).toBeGreaterThan(0);
      expect([0, 1], id).toContain(attributes.video);
    }
  });
});

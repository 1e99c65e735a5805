/** Goal: a commit that was a little late is no forgery; what lies far behind its roots is told; who reads by office is told from who takes part. */
import { describe, expect, test } from 'vitest';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { ChainWalk, type Link, type RootTime } from '../../scripts/audit/chain-walk.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { isSecret, restrictedRead } from '../../workflows/machine/supervision/access.ts';
import { given } from '../support/machine.ts';

const ROOTS: RootTime[] = [2, 3, 4, 5].map((day, at) => ({
  number: at + 1,
  day: `2026-03-0${day}`,
  madeAt: `2026-03-0${day}T23:30:00.000Z`,
}));

/** A sound chain whose events happened at these instants. */
const chain = (...ats: string[]): Link[] =>
  ats.map((at, index) => ({
    sequence: index + 1,
    type: 'Commented',
    at,
    previousHash: index === 0 ? '' : `h${index}`,
    hash: `h${index + 1}`,
    computed: `h${index + 1}`,
  }));

function walk(links: Link[], rooted: { sequence: number; root: number }[]): string[] {
  const last = links.at(-1)!;
  const places = rooted.map(({ sequence, root }) => ({ sequence, root, hash: `h${sequence}` }));
  const walked = new ChainWalk({ where: 'm', end: { sequence: last.sequence, hash: last.hash }, rooted: places, roots: ROOTS });
  for (const link of links) walked.step(link);
  return walked.finish().map(({ kind, sequence }) => `${kind} ${sequence}`);
}

describe('an event', () => {
  const before = '2026-03-02T10:00:00.000Z';

  test.each([
    ['in the next root', 1, []],
    ['one root later, since it waited for the database', 2, []],
    ['two roots later', 3, ['late 1']],
  ])('that is covered %s', (_what, root, found) => {
    expect(walk(chain(before), [{ sequence: 1, root }])).toEqual(found);
  });

  test('that no root covers yet is in time after the last, and late before many', () => {
    expect(walk(chain('2026-03-05T23:45:00.000Z'), [])).toEqual([]);
    expect(walk(chain('2026-03-05T10:00:00.000Z'), [])).toEqual([]);
    expect(walk(chain(before), [])).toEqual(['late 1']);
  });

  test('is told once for its chain', () => {
    expect(walk(chain(before, before, before), [])).toEqual(['late 1']);
  });

  test('that a root covers and that is gone is missing', () => {
    expect(walk(chain(before), [{ sequence: 3, root: 1 }])).toEqual(['missing 2']);
  });
});

describe('a read', () => {
  const matter = (): Matter => given(sealUse).at('2026-03-02T09:00:00+08:00').startedBy(demoCast.lecturer).matter;
  const nobody = () => false;

  test('by the applicant or by whose turn it is is not restricted, by anybody else it is', () => {
    const one = matter();
    const holder = Object.values(one.tasks)[0]!.assignees[0]!.id;
    expect(restrictedRead({ id: demoCast.lecturer }, one, [], nobody)).toBeNull();
    expect(restrictedRead({ id: holder }, one, [], nobody)).toBeNull();
    expect(restrictedRead({ id: 'p-somebody' }, one, [], nobody)).toBe('by-office');
    expect(restrictedRead({ id: 'p-somebody' }, one, ['p-somebody'], nobody)).toBeNull();
    expect(restrictedRead({ id: 'p-somebody' }, one, [], () => true)).toBeNull();
  });

  test('of a secret matter is restricted for everybody', () => {
    const one = matter();
    const secret = (secrecy: string) => ({ ...one, form: { ...one.form, secrecy } });
    expect(restrictedRead({ id: demoCast.lecturer }, secret('内部'), [], nobody)).toBe('secret');
    expect(['', '公开', ' 公开 '].map((word) => isSecret(secret(word)))).toEqual([false, false, false]);
    expect(isSecret(one)).toBe(false);
  });
});

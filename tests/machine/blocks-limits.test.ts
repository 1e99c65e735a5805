/** Branches that don't all run at once, and blocks of which enough is enough. */
import { describe, expect, test } from 'vitest';
import type { Step } from '../../definitions/language/steps.ts';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, booking, effect, forEach, handle, parallel, wait } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer, director, clerk, applicant } = cast;
const item = { kind: 'item', says: '该单位负责人' } as const;

/** A block with options. */
function limited(step: Step, options: { atMost?: number; needed?: number }): Step {
  return { ...step, ...options } as Step;
}

describe('at most so many branches at once', () => {
  const inTurn = plainDefinition([
    limited(parallel('p', [approve('a', [headA])], [approve('b', [headB])], [approve('c', [reviewer])]), { atMost: 1 }),
    approve('last', [director]),
  ]);

  test('one after another, never together: the next is entered when one is done', () => {
    const matter = play(inTurn);
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headA, 'agree').open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['c']);
    expect(matter.when(reviewer, 'agree').open).toEqual(['last']);
    expect(matter.of('BranchEntered').map(({ facts }) => facts.branch)).toEqual([1, 2]);
  });

  test('a branch that nobody need act in makes room at once', () => {
    const skipped = approve('b', [applicant], { selfApproval: 'skip' });
    const matter = play(
      plainDefinition([limited(parallel('p', [approve('a', [headA])], [skipped], [approve('c', [reviewer])]), { atMost: 1 })]),
    );
    expect(matter.when(headA, 'agree').open).toEqual(['c']);
    expect(matter.when(reviewer, 'agree').outcome).toBe('completed');
  });

  test('a branch left out takes nobody’s place', () => {
    const some: Step = {
      kind: 'parallel',
      id: 'p',
      name: '会签',
      atMost: 1,
      branches: [
        { says: '财务', when: ({ form }) => form.money === true, steps: [approve('a', [headA])] },
        { says: '法律', steps: [approve('b', [headB])] },
        { says: '审计', steps: [approve('c', [reviewer])] },
      ],
    };
    expect(play(plainDefinition([some])).open).toEqual(['b']);
  });

  test('of two hundred units ten at a time', () => {
    const items = Array.from({ length: 200 }, (_, at) => `x-${at}`);
    const each = plainDefinition([limited(forEach('f', handle('h', [headA])), { atMost: 10 }), approve('last', [director])]);
    const matter = play(each, { form: { items } });
    for (let done = 0; done < 15; done += 1) {
      expect(matter.open).toHaveLength(10);
      matter.when(headA, 'complete', { step: matter.open[done % 10] ?? '', output: {} });
    }
    expect(matter.of('BranchEntered').map(({ facts }) => facts.branch)).toEqual(Array.from({ length: 15 }, (_, at) => 10 + at));
  });

  test('a return within one keeps the others waiting', () => {
    const two = plainDefinition([
      limited(parallel('p', [approve('a', [headA]), approve('b', [headB])], [approve('c', [reviewer])]), { atMost: 1 }),
    ]);
    const matter = play(two).when(headA, 'agree').when(headB, 'return', { to: 'a' });
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headA, 'agree').when(headB, 'agree').open).toEqual(['c']);
    expect(matter.when(reviewer, 'agree').outcome).toBe('completed');
  });

  test('going back into it after it was left does only that branch again', () => {
    const matter = play(inTurn).when(headA, 'agree').when(headB, 'agree').when(reviewer, 'agree');
    matter.when(director, 'return', { to: 'b' });
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['last']);
  });

  test('going back before it begins it anew', () => {
    const before = plainDefinition([approve('first', [clerk]), ...inTurn.steps]);
    const matter = play(before).when(clerk, 'agree').when(headA, 'agree').when(headB, 'return', { to: 'first' });
    expect([matter.open, matter.matter.blocks]).toEqual([['first'], {}]);
    expect(matter.when(clerk, 'agree').open).toEqual(['a']);
  });
});

describe('so many branches are enough', () => {
  const two = plainDefinition([
    limited(parallel('p', [approve('a', [headA])], [approve('b', [headB])], [approve('c', [reviewer])]), { needed: 2 }),
    approve('last', [director]),
  ]);

  test('what is left is ended and the matter goes on', () => {
    const matter = play(two);
    expect(matter.open).toEqual(['a', 'b', 'c']);
    matter.when(reviewer, 'agree').when(headA, 'agree');
    expect(matter.open).toEqual(['last']);
    expect(matter.of('StepClosed').map(({ facts }) => [facts.visit, facts.outcome])).toEqual([
      ['c', 'agreed'],
      ['a', 'agreed'],
      ['b', 'canceled'],
    ]);
    expect(matter.of('BlockClosed').map(({ facts }) => facts)).toEqual([{ block: 'p', canceled: false }]);
    expect(matter.matter.visits.b?.superseded).toBe(false);
  });

  test('more than there are means all that take part', () => {
    const some: Step = {
      kind: 'parallel',
      id: 'p',
      name: '会签',
      needed: 2,
      branches: [
        { says: '财务', when: ({ form }) => form.money === true, steps: [approve('a', [headA])] },
        { says: '法律', steps: [approve('b', [headB])] },
      ],
    };
    const matter = play(plainDefinition([some, approve('last', [director])]));
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['last']);
  });

  test('enough at once leaves the others unentered', () => {
    const skipped = approve('a', [applicant], { selfApproval: 'skip' });
    const first = plainDefinition([
      limited(parallel('p', [skipped], [approve('b', [headB])]), { needed: 1 }),
      approve('last', [director]),
    ]);
    expect(play(first).open).toEqual(['last']);
  });

  test('waits, inner blocks and bookings of what is left end with it', () => {
    const deep = plainDefinition([
      limited(
        parallel(
          'p',
          [approve('a', [headA])],
          [effect('e', booking), parallel('q', [wait('w', '5 workdays')], [approve('b', [headB])]), approve('c', [reviewer])],
        ),
        { needed: 1 },
      ),
      approve('last', [director]),
    ]);
    const matter = play(deep);
    expect([matter.open, Object.keys(matter.matter.waits), Object.keys(matter.matter.effects)]).toEqual([
      ['a', 'b'],
      ['w'],
      ['e'],
    ]);
    matter.when(headA, 'agree');
    expect([matter.open, matter.matter.waits, matter.matter.effects]).toEqual([['last'], {}, {}]);
    expect(matter.of('WaitEnded').map(({ facts }) => facts.because)).toEqual(['block-closed']);
    expect(matter.of('BlockClosed').map(({ facts }) => facts.block)).toEqual(['q', 'p']);
  });

  test('what lies with the applicant straight back from a branch ends too, and the clock goes on', () => {
    const matter = play(two).when(headA, 'return', { to: 'applicant', next: 'back' });
    expect(matter.matter.suspensions.some((stop) => stop.to === null)).toBe(true);
    matter.when(headB, 'agree').when(reviewer, 'agree');
    expect(matter.open).toEqual(['last']);
    expect(matter.matter.suspensions.every((stop) => stop.to !== null)).toBe(true);
  });

  test('somebody may go back into a branch, done or ended half way, and only that is done again', () => {
    const half = plainDefinition([
      limited(
        parallel(
          'p',
          [approve('a', [headA])],
          [parallel('q', [approve('b', [headB]), approve('c', [reviewer])], [approve('d', [clerk])])],
        ),
        { needed: 1 },
      ),
      approve('last', [director]),
    ]);
    const matter = play(half).when(headB, 'agree').when(headA, 'agree');
    expect(matter.open).toEqual(['last']);
    matter.when(director, 'return', { to: 'b' });
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').when(reviewer, 'agree').open).toEqual(['last']);
    matter.when(director, 'return', { to: 'a' });
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headA, 'agree').when(director, 'agree').outcome).toBe('completed');
  });

  test('with both: two of four, one at a time', () => {
    const lists = [headA, headB, reviewer, clerk].map((who, at) => [approve(`s${at}`, [who])]);
    const matter = play(
      plainDefinition([limited(parallel('p', ...lists), { needed: 2, atMost: 1 }), approve('last', [director])]),
    );
    expect(matter.when(headA, 'agree').open).toEqual(['s1']);
    expect(matter.when(headB, 'agree').open).toEqual(['last']);
    matter.when(director, 'return', { to: 's0' });
    expect(matter.open).toEqual(['s0']);
    expect(matter.when(headA, 'agree').open).toEqual(['last']);
  });

  test('a disagreement ends the matter though others would be enough', () => {
    expect(play(two).when(headA, 'disagree').outcome).toBe('rejected');
  });

  test('of two hundred units fifteen', () => {
    const items = Array.from({ length: 200 }, (_, at) => `x-${at}`);
    const each = plainDefinition([limited(forEach('f', handle('h', [headA])), { needed: 15 }), approve('last', [director])]);
    const matter = play(each, { form: { items } });
    for (let done = 0; done < 14; done += 1) matter.when(headA, 'complete', { step: `h@${199 - done}`, output: {} });
    expect(matter.open).toHaveLength(186);
    expect(matter.when(headA, 'complete', { step: 'h@0', output: {} }).open).toEqual(['last']);
    expect(matter.of('TaskClosed')).toHaveLength(185);
  });

  test('each item is its own: a unit without a head keeps nobody waiting', () => {
    const each = plainDefinition([limited(forEach('f', handle('h', [item])), { needed: 1 }), approve('last', [director])]);
    const matter = play(each, { form: { items: ['u-vacant', 'u-a'] } });
    expect(matter.when(headA, 'complete', { output: {} }).open).toEqual(['last']);
  });
});

import { describe, expect, test } from 'vitest';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, archiving, choose, effect, forEach, handle, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer, director, administrator } = cast;

describe('a choice 分支', () => {
  const sized = plainDefinition([
    choose('size', ({ form }) => Number(form.amount) > 100, [approve('big', [director])], [approve('small', [headA])]),
    approve('last', [headB]),
  ]);

  test.each([
    [101, 'big', '符合条件', 0],
    [100, 'small', '其他情形', 1],
  ])('an amount of %i goes to %s, and the record says why', (amount, step, says, branch) => {
    const matter = play(sized, { form: { amount } });
    expect(matter.open).toEqual([step]);
    expect(matter.of('BranchChosen')[0]?.facts).toMatchObject({ says, branch });
  });

  test('with nothing to choose goes on', () => {
    const nothing = plainDefinition([choose('c', () => false, [approve('a', [headA])]), approve('b', [headB])]);
    expect(play(nothing).open).toEqual(['b']);
  });

  test('sees the outputs of earlier steps', () => {
    const seen = plainDefinition([
      handle('h', [headA]),
      choose('c', ({ outputs }) => outputs.h?.ok === true, [approve('yes', [headB])], [approve('no', [director])]),
    ]);
    expect(play(seen).when(headA, 'complete', { output: { ok: true } }).open).toEqual(['yes']);
    expect(play(seen).when(headA, 'complete', { output: { ok: false } }).open).toEqual(['no']);
  });
});

describe('branches at once 并行', () => {
  test('the matter goes on when all are done, in any order', () => {
    const three = plainDefinition([
      parallel('p', [approve('a', [headA])], [approve('b', [headB])], [approve('c', [reviewer])]),
      approve('last', [director]),
    ]);
    const matter = play(three).when(reviewer, 'agree').when(headA, 'agree');
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['last']);
    expect(matter.of('BlockClosed')).toHaveLength(1);
  });

  test('a branch whose condition does not hold is left out', () => {
    const some = plainDefinition([
      {
        kind: 'parallel',
        id: 'p',
        name: '会签',
        branches: [
          { says: '财务', when: ({ form }) => form.money === true, steps: [approve('a', [headA])] },
          { says: '法律', steps: [approve('b', [headB])] },
        ],
      },
    ]);
    expect(play(some, { form: { money: true } }).open).toEqual(['a', 'b']);
    expect(play(some, { form: {} }).open).toEqual(['b']);
    expect(play(some, { form: {} }).when(headB, 'agree').outcome).toBe('completed');
  });

  test('with every branch left out or passed over it goes on at once', () => {
    const skipped = (id: string) => approve(id, [cast.applicant], { selfApproval: 'skip' });
    const both = plainDefinition([parallel('p', [skipped('a')], [skipped('b')]), approve('last', [director])]);
    const matter = play(both);
    expect(matter.open).toEqual(['last']);
    expect(matter.of('BlockClosed')).toHaveLength(1);
  });

  test('nested ones close from the inside', () => {
    const nested = plainDefinition([
      parallel('p', [parallel('q', [approve('a', [headA])], [approve('b', [headB])])], [approve('c', [reviewer])]),
    ]);
    const matter = play(nested).when(reviewer, 'agree').when(headA, 'agree');
    expect(matter.outcome).toBeNull();
    expect(matter.when(headB, 'agree').outcome).toBe('completed');
    expect(matter.of('BlockClosed').map(({ facts }) => facts.block)).toEqual(['q', 'p']);
  });

  test('a disagreement in one ends all', () => {
    const two = plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])])]);
    const matter = play(two).when(headA, 'disagree');
    expect(matter.outcome).toBe('rejected');
    expect(matter.of('TaskClosed').map(({ facts }) => facts.because)).toEqual(['matter-ended']);
  });
});

describe('each of many 逐个', () => {
  const item = { kind: 'item', says: '该单位负责人' } as const;
  const each = plainDefinition([forEach('f', handle('h', [item]), approve('c', [director])), approve('last', [reviewer])]);

  test('each unit has its own steps and people, and the matter waits for all', () => {
    const matter = play(each, { form: { items: ['u-a', 'u-b'] } });
    expect([matter.seats('h@0'), matter.seats('h@1')]).toEqual([[[headA]], [[headB]]]);
    matter.when(headB, 'complete', { output: { done: 'b' } });
    expect(matter.open).toEqual(['h@0', 'c@1']);
    matter.when(headA, 'complete', { output: { done: 'a' } }).when(director, 'agree', { step: 'c@1' });
    expect(matter.when(director, 'agree').open).toEqual(['last']);
    expect(matter.matter.outputs).toEqual({ 'h@1': { done: 'b' }, 'h@0': { done: 'a' } });
  });

  test('a unit without a head goes to the administrator; the others do not wait for it', () => {
    const matter = play(each, { form: { items: ['u-vacant', 'u-a'] } });
    expect([matter.seats('h@0'), matter.seats('h@1')]).toEqual([[[administrator]], [[headA]]]);
  });

  test('nothing to go over is done at once', () => {
    expect(play(each, { form: { items: [] } }).open).toEqual(['last']);
  });

  test('an item that is named twice comes once', () => {
    expect(play(each, { form: { items: ['u-a', 'u-a'] } }).open).toEqual(['h@0']);
  });

  test('over people each acts themselves', () => {
    expect(play(each, { form: { items: [reviewer] } }).seats('h@0')).toEqual([[reviewer]]);
  });

  test('more than 200 items are refused and nothing is accepted', () => {
    const many = Array.from({ length: 201 }, (_, at) => `u-${at}`);
    const start = () => play(each, { form: { items: many } });
    expect(start).toThrow('涉及201个单位或人员,最多200个');
    const small = play(plainDefinition([approve('a', [headA]), forEach('f', handle('h', [item]))]), { form: { items: many } });
    expect(small.refused(headA, 'agree')?.code).toBe('bad-input');
    expect(small.open).toEqual(['a']);
  });

  test('inside it outputs are those of the same item; outside, each gives all in order', () => {
    const said: unknown[] = [];
    const look = plainDefinition([
      forEach(
        'f',
        handle('h', [item]),
        choose('c', ({ outputs }) => outputs.h?.ok === true, [approve('yes', [reviewer])]),
      ),
      choose('all', ({ each: all }) => said.push(all('h')) > 0, [approve('last', [director])]),
    ]);
    const matter = play(look, { form: { items: ['u-a', 'u-b'] } });
    matter.when(headB, 'complete', { output: { ok: true } });
    expect(matter.open).toEqual(['h@0', 'yes@1']);
    matter.when(headA, 'complete', { output: { ok: false } }).when(reviewer, 'agree');
    expect(said.at(-1)).toEqual([
      { item: 'u-a', output: { ok: false } },
      { item: 'u-b', output: { ok: true } },
    ]);
  });
});

describe('archiving 归档', () => {
  test('a matter that ends is archived once, by its own step or by its end', () => {
    const own = plainDefinition([approve('a', [headA]), effect('file', archiving)]);
    expect(
      play(own)
        .when(headA, 'agree')
        .of('EffectDone')
        .map(({ facts }) => facts.step),
    ).toEqual(['file']);
    const byEnd = plainDefinition([approve('a', [headA])]);
    expect(
      play(byEnd)
        .when(headA, 'agree')
        .of('EffectDone')
        .map(({ facts }) => facts.step),
    ).toEqual(['(end)']);
    expect(
      play(byEnd)
        .when(headA, 'disagree')
        .of('EffectDone')
        .map(({ facts }) => facts.step),
    ).toEqual(['(end)']);
  });

  test('going over the archiving step again makes no second entry', () => {
    const before = plainDefinition([approve('a', [headA]), effect('file', archiving), approve('b', [headB])]);
    const matter = play(before).when(headA, 'agree').when(headB, 'return', { to: 'a' }).when(headA, 'agree').when(headB, 'agree');
    expect(matter.of('EffectDone')).toHaveLength(1);
  });

  test('a matter taken back leaves none', () => {
    const matter = play(plainDefinition([approve('a', [headA])]));
    expect(matter.command(cast.applicant, { type: 'withdraw', reason: '不办了' })).toBeNull();
    expect([matter.outcome, matter.matter.ending?.text, matter.of('EffectDone')]).toEqual(['withdrawn', '申请人撤回:不办了', []]);
  });
});

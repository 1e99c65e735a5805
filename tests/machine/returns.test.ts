import { describe, expect, test } from 'vitest';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { returnTargets } from '../../workflows/machine/round/return.ts';
import { type Play, play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, booking, choose, effect, forEach, handle, parallel, read } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, vice } = cast;

/** a → b → c, each of somebody else. */
const row = plainDefinition([handle('a', [headA]), approve('b', [headB]), approve('c', [director])]);
const atC = (): Play =>
  play(row)
    .when(headA, 'complete', { output: { n: 1 } })
    .when(headB, 'agree');

describe('a return with replay', () => {
  test('to the applicant sets everything aside and begins anew after the correction', () => {
    const matter = atC().when(director, 'return', { opinion: '材料不全' });
    expect(matter.open).toEqual(['applicant']);
    expect(matter.matter.outputs).toEqual({});
    expect(matter.of('MatterReturned')[0]?.facts).toMatchObject({
      from: 'c',
      to: 'applicant',
      next: 'replay',
      reason: '材料不全',
      by: 'director',
      superseded: ['a', 'b', 'c'],
    });
    matter.when(applicant, 'complete', { output: { copies: 3 } });
    expect(matter.open).toEqual(['a']);
    expect(matter.matter.visits.a?.round).toBe(2);
    expect(matter.of('FormCorrected')[0]?.facts.changed).toEqual(['copies']);
  });

  test('to an earlier step does everything since then again', () => {
    const matter = atC().when(director, 'return', { to: 'a' });
    expect(matter.open).toEqual(['a']);
    matter.when(headA, 'complete', { output: { n: 2 } });
    expect(matter.open).toEqual(['b']);
    expect(matter.matter.visits.b?.decisions).toEqual([]);
    matter.when(headB, 'agree').when(director, 'agree');
    expect(matter.outcome).toBe('completed');
    expect(matter.matter.outputs).toEqual({ a: { n: 2 } });
  });

  test('to the previous step is the one before it', () => {
    expect(atC().when(director, 'return', { to: 'previous' }).open).toEqual(['b']);
  });

  test('takes back what was booked since', () => {
    const booked = plainDefinition([approve('a', [headA]), effect('book', booking), approve('b', [headB])]);
    const matter = play(booked).when(headA, 'agree').when(headB, 'return', { to: 'a' });
    expect(matter.of('EffectUndone').map(({ facts }) => facts.step)).toEqual(['book']);
    expect(matter.when(headA, 'agree').of('EffectDone')).toHaveLength(2);
  });

  test('to a step that is now the applicant’s own goes on behind it', () => {
    const own = plainDefinition([
      {
        ...approve('a', [], { selfApproval: 'skip' }),
        assignees: { kind: 'person', says: '表中人员', person: ({ form }) => String(form.who) },
      } as ReturnType<typeof approve>,
      approve('b', [headB]),
    ]);
    const matter = play(own, { form: { who: headA } })
      .when(headA, 'agree')
      .when(headB, 'return');
    matter.when(applicant, 'complete', { output: { who: applicant } });
    expect(matter.open).toEqual(['b']);
  });
});

describe('a return straight back', () => {
  test('to an earlier step visits it alone and comes back to who returned', () => {
    const matter = atC().when(director, 'return', { to: 'a', next: 'back' });
    expect(matter.open).toEqual(['a!c']);
    matter.when(headA, 'complete', { output: { n: 1 } });
    expect(matter.open).toEqual(['c']);
    expect(matter.matter.outputs).toEqual({ a: { n: 1 } });
    expect(matter.matter.visits.b?.superseded).toBe(false);
    expect([matter.matter.visits.c?.round, matter.matter.rounds.a]).toEqual([2, 2]);
  });

  test('to the applicant comes back to who returned when the form was left as it is', () => {
    const files = { 'file-1': { id: 'file-1', name: '补充', type: 'application/pdf', size: 1 } };
    const matter = play(row, { world: { files } }).when(headA, 'complete').when(headB, 'agree');
    matter.when(director, 'return', { next: 'back' }).when(applicant, 'complete', { attachments: ['file-1'] });
    expect(matter.open).toEqual(['c']);
    expect(matter.matter.attachments).toEqual(['file-1']);
    expect(matter.of('DetourReplayed')).toEqual([]);
  });

  test('may itself be returned, and unwinds step by step', () => {
    const matter = atC().when(director, 'return', { to: 'b', next: 'back' }).when(headB, 'return', { to: 'a', next: 'back' });
    expect(matter.open).toEqual(['a!b!c']);
    expect(matter.when(headA, 'complete', { output: { n: 1 } }).open).toEqual(['b!c']);
    expect(matter.when(headB, 'agree').open).toEqual(['c']);
  });

  test('that is then returned with replay forgets where it came from', () => {
    const matter = atC().when(director, 'return', { to: 'b', next: 'back' }).when(headB, 'return', { to: 'a' });
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headA, 'complete').open).toEqual(['b']);
  });

  test('what is decided on the way counts for the step itself', () => {
    const matter = atC().when(director, 'return', { to: 'b', next: 'back' }).when(headB, 'agree', { opinion: '再次同意' });
    expect(matter.matter.visits.b?.decisions.map((one) => one.opinion)).toEqual(['意见', '再次同意']);
  });

  test('on the way a disagreement still ends the matter', () => {
    expect(atC().when(director, 'return', { to: 'b', next: 'back' }).when(headB, 'disagree').outcome).toBe('rejected');
  });
});

describe('where a return may go', () => {
  const targets = (matter: Play, person: string, definition = row): string[] =>
    returnTargets(definition, matter.matter, matter.taskOf(person)).map(({ key }) => key);

  test('to the applicant and every step done before', () => {
    expect(targets(play(row), headA)).toEqual(['applicant']);
    expect(targets(atC(), director)).toEqual(['applicant', 'a', 'b']);
  });

  test.each([
    ['none', []],
    ['applicant', ['applicant']],
    [['a'], ['a']],
    [
      ['applicant', 'b'],
      ['applicant', 'b'],
    ],
  ])('as returnTo says: %j', (returnTo, expected) => {
    const steps = [approve('a', [headA]), approve('b', [headB]), approve('c', [director], { returnTo: returnTo as 'none' })];
    const definition = plainDefinition(steps);
    const matter = play(definition).when(headA, 'agree').when(headB, 'agree');
    expect(targets(matter, director, definition)).toEqual(expected);
    if (expected.length === 0) expect(matter.refused(director, 'return')?.code).toBe('action-not-offered');
  });

  test('not to a step ahead, to itself, to nowhere, or without saying where', () => {
    const matter = play(row).when(headA, 'complete');
    for (const to of ['b', 'c', 'nowhere', 'constructor', '']) {
      expect(matter.refused(headB, 'return', { to })?.faults.map(({ path }) => path)).toEqual(['/to']);
    }
  });

  test('not to a step that a later return set aside', () => {
    const definition = plainDefinition([
      choose('x', ({ form }) => form.first === true, [approve('a', [headA])]),
      approve('b', [headB]),
    ]);
    const matter = play(definition, { form: { first: true } })
      .when(headA, 'agree')
      .when(headB, 'return');
    matter.when(applicant, 'complete', { output: { first: false } });
    expect(targets(matter, headB, definition)).toEqual(['applicant']);
  });

  test(`no more than ${COMMAND_LIMITS.roundsPerStep} times to one step`, () => {
    const matter = play(row).when(headA, 'complete');
    for (let round = 1; round < COMMAND_LIMITS.roundsPerStep; round += 1) {
      matter.when(headB, 'return', { to: 'a' }).when(headA, 'complete');
    }
    expect(matter.refused(headB, 'return', { to: 'a' })?.code).toBe('too-many-rounds');
    expect(matter.when(headB, 'agree').open).toEqual(['c']);
  });

  test('where several steps came just before, “previous” names none of them, and each is told', () => {
    const joined = plainDefinition([
      parallel('p', [approve('a', [headA])], [approve('b', [headB]), approve('b2', [headB])]),
      approve('c', [director]),
    ]);
    const matter = play(joined).when(headA, 'agree').when(headB, 'agree').when(headB, 'agree');
    const refusal = matter.refused(director, 'return', { to: 'previous' });
    expect(refusal?.faults).toEqual([{ path: '/to', message: '符合的环节不止一个,请从中选定:审批a、审批b2' }]);
  });

  test('“previous” at the first step is the applicant', () => {
    expect(play(row).when(headA, 'return', { to: 'previous' }).open).toEqual(['applicant']);
  });

  test('everything that is wrong with a return is told at once, with the places it may go to', () => {
    const refusal = atC().refused(director, 'return', { to: 'nowhere', opinion: ' ', attachments: ['file-9'] });
    expect(refusal?.faults).toEqual([
      { path: '/opinion', message: '退回必须写明理由' },
      { path: '/attachments/0', message: expect.any(String) },
      { path: '/to', message: '不能退回到所选环节,只能退回到:申请人、办理a、审批b' },
    ]);
  });

  test('to the applicant no oftener than the definition says', () => {
    const once = { ...row, correctionsMax: 1 };
    const matter = play(once).when(headA, 'return').when(applicant, 'complete').when(headA, 'complete');
    expect(targets(matter, headB, once)).toEqual(['a']);
  });

  test('a reader returns nothing', () => {
    const definition = plainDefinition([approve('a', [headA]), read('r', [headB])]);
    expect(targets(play(definition).when(headA, 'agree'), headB, definition)).toEqual([]);
  });
});

describe('returns out of, within and into branches', () => {
  const beside = plainDefinition([
    approve('first', [vice]),
    parallel('p', [approve('a', [headA]), approve('b', [headB])], [approve('c', [reviewer])]),
    approve('last', [director]),
  ]);
  const inside = (): Play => play(beside).when(vice, 'agree');

  test('out of one branch with replay closes the others and sends all through again', () => {
    const matter = inside().when(reviewer, 'agree').when(headA, 'return', { to: 'first' });
    expect(matter.open).toEqual(['first']);
    expect(matter.when(vice, 'agree').open).toEqual(['a', 'c']);
  });

  test('out of one branch straight back leaves the others alone', () => {
    const matter = inside().when(headA, 'return', { to: 'first', next: 'back' });
    expect(matter.open).toEqual(['c', 'first!a']);
    matter.when(reviewer, 'agree').when(vice, 'agree');
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headA, 'agree').when(headB, 'agree').open).toEqual(['last']);
  });

  test('two branches may be straight back with the same step at once', () => {
    const matter = inside()
      .when(headA, 'return', { to: 'first', next: 'back' })
      .when(reviewer, 'return', { to: 'first', next: 'back' });
    expect(matter.open).toEqual(['first!a', 'first!c']);
    matter.when(vice, 'agree', { step: 'first!c' });
    expect(matter.open).toEqual(['first!a', 'c']);
  });

  test('a return with replay from beside overtakes one that is straight back', () => {
    const matter = inside().when(headA, 'return', { to: 'first', next: 'back' }).when(reviewer, 'return', { to: 'first' });
    expect(matter.open).toEqual(['first']);
    expect(matter.when(vice, 'agree').open).toEqual(['a', 'c']);
  });

  test('a disagreement beside one that is straight back ends all', () => {
    const matter = inside().when(headA, 'return', { next: 'back' }).when(reviewer, 'disagree');
    expect([matter.outcome, matter.open]).toEqual(['rejected', []]);
  });

  test('within a branch concerns that branch only', () => {
    const matter = inside().when(headA, 'agree').when(headB, 'return', { to: 'a' });
    expect(matter.open).toEqual(['c', 'a']);
  });

  test('into a branch that was left goes through that branch again, and no other', () => {
    const matter = inside().when(headA, 'agree').when(headB, 'agree').when(reviewer, 'agree');
    matter.when(director, 'return', { to: 'b' });
    expect(matter.open).toEqual(['b']);
    expect(matter.when(headB, 'agree').open).toEqual(['last']);
    expect(matter.matter.visits.c?.round).toBe(1);
  });

  const loop = plainDefinition([
    approve('first', [vice]),
    forEach('f', parallel('p', [handle('a', [headA]), approve('b', [headB])], [approve('c', [reviewer])])),
    approve('last', [director]),
  ]);
  const looped = (): Play => play(loop, { form: { items: ['u-a', 'u-b'] } }).when(vice, 'agree');

  test('out of a parallel inside a forEach, straight back, comes back to the same item', () => {
    const matter = looped().when(headA, 'return', { step: 'a@1', to: 'first', next: 'back' });
    expect(matter.open).toEqual(['a@0', 'c@0', 'c@1', 'first!a@1']);
    expect(matter.when(vice, 'agree').open).toEqual(['a@0', 'c@0', 'c@1', 'a@1']);
  });

  test('into one item from behind opens that item again, and no other', () => {
    const matter = looped();
    for (const item of [0, 1]) {
      matter.when(headA, 'complete', { step: `a@${item}`, output: { n: item } });
      matter.when(headB, 'agree', { step: `b@${item}` }).when(reviewer, 'agree', { step: `c@${item}` });
    }
    expect(matter.open).toEqual(['last']);
    matter.when(director, 'return', { to: 'a@1' });
    expect(matter.open).toEqual(['a@1']);
    expect(matter.matter.outputs).toEqual({ 'a@0': { n: 0 } });
    matter.when(headA, 'complete', { output: { n: 9 } }).when(headB, 'agree');
    expect(matter.open).toEqual(['last']);
    expect(matter.matter.outputs).toEqual({ 'a@0': { n: 0 }, 'a@1': { n: 9 } });
  });

  test('a bare step id that several items have names none of them', () => {
    const matter = looped();
    for (const item of [0, 1]) {
      matter.when(headA, 'complete', { step: `a@${item}` });
      matter.when(headB, 'agree', { step: `b@${item}` }).when(reviewer, 'agree', { step: `c@${item}` });
    }
    expect(matter.refused(director, 'return', { to: 'a' })?.code).toBe('bad-input');
  });

  test('within an item a bare step id is that of the item', () => {
    const matter = looped().when(headA, 'complete', { step: 'a@1' }).when(headB, 'return', { to: 'a' });
    expect(matter.open).toEqual(['a@0', 'c@0', 'c@1', 'a@1']);
  });

  test('a correction that names fewer items leaves no trace of the others', () => {
    const matter = looped()
      .when(headA, 'complete', { step: 'a@1', output: { n: 1 } })
      .when(reviewer, 'return', { step: 'c@0' });
    matter.when(applicant, 'complete', { output: { items: ['u-b'] } }).when(vice, 'agree');
    expect(matter.open).toEqual(['a@0', 'c@0']);
    expect(matter.matter.blocks.f?.items).toEqual(['u-b']);
    expect(matter.matter.outputs).toEqual({});
  });
});

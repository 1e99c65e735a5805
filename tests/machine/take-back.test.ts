/** Goal: an act is taken back 取回 exactly until somebody has acted after it, and then everything stands as if it had not been. */
import { describe, expect, test } from 'vitest';
import { takeBacksOf } from '../../workflows/machine/round/take-back.ts';
import { type Play, play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, archiving, booking, effect, forEach, handle, parallel, read } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, vice } = cast;
/** Takes back what somebody did first, second …, counted from the beginning. */
const lastOf = (matter: Play, person: string): string =>
  matter.of('TaskActed').findLast(({ facts }) => facts.decision.person === person)?.facts.task ?? '';
const takeBack = (matter: Play, person: string): Play => matter.when(person, 'takeBack', { task: lastOf(matter, person) });
const refusedBack = (matter: Play, person: string) => matter.refused(person, 'takeBack', { task: lastOf(matter, person) });

describe('while the step is still open', () => {
  const both = plainDefinition([approve('a', [headA, headB], { mode: 'all' }), approve('b', [director])]);

  test('the seat is free again, and its holder decides anew', () => {
    const matter = takeBack(play(both).when(headA, 'agree'), headA);
    expect(matter.seats('a')).toEqual([[headB], [headA]]);
    expect(matter.matter.visits.a?.decisions).toEqual([]);
    expect(matter.when(headA, 'disagree').outcome).toBe('rejected');
  });

  test('a vote against is no vote any more', () => {
    const vote = plainDefinition([approve('a', [headA, headB, reviewer], { mode: { count: 2 } })]);
    const matter = takeBack(play(vote).when(headA, 'disagree'), headA).when(headA, 'agree').when(headB, 'agree');
    expect(matter.outcome).toBe('completed');
  });

  test('in order, not when the next has acted; until then their turn goes', () => {
    const ordered = plainDefinition([approve('a', [headA, headB, reviewer], { mode: 'order' })]);
    const matter = play(ordered).when(headA, 'agree');
    takeBack(matter, headA);
    expect(matter.seats('a')).toEqual([[headA]]);
    matter.when(headA, 'agree').when(headB, 'agree');
    expect(refusedBack(matter, headA)).toMatchObject({ code: 'too-late', message: '其后已有人办理,不能取回;可请其退回' });
  });

  test('a signer before takes back until the holder acts, who waits again', () => {
    const matter = play(both)
      .when(headA, 'addSigners', { people: [reviewer] })
      .when(reviewer, 'agree');
    takeBack(matter, reviewer);
    expect(matter.taskOf(headA).waiting).toBe(true);
    matter.when(reviewer, 'agree').when(headA, 'agree');
    expect(refusedBack(matter, reviewer)?.code).toBe('too-late');
  });

  test('an agreement with signers after it, until one of them has signed', () => {
    const matter = play(both)
      .when(headA, 'addSigners', { people: [reviewer, vice], position: 'after' })
      .when(headA, 'agree');
    takeBack(matter, headA);
    expect(matter.seats('a')).toEqual([[headB], [headA]]);
    matter.when(headA, 'agree').when(vice, 'agree');
    expect(refusedBack(matter, headA)?.code).toBe('too-late');
  });

  test('of several handlers the output of the others stands', () => {
    const handled = plainDefinition([handle('h', [headA, headB, reviewer], { mode: 'all' })]);
    const matter = play(handled)
      .when(headA, 'complete', { output: { n: 1 } })
      .when(headB, 'complete', { output: { n: 2 } });
    takeBack(matter, headB);
    expect(matter.matter.outputs).toEqual({ h: { n: 1 } });
    takeBack(matter, headA);
    expect(matter.matter.outputs).toEqual({});
  });
});

describe('when the step was closed by it', () => {
  const row = plainDefinition([handle('a', [headA]), approve('b', [headB], { mode: 'all' }), approve('c', [director])]);

  test('what follows is closed, and a new round goes on with the old due date', () => {
    const matter = play(row);
    const { due } = matter.taskOf(headA);
    matter.at('2026-03-02T15:00:00+08:00').when(headA, 'complete', { output: { n: 1 } });
    takeBack(matter, headA);
    expect([matter.open, matter.matter.outputs]).toEqual([['a'], {}]);
    expect(matter.taskOf(headA)).toMatchObject({ due, round: 2 });
    expect(matter.matter.visits.b?.superseded).toBe(true);
    expect(matter.when(headA, 'complete').when(headB, 'agree').open).toEqual(['c']);
  });

  test('what the others had decided stands', () => {
    const both = plainDefinition([approve('a', [headA, headB, reviewer], { mode: 'all' }), approve('b', [director])]);
    const matter = play(both).when(headA, 'agree', { opinion: '同意一' }).when(headB, 'agree').when(reviewer, 'agree');
    takeBack(matter, headA);
    expect([matter.open, matter.seats('a')]).toEqual([['a'], [[headA]]]);
    expect(matter.matter.visits.a?.decisions.map((one) => one.person)).toEqual([headB, reviewer]);
    expect(matter.when(headA, 'agree').open).toEqual(['b']);
  });

  test('not when somebody has acted in what follows, nor when they have claimed it or added to it', () => {
    const two = plainDefinition([approve('a', [headA]), approve('b', [headB, vice]), approve('c', [director])]);
    const at = (): Play => play(two).when(headA, 'agree');
    expect(refusedBack(at().when(headB, 'agree'), headA)?.code).toBe('too-late');
    expect(refusedBack(at().when(headB, 'claim'), headA)?.code).toBe('too-late');
    expect(refusedBack(at().when(headB, 'delegate', { to: reviewer }), headA)?.code).toBe('too-late');
    expect(refusedBack(at().when(headB, 'transfer', { to: reviewer }), headA)?.code).toBe('too-late');
    expect(refusedBack(at().when(headB, 'consult', { people: [reviewer] }), headA)?.code).toBe('too-late');
    expect(refusedBack(at(), headA)).toBeNull();
  });

  test('a booking is given back, an archiving is not to be undone', () => {
    const booked = plainDefinition([approve('a', [headA]), effect('book', booking), approve('b', [headB])]);
    expect(takeBack(play(booked).when(headA, 'agree'), headA).of('EffectUndone')).toHaveLength(1);
    const archived = plainDefinition([approve('a', [headA]), effect('file', archiving), approve('b', [headB])]);
    expect(refusedBack(play(archived).when(headA, 'agree'), headA)?.message).toContain('归档');
  });

  test('in a branch, before and after the branches were joined', () => {
    const beside = plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])]), approve('c', [director])]);
    const waiting = takeBack(play(beside).when(headA, 'agree'), headA);
    expect(waiting.open).toEqual(['b', 'a']);
    const joined = takeBack(play(beside).when(headA, 'agree').when(headB, 'agree'), headA);
    expect(joined.open).toEqual(['a']);
    expect(joined.when(headA, 'agree').open).toEqual(['c']);
  });

  test('within one item of a forEach', () => {
    const each = plainDefinition([forEach('f', handle('a', [headA]), approve('b', [headB]))]);
    const matter = play(each, { form: { items: ['u-a', 'u-b'] } }).when(headA, 'complete', { step: 'a@1', output: { n: 1 } });
    takeBack(matter, headA);
    expect([matter.open, matter.matter.outputs]).toEqual([['a@0', 'a@1'], {}]);
  });

  test('the last act ends the matter, and that is final', () => {
    const matter = play(row).when(headA, 'complete').when(headB, 'agree').when(director, 'agree');
    expect(refusedBack(matter, director)?.code).toBe('matter-ended');
  });

  test('not after the step was gone through anew', () => {
    const matter = play(row).when(headA, 'complete', { output: { n: 1 } });
    const first = lastOf(matter, headA);
    matter.when(headB, 'return', { to: 'a', next: 'back' }).when(headA, 'complete', { output: { n: 1 } });
    expect(matter.refused(headA, 'takeBack', { task: first })?.message).toBe('该环节已重新办理,不能取回');
  });
});

describe('a hand-over 转办', () => {
  const single = plainDefinition([approve('a', [headA, vice]), approve('b', [director])]);
  const given = (): Play => play(single).when(headA, 'transfer', { to: headB });
  const back = (matter: Play) => matter.refused(headA, 'takeBack', { task: 'm1-1' });

  test('comes back, with everybody who had it, while the receiver has done nothing', () => {
    const matter = given();
    expect(back(matter)).toBeNull();
    expect(matter.seats('a')).toEqual([[headA, vice]]);
    expect(matter.refused(headB, 'agree', { task: 'm1-2' })?.code).toBe('task-closed');
  });

  test('not when they have acted, handed it on or added signers', () => {
    expect(back(given().when(headB, 'agree'))?.code).toBe('too-late');
    expect(back(given().when(headB, 'addSigners', { people: [reviewer] }))?.code).toBe('too-late');
    expect(back(given().when(headB, 'transfer', { to: reviewer }))?.code).not.toBeUndefined();
  });
});

describe('who may take back, and what', () => {
  const row = plainDefinition([approve('a', [headA]), read('r', [headB, reviewer]), approve('b', [director])]);

  test('only who acted', () => {
    const matter = play(row).when(headA, 'agree');
    expect(matter.refused(headB, 'takeBack', { task: lastOf(matter, headA) })?.code).toBe('not-allowed');
    expect(matter.refused(headB, 'takeBack', { task: 'm1-99' })?.code).toBe('task-unknown');
    expect(matter.refused(headB, 'takeBack', { task: matter.taskOf(headB).id })?.code).toBe('action-not-offered');
  });

  test('a receipt too; not a return, and not a correction', () => {
    const matter = play(row).when(headA, 'agree').when(headB, 'read');
    takeBack(matter, headB);
    expect(matter.seats('r')).toEqual([[reviewer], [headB]]);
    const returned = play(row).when(headA, 'return');
    expect(refusedBack(returned, headA)?.message).toContain('退回不能取回');
    returned.when(applicant, 'complete');
    expect(refusedBack(returned, applicant)?.code).toBe('too-late');
  });

  test('not where the step does without', () => {
    const strict = plainDefinition([approve('a', [headA], { withoutDetours: ['takeBack'] }), approve('b', [director])]);
    expect(refusedBack(play(strict).when(headA, 'agree'), headA)?.code).toBe('too-late');
  });

  test('what may be taken back is listed, and nothing else', () => {
    const matter = play(row).when(headA, 'agree');
    const listed = (person: string) => takeBacksOf(row, matter.matter, person).map((one) => one.task);
    expect(listed(headA)).toEqual([lastOf(matter, headA)]);
    matter.when(headB, 'read');
    expect(listed(headA)).toEqual([]);
    expect(listed(headB)).toEqual([lastOf(matter, headB)]);
  });
});

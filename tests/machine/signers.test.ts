/** Goal: added signers 加签 and delegates 委派 stand exactly where they were put, and nobody's voice is lost or counted twice. */
import { describe, expect, test } from 'vitest';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { actionsOf } from '../../workflows/machine/round/allowed.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, forEach, handle, parallel, read } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, vice, president, clerk, gone } = cast;
const single = plainDefinition([approve('a', [headA]), approve('b', [director])]);
const world = { directory: smallSchool(), calendar: smallCalendar, now: '2026-03-02T01:00:00.000Z' };
const waiting = (matter: Play, person: string): boolean => matter.taskOf(person).waiting;

describe('signers added before 前加签', () => {
  const added = (mode: 'any' | 'all' | 'order', people = [headB, reviewer]): Play =>
    play(single).when(headA, 'addSigners', { people, position: 'before', mode });

  test('the holder waits while they sign, and then acts', () => {
    const matter = added('all');
    expect([waiting(matter, headA), waiting(matter, headB), waiting(matter, reviewer)]).toEqual([true, false, false]);
    expect(matter.refused(headA, 'agree')?.code).toBe('action-not-offered');
    matter.when(headB, 'agree').when(reviewer, 'agree');
    expect([matter.open, waiting(matter, headA)]).toEqual([['a'], false]);
    expect(matter.when(headA, 'agree').open).toEqual(['b']);
  });

  test('any of them is enough in 或签, and they share one task', () => {
    const matter = added('any');
    expect(matter.seats('a')).toEqual([[headA], [headB, reviewer]]);
    matter.when(reviewer, 'agree');
    expect(waiting(matter, headA)).toBe(false);
  });

  test('they sign one after another in 依次', () => {
    const matter = added('order');
    expect(matter.seats('a')).toEqual([[headA], [headB]]);
    matter.when(headB, 'agree');
    expect(matter.seats('a')).toEqual([[headA], [reviewer]]);
    matter.when(reviewer, 'agree');
    expect(waiting(matter, headA)).toBe(false);
  });

  test('one against is the holder’s seat against, and where one is enough ends the matter', () => {
    const matter = added('all').when(headB, 'disagree', { opinion: '不妥' });
    expect([matter.outcome, matter.matter.ending?.text]).toEqual(['rejected', '审批a:head-b(head-a加签)不同意:不妥']);
  });

  test('in a vote one against costs one vote only', () => {
    const vote = plainDefinition([approve('a', [headA, headB, director], { mode: { share: 0.6 } })]);
    const matter = play(vote)
      .when(headA, 'addSigners', { people: [reviewer] })
      .when(reviewer, 'disagree');
    expect(matter.seats('a')).toEqual([[headB], [director]]);
    expect(matter.when(headB, 'agree').when(director, 'agree').outcome).toBe('completed');
  });

  test('may add signers in turn, and the tree unwinds', () => {
    const matter = added('all', [headB]).when(headB, 'addSigners', { people: [reviewer] });
    expect([waiting(matter, headA), waiting(matter, headB)]).toEqual([true, true]);
    matter.when(reviewer, 'agree');
    expect([waiting(matter, headA), waiting(matter, headB)]).toEqual([true, false]);
    matter.when(headB, 'agree').when(headA, 'agree');
    expect(matter.open).toEqual(['b']);
  });

  test('send nothing back themselves', () => {
    expect(added('all').refused(headB, 'return')?.code).toBe('action-not-offered');
  });
});

describe('signers added after and beside 后加签、并加签', () => {
  test('after: they are asked when the holder has agreed, and the step waits for them', () => {
    const matter = play(single).when(headA, 'addSigners', { people: [headB], position: 'after' });
    expect(matter.seats('a')).toEqual([[headA]]);
    matter.when(headA, 'agree');
    expect([matter.open, matter.seats('a')]).toEqual([['a'], [[headB]]]);
    expect(matter.when(headB, 'agree').open).toEqual(['b']);
  });

  test('beside: they are asked at once, and the step waits for all', () => {
    const matter = play(single).when(headA, 'addSigners', { people: [headB], position: 'beside' });
    expect(matter.seats('a')).toEqual([[headA], [headB]]);
    matter.when(headA, 'agree');
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headB, 'agree').open).toEqual(['b']);
  });

  test('a disagreement of the holder does not wait for those after them', () => {
    const matter = play(single)
      .when(headA, 'addSigners', { people: [headB], position: 'after' })
      .when(headA, 'disagree');
    expect(matter.outcome).toBe('rejected');
  });

  test('in order of the step, the next waits for those whom the first added', () => {
    const ordered = plainDefinition([approve('a', [headA, headB], { mode: 'order' })]);
    const matter = play(ordered)
      .when(headA, 'addSigners', { people: [reviewer], position: 'after' })
      .when(headA, 'agree');
    expect(matter.seats('a')).toEqual([[reviewer]]);
    expect(matter.when(reviewer, 'agree').seats('a')).toEqual([[headB]]);
  });

  test('a return takes all of them along, and a new round asks only the step’s own', () => {
    const matter = play(single)
      .when(headA, 'addSigners', { people: [headB], position: 'beside' })
      .when(headA, 'return');
    expect(matter.open).toEqual(['applicant']);
    matter.when(applicant, 'complete');
    expect(matter.seats('a')).toEqual([[headA]]);
  });

  test.each([
    ['a parallel', plainDefinition([parallel('p', [approve('a', [headA])], [approve('c', [vice])])])],
    ['a forEach', plainDefinition([forEach('f', approve('a', [headA]))])],
  ])('inside %s nothing else is touched', (_where, definition) => {
    const matter = play(definition, { form: { items: ['u-a'] } });
    const before = matter.open;
    matter.when(headA, 'addSigners', { people: [headB], position: 'beside' });
    expect(matter.open).toEqual(before);
    matter.when(headB, 'agree').when(headA, 'agree');
    if (matter.outcome === null) matter.when(vice, 'agree');
    expect(matter.outcome).toBe('completed');
  });
});

describe('in handling 承办', () => {
  const handled = plainDefinition([handle('h', [headA]), approve('b', [director])]);

  test('a signer says in words what there is to say; the output is the holder’s', () => {
    const matter = play(handled).when(headA, 'addSigners', { people: [headB] });
    const answer = matter.refused(headB, 'complete', { output: { n: 9 } });
    expect(answer).toBeNull();
    expect(matter.matter.outputs).toEqual({});
    expect(matter.when(headA, 'complete', { output: { n: 1 } }).matter.outputs).toEqual({ h: { n: 1 } });
  });
});

describe('one of several candidates 或签', () => {
  const either = plainDefinition([approve('a', [headA, headB]), approve('b', [director])]);

  test('who adds signers has taken the task on; the other hears so', () => {
    const matter = play(either).when(headA, 'addSigners', { people: [reviewer] });
    expect(matter.of('TaskClaimed').map(({ facts }) => facts.person)).toEqual([headA]);
    matter.when(reviewer, 'agree');
    const refusal = matter.refused(headB, 'agree', { task: matter.taskOf(headA).id });
    expect([refusal?.code, refusal?.message]).toEqual(['task-closed', '该待办已由head-a签收,其退签后您才能办理']);
  });

  test('claim and release: only the claimer acts until they let go', () => {
    const matter = play(either);
    const { id: task } = matter.taskOf(headA);
    matter.when(headA, 'claim');
    expect(matter.refused(headB, 'agree', { task })?.code).toBe('task-closed');
    expect(matter.refused(headA, 'claim', { task })?.code).toBe('action-not-offered');
    matter.when(headA, 'release', { task });
    expect(matter.refused(headA, 'release', { task })?.code).toBe('action-not-offered');
    expect(matter.when(headB, 'agree', { task }).open).toEqual(['b']);
  });

  test('a claim carries no opinion', () => {
    expect(
      play(either)
        .refused(headA, 'claim', { opinion: '我办' })
        ?.faults.map(({ path }) => path),
    ).toEqual(['/opinion']);
  });

  test('a task of one is not to be claimed', () => {
    expect(play(single).refused(headA, 'claim')?.code).toBe('action-not-offered');
  });
});

describe('delegation 委派', () => {
  const asked = (): Play => play(single).when(headA, 'delegate', { to: headB });

  test('the holder waits, and goes on from what the delegate wrote', () => {
    const matter = asked();
    expect(waiting(matter, headA)).toBe(true);
    matter.when(headB, 'agree', { opinion: '建议同意' });
    expect(matter.taskOf(headA)).toMatchObject({ waiting: false, draft: { opinion: '建议同意', byName: 'head-b' } });
    expect(matter.when(headA, 'agree').open).toEqual(['b']);
  });

  test('what the delegate says decides nothing, even against', () => {
    const matter = asked().when(headB, 'disagree');
    expect([matter.outcome, waiting(matter, headA)]).toEqual([null, false]);
    expect(matter.when(headA, 'agree').open).toEqual(['b']);
  });

  test('who has answered may be asked again, and may then sign', () => {
    const matter = asked().when(headB, 'agree').when(headA, 'delegate', { to: headB }).when(headB, 'agree');
    matter.when(headA, 'addSigners', { people: [headB] });
    expect(matter.seats('a')).toEqual([[headA], [headB]]);
  });

  test('may be called off', () => {
    const matter = asked().when(headA, 'removeSigners', { people: [headB] });
    expect([matter.seats('a'), waiting(matter, headA)]).toEqual([[[headA]], false]);
  });

  test('in a round of its own the delegate of one is no voice in the vote', () => {
    const vote = plainDefinition([approve('a', [headA, headB, director], { mode: { count: 2 } })]);
    const matter = play(vote).when(headA, 'delegate', { to: reviewer }).when(reviewer, 'disagree').when(headA, 'agree');
    expect(matter.open).toEqual(['a']);
    expect(matter.when(headB, 'agree').outcome).toBe('completed');
  });
});

describe('taking signers off 减签', () => {
  test('those who have not acted go, with those whom they added', () => {
    const matter = play(single).when(headA, 'addSigners', { people: [headB, vice] });
    matter.when(headB, 'addSigners', { people: [reviewer] });
    matter.when(headA, 'removeSigners', { people: [headB] });
    expect(matter.seats('a')).toEqual([[headA], [vice]]);
    expect(matter.of('TaskClosed').map(({ facts }) => facts.because)).toEqual(['removed', 'removed']);
    expect(matter.when(vice, 'agree').when(headA, 'agree').open).toEqual(['b']);
  });

  test('one of several who may sign leaves the task to the others', () => {
    const matter = play(single).when(headA, 'addSigners', { people: [headB, vice], mode: 'any' });
    matter.when(headA, 'removeSigners', { people: [headB] });
    expect(matter.seats('a')).toEqual([[headA], [vice]]);
    expect(matter.when(vice, 'agree').when(headA, 'agree').open).toEqual(['b']);
  });

  test('not those who have signed, nor those whom somebody else added', () => {
    const matter = play(single)
      .when(headA, 'addSigners', { people: [headB, vice] })
      .when(vice, 'agree');
    const refusal = matter.refused(headA, 'removeSigners', { people: [vice, reviewer] });
    expect(refusal?.faults.map(({ path }) => path)).toEqual(['/people/0', '/people/1']);
  });

  test('is not offered where nobody was added', () => {
    expect(play(single).refused(headA, 'removeSigners', { people: [headB] })?.code).toBe('action-not-offered');
  });

  test('by a holder who has acted is too late: their task is done', () => {
    const matter = play(single)
      .when(headA, 'addSigners', { people: [headB], position: 'beside' })
      .when(headA, 'agree');
    expect(matter.open).toEqual(['a']);
    expect(matter.refused(headA, 'removeSigners', { people: [headB], task: 'm1-1' })?.code).toBe('task-closed');
  });
});

describe('whom a detour may name', () => {
  const both = plainDefinition([approve('a', [headA, headB], { mode: 'all' })]);

  test('not oneself, the applicant, the departed, the unknown, the same twice, or who has a voice already', () => {
    const people = [headA, applicant, gone, 'nobody', reviewer, reviewer, headB, '__proto__'];
    const refusal = play(both).refused(headA, 'addSigners', { people });
    expect(refusal?.faults).toEqual([
      { path: '/people/0', message: '不能选择本人' },
      { path: '/people/1', message: 'applicant是申请人,不能办理自己的事项' },
      { path: '/people/2', message: 'gone已离职' },
      { path: '/people/3', message: '不在学校人员名录中' },
      { path: '/people/5', message: '人员重复' },
      { path: '/people/6', message: 'head-b已在本轮办理人员之中' },
      { path: '/people/7', message: '不在学校人员名录中' },
    ]);
  });

  test('not whom the step excludes, by whatever way they would come to it', () => {
    const apart = plainDefinition([approve('a', [headA], { excluded: () => [reviewer] })]);
    for (const [action, details, path] of [
      ['transfer', { to: reviewer }, '/to'],
      ['delegate', { to: reviewer }, '/to'],
      ['addSigners', { people: [reviewer] }, '/people/0'],
    ] as const) {
      const details_ = 'people' in details ? { people: [...details.people] } : details;
      expect(
        play(apart)
          .refused(headA, action, details_)
          ?.faults.map((fault) => fault.path),
      ).toEqual([path]);
    }
  });

  test('the applicant where the step lets them decide', () => {
    const open = plainDefinition([approve('a', [headA], { selfApproval: 'allow' })]);
    expect(play(open).when(headA, 'transfer', { to: applicant }).seats('a')).toEqual([[applicant]]);
  });

  test('nobody, or more than a command may name, is refused', () => {
    expect(play(both).refused(headA, 'addSigners', { people: [] })?.faults[0]?.path).toBe('/people');
    const many = Array.from({ length: COMMAND_LIMITS.people + 1 }, (_one, at) => `p${at}`);
    expect(play(both).refused(headA, 'addSigners', { people: many })?.faults[0]?.message).toBe('一次最多选择50人');
  });

  test('who has already spoken in the round does not speak again by transfer', () => {
    const matter = play(both).when(headB, 'agree');
    expect(matter.refused(headA, 'transfer', { to: headB })?.faults[0]?.message).toBe('head-b已在本轮办理人员之中');
  });

  test(`no more than ${COMMAND_LIMITS.signerGroups} groups in a round`, () => {
    const matter = play(single);
    for (let at = 0; at < COMMAND_LIMITS.signerGroups; at += 1)
      matter.when(headA, 'delegate', { to: headB }).when(headB, 'agree');
    expect(matter.refused(headA, 'delegate', { to: headB })?.code).toBe('too-many-rounds');
  });
});

describe('which steps offer which detours', () => {
  const offered = (definition: ReturnType<typeof plainDefinition>, person: string): string[] => {
    const matter = play(definition);
    return actionsOf(definition, matter.matter, matter.taskOf(person), world);
  };

  test('an approval offers all, handling too', () => {
    const detours = ['transfer', 'delegate', 'addSigners', 'circulate', 'consult'];
    expect(offered(single, headA)).toEqual(['agree', 'disagree', 'return', ...detours]);
    expect(offered(plainDefinition([handle('h', [headA])]), headA)).toEqual(['complete', 'return', ...detours]);
  });

  test('who reads only sends on', () => {
    expect(offered(plainDefinition([read('r', [headA])]), headA)).toEqual(['read', 'circulate']);
  });

  test('what must be done in person is handed to nobody', () => {
    const own = plainDefinition([approve('a', [headA], { inPerson: true })]);
    expect(offered(own, headA)).toEqual(['agree', 'disagree', 'return', 'circulate', 'consult']);
  });

  test('a step does without what it says', () => {
    const strict = plainDefinition([approve('a', [headA], { withoutDetours: ['transfer', 'consult', 'addSigners'] })]);
    expect(offered(strict, headA)).toEqual(['agree', 'disagree', 'return', 'delegate', 'circulate']);
    expect(play(strict).refused(headA, 'transfer', { to: headB })?.code).toBe('action-not-offered');
  });

  test('a correction is the applicant’s alone', () => {
    const matter = play(single).when(headA, 'return');
    expect(actionsOf(single, matter.matter, matter.taskOf(applicant), world)).toEqual(['complete']);
  });
});

describe('transfer 转办', () => {
  const given = (): Play =>
    play(single).when(headA, 'transfer', {
      to: headB,
      draft: { opinion: '拟同意', output: null, attachments: [], by: president, byName: '冒名' },
      opinion: '出差',
    });

  test('the receiver has the task with the same due date, and what the giver wrote under the giver’s name', () => {
    const before = play(single).taskOf(headA);
    const task = given().taskOf(headB);
    expect(task.due).toEqual(before.due);
    expect(task.draft).toEqual({ opinion: '拟同意', output: null, attachments: [], by: headA, byName: 'head-a' });
    expect(task.id).not.toBe(before.id);
  });

  test('the giver has acted, and acts no more', () => {
    const matter = given();
    expect(matter.refused(headA, 'agree', { task: 'm1-1' })?.code).toBe('task-closed');
    expect(matter.matter.handlers).toEqual({ [headA]: 'head-a' });
    expect(matter.when(headB, 'agree').open).toEqual(['b']);
  });

  test('taken back brings back what was handed on', () => {
    const matter = given().when(headA, 'takeBack', { task: 'm1-1' });
    expect(matter.taskOf(headA).draft).toMatchObject({ opinion: '拟同意', by: headA });
  });

  test('may come back to the giver', () => {
    expect(given().when(headB, 'transfer', { to: headA }).seats('a')).toEqual([[headA]]);
  });

  test('of one of several candidates takes it on first, and is the receiver’s alone', () => {
    const either = plainDefinition([approve('a', [headA, headB])]);
    expect(play(either).when(headA, 'transfer', { to: clerk }).seats('a')).toEqual([[clerk]]);
  });

  test('names somebody, and hands on no more than a command may carry', () => {
    expect(
      play(single)
        .refused(headA, 'transfer')
        ?.faults.map(({ path }) => path),
    ).toEqual(['/to']);
    const draft = { opinion: '长'.repeat(2_001), output: null, attachments: ['file-9'], by: '', byName: '' };
    const refusal = play(single).refused(headA, 'transfer', { to: headA, draft });
    expect(refusal?.faults.map(({ path }) => path)).toEqual(['/to', '/draft/opinion', '/draft/attachments/0']);
  });
});

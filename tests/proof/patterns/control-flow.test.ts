/**
 * The 20 control-flow patterns of van der Aalst and ter Hofstede, each in a definition of a few lines and one play. The names carry
 * the pattern's number: the page docs/patterns.md is made from them.
 */
import { expect, test } from 'vitest';
import type { Step } from '../../../definitions/language/steps.ts';
import { play } from '../../machine/support/play.ts';
import { cast, smallSchool } from '../../machine/support/school.ts';
import { approve, archiving, booking, choose, effect, forEach, handle, parallel } from '../../machine/support/steps.ts';
import { plainDefinition } from '../../machine/support/trees.ts';

const { headA, headB, director, president, reviewer, clerk, vice, applicant } = cast;

/** Branches of which only those are entered whose content asks for it. */
const byContent: Step = {
  kind: 'parallel',
  id: 'reviews',
  name: '分项审核',
  branches: [
    { says: '涉法', when: ({ form }) => form.legal === true, steps: [approve('legal', [reviewer])] },
    { says: '涉财', when: ({ form }) => form.money === true, steps: [approve('finance', [clerk])] },
    { says: '涉密', when: ({ form }) => form.secret === true, steps: [approve('secrecy', [vice])] },
  ],
};
const linking = { inForce: { child: { version: 1, since: null } } };

test('CF 1 Sequence: three offices one after another, never two at once', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director]), approve('c', [president])]));
  expect(matter.open).toEqual(['a']);
  expect(matter.when(headA, 'agree').open).toEqual(['b']);
  expect(matter.when(director, 'agree').open).toEqual(['c']);
  expect(matter.when(president, 'agree').outcome).toBe('completed');
});

test('CF 2 Parallel Split: both branches open at once', () => {
  const matter = play(plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])])]));
  expect(matter.open).toEqual(['a', 'b']);
});

test('CF 3 Synchronization: what follows waits for every branch', () => {
  const steps = [parallel('p', [approve('a', [headA])], [approve('b', [headB])]), approve('c', [director])];
  const matter = play(plainDefinition(steps)).when(headB, 'agree');
  expect(matter.open).toEqual(['a']);
  expect(matter.when(headA, 'agree').open).toEqual(['c']);
});

test('CF 4 Exclusive Choice: the amount decides the route', () => {
  const steps = [
    choose('route', ({ form }) => Number(form.amount) > 100_000, [approve('big', [president])], [approve('small', [headA])]),
  ];
  expect(play(plainDefinition(steps), { form: { amount: 5 } }).open).toEqual(['small']);
  expect(play(plainDefinition(steps), { form: { amount: 200_000 } }).open).toEqual(['big']);
});

test('CF 5 Simple Merge: two routes come to one archiving, which is done once', () => {
  const steps = [choose('route', ({ form }) => form.big === true, [approve('big', [president])], [approve('small', [headA])])];
  const merged = plainDefinition([...steps, effect('archive', archiving)]);
  for (const [big, who] of [
    [true, president],
    [false, headA],
  ] as const) {
    expect(play(merged, { form: { big } }).when(who, 'agree').of('EffectDone')).toHaveLength(1);
  }
});

test('CF 6 Multi-Choice: legal or finance or both, as the content asks', () => {
  expect(play(plainDefinition([byContent]), { form: { legal: true, money: true } }).open).toEqual(['legal', 'finance']);
  expect(play(plainDefinition([byContent]), { form: { money: true } }).open).toEqual(['finance']);
});

test('CF 7 Structured Synchronizing Merge: waits for exactly the branches that were entered', () => {
  const matter = play(plainDefinition([byContent, approve('end', [director])]), { form: { legal: true, secret: true } });
  expect(matter.when(reviewer, 'agree').open).toEqual(['secrecy']);
  expect(matter.when(vice, 'agree').open).toEqual(['end']);
});

test('CF 8 Multi-Merge: what follows runs once for each branch that comes to it', () => {
  const each = forEach('each', handle('report', [{ kind: 'item', says: '该单位' }]), approve('check', [director]));
  const matter = play(plainDefinition([each]), { form: { items: ['u-a', 'u-b'] } });
  expect(matter.when(headB, 'complete').open).toEqual(['report@0', 'check@1']);
  expect(matter.when(headA, 'complete').open).toEqual(['check@1', 'check@0']);
  matter.when(director, 'agree', { step: 'check@0' }).when(director, 'agree', { step: 'check@1' });
  expect(matter.outcome).toBe('completed');
});

test('CF 9 Structured Discriminator: the first answer goes on, the others are withdrawn', () => {
  const first: Step = {
    ...(parallel('ask', [handle('a', [headA])], [handle('b', [headB])]) as Extract<Step, { kind: 'parallel' }>),
    needed: 1,
  };
  const matter = play(plainDefinition([first, approve('next', [director])])).when(headB, 'complete');
  expect(matter.open).toEqual(['next']);
  expect(matter.matter.visits.a?.outcome).toBe('canceled');
});

test('CF 10 Arbitrary Cycles: back to any earlier step, again and again, with a new round each time', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director]), approve('c', [president])]));
  for (const round of [2, 3]) {
    matter.when(headA, 'agree').when(director, 'agree').when(president, 'return', { to: 'a' });
    expect(matter.matter.visits.a?.round).toBe(round);
  }
  expect(matter.when(headA, 'agree').when(director, 'agree').when(president, 'agree').outcome).toBe('completed');
});

test('CF 11 Implicit Termination: the matter ends when nothing is left to do', () => {
  const matter = play(plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])])]));
  expect(matter.when(headA, 'agree').outcome).toBe(null);
  expect(matter.when(headB, 'agree').of('MatterEnded')).toHaveLength(1);
});

/** Starts a matter for each unit named. */
const tellAll = (waits: boolean): Step => ({
  kind: 'link',
  id: 'tell',
  name: '通知各单位',
  starts: ({ form }) => (Array.isArray(form.items) ? form.items : []).map((item) => ({ processId: 'child', form: { item } })),
  waits,
  whenWithdrawn: 'leave',
});

test('CF 12 Multiple Instances without Synchronization: every unit gets its matter, and nothing waits for them', () => {
  const stage = { form: { items: ['u-a', 'u-b'] }, world: linking };
  const matter = play(plainDefinition([tellAll(false), approve('next', [director])]), stage);
  expect(Object.keys(matter.matter.links)).toHaveLength(2);
  expect(matter.open).toEqual(['next']);
});

test('CF 13 Multiple Instances known at Design Time: three fixed reviewers, three tasks, all needed', () => {
  const matter = play(plainDefinition([approve('review', [headA, headB, reviewer], { mode: 'all' })]));
  expect(matter.seats('review')).toEqual([[headA], [headB], [reviewer]]);
  expect(matter.when(headA, 'agree').when(reviewer, 'agree').outcome).toBe(null);
  expect(matter.when(headB, 'agree').outcome).toBe('completed');
});

test('CF 14 Multiple Instances known at Run Time: one task for each unit that an earlier output names', () => {
  const items = { kind: 'forEach', id: 'each', name: '各单位', of: 'unit', items: () => [], steps: [] } as const;
  const each: Step = {
    ...items,
    items: ({ outputs }) => (outputs.plan?.units as string[] | undefined) ?? [],
    steps: [handle('do', [{ kind: 'item', says: '该单位' }])],
  };
  const matter = play(plainDefinition([handle('plan', [director]), each]));
  matter.when(director, 'complete', { output: { units: ['u-a', 'u-b'] } });
  expect(matter.open).toEqual(['do@0', 'do@1']);
});

test('CF 15 Multiple Instances without Prior Knowledge: signers are added while the step runs', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  matter.when(headA, 'addSigners', { people: [reviewer], position: 'beside', mode: 'all' });
  matter.when(headA, 'addSigners', { people: [headB], position: 'beside', mode: 'all' });
  expect(matter.seats('a')).toEqual([[headA], [reviewer], [headB]]);
  matter.when(headA, 'agree').when(reviewer, 'agree');
  expect(matter.outcome).toBe(null);
  expect(matter.when(headB, 'agree').outcome).toBe('completed');
});

test('CF 16 Deferred Choice: approval, withdrawal or time, whichever comes first, and the others are gone', () => {
  const definition = plainDefinition([approve('a', [headA], { silence: 'reject' })]);
  expect(play(definition).when(headA, 'agree').outcome).toBe('completed');
  const withdrawn = play(definition);
  expect(withdrawn.command(applicant, { type: 'withdraw', reason: null })).toBe(null);
  expect(withdrawn.outcome).toBe('withdrawn');
  expect(play(definition).at('2026-03-20T09:00:00+08:00').outcome).toBe('rejected');
});

test('CF 17 Interleaved Parallel Routing: two checks in any order of release, never together', () => {
  const block = parallel('p', [approve('a', [headA])], [approve('b', [headB])]) as Extract<Step, { kind: 'parallel' }>;
  const matter = play(plainDefinition([{ ...block, atMost: 1 }]));
  expect(matter.open).toEqual(['a']);
  expect(matter.when(headA, 'agree').open).toEqual(['b']);
  expect(matter.when(headB, 'agree').outcome).toBe('completed');
});

test('CF 18 Milestone: the applicant may withdraw only until somebody has decided', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director])])).when(headA, 'agree');
  expect(matter.command(applicant, { type: 'withdraw', reason: null })?.code).toBe('too-late');
});

test('CF 19 Cancel Task: one task is taken off, and nothing else with it', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  matter.when(headA, 'addSigners', { people: [reviewer, headB], position: 'beside', mode: 'all' });
  matter.when(headA, 'removeSigners', { people: [reviewer] });
  expect(matter.seats('a')).toEqual([[headA], [headB]]);
});

test('CF 20 Cancel Case: the whole matter is called off, and what was booked is given back', () => {
  const stage = { world: { directory: smallSchool() } };
  const matter = play(plainDefinition([effect('book', booking), approve('a', [headA])]), stage);
  expect(matter.command(cast.administrator, { type: 'terminate', reason: '重复申请' })).toBe(null);
  expect(matter.outcome).toBe('terminated');
  expect(matter.of('EffectUndone')).toHaveLength(1);
});

/**
 * The resource patterns 21 to 43 of Russell, ter Hofstede, Edmond and van der Aalst: what people do with work that is theirs. Each
 * in a definition of a few lines and one play; the names carry the pattern's number, the page docs/patterns.md is made from them.
 */
import { expect, test } from 'vitest';
import { mayView, viewerOf } from '../../../workflows/machine/people/rights.ts';
import { play } from '../../machine/support/play.ts';
import { cast, smallCalendar, smallSchool } from '../../machine/support/school.ts';
import { approve, archiving, effect, handle, parallel } from '../../machine/support/steps.ts';
import { plainDefinition } from '../../machine/support/trees.ts';

const { headA, headB, director, reviewer, clerk, applicant, administrator, stranger } = cast;

test('WRP 21 Resource-Initiated Allocation: one of several claims it, and the others can only look', () => {
  const matter = play(plainDefinition([handle('a', [reviewer, clerk])])).when(clerk, 'claim');
  expect(matter.refused(reviewer, 'complete')?.code).toBe('task-closed');
  expect(matter.when(clerk, 'complete').outcome).toBe('completed');
});

test('WRP 22 Resource-Initiated Execution of Allocated Work: done when its holder takes it up, within the limit', () => {
  const matter = play(plainDefinition([handle('a', [reviewer])])).at('2026-03-03T15:00:00+08:00');
  expect(matter.open).toEqual(['a']);
  expect(matter.when(reviewer, 'complete').outcome).toBe('completed');
});

test('WRP 23 Resource-Initiated Execution of Offered Work: taken and done in one', () => {
  const matter = play(plainDefinition([handle('a', [reviewer, clerk])])).when(clerk, 'complete');
  expect(matter.outcome).toBe('completed');
  expect(matter.of('TaskClaimed')).toHaveLength(0);
});

test('WRP 26 Selection Autonomy: whoever has two tasks does first whichever they like', () => {
  const matter = play(plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headA])])]));
  expect(matter.when(headA, 'agree', { step: 'b' }).open).toEqual(['a']);
});

test('WRP 27 Delegation: somebody else drafts the answer, and it comes back to who is asked', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  matter.when(headA, 'delegate', { to: clerk }).when(clerk, 'disagree', { opinion: '依据不足' });
  expect(matter.outcome).toBe(null);
  expect(matter.taskOf(headA).draft?.opinion).toBe('依据不足');
});

test('WRP 28 Escalation: the superior and supervision are told, each once', () => {
  const matter = play(plainDefinition([approve('a', [headA])])).at('2026-04-01T09:00:00+08:00');
  const ofStep = matter.of('Escalated').filter((event) => event.facts.visit === 'a');
  expect(ofStep.map((event) => event.facts.level)).toEqual(['superior', 'supervision']);
});

test('WRP 29 Deallocation: put back where the others can take it', () => {
  const matter = play(plainDefinition([handle('a', [reviewer, clerk])]))
    .when(clerk, 'claim')
    .when(clerk, 'release');
  expect(matter.when(reviewer, 'complete').outcome).toBe('completed');
});

const draft = { opinion: '拟同意', output: null, attachments: [], by: headA, byName: 'head-a' };

test('WRP 30 Stateful Reallocation: the receiver has what was written so far, and the old due date', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  const { due } = matter.taskOf(headA);
  matter.at('2026-03-03T09:00:00+08:00').when(headA, 'transfer', { to: headB, draft });
  expect(matter.taskOf(headB).draft?.opinion).toBe('拟同意');
  expect(matter.taskOf(headB).due).toEqual(due);
});

test('WRP 31 Stateless Reallocation: an administrator gives it to somebody who starts afresh', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  const reassign = { type: 'reassign' as const, task: matter.taskOf(headA).id, people: [headB], reason: '回避' };
  expect(matter.command(administrator, reassign)).toBe(null);
  expect(matter.taskOf(headB).draft).toBe(null);
});

test('WRP 32 Suspension and Resumption: the clock stands still with the applicant and goes on frozen', () => {
  const matter = play(plainDefinition([approve('a', [headA])]));
  const { dueAt } = matter.matter.due;
  matter.when(headA, 'return').at('2026-03-09T09:00:00+08:00').when(applicant, 'complete');
  expect(matter.of('ClockStopped')).toHaveLength(1);
  expect(matter.matter.due.dueAt > dueAt).toBe(true);
});

test('WRP 33 Skip: an administrator passes over a step, with a reason that stays for ever', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director])]));
  expect(matter.command(administrator, { type: 'skip', visit: 'a', reason: '岗位空缺' })).toBe(null);
  expect(matter.open).toEqual(['b']);
  expect(matter.matter.interventions).toMatchObject([{ kind: 'skip', reason: '岗位空缺' }]);
});

test('WRP 34 Redo: a decision is taken back and the step is there again', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director])]));
  const { id } = matter.taskOf(headA);
  matter.when(headA, 'agree').when(headA, 'takeBack', { task: id });
  expect(matter.open).toEqual(['a']);
});

test('WRP 36 Commencement on Creation: a system step is done as soon as it comes', () => {
  const matter = play(plainDefinition([effect('file', archiving), approve('a', [headA])]));
  expect(matter.of('EffectDone')).toHaveLength(1);
});

test('WRP 37 Commencement on Allocation: the time runs from when the task was given', () => {
  const task = play(plainDefinition([handle('a', [reviewer])])).taskOf(reviewer);
  expect(task.openedAt).toBe('2026-03-02T01:00:00.000Z');
  expect(task.due.dueAt).toBe('2026-03-04T09:30:00.000Z');
});

test('WRP 39 Chained Execution: the next task is there in the same transition', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [headA])])).when(headA, 'agree');
  const [acted] = matter.of('TaskActed');
  expect(matter.of('TaskOpened').at(-1)?.command).toBe(acted?.command);
});

/** Whether somebody may see a matter of the small school, on 2026-03-02. */
function sees(person: string, matter: ReturnType<typeof play>): boolean {
  const now = '2026-03-02T01:00:00.000Z';
  const viewer = viewerOf(smallSchool(), smallCalendar, person, now);
  return viewer !== null && mayView(viewer, matter.matter, { supervised: false, concerned: [], keptOut: [] }, now);
}

test('WRP 40 Configurable Unallocated Work Item Visibility: those to whom it is offered, and nobody else', () => {
  const matter = play(plainDefinition([handle('a', [reviewer, clerk])]));
  expect([reviewer, clerk].map((one) => sees(one, matter))).toEqual([true, true]);
  expect(sees(headB, matter)).toBe(false);
});

test('WRP 41 Configurable Allocated Work Item Visibility: its holder, the head of the unit, administrators; no peer', () => {
  const matter = play(plainDefinition([handle('a', [reviewer])]));
  expect([reviewer, headA, administrator, applicant].map((one) => sees(one, matter))).toEqual([true, true, true, true]);
  expect([clerk, stranger, headB].map((one) => sees(one, matter))).toEqual([false, false, false]);
});

test('WRP 42 Simultaneous Execution: one person has several tasks open at once', () => {
  const matter = play(plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headA])])]));
  expect(matter.seats('a')).toEqual(matter.seats('b'));
});

test('WRP 43 Additional Resources: others help with one task, which stays its holder’s', () => {
  const matter = play(plainDefinition([handle('a', [headA])]));
  matter.when(headA, 'addSigners', { people: [clerk], position: 'before', mode: 'all' });
  expect(matter.when(clerk, 'complete').taskOf(headA).waiting).toBe(false);
  expect(matter.when(headA, 'complete').outcome).toBe('completed');
});

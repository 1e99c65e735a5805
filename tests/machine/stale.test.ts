/** Goal: the update's validator refuses only what no event it may not know yet can make right (a worker may have died before it told). */
import { expect, test } from 'vitest';
import type { ActOnTask } from '../../workflows/machine/commands.ts';
import { plainlyStale } from '../../workflows/machine/stale.ts';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, administrator } = cast;
const plain = plainDefinition([approve('a', [headA]), approve('b', [headB])]);
const act = (task: string, person: string): ActOnTask => ({
  type: 'act',
  id: 'c',
  by: { kind: 'person', id: person },
  bodyHash: null,
  task,
  action: 'agree',
  opinion: null,
  output: null,
  attachments: [],
  returnOrder: null,
});

test('a task that is open is let through, whoever acts: who may, is decided by the record', () => {
  const { matter } = play(plain);
  const [task] = Object.keys(matter.tasks);
  expect(plainlyStale(matter, act(task!, headA))).toBeNull();
  expect(plainlyStale(matter, act(task!, headB))).toBeNull();
});

test('a task that is done is refused', () => {
  const before = play(plain).matter;
  const [task] = Object.keys(before.tasks);
  const { matter } = play(plain).when(headA, 'agree');
  expect(plainlyStale(matter, act(task!, headA))?.code).toBe('task-closed');
});

test.each([
  ['agree', {}, headA, '您已办理,请查看最新状态'],
  ['agree', {}, headB, '该待办已由head-a办理,请查看最新状态'],
  ['transfer', { to: headB }, headA, '您已转办,请查看最新状态'],
  ['transfer', { to: headB }, headB, '该待办已由head-a转办,请查看最新状态'],
] as const)('after %s %j a second click tells %s who did it', (action, details, person, message) => {
  const matter = play(plain);
  const { id } = matter.taskOf(headA);
  matter.when(headA, action, details);
  expect(plainlyStale(matter.matter, act(id, person))?.message).toBe(message);
  expect(matter.refused(person, 'agree', { task: id })).toMatchObject({ code: 'task-closed', message });
});

test('a task that was taken away by nobody’s act says neither', () => {
  const matter = play(plain);
  const { id } = matter.taskOf(headA);
  matter.command(administrator, { type: 'reassign', task: id, people: [headB], reason: '出差' });
  expect(matter.refused(headA, 'agree', { task: id })?.message).toBe('该待办已办理或已收回,请查看最新状态');
});

test('who ended the matter with their first click is told that they have', () => {
  const matter = play(plain).when(headA, 'agree');
  const { id } = matter.taskOf(headB);
  matter.when(headB, 'agree');
  expect(matter.refused(headB, 'agree', { task: id })).toMatchObject({ code: 'matter-ended', message: '您已办理,办件已经结束' });
  expect(matter.refused(headA, 'agree', { task: id })?.message).toBe('办件已经结束,不能再操作');
  expect(plainlyStale(matter.matter, act(id, headB))?.message).toBe('您已办理,办件已经结束');
});

test('a task that is done is let through for whoever takes their act back', () => {
  const before = play(plain).matter;
  const [task] = Object.keys(before.tasks);
  const { matter } = play(plain).when(headA, 'agree');
  expect(plainlyStale(matter, { ...act(task!, headA), action: 'takeBack' })).toBeNull();
});

test('a task that is not known yet is let through', () => {
  const behind = play(plain).matter;
  const [next] = Object.keys(play(plain).when(headA, 'agree').matter.tasks);
  expect(behind.tasks[next!]).toBeUndefined();
  expect(plainlyStale(behind, act(next!, headB))).toBeNull();
});

test('everything is refused after the end', () => {
  const { matter } = play(plain).when(headA, 'agree').when(headB, 'agree');
  expect(plainlyStale(matter, act('m-1-1', headA))?.code).toBe('matter-ended');
});

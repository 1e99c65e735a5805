/** Goal: the update's validator refuses only what no event it may not know yet can make right (a worker may have died before it told). */
import { expect, test } from 'vitest';
import type { ActOnTask } from '../../workflows/machine/commands.ts';
import { plainlyStale } from '../../workflows/machine/stale.ts';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB } = cast;
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

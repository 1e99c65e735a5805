/** Goal: an administrator can set any matter right, with a reason that stays marked, and never by going round the rules for people. */
import { describe, expect, test } from 'vitest';
import { rewindTargets, skippables } from '../../workflows/machine/admin/intervene.ts';
import { taskView } from '../../workflows/machine/telling/view.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, booking, effect, forEach, handle, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, administrator, vice, gone } = cast;
const row = plainDefinition([handle('a', [headA]), approve('b', [headB]), approve('c', [director])]);
const reason = '经办人出国';

describe('who may intervene', () => {
  test.each([headA, applicant, director, 'nobody'])('%s may not', (person) => {
    expect(play(row).command(person, { type: 'terminate', reason })?.code).toBe('not-allowed');
  });

  test('an administrator not in their own matter while another could', () => {
    const directory = smallSchool();
    const post = directory.posts['post-process-administrator'];
    const second = { person: vice, from: '2020-01-01', to: null };
    const two = {
      ...directory,
      posts: { ...directory.posts, [post!.id]: { ...post!, holders: [...post!.holders, second] } },
    };
    const own = play(row, { applicant: administrator, world: { directory: two } });
    expect(own.command(administrator, { type: 'terminate', reason })?.code).toBe('not-allowed');
    expect(own.command(vice, { type: 'terminate', reason })).toBeNull();
    expect(play(row, { applicant: administrator }).command(administrator, { type: 'terminate', reason })).toBeNull();
  });

  test('nothing without a reason, and all faults at once', () => {
    const matter = play(row);
    const task = matter.taskOf(headA).id;
    const refusal = matter.command(administrator, { type: 'reassign', task, people: [gone, applicant, reviewer], reason: ' ' });
    expect(refusal?.faults.map(({ path }) => path)).toEqual(['/people/0', '/reason']);
    expect(matter.command(administrator, { type: 'rewind', to: 'c', reason: '' })?.faults.map(({ path }) => path)).toEqual([
      '/to',
      '/reason',
    ]);
  });
});

describe('reassign 指派', () => {
  const given = (): Play => {
    const matter = play(row).when(headA, 'complete');
    matter.command(administrator, { type: 'reassign', task: matter.taskOf(headB).id, people: [reviewer, vice], reason });
    return matter;
  };

  test('the task is theirs with the old due date, and the mark stays', () => {
    const due = play(row).when(headA, 'complete').taskOf(headB).due;
    const matter = given();
    expect(matter.seats('b')).toEqual([[reviewer, vice]]);
    expect(matter.taskOf(vice).due).toEqual(due);
    expect(matter.of('AdminIntervened').map(({ facts }) => [facts.kind, facts.reason, facts.about])).toEqual([
      ['reassign', reason, '“审批b”原由head-b办理,改由reviewer、vice办理'],
    ]);
    expect(matter.matter.interventions).toHaveLength(1);
    expect(matter.when(reviewer, 'agree').open).toEqual(['c']);
  });

  test('of a task that waits for signers goes on waiting', () => {
    const matter = play(row).when(headA, 'addSigners', { people: [reviewer] });
    const task = matter.taskOf(headA).id;
    matter.command(administrator, { type: 'reassign', task, people: [vice], reason });
    expect(matter.taskOf(vice).waiting).toBe(true);
    matter.when(reviewer, 'complete').when(vice, 'complete');
    expect(matter.open).toEqual(['b']);
  });

  test('not to somebody who speaks in the same round already', () => {
    const both = plainDefinition([approve('a', [headA, headB], { mode: 'all' })]);
    const matter = play(both);
    const refusal = matter.command(administrator, { type: 'reassign', task: matter.taskOf(headA).id, people: [headB], reason });
    expect(refusal?.faults[0]?.path).toBe('/people/0');
  });

  test('a task that is over is told as over', () => {
    expect(given().command(administrator, { type: 'reassign', task: 'm1-1', people: [vice], reason })?.code).toBe('task-closed');
    expect(given().command(administrator, { type: 'reassign', task: 'nonsense', people: [vice], reason })?.code).toBe(
      'task-unknown',
    );
  });
});

describe('rewind 回退', () => {
  const atC = (): Play => play(row).when(headA, 'complete').when(headB, 'agree');

  test('to an earlier step opens a new round of it, and sets aside what followed', () => {
    const matter = atC();
    expect(matter.command(administrator, { type: 'rewind', to: 'a', reason })).toBeNull();
    expect([matter.open, matter.matter.outputs, matter.matter.visits.a?.round]).toEqual([['a'], {}, 2]);
  });

  test('to the applicant, and the targets are listed', () => {
    const matter = atC();
    expect(rewindTargets(row, matter.matter).map(({ key }) => key)).toEqual(['applicant', 'a', 'b']);
    expect(matter.command(administrator, { type: 'rewind', to: 'applicant', reason })).toBeNull();
    expect(matter.open).toEqual(['applicant']);
    expect(matter.when(applicant, 'complete').open).toEqual(['a']);
  });

  test('into a finished branch beside an open one leaves the open one alone', () => {
    const beside = plainDefinition([parallel('p', [approve('a', [headA])], [approve('b', [headB])])]);
    const matter = play(beside).when(headA, 'agree');
    expect(matter.command(administrator, { type: 'rewind', to: 'a', reason })).toBeNull();
    expect(matter.open).toEqual(['b', 'a']);
    expect(matter.when(headA, 'agree').when(headB, 'agree').outcome).toBe('completed');
  });
});

describe('skip 跳过', () => {
  const steps = plainDefinition([approve('a', [headA]), handle('h', [headB]), handle('k', [vice], { skippable: true })]);
  const skip = (matter: Play, visit: string) => matter.command(administrator, { type: 'skip', visit, reason });

  test('an approval is passed over, its task closed', () => {
    const matter = play(steps);
    expect(skip(matter, 'a')).toBeNull();
    expect([matter.open, matter.matter.visits.a?.outcome]).toEqual([['h'], 'skipped']);
  });

  test('handling only where its step says so, for later steps may need what it brings', () => {
    const matter = play(steps).when(headA, 'agree');
    expect(skip(matter, 'h')?.code).toBe('action-not-offered');
    expect(skippables(steps, matter.matter)).toEqual([{ visit: 'h', name: '办理h', why: '环节“办理h”不允许跳过,可改派办理人' }]);
    matter.when(headB, 'complete');
    expect(skip(matter, 'k')).toBeNull();
    expect(matter.outcome).toBe('completed');
  });

  test.each(['applicant', 'nowhere', 'a'])('not %s, which is not open', (visit) => {
    expect(skip(play(steps).when(headA, 'agree'), visit)?.code).toBe('action-not-offered');
  });
});

describe('terminate 终止', () => {
  test('ends the matter, gives back what was booked and says who and why', () => {
    const booked = plainDefinition([approve('a', [headA]), effect('book', booking), approve('b', [headB])]);
    const matter = play(booked).when(headA, 'agree');
    expect(matter.command(administrator, { type: 'terminate', reason })).toBeNull();
    expect([matter.outcome, matter.matter.ending?.text, matter.matter.effects.book]).toEqual([
      'terminated',
      '流程管理员终止:经办人出国',
      undefined,
    ]);
  });
});

describe('hand-over 交接', () => {
  test('moves everything of one person, turns to come and side steps too', () => {
    const several = plainDefinition([
      parallel('p', [approve('a', [headA])], [approve('b', [headB, headA], { mode: 'order' })], [approve('d', [vice])]),
    ]);
    const matter = play(several).when(vice, 'circulate', { people: [headA] });
    expect(matter.command(administrator, { type: 'hand-over', from: headA, to: reviewer, reason })).toBeNull();
    expect([matter.seats('a'), matter.seats('circulation@1')]).toEqual([[[reviewer]], [[reviewer]]]);
    expect(matter.when(headB, 'agree').seats('b')).toEqual([[reviewer]]);
  });

  test('of one of several candidates leaves the others', () => {
    const either = plainDefinition([approve('a', [headA, headB])]);
    const to = (person: string): string[][] => {
      const matter = play(either);
      matter.command(administrator, { type: 'hand-over', from: headA, to: person, reason });
      return matter.seats('a');
    };
    expect(to(reviewer)).toEqual([[reviewer, headB]]);
    expect(to(headB)).toEqual([[headB]]);
  });

  test('not to whom a step forbids, and says which', () => {
    const refusal = play(row).command(administrator, { type: 'hand-over', from: headA, to: gone, reason });
    expect(refusal?.faults).toEqual([{ path: '/to', message: '环节“办理a”:gone已离职' }]);
    expect(play(row).command(administrator, { type: 'hand-over', from: vice, to: headB, reason })?.code).toBe(
      'action-not-offered',
    );
  });
});

describe('tasks of a forEach', () => {
  test('say in their names what they are for', () => {
    const each = plainDefinition([forEach('f', handle('h', [headA])), approve('b', [headB])]);
    const matter = play(each, { form: { items: ['u-a', 'u-b'] } });
    const tasks = Object.values(matter.matter.tasks);
    expect(tasks.map((task) => task.name)).toEqual(['办理h·单位u-a', '办理h·单位u-b']);
    const world = { directory: smallSchool(), calendar: smallCalendar, now: matter.matter.updatedAt };
    expect(tasks.map((task) => taskView(each, matter.matter, task, headA, world).item)).toEqual([{ id: 'u-a' }, { id: 'u-b' }]);
    expect(matter.of('StepOpened').map(({ facts }) => facts.name)).toEqual(['办理h·单位u-a', '办理h·单位u-b']);
  });
});

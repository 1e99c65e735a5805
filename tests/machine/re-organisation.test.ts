/**
 * Goal: after a change of heads, posts or people, an administrator's refresh gives open seats to whom the rules name now, and
 * leaves alone what is decided, claimed, given by name or still right.
 * Method: small definitions at the small school; the directory is changed between two commands.
 */
import { describe, expect, test } from 'vitest';
import type { AssigneeRule } from '../../definitions/language/assignees.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import type { Step } from '../../definitions/language/steps.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, clerk, reviewer, administrator, vice, stranger } = cast;
const head = (unit: string): AssigneeRule => ({ kind: 'unit-head', says: '负责人', unit: () => unit });

interface Organised {
  matter: Play;
  directory: Directory;
  /** Another head of a unit, from now on. */
  newHead: (post: string, person: string) => void;
  leaves: (person: string) => void;
  refreshed: () => Play;
}

function organised(...steps: Step[]): Organised {
  const directory = smallSchool();
  const matter = play(plainDefinition(steps), { world: { directory } });
  return {
    matter,
    directory,
    newHead: (post, person) => {
      const found = directory.posts[post];
      if (found !== undefined) found.holders = [{ person, from: '2026-01-01', to: null }];
    },
    leaves: (id) => {
      const person = directory.people[id];
      if (person !== undefined) person.active = false;
    },
    refreshed: () => {
      const refusal = matter.command(administrator, { type: 'refresh', about: 'people', reason: '机构调整' });
      if (refusal !== null) throw new Error(refusal.message);
      return matter;
    },
  };
}

const moves = (matter: Play) =>
  matter.of('SeatReassigned').map(({ facts }) => [facts.seat, facts.from.map((one) => one.id), facts.to.map((one) => one.id)]);

describe('a new head', () => {
  test('gets the open task, with its due date as it was', () => {
    const { matter, newHead, refreshed } = organised(approve('a', [head('u-a')]));
    const before = matter.taskOf(headA);
    newHead('post-head-a', clerk);
    refreshed();
    expect(moves(matter)).toEqual([[1, [headA], [clerk]]]);
    expect(matter.of('SeatReassigned')[0]?.facts).toMatchObject({ how: 're-organisation', reason: '机构调整', person: null });
    expect(matter.taskOf(clerk).due).toEqual(before.due);
    expect(matter.seats('a')).toEqual([[clerk]]);
    expect(matter.when(clerk, 'agree').outcome).toBe('completed');
  });

  test('of several who must sign, takes the seat of the post; who signed has signed', () => {
    const { matter, newHead, refreshed } = organised(approve('a', [head('u-b'), head('u-a'), reviewer], { mode: 'all' }));
    matter.when(reviewer, 'agree');
    newHead('post-head-a', clerk);
    refreshed();
    expect(moves(matter)).toEqual([[2, [headA], [clerk]]]);
    expect(matter.seats('a')).toEqual([[headB], [clerk]]);
  });

  test('in order, takes the seat whose turn has not come', () => {
    const { matter, newHead, refreshed } = organised(approve('a', [reviewer, head('u-a')], { mode: 'order' }));
    newHead('post-head-a', clerk);
    refreshed();
    expect(matter.of('SeatReassigned')[0]?.facts.task).toBeNull();
    expect(matter.seats('a')).toEqual([[reviewer]]);
    expect(matter.when(reviewer, 'agree').seats('a')).toEqual([[clerk]]);
  });
});

describe('what stays', () => {
  test('everything, where the rules name the same people still', () => {
    const { matter, refreshed } = organised(approve('a', [head('u-a'), clerk], { mode: 'all' }));
    const events = matter.events.length;
    refreshed();
    expect(matter.events.length).toBe(events);
  });

  test('a task that its holder handed on, until the receiver leaves', () => {
    const { matter, newHead, refreshed, leaves } = organised(approve('a', [head('u-a')]));
    matter.when(headA, 'transfer', { to: stranger });
    newHead('post-head-a', clerk);
    refreshed();
    expect(matter.seats('a')).toEqual([[stranger]]);
    leaves(stranger);
    refreshed();
    expect(matter.seats('a')).toEqual([[clerk]]);
  });

  test('a task that somebody has claimed', () => {
    const { matter, newHead, refreshed } = organised(handle('h', [head('u-a'), head('u-b')]));
    matter.when(headA, 'claim');
    newHead('post-head-a', clerk);
    refreshed();
    expect(moves(matter)).toEqual([]);
    matter.when(headA, 'release');
    refreshed();
    expect(matter.seats('h')).toEqual([[clerk, headB]]);
  });

  test('a seat whose unit was merged into another that signs already, while its holder is still here', () => {
    const { matter, newHead, refreshed, leaves } = organised(approve('a', [head('u-a'), head('u-b')], { mode: 'all' }));
    newHead('post-head-a', headB);
    refreshed();
    expect(matter.seats('a')).toEqual([[headA], [headB]]);
    leaves(headA);
    refreshed();
    // Nobody votes twice: what the merged head cannot sign again goes up.
    expect(matter.seats('a')).toEqual([[headB], [vice]]);
  });
});

describe('who may ask for it', () => {
  test('only an administrator, or the clock', () => {
    const { matter } = organised(approve('a', [named(headA)]));
    expect(matter.command(headA, { type: 'refresh', about: 'people', reason: '机构调整' })?.code).toBe('not-allowed');
  });
});

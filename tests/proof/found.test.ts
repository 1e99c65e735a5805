/** What the random walks found, each as the shortest play that shows it. */
import { expect, test } from 'vitest';
import { whoMayAct } from '../../workflows/machine/people/covers.ts';
import { play } from '../machine/support/play.ts';
import { cast, smallCalendar, smallSchool } from '../machine/support/school.ts';
import { approve } from '../machine/support/steps.ts';
import { plainDefinition } from '../machine/support/trees.ts';

const { headA, director, administrator, applicant, vice, president } = cast;

test('a rewind to a step ends the detour that would have come back to it', () => {
  const matter = play(plainDefinition([approve('a', [headA]), approve('b', [director])]));
  matter.when(headA, 'return', { next: 'back' });
  expect(matter.open).toEqual(['applicant!a']);
  expect(matter.command(administrator, { type: 'rewind', to: 'a', reason: '不必修改' })).toBe(null);
  expect(matter.open).toEqual(['a']);
});

/** The school when some people have left. */
function without(...gone: readonly string[]): ReturnType<typeof smallSchool> {
  const directory = smallSchool();
  const people = Object.values(directory.people).map((one) => (gone.includes(one.id) ? { ...one, active: false } : one));
  return { ...directory, people: Object.fromEntries(people.map((one) => [one.id, one])) };
}

test('the correction of an applicant who has left lies with the head of their unit', () => {
  const definition = plainDefinition([approve('a', [director])]);
  const { matter } = play(definition).when(director, 'return');
  const [task] = Object.values(matter.tasks);
  const world = { directory: without(applicant), calendar: smallCalendar, now: matter.updatedAt };
  const may = task === undefined ? [] : whoMayAct(definition, matter, task, world);
  expect(may.map((one) => [one.id, one.coverFor])).toEqual([[headA, applicant]]);
});

test('a delegate who leaves without anybody above them is stood in for, even where the administrator is the applicant', () => {
  const definition = plainDefinition([approve('a', [headA])]);
  const { matter } = play(definition, { applicant: administrator }).when(headA, 'delegate', { to: vice });
  const task = Object.values(matter.tasks).find((one) => !one.waiting);
  const world = { directory: without(vice), calendar: smallCalendar, now: matter.updatedAt };
  const may = task === undefined ? [] : whoMayAct(definition, matter, task, world);
  expect(may.map((one) => one.coverFor)).toEqual([vice]);
  expect([director, president]).toContain(may[0]?.id);
});

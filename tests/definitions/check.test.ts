/** Goal: every fault in the flow, the limits and the people of a definition is found, with its place and its cure. */
import { describe, expect, test } from 'vitest';
import { definitions } from '../../definitions/catalog.ts';
import { checkCatalog } from '../../definitions/check-catalog.ts';
import { formCatalog } from '../../definitions/forms.ts';
import { STEPS_MAX } from '../../definitions/language/check.ts';
import { approve, branch, choose, effect, findingsOf, forEach, handle, parallel } from './check-support.ts';

test('nothing is wrong with any published definition and its forms', () => {
  expect(checkCatalog(definitions, formCatalog)).toEqual([]);
});

test('a sound small definition has no findings', () => {
  const steps = [
    approve('first'),
    parallel('both', [branch([approve('left')]), branch([approve('right')])]),
    forEach('each', [
      handle('part', { assignees: { kind: 'item', says: '该单位' } }),
      approve('seen', { returnTo: ['part', 'first'] }),
    ]),
    handle('last', { assignees: { kind: 'actor-of', says: '审批人', step: 'left' }, returnTo: ['applicant', 'left'] }),
  ];
  expect(findingsOf(steps)).toEqual([]);
});

describe('step ids', () => {
  test('an id that stands twice is found, inside blocks too', () => {
    const found = findingsOf([approve('a'), choose('c', [branch([approve('a')])])]);
    expect(found).toEqual(['steps[1].branches[0].steps[0] (a): The step id "a" stands twice']);
  });

  test.each(['applicant', 'previous', 'matter', 'circulation', 'advice', 'extension'])('the reserved id %s is found', (id) => {
    expect(findingsOf([approve(id)])).toEqual([`steps[0] (${id}): The step id "${id}" is reserved`]);
  });

  test.each(['a@1', 'a!b', 'a.b', 'a b', 'A', '1a', '', 'x'.repeat(41)])('the id "%s" is no step id', (id) => {
    expect(findingsOf([approve(id)])).toEqual([`steps[0] (${id}): The step id "${id}" is not kebab case`]);
  });
});

describe('lists and branches', () => {
  test('a process without steps is found', () => {
    expect(findingsOf([])).toEqual(['steps: A process has at least one step']);
  });

  test(`more than ${STEPS_MAX} steps are found`, () => {
    const many = Array.from({ length: STEPS_MAX + 1 }, (_, at) => approve(`s${at}`));
    expect(findingsOf(many)).toEqual([`steps: A process has at most ${STEPS_MAX} steps, this one has ${STEPS_MAX + 1}`]);
    expect(findingsOf(many.slice(1))).toEqual([]);
  });

  test.each([
    ['choose', choose('c', [])],
    ['parallel', parallel('c', [])],
  ])('a %s without branches is found', (kind, step) => {
    expect(findingsOf([step])).toEqual([`steps[0] (c): A ${kind} has at least one branch`]);
  });

  test('a parallel of one branch is found', () => {
    expect(findingsOf([parallel('p', [branch([approve('a')])])])).toEqual([
      'steps[0] (p): A parallel of one branch runs nothing at once',
    ]);
  });

  test('empty lists inside blocks are found', () => {
    const steps = [choose('c', [branch([])]), parallel('p', [branch([approve('a')]), branch([])]), forEach('f', [])];
    expect(findingsOf(steps)).toEqual([
      'steps[0] (c).branches[0]: A branch holds at least one step',
      'steps[1] (p).branches[1]: A branch holds at least one step',
      'steps[2] (f): A forEach holds at least one step',
    ]);
  });

  test('a branch that says nothing is found', () => {
    expect(findingsOf([choose('c', [branch([approve('a')], { says: ' ' })])])).toEqual([
      'steps[0] (c).branches[0]: Each branch says its condition',
    ]);
  });

  test('a condition that looks at nothing is found', () => {
    expect(findingsOf([choose('c', [branch([approve('a')], { when: () => true })])])).toEqual([
      'steps[0] (c).branches[0]: The condition looks at nothing, so it or what comes after it is unreachable',
    ]);
  });

  test('a branch with the condition of an earlier one is unreachable', () => {
    expect(findingsOf([choose('c', [branch([approve('a')]), branch([approve('b')])])])).toEqual([
      'steps[0] (c).branches[1]: The branch is unreachable: an earlier one has the same condition',
    ]);
  });
});

describe('limits', () => {
  test('a step without a limit is found', () => {
    expect(findingsOf([approve('a', { limit: undefined })])).toEqual([
      'steps[0] (a): Every step with people has a time limit (source 004)',
    ]);
  });

  test('a limit and a report rhythm that are no durations are found', () => {
    expect(findingsOf([handle('a', { limit: '2 wokdays', reports: { every: 'weekly' } })])).toEqual([
      'steps[0] (a): The limit "2 wokdays" is no duration',
      'steps[0] (a): The report rhythm "weekly" is no duration',
    ]);
  });

  test('a process without a total limit or correction limit is found', () => {
    expect(findingsOf([approve('a')], { limit: undefined, correctionLimit: undefined })).toEqual([
      'limit: A process without a total limit is not published (source 004)',
      'correctionLimit: The applicant is told how long a correction may take',
    ]);
  });

  test.each(['limit', 'correctionLimit', 'statutoryLimit'])('a %s that is no duration is found', (field) => {
    expect(findingsOf([approve('a')], { [field]: '0 workdays' })).toEqual([`${field}: The limit "0 workdays" is no duration`]);
  });
});

describe('people', () => {
  test('a step without assignee rules is found', () => {
    expect(findingsOf([approve('a', { assignees: [] })])).toEqual(['steps[0] (a): A step has at least one assignee rule']);
  });

  test('a rule that does not say itself is found', () => {
    expect(findingsOf([approve('a', { assignees: { kind: 'applicant', says: '' } })])).toEqual([
      'steps[0] (a): Each assignee rule says itself',
    ]);
  });

  test('ofItem outside a forEach is found', () => {
    expect(findingsOf([approve('a', { assignees: { kind: 'item', says: '该单位' } })])).toEqual([
      'steps[0] (a): ofItem stands outside any forEach, so it finds nobody',
    ]);
  });

  const actorOf = (step: string): object => ({ assignees: { kind: 'actor-of', says: '前一办理人', step } });
  test.each([
    ['an unknown step', [approve('a', actorOf('b'))]],
    ['itself', [approve('b', actorOf('b'))]],
    ['a later step', [approve('a', actorOf('b')), approve('b')]],
  ])('actorOf names %s: found', (_what, steps) => {
    expect(findingsOf(steps)[0]).toMatch(/^steps\[0\] .*: actorOf\("b"\) names no step with people before this one$/);
  });

  test('actorOf a step in a branch beside, or an effect, is found', () => {
    const beside = parallel('p', [branch([approve('b')]), branch([approve('a', actorOf('b'))])]);
    expect(findingsOf([beside])).toHaveLength(1);
    expect(findingsOf([effect, approve('a', actorOf('note'))])).toHaveLength(1);
  });

  test('actorOf a step inside a forEach that has been left is found', () => {
    expect(findingsOf([forEach('f', [approve('b')]), approve('a', actorOf('b'))])).toEqual([
      'steps[1] (a): actorOf("b") looks into a forEach from outside, where it finds nobody',
    ]);
  });
});

describe('return targets', () => {
  test.each([
    ['an unknown step', [approve('a', { returnTo: ['nope'] })], 'returnTo names "nope", which is no step'],
    ['an effect', [effect, approve('a', { returnTo: ['note'] })], 'returnTo names "note", at which nobody acts'],
    [
      'a later step',
      [approve('a', { returnTo: ['b'] }), approve('b')],
      'returnTo names "b", which can never come before this step',
    ],
    ['nothing', [approve('a', { returnTo: [] })], 'A list of return targets names at least one'],
  ])('a return to %s is found', (_what, steps, rule) => {
    expect(findingsOf(steps)).toEqual([expect.stringContaining(rule)]);
  });

  test.each([
    ['choose', choose('p', [branch([approve('b')])], [approve('a', { returnTo: ['b'] })])],
    ['parallel', parallel('p', [branch([approve('b')]), branch([approve('a', { returnTo: ['b'] })])])],
  ])('a return into a branch beside in a %s is found', (_kind, step) => {
    expect(findingsOf([step])).toEqual([expect.stringContaining('"b", which can never come before')]);
  });
});

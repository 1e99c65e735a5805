/** Goal: every fault in what a step may have besides is found, with its place and its cure. */
import { describe, expect, test } from 'vitest';
import { checkCatalog } from '../../definitions/check-catalog.ts';
import type { Step } from '../../definitions/language/steps.ts';
import { plainDefinition } from '../machine/support/trees.ts';
import { approve, branch, findingsOf, forEach, forms, handle, parallel } from './check-support.ts';

const rule = (says: string): object => ({ kind: 'applicant', says });
const link = (changes: object): Step =>
  ({ kind: 'link', id: 'l', name: '关联', starts: () => [], waits: true, whenWithdrawn: 'leave', ...changes }) as Step;
const extension = { approver: rule('上级'), longest: '15 workdays', times: () => 1, limit: '2 workdays' };

describe('what a step may have besides', () => {
  test.each<[string, Step, string]>([
    ['a share of nothing', approve('a', { mode: { share: 0 } }), 'The share 0 of a vote is not above 0 and at most 1'],
    ['a share above all', approve('a', { mode: { share: 1.5 } }), 'The share 1.5 of a vote is not above 0 and at most 1'],
    ['a count of nobody', approve('a', { mode: { count: 0 } }), 'The number of votes 0 is no whole number from 1'],
    ['a count of halves', approve('a', { mode: { count: 1.5 } }), 'The number of votes 1.5 is no whole number from 1'],
    ['a share and a count', approve('a', { mode: { share: 1, count: 1 } }), 'A vote names either a share or a number of votes'],
    ['an unknown mode', approve('a', { mode: 'most' }), 'The mode "most" is unknown'],
    ['a vote without its rule', approve('a', { mode: 'vote' }), 'The mode "vote" is unknown'],
    ['a vote at handling', handle('a', { mode: { count: 1 } }), 'Handling knows no votes'],
    ['an unknown allocation', approve('a', { allocate: 'best' }), 'The allocation "best" is unknown'],
    [
      'an allocation to one of several who all act',
      approve('a', { allocate: 'random', mode: 'all' }),
      'An allocation gives the step to one person, but this step wants several',
    ],
    ['an unknown silence', approve('a', { silence: 'agree' }), 'The silence rule "agree" is unknown'],
    [
      'reading that can reject by silence',
      { ...approve('a', { silence: 'reject' }), kind: 'read' } as Step,
      'Nobody can stop a matter by not reading it',
    ],
    [
      'silence in the place of somebody in person',
      approve('a', { inPerson: true, silence: 'go-on' }),
      'What must be done in person is not done by silence',
    ],
    [
      'any of several in person',
      approve('a', { inPerson: true, assignees: [rule('甲'), rule('乙')] }),
      'In person means one person, but any of several may act here 或签',
    ],
    [
      'one of several in person by lot',
      approve('a', { inPerson: true, allocate: 'random' }),
      'In person and by allocation exclude each other',
    ],
    ['an unknown detour', approve('a', { withoutDetours: ['jump'] }), 'withoutDetours names "jump", which is no detour'],
    ['a detour twice', approve('a', { withoutDetours: ['claim', 'claim'] }), 'withoutDetours names a detour twice'],
    ['a clock that stops and does not say why', approve('a', { stopsClock: ' ' }), 'A clock that stops says why'],
    [
      'handling that is passed over when repeated',
      handle('a', { whenRepeated: 'once' }),
      'Only an approval can be passed over because it repeats one',
    ],
    [
      'a step that always passes',
      approve('a', { passes: () => '小额' }),
      'A rule by which the step passes looks at nothing, so nobody is ever asked',
    ],
    ['copies to nobody', approve('a', { copyTo: [] }), 'copyTo names nobody'],
    ['a copy to somebody unsaid', approve('a', { copyTo: rule('') }), 'Each assignee rule says itself'],
    [
      'an extension without an approver',
      handle('a', { extension: { ...extension, approver: [] } }),
      'An extension is granted by somebody',
    ],
    [
      'an extension as long as a typo',
      handle('a', { extension: { ...extension, longest: '15 workday s' } }),
      'The longest extension "15 workday s" is no duration',
    ],
    [
      'an extension whose approver has no limit',
      handle('a', { extension: { ...extension, limit: undefined } }),
      'Who grants an extension has a time limit',
    ],
    ['more time for an approval', approve('a', { extension }), 'Only handling can be given more time'],
    ['a limit on no day', approve('a', { limit: { date: '2026-02-29' } }), 'The limit names no real day'],
  ])('%s is found', (_what, step, found) => {
    expect(findingsOf([step])).toEqual([`steps[0] (a): ${found}`]);
  });

  test('all of it used rightly has no findings', () => {
    const steps = [
      approve('a', {
        mode: { share: 2 / 3, veto: true },
        withoutDetours: ['transfer', 'claim'],
        silence: 'go-on',
        copyTo: rule('甲'),
      }),
      approve('b', {
        allocate: 'round-robin',
        stopsClock: '等待第三方',
        whenRepeated: 'once',
        passes: ({ form }: { form: object }) => String(form),
      }),
      approve('c', { inPerson: true, mode: { count: 2 }, assignees: [rule('甲'), rule('乙')] }),
      handle('d', { extension, limit: { date: '2026-02-28' } }),
    ];
    expect(findingsOf(steps)).toEqual([]);
  });
});

describe('waiting, links and how branches run', () => {
  const both = [branch([approve('a')]), branch([approve('b')])];
  const wait = (until: unknown): Step => ({ kind: 'wait', id: 'w', name: '等待', until }) as Step;
  test.each<[string, Step, string]>([
    ['a wait without end', wait(undefined), '(w): A wait says until when'],
    ['a wait of no duration', wait('3 moons'), '(w): The limit of the wait "3 moons" is no duration'],
    ['a wait until no day', wait({ date: '2026-13-01' }), '(w): The limit of the wait names no real day'],
    [
      'a link that leaves open what becomes of its matters',
      link({ whenWithdrawn: undefined }),
      '(l): A link says what becomes of its matters when this one is withdrawn',
    ],
    [
      'a link that fails by what it does not wait for',
      link({ waits: false, whenFailed: 'reject' }),
      '(l): A matter that does not wait for the others can not fail by them',
    ],
    ['none at once', { ...parallel('p', both), atMost: 0 } as Step, '(p): atMost is 0, which is no whole number from 1 to 2'],
    [
      'more done than there are',
      { ...parallel('p', both), needed: 3 } as Step,
      '(p): needed is 3, which is no whole number from 1 to 2',
    ],
    [
      'half an item at once',
      { ...forEach('f', [approve('a')]), atMost: 0.5 } as Step,
      '(f): atMost is 0.5, which is no whole number from 1 to 200',
    ],
  ])('%s is found', (_what, step, found) => {
    expect(findingsOf([step])).toEqual([`steps[0] ${found}`]);
  });

  test('a link to a process that is in no catalog is found, one to a process of the catalog is not', () => {
    const starts = () => [{ processId: 'gone', form: {} }];
    const linked = plainDefinition([link({ starts })]);
    const catalogForms = { 'plain@1': forms({}, {}) };
    expect(checkCatalog([linked], catalogForms).map(({ place, rule: found }) => `${place}: ${found}`)).toEqual([
      'steps[0] (l): The link starts "gone", which is in no catalog',
    ]);
    const own = plainDefinition([link({ starts: () => [{ processId: 'plain', form: {} }] })]);
    expect(checkCatalog([own], catalogForms)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { definitions } from '../../definitions/catalog.ts';
import { checkCatalog, checkForms } from '../../definitions/check-catalog.ts';
import { formCatalog } from '../../definitions/forms.ts';
import { checkDefinition, checkDefinitions, STEPS_MAX } from '../../definitions/language/check.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { ProcessForms } from '../../definitions/language/forms.ts';
import type { Step, StepList } from '../../definitions/language/steps.ts';
import { plainDefinition } from '../machine/support/trees.ts';

/** An approval by the head of the applicant's unit, with some of its facts changed. */
function approve(id: string, changes: object = {}): Step {
  const rule = { kind: 'unit-head', says: '单位负责人', unit: null } as const;
  return { kind: 'approve', id, name: '审批', mode: 'any', assignees: rule, limit: '2 workdays', ...changes } as Step;
}

function handle(id: string, changes: object = {}): Step {
  return { ...approve(id, changes), kind: 'handle' } as Step;
}

const effect: Step = { kind: 'effect', id: 'note', name: '登记', does: () => ({ kind: 'release', resources: [], at: '' }) };

function choose(id: string, branches: readonly object[], otherwise: StepList = []): Step {
  // Wrong programs are what is tested here, so their types are set aside.
  return { kind: 'choose', id, name: '分支', branches, otherwise } as unknown as Step;
}

function parallel(id: string, branches: readonly object[]): Step {
  return { kind: 'parallel', id, name: '并行', branches } as unknown as Step;
}

function forEach(id: string, steps: StepList): Step {
  return { kind: 'forEach', id, name: '逐个', of: 'unit', items: () => [], steps };
}

const holds = ({ form }: { form: object }): boolean => 'yes' in form;
const branch = (steps: StepList, changes: object = {}): object => ({ says: '情形', when: holds, steps, ...changes });

/** The findings as `place: rule`, each with a cure. */
function findingsOf(steps: StepList, changes: object = {}): string[] {
  const found = checkDefinition(plainDefinition(steps, changes as Partial<ProcessDefinition>));
  for (const finding of found) expect(finding.cure).not.toBe('');
  return found.map(({ place, rule }) => `${place}: ${rule}`);
}

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

describe('versions and corrections', () => {
  test.each([
    ['effectiveFrom', '2026-02-30', '"2026-02-30" is no real day'],
    ['effectiveFrom', '10月1日', '"10月1日" is no real day'],
    ['correctionsMax', 0, '0 is no whole number from 1'],
    ['correctionsMax', 1.5, '1.5 is no whole number from 1'],
    ['whenNotCorrected', 'forget', '"forget" is unknown'],
    ['withdrawUntil', 'never', '"never" is unknown'],
  ])('%s %j is found', (field, value, found) => {
    expect(findingsOf([approve('a')], { [field]: value })).toEqual([`${field}: ${found}`]);
  });

  const version = (number: number, effectiveFrom?: string): ProcessDefinition =>
    plainDefinition([approve('a')], { version: number, ...(effectiveFrom === undefined ? {} : { effectiveFrom }) });

  test.each([
    ['earlier than the version before', version(2, '2026-09-30'), version(3, '2026-09-01')],
    ['on the same day', version(2, '2026-09-30'), version(3, '2026-09-30')],
    ['at no time, after one that has a day', version(2, '2026-09-30'), version(3)],
  ])('a version that takes over %s is found', (_when, before, after) => {
    expect(checkDefinitions([after, before]).map(({ process, place }) => `${process} ${place}`)).toEqual([
      'plain@3 effectiveFrom',
    ]);
  });

  test('versions that take over one after another are not', () => {
    expect(checkDefinitions([version(1), version(2), version(3, '2026-10-01'), version(4, '2026-10-02')])).toEqual([]);
  });

  test('a harmless field that the form does not have is found', () => {
    const definition = plainDefinition([approve('a')], { harmlessFields: ['phone', 'fax'] });
    const own = { ...forms({}, {}), form: z.strictObject({ phone: z.string() }) };
    expect(checkForms(definition, own).map(({ place, rule: found }) => `${place}: ${found}`)).toEqual([
      'harmlessFields: harmlessFields names "fax", which is no field of the form',
    ]);
  });
});

describe('facts', () => {
  test.each([
    ['id', 'Seal Use'],
    ['version', 0],
    ['version', 1.5],
    ['numberPrefix', 'y1'],
    ['name', ''],
    ['category', ' '],
    ['audience', ''],
    ['contact', ''],
    ['basis', []],
    ['basis', ['']],
    ['materials', []],
    ['applicants', []],
    ['register', []],
  ])('%s %j is found', (field, value) => {
    expect(findingsOf([approve('a')], { [field]: value })).toEqual([expect.stringMatching(new RegExp(`^${field}: `))]);
  });

  test('a material, a setting, a column and an archive class without their words are found', () => {
    const changes = {
      materials: [{ name: '清单', required: true, note: '' }],
      settings: { days: { title: '', default: 3, basis: '' } },
      register: [{ key: 'no', title: '', value: () => '' }],
      archive: { class: '', retention: () => '10-years', basis: '惯例' },
    };
    expect(findingsOf([approve('a')], changes).map((one) => one.split(':')[0])).toEqual([
      'materials[0]',
      'archive',
      'settings.days',
      'settings.days',
      'register[0]',
    ]);
  });

  test('two register columns of one key are found', () => {
    const column = { key: 'no', title: '编号', value: () => '' };
    expect(findingsOf([approve('a')], { register: [column, column] })).toEqual([
      'register[1]: The register has two columns "no"',
    ]);
  });

  test('a step without a name is found', () => {
    expect(findingsOf([approve('a', { name: '' })])).toEqual(['steps[0] (a): Each step has a name for people']);
  });
});

describe('a catalog', () => {
  const one = plainDefinition([approve('a')]);

  test('the same id and version twice is found', () => {
    expect(checkDefinitions([one, one]).map(({ place }) => place)).toEqual(['version']);
  });

  test('a number prefix of another process is found, that of an older version is not', () => {
    expect(checkDefinitions([one, { ...one, version: 2 }])).toEqual([]);
    expect(checkDefinitions([one, { ...one, id: 'other' }]).map(({ rule }) => rule)).toEqual([
      'The number prefix "TEST" already belongs to plain',
    ]);
  });

  test('forms without their process are found', () => {
    expect(checkCatalog([], { 'gone@1': forms({}, {}) }).map(({ process, place }) => `${process} ${place}`)).toEqual([
      'gone@1 forms',
    ]);
  });
});

function forms(outputs: ProcessForms['outputs'], outputExamples: ProcessForms['outputExamples']): ProcessForms {
  return { form: z.strictObject({}), outputs, outputExamples, example: () => ({ person: 'p', form: {}, attachments: [] }) };
}

describe('forms', () => {
  const definition = plainDefinition([approve('a'), choose('c', [branch([handle('do-it')])])]);
  const schema = z.strictObject({});

  test('a process without forms is found', () => {
    expect(checkForms(definition, undefined).map(({ place }) => place)).toEqual(['forms']);
  });

  test('a handling step without output form or example is found, in a branch too', () => {
    expect(checkForms(definition, forms({}, {})).map(({ place, rule }) => `${place}: ${rule}`)).toEqual([
      'steps[1].branches[0].steps[0] (do-it): A handling step has an output form',
      'steps[1].branches[0].steps[0] (do-it): A handling step has an example of its output',
    ]);
    expect(checkForms(definition, forms({ 'do-it': schema }, { 'do-it': () => ({}) }))).toEqual([]);
  });

  test('an output form of no handling step is found', () => {
    const found = checkForms(definition, forms({ 'do-it': schema, a: schema }, { 'do-it': () => ({}), a: () => ({}) }));
    expect(found.map(({ place }) => place)).toEqual(['outputs.a']);
  });
});

/** Goal: every fault in versions, facts, forms and the catalog as a whole is found, with its place and its cure. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCatalog, checkForms } from '../../definitions/check-catalog.ts';
import { checkDefinitions } from '../../definitions/language/check.ts';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { plainDefinition } from '../machine/support/trees.ts';
import { approve, branch, choose, findingsOf, forms, handle } from './check-support.ts';

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

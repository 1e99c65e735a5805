import { describe, expect, test } from 'vitest';
import type { Fact } from '../../definitions/language/context.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given } from '../support/machine.ts';
import { contract, faultsOf, letter, pathOf, review, started } from './seal-use-support.ts';

const signed = ['unit-head', 'sign-leader', 'final-text'];

describe('a contract is sealed', () => {
  test('once its review has ended well, or while it is open with its final text, which comes after every signature', () => {
    expect(started(contract, review()).openSteps).toEqual(['unit-head']);
    expect(started(contract, review({ status: 'open', done: signed })).openSteps).toEqual(['unit-head']);
    expect(started(contract, review({ status: 'suspended', done: signed })).openSteps).toEqual(['unit-head']);
  });

  test('for whoever applied for its review, and for their unit', () => {
    const others = review({ applicant: demoCast.otherLecturer });
    const moved = review({ unit: 'u-law' });
    expect([started(contract, others).openSteps, started(contract, moved).openSteps]).toEqual([['unit-head'], ['unit-head']]);
  });

  test.each([
    ['without a review', {}],
    ['whose review is unknown', { facts: { source: { kind: 'matter', found: false } as Fact } }],
    ['whose review is open before its final text', review({ status: 'open', done: ['unit-head', 'sign-leader'] })],
    ['whose review was refused', review({ status: 'rejected', done: signed })],
    ['that names another kind of matter', review({ processId: 'seal-use' })],
    ['of another applicant in another unit', review({ applicant: demoCast.otherLecturer, unit: 'u-languages' })],
  ])('never %s, which is told in one and the same words', (_case, school) => {
    const message =
      '合同未经审查通过:请填写本人或本单位已办结、或已签署并上传定稿的合同审查办件编号(编号不存在、非本单位或尚未签署的均不能用印)';
    expect(faultsOf(contract, school)).toEqual([['/form/sourceRef', message]]);
    expect(faultsOf({ ...letter, sealType: '合同专用章' }, school)).toEqual([['/form/sourceRef', message]]);
  });

  test('in no more copies than it has, over all applications that name it', () => {
    const told = (copies: number, before: number) => faultsOf({ ...contract, copies }, review({}, before))[0]?.[1];
    expect(told(5, 0)).toBe('用印份数超过合同份数:合同共4份,已申请用印0份,还可申请4份');
    expect(told(2, 3)).toBe('用印份数超过合同份数:合同共4份,已申请用印3份,还可申请1份');
    expect(told(1, 9)).toBe('用印份数超过合同份数:合同共4份,已申请用印9份,还可申请0份');
    const starts = (copies: number, before: number) => started({ ...contract, copies }, review({}, before)).openSteps;
    expect([starts(4, 0), starts(1, 3)]).toEqual([['unit-head'], ['unit-head']]);
  });

  test('without the finance reviewers, who have read it in its review', () => {
    expect(pathOf({ ...contract, involvesMoney: true }, review())).toEqual(['unit-head', 'office', 'leader', 'stamp', 'collect']);
  });
});

test('the applications before are asked for by the number of the contract', () => {
  const no = 'HTSC-2026-0001';
  expect(sealUse.reads?.({ ...contract, sourceRef: no }, '2026-03-02T01:00:00.000Z')).toEqual([
    { kind: 'matter', as: 'source', no },
    {
      kind: 'similar',
      as: 'sealed',
      processId: 'seal-use',
      field: 'sourceRef',
      value: no,
      since: '2000-01-01T00:00:00.000Z',
      sum: 'copies',
    },
  ]);
  expect(sealUse.reads?.(letter, '2026-03-02T01:00:00.000Z')).toEqual([]);
});

test('a paper that is no contract uses up the copies of none, and names no stranger’s matter', () => {
  const message = '关联办件应为本人或本单位的办件;合同审查编号只在合同协议或合同专用章用印时填写';
  const named = { ...letter, sourceRef: 'HTSC-2026-0001' };
  const strangers = review({ processId: 'vehicle-use', applicant: demoCast.otherLecturer, unit: 'u-law' });
  expect(faultsOf(named, review())).toEqual([['/form/sourceRef', message]]);
  expect(faultsOf(named, strangers)).toEqual([['/form/sourceRef', message]]);
  expect(given(sealUse, review({ processId: 'vehicle-use' })).startedBy(demoCast.lecturer, named).openSteps).toEqual([
    'unit-head',
  ]);
});

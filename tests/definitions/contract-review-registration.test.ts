import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { messagesOf, sampleFiles } from '../support/machine.ts';
import { started } from './contract-review-support.ts';

const { lecturer } = demoCast;

describe('the registration of the signing', () => {
  const signedOnThird = (changes: JsonObject = {}) =>
    started({ start: '2026-03-06', end: '2026-12-31', ...changes })
      .carriedTo('sign-president')
      .at('2026-03-03T10:00:00+08:00')
      .carriedTo('register-signing')
      .at('2026-03-05T10:00:00+08:00');
  const done = { signed: true, signedOn: '2026-03-05', signedText: sampleFiles.pdf };
  const refused = (changes: JsonObject, now?: string) => {
    const matter = signedOnThird();
    if (now !== undefined) matter.at(now);
    return matter.refused(lecturer, 'complete', { output: { ...done, ...changes } }).faults;
  };
  const signedOn = (message: string) => [{ path: '/output/signedOn', message }];

  test('is not before the day on which it was approved', () => {
    expect(refused({ signedOn: '2026-03-02' })).toEqual(signedOn('未经审核或授权不得订立:签订日期早于批准签署日期'));
    expect(signedOnThird().when(lecturer, 'complete', { output: { ...done, signedOn: '2026-03-03' } }).outcome).toBe('completed');
  });

  test('is not after the day on which performance begins', () => {
    const late = '2026-03-09T10:00:00+08:00';
    expect(refused({ signedOn: '2026-03-07' }, late)).toEqual(signedOn('应先签订后履行,不得倒签'));
    const onTheDay = signedOnThird()
      .at(late)
      .when(lecturer, 'complete', { output: { ...done, signedOn: '2026-03-06' } });
    expect(onTheDay.outcome).toBe('completed');
    const agreed = { ...done, signedOn: '2026-03-09', performFrom: '2026-03-09' };
    expect(signedOnThird().at(late).when(lecturer, 'complete', { output: agreed }).outcome).toBe('completed');
    expect(refused({ signedOn: '2026-03-09', performFrom: '2026-03-08' }, late)).toEqual(signedOn('应先签订后履行,不得倒签'));
  });

  test('is not in the future', () => {
    expect(refused({ signedOn: '2026-03-06' })).toEqual(signedOn('签订日期不能晚于今天'));
  });

  test('a new beginning lies within the term', () => {
    for (const performFrom of ['2026-03-05', '2027-01-01']) {
      expect(refused({ performFrom })).toEqual([{ path: '/output/performFrom', message: '重新约定的履行期起应在原履行期内' }]);
    }
  });

  test('brings its day and its scan', () => {
    const matter = signedOnThird();
    expect(messagesOf(matter.refused(lecturer, 'complete', { output: { signed: true } }))).toEqual([
      '请上传已签订合同的扫描件(PDF)',
      '请填写签订日期',
    ]);
    expect(refused({ signedText: sampleFiles.docx })[0]?.message).toBe('请上传已签订合同的扫描件(PDF)');
  });

  test('a contract that was not concluded ends the matter with its reason', () => {
    const matter = signedOnThird();
    expect(messagesOf(matter.refused(lecturer, 'complete', { output: { signed: false } }))).toEqual(['请说明未签订的原因']);
    matter.when(lecturer, 'complete', { output: { signed: false, reason: '对方改变价格' } });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('合同未签订:对方改变价格');
  });

  test('sends nothing back: another text is another contract', () => {
    expect(signedOnThird().refused(lecturer, 'return', { to: 'applicant' }).code).toBe('action-not-offered');
  });

  test('its example holds after performance should have begun', () => {
    const matter = signedOnThird().at('2026-04-20T10:00:00+08:00').carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.registerRow.period).toBe('2026-04-20至2026-12-31');
  });
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal, type SchoolChanges, sampleFiles } from '../support/machine.ts';
import { form, SIMPLE, started, wan } from './contract-review-support.ts';

const { lecturer, computingHead, viceForResearch, president, legalAdviser, financeReviewer, auditReviewer } = demoCast;

const dueOf = (matter: Rehearsal, step: string) => matter.tasks.find((task) => task.step === step)?.due.dueAt;

describe('归口管理部门', () => {
  test.each([
    ['采购', demoCast.assetsHead],
    ['基建修缮', demoCast.logisticsHead],
    ['科研技术', demoCast.researchHead],
    ['合作办学', demoCast.academicHead],
    ['资产租赁处置', demoCast.assetsHead],
    ['借款', demoCast.financeHead],
    ['投资', demoCast.assetsHead],
    ['知识产权许可', demoCast.researchHead],
    ['捐赠', demoCast.assetsHead],
    ['其他', demoCast.officeDirector],
  ])('%s goes to %s', (type, head) => {
    expect(started({ type }).carriedTo('competent-unit').assigneesOf('competent-unit')).toEqual([head]);
  });

  test('the school may set another unit', () => {
    const school = { settings: { competentUnits: { 采购: 'u-logistics' } } };
    expect(started({}, school).carriedTo('competent-unit').assigneesOf('competent-unit')).toEqual([demoCast.logisticsHead]);
    const unknown = started({ type: '捐赠' }, school).carriedTo('competent-unit');
    expect(unknown.assigneesOf('competent-unit')).toEqual([demoCast.administrator]);
  });

  test('is not asked again where it applies itself', () => {
    const matter = given(contractReview);
    matter.startedBy('p-jin-xin', form(matter)).carriedTo('finance');
    expect(matter.path).toEqual(['unit-head', 'finance', 'audit', 'legal']);
  });
});

describe('which reviews are needed', () => {
  const reviews = (changes: JsonObject, school: SchoolChanges = {}) =>
    started(changes, school)
      .carriedTo('number')
      .path.filter((step) => ['finance', 'audit', 'legal'].includes(step));

  test.each<[string, JsonObject, string[]]>([
    ['expense of 10万 on a template is not major', { amount: wan(10), useTemplate: true }, ['finance', 'audit']],
    ['expense above 10万 is (ALS)', { amount: wan(10) + 1, useTemplate: true }, ['finance', 'audit', 'legal']],
    ['income above 10万 is not', { ...SIMPLE, amount: wan(50) }, ['finance', 'audit']],
    ['without a template the law is asked', { ...SIMPLE, amount: wan(5), useTemplate: false }, ['finance', 'audit', 'legal']],
    ['below 2万 the price is not audited', { ...SIMPLE, amount: wan(2) - 1 }, ['finance']],
    ['from 2万 it is', { ...SIMPLE, amount: wan(2) }, ['finance', 'audit']],
    ['without money on a template nobody', { ...SIMPLE, direction: '无金额', amount: undefined }, []],
    ['without money and template only the law', { direction: '无金额', amount: undefined }, ['legal']],
    ['building is major', { ...SIMPLE, type: '基建修缮', amount: wan(1) }, ['finance', 'legal']],
    ['joint schooling is major', { ...SIMPLE, type: '合作办学', direction: '无金额', amount: undefined }, ['legal']],
    ['investment is major', { ...SIMPLE, type: '投资', amount: wan(1) }, ['finance', 'legal']],
    ['licences are major', { ...SIMPLE, type: '知识产权许可', amount: wan(1) }, ['finance', 'legal']],
    [
      'disposal of important assets is major',
      { ...SIMPLE, type: '资产租赁处置', amount: wan(1), majorGrounds: ['重要资产处置'] },
      ['finance', 'legal'],
    ],
    ['what touches the reputation is major', { ...SIMPLE, amount: wan(1), majorGrounds: ['声誉重大'] }, ['finance', 'legal']],
    [
      '三重一大 is major',
      { ...SIMPLE, amount: wan(1), majorGrounds: ['三重一大'], meetingFiles: [sampleFiles.pdf] },
      ['finance', 'legal'],
    ],
  ])('%s', (_name, changes, expected) => {
    expect(reviews(changes)).toEqual(expected);
  });

  test('the school may have the law asked always', () => {
    expect(reviews({ ...SIMPLE, amount: wan(1) }, { settings: { templateSkipsLegal: false } })).toEqual(['finance', 'legal']);
  });

  test('they run beside each other', () => {
    const matter = started().carriedTo('finance');
    expect(matter.openSteps).toEqual(['finance', 'audit', 'legal']);
    expect(matter.assigneesOf('finance')).toContain(financeReviewer);
    expect(matter.assigneesOf('audit')).toEqual([auditReviewer]);
    expect(matter.assigneesOf('legal')).toContain(legalAdviser);
  });

  test('one disagreement ends the matter', () => {
    const matter = started().carriedTo('finance').when(financeReviewer, 'disagree', { opinion: '无预算' });
    expect(matter.outcome).toBe('rejected');
    expect(matter.openSteps).toEqual([]);
  });
});

describe('the legal review', () => {
  const atLegal = () => started().carriedTo('finance').when(financeReviewer, 'agree').when(auditReviewer, 'agree');
  const opinion = (word: string, comments?: string): { output: JsonObject } => ({
    output: { opinion: word, reviewedText: sampleFiles.docx, ...(comments === undefined ? {} : { comments }) },
  });

  test('通过 goes on to the number', () => {
    expect(atLegal().when(legalAdviser, 'complete', opinion('通过')).openSteps).toEqual(['number']);
  });

  test('修改后通过 goes back to the applicant, then to the second legal review', () => {
    const matter = atLegal().when(legalAdviser, 'complete', opinion('修改后通过', '补充违约责任'));
    expect(matter.openSteps).toEqual(['revise']);
    expect(matter.assigneesOf('revise')).toEqual([lecturer]);
    matter.when(lecturer, 'complete');
    expect(matter.openSteps).toEqual(['legal-second']);
    expect(matter.carriedToEnd().outcome).toBe('completed');
  });

  test('退回修改 has finance and audit read the new text too', () => {
    const matter = atLegal().when(legalAdviser, 'complete', opinion('退回修改', '合同主体须更换')).when(lecturer, 'complete');
    expect(matter.openSteps).toEqual(['finance-second', 'audit-second', 'legal-second']);
    expect(matter.carriedToEnd().outcome).toBe('completed');
  });

  test('退回修改 of a contract without money comes back to the law alone', () => {
    const matter = started({ direction: '无金额', amount: undefined }).carriedTo('legal');
    matter.when(legalAdviser, 'complete', opinion('退回修改', '重写')).when(lecturer, 'complete');
    expect(matter.openSteps).toEqual(['legal-second']);
  });

  test('不同意 ends the matter', () => {
    const matter = atLegal().when(legalAdviser, 'complete', opinion('不同意', '对方无签约资格'));
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('法律审查不同意:对方无签约资格');
  });

  test.each(['修改后通过', '退回修改', '不同意'])('%s says why', (word) => {
    expect(messagesOf(atLegal().refused(legalAdviser, 'complete', opinion(word)))).toEqual(['请写明修改意见或理由']);
  });

  test('is about the text of the form', () => {
    const output = { opinion: '通过', reviewedText: sampleFiles.pdf };
    expect(messagesOf(atLegal().refused(legalAdviser, 'complete', { output }))).toEqual(['审查的不是当前合同文本']);
  });

  const OTHER = 'file-11111111-d0c0';
  const OTHER_DOCX = {
    ...{ id: OTHER, name: '修改稿.docx', size: 1 },
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  };
  const revised = () => {
    const matter = given(contractReview, { files: [OTHER_DOCX] });
    matter.startedBy(lecturer, form(matter)).carriedTo('finance');
    matter.when(financeReviewer, 'agree').when(auditReviewer, 'agree');
    return matter.when(legalAdviser, 'complete', opinion('修改后通过', '补充违约责任'));
  };

  test('the changed text is Word', () => {
    const refused = (text: string) => messagesOf(revised().refused(lecturer, 'complete', { output: { text, changes: '已改' } }));
    expect(refused(sampleFiles.pdf)).toEqual(['仅接受可编辑的 Word 文本']);
    expect(refused('file-00000000-0000')).toEqual(['文件不存在或不是您上传的']);
  });

  test('the second review is about the changed text, and may send it back again or refuse it', () => {
    const second = () => revised().when(lecturer, 'complete', { output: { text: OTHER, changes: '已改' } });
    expect(messagesOf(second().refused(legalAdviser, 'complete', opinion('通过')))).toEqual(['复审的不是修改后的合同文本']);
    const refused = { opinion: '不同意', reviewedText: OTHER };
    expect(messagesOf(second().refused(legalAdviser, 'complete', { output: refused }))).toEqual(['请写明理由']);
    const ended = second().when(legalAdviser, 'complete', { output: { ...refused, comments: '仍有重大风险' } });
    expect(ended.matter.ending?.text).toBe('法律复审不同意:仍有重大风险');
    const again = second().when(legalAdviser, 'return', { to: 'revise' });
    expect(again.openSteps).toEqual(['revise']);
    expect(again.carriedToEnd().outcome).toBe('completed');
    expect(again.matter.outputs['legal-second']).toMatchObject({ opinion: '通过' });
  });
});

describe('limits', () => {
  test('a major contract has five working days at the law, another three (XHU)', () => {
    expect(dueOf(started().carriedTo('legal'), 'legal')).toBe('2026-03-09T09:30:00.000Z');
    const other = started({ ...SIMPLE, amount: wan(5), useTemplate: false }).carriedTo('legal');
    expect(dueOf(other, 'legal')).toBe('2026-03-05T09:30:00.000Z');
  });

  test('each other step has its own, and the whole has fifty working days', () => {
    const matter = started();
    expect(matter.matter.due.dueAt).toBe('2026-05-14T09:30:00.000Z');
    expect(dueOf(matter, 'unit-head')).toBe('2026-03-03T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('competent-unit'), 'competent-unit')).toBe('2026-03-03T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('finance'), 'finance')).toBe('2026-03-04T09:30:00.000Z');
    expect(dueOf(matter, 'audit')).toBe('2026-03-04T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('number'), 'number')).toBe('2026-03-03T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('sign-president'), 'sign-president')).toBe('2026-03-04T09:30:00.000Z');
    expect(dueOf(matter.carriedTo('register-signing'), 'register-signing')).toBe('2026-03-16T09:30:00.000Z');
  });

  test('a changed text comes within five working days and is read again in the legal limit', () => {
    const matter = started().carriedTo('legal');
    const output = { opinion: '退回修改', reviewedText: sampleFiles.docx, comments: '重写' };
    matter.when(legalAdviser, 'complete', { output }).carriedTo('revise');
    expect(dueOf(matter, 'revise')).toBe('2026-03-09T09:30:00.000Z');
    matter.carriedTo('legal-second');
    expect(dueOf(matter, 'legal-second')).toBe('2026-03-09T09:30:00.000Z');
    expect(dueOf(matter, 'finance-second')).toBe('2026-03-04T09:30:00.000Z');
    expect(dueOf(matter, 'audit-second')).toBe('2026-03-04T09:30:00.000Z');
  });
});

test('head, leader in charge, president and contract clerk are asked', () => {
  const matter = started({ amount: wan(50) });
  expect(matter.assigneesOf('unit-head')).toEqual([computingHead]);
  expect(matter.carriedTo('sign-leader').assigneesOf('sign-leader')).toEqual([viceForResearch]);
  expect(started().carriedTo('sign-president').assigneesOf('sign-president')).toEqual([president]);
  expect(started().carriedTo('number').assigneesOf('number')).toEqual([demoCast.contractClerk]);
});

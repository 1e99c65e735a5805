import { describe, expect, test } from 'vitest';
import type { Context, Decision } from '../../definitions/language/context.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import type { ContractReview } from '../../definitions/processes/contract-review/rules.ts';
import { signingFaults } from '../../definitions/processes/contract-review/signing.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { contextOf } from '../../workflows/machine/context.ts';
import { given, messagesOf, type Rehearsal, type SchoolChanges, sampleFiles } from '../support/machine.ts';
import { form, SIMPLE, started, wan } from './contract-review-support.ts';

const { lecturer, otherLecturer, computingHead, viceForResearch, president } = demoCast;

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const OTHER_TEXT = { id: 'file-11111111-d0c0', name: '另一文本.docx', type: DOCX, size: 1 };

describe('who signs (AHNU 校财字〔2020〕14号)', () => {
  const signers = (changes: JsonObject, school: SchoolChanges = {}) =>
    started(changes, school)
      .carriedToEnd()
      .path.filter((step) => step.startsWith('sign-'));
  const unclear = (total: number) => ({ ...SIMPLE, amount: undefined, amountUnknown: true, expectedTotal: total });

  test.each<[string, JsonObject, string[]]>([
    ['below 2万 the head of the unit', { ...SIMPLE, amount: wan(2) - 1 }, ['sign-unit']],
    ['2万 the head of the unit', { ...SIMPLE, amount: wan(2) }, ['sign-unit']],
    ['just below 10万 the head of the unit', { ...SIMPLE, amount: wan(10) - 1 }, ['sign-unit']],
    ['10万 the leader in charge', { ...SIMPLE, amount: wan(10) }, ['sign-leader']],
    ['just below 100万 the leader in charge', { ...SIMPLE, amount: wan(100) - 1 }, ['sign-leader']],
    ['100万 the president', { ...SIMPLE, amount: wan(100) }, ['sign-president']],
    ['a loan the president', { ...SIMPLE, type: '借款', amount: wan(1) }, ['sign-president']],
    ['an investment the president', { ...SIMPLE, type: '投资', amount: wan(1) }, ['sign-president']],
    ['legal representative required: the president', { ...SIMPLE, amount: wan(1), legalRepMustSign: true }, ['sign-president']],
    ['unclear, expected just below 10万: the head', unclear(wan(10) - 1), ['sign-unit']],
    ['unclear, expected 10万: the leader', unclear(wan(10)), ['sign-leader']],
    ['unclear, expected 100万: the president', unclear(wan(100)), ['sign-president']],
    ['without money the head of the unit', { ...SIMPLE, direction: '无金额', amount: undefined }, ['sign-unit']],
    ['handed up from the start to the leader', { ...SIMPLE, amount: wan(1), handUpTo: '分管校领导' }, ['sign-leader']],
    ['handed up from the start to the president', { ...SIMPLE, amount: wan(1), handUpTo: '校长' }, ['sign-president']],
    ['never handed down', { ...SIMPLE, amount: wan(100), handUpTo: '分管校领导' }, ['sign-president']],
  ])('%s', (_name, changes, expected) => {
    expect(signers(changes)).toEqual(expected);
  });

  test('another school draws its lines at 5万 and 50万', () => {
    const school = { settings: { leaderFrom: wan(5), presidentFrom: wan(50) } };
    expect(signers({ ...SIMPLE, amount: wan(5) - 1 }, school)).toEqual(['sign-unit']);
    expect(signers({ ...SIMPLE, amount: wan(5) }, school)).toEqual(['sign-leader']);
    expect(signers({ ...SIMPLE, amount: wan(50) }, school)).toEqual(['sign-president']);
  });
});

describe('signing', () => {
  const atUnit = () => started({ ...SIMPLE, amount: wan(5) }).carriedTo('sign-unit');
  const say = (decision: string, note?: string): { output: JsonObject } => ({
    output: { decision, ...(note === undefined ? {} : { note }) },
  });

  test('a lower signer hands up, step by step, to the president', () => {
    const matter = atUnit().when(computingHead, 'complete', say('提请上级', '涉及学校声誉,已请示唐校长'));
    expect(matter.openSteps).toEqual(['sign-leader']);
    matter.when(viceForResearch, 'complete', say('提请上级', '已请示沈校长'));
    expect(matter.openSteps).toEqual(['sign-president']);
    matter.when(president, 'complete', say('签署')).carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.registerRow.signedBy).toBe('沈文博');
  });

  test('the leader signs what the head handed up', () => {
    const matter = atUnit().when(computingHead, 'complete', say('提请上级', '已请示')).carriedToEnd();
    expect(matter.registerRow.signedBy).toBe('唐景华');
  });

  test.each([
    ['承办单位负责人', SIMPLE, wan(5), computingHead],
    ['分管校领导', SIMPLE, wan(50), viceForResearch],
    ['校长', SIMPLE, wan(500), president],
  ])('%s may refuse, with a reason', (who, changes, amount, signer) => {
    const matter = started({ ...changes, amount });
    while (!matter.openSteps.some((step) => step.startsWith('sign-'))) {
      const [next] = matter.tasks;
      matter.when(next?.assignees[0]?.id ?? '', next?.kind === 'approve' ? 'agree' : 'complete', { step: next?.visit ?? '' });
    }
    expect(messagesOf(matter.refused(signer, 'complete', say('不同意')))).toEqual(['请说明理由']);
    matter.when(signer, 'complete', say('不同意', '价格过高'));
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe(`${who}不同意签署:价格过高`);
  });

  test('handing up says why', () => {
    expect(messagesOf(atUnit().refused(computingHead, 'complete', say('提请上级')))).toEqual(['请说明理由']);
  });

  test('a head who applies does not sign for themselves', () => {
    const matter = given(contractReview);
    matter.startedBy(computingHead, form(matter, { ...SIMPLE, amount: wan(5) })).carriedTo('sign-unit');
    expect(matter.assigneesOf('sign-unit')).toEqual([viceForResearch]);
  });
});

describe('the president’s delegate', () => {
  const atPresident = (changes: JsonObject = {}) => started(changes).carriedTo('sign-president');
  const delegation = { decision: '委托他人', delegate: viceForResearch, authorization: sampleFiles.pdf };

  test('signs by a letter of authority', () => {
    const matter = atPresident().when(president, 'complete', { output: delegation });
    expect(matter.openSteps).toEqual(['sign-delegate']);
    expect(matter.assigneesOf('sign-delegate')).toEqual([viceForResearch]);
    expect(matter.carriedToEnd().registerRow.signedBy).toBe('唐景华');
  });

  test('may refuse', () => {
    const matter = atPresident().when(president, 'complete', { output: delegation });
    matter.when(viceForResearch, 'complete', { output: { decision: '不同意', note: '条款不利' } });
    expect(matter.matter.ending?.text).toBe('受托人不同意签署:条款不利');
  });

  test('is an active person with a letter, and not the applicant', () => {
    const refused = (output: JsonObject) => messagesOf(atPresident().refused(president, 'complete', { output }));
    expect(refused({ decision: '委托他人' })).toEqual(['请选择在岗的受托签署人', '委托签署须附授权委托书']);
    expect(refused({ ...delegation, delegate: demoCast.retired })).toEqual(['请选择在岗的受托签署人']);
    expect(refused({ ...delegation, delegate: lecturer })).toEqual(['承办人不得受托签署本人承办的合同']);
    expect(refused({ ...delegation, authorization: 'file-00000000-0000' })).toEqual(['委托签署须附授权委托书']);
    expect(atPresident().when(president, 'complete', { output: { ...delegation, delegate: otherLecturer } }).openSteps).toEqual([
      'sign-delegate',
    ]);
  });

  test('does not sign what the legal representative must', () => {
    const matter = atPresident({ legalRepMustSign: true });
    expect(messagesOf(matter.refused(president, 'complete', { output: delegation }))).toEqual([
      '须法定代表人签署的合同不得委托他人签署',
    ]);
  });
});

describe('未经审核或授权不得订立 (DXHT)', () => {
  const small = { ...SIMPLE, amount: wan(5) };

  /** What a signature would be refused for if the contract were other than it was when it was reviewed. */
  function refusedIf(before: JsonObject, after: JsonObject, decisions: Record<string, Decision[]> = {}): string[] {
    const matter = started(before).carriedTo('sign-unit');
    const context = contextOf(contractReview, matter.matter);
    const changed = {
      ...context,
      form: { ...context.form, ...after },
      decisions: (step: string) => decisions[step] ?? context.decisions(step),
    };
    // The matter's form and outputs passed this definition's own schemas.
    const known = changed as unknown as Context<ContractReview>;
    return signingFaults(1)(known, { decision: '签署' }).map((fault) => fault.message);
  }

  test.each<[string, JsonObject, JsonObject]>([
    ['已超出本级签署权限,须由分管校领导签署', small, { amount: wan(10) }],
    ['未经财务审查', { ...SIMPLE, direction: '无金额', amount: undefined }, small],
    ['未经审计审查', { ...SIMPLE, amount: wan(1) }, { amount: wan(5) }],
    ['法律审查未通过', small, { useTemplate: false }],
    ['法律审查后文本有修改,须再次送审', { ...small, useTemplate: false }, { text: OTHER_TEXT.id }],
  ])('nobody signs: %s', (message, before, after) => {
    expect(refusedIf(before, {})).toEqual([]);
    expect(refusedIf(before, after)).toEqual([`未经审核或授权不得订立:${message}`]);
  });

  test('what finance agreed to before the form was corrected was another contract', () => {
    const corrected = (at: string): Decision => ({
      ...{ person: lecturer, name: '陈思齐', action: 'complete', at },
      ...{ opinion: null, coverFor: null },
    });
    expect(refusedIf(small, {}, { applicant: [corrected('2026-03-02T00:59:00.000Z')] })).toEqual([]);
    expect(refusedIf(small, {}, { applicant: [corrected('2026-03-02T01:00:01.000Z')] })).toEqual([
      '未经审核或授权不得订立:未经财务审查',
    ]);
  });

  /** A matter that its signer sent to the applicant straight back, with another form. */
  function corrected(after: JsonObject): Rehearsal {
    const matter = given(contractReview, { files: [OTHER_TEXT] });
    matter.startedBy(lecturer, form(matter)).carriedTo('sign-president');
    matter.when(president, 'return', { to: 'applicant', next: 'back', opinion: '请补正' });
    return matter.when(lecturer, 'complete', { output: form(matter, after) });
  }

  test.each<[string, JsonObject]>([
    ['amount', { amount: wan(130) }],
    ['text', { text: OTHER_TEXT.id }],
    ['party', { counterparty: '某某科技有限公司' }],
  ])('another %s is read by everybody again, straight back or not', (_field, changes) => {
    const matter = corrected(changes);
    expect(matter.openSteps).toEqual(['unit-head']);
    expect(matter.carriedToEnd().outcome).toBe('completed');
    expect(matter.path.filter((step) => step === 'finance')).toHaveLength(2);
  });

  test('another phone number or campus goes straight back to the signer', () => {
    expect(corrected({ phone: '6605', campus: 'south' }).openSteps).toEqual(['sign-president']);
  });
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal, type SchoolChanges, sampleFiles } from '../support/machine.ts';
import { form, SIMPLE, started, wan } from './contract-review-support.ts';

const { lecturer, otherLecturer, computingHead, viceForResearch, president, legalAdviser } = demoCast;

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
    const matter = atUnit().when(computingHead, 'complete', say('hand-up', '涉及学校声誉,已请示唐校长'));
    expect(matter.openSteps).toEqual(['sign-leader']);
    matter.when(viceForResearch, 'complete', say('hand-up', '已请示沈校长'));
    expect(matter.openSteps).toEqual(['sign-president']);
    matter.when(president, 'complete', say('sign')).carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.registerRow.signedBy).toBe('沈文博');
  });

  test('the leader signs what the head handed up', () => {
    const matter = atUnit().when(computingHead, 'complete', say('hand-up', '已请示')).carriedToEnd();
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
    expect(messagesOf(matter.refused(signer, 'complete', say('refuse')))).toEqual(['请说明理由']);
    matter.when(signer, 'complete', say('refuse', '价格过高'));
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe(`${who}不同意签署:价格过高`);
  });

  test('handing up says why', () => {
    expect(messagesOf(atUnit().refused(computingHead, 'complete', say('hand-up')))).toEqual(['请说明理由']);
  });

  test('a head who applies does not sign for themselves', () => {
    const matter = given(contractReview);
    matter.startedBy(computingHead, form(matter, { ...SIMPLE, amount: wan(5) })).carriedTo('sign-unit');
    expect(matter.assigneesOf('sign-unit')).toEqual([viceForResearch]);
  });
});

describe('the president’s delegate', () => {
  const atPresident = (changes: JsonObject = {}) => started(changes).carriedTo('sign-president');
  const delegation = { decision: 'delegate', delegate: viceForResearch, authorization: sampleFiles.pdf };

  test('signs by a letter of authority', () => {
    const matter = atPresident().when(president, 'complete', { output: delegation });
    expect(matter.openSteps).toEqual(['sign-delegate']);
    expect(matter.assigneesOf('sign-delegate')).toEqual([viceForResearch]);
    expect(matter.carriedToEnd().registerRow.signedBy).toBe('唐景华');
  });

  test('may refuse', () => {
    const matter = atPresident().when(president, 'complete', { output: delegation });
    matter.when(viceForResearch, 'complete', { output: { decision: 'refuse', note: '条款不利' } });
    expect(matter.matter.ending?.text).toBe('受托人不同意签署:条款不利');
  });

  test('is an active person with a letter, and not the applicant', () => {
    const refused = (output: JsonObject) => messagesOf(atPresident().refused(president, 'complete', { output }));
    expect(refused({ decision: 'delegate' })).toEqual(['请选择在岗的受托签署人', '委托签署须附授权委托书']);
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
  /** A matter that its signer sent to the applicant and that came straight back with another form. */
  function changedBehindReviews(before: JsonObject, after: JsonObject, step: string, signer: string): Rehearsal {
    const matter = given(contractReview, { files: [OTHER_TEXT] });
    matter.startedBy(lecturer, form(matter, before)).carriedTo(step);
    matter.when(signer, 'return', { to: 'applicant', next: 'back', opinion: '请补正' });
    return matter.when(lecturer, 'complete', { output: form(matter, { ...before, ...after }) });
  }
  const sign = { output: { decision: 'sign' } };
  const small = { ...SIMPLE, amount: wan(5) };

  test('an amount above the signer’s powers is not signed', () => {
    const matter = changedBehindReviews(small, { amount: wan(10) }, 'sign-unit', computingHead);
    expect(messagesOf(matter.refused(computingHead, 'complete', sign))).toEqual([
      '未经审核或授权不得订立:已超出本级签署权限,须由分管校领导签署',
    ]);
    expect(matter.when(computingHead, 'complete', { output: { decision: 'hand-up', note: '金额已增加' } }).openSteps).toEqual([
      'sign-leader',
    ]);
  });

  test('a text changed after the legal review goes there again (NAU)', () => {
    const matter = changedBehindReviews({}, { text: OTHER_TEXT.id }, 'sign-president', president);
    expect(messagesOf(matter.refused(president, 'complete', sign))).toEqual([
      '未经审核或授权不得订立:法律审查后文本有修改,须再次送审',
    ]);
    matter.when(president, 'return', { to: 'legal', next: 'back' }).when(legalAdviser, 'complete');
    expect(matter.when(president, 'complete', sign).openSteps).toEqual(['register-signing']);
  });

  test('changes that the law asks for on such a detour are made before anybody signs', () => {
    const matter = changedBehindReviews({}, { text: OTHER_TEXT.id }, 'sign-president', president);
    matter.when(president, 'return', { to: 'legal', next: 'back' });
    const output = { opinion: '修改后通过', reviewedText: OTHER_TEXT.id, comments: '补充违约责任' };
    matter.when(legalAdviser, 'complete', { output });
    expect(messagesOf(matter.refused(president, 'complete', sign))).toEqual(['未经审核或授权不得订立:法律审查未通过']);
    matter.when(president, 'return', { to: 'legal', next: 'replay' });
    expect(matter.when(legalAdviser, 'complete', { output }).openSteps).toEqual(['revise']);
    expect(matter.carriedToEnd().outcome).toBe('completed');
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['未经财务审查', { ...SIMPLE, direction: '无金额', amount: undefined }, small],
    ['未经审计审查', { ...SIMPLE, amount: wan(1) }, { amount: wan(5) }],
    ['法律审查未通过', small, { useTemplate: false }],
  ])('a review that a correction makes needful is not left out: %s', (message, before, after) => {
    const matter = changedBehindReviews(before, after, 'sign-unit', computingHead);
    expect(messagesOf(matter.refused(computingHead, 'complete', sign))).toEqual([`未经审核或授权不得订立:${message}`]);
    matter.when(computingHead, 'return', { to: 'applicant', next: 'replay' });
    expect(matter.carriedToEnd().outcome).toBe('completed');
  });
});

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

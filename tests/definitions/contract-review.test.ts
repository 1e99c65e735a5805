import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { isCreditCode } from '../../definitions/processes/contract-review/credit-code.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, sampleFiles } from '../support/machine.ts';
import { earlier, form, refusal, SIMPLE, started, wan } from './contract-review-support.ts';

const { lecturer } = demoCast;

describe('the example', () => {
  test('goes from the form to the registration of its signing', () => {
    const matter = given(contractReview).startedBy().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual([
      ...['unit-head', 'competent-unit', 'finance', 'audit', 'legal'],
      ...['number', 'sign-president', 'final-text', 'register-signing'],
    ]);
  });

  test.each(['2026-04-30T23:59:00+08:00', '2026-05-03T03:00:00+08:00', '2026-12-31T18:00:00+08:00'])(
    'is accepted at %s',
    (now) => {
      for (let serial = 0; serial < 100_000_000; serial += 9_999_991) {
        const matter = given(contractReview).at(now);
        expect(matter.startedBy(lecturer, matter.example(serial).form).openSteps).toEqual(['unit-head']);
      }
    },
  );

  test('is accepted again and again, for nobody signs above the president', () => {
    expect(started({}, earlier(12_600)).openSteps).toEqual(['unit-head']);
  });
});

describe('the credit code (GB 32100-2015)', () => {
  test('the example of the standard is right, with any other check character wrong', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true);
    for (const last of '0124567ABXY') expect(isCreditCode(`91350100M000100Y4${last}`)).toBe(false);
  });

  test.each([
    ['a digit changed', '91350100M000100Y53'],
    ['two digits exchanged', '91530100M000100Y43'],
    ['seventeen characters', '91350100M000100Y4'],
    ['nineteen characters', '91350100M000100Y430'],
    ['a letter that the standard leaves out', '91350100I000100Y43'],
    ['small letters', '91350100m000100y43'],
    ['a blank beside it', '91350100M000100Y43 '],
    ['nothing', ''],
  ])('%s is refused', (_name, creditCode) => {
    expect(refusal({ creditCode })).toEqual([{ path: '/form/creditCode', message: '统一社会信用代码应为18位且校验位正确' }]);
  });
});

describe('refusals of the form', () => {
  const expectOnly = (changes: JsonObject, path: string, message: string) =>
    expect(refusal(changes)).toEqual([{ path: `/form/${path}`, message }]);

  test('a unit does not contract in its own name', () => {
    expectOnly({ signAs: '计算机学院' }, 'signAs', '二级单位无权以本单位名义对外签约');
    expect(started({ signAs: '华川大学' }).openSteps).toEqual(['unit-head']);
  });

  test('a campus is one of the school’s', () => {
    expectOnly({ campus: 'moon' }, 'campus', '校区不存在,请从校区名录中选择');
  });

  test('only Word is accepted, and only what the applicant has uploaded', () => {
    for (const text of [sampleFiles.pdf, sampleFiles.png]) expectOnly({ text }, 'text', '仅接受可编辑的 Word 文本');
    expectOnly({ text: 'file-00000000-0000' }, 'text', '文件不存在或不是您上传的');
    expectOnly({ qualification: ['file-00000000-0000'] }, 'qualification/0', '文件不存在或不是您上传的');
  });

  test('a contract is concluded before it is performed', () => {
    expectOnly({ start: '2026-03-01' }, 'start', '应先签订后履行,不得倒签');
    expect(started({ start: '2026-03-02' }).openSteps).toEqual(['unit-head']);
    expectOnly({ start: '2026-03-10', end: '2026-03-09' }, 'end', '履行期止不能早于履行期起');
    expect(started({ start: '2026-03-10', end: '2026-03-10' }).openSteps).toEqual(['unit-head']);
  });

  test('there are at least three copies (LY), or as many as the school says', () => {
    expectOnly({ copies: 2 }, 'copies', '合同份数不少于3份');
    expect(started({ copies: 3 }).openSteps).toEqual(['unit-head']);
    expect(refusal({ copies: 3 }, { settings: { copiesMin: 4 } })).toEqual([
      { path: '/form/copies', message: '合同份数不少于4份' },
    ]);
  });

  test('the amount is known, expected or none', () => {
    expectOnly({ amount: undefined }, 'amount', '请填写合同金额');
    expectOnly({ amount: 0 }, 'amount', '请填写合同金额');
    expectOnly({ expectedTotal: wan(1) }, 'expectedTotal', '金额明确的合同不填写预计总额');
    expectOnly({ amount: undefined, amountUnknown: true }, 'expectedTotal', '金额不明确的合同请填写预计总额');
    expectOnly({ amountUnknown: true, expectedTotal: wan(1) }, 'amount', '金额不明确的合同只填写预计总额');
    const none = { direction: '无金额' };
    expectOnly(none, 'amount', '无金额合同不填写金额');
    expectOnly({ ...none, amount: undefined, expectedTotal: wan(1) }, 'expectedTotal', '无金额合同不填写预计总额');
    expectOnly({ ...none, amount: undefined, amountUnknown: true }, 'amountUnknown', '无金额合同不属于金额不明确');
    expect(started({ ...none, amount: undefined }).openSteps).toEqual(['unit-head']);
    expect(started({ amount: undefined, amountUnknown: true, expectedTotal: wan(1) }).openSteps).toEqual(['unit-head']);
  });

  test('a purchase names its procurement and brings its papers (NAU)', () => {
    expect(refusal({ procurementRef: undefined, procurementFiles: undefined })).toEqual([
      { path: '/form/procurementRef', message: '采购合同请填写采购(招标)编号' },
      { path: '/form/procurementFiles', message: '采购合同请附招投标文件、中标通知书或询价、谈判纪要' },
    ]);
    expect(started({ ...SIMPLE, procurementFiles: undefined }).openSteps).toEqual(['unit-head']);
  });

  test('三重一大 brings the decision of the meeting; every major contract where the school says so', () => {
    const message = '三重一大事项、重大合同按规定须附会议决定';
    const decided = { majorGrounds: ['三重一大'] };
    expectOnly(decided, 'meetingFiles', message);
    expect(started({ ...decided, meetingFiles: [sampleFiles.pdf] }).openSteps).toEqual(['unit-head']);
    expect(started({ majorGrounds: ['声誉重大'] }).openSteps).toEqual(['unit-head']);
    expect(refusal({}, { settings: { majorNeedsMeeting: true } })).toEqual([{ path: '/form/meetingFiles', message }]);
  });

  test('contracts of employment are not taken (SVCHR)', () => {
    expect(refusal({ type: '劳动聘用' })[0]?.message).toMatch(/^合同类型只能是:采购、基建修缮、/);
    expect(contractReview.audience).toContain('劳动、聘用合同除外');
  });

  test('all faults at once, also beside fields of the wrong kind', () => {
    const wrong = { creditCode: 5, phone: '', qualification: 'x', majorGrounds: null };
    const faults = refusal({ ...wrong, copies: 1, signAs: '计算机学院', start: '2020-01-01', text: sampleFiles.pdf });
    expect(faults.map((fault) => fault.path.slice('/form/'.length)).sort()).toEqual(
      ['copies', 'creditCode', 'majorGrounds', 'phone', 'qualification', 'signAs', 'start', 'text'].sort(),
    );
  });
});

describe('suspected splitting [C]', () => {
  const small = { ...SIMPLE, amount: wan(4) };
  /** What is said of one contract before, with both amounts in 万元. */
  const suspicion = (before: number, total: number, signer: string) =>
    `疑似拆分: 同一相对方12个月内合计已达上一级权限(已有HTSC-2025-0009合同${before}万元,连同本合同共${total}万元):` +
    `请合并为一份合同,或填写“不构成拆分的理由”并将“提请上级签署”选为“${signer}”`;
  const cures = (signer: string) => [
    { path: '/form/splitExplanation', message: '请说明不构成拆分的理由' },
    { path: '/form/handUpTo', message: `请选择提请${signer}签署` },
  ];

  test('is refused where the total of twelve months reaches a higher signer', () => {
    expect(started(small, earlier(5.99)).openSteps).toEqual(['unit-head']);
    const [leader, top] = ['分管校领导', '校长'];
    expect(refusal(small, earlier(6))).toEqual([{ path: '/form/amount', message: suspicion(6, 10, leader) }, ...cures(leader)]);
    expect(refusal(small, earlier(3, 3.5))[0]?.message).toBe(suspicion(6.5, 10.5, leader));
    expect(refusal(small, earlier(96))).toEqual([{ path: '/form/amount', message: suspicion(96, 100, top) }, ...cures(top)]);
    const middle = { ...SIMPLE, amount: wan(50) };
    expect(started(middle, earlier(49.99)).openSteps).toEqual(['unit-head']);
    expect(refusal(middle, earlier(50))[0]?.message).toBe(suspicion(50, 100, top));
  });

  test('counts the expected total of a contract without a clear amount', () => {
    const unclear = { ...SIMPLE, amount: undefined, amountUnknown: true, expectedTotal: wan(4) };
    expect(refusal(unclear, earlier(6))[0]).toEqual({ path: '/form/expectedTotal', message: suspicion(6, 10, '分管校领导') });
  });

  test('is taken with a reason when the signer of the total signs', () => {
    const explained = { ...small, splitExplanation: '两个课题组各自独立的技术开发' };
    const paths = (changes: JsonObject, before: number) => refusal(changes, earlier(before)).map((fault) => fault.path);
    expect(paths(explained, 6)).toEqual(['/form/amount', '/form/handUpTo']);
    expect(paths({ ...small, handUpTo: '分管校领导' }, 6)).toEqual(['/form/amount', '/form/splitExplanation']);
    const up = started({ ...explained, handUpTo: '分管校领导' }, earlier(6));
    expect(up.carriedToEnd().path).toContain('sign-leader');
    expect(paths({ ...explained, handUpTo: '分管校领导' }, 96)).toEqual(['/form/amount', '/form/handUpTo']);
    expect(started({ ...explained, handUpTo: '校长' }, earlier(96)).carriedToEnd().path).toContain('sign-president');
  });

  test('is not suspected of a contract without money, nor where the school does not ask', () => {
    expect(started({ ...SIMPLE, direction: '无金额', amount: undefined }, earlier(96)).openSteps).toEqual(['unit-head']);
    const lenient = { ...earlier(96), settings: { splitCheck: false } };
    expect(started(small, lenient).openSteps).toEqual(['unit-head']);
  });

  test('asks for the same party from the same day a year before', () => {
    const filled = form(given(contractReview));
    const asked = contractReview.reads?.(filled, '2026-03-02T01:00:00.000Z') ?? [];
    const common = { kind: 'similar', processId: 'contract-review', field: 'creditCode', value: filled.creditCode };
    expect(asked).toEqual([
      { ...common, as: 'amounts', sum: 'amount', since: '2025-03-02T01:00:00.000Z' },
      { ...common, as: 'expected', sum: 'expectedTotal', since: '2025-03-02T01:00:00.000Z' },
    ]);
    expect(contractReview.reads?.({ ...filled, direction: '无金额' }, '2026-03-02T01:00:00.000Z')).toEqual([]);
    expect(contractReview.reads?.({ direction: '支出' }, '2026-03-02T01:00:00.000Z')).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { messagesOf, sampleFiles } from '../support/machine.ts';
import { SIMPLE, started, wan } from './contract-review-support.ts';

const { legalAdviser } = demoCast;

describe('the contract number', () => {
  test.each(['', 'HT', 'HT 2026', 'H'.repeat(41)])('“%s” is none', (contractNo) => {
    const refused = started().carriedTo('number').refused(demoCast.contractClerk, 'complete', { output: { contractNo } });
    expect(messagesOf(refused)).toEqual(['合同编号应为3至40个字符,不含空格']);
  });
});

describe('the register 合同台账', () => {
  test('has a row with all that P04 asks for', () => {
    const matter = started().carriedTo('number');
    expect(matter.registerRow).toMatchObject({
      contractNo: null,
      signedBy: null,
      signedOn: null,
      archiveNo: null,
      status: '办理中',
    });
    matter.when(demoCast.contractClerk, 'complete', { output: { contractNo: '华大合〔2026〕7号' } }).carriedToEnd();
    const { creditCode, start, end } = matter.matter.form;
    expect(matter.registerRow).toEqual({
      no: 'HTSC-2026-0001',
      contractNo: '华大合〔2026〕7号',
      name: '高性能计算服务器采购合同',
      counterparty: '某某信息技术有限公司',
      creditCode,
      type: '采购',
      amount: wan(126),
      unit: '计算机学院',
      handler: '陈思齐',
      competent: '国有资产管理处',
      opinions: '财务:通过;审计:通过;法律:通过',
      signedBy: '沈文博',
      signedOn: '2026-03-02',
      sealNo: 'YYSQ-2026-0007',
      sealUse: '2026-03-02T01:00:00.000Z',
      payment: '可按合同付款',
      period: `${start}至${end}`,
      change: null,
      archiveNo: 'HTSC-2026-0001',
      remark: null,
      status: '已办结',
    });
    expect(contractReview.register.map((column) => column.title)).toEqual(
      expect.arrayContaining([
        ...['合同编号', '合同名称', '相对方', '类型', '金额(分)', '承办单位', '归口部门', '审查意见'],
        ...['签署人', '签订日', '用印日', '履行期', '变更/解除', '归档号'],
      ]),
    );
  });

  test('says that nothing is paid where the school earns', () => {
    expect(started({ ...SIMPLE, amount: wan(5) }).carriedToEnd().registerRow.payment).toBeNull();
  });

  test('tells the latest opinion of each reviewer', () => {
    const matter = started().carriedTo('legal');
    expect(matter.registerRow.opinions).toBeNull();
    const output = { opinion: '退回修改', reviewedText: sampleFiles.docx, comments: '重写' };
    matter.when(legalAdviser, 'complete', { output }).carriedToEnd();
    expect(matter.registerRow.opinions).toBe('财务:通过;审计:通过;法律:退回修改、复审通过');
  });

  test('notes a contract too small to need writing (AHMU)', () => {
    expect(started({ ...SIMPLE, amount: wan(2) - 1 }).registerRow.remark).toBe('低于起点金额,可不签订书面合同');
    expect(started({ ...SIMPLE, amount: wan(2) }).registerRow.remark).toBeNull();
    const none = started({ ...SIMPLE, direction: '无金额', amount: undefined }).registerRow;
    expect([none.remark, none.amount]).toEqual([null, null]);
  });
});

describe('retention (国家档案局令第8号)', () => {
  test.each<[string, JsonObject, string]>([
    ['a major contract for ever', {}, 'permanent'],
    ['one from 10万 thirty years', { ...SIMPLE, amount: wan(10) }, '30-years'],
    ['any other ten years', { ...SIMPLE, amount: wan(10) - 1 }, '10-years'],
  ])('%s', (_name, changes, retention) => {
    const matter = started(changes).carriedToEnd();
    expect(matter.eventsOf('EffectDone').map((event) => event.facts.effect)).toEqual([
      { kind: 'archive', class: '合同', retention },
    ]);
  });
});

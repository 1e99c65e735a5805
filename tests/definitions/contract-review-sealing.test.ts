import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { registrationFaults } from '../../definitions/processes/contract-review/sealing.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal, sampleFiles } from '../support/machine.ts';
import { form, started } from './contract-review-support.ts';

const { lecturer } = demoCast;

describe('the final text', () => {
  const atFinal = () => started().carriedTo('final-text');
  const final = { decision: '申请用印', pdf: sampleFiles.pdf, sameText: true, copies: 4, impressions: 2 };
  const refused = (output: JsonObject) => messagesOf(atFinal().refused(lecturer, 'complete', { output }));

  test('is asked of the applicant once the contract is signed, within five working days', () => {
    const matter = atFinal();
    expect(matter.assigneesOf('final-text')).toEqual([lecturer]);
    expect(matter.tasks[0]?.due.dueAt).toBe('2026-03-09T09:30:00.000Z');
    expect(matter.refused(lecturer, 'return', { to: 'applicant' }).code).toBe('action-not-offered');
  });

  test('is a PDF of the text that was signed, in no more copies than were reviewed', () => {
    expect(refused({ decision: '申请用印' })).toEqual([
      '请上传合同定稿(PDF)',
      '定稿须与审定签署的文本一致:有改动的是另一份合同,须重新送审',
      '请填写用印份数',
      '请填写每份印数',
    ]);
    expect(refused({ ...final, pdf: sampleFiles.docx })).toEqual(['请上传合同定稿(PDF)']);
    expect(refused({ ...final, sameText: false })).toEqual(['定稿须与审定签署的文本一致:有改动的是另一份合同,须重新送审']);
    expect(refused({ ...final, copies: 5 })).toEqual(['用印份数不得超过审定的合同份数4份']);
    expect(atFinal().when(lecturer, 'complete', { output: { ...final, copies: 3 } }).openLinks).toHaveLength(1);
  });

  test('that there is none any more ends the contract, with its reason', () => {
    expect(refused({ decision: '不再签订' })).toEqual(['请说明不再签订的原因']);
    const output = { decision: '不再签订', reason: '对方改变价格' };
    const matter = atFinal().when(lecturer, 'complete', { output });
    expect([matter.outcome, matter.matter.ending?.text]).toEqual(['rejected', '合同未签订:对方改变价格']);
    expect(matter.registerRow).toMatchObject({ status: '未获批准', payment: '未签订,不得付款' });
  });
});

/** A contract whose seal was asked for. */
function asked(): Rehearsal {
  return started().carriedTo('final-text').when(lecturer, 'complete');
}

function linkOf(matter: Rehearsal) {
  const [link] = matter.openLinks;
  if (link === undefined) throw new Error('No seal was asked for');
  return link;
}

describe('the seal', () => {
  test('is asked for by a matter of its own, filled in from the contract, in the version in force', () => {
    const matter = asked();
    const link = linkOf(matter);
    expect([link.processId, link.version, link.applicant]).toEqual(['seal-use', sealUse.version, lecturer]);
    expect(link.form).toEqual({
      campus: 'north',
      phone: '6604',
      sealType: '合同专用章',
      docTitle: '高性能计算服务器采购合同',
      docKind: '合同协议',
      copies: 4,
      impressions: 2,
      reason: '合同已经审查签署(HTSC-2026-0001),申请加盖合同专用章',
      receiver: '某某信息技术有限公司',
      signOff: '华川大学',
      sourceRef: 'HTSC-2026-0001',
      involvesMoney: true,
      major: false,
      complete: true,
      files: [sampleFiles.pdf],
    });
  });

  test('is applied for in a form that seal use accepts, and comes to its end', () => {
    const matter = asked();
    const source = {
      kind: 'matter' as const,
      found: true as const,
      no: matter.matter.no,
      processId: 'contract-review',
      status: 'open',
      title: matter.matter.title,
      applicant: lecturer,
      unit: 'u-computing',
      form: matter.matter.form,
      done: Object.values(matter.matter.visits).flatMap((visit) => (visit.outcome === 'completed' ? [visit.step] : [])),
    };
    const seal = given(sealUse, { facts: { source } }).startedBy(lecturer, linkOf(matter).form);
    expect(seal.carriedToEnd().outcome).toBe('completed');
  });

  test('is waited for: nothing is registered before it is on the contract', () => {
    const matter = asked();
    expect([matter.tasks, matter.outcome]).toEqual([[], null]);
    expect(matter.registerRow).toMatchObject({ sealUse: null, payment: '未用印,不得付款' });
    matter.at('2026-03-06T10:00:00+08:00').linkEnded(linkOf(matter).id);
    expect(matter.openSteps).toEqual(['register-signing']);
    expect(matter.registerRow).toMatchObject({
      sealNo: 'YYSQ-2026-0007',
      sealUse: '2026-03-06T02:00:00.000Z',
      payment: '未登记签订,不得付款',
    });
  });

  test.each(['rejected', 'withdrawn', 'refused', 'terminated'] as const)(
    '%s: the applicant asks again with a better text',
    (how) => {
      const matter = asked();
      matter.linkEnded(linkOf(matter).id, how, '份数有误');
      expect(matter.openSteps).toEqual(['unsealed']);
      expect(matter.assigneesOf('unsealed')).toEqual([lecturer]);
      matter.when(lecturer, 'return', { to: 'final-text', opinion: '已更正' });
      expect(matter.openSteps).toEqual(['final-text']);
      matter.when(lecturer, 'complete', {
        output: { decision: '申请用印', pdf: sampleFiles.pdf, sameText: true, copies: 3, impressions: 2 },
      });
      expect(linkOf(matter).form.copies).toBe(3);
      expect(matter.linkEnded(linkOf(matter).id).openSteps).toEqual(['register-signing']);
      expect(matter.carriedToEnd().outcome).toBe('completed');
    },
  );

  test('refused for good ends the contract, with both reasons', () => {
    const matter = asked();
    matter.linkEnded(linkOf(matter).id, 'rejected', '分管校领导审批不同意:条款有变');
    matter.when(lecturer, 'complete', { output: { reason: '对方不同意原条款' } });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe(
      '合同用印未办成(YYSQ-2026-0007分管校领导审批不同意:条款有变),不再签订:对方不同意原条款',
    );
  });

  test('no contract seal, no payment: a contract without it is not registered', () => {
    const matter = asked();
    matter.linkEnded(linkOf(matter).id);
    const context = {
      form: matter.matter.form,
      settings: matter.matter.settings,
      links: () => [],
      decisions: () => [],
      outputs: {},
    };
    const output = { signed: true, signedOn: '2026-03-02', signedText: sampleFiles.pdf };
    // Only the form, settings and links of the context are looked at before the day of signing.
    const call = registrationFaults as unknown as (context: object, output: object, world: object) => { message: string }[];
    expect(call(context, output, matter.world).map((fault) => fault.message)).toContain(
      '合同未加盖合同专用章,不得登记签订,不得付款',
    );
  });

  test('of another kind is a setting of the school, and decides in whose name it contracts', () => {
    const matter = given(contractReview, { settings: { sealType: '行政印章' } });
    matter.startedBy(lecturer, form(matter)).carriedTo('final-text').when(lecturer, 'complete');
    expect(linkOf(matter).form.sealType).toBe('行政印章');
  });

  test('called back when an administrator ends the contract', () => {
    const matter = asked();
    matter.command(demoCast.administrator, { type: 'terminate', reason: '重复送审' });
    expect(Object.values(matter.matter.links).map((link) => link.recalled)).toEqual([true]);
  });
});

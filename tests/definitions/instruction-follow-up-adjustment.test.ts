/** 003 避免机械执行“领导指示”: a unit may object or propose otherwise, with reasons, and is answered; what is late names its reason. */
import { describe, expect, test } from 'vitest';
import type { SupervisionFacts } from '../../definitions/language/supervision.ts';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { supervisionOf } from '../../workflows/machine/supervision/ledger.ts';
import { messagesOf, type Rehearsal, sampleFiles } from '../support/machine.ts';
import { academicClerk, academicHead, leader, started, supervisor, written } from './instruction-follow-up-support.ts';

const RESULT = { result: '已开通咨询专线', evidence: [sampleFiles.pdf] };
const ADJUSTMENT = { adjustment: { proposal: '改为下学期试点', reason: '系统正在更换' } };

function ledgerOf(matter: Rehearsal): SupervisionFacts {
  const { people, units } = matter.directory;
  return supervisionOf(instructionFollowUp, matter.matter, (id) => people[id]?.name ?? units[id]?.name ?? id);
}

describe('an objection at the receipt', () => {
  const objection = { about: '主办协办分工', reason: '选课系统由信息中心管理', proposal: '由信息中心主办' };
  const objected = () =>
    started()
      .carriedTo('receipt')
      .when(academicClerk, 'complete', { output: { received: true, objection } });

  test('is settled by the office before the work begins, and stands in the ledger until it is', () => {
    const matter = objected();
    expect(matter.openSteps).toEqual(['settle-objection']);
    expect(ledgerOf(matter).adjustment).toBe('教务处对主办协办分工有异议:选课系统由信息中心管理;建议:由信息中心主办');
    matter.when(supervisor, 'complete');
    expect(matter.openSteps).toEqual(['undertake']);
    expect(ledgerOf(matter).adjustment).toBeNull();
  });

  test('that is upheld leads back to the establishment, where the lead is settled anew', () => {
    const matter = objected().when(supervisor, 'return', { to: 'establish', opinion: '采纳异议' });
    matter.when(supervisor, 'complete', { output: { level: '一般', lead: 'u-it' } });
    expect(matter.assigneesOf('receipt')).toEqual(['p-sheng-kexin', 'p-cui-yong']);
    expect(ledgerOf(matter)).toMatchObject({ lead: 'u-it', adjustment: null });
  });

  test('can still be a return to the establishment', () => {
    const matter = started().carriedTo('receipt').when(academicClerk, 'return', { to: 'establish', opinion: '分工有误' });
    expect(matter.openSteps).toEqual(['establish']);
  });
});

describe('a reasoned proposal to do otherwise 调整建议', () => {
  const proposed = () => started().carriedTo('undertake').when(academicHead, 'complete', { output: ADJUSTMENT });

  test('is answered by the leader in person, and stands in the ledger until it is', () => {
    const matter = proposed();
    expect(matter.assigneesOf('answer-adjustment')).toEqual([leader]);
    expect(ledgerOf(matter).adjustment).toBe('改为下学期试点;理由:系统正在更换');
    matter.when(leader, 'complete');
    expect(ledgerOf(matter).adjustment).toBeNull();
    expect(matter.carriedToEnd().outcome).toBe('completed');
    expect(matter.path).toContain('verify');
  });

  test('that is not accepted goes back to the work, which then needs its result', () => {
    const matter = proposed();
    const refusal = matter.refused(leader, 'complete', { output: { decision: '不采纳,照原批示办理' } });
    expect(messagesOf(refusal)).toEqual(['请用“退回”退回“主办单位承办”,并写明意见']);
    matter.when(leader, 'return', { to: 'undertake', opinion: '照办' });
    expect(matter.openSteps).toEqual(['undertake']);
    expect(ledgerOf(matter).adjustment).toBeNull();
    expect(matter.when(academicHead, 'complete', { output: RESULT }).openSteps).toEqual(['result-report']);
  });

  test('takes the place of the result: one of the two, never both, never neither', () => {
    const matter = started().carriedTo('undertake');
    const refusedFor = (output: object) => messagesOf(matter.refused(academicHead, 'complete', { output: { ...output } }));
    expect(refusedFor({})).toEqual(['查无结果不得销号:请填写办理结果', '请上传佐证材料']);
    expect(refusedFor({ ...RESULT, ...ADJUSTMENT })).toEqual(['已有办理结果的,不再填写调整建议:请择一填写']);
    expect(refusedFor({ adjustment: { proposal: '缓办' } })).toHaveLength(1);
  });
});

describe('late work', () => {
  const refusedFor = (matter: Rehearsal) => messagesOf(matter.refused(academicHead, 'complete', { output: RESULT }));
  const late = '晚于原定时限办结的(含已获延期的),请选择逾期原因';

  test('names its reason in the words of P10, which the ledger shows', () => {
    const matter = started({ dueOn: '2026-03-06' }).carriedTo('undertake').at('2026-03-06T17:30:00+08:00');
    matter.at('2026-03-09T09:00:00+08:00');
    expect(refusedFor(matter)).toEqual([late]);
    matter.when(academicHead, 'complete', { output: { ...RESULT, delayReason: '外部审批' } });
    expect(ledgerOf(matter).delayReason).toBe('外部审批');
  });

  test('in time needs none, to the last minute', () => {
    const matter = started({ dueOn: '2026-03-06' }).carriedTo('undertake').at('2026-03-06T17:30:00+08:00');
    expect(matter.when(academicHead, 'complete', { output: RESULT }).openSteps).toEqual(['result-report']);
  });

  test('alone is shown with a reason: one that is named for work in time is not', () => {
    const matter = started().carriedTo('undertake');
    matter.when(academicHead, 'complete', { output: { ...RESULT, delayReason: '外部审批' } });
    expect(ledgerOf(matter).delayReason).toBeNull();
  });

  test('is told by the customary limit where no day was set (LARD)', () => {
    expect(refusedFor(started().carriedTo('undertake').at('2026-04-01T09:00:00+08:00'))).toEqual([late]);
  });
});

describe('the ledger’s facts', () => {
  test.each([
    ['会议决议', 'meeting-resolution'],
    ['年度重点工作', 'key-work'],
    ['收文', 'incoming-document'],
    ['签报', 'leader-instruction'],
    ['来信', 'mailbox'],
    ['信箱', 'mailbox'],
    ['专项', 'special-topic'],
  ])('what comes from %s counts as %s', (source, counts) => {
    expect(ledgerOf(started({ source })).source).toBe(counts);
  });

  test('tell who leads, checks and was reported to, and what came of it', () => {
    const matter = started({ assist: ['u-it'] });
    expect(ledgerOf(matter)).toMatchObject({
      sourceRef: written.sourceNo,
      content: written.text,
      lead: 'u-academic',
      assist: ['u-it'],
      responsible: null,
      leader,
      checker: null,
      result: null,
      reportedAt: null,
    });
    matter.carriedToEnd();
    const facts = ledgerOf(matter);
    expect(facts).toMatchObject({ level: '重要', checker: supervisor, reportedTo: leader });
    expect([facts.checkedAt, facts.reportedAt, facts.workDueAt, facts.result]).not.toContain(null);
  });
});

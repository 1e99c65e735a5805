import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal } from '../support/machine.ts';
import {
  academicClerk,
  academicDeputy,
  academicHead,
  faultsOf,
  leader,
  otherSupervisor,
  recorder,
  spoken,
  started,
  supervisor,
  written,
} from './instruction-follow-up-support.ts';

describe('an oral instruction', () => {
  const oral = (at: string): Rehearsal => given(instructionFollowUp).at(at).startedBy(recorder, spoken);

  test('is taken without scan and number until the close of the day after it', () => {
    expect(oral('2026-03-03T17:30:00+08:00').openSteps).toEqual(['confirm']);
    expect(faultsOf(spoken, '2026-03-03T17:30:01+08:00')).toEqual([['/form/instructedOn', '口头批示须 1 日内补录并经领导确认']]);
  });

  test('given on a Friday may be registered until Monday', () => {
    const friday = { ...spoken, instructedOn: '2026-03-06' };
    expect(given(instructionFollowUp).at('2026-03-09T17:30:00+08:00').startedBy(recorder, friday).openSteps).toEqual(['confirm']);
    expect(faultsOf(friday, '2026-03-10T09:00:00+08:00')).toHaveLength(1);
  });

  test('goes to its leader first, and to the establishment once confirmed', () => {
    const matter = oral('2026-03-02T10:00:00+08:00');
    expect(matter.assigneesOf('confirm')).toEqual([leader]);
    expect(messagesOf(matter.refused(leader, 'complete', { output: {} }))).toEqual(['请确认本批示属实;不属实的请退回登记人']);
    expect(matter.when(leader, 'complete').openSteps).toEqual(['establish']);
  });

  test('that the leader does not know goes back to the recorder, who can withdraw it', () => {
    const matter = oral('2026-03-02T10:00:00+08:00').when(leader, 'return', { opinion: '未作此批示' });
    expect(matter.openSteps).toEqual(['applicant']);
    expect(matter.command(recorder, { type: 'withdraw', reason: null }).outcome).toBe('withdrawn');
  });

  test('registered in time may be corrected later, and goes to its leader again', () => {
    const matter = oral('2026-03-02T10:00:00+08:00').when(leader, 'return', { opinion: '内容有出入' });
    const corrected = { ...spoken, text: '请教务处一周内报结果。' };
    matter.at('2026-03-04T09:00:00+08:00').when(recorder, 'complete', { output: corrected });
    expect(matter.openSteps).toEqual(['confirm']);
    expect(matter.matter.form.text).toBe('请教务处一周内报结果。');
  });

  test('once confirmed stays with the office: it can neither be returned nor withdrawn', () => {
    const matter = oral('2026-03-02T10:00:00+08:00').when(leader, 'complete');
    expect(matter.refused(supervisor, 'return', { to: 'confirm' }).code).toBe('action-not-offered');
    expect(matter.commandRefused(recorder, { type: 'withdraw', reason: null }).code).toBe('too-late');
  });
});

describe('establishment', () => {
  const establish = (output: JsonObject, changes: JsonObject = {}): string[][] => {
    const refusal = started(changes).refused(supervisor, 'complete', { output: { level: '一般', ...output } });
    return refusal.faults.map((fault) => [fault.path, fault.message]);
  };

  test('the one who registered does not establish their own registration', () => {
    const matter = given(instructionFollowUp).startedBy(supervisor, written);
    expect(matter.assigneesOf('establish')).toEqual([otherSupervisor, demoCast.officeDirector]);
  });

  test('an undertaker belongs to the lead unit, is not its head, and is no supervisor', () => {
    expect(establish({ undertaker: 'p-lei-ming' })).toEqual([['/output/undertaker', '承办人应为主办单位在职人员']]);
    expect(establish({ undertaker: academicHead })).toEqual([
      ['/output/undertaker', '主办单位主要负责人即第一责任人,不必另行指定'],
    ]);
    expect(establish({ undertaker: otherSupervisor }, { lead: 'u-office' })).toEqual([
      ['/output/undertaker', '督查员负责核查,不能承办'],
    ]);
  });

  test('the undertaker does the work, the head may too, and the head signs the report', () => {
    const matter = started().when(supervisor, 'complete', { output: { level: '一般', undertaker: academicDeputy } });
    expect(matter.carriedTo('undertake').assigneesOf('undertake')).toEqual([academicDeputy, academicHead]);
    matter.when(academicDeputy, 'complete');
    expect(matter.assigneesOf('result-report')).toEqual([academicHead]);
  });

  test('a lead unit without a head needs an undertaker', () => {
    const directory = demoUniversity();
    const post = directory.posts['head-u-academic'];
    if (post !== undefined) post.holders = [];
    const matter = given(instructionFollowUp, { directory }).startedBy(recorder, written);
    expect(messagesOf(matter.refused(supervisor, 'complete', { output: { level: '一般' } }))).toEqual([
      '缺责任人或时限:主办单位没有在任的主要负责人,请指定承办人',
    ]);
    matter.when(supervisor, 'complete', { output: { level: '一般', undertaker: academicDeputy } });
    expect(matter.carriedTo('undertake').assigneesOf('undertake')).toEqual([academicDeputy]);
  });

  test('its day is today or later and not after the leader’s own', () => {
    const changes = { dueOn: '2026-03-20' };
    expect(establish({ dueOn: '2026-03-01' }, changes)).toEqual([['/output/dueOn', '办结时限不能早于今天']]);
    expect(establish({ dueOn: '2026-03-21' }, changes)).toEqual([['/output/dueOn', '办结时限不得晚于批示领导确定的2026-03-20']]);
    const matter = started(changes).when(supervisor, 'complete', { output: { level: '一般', dueOn: '2026-03-20' } });
    expect(matter.carriedTo('undertake').matter.visits.undertake?.due.dueAt).toBe('2026-03-20T09:30:00.000Z');
  });

  test('its day is within the customary limit where the leader set none', () => {
    expect(establish({ dueOn: '2026-03-18' })).toEqual([['/output/dueOn', '批示领导未定时限的,办结时限不得晚于2026-03-17']]);
    const matter = started().when(supervisor, 'complete', { output: { level: '一般', dueOn: '2026-03-17' } });
    expect(matter.carriedTo('undertake').matter.visits.undertake?.due.dueAt).toBe('2026-03-17T09:30:00.000Z');
  });

  test('a unit that disputes its part sends it back, and the office names another lead (LARD)', () => {
    const matter = started({ assist: ['u-students'] }).carriedTo('receipt');
    matter.when(academicClerk, 'return', { to: 'establish', opinion: '应由学生工作处主办' });
    expect(matter.openSteps).toEqual(['establish']);
    const settled = { level: '一般', lead: 'u-students', assist: ['u-academic'] };
    matter.when(supervisor, 'complete', { output: settled });
    expect(matter.openSteps).toEqual(['receipt@0', 'receipt@1']);
    expect(matter.assigneesOf('receipt@0')).toContain(demoCast.studentsHead);
    expect(matter.carriedTo('undertake').assigneesOf('undertake')).toEqual([demoCast.studentsHead]);
    expect(matter.registerRow).toMatchObject({ lead: '学生工作处', assist: '教务处' });
  });

  test('a new lead is no longer an assisting unit', () => {
    const matter = started({ assist: ['u-students', 'u-it'] });
    matter.when(supervisor, 'complete', { output: { level: '一般', lead: 'u-students' } });
    expect(matter.matter.blocks.assignment?.items).toEqual(['u-students', 'u-it']);
    expect(establish({ lead: 'u-it', assist: ['u-it', 'u-gone'] })).toEqual([
      ['/output/assist/0', '主办单位不能同时为协办单位'],
      ['/output/assist/1', '协办单位不存在'],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';
import { given, messagesOf, type SchoolChanges, sampleFiles } from '../support/machine.ts';
import {
  academicClerk,
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

describe('the way of a written instruction', () => {
  test('the example goes through establishment, receipts, work, report, check, leader and close-out to its end', () => {
    const matter = given(instructionFollowUp).startedBy().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual([
      'establish',
      'receipt@0',
      'receipt@1',
      'receipt@2',
      'undertake',
      'assist@0',
      'assist@1',
      'result-report',
      'verify',
      'leader-review',
      'close-out',
    ]);
  });

  test('without assisting units only the lead unit is asked', () => {
    expect(started().carriedToEnd().path).toEqual([
      'establish',
      'receipt@0',
      'undertake',
      'result-report',
      'verify',
      'leader-review',
      'close-out',
    ]);
  });

  test('each step goes to the people whom the rules name', () => {
    const matter = started({ assist: ['u-it'] });
    const people: Record<string, string[]> = {};
    for (const step of ['establish', 'receipt@0', 'undertake', 'result-report', 'verify', 'leader-review', 'close-out']) {
      people[step] = matter.carriedTo(step).assigneesOf(step);
      if (step === 'undertake') people['assist@0'] = matter.assigneesOf('assist@0');
    }
    expect(people).toEqual({
      establish: [supervisor, otherSupervisor, demoCast.officeDirector],
      'receipt@0': [academicClerk, academicHead],
      undertake: [academicHead],
      'assist@0': ['p-cui-yong'],
      'result-report': [academicHead],
      verify: [supervisor, otherSupervisor],
      'leader-review': [leader],
      'close-out': [supervisor, otherSupervisor],
    });
  });

  test('the five records 五有 each stand in the register with their date', () => {
    const matter = started({ assist: ['u-it', 'u-students'], dueOn: '2026-03-20' });
    const days = ['03', '04', '05', '06', '09', '10', '11', '12', '13', '16', '17'];
    for (const day of days) {
      matter.at(`2026-03-${day}T10:00:00+08:00`);
      const task = matter.tasks[0];
      if (task !== undefined) matter.when(task.assignees[0]?.id ?? '', 'complete', { step: task.visit });
    }
    expect(matter.registerRow).toEqual({
      no: 'PSDB-2026-0001',
      source: '收文',
      leader: '顾明哲',
      instructedOn: '2026-03-02',
      title: '改进选课服务',
      lead: '教务处',
      assist: '信息与网络中心、学生工作处',
      level: '重要',
      dueOn: '2026-03-20',
      establishedAt: '2026-03-03T02:00:00.000Z',
      verifiedAt: '2026-03-13T02:00:00.000Z',
      reportedAt: '2026-03-16T02:00:00.000Z',
      bulletinAt: '2026-03-17T02:00:00.000Z',
      archivedAt: '2026-03-17T02:00:00.000Z',
      closedAt: '2026-03-17T02:00:00.000Z',
      result: '已开通选课咨询专线,优化选课系统排队机制,本学期选课投诉明显减少',
      reported: true,
      workLate: 0,
      daysLate: 0,
      status: '已办结',
    });
  });

  test('the register shows the day by which the work is due, never that of the whole', () => {
    const matter = started();
    expect(matter.registerRow.dueOn).toBeNull();
    expect(matter.carriedTo('undertake').registerRow.dueOn).toBe('2026-03-17');
    expect(started({ dueOn: '2026-03-20' }).registerRow).toMatchObject({ dueOn: '2026-03-20', status: '办理中' });
  });

  test('a matter closed a day and a half after its whole limit is two days late in the register', () => {
    const matter = started({ dueOn: '2026-03-20' });
    expect(matter.matter.due.dueAt).toBe('2026-04-09T09:30:00.000Z');
    matter.carriedTo('undertake').at('2026-04-10T20:00:00+08:00').carriedToEnd();
    expect(matter.registerRow).toMatchObject({ dueOn: '2026-03-20', workLate: 22, daysLate: 2 });
  });

  test('the close-out queues an entry for the bulletin with result and text', () => {
    const matter = started().carriedTo('close-out');
    matter.when(supervisor, 'complete', { output: { reported: true, bulletin: '教务处按期办结' } });
    expect(matter.eventsOf('EffectDone')[0]?.facts.effect).toEqual({
      kind: 'queue-bulletin',
      topic: '领导批示办理情况',
      entry: {
        title: '改进选课服务',
        leader,
        instructedOn: '2026-03-02',
        lead: 'u-academic',
        assist: [],
        level: '重要',
        dueOn: null,
        result: '已开通选课咨询专线,优化选课系统排队机制,本学期选课投诉明显减少',
        text: '教务处按期办结',
      },
    });
  });

  test.each([
    ['一般', '30-years'],
    ['重要', 'permanent'],
    ['重大', 'permanent'],
  ])('a follow-up of level %s is archived once, for %s', (level, retention) => {
    const matter = started().when(supervisor, 'complete', { output: { level } }).carriedToEnd();
    const archived = matter.eventsOf('EffectDone').filter((event) => event.facts.effect.kind === 'archive');
    expect(archived.map((event) => event.facts.effect)).toEqual([{ kind: 'archive', class: '领导批示', retention }]);
  });
});

describe('registration', () => {
  test.each([recorder, demoCast.officeDirector, demoCast.officeDeputyDirector, supervisor])(
    '%s of the office may register',
    (person) => {
      expect(given(instructionFollowUp).startedBy(person, written).openSteps).toEqual(['establish']);
    },
  );

  test.each([demoCast.lecturer, academicHead, leader])('%s may not register', (person) => {
    expect(given(instructionFollowUp).startRefused(person, written)).toMatchObject({
      code: 'not-allowed',
      message: '您没有发起“领导批示督办”的权限:党政办公室工作人员(登记人)',
    });
  });

  test('an instruction without its text is refused', () => {
    expect(faultsOf({ ...written, text: undefined })).toEqual([['/form/text', '无批示原文或出处:请填写批示原文']]);
    expect(faultsOf({ ...written, text: '  ' })).toEqual([['/form/text', '无批示原文或出处:请填写批示原文']]);
  });

  test('a written instruction without number and scan is refused, both at once', () => {
    expect(faultsOf({ ...written, sourceNo: undefined, scan: undefined })).toEqual([
      ['/form/sourceNo', '无批示原文或出处:请填写来源文号'],
      ['/form/scan', '无批示原文或出处:请上传批示原文扫描件'],
    ]);
  });

  test('a scan may be a picture, not a text document, and must be the recorder’s own', () => {
    expect(started({ scan: sampleFiles.png }).openSteps).toEqual(['establish']);
    expect(faultsOf({ ...written, scan: sampleFiles.docx })).toEqual([
      ['/form/scan', '“样例.docx”不是 PDF 或图片:请上传批示原文扫描件'],
    ]);
    expect(faultsOf({ ...written, scan: 'file-99999999' })).toEqual([['/form/scan', '文件不存在或不是您上传的']]);
  });

  test('only a leader of the school gives instructions', () => {
    expect(faultsOf({ ...written, leader: academicHead })).toEqual([
      ['/form/leader', '苏文清在批示日期不是校领导,批示领导应为校领导'],
    ]);
    expect(faultsOf({ ...written, leader: 'p-nobody' })).toEqual([['/form/leader', '批示领导不在学校人员名录中']]);
  });

  test('the recorder may not gain by the instruction (003)', () => {
    expect(faultsOf({ ...written, beneficiaries: [demoCast.lecturer, recorder] })).toEqual([
      ['/form/beneficiaries/1', '登记人不得为批示事项的受益人:请由他人登记'],
    ]);
    expect(started({ beneficiaries: [demoCast.lecturer] }).openSteps).toEqual(['establish']);
    expect(faultsOf({ ...written, beneficiaries: ['p-nobody'] })).toEqual([
      ['/form/beneficiaries/0', '受益人不在学校人员名录中'],
    ]);
  });

  test('the same matter is not followed up twice (R9 art. 15)', () => {
    const same = (count: number): SchoolChanges => ({
      facts: { same: { kind: 'similar', count, sum: 0, latest: count === 0 ? null : 'PSDB-2026-0003' } },
    });
    const refusal = given(instructionFollowUp, same(1)).startRefused(recorder, written);
    expect(refusal.faults).toEqual([{ path: '/form/sourceNo', message: '同一事项已立项(编号PSDB-2026-0003),不得重复督查' }]);
    expect(given(instructionFollowUp, same(0)).startedBy(recorder, written).openSteps).toEqual(['establish']);
    const similar = { kind: 'similar', processId: 'instruction-follow-up', since: '2000-01-01T00:00:00.000Z' };
    expect(instructionFollowUp.reads?.(written, '2026-03-02T01:00:00.000Z')).toEqual([
      { ...similar, as: 'same', field: 'sourceNo', value: '收文〔2026〕18号', also: { field: 'leader', value: leader } },
      { ...similar, as: 'titled', field: 'title', value: '改进选课服务', openOnly: true },
    ]);
    expect(instructionFollowUp.reads?.({ ...written, sourceNo: 5, title: 5 }, '2026-03-02T01:00:00.000Z')).toEqual([]);
  });

  test('a matter of the same title that is still open is named too', () => {
    const titled: SchoolChanges = { facts: { titled: { kind: 'similar', count: 1, sum: 0, latest: 'PSDB-2026-0009' } } };
    const refusal = given(instructionFollowUp, titled).startRefused(recorder, spoken);
    expect(refusal.faults).toEqual([{ path: '/form/title', message: '同一事项已立项(编号PSDB-2026-0009),不得重复督查' }]);
  });

  test('an instruction of tomorrow, and a day for the result before the instruction, are refused', () => {
    expect(faultsOf({ ...written, instructedOn: '2026-03-03' })).toEqual([['/form/instructedOn', '批示日期不能晚于今天']]);
    expect(faultsOf({ ...written, dueOn: '2026-03-01' })).toEqual([['/form/dueOn', '办结时限不能早于批示日期']]);
    expect(started({ dueOn: '2026-03-02' }).openSteps).toEqual(['establish']);
  });

  test('units must exist, and each is named once', () => {
    expect(faultsOf({ ...written, lead: 'u-nowhere', assist: ['u-it', 'u-it', 'u-nowhere', 'u-gone'] })).toEqual([
      ['/form/lead', '主办单位不存在'],
      ['/form/assist/1', '协办单位重复'],
      ['/form/assist/2', '协办单位不存在'],
      ['/form/assist/3', '协办单位不存在'],
    ]);
    expect(faultsOf({ ...written, assist: ['u-academic'] })).toEqual([['/form/assist/0', '主办单位不能同时为协办单位']]);
  });

  test('199 assisting units are taken, each with its receipt; 200 are refused', () => {
    const directory = demoUniversity();
    const ids = Array.from({ length: 200 }, (_, at) => `u-extra-${at}`);
    const model = directory.units['u-it'];
    for (const id of ids) if (model !== undefined) directory.units[id] = { ...model, id, name: id };
    const school = given(instructionFollowUp, { directory });
    expect(messagesOf(school.startRefused(recorder, { ...written, assist: ids }))).toEqual(['协办单位最多199个']);
    const matter = school.startedBy(recorder, { ...written, assist: ids.slice(1) }).carriedTo('receipt');
    expect(matter.tasks).toHaveLength(200);
  });

  test('an empty form is told everything that it lacks at once', () => {
    const paths = faultsOf({ source: '签报' }).map(([path]) => path);
    const fields = ['leader', 'instructedOn', 'text', 'title', 'lead', 'assist', 'urgency', 'difficulty', 'feedback'];
    expect(paths).toEqual([...fields, 'sourceNo', 'scan'].map((field) => `/form/${field}`));
  });

  test('every fault is told at once', () => {
    const form = { ...written, leader: academicHead, text: '', sourceNo: undefined, lead: 'u-nowhere', urgency: '很急' };
    expect(faultsOf(form).map(([path]) => path)).toEqual([
      '/form/text',
      '/form/urgency',
      '/form/leader',
      '/form/sourceNo',
      '/form/lead',
    ]);
  });
});

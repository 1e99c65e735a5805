/** 年度重点工作 (domain P20; 001 年度重点工作实行“月通报”). */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { keyWork } from '../../definitions/processes/key-work/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { supervisionOf } from '../../workflows/machine/supervision/ledger.ts';
import { given, messagesOf, type Rehearsal, sampleFiles } from '../support/machine.ts';

const { officeClerk, supervisor, academicHead, viceForAcademic } = demoCast;

const task: JsonObject = {
  year: 2026,
  task: '审核评估整改',
  source: '年度工作要点',
  goal: '通过专家回访',
  measures: '建立台账,逐项销号',
  lead: 'u-academic',
  assist: ['u-students'],
  responsible: academicHead,
  leader: viceForAcademic,
  milestones: [
    { name: '方案', on: '2026-04-30', percent: 30 },
    { name: '整改', on: '2026-09-30', percent: 80 },
  ],
  dueOn: '2026-12-18',
};
const LONG = '已召开三次协调会,明确各单位分工,整改事项正在逐项推进落实';

const started = (changes: JsonObject = {}): Rehearsal => given(keyWork).startedBy(officeClerk, { ...task, ...changes });
const faultsOf = (changes: JsonObject): string[][] =>
  given(keyWork)
    .startRefused(officeClerk, { ...task, ...changes })
    .faults.map((fault) => [fault.path, fault.message]);

function reported(matter: Rehearsal, report: { text?: string; percent: number; attachments?: string[] }): string[] {
  const { text = LONG, percent, attachments = [] } = report;
  const refusal = matter.attemptCommand(academicHead, { type: 'report', text, percent, attachments, task: null });
  return refusal === null ? [] : messagesOf(refusal);
}

describe('a key task', () => {
  test('goes from the plan over receipt, work and check to the leader in charge, the bulletin and the archive', () => {
    const matter = started().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual([
      'establish',
      'receipt@0',
      'receipt@1',
      'undertake',
      'assist@0',
      'verify',
      'leader-review',
      'close-out',
    ]);
    expect(matter.eventsOf('EffectDone').map((event) => event.facts.effect.kind)).toEqual(['queue-bulletin', 'archive']);
    expect(matter.matter.effects.archive?.effect).toMatchObject({ retention: '30-years' });
  });

  test('is done by who answers for it, checked by a supervisor, read by the leader in charge in person', () => {
    const matter = started({ assist: [], responsible: 'p-hao-jun' }).carriedTo('undertake');
    expect(matter.assigneesOf('undertake')).toEqual(['p-hao-jun', academicHead]);
    matter.when('p-hao-jun', 'complete');
    expect(matter.assigneesOf('verify')).toContain(supervisor);
    expect(matter.when(supervisor, 'complete').assigneesOf('leader-review')).toEqual([viceForAcademic]);
  });

  test('has its row in the 《推进表》: task, measures, who answers, limit, progress (001)', () => {
    const matter = started().carriedToEnd();
    expect(matter.registerRow).toMatchObject({
      task: '审核评估整改',
      measures: '建立台账,逐项销号',
      responsible: '苏文清',
      lead: '教务处',
      assist: '学生工作处',
      dueOn: '2026-12-18',
      progress: '已销号',
      status: '已办结',
    });
  });

  test('is told to the ledger as key work', () => {
    const matter = started();
    const facts = supervisionOf(keyWork, matter.matter, (id) => id);
    expect(facts).toMatchObject({ source: 'key-work', lead: 'u-academic', responsible: academicHead, leader: viceForAcademic });
    matter.carriedToEnd();
    expect(supervisionOf(keyWork, matter.matter, (id) => id)).toMatchObject({
      level: '重要',
      checker: supervisor,
      reportedTo: viceForAcademic,
    });
  });
});

describe('the registration', () => {
  test('wants people and units that fit, all faults at once', () => {
    expect(faultsOf({ responsible: demoCast.lecturer, leader: academicHead, assist: ['u-academic', 'u-it', 'u-it'] })).toEqual([
      ['/form/responsible', '责任人应为牵头单位人员;主要负责人为第一责任人'],
      ['/form/leader', '分管领导应为校领导'],
      ['/form/assist/0', '牵头单位不能同时为配合单位'],
      ['/form/assist/2', '配合单位重复'],
    ]);
  });

  test('wants a day in its year that lies ahead, and milestones in their order before it', () => {
    expect(faultsOf({ dueOn: '2027-01-10' })).toEqual([['/form/dueOn', '年底时限应在2026年内']]);
    expect(faultsOf({ dueOn: '2026-02-27', milestones: [] })).toEqual([['/form/dueOn', '年底时限不能早于今天']]);
    const milestones = [
      { name: '二', on: '2026-09-30', percent: 80 },
      { name: '一', on: '2026-04-30', percent: 30 },
      { name: '三', on: '2026-12-31', percent: 90 },
    ];
    expect(faultsOf({ milestones })).toEqual([
      ['/form/milestones/1/on', '里程碑应按日期先后排列'],
      ['/form/milestones/1/percent', '完成比例不能低于前一里程碑'],
      ['/form/milestones/2/on', '里程碑不能晚于年底时限'],
    ]);
  });

  test('is refused with the number of the same task of the year (R9 art. 15)', () => {
    const facts = { same: { kind: 'similar', count: 1, sum: 0, latest: 'ZDGZ-2026-0002' } } as const;
    const refusal = given(keyWork, { facts }).startRefused(officeClerk, task);
    expect(messagesOf(refusal)).toEqual(['同一事项已立项(编号ZDGZ-2026-0002),不得重复督查']);
    expect(keyWork.reads?.(task, '')).toEqual([
      {
        kind: 'similar',
        as: 'same',
        processId: 'key-work',
        field: 'task',
        value: '审核评估整改',
        since: '2025-11-01T00:00:00.000Z',
      },
    ]);
  });

  test('is for the office', () => {
    expect(given(keyWork).startRefused(demoCast.lecturer, task).code).toBe('not-allowed');
  });
});

describe('the monthly report', () => {
  const working = () => started({ assist: [] }).carriedTo('undertake');

  test('is asked for every month, and who gives none has missed it', () => {
    const matter = working().at('2026-04-03T09:00:00+08:00');
    expect(matter.eventsOf('ReportRequested')).toHaveLength(1);
    expect(reported(matter, { percent: 20 })).toEqual([]);
    matter.at('2026-06-10T09:00:00+08:00');
    expect(matter.eventsOf('ReportRequested')).toHaveLength(3);
    expect(matter.eventsOf('ReportMissed').map((event) => event.facts.number)).toEqual([2]);
  });

  test('has at least twenty characters (P20)', () => {
    expect(reported(working(), { text: '正在推进', percent: 5 })).toEqual(['进展不少于20字']);
  });

  test('that is less than the one before gives its reason (P20 单调或说明原因)', () => {
    const matter = working();
    expect(reported(matter, { percent: 40 })).toEqual([]);
    expect(reported(matter, { percent: 35 })).toEqual(['完成比例低于上次(40%),请写明“原因:……”']);
    expect(reported(matter, { percent: 35, text: `${LONG}。原因:新增两项整改任务` })).toEqual([]);
  });

  test('that lies behind its milestones names the problem (P20 未填问题原因)', () => {
    const matter = working().at('2026-04-29T09:00:00+08:00');
    expect(reported(matter, { percent: 20 })).toEqual([]);
    matter.at('2026-05-06T09:00:00+08:00');
    const behind = '未填问题原因:按里程碑应完成30%,进度滞后,请写明“问题:……”,需协调的写明“需协调:……”';
    expect(reported(matter, { percent: 25 })).toEqual([behind]);
    expect(reported(matter, { percent: 25, text: `${LONG}。问题:` })).toEqual([behind]);
    expect(reported(matter, { percent: 25, text: `${LONG}。问题:经费未落实` })).toEqual([]);
    expect(reported(matter, { percent: 30 })).toEqual([]);
  });

  test('that says done brings its proof (P20 完成但无佐证)', () => {
    const matter = working();
    expect(reported(matter, { percent: 100 })).toEqual(['完成但无佐证:请上传佐证材料']);
    expect(reported(matter, { percent: 100, attachments: [sampleFiles.pdf] })).toEqual([]);
  });

  test('tells everything that is wrong at once', () => {
    const matter = working();
    expect(reported(matter, { percent: 40 })).toEqual([]);
    matter.at('2026-10-12T09:00:00+08:00');
    expect(reported(matter, { text: '慢', percent: 10 })).toHaveLength(3);
  });
});

describe('the gates', () => {
  test('late work names its reason, untrue work is not closed, 重大 is checked on the spot (003)', () => {
    const matter = started({ assist: [] })
      .when(supervisor, 'complete', { output: { level: '重大' } })
      .carriedTo('undertake');
    matter.at('2026-12-21T09:00:00+08:00');
    const result = { result: '完成', evidence: [sampleFiles.pdf] };
    expect(messagesOf(matter.refused(academicHead, 'complete', { output: result }))).toEqual([
      '晚于年底时限完成的,请选择逾期原因',
    ]);
    matter.when(academicHead, 'complete', { output: { ...result, delayReason: '分阶段推进' } });
    const check = { verified: '不属实', findings: '未见台账', onSite: false };
    expect(messagesOf(matter.refused(supervisor, 'complete', { output: check }))).toEqual([
      '核查不属实的不得销号:请退回牵头或配合单位',
      '重大事项须经实地核查方可销号',
    ]);
    matter.when(supervisor, 'return', { to: 'undertake', opinion: '补齐台账' });
    expect(matter.openSteps).toEqual(['undertake']);
  });

  test('a leader who wants it to go on sends it back', () => {
    const matter = started({ assist: [] }).carriedTo('leader-review');
    const refusal = matter.refused(viceForAcademic, 'complete', { output: { decision: '继续推进' } });
    expect(messagesOf(refusal)).toEqual(['继续推进的,请用“退回”退回牵头单位办理']);
    expect(matter.when(viceForAcademic, 'return', { to: 'undertake', opinion: '继续' }).openSteps).toEqual(['undertake']);
  });

  test('items of the breakdown lie with lead or assisting units, before the day of the whole', () => {
    const items = [
      { content: '甲', unit: 'u-it', by: '2026-10-01' },
      { content: '乙', unit: 'u-students', by: '2026-12-31' },
    ];
    const refusal = started().refused(supervisor, 'complete', { output: { level: '一般', items } });
    expect(refusal.faults.map((fault) => fault.path)).toEqual(['/output/items/0/unit', '/output/items/1/by']);
  });
});

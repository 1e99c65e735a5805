/** 服务投诉 (domain P22, source 004): above all that nobody complained about handles it, by whatever way it could come to them. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { serviceComplaint } from '../../definitions/processes/service-complaint/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { variantsOf } from '../../scripts/rehearse/variants.ts';
import { given, messagesOf, type Rehearsal, type SchoolChanges, sampleFiles } from '../support/machine.ts';

const { lecturer, logisticsHead, organizationHead, fleetDispatcher, officeClerk } = demoCast;
const clerk = 'p-ren-jia';

const complaint: JsonObject = {
  channel: '网上',
  unit: 'u-logistics',
  people: [fleetDispatcher],
  subject: '派车无人答复',
  content: '两次电话无人答复',
  anonymous: false,
  contact: '6604',
};
const PROVEN = { finding: '属实', facts: '属实', heard: true };
const PLAN = { solution: '整改', rectify: true, rectifyBy: '2026-04-30' };

const started = (changes: JsonObject = {}, school: SchoolChanges = {}): Rehearsal =>
  given(serviceComplaint, school).startedBy(lecturer, { ...complaint, ...changes });
const faultsOf = (changes: JsonObject, school: SchoolChanges = {}, person: string = lecturer): string[] =>
  messagesOf(given(serviceComplaint, school).startRefused(person, { ...complaint, ...changes }));

/** Everybody who was ever asked in a matter. */
function asked(matter: Rehearsal): string[] {
  return matter.eventsOf('TaskOpened').flatMap((event) => event.facts.task.assignees.map((one) => one.id));
}

describe('a complaint', () => {
  test('is triaged, passed on, verified, planned, answered, put right, checked and told', () => {
    const matter = started().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual([
      'triage',
      'forward',
      'verify',
      'solve',
      'feedback',
      'satisfaction',
      'rectify',
      'check-rectification',
      'assess',
    ]);
    expect(matter.registerRow).toMatchObject({
      unit: '后勤保障处',
      people: '熊伟',
      category: '办理时效',
      finding: '属实',
      sanction: '批评教育',
      satisfied: true,
      redone: false,
      status: '已办结',
    });
    expect(Object.values(matter.registerRow)).not.toContain('陈思齐');
  });

  test('that was not found true ends without rectification and without sanction', () => {
    const matter = started().carriedTo('verify');
    matter.when(logisticsHead, 'complete', { output: { ...PROVEN, finding: '不属实' } });
    const refused = messagesOf(matter.refused(logisticsHead, 'complete', { output: PLAN }));
    expect(refused).toEqual(['未查实的投诉不能责令整改']);
    matter.carriedTo('assess');
    const sanction = { sanction: '批评教育', assessed: true, text: '批评' };
    expect(messagesOf(matter.refused(organizationHead, 'complete', { output: sanction }))).toEqual([
      '未查实的投诉不得处理被投诉人',
    ]);
    expect(matter.carriedToEnd().path).not.toContain('rectify');
  });

  test('that is none of the school’s services is refused with its reason, and its applicant is told', () => {
    const matter = started();
    expect(messagesOf(matter.refused(clerk, 'complete', { output: { accepted: false, category: '其他' } }))).toEqual([
      '不予受理的,请告知理由(不属于受理范围的,告知应向何处反映)',
    ]);
    matter.when(clerk, 'complete', { output: { accepted: false, category: '其他', reason: '请向学院反映' } });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toContain('请向学院反映');
  });

  test('that is verified is put right within a limit and has consequences (004)', () => {
    const matter = started().carriedTo('verify');
    expect(messagesOf(matter.refused(logisticsHead, 'complete', { output: { ...PROVEN, heard: false } }))).toEqual([
      '认定属实的,应先听取被投诉人陈述',
    ]);
    matter.when(logisticsHead, 'complete', { output: PROVEN });
    const refusedFor = (output: JsonObject) => messagesOf(matter.refused(logisticsHead, 'complete', { output }));
    expect(refusedFor({ solution: '道歉', rectify: false })).toEqual(['查实的投诉应限期整改']);
    expect(refusedFor({ solution: '整改', rectify: true })).toEqual(['请填写整改期限']);
    expect(refusedFor({ ...PLAN, rectifyBy: '2026-03-02' })).toEqual(['整改期限应晚于今天']);
    expect(refusedFor({ ...PLAN, rectifyBy: '2026-12-31' })).toEqual(['整改期限不得晚于2026-06-02']);
    matter.when(logisticsHead, 'complete', { output: PLAN }).carriedTo('rectify');
    expect(matter.taskOf(logisticsHead).due.dueAt).toBe('2026-04-30T09:30:00.000Z');
    matter.carriedTo('assess');
    const none = { sanction: '不予处理', assessed: false, text: '无' };
    expect(messagesOf(matter.refused(organizationHead, 'complete', { output: none }))).toEqual([
      '查实的投诉应给予批评教育或其他处理,并予记录',
    ]);
  });

  test('is answered without phrases that turn people away (004)', () => {
    const matter = started().carriedTo('feedback');
    const output = { reply: '这事不归我管,也不清楚', method: '电话' };
    expect(messagesOf(matter.refused(clerk, 'complete', { output }))).toEqual(['反馈中不得使用服务忌语:不清楚、不归我管']);
  });

  test('made without a name is not answered (匿名投诉不反馈)', () => {
    const matter = started({ anonymous: true, contact: undefined }).carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).not.toContain('feedback');
    expect(matter.path).not.toContain('satisfaction');
    expect(faultsOf({ contact: undefined })).toEqual(['请填写联系方式;不愿留的请选择匿名,匿名投诉不反馈']);
  });
});

describe('whoever is not content', () => {
  const discontent = () =>
    started()
      .carriedTo('satisfaction')
      .when(lecturer, 'complete', { output: { satisfied: false, comment: '没说到要害' } });

  test('says why, and it is done again by somebody who did not do it before', () => {
    const first = started().carriedTo('satisfaction');
    expect(messagesOf(first.refused(lecturer, 'complete', { output: { satisfied: false } }))).toEqual([
      '不满意的,请说明理由,以便重办',
    ]);
    const matter = discontent();
    expect(matter.openSteps).toEqual(['recheck']);
    expect(matter.assigneesOf('recheck')).not.toContain(logisticsHead);
    matter.carriedToEnd();
    expect(matter.path.slice(6, 9)).toEqual(['recheck', 'final-feedback', 'final-satisfaction']);
    expect(matter.registerRow).toMatchObject({ redone: true, satisfied: true });
  });

  test('and says nothing any more is waited for no longer than the limit, while the clock stands still', () => {
    const matter = started().carriedTo('satisfaction');
    expect(matter.matter.suspensions).toHaveLength(1);
    matter.at('2026-03-31T09:00:00+08:00');
    expect(matter.openSteps).toEqual(['rectify']);
    expect(matter.registerRow.satisfied).toBeNull();
  });
});

describe('the person complained about', () => {
  test('is asked in no step, on no way that walks through the process', () => {
    const whole = [lecturer, fleetDispatcher, clerk, organizationHead];
    // The head, the clerk and the leader of whoever runs such cases, one after the other and all together.
    for (const people of [[logisticsHead], [clerk], [organizationHead], [clerk, organizationHead], whole.slice(1)]) {
      for (const variant of variantsOf(serviceComplaint).starts) {
        const { form, person, ...school } = variant;
        const named = people.filter((one) => one !== (person ?? lecturer));
        const filled = { ...given(serviceComplaint).example().form, ...form, people: named };
        const matter = given(serviceComplaint, school)
          .startedBy(person ?? lecturer, JSON.parse(JSON.stringify(filled)))
          .carriedToEnd();
        expect(matter.outcome).toBe('completed');
        expect(asked(matter).filter((one) => named.includes(one))).toEqual([]);
      }
    }
  });

  test('who leads the unit does not verify nor put right: their superior does', () => {
    const matter = started({ people: [logisticsHead] }).carriedTo('forward');
    const refusal = matter.refused(organizationHead, 'complete', { output: { to: 'u-logistics' } });
    expect(messagesOf(refusal)[0]).toContain('被投诉人不得办理本投诉');
    matter.when(organizationHead, 'complete', { output: { to: 'u-audit' } });
    expect(matter.assigneesOf('verify')).toEqual(['p-wei-guoqiang']);
    matter.carriedTo('rectify');
    expect(matter.assigneesOf('rectify')).toEqual([demoCast.viceForLogistics]);
  });

  test('found out by the first look is kept out from then on', () => {
    const matter = started({ people: [] });
    const missing = messagesOf(matter.refused(clerk, 'complete', { output: { accepted: true, category: '服务态度' } }));
    expect(missing).toEqual(['请列明被投诉人;针对单位整体的,列其主要负责人:被投诉人不办理本投诉']);
    matter.when(clerk, 'complete', { output: { accepted: true, category: '服务态度', people: [organizationHead] } });
    expect(matter.assigneesOf('forward')).toEqual([clerk]);
    expect(asked(matter.carriedToEnd()).slice(2)).not.toContain(organizationHead);
  });

  test('gets it neither handed on, nor delegated, nor as a signer, nor to read or to be asked', () => {
    const matter = started().carriedTo('verify');
    const why = '按职责分离或资格要求,熊伟不能办理本环节';
    for (const action of ['transfer', 'delegate'] as const) {
      expect(messagesOf(matter.refused(logisticsHead, action, { to: fleetDispatcher }))).toEqual([why]);
    }
    const signers = { people: [fleetDispatcher], position: 'before' as const, mode: 'all' as const };
    expect(messagesOf(matter.refused(logisticsHead, 'addSigners', signers))).toEqual([why]);
    for (const action of ['circulate', 'consult'] as const) {
      expect(matter.refused(logisticsHead, action, { people: [fleetDispatcher] }).code).toBe('action-not-offered');
    }
  });

  test('does not stand in for who handles it, nor is it reassigned to them by an administrator', () => {
    const directory = given(serviceComplaint).directory;
    const absences = [
      {
        person: logisticsHead,
        from: '2026-03-01T00:00:00.000Z',
        to: '2026-04-01T00:00:00.000Z',
        reason: '出差',
        cover: fleetDispatcher,
      },
    ];
    const matter = started({}, { directory: { ...directory, absences } }).carriedTo('verify');
    const task = matter.tasks[0]?.id ?? '';
    expect(matter.refused(fleetDispatcher, 'complete', { task, output: PROVEN }).code).toBe('not-allowed');
    const reassign = { type: 'reassign' as const, task, people: [fleetDispatcher], reason: '人手不足' };
    expect(messagesOf(matter.commandRefused(demoCast.administrator, reassign))).toEqual([
      '按职责分离或资格要求,熊伟不能办理本环节',
    ]);
  });

  test('in the unit that runs such cases makes the office run this one', () => {
    const matter = started({ unit: 'u-organization', people: [organizationHead] });
    expect(matter.assigneesOf('triage')).toEqual([officeClerk, demoCast.officeDirector]);
  });
});

describe('the form', () => {
  test('wants a unit and people that there are, and nobody who complains of themselves', () => {
    expect(faultsOf({ unit: 'u-nothing', people: ['p-nobody', lecturer] })).toEqual([
      '被投诉单位不存在',
      '被投诉人不在学校人员名录中',
      '不能投诉本人',
    ]);
  });

  test('about a matter is for its applicant, and tells nobody else that there is one', () => {
    const about = (applicant: string): SchoolChanges => ({
      facts: {
        about: {
          kind: 'matter',
          found: true,
          no: 'YYSQ-2026-0001',
          processId: 'seal-use',
          status: 'completed',
          title: '用印',
          applicant,
          unit: 'u-computing',
          form: {},
        },
      },
    });
    const unknown = ['没有这一办件,或不是您申请的办件'];
    expect(faultsOf({ matterNo: 'YYSQ-2026-0001' }, about(demoCast.otherLecturer))).toEqual(unknown);
    expect(faultsOf({ matterNo: 'YYSQ-2026-0001' })).toEqual(unknown);
    expect(started({ matterNo: 'YYSQ-2026-0001' }, about(lecturer)).openSteps).toEqual(['triage']);
  });

  test('written down for somebody who called is the office’s to fill in', () => {
    expect(faultsOf({ channel: '来电' })).toEqual(['来电、来信、来访由受理单位登记;本人投诉请选择“网上”']);
    const matter = given(serviceComplaint).startedBy(officeClerk, { ...complaint, channel: '来电', evidence: [sampleFiles.pdf] });
    expect(matter.openSteps).toEqual(['triage']);
  });
});

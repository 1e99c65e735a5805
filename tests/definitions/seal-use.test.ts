import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, messagesOf, type Rehearsal, sampleFiles } from '../support/machine.ts';
import { faultsOf, letter, pathOf, review, started } from './seal-use-support.ts';

const { lecturer, computingHead, officeDirector, sealKeeper, viceForResearch, president, partySecretary } = demoCast;

describe('the way of an application', () => {
  test('the example goes from the form to the collection', () => {
    const matter = given(sealUse).startedBy().carriedToEnd();
    expect(matter.outcome).toBe('completed');
    expect(matter.path).toEqual(['unit-head', 'office', 'stamp', 'collect']);
  });

  test('a letter goes to the head of the unit, the office director, the keeper of the seal, and back to the applicant', () => {
    const matter = started();
    expect(matter.assigneesOf('unit-head')).toEqual([computingHead]);
    expect(matter.when(computingHead, 'agree').assigneesOf('office')).toEqual([officeDirector]);
    expect(matter.when(officeDirector, 'agree').assigneesOf('stamp')).toEqual([sealKeeper]);
    expect(matter.when(sealKeeper, 'complete').assigneesOf('collect')).toEqual([lecturer]);
    expect(matter.when(lecturer, 'complete').outcome).toBe('completed');
  });

  test.each([
    ['收入', 'personnel', [demoCast.hrHead]],
    ['学习', 'studies', [demoCast.academicHead]],
    ['活动', 'students', [demoCast.studentsHead]],
  ])('a proof of %s goes to %s first (HEZE, SUDA)', (proofOf, step, people) => {
    const matter = started({ docKind: '证明', proofOf }).when(computingHead, 'agree');
    expect(matter.openSteps).toEqual([step]);
    expect(matter.assigneesOf(step)).toEqual(people);
    expect(matter.carriedToEnd().path).toEqual(['unit-head', step, 'office', 'stamp', 'collect']);
  });

  test('a proof for going abroad needs organization and personnel both, and the leader in charge (HEZE)', () => {
    const matter = started({ docKind: '证明', proofOf: '出国(境)' }).when(computingHead, 'agree');
    expect(matter.assigneesOf('abroad')).toEqual([demoCast.organizationHead, demoCast.hrHead]);
    matter.when(demoCast.hrHead, 'agree');
    expect(matter.openSteps).toEqual(['abroad']);
    matter.when(demoCast.organizationHead, 'agree').when(officeDirector, 'agree');
    expect(matter.assigneesOf('leader')).toEqual([viceForResearch]);
  });

  test('a proof of something else goes nowhere besides', () => {
    expect(pathOf({ docKind: '证明', proofOf: '其他' })).toEqual(['unit-head', 'office', 'stamp', 'collect']);
  });

  test('what a paper proves counts for a proof only', () => {
    expect(pathOf({ proofOf: '出国(境)' })).toEqual(['unit-head', 'office', 'stamp', 'collect']);
  });

  test('what involves money goes to the finance reviewers (SUDA)', () => {
    const matter = started({ involvesMoney: true }).when(computingHead, 'agree');
    expect(matter.assigneesOf('finance')).toEqual([demoCast.financeReviewer, 'p-yan-shuting']);
  });

  test.each([
    ['合同协议', { sourceRef: 'HTSC-2026-0001' }],
    ['授权委托书', {}],
  ])('a %s goes to the leader in charge, where the school wants it', (docKind, named) => {
    const form = { docKind, ...named };
    expect(pathOf(form, review())).toContain('leader');
    expect(pathOf(form, { ...review(), settings: { leaderForContracts: false } })).not.toContain('leader');
  });

  test('what is major goes to the president, under the Party’s seal to its secretary', () => {
    const administrative = started({ major: true }).carriedTo('top-leader');
    expect(administrative.assigneesOf('top-leader')).toEqual([president]);
    const party = started({ major: true, sealType: '党委印章', signOff: '中共华川大学委员会' }).carriedTo('secretary');
    expect(party.assigneesOf('secretary')).toEqual([partySecretary]);
  });

  test('a signature seal is for its leader in person, and taken out for the president besides', () => {
    const signature = { sealType: '校领导签名章', leader: partySecretary, signOff: '林正远' };
    const matter = started(signature).carriedTo('seal-leader');
    expect(matter.assigneesOf('seal-leader')).toEqual([partySecretary]);
    expect(matter.carriedToEnd().path).toEqual(['unit-head', 'office', 'seal-leader', 'stamp', 'collect']);
  });

  test('a signature seal is for its leader alone: nobody stands in, and who asks for their own has given it', () => {
    const signature = { sealType: '校领导签名章', leader: partySecretary, signOff: '林正远' };
    const matter = started(signature).carriedTo('seal-leader');
    const day = '2026-03-02';
    matter.directory.absences.push({
      person: partySecretary,
      from: `${day}T00:00:00.000Z`,
      to: '2026-03-09T00:00:00.000Z',
      reason: '出差',
      cover: demoCast.deputySecretary,
    });
    const act = {
      type: 'act' as const,
      action: 'agree' as const,
      opinion: null,
      output: null,
      attachments: [],
      returnOrder: null,
    };
    const task = matter.taskOf(partySecretary).id;
    expect(matter.commandRefused(demoCast.deputySecretary, { ...act, task }).code).toBe('not-allowed');
    const own = given(sealUse)
      .startedBy(partySecretary, { ...letter, ...signature })
      .carriedToEnd();
    expect(own.path).not.toContain('seal-leader');
    expect(own.eventsOf('StepSkipped').map(({ facts }) => [facts.step, facts.reason])).toEqual([
      ['seal-leader', '申请人即本环节审批人,按规则跳过'],
    ]);
  });

  test('a seal of the other campus is stamped by its keeper there', () => {
    const steel = started({ sealType: '钢印', campus: 'south' }).carriedTo('stamp');
    expect(steel.assigneesOf('stamp')).toEqual([demoCast.northSealKeeper]);
  });

  test('a keeper who applies has it stamped by who covers the post', () => {
    const matter = given(sealUse).startedBy(sealKeeper, letter).carriedTo('stamp');
    expect(matter.assigneesOf('stamp')).toEqual(matter.directory.posts['seal-keeper-south']?.covers);
  });

  test('every approval can refuse, return to the applicant, and nothing is stamped after a refusal', () => {
    const refused = started().when(computingHead, 'agree').when(officeDirector, 'disagree', { opinion: '不宜以学校名义' });
    expect(refused.outcome).toBe('rejected');
    expect(refused.matter.ending?.text).toBe('党政办主任审核不同意:不宜以学校名义');
    const returned = started().when(computingHead, 'agree').when(officeDirector, 'return', { opinion: '请补充' });
    expect(returned.when(lecturer, 'complete').carriedToEnd().outcome).toBe('completed');
  });

  test('a new phone number or hour needs nobody’s approval again, a new receiver does', () => {
    const corrected = (changes: JsonObject): string[] => {
      const returned = started().when(computingHead, 'agree').when(officeDirector, 'return', { next: 'back' });
      return returned.when(lecturer, 'complete', { output: { ...letter, ...changes } }).openSteps;
    };
    expect(corrected({ phone: '8202', wantedAt: '2026-03-04T10:00:00+08:00' })).toEqual(['office']);
    expect(corrected({ receiver: '某市教育局' })).toEqual(['unit-head']);
  });

  test('after the applicant has collected it nothing else is asked', () => {
    const matter = started().carriedTo('collect').when(lecturer, 'complete');
    expect([matter.outcome, matter.tasks]).toEqual(['completed', []]);
  });

  test('the applicant takes it back until somebody decides', () => {
    expect(started().command(lecturer, { type: 'withdraw', reason: null }).outcome).toBe('withdrawn');
    const decided = started().when(computingHead, 'agree');
    expect(decided.commandRefused(lecturer, { type: 'withdraw', reason: null }).code).toBe('too-late');
  });
});

describe('an application is refused', () => {
  test('with blanks (HEZE, CCRW)', () => {
    expect(faultsOf({ ...letter, complete: false })).toEqual([
      ['/form/complete', '空白材料(空白证明、介绍信、合同、信笺)不予用印'],
    ]);
  });

  test('when its sheet is not filled in (HEZE)', () => {
    expect(faultsOf({ ...letter, reason: ' ' })).toEqual([
      ['/form/reason', '请填写用印事由'],
      ['/form', '申请单缺项或填写不完整,不予用印'],
    ]);
    const nothing = faultsOf({}).map(([path]) => path);
    expect(nothing).toEqual(expect.arrayContaining(['/form/docTitle', '/form/files', '/form/complete', '/form']));
  });

  test('when it is signed by another unit than the seal’s (DMJ)', () => {
    expect(faultsOf({ ...letter, signOff: '计算机学院' })).toEqual([['/form/signOff', '落款单位与所用印章不一致']]);
  });

  test('for a signature seal without its leader, or of a leader who has none', () => {
    const signature = { ...letter, sealType: '校领导签名章', signOff: '林正远' };
    expect(faultsOf(signature)).toEqual([['/form/leader', '未经领导本人同意,不得加盖签名章:请选择签名章所属校领导']]);
    expect(faultsOf({ ...signature, leader: demoCast.retired })).toEqual([
      ['/form/leader', '未经领导本人同意,不得加盖签名章:该领导不在岗'],
    ]);
    expect(faultsOf({ ...signature, leader: viceForResearch })).toEqual([['/form/leader', '所选校领导没有在用的签名章']]);
  });

  test('for a proof of nothing and a certificate without its list of names (SUDA)', () => {
    expect(faultsOf({ ...letter, docKind: '证明' })).toEqual([['/form/proofOf', '请选择证明内容']]);
    expect(faultsOf({ ...letter, docKind: '证书' })).toEqual([['/form/roster', '证书用印须附证书名册']]);
    expect(started({ docKind: '证书', roster: sampleFiles.docx }).openSteps).toEqual(['unit-head']);
  });

  test('outside office hours and in the past (DMJ)', () => {
    const wanted = (wantedAt: string): string[][] => faultsOf({ ...letter, wantedAt });
    const closed = [['/form/wantedAt', '非工作时间不予用印,请选择办公时间']];
    expect(wanted('2026-03-04T12:00:00+08:00')).toEqual(closed);
    expect(wanted('2026-03-07T10:00:00+08:00')).toEqual(closed);
    expect(wanted('2026-03-02T09:00:00+08:00')).toEqual([['/form/wantedAt', '期望用印时间应在今后']]);
    expect(started({ wantedAt: '2026-03-04T11:59:00+08:00' }).openSteps).toEqual(['unit-head']);
  });

  test('for a time after the matter itself is due', () => {
    const late = [['/form/wantedAt', '期望用印时间不能晚于办结时限2026-03-16 17:30']];
    expect(faultsOf({ ...letter, wantedAt: '2026-03-17T09:00:00+08:00' })).toEqual(late);
    expect(started({ wantedAt: '2026-03-16T17:29:00+08:00' }).openSteps).toEqual(['unit-head']);
  });

  test('on a campus that the school has not', () => {
    expect(faultsOf({ ...letter, campus: 'moon' })).toEqual([['/form/campus', '用印校区不存在,请从校区名录中选择']]);
  });

  test('with a paper that is no PDF, or nobody’s', () => {
    expect(faultsOf({ ...letter, files: [sampleFiles.docx, 'file-99999999'] })).toEqual([
      ['/form/files/0', '“样例.docx”不是 PDF:用印材料须为终稿 PDF'],
      ['/form/files/1', '文件不存在或不是您上传的'],
    ]);
    expect(faultsOf({ ...letter, files: [] })).toEqual([['/form/files', '请上传用印材料终稿(PDF)']]);
  });

  test.each([0, 1000, 1.5])('for %d copies, while 1 to 999 are taken (M88, 437)', (copies) => {
    expect(faultsOf({ ...letter, copies })).toEqual([['/form/copies', '用印份数应为1至999的整数']]);
    expect(started({ copies: 1 }).openSteps).toEqual(started({ copies: 999 }).openSteps);
  });
});

describe('stamping and collecting', () => {
  const at = (): Rehearsal => started().carriedTo('stamp');

  const stamp = (changes: JsonObject) => ({ output: { copies: 2, impressions: 6, keptCopy: true, ...changes } });
  const difference = '一页作废';

  test.each([
    [{ copies: 3, impressions: 6, difference }, ['不得超过批准份数2份']],
    [{ copies: 3, impressions: 9, difference }, ['不得超过批准份数2份', '不得超过批准印数:每份3印,2份共6印']],
    [{ copies: 1, impressions: 4, difference }, ['不得超过批准印数:每份3印,1份共3印']],
  ])('more than was approved is not stamped, whatever the reason: %j', (output, messages) => {
    expect(messagesOf(at().refused(sealKeeper, 'complete', stamp(output)))).toEqual(messages);
  });

  test.each([{ impressions: 5 }, { copies: 1, impressions: 3 }])('fewer are stamped with a reason only: %j', (output) => {
    expect(messagesOf(at().refused(sealKeeper, 'complete', stamp(output)))).toEqual(['实际用印数少于批准数,请说明']);
    const matter = at().when(sealKeeper, 'complete', stamp({ ...output, difference }));
    expect(matter.openSteps).toEqual(['collect']);
    expect(matter.registerRow).toMatchObject({ copies: 2, ...output, difference });
  });

  test('a copy of what was sealed stays (XQ)', () => {
    const output = { copies: 2, impressions: 6, keptCopy: false };
    expect(messagesOf(at().refused(sealKeeper, 'complete', { output }))).toEqual(['用印件须留存一份']);
  });

  test('the applicant says that they have it, or sends it back to be stamped again', () => {
    const matter = at().when(sealKeeper, 'complete');
    expect(messagesOf(matter.refused(lecturer, 'complete', { output: { received: false } }))).toEqual(['请确认已领取用印件']);
    expect(matter.when(lecturer, 'return', { to: 'stamp' }).openSteps).toEqual(['stamp']);
  });
});

describe('limits and register', () => {
  test('approvals take a working day each, stamping two (DMJ), collecting five, the whole ten', () => {
    const matter = started();
    expect(matter.matter.due.dueAt).toBe('2026-03-16T09:30:00.000Z');
    const due: Record<string, string | undefined> = {};
    for (const step of ['unit-head', 'office', 'stamp', 'collect']) due[step] = matter.carriedTo(step).tasks[0]?.due.dueAt;
    expect(due).toEqual({
      'unit-head': '2026-03-03T09:30:00.000Z',
      office: '2026-03-03T09:30:00.000Z',
      stamp: '2026-03-04T09:30:00.000Z',
      collect: '2026-03-09T09:30:00.000Z',
    });
  });

  test('the clock stands still while the applicant corrects (D12)', () => {
    const matter = started().when(computingHead, 'return').at('2026-03-05T09:00:00+08:00');
    expect(matter.registerRow.status).toBe('暂停计时');
    expect(matter.when(lecturer, 'complete').matter.due.dueAt).toBe('2026-03-19T09:30:00.000Z');
  });

  test('the register tells when, what, how often, for whom and by whose leave (XZB)', () => {
    const matter = started({ major: true }).carriedTo('stamp').at('2026-03-03T10:00:00+08:00').carriedToEnd();
    expect(matter.registerRow).toEqual({
      no: 'YYSQ-2026-0001',
      stampedAt: '2026-03-03T02:00:00.000Z',
      docTitle: '关于商请支持学生实践的函',
      reason: '开展学生暑期实践',
      sealType: '行政印章',
      copies: 2,
      impressions: 6,
      difference: null,
      unit: '计算机学院',
      approvedBy: '沈文博',
      keeper: '陶芸',
      witness: null,
      handler: '陈思齐',
      takenTo: null,
      dueBack: null,
      returnedAt: null,
      sealState: null,
      status: '已办结',
    });
  });

  test('the register names nobody as having approved what was refused, or taken back', () => {
    const refused = started({ major: true }).carriedTo('top-leader').when(president, 'disagree', { opinion: '不宜' });
    expect(refused.registerRow).toMatchObject({ approvedBy: null, status: '未获批准' });
    const withdrawn = started().command(lecturer, { type: 'withdraw', reason: null });
    expect(withdrawn.registerRow).toMatchObject({ approvedBy: null, status: '已撤回' });
    expect(started().carriedTo('office').registerRow).toMatchObject({ approvedBy: '张启明', status: '办理中' });
  });

  test('the register says for whom somebody stamped', () => {
    const matter = started().carriedTo('stamp');
    const [task] = matter.tasks;
    if (task === undefined) throw new Error('Nobody is asked to stamp');
    const from = '2026-03-01T00:00:00.000Z';
    matter.directory.absences.push({ person: sealKeeper, from, to: '2026-03-09T00:00:00.000Z', reason: '病假' });
    const output = matter.outputExample(task);
    const act = { type: 'act' as const, action: 'complete' as const, opinion: null, attachments: [], returnOrder: null };
    matter.command('p-bai-ling', { ...act, task: task.id, output });
    expect(matter.registerRow.keeper).toBe('白灵代陶芸');
  });

  test('the application is kept for three years (HEZE)', () => {
    const effects = started()
      .carriedToEnd()
      .eventsOf('EffectDone')
      .map((event) => event.facts.effect);
    expect(effects).toEqual([{ kind: 'archive', class: '用印', retention: '3-years' }]);
  });
});

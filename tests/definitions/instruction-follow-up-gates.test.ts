import { describe, expect, test } from 'vitest';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { placesOf } from '../../workflows/machine/tree.ts';
import { given, messagesOf, type Rehearsal } from '../support/machine.ts';
import {
  academicDeputy,
  academicHead,
  leader,
  otherSupervisor,
  recorder,
  started,
  supervisor,
  written,
} from './instruction-follow-up-support.ts';

/** A follow-up at a step, a minute passing between any two actions. */
function at(step: string): Rehearsal {
  return started().carriedTo(step).wait(1);
}

describe('查必果: nothing goes on without a result', () => {
  test('the work needs a result and its evidence', () => {
    const refusal = at('undertake').refused(academicHead, 'complete', { output: { result: ' ', evidence: [] } });
    expect(messagesOf(refusal)).toEqual(['查无结果不得销号:请填写办理结果', '请上传佐证材料']);
  });

  test('evidence and contributions name files that exist', () => {
    const matter = started({ assist: ['u-it'] }).carriedTo('assist');
    const missing = 'file-99999999';
    expect(
      messagesOf(matter.refused('p-cui-yong', 'complete', { output: { contribution: '已配合', files: [missing] } })),
    ).toEqual(['文件不存在或不是您上传的']);
    expect(messagesOf(matter.refused(academicHead, 'complete', { output: { result: '完成', evidence: [missing] } }))).toEqual([
      '文件不存在或不是您上传的',
    ]);
    const output = { verified: '属实', findings: '一致', onSite: true, evidence: [missing] };
    expect(messagesOf(matter.carriedTo('verify').refused(supervisor, 'complete', { output }))).toEqual([
      '文件不存在或不是您上传的',
    ]);
  });

  test('the report waits for every assisting unit', () => {
    const matter = started({ assist: ['u-it'] })
      .carriedTo('undertake')
      .when(academicHead, 'complete');
    expect(matter.openSteps).toEqual(['assist@0']);
    expect(matter.when('p-cui-yong', 'complete').openSteps).toEqual(['result-report']);
  });

  test('the report carries the signature of the unit’s head', () => {
    const refusal = at('result-report').refused(academicHead, 'complete', { output: { report: '完成', signed: false } });
    expect(messagesOf(refusal)).toEqual(['办结报告未经主要负责人审签']);
  });

  test('the head may ask undertaker and assisting unit again', () => {
    const matter = started({ assist: ['u-it'] }).carriedTo('result-report');
    matter.when(academicHead, 'return', { to: 'assist@0' });
    expect(matter.openSteps).toEqual(['assist@0']);
    matter.when('p-cui-yong', 'complete').when(academicHead, 'return', { to: 'undertake' });
    expect(matter.openSteps).toEqual(['undertake']);
  });

  test('a unit that finds the instruction impracticable proposes another way (003)', () => {
    const matter = at('undertake').when(academicHead, 'return', { to: 'establish', next: 'back', opinion: '建议分两期实施' });
    expect(matter.openSteps).toEqual(['establish!undertake']);
    expect(matter.when(supervisor, 'complete').openSteps).toEqual(['undertake']);
  });
});

describe('批必查: nothing is closed without a check', () => {
  test('a check that finds the result untrue does not pass', () => {
    const output = { verified: '不属实', findings: '现场未见整改', onSite: true };
    const matter = at('verify');
    expect(messagesOf(matter.refused(supervisor, 'complete', { output }))).toEqual([
      '查无结果不得销号:核查不属实的,请退回主办单位重办',
    ]);
    matter.when(supervisor, 'return', { to: 'undertake', opinion: '现场未见整改' });
    expect(matter.openSteps).toEqual(['undertake']);
    expect(matter.carriedToEnd().path.slice(-5)).toEqual(['undertake', 'result-report', 'verify', 'leader-review', 'close-out']);
  });

  test('who registered does not check', () => {
    const matter = given(instructionFollowUp).startedBy(supervisor, written).carriedTo('verify');
    expect(matter.assigneesOf('verify')).toEqual([otherSupervisor]);
  });

  test('where the recorder is the only supervisor, who covers the post checks', () => {
    const matter = given(instructionFollowUp).startedBy(supervisor, written);
    const post = matter.directory.posts.supervisor;
    if (post !== undefined) post.holders = post.holders.filter((one) => one.person === supervisor);
    expect(matter.carriedTo('verify').assigneesOf('verify')).toEqual(post?.covers);
  });

  test('where nobody else may check, the leader in charge of the office does', () => {
    const matter = given(instructionFollowUp).startedBy(supervisor, written);
    const post = matter.directory.posts.supervisor;
    if (post !== undefined) post.holders = post.holders.filter((one) => one.person === supervisor);
    if (post !== undefined) post.covers = [];
    expect(matter.carriedTo('verify').assigneesOf('verify')).toEqual([demoCast.deputySecretary]);
  });

  test.each([
    ['重大', ['重大事项须经实地核查方可销号']],
    ['重要', []],
    ['一般', []],
  ])('a %s follow-up checked on paper only: %j (003)', (level, messages) => {
    const matter = started().when(supervisor, 'complete', { output: { level } }).carriedTo('verify');
    const output = { verified: '属实', findings: '材料一致', onSite: false };
    const refusal = matter.attempt(supervisor, 'complete', { output });
    expect(refusal === null ? [] : messagesOf(refusal)).toEqual(messages);
  });

  test('a result done again straight back to the check needs the head’s signature first', () => {
    const matter = started().when(supervisor, 'complete', { output: { level: '一般', undertaker: academicDeputy } });
    matter.carriedTo('verify').wait(1).when(supervisor, 'return', { to: 'undertake', next: 'back' });
    matter.wait(1).when(academicDeputy, 'complete');
    expect(matter.openSteps).toEqual(['verify']);
    expect(messagesOf(matter.refused(supervisor, 'complete'))).toEqual(['办结报告未经主要负责人审签:请退回“办结报告”']);
    matter.when(supervisor, 'return', { to: 'result-report' }).wait(1).when(academicHead, 'complete').wait(1);
    expect(matter.when(supervisor, 'complete').openSteps).toEqual(['leader-review']);
  });
});

describe('果必报: nothing is filed without the leader', () => {
  test('only the leader who gave the instruction reads the result', () => {
    const matter = at('leader-review');
    expect(matter.assigneesOf('leader-review')).toEqual([leader]);
    const task = matter.taskOf(leader).id;
    const act = {
      type: 'act' as const,
      task,
      action: 'complete' as const,
      opinion: null,
      output: null,
      attachments: [],
      returnOrder: null,
    };
    expect(matter.commandRefused(demoCast.president, act)).toMatchObject({ code: 'not-allowed' });
  });

  test('the successor in the post reads it when the leader has left the school', () => {
    const matter = at('verify');
    const { people, posts } = matter.directory;
    const post = posts['vice-president-academic'];
    const left = people[leader];
    if (post === undefined || left === undefined) throw new Error('The demo university has no vice president for teaching');
    left.active = false;
    post.holders = [
      { person: leader, from: '2024-01-01', to: '2026-03-02' },
      { person: demoCast.academicHead, from: '2026-03-03', to: null },
    ];
    matter.at('2026-03-03T09:00:00+08:00').when(supervisor, 'complete');
    expect(matter.tasks[0]?.assignees).toMatchObject([{ id: academicHead, reason: expect.stringContaining('继任者') }]);
  });

  test('to keep following up the leader sends it back, to be done or established again', () => {
    const output = { decision: '继续跟踪' };
    expect(messagesOf(at('leader-review').refused(leader, 'complete', { output }))).toEqual([
      '继续跟踪或重办的,请用“退回”:退回承办单位重办,或退回立项另定时限',
    ]);
    const again = at('leader-review').when(leader, 'return', { to: 'undertake', opinion: '重办' });
    expect(again.carriedToEnd().path.slice(-5)).toEqual(['undertake', 'result-report', 'verify', 'leader-review', 'close-out']);
    const further = at('leader-review').when(leader, 'return', { to: 'establish', opinion: '继续跟踪至学期末' });
    expect(further.openSteps).toEqual(['establish']);
    expect(further.registerRow).toMatchObject({ verifiedAt: null, reportedAt: null, reported: false, result: null });
  });

  test('for further tracking a new day may be set when the leader’s own has passed', () => {
    const matter = started({ dueOn: '2026-03-06' }).carriedTo('leader-review').at('2026-03-09T09:00:00+08:00');
    matter.when(leader, 'return', { to: 'establish', opinion: '继续跟踪' });
    const output = { level: '一般', dueOn: '2026-03-24' };
    expect(matter.when(supervisor, 'complete', { output }).registerRow.dueOn).toBe('2026-03-24');
  });

  test('a result done again straight back to the leader is checked first', () => {
    const matter = at('leader-review').when(leader, 'return', { to: 'undertake', next: 'back' }).wait(1);
    matter.when(academicHead, 'complete').wait(1);
    expect(matter.openSteps).toEqual(['leader-review']);
    expect(messagesOf(matter.refused(leader, 'complete'))).toEqual(['未核查,不能销号:重办后的结果请退回“核查”']);
    matter.when(leader, 'return', { to: 'verify' });
    expect(messagesOf(matter.refused(supervisor, 'complete'))).toEqual(['办结报告未经主要负责人审签:请退回“办结报告”']);
  });

  test('the close-out confirms that the leader was told', () => {
    const output = { reported: false, bulletin: '已办结' };
    expect(messagesOf(at('close-out').refused(supervisor, 'complete', { output }))).toEqual(['未报批示领导,不得归档']);
  });

  test('a check done again straight back to the close-out is reported to the leader first', () => {
    const matter = at('close-out')
      .when(supervisor, 'return', { to: 'verify', next: 'back' })
      .wait(1)
      .when(supervisor, 'complete');
    expect(messagesOf(matter.refused(supervisor, 'complete'))).toEqual(['未报批示领导,不得归档:请退回“呈批示领导阅”']);
    matter.when(supervisor, 'return', { to: 'leader-review' }).wait(1).when(leader, 'complete').wait(1);
    expect(matter.when(supervisor, 'complete').outcome).toBe('completed');
  });
});

describe('an early end', () => {
  test('is the recorder’s only, before anybody acted', () => {
    const withdraw = { type: 'withdraw', reason: '登记有误' } as const;
    expect(started().commandRefused(supervisor, withdraw)).toMatchObject({ code: 'not-allowed', message: '只有申请人可以撤回' });
    expect(started().command(recorder, withdraw).outcome).toBe('withdrawn');
    const matter = started().when(supervisor, 'complete');
    expect(matter.commandRefused(recorder, withdraw)).toMatchObject({
      code: 'too-late',
      message: expect.stringMatching(/^已有人办理,不能撤回;/),
    });
  });

  test('by disagreement does not exist: no step is an approval and no output ends the matter', () => {
    for (const { step } of placesOf(instructionFollowUp).values()) {
      expect(step.kind).not.toBe('approve');
      expect(step.kind === 'handle' && step.ends !== undefined, step.id).toBe(false);
    }
    expect(at('leader-review').refused(leader, 'disagree').code).toBe('action-not-offered');
  });

  test('after the establishment nothing is returned to the recorder, who could withdraw it there', () => {
    for (const { step } of placesOf(instructionFollowUp).values()) {
      if (step.kind !== 'handle' || step.id === 'confirm') continue;
      expect(step.returnTo, step.id).toBeDefined();
      expect(step.returnTo, step.id).not.toContain('applicant');
      expect(step.returnTo, step.id).not.toBe('any');
    }
  });
});

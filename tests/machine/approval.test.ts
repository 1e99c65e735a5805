import { describe, expect, test } from 'vitest';
import { COMMAND_LIMITS } from '../../workflows/machine/commands.ts';
import { play } from './support/play.ts';
import { cast } from './support/school.ts';
import { approve, choose, handle, named, read } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, vice, president, administrator } = cast;

describe('any one 或签', () => {
  const either = plainDefinition([approve('a', [headA, headB]), approve('b', [director])]);

  test('all share one task, and one agreement is enough', () => {
    const matter = play(either);
    expect(matter.seats('a')).toEqual([[headA, headB]]);
    matter.when(headB, 'agree');
    expect(matter.open).toEqual(['b']);
    expect(matter.matter.handlers).toEqual({ [headB]: 'head-b' });
  });

  test('who comes second is told that it is over', () => {
    const matter = play(either);
    const { id: task } = matter.taskOf(headA);
    matter.when(headB, 'agree');
    expect(matter.refused(headA, 'agree', { task })?.code).toBe('task-closed');
  });

  test('one disagreement ends the matter as rejected, with its reason', () => {
    const matter = play(either).when(headA, 'disagree', { opinion: ' 依据不足 ' });
    expect(matter.outcome).toBe('rejected');
    expect(matter.matter.ending?.text).toBe('审批a不同意:依据不足');
  });
});

describe('all of them 会签', () => {
  const both = plainDefinition([approve('a', [headA, headB, reviewer], { mode: 'all' }), approve('b', [director])]);

  test('each has a task, and the last agreement closes the step', () => {
    const matter = play(both);
    expect(matter.seats('a')).toEqual([[headA], [headB], [reviewer]]);
    matter.when(headB, 'agree').when(headA, 'agree');
    expect(matter.open).toEqual(['a']);
    matter.when(reviewer, 'agree');
    expect(matter.open).toEqual(['b']);
  });

  test('one disagreement ends the matter and closes the tasks of the others', () => {
    const matter = play(both).when(headA, 'agree').when(headB, 'disagree');
    expect(matter.outcome).toBe('rejected');
    expect(matter.of('TaskClosed').map(({ facts }) => facts.because)).toEqual(['step-closed']);
  });

  test('a return closes the tasks of the others, and all vote again', () => {
    const matter = play(both).when(headA, 'agree').when(headB, 'return');
    expect(matter.open).toEqual(['applicant']);
    matter.when(applicant, 'complete');
    expect(matter.seats('a')).toEqual([[headA], [headB], [reviewer]]);
    expect(matter.matter.visits.a?.round).toBe(2);
  });

  test('nobody stands in it twice', () => {
    const twice = plainDefinition([approve('a', [headA, headA, headB], { mode: 'all' })]);
    expect(play(twice).seats('a')).toEqual([[headA], [headB]]);
  });
});

describe('reading 传阅', () => {
  test('each confirms, and nobody can stop the matter by it', () => {
    const matter = play(plainDefinition([read('r', [headA, headB])]));
    expect(matter.refused(headA, 'disagree')?.code).toBe('action-not-offered');
    expect(matter.refused(headA, 'return')?.code).toBe('action-not-offered');
    matter.when(headA, 'read');
    expect(matter.outcome).toBeNull();
    expect(matter.when(headB, 'read').outcome).toBe('completed');
  });
});

describe('handling 承办', () => {
  const once = plainDefinition([
    handle('h', [headA], {
      check: (_context, output) => (output.paid === 0 ? [{ path: '/output/paid', message: '金额应大于零' }] : []),
      ends: (_context, output) => (output.stop === true ? '办不成' : null),
    }),
  ]);

  test('its output is kept', () => {
    expect(play(once).when(headA, 'complete', { output: { paid: 5 } }).matter.outputs).toEqual({ h: { paid: 5 } });
  });

  test('its check refuses with every fault, and nothing happens', () => {
    const matter = play(once);
    const before = matter.matter;
    expect(matter.refused(headA, 'complete', { output: { paid: 0 } })?.faults).toEqual([
      { path: '/output/paid', message: '金额应大于零' },
    ]);
    expect(matter.matter).toBe(before);
  });

  test('an output can end the matter as rejected with its reason', () => {
    const matter = play(once).when(headA, 'complete', { output: { stop: true } });
    expect([matter.outcome, matter.matter.ending?.text]).toEqual(['rejected', '办不成']);
  });

  test.each(['agree', 'disagree', 'return'] as const)('an output that comes with %s is refused where it stands', (action) => {
    const matter = play(plainDefinition([approve('a', [headA]), approve('b', [headB])]));
    const refusal = matter.refused(headA, action, { output: { forged: true } });
    expect([refusal?.code, refusal?.faults.map(({ path }) => path)]).toEqual(['bad-input', ['/output']]);
  });

  test('where several handle it, each output is kept, and the latest is the step’s', () => {
    let each: unknown;
    const definition = plainDefinition([
      handle('h', [headA, headB, reviewer], { mode: 'all' }),
      choose(
        'x',
        (context) => {
          each = context.each('h');
          return true;
        },
        [approve('b', [director])],
      ),
    ]);
    const matter = play(definition).when(headB, 'complete', { output: { n: 2 } });
    matter.when(headA, 'complete', { output: { n: 1 } }).when(reviewer, 'complete', { output: { n: 3 } });
    expect(each).toEqual([
      { item: headA, output: { n: 1 } },
      { item: headB, output: { n: 2 } },
      { item: reviewer, output: { n: 3 } },
    ]);
    expect(matter.matter.outputs).toEqual({ h: { n: 3 } });
  });
});

describe('who may act', () => {
  const plain = plainDefinition([approve('a', [headA])]);

  test('a stranger is refused', () => {
    const matter = play(plain);
    expect(matter.refused(cast.stranger, 'agree', { task: matter.taskOf(headA).id })?.code).toBe('not-allowed');
  });

  test.each(['m1-9', 'm2-1', 'constructor', '__proto__', ''])('the task "%s" is unknown', (task) => {
    expect(play(plain).refused(headA, 'agree', { task })?.code).toBe('task-unknown');
  });

  test('an attachment that nobody uploaded is refused, whatever its name', () => {
    const refusal = play(plain).refused(headA, 'agree', { attachments: ['constructor', 'file-9'] });
    expect(refusal?.faults.map(({ path }) => path)).toEqual(['/attachments/0', '/attachments/1']);
    expect(refusal?.faults.some(({ message }) => message.includes('file-9'))).toBe(false);
  });

  test('no more attachments than a command may carry', () => {
    const attachments = Array.from({ length: COMMAND_LIMITS.attachments + 1 }, (_one, at) => `file-${at}`);
    const files = Object.fromEntries(attachments.map((id) => [id, { id, name: id, type: 'application/pdf', size: 1 }]));
    const refusal = play(plain, { world: { files } }).refused(headA, 'agree', { attachments });
    expect(refusal?.faults.map(({ path }) => path)).toEqual(['/attachments']);
  });

  test('an opinion where one is due, and never one too long', () => {
    const required = plainDefinition([approve('a', [headA], { opinion: 'required' })]);
    expect(play(required).refused(headA, 'agree', { opinion: ' ' })?.faults[0]?.message).toBe('请填写意见');
    expect(play(plain).refused(headA, 'disagree', { opinion: null })?.faults[0]?.message).toBe('请填写意见');
    expect(play(plain).refused(headA, 'return', { opinion: '' })?.faults[0]?.message).toBe('退回必须写明理由');
    expect(play(plain).refused(headA, 'agree', { opinion: '长'.repeat(2_001) })?.faults[0]?.path).toBe('/opinion');
    expect(play(plain).when(headA, 'agree', { opinion: null }).outcome).toBe('completed');
  });
});

describe('an applicant who would decide on their own matter', () => {
  const unitHead = { kind: 'unit-head', says: '负责人', unit: null } as const;
  const policy = (selfApproval?: 'superior' | 'skip' | 'allow') =>
    plainDefinition([approve('a', [unitHead], selfApproval === undefined ? {} : { selfApproval }), approve('b', [director])]);

  test('is replaced by the leader in charge where nothing else is said', () => {
    expect(play(policy(), { applicant: headA }).seats('a')).toEqual([[vice]]);
  });

  test('is left out where others decide too', () => {
    const two = plainDefinition([approve('a', [applicant, headB])]);
    expect(play(two).seats('a')).toEqual([[headB]]);
  });

  test('is passed over with a mark where the rule says so', () => {
    const matter = play(policy('skip'), { applicant: headA });
    expect(matter.of('StepSkipped').map(({ facts }) => [facts.step, facts.reason])).toEqual([
      ['a', '申请人即本环节审批人,按规则跳过'],
    ]);
    expect(matter.open).toEqual(['b']);
  });

  test('may decide where the rule allows it, and handles their own matters anyhow', () => {
    expect(play(policy('allow'), { applicant: headA }).seats('a')).toEqual([[headA]]);
    expect(play(plainDefinition([handle('h', [applicant])])).seats('h')).toEqual([[applicant]]);
  });

  test('a leader in charge goes to the head of the school', () => {
    const own = plainDefinition([approve('a', [vice])]);
    expect(play(own, { applicant: vice }).seats('a')).toEqual([[president]]);
  });

  test('a matter whose every step is passed over is completed at once', () => {
    const skipped = plainDefinition([
      approve('a', [applicant], { selfApproval: 'skip' }),
      approve('b', [applicant], { selfApproval: 'skip' }),
    ]);
    const matter = play(skipped);
    expect(matter.outcome).toBe('completed');
    expect(matter.of('TaskOpened')).toEqual([]);
  });
});

describe('nobody found', () => {
  const nobody = plainDefinition([approve('a', [named(null)])]);
  const gone = plainDefinition([approve('a', [cast.gone], { mode: 'all' })]);

  test.each([
    ['no person', nobody],
    ['somebody who has left', gone],
  ])('a step for %s goes to the administrator and is flagged', (_whom, definition) => {
    const matter = play(definition);
    expect(matter.seats('a')).toEqual([[administrator]]);
    expect(matter.matter.visits.a?.unassigned).toBe(true);
    expect(Object.values(matter.matter.tasks)[0]?.assignees[0]?.reason).toMatch(/^未找到符合条件的办理人,转流程管理员指派/);
  });

  test('an administrator does not decide on their own matter for want of others', () => {
    expect(play(nobody, { applicant: administrator }).seats('a')).toEqual([[director]]);
  });
});

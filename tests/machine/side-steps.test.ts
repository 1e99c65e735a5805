/** Goal: circulation 传阅 and advice 征询 stand beside the flow: they stop nothing, are lost by nothing, and end with what they belong to. */
import { describe, expect, test } from 'vitest';
import { isOverdue, mayView, viewerOf } from '../../workflows/machine/people/rights.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director, gone, stranger } = cast;
const row = plainDefinition([approve('a', [headA]), handle('b', [director])]);
const mayLook = ({ matter }: Play, person: string): boolean => {
  const viewer = viewerOf(smallSchool(), smallCalendar, person, matter.updatedAt);
  return viewer !== null && mayView(viewer, matter, { supervised: false, concerned: [], keptOut: [] }, matter.updatedAt);
};

describe('circulation 传阅', () => {
  const sent = (): Play => play(row).when(headA, 'circulate', { people: [headB, reviewer], opinion: '请阅' });

  test('stops nothing, and goes on while the matter does', () => {
    const matter = sent().when(headA, 'agree');
    expect(matter.open).toEqual(['circulation@1', 'b']);
    matter.when(headB, 'read', { opinion: '已知悉' });
    expect(matter.seats('circulation@1')).toEqual([[reviewer]]);
    expect(matter.when(director, 'complete').outcome).toBe('completed');
  });

  test('unread for long it makes no matter overdue', () => {
    const { matter } = sent();
    const [unread, awaited] = [Object.values(matter.tasks).filter((task) => task.step === 'circulation'), matter.tasks];
    const inTime = { ...matter, due: { ...matter.due, dueAt: '2030-01-01T00:00:00.000Z' } };
    const only = Object.fromEntries(unread.map((task) => [task.id, task]));
    const later = '2029-01-01T00:00:00.000Z';
    expect(unread.length).toBeGreaterThan(0);
    expect([isOverdue({ ...inTime, tasks: only }, later), isOverdue({ ...inTime, tasks: awaited }, later)]).toEqual([
      false,
      true,
    ]);
  });

  test('outlives a return', () => {
    const matter = sent().when(headA, 'return');
    expect(matter.open).toEqual(['circulation@1', 'applicant']);
  });

  test('a receipt may carry a reply, and may be sent on', () => {
    const matter = sent()
      .when(headB, 'circulate', { people: [stranger] })
      .when(headB, 'read', { opinion: '建议补充' });
    expect(matter.open).toEqual(['a', 'circulation@1', 'circulation@2']);
    expect(matter.of('TaskActed')[0]?.facts.decision).toMatchObject({ action: 'read', opinion: '建议补充' });
  });

  test('nobody can end or hold up the matter by it', () => {
    for (const action of ['disagree', 'return', 'transfer', 'consult'] as const)
      expect(sent().refused(headB, action, { to: stranger, people: [stranger] })?.code).toBe('action-not-offered');
  });

  test('readers may go on looking when the state has forgotten the circulation', () => {
    const matter = sent();
    expect([mayLook(matter, headB), mayLook(matter, stranger)]).toEqual([true, false]);
    matter.when(headB, 'read').when(reviewer, 'read');
    expect(matter.matter.visits['circulation@1']).toBeUndefined();
    expect(mayLook(matter, headB)).toBe(true);
  });

  test('not twice at once to the same person, to the departed or to oneself; the applicant may read', () => {
    const refusal = sent().refused(headA, 'circulate', { people: [headB, gone, headA, applicant] });
    expect(refusal?.faults).toEqual([
      { path: '/people/0', message: 'head-b已在传阅中' },
      { path: '/people/1', message: 'gone已离职' },
      { path: '/people/2', message: '不能选择本人' },
    ]);
  });

  test('numbers go on after others have ended', () => {
    const matter = sent()
      .when(headB, 'read')
      .when(reviewer, 'read')
      .when(headA, 'circulate', { people: [headB] });
    expect(matter.open).toEqual(['a', 'circulation@2']);
  });
});

describe('a step that sends copies 抄送', () => {
  const copied = plainDefinition([
    approve('a', [headA], { copyTo: [named(headB), named(gone), named(reviewer)] }),
    approve('b', [director]),
  ]);

  test('sends them when it ended well, by the definition and not by a person', () => {
    const matter = play(copied).when(headA, 'agree');
    expect([matter.open, matter.seats('circulation@1')]).toEqual([
      ['circulation@1', 'b'],
      [[headB], [reviewer]],
    ]);
    expect(matter.of('Circulated')[0]?.facts).toMatchObject({ person: null, text: '“审批a”办结后抄送' });
  });

  test('not when it was returned, and not again to who has not read the last', () => {
    const matter = play(copied).when(headA, 'return');
    expect(matter.of('Circulated')).toEqual([]);
    matter.when(applicant, 'complete').when(headA, 'agree').when(headB, 'read').when(director, 'return', { to: 'a' });
    matter.when(headA, 'agree');
    expect(matter.of('Circulated').map(({ facts }) => facts.people.map((one) => one.id))).toEqual([[headB, reviewer], [headB]]);
  });
});

describe('advice 征询', () => {
  const asked = (): Play => play(row).when(headA, 'consult', { people: [headB, reviewer], opinion: '是否合规?' });

  test('stops nothing; who asked may decide before the answers', () => {
    const matter = asked().when(headB, 'reply', { opinion: '合规' });
    expect(matter.seats('advice@1')).toEqual([[reviewer]]);
    matter.when(headA, 'agree');
    expect(matter.open).toEqual(['b']);
    expect(matter.refused(reviewer, 'reply', { task: 'm1-3', opinion: '晚了' })?.code).toBe('task-closed');
  });

  test('dies with its step by a return too', () => {
    expect(asked().when(headA, 'return').open).toEqual(['applicant']);
  });

  test('a question and an answer say something', () => {
    expect(play(row).refused(headA, 'consult', { people: [headB], opinion: null })?.faults).toEqual([
      { path: '/opinion', message: '请写明要征询的事项' },
    ]);
    expect(
      asked()
        .refused(headB, 'reply', { opinion: ' ' })
        ?.faults.map(({ path }) => path),
    ).toEqual(['/opinion']);
  });

  test('an answer is no vote, and whoever gave it may still be added as signer', () => {
    const matter = asked().when(headB, 'reply', { opinion: '不合规' });
    expect(matter.outcome).toBeNull();
    expect(matter.when(headA, 'addSigners', { people: [headB] }).taskOf(headA).waiting).toBe(true);
  });
});

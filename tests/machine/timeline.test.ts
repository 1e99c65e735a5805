/** Goal: the history tells everything that people ask about once, says who did it, and a task says who comes after it. */
import { describe, expect, test } from 'vitest';
import type { Absence, Directory } from '../../definitions/language/directory.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import type { TimelineEntry } from '../../workflows/machine/telling/timeline-entry.ts';
import { type TaskView, taskView } from '../../workflows/machine/telling/view.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { administrator, applicant, clerk, director, headA, headB, reviewer, vice } = cast;
const NOW = '2026-03-02T01:00:00.000Z';
const reason = '经办人出国';
const extension = { approver: named(director), longest: '15 workdays', times: () => 1, limit: '2 workdays' } as const;
const row = plainDefinition([handle('a', [headA], { extension }), approve('b', [headB]), approve('c', [director])]);

function told(matter: Play): TimelineEntry[] {
  return matter.events.flatMap((event) => timelineEntry(event) ?? []);
}

describe('what was asked beside a step', () => {
  test('is told to be over when the step ends before everybody has answered', () => {
    const matter = play(row)
      .when(headA, 'consult', { people: [reviewer, clerk], opinion: '是否合规?' })
      .when(reviewer, 'reply');
    expect(told(matter).some((one) => one.text.includes('不再等待'))).toBe(false);
    matter.when(headA, 'complete');
    expect(told(matter).filter((one) => one.text.includes('不再等待'))).toMatchObject([
      { who: '系统', text: '“征询意见(办理a)”随所征询的环节结束,未答复的不再等待' },
    ]);
  });

  test('says nothing more where everybody has answered', () => {
    const matter = play(row)
      .when(headA, 'consult', { people: [reviewer] })
      .when(reviewer, 'reply')
      .when(headA, 'complete');
    expect(told(matter).some((one) => one.text.includes('不再等待'))).toBe(false);
  });

  test('more time: is told to be over with the step', () => {
    const matter = play(row);
    matter.command(headA, { type: 'extend', until: '2026-03-16', reason, task: null });
    matter.when(headA, 'complete');
    expect(told(matter).filter((one) => one.text.includes('不再答复'))).toHaveLength(1);
  });
});

describe('an intervention is told once, with who did it and why', () => {
  const second = (): Play => play(row).when(headA, 'complete');

  test.each<[string, (matter: Play) => unknown, string]>([
    [
      'reassign',
      (matter) => matter.command(administrator, { type: 'reassign', task: matter.taskOf(headB).id, people: [vice], reason }),
      '管理员指派:“审批b”原由head-b办理,改由vice办理',
    ],
    [
      'hand-over',
      (matter) => matter.command(administrator, { type: 'hand-over', from: headB, to: vice, reason }),
      '管理员交接:head-b的待办交vice办理',
    ],
    [
      'rewind',
      (matter) => matter.command(administrator, { type: 'rewind', to: 'a', reason }),
      '管理员回退:回退至“办理a”,其后各环节重新办理',
    ],
    ['skip', (matter) => matter.command(administrator, { type: 'skip', visit: 'b', reason }), '管理员跳过:跳过“审批b”'],
    ['terminate', (matter) => matter.command(administrator, { type: 'terminate', reason }), '管理员终止:终止办件'],
  ])('%s', (_kind, intervene, text) => {
    const matter = second();
    const before = told(matter).length;
    expect(intervene(matter)).toBeNull();
    const since = told(matter).slice(before);
    expect(since[0]).toMatchObject({ kind: 'intervention', who: 'administrator', text, opinion: reason });
    expect(since.filter((one) => one.opinion === reason || one.text.includes(reason))).toHaveLength(1);
    // What follows is told as what it is: whose turn it is now, or that the matter has ended.
    expect(since.slice(1).every((one) => ['opened', 'ended', 'clock', 'effect'].includes(one.kind))).toBe(true);
  });

  test('a return by who handles it is told as before', () => {
    const matter = second().when(headB, 'return', { to: 'a' });
    expect(told(matter).filter((one) => one.kind === 'returned')).toMatchObject([{ who: 'head-b' }]);
  });
});

test('what a changed directory or calendar brings is told as the system’s', () => {
  const directory = smallSchool();
  const post = directory.posts['post-finance-reviewer'];
  const review = { kind: 'role', role: 'finance-reviewer', says: '财务审核', unit: null, campus: null } as const;
  const matter = play(plainDefinition([approve('a', [review])]), { world: { directory } });
  if (post !== undefined) post.holders = [{ person: clerk, from: '2020-01-01', to: null }];
  expect(matter.command(administrator, { type: 'refresh', about: 'people', reason: '岗位调整' })).toBeNull();
  expect(told(matter).find((one) => one.text.startsWith('机构或岗位调整'))).toMatchObject({ who: '系统', opinion: '岗位调整' });
});

describe('a task', () => {
  const view = (definition: typeof row, matter: Play, person: string, directory: Directory = smallSchool()): TaskView =>
    taskView(definition, matter.matter, matter.taskOf(person), person, { directory, calendar: smallCalendar, now: NOW });
  const next = (definition: typeof row, matter: Play, person: string) =>
    view(definition, matter, person).next.map(({ id, addedBy }) => (addedBy === null ? id : `${id} by ${addedBy}`));

  test('names those who come in order after its holder', () => {
    const inOrder = plainDefinition([approve('a', [headA, headB, reviewer], { mode: 'order' })]);
    const matter = play(inOrder);
    expect(next(inOrder, matter, headA)).toEqual([headB, reviewer]);
    matter.when(headA, 'agree');
    expect(next(inOrder, matter, headB)).toEqual([reviewer]);
  });

  test('names signers added after it, with who added them, and not those who act already', () => {
    const matter = play(row).when(headA, 'addSigners', { people: [reviewer, clerk], position: 'after', mode: 'order' });
    expect(next(row, matter, headA)).toEqual([`${reviewer} by head-a`, `${clerk} by head-a`]);
    matter.when(headA, 'complete');
    expect(next(row, matter, reviewer)).toEqual([`${clerk} by head-a`]);
    const beside = play(row).when(headA, 'addSigners', { people: [reviewer], position: 'beside' });
    expect([next(row, beside, headA), next(row, beside, reviewer)]).toEqual([[], []]);
  });

  test('given to somebody who is away says until when, and who stands in', () => {
    const absence: Absence = { person: vice, from: NOW, to: '2026-03-05T00:00:00.000Z', reason: '出差' };
    const directory = { ...smallSchool(), absences: [absence, { ...absence, from: absence.to, to: '2026-03-09T00:00:00.000Z' }] };
    const matter = play(row, { world: { directory } }).when(headA, 'transfer', { to: vice });
    const chosen = { id: vice, name: 'vice', awayUntil: '2026-03-09T00:00:00.000Z' };
    expect(view(row, matter, vice, directory).assignees).toEqual([expect.objectContaining(chosen)]);
    directory.absences = directory.absences.map((one) => ({ ...one, cover: clerk }));
    expect(view(row, matter, vice, directory).assignees).toMatchObject([chosen, { id: clerk, coverFor: vice }]);
    directory.absences = [];
    expect(view(row, matter, vice, directory).assignees[0]).not.toHaveProperty('awayUntil');
    expect(JSON.stringify(matter.matter)).not.toContain('awayUntil');
  });

  test('of an applicant who corrects for whom it comes straight back to names what may be changed without all deciding anew', () => {
    const harmless = plainDefinition([approve('a', [headA])], { harmlessFields: ['phone', 'campus'] });
    const matter = play(harmless, { form: { phone: '1' } }).when(headA, 'return', { to: 'applicant', next: 'back' });
    const world = { directory: smallSchool(), calendar: smallCalendar, now: NOW };
    const titles: Record<string, string> = { phone: '联系电话' };
    const { ask } = taskView(
      harmless,
      matter.matter,
      matter.taskOf(applicant),
      applicant,
      world,
      (field) => titles[field] ?? field,
    );
    expect(ask).toBe('只补附件或只改动“联系电话”、“campus”的,提交后直接回到“审批a”;修改表单其他内容的,各环节重新办理');
  });
});

/**
 * The resource patterns 1 to 20 of Russell, ter Hofstede, Edmond and van der Aalst: how work comes to people. Each in a definition
 * of a few lines and one play; the names carry the pattern's number, the page docs/patterns.md is made from them.
 */
import { expect, test } from 'vitest';
import type { Allocation } from '../../../definitions/language/steps.ts';
import { isRefusal } from '../../../workflows/machine/refusals.ts';
import { previewPath } from '../../../workflows/machine/telling/preview.ts';
import { type Play, play } from '../../machine/support/play.ts';
import { cast, smallCalendar, smallSchool } from '../../machine/support/school.ts';
import { approve, choose, handle, type named } from '../../machine/support/steps.ts';
import { plainDefinition } from '../../machine/support/trees.ts';

const { headA, headB, director, president, reviewer, clerk, vice, applicant, administrator } = cast;
const ofRole = (role: 'office-director' | 'finance-reviewer') =>
  ({ kind: 'role', role, says: role, unit: null, campus: null }) as const;

test('WRP 1 Direct Distribution: a named person', () => {
  expect(play(plainDefinition([approve('a', [reviewer])])).seats('a')).toEqual([[reviewer]]);
});

test('WRP 2 Role-Based Distribution: whoever holds the post', () => {
  expect(play(plainDefinition([approve('a', [ofRole('office-director')])])).seats('a')).toEqual([[director]]);
});

test('WRP 3 Deferred Distribution: whom the form or an earlier output names', () => {
  const chosen = {
    kind: 'person',
    says: '指定的承办人',
    person: ({ outputs }: { outputs: Record<string, { who?: string }> }) => outputs.pick?.who ?? null,
  };
  // The rule reads one field of one output; the language's own type of outputs is wider.
  const matter = play(plainDefinition([handle('pick', [director]), handle('do', [chosen as ReturnType<typeof named>])]));
  matter.when(director, 'complete', { output: { who: headB } });
  expect(matter.seats('do')).toEqual([[headB]]);
});

test('WRP 4 Authorization: what a step does not allow is neither offered nor accepted, and only administrators intervene', () => {
  const matter = play(plainDefinition([approve('a', [headA], { withoutDetours: ['transfer'] })]));
  expect(matter.refused(headA, 'transfer', { to: headB })?.code).toBe('action-not-offered');
  const reassign = { type: 'reassign' as const, task: matter.taskOf(headA).id, people: [headB], reason: '出差' };
  expect(matter.command(headB, reassign)?.code).toBe('not-allowed');
  expect(matter.command(administrator, reassign)).toBe(null);
});

test('WRP 5 Separation of Duties: who approved does not seal, not by transfer either', () => {
  const approvers = ({ decisions }: { decisions: (step: string) => readonly { person: string }[] }) =>
    decisions('approve').map((one) => one.person);
  const steps = [approve('approve', [headA]), handle('seal', [headA, reviewer], { excluded: approvers })];
  const matter = play(plainDefinition(steps)).when(headA, 'agree');
  expect(matter.seats('seal')).toEqual([[reviewer]]);
  const back = { to: headA };
  expect(matter.refused(reviewer, 'transfer', back)?.code).toBe('bad-input');
});

test('WRP 6 Case Handling: whoever took the matter on handles every later step of it', () => {
  const owner = { kind: 'actor-of', says: '同一承办人', step: 'take' } as const;
  const matter = play(plainDefinition([handle('take', [reviewer, clerk]), handle('work', [owner]), handle('close', [owner])]));
  matter.when(clerk, 'complete');
  expect(matter.seats('work')).toEqual([[clerk]]);
  expect(matter.when(clerk, 'complete').seats('close')).toEqual([[clerk]]);
});

test('WRP 7 Retain Familiar: what is submitted again goes back to who looked at it before', () => {
  const matter = play(plainDefinition([approve('a', [reviewer, clerk], { familiar: true })]));
  matter.when(clerk, 'return', { to: 'applicant' }).when(applicant, 'complete');
  expect(matter.seats('a')).toEqual([[clerk]]);
});

test('WRP 8 Capability-Based Distribution: only those who may sign', () => {
  const directory = smallSchool();
  const able = { ...directory.people[headB], capabilities: ['sign'] } as (typeof directory.people)[string];
  const world = { directory: { ...directory, people: { ...directory.people, [headB]: able } } };
  const matter = play(plainDefinition([approve('a', [headA, headB], { capability: () => 'sign' })]), { world });
  expect(matter.seats('a')).toEqual([[headB]]);
});

/** Who of three gets a step that is given to one of them. */
function allocated(allocate: Allocation, loads: Record<string, { open: number; lastAt: string | null }>): string[][] {
  return play(plainDefinition([handle('a', [reviewer, clerk, headB], { allocate })]), { world: { workload: loads } }).seats('a');
}
const busy = { open: 9, lastAt: '2026-02-27T01:00:00.000Z' };
const idle = { open: 9, lastAt: '2026-01-05T01:00:00.000Z' };
const free = { open: 1, lastAt: '2026-02-28T01:00:00.000Z' };

test('WRP 9 History-Based Distribution: who has had nothing for longest', () => {
  expect(allocated('longest-idle', { [reviewer]: busy, [clerk]: idle, [headB]: free })).toEqual([[clerk]]);
});

test("WRP 10 Organisational Distribution: the applicant's own head, then the leader in charge of the unit", () => {
  const steps = [
    approve('a', [{ kind: 'unit-head', says: '单位负责人', unit: null }]),
    approve('b', [{ kind: 'leader-in-charge', says: '分管领导', unit: null }]),
  ];
  const matter = play(plainDefinition(steps));
  expect(matter.seats('a')).toEqual([[headA]]);
  expect(matter.when(headA, 'agree').seats('b')).toEqual([[vice]]);
});

test('WRP 11 Automatic Execution: small matters pass by rule, with the reason on record', () => {
  const passes = ({ form }: { form: { amount?: unknown } }) => (Number(form.amount) < 1_000 ? '金额不足一千元' : null);
  const steps = [approve('a', [headA], { passes }), approve('b', [director])];
  const matter = play(plainDefinition(steps), { form: { amount: 5 } });
  expect(matter.open).toEqual(['b']);
  expect(matter.of('StepSkipped')[0]?.facts.reason).toContain('金额不足一千元');
});

test('WRP 13 Distribution by Offer to Multiple Resources: many are asked, exactly one of them acts', () => {
  const matter = play(plainDefinition([handle('a', [reviewer, clerk]), approve('b', [director])]));
  const { id } = matter.taskOf(clerk);
  matter.when(reviewer, 'complete');
  expect(matter.refused(clerk, 'complete', { task: id })?.code).toBe('task-closed');
});

test('WRP 14 Distribution by Allocation to a Single Resource: one person has it from the beginning', () => {
  const task = play(plainDefinition([handle('a', [reviewer])])).taskOf(reviewer);
  expect(task.assignees.map((one) => one.id)).toEqual([reviewer]);
});

test('WRP 15 Random Allocation: drawn from the transition, so that an audit draws the same', () => {
  const draw = (): string[][] => allocated('random', {});
  expect(draw()).toHaveLength(1);
  expect(draw()).toEqual(draw());
});

test('WRP 16 Round Robin Allocation: fair over a thousand tasks', () => {
  const loads: Record<string, { open: number; lastAt: string | null }> = {};
  const counts: Record<string, number> = {};
  for (let serial = 0; serial < 1_000; serial += 1) {
    const chosen = allocated('round-robin', loads)[0]?.[0] ?? '';
    counts[chosen] = (counts[chosen] ?? 0) + 1;
    loads[chosen] = { open: 0, lastAt: new Date(Date.UTC(2026, 0, 1) + serial * 60_000).toISOString() };
  }
  expect(Object.values(counts).sort()).toEqual([333, 333, 334]);
});

test('WRP 17 Shortest Queue: who has the least to do', () => {
  expect(allocated('least-loaded', { [reviewer]: busy, [clerk]: idle, [headB]: free })).toEqual([[headB]]);
});

test('WRP 18 Early Distribution: who will be asked is known before it is their turn', () => {
  const definition = plainDefinition([approve('a', [headA]), approve('b', [director])]);
  const world = { now: '2026-03-02T01:00:00.000Z', directory: smallSchool(), calendar: smallCalendar, settings: {}, no: '' };
  const rest = { files: {}, facts: {}, schemas: { form: () => [], outputs: {} } };
  const by = { id: 'c1', by: { kind: 'person', id: applicant }, bodyHash: null } as const;
  const start = { type: 'start', processId: 'plain', version: 1, form: {}, attachments: [], ...by } as const;
  const path = previewPath(definition, { ...start, attachments: [] }, { ...world, ...rest });
  if (isRefusal(path)) throw new Error(path.message);
  expect(path.map((step) => step.assignees.map((one) => one.id))).toEqual([[headA], [director]]);
});

test('WRP 19 Distribution on Enablement: a task comes when its step opens, not before', () => {
  const matter: Play = play(plainDefinition([approve('a', [headA]), approve('b', [director])]));
  expect(Object.keys(matter.matter.tasks)).toHaveLength(1);
  expect(matter.when(headA, 'agree').taskOf(director).visit).toBe('b');
});

test('WRP 19 Distribution on Enablement: the branch that was chosen, and no other', () => {
  const steps = [choose('route', ({ form }) => form.big === true, [approve('big', [president])], [approve('small', [headA])])];
  expect(Object.keys(play(plainDefinition(steps), { form: { big: true } }).matter.visits)).toEqual(['big']);
});

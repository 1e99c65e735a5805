/**
 * Goal: a step is given to whom its rules and policies say, with the reason kept: nobody found, the same person again, separation
 * of duties, capabilities, who knows the matter already, one of several.
 * Method: small definitions at the small school on the pure machine.
 */
import { describe, expect, test } from 'vitest';
import type { AssigneeRule } from '../../definitions/language/assignees.ts';
import type { Directory } from '../../definitions/language/directory.ts';
import { allocated, type Load } from '../../workflows/machine/people/allocate.ts';
import type { Assignee } from '../../workflows/machine/state.ts';
import { play } from './support/play.ts';
import { cast, smallSchool } from './support/school.ts';
import { approve, handle, named } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, clerk, vice, president, reviewer, administrator, stranger } = cast;
const review: AssigneeRule = { kind: 'role', role: 'finance-reviewer', says: '财务审核', unit: null, campus: null };
const headOf: AssigneeRule = { kind: 'unit-head', says: '负责人', unit: null };

function schoolWith(change: (directory: Directory) => void): Directory {
  const directory = smallSchool();
  change(directory);
  return directory;
}

describe('where every seat must decide', () => {
  test.each([
    ['会签', { mode: 'all' }],
    ['票签', { mode: { share: 1 } }],
  ] as const)('%s: a rule that finds nobody goes to the administrator and is flagged', (_mode, changes) => {
    const matter = play(plainDefinition([approve('a', [headA, named(null)], changes)]));
    expect(matter.seats('a')).toEqual([[headA], [administrator]]);
    expect(matter.matter.visits.a?.unassigned).toBe(true);
  });

  test('依次: the administrator stands in the place of the rule that found nobody', () => {
    const matter = play(plainDefinition([approve('a', [headA, named(null), headB], { mode: 'order' })]));
    expect(matter.matter.visits.a?.seats.map((seat) => seat.assignees[0]?.id)).toEqual([headA, administrator, headB]);
  });

  test('或签: one who is found is enough', () => {
    const matter = play(plainDefinition([approve('a', [headA, named(null)])]));
    expect(matter.seats('a')).toEqual([[headA]]);
    expect(matter.matter.visits.a?.unassigned).toBe(false);
  });

  test('an applicant among those required is replaced, not left out', () => {
    const matter = play(plainDefinition([approve('a', [headOf, headB], { mode: 'all' })]), { applicant: headA });
    expect(matter.seats('a')).toEqual([[vice], [headB]]);
  });

  test('somebody whom two rules name signs once', () => {
    const matter = play(plainDefinition([approve('a', [headA, headOf], { mode: 'all' })]));
    expect(matter.seats('a')).toEqual([[headA]]);
  });
});

describe('an applicant who holds the post of a step alone', () => {
  const post = 'post-finance-reviewer';

  test('is replaced by who covers it', () => {
    const directory = schoolWith((one) => one.posts[post]?.covers.push(clerk));
    const matter = play(plainDefinition([approve('a', [review])]), { applicant: reviewer, world: { directory } });
    expect(matter.seats('a')).toEqual([[clerk]]);
    expect(Object.values(matter.matter.tasks)[0]?.assignees[0]?.reason).toContain('由顶岗人员办理');
  });

  test('by their superior where nobody covers it', () => {
    expect(play(plainDefinition([approve('a', [review])]), { applicant: reviewer }).seats('a')).toEqual([[vice]]);
  });

  test('a head’s own matter goes up, never to a deputy who covers the post', () => {
    const directory = schoolWith((one) => one.posts['post-head-a']?.covers.push(clerk));
    const matter = play(plainDefinition([approve('a', [headOf])]), { applicant: headA, world: { directory } });
    expect(matter.seats('a')).toEqual([[vice]]);
  });
});

describe('nobody found', () => {
  test('goes to the superior where the step says so, and is no orphan', () => {
    const matter = play(plainDefinition([approve('a', [named(null)], { whenNobody: 'superior' })]));
    expect(matter.seats('a')).toEqual([[vice]]);
    expect(matter.matter.visits.a?.unassigned).toBe(false);
  });

  test('and to the heads of the school where no leader is in charge', () => {
    const directory = smallSchool(['vice-leader']);
    const definition = plainDefinition([approve('a', [named(null)], { whenNobody: 'superior' })]);
    expect(play(definition, { world: { directory } }).seats('a')).toEqual([[president]]);
  });
});

describe('separation of duties and capabilities', () => {
  test('who is excluded is not asked, however many rules name them', () => {
    const definition = plainDefinition([approve('a', [clerk, headA], { excluded: () => [clerk] })]);
    expect(play(definition).seats('a')).toEqual([[headA]]);
  });

  test('who acted before may be excluded', () => {
    const definition = plainDefinition([
      approve('a', [clerk]),
      approve('b', [clerk, headB], { excluded: ({ decisions }) => decisions('a').map((one) => one.person) }),
    ]);
    expect(play(definition).when(clerk, 'agree').seats('b')).toEqual([[headB]]);
  });

  test('excluded people are no superior and no administrator of the step either', () => {
    const definition = plainDefinition([
      approve('a', [clerk], { excluded: () => [clerk, vice, administrator], whenNobody: 'superior' }),
    ]);
    expect(play(definition).seats('a')).toEqual([[president]]);
  });

  test('only those with the capability are asked', () => {
    const directory = schoolWith((one) => {
      const person = one.people[headB];
      if (person !== undefined) person.capabilities = ['sign-major'];
    });
    const definition = plainDefinition([approve('a', [headA, headB], { capability: () => 'sign-major' })]);
    expect(play(definition, { world: { directory } }).seats('a')).toEqual([[headB]]);
    expect(play(definition).seats('a')).toEqual([[administrator]]);
  });
});

describe('the same person again', () => {
  const once = { whenRepeated: 'once' } as const;

  test('who agreed in the step just before is passed over with a mark', () => {
    const definition = plainDefinition([approve('a', [clerk]), approve('b', [clerk, headA], once), approve('c', [headB])]);
    const matter = play(definition).when(clerk, 'agree');
    expect(matter.of('StepSkipped').map(({ facts }) => [facts.step, facts.reason])).toEqual([
      ['b', '上一环节已由同一人同意,按规则不再重复办理'],
    ]);
    expect(matter.open).toEqual(['c']);
  });

  test('and still at the step after one that was passed over', () => {
    const definition = plainDefinition([approve('a', [clerk]), approve('b', [clerk], once), approve('c', [clerk], once)]);
    expect(play(definition).when(clerk, 'agree').outcome).toBe('completed');
  });

  test('not when another step lies between, nor without the policy', () => {
    const between = plainDefinition([approve('a', [clerk]), approve('b', [headA]), approve('c', [clerk], once)]);
    expect(play(between).when(clerk, 'agree').when(headA, 'agree').open).toEqual(['c']);
    expect(play(plainDefinition([approve('a', [clerk]), approve('b', [clerk])])).when(clerk, 'agree').open).toEqual(['b']);
  });

  test('of several who must all sign they are left out, if others remain', () => {
    const definition = plainDefinition([approve('a', [clerk]), approve('b', [clerk, headA], { ...once, mode: 'all' })]);
    expect(play(definition).when(clerk, 'agree').seats('b')).toEqual([[headA]]);
  });

  test('who agreed in somebody’s place has agreed; whom they stood in for has not', () => {
    const directory = schoolWith((one) => {
      one.absences = [
        { person: clerk, from: '2026-03-02T01:00:00.000Z', to: '2026-03-03T01:00:00.000Z', reason: '请假', cover: headB },
      ];
    });
    const definition = plainDefinition([approve('a', [clerk]), approve('b', [clerk], once)]);
    const matter = play(definition, { world: { directory } });
    matter.when(headB, 'agree', { task: matter.taskOf(clerk).id });
    expect(matter.open).toEqual(['b']);
  });
});

describe('a step that need not be', () => {
  test('is passed over with the reason that its rule gives', () => {
    const passes = ({ form }: { form: Record<string, unknown> }) => (Number(form.amount) < 500 ? '金额不足500元,免审' : null);
    const definition = plainDefinition([approve('a', [headA], { passes }), approve('b', [headB])]);
    const small = play(definition, { form: { amount: 100 } });
    expect(small.of('StepSkipped')[0]?.facts.reason).toBe('金额不足500元,免审');
    expect(small.open).toEqual(['b']);
    expect(play(definition, { form: { amount: 900 } }).open).toEqual(['a']);
  });
});

describe('one of several', () => {
  const pick = (how: 'random' | 'round-robin' | 'least-loaded' | 'longest-idle', workload: Record<string, Load> = {}) =>
    play(plainDefinition([handle('h', [clerk, headA, headB], { allocate: how })]), { world: { workload } }).seats('h')[0];

  test('is given the step alone, and the reason tells how they were picked', () => {
    const matter = play(plainDefinition([handle('h', [clerk, headA], { allocate: 'least-loaded' })]), {
      world: { workload: { [clerk]: { open: 3, lastAt: null }, [headA]: { open: 1, lastAt: null } } },
    });
    expect(matter.seats('h')).toEqual([[headA]]);
    expect(Object.values(matter.matter.tasks)[0]?.assignees[0]?.reason).toBe('指定人员,待办最少者优先');
  });

  test('the longest idle: who never got one, then who got one longest ago', () => {
    const days = {
      [clerk]: { open: 0, lastAt: '2026-03-01T00:00:00.000Z' },
      [headA]: { open: 9, lastAt: '2026-02-01T00:00:00.000Z' },
    };
    expect(pick('longest-idle', days)).toEqual([headB]);
    expect(pick('longest-idle', { ...days, [headB]: { open: 0, lastAt: '2026-02-15T00:00:00.000Z' } })).toEqual([headA]);
  });

  test('in turn: the one after whoever got the last, round and round', () => {
    const served = (person: string) => ({ [person]: { open: 0, lastAt: '2026-03-01T00:00:00.000Z' } });
    expect(pick('round-robin')).toEqual([clerk]);
    expect(pick('round-robin', served(clerk))).toEqual([headA]);
    expect(pick('round-robin', served(headA))).toEqual([headB]);
    expect(pick('round-robin', served(headB))).toEqual([clerk]);
  });

  test('at random: the same seed gives the same one, and seeds reach everybody about as often', () => {
    const people: Assignee[] = [clerk, headA, headB].map((id) => ({ id, name: id, reason: '' }));
    const world = { directory: smallSchool(), now: '2026-03-02T01:00:00.000Z' };
    const drawn = (seed: string): string => allocated('random', people, world, seed)[0]?.id ?? '';
    const counts = new Map<string, number>();
    for (let at = 0; at < 3_000; at += 1) {
      const one = drawn(`m-${at}:c1:h:0:0`);
      expect(drawn(`m-${at}:c1:h:0:0`)).toBe(one);
      counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    for (const person of [clerk, headA, headB]) expect(counts.get(person) ?? 0).toBeGreaterThan(850);
  });

  test('nobody who is away is picked while somebody is there', () => {
    const directory = schoolWith((one) => {
      one.absences = [{ person: clerk, from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T01:00:00.000Z', reason: '请假' }];
    });
    const definition = plainDefinition([handle('h', [clerk, headA], { allocate: 'round-robin' })]);
    expect(play(definition, { world: { directory } }).seats('h')).toEqual([[headA]]);
  });
});

describe('who knows the matter', () => {
  const again = plainDefinition([handle('h', [clerk, stranger], { familiar: true }), approve('b', [headB])]);

  test('gets a later round of the step alone', () => {
    const matter = play(again).when(stranger, 'complete').when(headB, 'return', { to: 'h', opinion: '请补充' });
    expect(matter.seats('h')).toEqual([[stranger]]);
  });

  test('unless they have left meanwhile', () => {
    const directory = smallSchool();
    const matter = play(again, { world: { directory } }).when(stranger, 'complete');
    const person = directory.people[stranger];
    if (person !== undefined) person.active = false;
    expect(matter.when(headB, 'return', { to: 'h', opinion: '请补充' }).seats('h')).toEqual([[clerk]]);
  });
});

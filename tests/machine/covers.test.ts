/**
 * Goal: while somebody is away, who stands in for them sees and may act, in their place and marked as such; nothing is moved, and
 * nobody comes to speak twice or on their own matter by it.
 * Method: small definitions at the small school, whose directory gets absences and covers; the clock moves between commands.
 */
import { describe, expect, test } from 'vitest';
import type { Absence, Directory } from '../../definitions/language/directory.ts';
import type { Step } from '../../definitions/language/steps.ts';
import { mayStandInFor, seatOf, standsIn, whoMayAct } from '../../workflows/machine/people/covers.ts';
import { taskView } from '../../workflows/machine/telling/view.ts';
import { play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, clerk, vice, president, reviewer, applicant, stranger, gone, administrator, director } = cast;
const MORNING = '2026-03-02T01:00:00.000Z';
const NOON = '2026-03-02T04:00:00.000Z';
const AFTERNOON = '2026-03-02T06:30:00.000Z';

/** The small school with absences, and with covers of posts. */
function school(absences: readonly Partial<Absence>[], covers: Record<string, string[]> = {}): Directory {
  const directory = smallSchool();
  directory.absences = absences.map((one) => ({
    person: reviewer,
    from: MORNING,
    to: '2026-03-09T16:00:00.000Z',
    reason: '出差',
    ...one,
  }));
  for (const [post, people] of Object.entries(covers)) {
    const found = directory.posts[post];
    if (found !== undefined) found.covers = people;
  }
  return directory;
}

const review = { kind: 'role', role: 'finance-reviewer', says: '财务审核', unit: null, campus: null } as const;
const POST = 'post-finance-reviewer';

/** Who may act on the first task at an instant. */
function actingAt(step: Step, directory: Directory, now = MORNING, who: string = applicant): string[] {
  const definition = plainDefinition([step]);
  const matter = play(definition, { applicant: who, world: { directory } });
  const task = Object.values(matter.matter.tasks)[0];
  if (task === undefined) throw new Error('Nothing is open');
  return whoMayAct(definition, matter.matter, task, { directory, calendar: smallCalendar, now }).map((one) =>
    one.coverFor === undefined ? one.id : `${one.id} for ${one.coverFor}`,
  );
}

describe('the line of those who stand in', () => {
  const step = approve('a', [review]);

  test.each<[string, Partial<Absence>[], Record<string, string[]>, string[]]>([
    ['nobody while nobody is away', [], { [POST]: [clerk] }, [reviewer]],
    [
      'the cover of the post through which somebody was chosen',
      [{}],
      { [POST]: [clerk] },
      [reviewer, `${clerk} for ${reviewer}`],
    ],
    ['whom the absence names comes first', [{ cover: headB }], { [POST]: [clerk] }, [reviewer, `${headB} for ${reviewer}`]],
    [
      'the next in line when the first is away',
      [{}, { person: clerk }],
      { [POST]: [clerk, headB] },
      [reviewer, `${headB} for ${reviewer}`],
    ],
    [
      'not the cover of a cover',
      [{}, { person: clerk, cover: headB }],
      { [POST]: [clerk, vice] },
      [reviewer, `${vice} for ${reviewer}`],
    ],
    [
      'the head of the unit after all covers',
      [{}, { person: clerk }],
      { [POST]: [clerk] },
      [reviewer, `${headA} for ${reviewer}`],
    ],
    ['the leader in charge after the head', [{}, { person: headA }], {}, [reviewer, `${vice} for ${reviewer}`]],
    ['nobody else when all of them are away', [{}, { person: headA }, { person: vice }], {}, [reviewer]],
    ['never somebody who has left', [{}], { [POST]: [gone, clerk] }, [reviewer, `${clerk} for ${reviewer}`]],
    [
      'never the absent one themselves',
      [{ cover: reviewer }],
      { [POST]: [reviewer, clerk] },
      [reviewer, `${clerk} for ${reviewer}`],
    ],
  ])('%s', (_what, absences, covers, expected) => {
    expect(actingAt(step, school(absences, covers))).toEqual(expected);
  });

  test('two who cover each other are both away: the next in line, and no loop', () => {
    const directory = school([{ cover: clerk }, { person: clerk, cover: reviewer }], { [POST]: [clerk, headB] });
    expect(actingAt(step, directory)).toEqual([reviewer, `${headB} for ${reviewer}`]);
  });

  test('somebody chosen by name is covered by the covers of the posts they hold', () => {
    expect(actingAt(approve('a', [reviewer]), school([{}], { [POST]: [clerk] }))).toEqual([reviewer, `${clerk} for ${reviewer}`]);
  });

  test('a task of somebody who has left meanwhile lies with who covers, and with no ghost', () => {
    const directory = school([], { [POST]: [clerk] });
    const definition = plainDefinition([step]);
    const matter = play(definition, { world: { directory } });
    const person = directory.people[reviewer];
    if (person !== undefined) person.active = false;
    const task = matter.taskOf(reviewer);
    const may = whoMayAct(definition, matter.matter, task, { directory, calendar: smallCalendar, now: MORNING });
    expect(may.map((one) => one.id)).toEqual([clerk]);
  });

  test('with nobody above them either, the administrator stands in for who has left', () => {
    const directory = school([{ person: headA }, { person: vice }]);
    const definition = plainDefinition([step]);
    const matter = play(definition, { world: { directory } });
    const person = directory.people[reviewer];
    if (person !== undefined) person.active = false;
    const may = whoMayAct(definition, matter.matter, matter.taskOf(reviewer), {
      directory,
      calendar: smallCalendar,
      now: MORNING,
    });
    expect(may.map((one) => one.id)).toEqual([administrator]);
  });
});

describe('who may not stand in', () => {
  test.each<[string, Step, string, string[]]>([
    [
      'the applicant does not decide on their own matter in somebody’s place',
      approve('a', [review]),
      clerk,
      [reviewer, `${headB} for ${reviewer}`],
    ],
    [
      'an applicant whom the step allows does',
      approve('a', [review], { selfApproval: 'allow' }),
      clerk,
      [reviewer, `${clerk} for ${reviewer}`],
    ],
    [
      'whom the step excludes',
      approve('a', [review], { excluded: () => [clerk] }),
      applicant,
      [reviewer, `${headB} for ${reviewer}`],
    ],
    ['nobody where the step must be done in person', approve('a', [review], { inPerson: true }), applicant, [reviewer]],
  ])('%s', (_what, step, who, expected) => {
    expect(actingAt(step, school([{}], { [POST]: [clerk, headB] }), MORNING, who)).toEqual(expected);
  });

  test('nobody without the capability that the step asks for', () => {
    const directory = school([{}], { [POST]: [clerk, headB] });
    for (const id of [reviewer, headB]) {
      const person = directory.people[id];
      if (person !== undefined) person.capabilities = ['sign'];
    }
    expect(actingAt(approve('a', [review], { capability: () => 'sign' }), directory)).toEqual([
      reviewer,
      `${headB} for ${reviewer}`,
    ]);
  });

  test('somebody with a seat of their own in the round: nobody votes twice', () => {
    const step = approve('a', [review, clerk], { mode: 'all' });
    expect(actingAt(step, school([{}], { [POST]: [clerk, headB] }))).toEqual([reviewer, `${headB} for ${reviewer}`]);
  });

  test('one cover of two absent people speaks for one of them; the other goes to the next in line', () => {
    const directory = school([{ cover: clerk }, { person: headB, cover: clerk }], { 'post-head-b': [director] });
    const definition = plainDefinition([approve('a', [reviewer, headB], { mode: 'all' })]);
    const matter = play(definition, { world: { directory } });
    const first = matter.taskOf(reviewer);
    const second = matter.taskOf(headB);
    const world = { directory, calendar: smallCalendar, now: MORNING };
    expect(seatOf(definition, matter.matter, second, clerk, world)?.coverFor).toBe(headB);
    matter.when(clerk, 'agree', { task: first.id });
    expect(matter.refused(clerk, 'agree', { task: second.id })?.code).toBe('not-allowed');
    expect(seatOf(definition, matter.matter, second, director, world)?.coverFor).toBe(headB);
    expect(matter.when(director, 'agree', { task: second.id }).outcome).toBe('completed');
  });

  test('where one of several candidates is there, what is theirs does not go up', () => {
    expect(actingAt(approve('a', [reviewer, clerk]), school([{}]))).toEqual([reviewer, clerk]);
    expect(actingAt(approve('a', [reviewer, clerk]), school([{}, { person: clerk }]))).toEqual([
      reviewer,
      clerk,
      `${headA} for ${reviewer}`,
    ]);
  });

  test('a candidate who is there acts in their own name, not in the absent one’s', () => {
    expect(actingAt(approve('a', [review, clerk]), school([{}], { [POST]: [clerk, headB] }))).toEqual([reviewer, clerk]);
  });

  test('of a claimed task only who stands in for its claimer', () => {
    const directory = school([{ cover: headB }]);
    const definition = plainDefinition([handle('h', [reviewer, clerk])]);
    const matter = play(definition, { world: { directory } });
    matter.when(clerk, 'claim');
    const world = { directory, calendar: smallCalendar, now: MORNING };
    const task = matter.taskOf(clerk);
    expect(whoMayAct(definition, matter.matter, task, world).map((one) => one.id)).toEqual([clerk]);
    matter.when(clerk, 'release').when(headB, 'claim', { task: task.id });
    const claimed = matter.taskOf(clerk);
    expect(claimed.claimedBy).toBe(reviewer);
    expect(whoMayAct(definition, matter.matter, claimed, world).map((one) => one.id)).toEqual([reviewer, headB]);
  });

  describe('a claim', () => {
    const definition = plainDefinition([handle('h', [reviewer, clerk])]);
    const claimed = (absences: readonly Partial<Absence>[], covers: Record<string, string[]> = {}) => {
      const directory = school([]);
      const matter = play(definition, { world: { directory } }).when(reviewer, 'claim');
      Object.assign(directory, { absences: school(absences).absences });
      for (const [post, people] of Object.entries(covers)) Object.assign(directory.posts[post] ?? {}, { covers: people });
      const world = { directory, calendar: smallCalendar, now: MORNING };
      const view = (person: string) => taskView(definition, matter.matter, matter.taskOf(reviewer), person, world);
      const offered = (person: string) => view(person).actions.map(({ action }) => action);
      return { directory, matter, view, offered };
    };

    test('keeps the task from the others while its holder is there', () => {
      const { view, offered } = claimed([]);
      expect([view(clerk).claimedBy?.id, offered(clerk)]).toEqual([reviewer, []]);
      expect(offered(reviewer)).toContain('release');
    });

    test('lapses while its holder is away with nobody in their place: the others may take it on, and are offered to', () => {
      const { directory, matter, view, offered } = claimed([{}]);
      expect(view(clerk).claimedBy).toBeNull();
      expect(offered(clerk)).toEqual(expect.arrayContaining(['complete', 'claim']));
      expect(offered(clerk)).not.toContain('release');
      matter.when(clerk, 'claim', { task: matter.taskOf(clerk).id });
      expect(view(reviewer).claimedBy?.id).toBe(clerk);
      directory.absences = [];
      expect([view(reviewer).claimedBy?.id, offered(reviewer)]).toEqual([clerk, []]);
    });

    test('is its holder’s again when they are back and nobody took it on', () => {
      const { directory, view, offered } = claimed([{}]);
      directory.absences = [];
      expect([view(clerk).claimedBy?.id, offered(clerk)]).toEqual([reviewer, []]);
    });

    test('lies with who stands in for its holder, where somebody does', () => {
      const { view, offered } = claimed([{ cover: headB }]);
      expect([view(headB).claimedBy?.id, offered(clerk)]).toEqual([reviewer, []]);
      expect(offered(headB)).toEqual(expect.arrayContaining(['complete', 'release']));
    });

    test('lapses for another candidate who would stand in: they act in their own name', () => {
      const { matter, offered } = claimed([{ cover: clerk }]);
      expect(offered(clerk)).toContain('complete');
      matter.when(clerk, 'complete', { task: matter.taskOf(clerk).id });
      expect(matter.matter.visits.h?.decisions[0]).toMatchObject({ person: clerk, coverFor: null });
    });

    test('of somebody who has left holds nobody up, and is shown to nobody', () => {
      const { directory, view, offered } = claimed([]);
      Object.assign(directory.people[reviewer] ?? {}, { active: false });
      expect(view(clerk).claimedBy).toBeNull();
      expect(offered(clerk)).toEqual(expect.arrayContaining(['complete', 'claim']));
    });
  });

  test('an applicant’s own correction goes to nobody above them', () => {
    const directory = school([]);
    const definition = plainDefinition([approve('a', [headB])]);
    const matter = play(definition, { world: { directory } }).when(headB, 'return', { to: 'applicant' });
    directory.absences = [{ person: applicant, from: MORNING, to: AFTERNOON, reason: '请假' }];
    const task = matter.taskOf(applicant);
    const world = { directory, calendar: smallCalendar, now: MORNING };
    expect(whoMayAct(definition, matter.matter, task, world).map((one) => one.id)).toEqual([applicant]);
    directory.absences = [{ person: applicant, from: MORNING, to: AFTERNOON, reason: '请假', cover: clerk }];
    expect(seatOf(definition, matter.matter, task, clerk, world)?.coverFor).toBe(applicant);
  });
});

describe('half a day away', () => {
  const directory = school([{ from: MORNING, to: NOON, cover: clerk }]);
  const step = approve('a', [review]);

  test.each([
    ['a minute before it begins', '2026-03-02T00:59:00.000Z', [reviewer]],
    ['from its first instant', MORNING, [reviewer, `${clerk} for ${reviewer}`]],
    ['to the minute before its end', '2026-03-02T03:59:00.000Z', [reviewer, `${clerk} for ${reviewer}`]],
    ['no more at its end', NOON, [reviewer]],
  ])('%s', (_when, now, expected) => {
    expect(actingAt(step, directory, now)).toEqual(expected);
  });

  test('what was decided in it stays, marked 代, and the one who is back acts on the rest alone', () => {
    const definition = plainDefinition([approve('a', [review]), approve('b', [review])]);
    const matter = play(definition, { world: { directory } });
    const [task] = Object.values(matter.matter.tasks);
    matter.when(clerk, 'agree', { task: task?.id ?? '' });
    expect(matter.matter.visits.a?.decisions[0]).toMatchObject({
      person: clerk,
      coverFor: reviewer,
      coverForName: directory.people[reviewer]?.name,
    });
    matter.at(AFTERNOON);
    const next = matter.taskOf(reviewer, 'b');
    expect(matter.refused(clerk, 'agree', { task: next.id })?.code).toBe('not-allowed');
    expect(matter.when(reviewer, 'agree').outcome).toBe('completed');
  });

  test('the absent one keeps acting, and nothing in the matter was moved for it', () => {
    const definition = plainDefinition([approve('a', [review])]);
    const matter = play(definition, { world: { directory } });
    expect(Object.values(matter.matter.tasks)[0]?.assignees.map((one) => one.id)).toEqual([reviewer]);
    matter.when(reviewer, 'agree');
    expect(matter.matter.visits.a?.decisions[0]?.coverFor).toBeNull();
  });
});

describe('who may look', () => {
  test('who stands in may see the matter while they do, and no longer', () => {
    const directory = school([{ to: NOON, cover: clerk }]);
    const definition = plainDefinition([approve('a', [review])]);
    const { matter } = play(definition, { world: { directory } });
    const world = (now: string) => ({ directory, calendar: smallCalendar, now });
    expect(standsIn(definition, matter, clerk, world(MORNING))).toBe(true);
    expect(standsIn(definition, matter, clerk, world(NOON))).toBe(false);
    expect(standsIn(definition, matter, reviewer, world(MORNING))).toBe(false);
    expect(standsIn(definition, matter, stranger, world(MORNING))).toBe(false);
  });

  test('the net for lists holds everybody whose line one stands in', () => {
    const directory = school([{}, { person: headB, cover: clerk }], { [POST]: [clerk] });
    const world = { calendar: smallCalendar, now: MORNING };
    expect(mayStandInFor(directory, clerk, world).sort()).toEqual([headB, reviewer].sort());
    expect(mayStandInFor(directory, headA, world)).toContain(reviewer);
    expect(mayStandInFor(directory, vice, world)).toContain(reviewer);
    // A last resort, for who has left for good.
    expect(mayStandInFor(directory, president, world)).toEqual([cast.gone]);
    expect(mayStandInFor(directory, clerk, { ...world, now: '2026-04-01T00:00:00.000Z' })).toEqual([]);
  });
});

/** Goal: a row of the supervision ledger says how the work stands, from when it is late and whose it is, by the matter alone. */
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import type { SupervisionFacts } from '../../definitions/language/supervision.ts';
import { isOverdue } from '../../workflows/machine/people/rights.ts';
import { isRowOverdue, type LedgerRow, ledgerLight, ledgerRow } from '../../workflows/machine/supervision/ledger.ts';
import { headAt, maySeeRow } from '../../workflows/machine/supervision/rights.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB, reviewer } = cast;
const reports = { every: '3 workdays' } as const;

const told: SupervisionFacts = {
  source: 'leader-instruction',
  sourceRef: '收文〔2026〕1号',
  content: '抓好落实',
  lead: 'u-a',
  assist: ['u-b', 'u-a', 'u-b'],
  responsible: null,
  leader: cast.vice,
  level: '重要',
  workDueAt: null,
  workSteps: ['work'],
  checker: null,
  checkedAt: null,
  result: null,
  reportedTo: null,
  reportedAt: null,
  adjustment: null,
  delayReason: null,
};

/** Ten workdays of work, due on the sixteenth of March, then a check; the whole within twenty, by the thirtieth. */
function supervised(facts: Partial<SupervisionFacts> = {}): ProcessDefinition {
  const steps = [handle('work', [headA], { limit: '10 workdays', reports }), approve('check', [reviewer])];
  return plainDefinition(steps, {
    supervised: true,
    limit: '20 workdays',
    supervision: (row) => ({ ...told, workDueAt: row.dueOf('work'), ...facts }),
  });
}

const names = {
  nameOf: (id: string) => id,
  headOf: (unit: string, at: string) => headAt(smallSchool(), smallCalendar, unit, at),
};
const rowOf = (matter: Play, definition = supervised()): LedgerRow => ledgerRow(definition, matter.matter, names);
const WORK_DUE = '2026-03-16T09:30:00.000Z';
const ALL_DUE = '2026-03-30T09:30:00.000Z';

function report(matter: Play, percent: number): void {
  const body = { type: 'report' as const, text: `完成${percent}%`, percent, attachments: [], task: null };
  expect(matter.command(headA, body)).toBeNull();
}

describe('a row', () => {
  test('tells what the definition tells, each unit once, and the lead not among those who assist', () => {
    expect(rowOf(play(supervised()))).toMatchObject({
      source: 'leader-instruction',
      leadUnit: 'u-a',
      assistUnits: ['u-b'],
      leader: cast.vice,
      status: 'open',
    });
  });

  test('makes the head of the lead unit answer for it, unless the definition names somebody', () => {
    expect(rowOf(play(supervised())).responsible).toBe(headA);
    const named = supervised({ responsible: headB });
    expect(rowOf(play(named), named).responsible).toBe(headB);
    const nobody = supervised({ lead: 'u-vacant' });
    expect(rowOf(play(nobody), nobody).responsible).toBeNull();
  });

  test('of a process that tells nothing lies with its applicant’s unit', () => {
    const silent = plainDefinition([approve('a', [headB])], { supervised: true });
    const matter = play(silent);
    expect(rowOf(matter, silent)).toMatchObject({
      source: 'other',
      leadUnit: matter.matter.applicant.unit,
      content: matter.matter.title,
      dueAt: matter.matter.due.dueAt,
    });
  });
});

describe('the limit of a row', () => {
  test('is that of the work while it is done, and that of the matter afterwards', () => {
    const matter = play(supervised());
    expect(rowOf(matter)).toMatchObject({ dueAt: WORK_DUE, overdueFrom: WORK_DUE });
    matter.at('2026-03-12T10:00:00+08:00').when(headA, 'complete');
    expect(rowOf(matter).dueAt).toBe(ALL_DUE);
  });

  test('is that of the step which the definition names, whatever else falls due in the same hour', () => {
    const steps = [handle('receipt', [headB], { limit: '10 workdays' }), handle('work', [headA], { limit: '10 workdays' })];
    const both = plainDefinition(steps, {
      supervised: true,
      limit: '20 workdays',
      supervision: (row) => ({ ...told, workDueAt: row.dueOf('work') }),
    });
    const matter = play(both).when(headB, 'complete');
    expect(matter.matter.visits.receipt?.due.dueAt).toBe(matter.matter.visits.work?.due.dueAt);
    expect(rowOf(matter, both)).toMatchObject({ dueAt: WORK_DUE, overdueFrom: WORK_DUE });
    matter.at('2026-03-18T10:00:00+08:00').when(headA, 'complete');
    expect(rowOf(matter, both)).toMatchObject({ status: 'completed', overdueFrom: WORK_DUE });
  });

  test('of a process that names no step of the work is the matter’s', () => {
    const unnamed = supervised({ workSteps: [] });
    expect(rowOf(play(unnamed), unnamed).dueAt).toBe(ALL_DUE);
  });

  test('of work that is set and not begun warns no later than the matter', () => {
    const planned = supervised({ workDueAt: '2026-03-20T09:30:00.000Z', workSteps: ['check'] });
    const row = rowOf(play(planned), planned);
    expect(row.dueAt).toBe('2026-03-20T09:30:00.000Z');
    expect(row.orangeAt <= row.dueAt && row.yellowAt <= row.orangeAt).toBe(true);
  });

  test('makes it yellow, orange and red as time goes by', () => {
    const row = rowOf(play(supervised()));
    const pastBy = (instant: string) => new Date(Date.parse(instant) + 60_000).toISOString();
    expect(
      [row.startedAt, pastBy(row.yellowAt), pastBy(row.orangeAt), pastBy(row.dueAt)].map((now) => ledgerLight(row, now)),
    ).toEqual(['green', 'yellow', 'orange', 'red']);
  });
});

describe('a row that ended', () => {
  test('in time is not overdue, on any day after', () => {
    const matter = play(supervised()).at('2026-03-12T10:00:00+08:00').when(headA, 'complete').when(reviewer, 'agree');
    const row = rowOf(matter);
    expect(row).toMatchObject({ status: 'completed', overdueFrom: null, percent: 100 });
    expect(ledgerLight(row, '2027-01-01T00:00:00.000Z')).toBe('green');
  });

  test('in time though its work was late stays marked from the day the work was due', () => {
    const matter = play(supervised()).at('2026-03-18T10:00:00+08:00').when(headA, 'complete').when(reviewer, 'agree');
    expect(rowOf(matter)).toMatchObject({ dueAt: WORK_DUE, overdueFrom: WORK_DUE });
  });

  test('says by when its work was due, and has the light of its matter', () => {
    const matter = play(supervised()).at('2026-03-12T10:00:00+08:00').when(headA, 'complete');
    matter.at('2026-03-18T10:00:00+08:00').when(reviewer, 'agree');
    expect(rowOf(matter)).toMatchObject({ dueAt: WORK_DUE, overdueFrom: null });
    expect(ledgerLight(rowOf(matter), '2027-01-01T00:00:00.000Z')).toBe('green');
  });

  test('after its own limit was late from then on', () => {
    const matter = play(supervised()).at('2026-03-12T10:00:00+08:00').when(headA, 'complete');
    matter.at('2026-04-08T10:00:00+08:00').when(reviewer, 'agree');
    expect(rowOf(matter).overdueFrom).toBe(ALL_DUE);
  });
});

describe('whether a row is overdue', () => {
  test.each(['2026-03-02T10:00:00+08:00', '2026-03-16T18:00:00+08:00', '2026-03-31T10:00:00+08:00'])(
    'is as the machine has it for the matter, on %s',
    (day) => {
      for (const done of [false, true]) {
        const matter = play(supervised());
        if (done) matter.when(headA, 'complete');
        matter.at(day);
        const now = new Date(Date.parse(day)).toISOString();
        expect(isRowOverdue(rowOf(matter), now)).toBe(isOverdue(matter.matter, now));
      }
    },
  );

  test('counts nothing against a matter whose clock stands still, and its light stays', () => {
    const steps = [handle('third', [reviewer], { limit: '60 workdays', stopsClock: '征求第三方意见' })];
    const asking = plainDefinition(steps, { supervised: true, limit: '5 workdays' });
    const row = rowOf(play(asking), asking);
    expect(row).toMatchObject({ status: 'suspended', stoppedAt: row.startedAt });
    // Past the matter's own limit and within that of whoever was asked.
    expect(ledgerLight(row, '2026-03-20T02:00:00.000Z')).toBe('green');
    expect(isRowOverdue(row, '2026-03-20T02:00:00.000Z')).toBe(false);
  });
});

describe('progress', () => {
  test('is the latest report, and feedback is due at the next request', () => {
    const matter = play(supervised());
    expect(rowOf(matter)).toMatchObject({ percent: null, feedbackDueAt: '2026-03-05T09:30:00.000Z' });
    report(matter, 20);
    matter.at('2026-03-06T10:00:00+08:00');
    report(matter, 45);
    expect(rowOf(matter)).toMatchObject({ percent: 45, progress: '完成45%', feedbackDueAt: '2026-03-10T09:30:00.000Z' });
  });

  test('that nobody asks for any more before the due date is due then', () => {
    const matter = play(supervised()).at('2026-03-13T18:00:00+08:00');
    expect(rowOf(matter).feedbackDueAt).toBe(WORK_DUE);
    report(matter, 80);
    expect(rowOf(matter).feedbackDueAt).toBeNull();
  });
});

describe('who sees a row', () => {
  const row = { leadUnit: 'u-a', assistUnits: ['u-b'], responsible: headA, leader: cast.vice, unit: 'u-office', people: ['p-x'] };
  const viewer = { id: 'p-y', name: '', unit: 'u-a', roles: [], headedUnits: [], supervisor: false, administrator: false };

  test.each([
    ['nobody in particular', {}, false],
    ['a supervisor', { supervisor: true }, true],
    ['an administrator', { administrator: true }, true],
    ['who takes part', { id: 'p-x' }, true],
    ['who answers for it', { id: headA }, true],
    ['whose instruction it is', { id: cast.vice }, true],
    ['the head of the lead unit', { headedUnits: ['u-a'] }, true],
    ['the head of an assisting unit', { headedUnits: ['u-b'] }, true],
    ['the head of the unit that applied', { headedUnits: ['u-office'] }, true],
    ['the head of another unit', { headedUnits: ['u-c'] }, false],
  ])('%s', (_who, changes, sees) => {
    expect(maySeeRow({ ...viewer, ...changes }, row)).toBe(sees);
  });

  test('the head of a unit is told by the dates of the post, also when they have left since', () => {
    const directory = smallSchool();
    const post = Object.values(directory.posts).find((one) => one.role === 'unit-head' && one.unit === 'u-a');
    if (post === undefined) throw new Error('The small school has a head of u-a');
    post.holders = [
      { person: headA, from: '2020-01-01', to: '2026-03-02' },
      { person: headB, from: '2026-03-03', to: null },
    ];
    const head = directory.people[headA];
    if (head !== undefined) head.active = false;
    expect(headAt(directory, smallCalendar, 'u-a', '2026-03-02T15:59:00.000Z')).toBe(headA);
    expect(headAt(directory, smallCalendar, 'u-a', '2026-03-02T16:00:00.000Z')).toBe(headB);
  });
});

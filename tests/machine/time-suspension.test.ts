/** Goal: the matter's clock stands still exactly while the applicant or a third party has the ball, and what was left is left. */
import { describe, expect, test } from 'vitest';
import { isOverdue } from '../../workflows/machine/people/rights.ts';
import { statusOf } from '../../workflows/machine/status.ts';
import { timelineEntry } from '../../workflows/machine/telling/timeline.ts';
import { matterView } from '../../workflows/machine/telling/view.ts';
import { type Play, play } from './support/play.ts';
import { cast, smallCalendar, smallSchool } from './support/school.ts';
import { approve, handle, parallel } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { applicant, headA, headB, reviewer, director } = cast;
const THIRD_PARTY = '征求第三方意见';
const dueOf = ({ matter }: Play): string => matter.due.dueAt;

describe('a third party', () => {
  const asking = plainDefinition(
    [
      approve('a', [headA]),
      handle('third', [reviewer], { limit: '15 workdays', stopsClock: THIRD_PARTY }),
      approve('b', [headB]),
    ],
    { limit: '5 workdays' },
  );

  test('stops the clock, and the rest of the time is frozen', () => {
    const matter = play(asking).at('2026-03-03T10:00:00+08:00').when(headA, 'agree');
    expect(statusOf(matter.matter)).toBe('suspended');
    expect(matter.matter.suspensions).toEqual([{ from: '2026-03-03T02:00:00.000Z', to: null, reason: THIRD_PARTY }]);
    matter.at('2026-03-10T10:00:00+08:00').when(reviewer, 'complete');
    expect(statusOf(matter.matter)).toBe('open');
    // One of five working days was used up; four are left after Tuesday the tenth.
    expect(dueOf(matter)).toBe('2026-03-16T09:30:00.000Z');
    expect(matter.matter.alarms['matter:red']?.at).toBe('2026-03-16T09:30:00.000Z');
  });

  test('is told in the timeline, with the reason', () => {
    const matter = play(asking).when(headA, 'agree').when(reviewer, 'complete');
    const told = matter.events.map(timelineEntry).filter((entry) => entry?.kind === 'clock');
    expect(told.map((entry) => entry?.text)).toEqual([`暂停计时:${THIRD_PARTY}`, '恢复计时']);
  });

  test('has a limit of its own that goes on', () => {
    const matter = play(asking).when(headA, 'agree').at('2026-04-30T18:00:00+08:00');
    expect(matter.of('AlarmRang').map(({ facts }) => facts.alarm)).toContain('third:red');
    expect(matter.of('AlarmRang').map(({ facts }) => facts.alarm)).not.toContain('matter:red');
  });
});

describe('two who stop it at once', () => {
  const both = plainDefinition([
    approve('first', [director]),
    parallel(
      'p',
      [handle('x', [headA], { stopsClock: '等待甲方' })],
      [handle('y', [headB], { stopsClock: '等待乙方' })],
      [approve('z', [reviewer])],
    ),
  ]);

  test('stop it once, until the last of them is done', () => {
    const matter = play(both).when(director, 'agree').when(headA, 'complete');
    expect(statusOf(matter.matter)).toBe('suspended');
    expect(matter.when(headB, 'complete').matter.suspensions).toHaveLength(1);
    expect(statusOf(matter.matter)).toBe('open');
  });

  test('and an applicant beside them: the clock waits for all', () => {
    const matter = play(both).when(director, 'agree').when(reviewer, 'return', { next: 'back' });
    matter.when(headA, 'complete').when(headB, 'complete');
    expect(statusOf(matter.matter)).toBe('suspended');
    expect(statusOf(matter.when(applicant, 'complete').matter)).toBe('open');
  });

  test('go away with a return that takes their steps back', () => {
    const matter = play(both).when(director, 'agree').when(reviewer, 'return', { to: 'first' });
    expect(matter.open).toEqual(['first']);
    expect(statusOf(matter.matter)).toBe('open');
  });
});

describe('how late a matter is', () => {
  const plain = plainDefinition([approve('a', [headA])], { limit: '5 workdays', correctionLimit: '30 workdays' });
  const seen = (matter: Play, now: string) => {
    const world = { directory: smallSchool(), calendar: smallCalendar, now: new Date(now).toISOString() };
    const { light, overdue, status } = matterView(plain, matter.matter, applicant, world);
    return { light, overdue, status };
  };

  test('is told by where its clock stopped, in its light too', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'return');
    expect(seen(matter, '2026-04-20T10:00:00+08:00')).toEqual({ light: 'green', overdue: false, status: 'suspended' });
    expect(isOverdue(matter.matter, '2026-03-20T02:00:00.000Z')).toBe(false);
  });

  test('stays late when the clock stops after its due date', () => {
    const matter = play(plain).at('2026-03-10T10:00:00+08:00').when(headA, 'return');
    expect(seen(matter, '2026-03-11T10:00:00+08:00')).toEqual({ light: 'red', overdue: true, status: 'suspended' });
  });

  test('of one that ended while its clock stood still is told by the time that was left', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'return').at('2026-03-20T10:00:00+08:00');
    matter.command(applicant, { type: 'withdraw', reason: null });
    expect(seen(matter, '2026-04-20T10:00:00+08:00')).toEqual({ light: 'green', overdue: false, status: 'withdrawn' });
  });
});

describe('a matter that ends while its clock stands still', () => {
  const plain = plainDefinition([approve('a', [headA])], { limit: '5 workdays', correctionLimit: '30 workdays' });

  test('ended in time, with its suspension closed', () => {
    const matter = play(plain).at('2026-03-03T10:00:00+08:00').when(headA, 'return').at('2026-03-20T10:00:00+08:00');
    expect(matter.command(applicant, { type: 'withdraw', reason: null })).toBeNull();
    expect(matter.matter.suspensions).toEqual([expect.objectContaining({ to: '2026-03-20T02:00:00.000Z' })]);
    expect(dueOf(matter) > '2026-03-20T02:00:00.000Z').toBe(true);
  });
});

describe('补正', () => {
  const once = plainDefinition([approve('a', [headA])], { correctionsMax: 1 });

  test('is asked for as often as the definition says, and is neither offered nor taken after that', () => {
    const matter = play(once).when(headA, 'return').when(applicant, 'complete');
    expect(matter.refused(headA, 'return')?.code).toBe('action-not-offered');
    expect(matter.when(headA, 'agree').outcome).toBe('completed');
  });

  test('that does not come in time means giving up, where the definition says so', () => {
    const abandoning = plainDefinition([approve('a', [headA])], { whenNotCorrected: 'abandon' });
    const matter = play(abandoning).at('2026-03-03T10:00:00+08:00').when(headA, 'return').at('2026-03-10T17:30:00+08:00');
    expect(matter.matter.ending).toMatchObject({ code: 'withdrawn', text: '逾期未补正,视为放弃申请' });
    expect(matter.matter.ending?.at).toBe('2026-03-10T09:30:00.000Z');
  });

  test('that does not come is only reminded of elsewhere', () => {
    const matter = play(plainDefinition([approve('a', [headA])]))
      .when(headA, 'return')
      .at('2026-03-31T10:00:00+08:00');
    expect(matter.outcome).toBeNull();
    expect(matter.when(applicant, 'complete').open).toEqual(['a']);
  });
});

describe('a corrected form', () => {
  const byForm = plainDefinition(
    [approve('a', [headA], { limit: ({ form }) => (form.urgent === true ? '1 workday' : '4 workdays') })],
    { limit: ({ form }) => (form.urgent === true ? '5 workdays' : '15 workdays') },
  );

  test('renews the limit of the matter, and says why', () => {
    const matter = play(byForm, { form: { urgent: false } })
      .at('2026-03-03T10:00:00+08:00')
      .when(headA, 'return');
    matter.at('2026-03-05T10:00:00+08:00').when(applicant, 'complete', { output: { urgent: true } });
    const [changed] = matter.of('DueChanged');
    expect(changed?.facts).toMatchObject({ visit: null, limit: '5 workdays', because: '表单中的时间已修改' });
    // Two of five days stand still, from Tuesday the third to Thursday the fifth.
    expect(dueOf(matter)).toBe('2026-03-11T09:30:00.000Z');
  });

  test('does so too where the clock runs on', () => {
    const running = { ...byForm, clockStopsWithApplicant: false };
    const matter = play(running, { form: { urgent: false } }).when(headA, 'return');
    matter.when(applicant, 'complete', { output: { urgent: true } });
    expect(dueOf(matter)).toBe('2026-03-09T09:30:00.000Z');
  });

  test('renews the steps open beside it, from their own opening', () => {
    const beside = plainDefinition(
      [
        approve('first', [director]),
        parallel(
          'p',
          [approve('a', [headA])],
          [approve('b', [headB], { limit: ({ form }) => (form.urgent === true ? '1 workday' : '4 workdays') })],
        ),
      ],
      { harmlessFields: ['urgent'] },
    );
    const matter = play(beside, { form: { urgent: false } })
      .when(director, 'agree')
      .at('2026-03-03T10:00:00+08:00');
    matter.when(headA, 'return', { next: 'back' }).when(applicant, 'complete', { output: { urgent: true } });
    expect(matter.matter.visits.b?.due.dueAt).toBe('2026-03-03T09:30:00.000Z');
    expect(matter.of('DueChanged').map(({ facts }) => facts.visit)).toEqual(['b']);
  });

  test('changes nothing where nothing hangs on what was changed', () => {
    const matter = play(plainDefinition([approve('a', [headA])]), { form: { urgent: false } }).when(headA, 'return');
    expect(matter.when(applicant, 'complete', { output: { urgent: true } }).of('DueChanged')).toEqual([]);
  });
});

describe('silence', () => {
  test('is agreement where the definition says so, and the record says it', () => {
    const plain = plainDefinition([approve('a', [headA, headB], { mode: 'all', silence: 'go-on' }), approve('b', [headB])]);
    const matter = play(plain).when(headA, 'agree').at('2026-03-04T17:30:00+08:00');
    expect(matter.open).toEqual(['b']);
    expect(matter.of('SilenceCounted').map(({ facts }) => facts.means)).toEqual(['逾期未答复,视为同意']);
    expect(matter.matter.visits.a?.outcome).toBe('agreed');
  });

  test('of who handles or reads lets the matter go on', () => {
    const plain = plainDefinition([handle('h', [headA], { silence: 'go-on' }), approve('b', [headB])]);
    const matter = play(plain).at('2026-03-04T17:30:00+08:00');
    expect([matter.open, matter.matter.visits.h?.outcome]).toEqual([['b'], 'skipped']);
  });

  test('ends the matter where the definition says so', () => {
    const plain = plainDefinition([approve('a', [headA], { silence: 'reject' }), approve('b', [headB])]);
    const matter = play(plain).at('2026-03-04T17:30:00+08:00');
    expect(matter.matter.ending).toMatchObject({ code: 'rejected', text: '审批a逾期未答复,视为不同意' });
  });

  test('does not outlive its round: who acts a moment before the due date has acted', () => {
    const plain = plainDefinition([approve('a', [headA], { silence: 'reject' }), approve('b', [headB])]);
    const matter = play(plain).at('2026-03-04T17:29:00+08:00').when(headA, 'agree').at('2026-03-05T10:00:00+08:00');
    expect(matter.outcome).toBeNull();
  });
});

test('the calendar of these tests is the demo school’s', () => {
  expect(smallCalendar.publishedYears).toContain(2026);
});

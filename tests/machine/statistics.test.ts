/** Goal: handling times told from classes are nearly right, rates are shares of what they say, and each sees their own units' figures. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overdueFrom, taskOverdueFrom } from '../../workflows/machine/clock/overdue.ts';
import type { Viewer } from '../../workflows/machine/people/rights.ts';
import {
  bottleneckOf,
  bucketOf,
  matterFigures,
  minutesOf,
  percentile,
  taskFigures,
  unitsToCount,
} from '../../workflows/machine/supervision/statistics.ts';

function bucketsOf(minutes: readonly number[]): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const one of minutes) buckets.set(bucketOf(one), (buckets.get(bucketOf(one)) ?? 0) + 1);
  return buckets;
}

describe('a handling time', () => {
  test('falls into exactly one class, in the order of classes', () => {
    for (let bucket = 0; bucket < 60; bucket += 1) {
      const { from, width } = minutesOf(bucket);
      expect(bucketOf(from)).toBe(bucket);
      expect(bucketOf(from + width - 1)).toBe(bucket);
      expect(minutesOf(bucket + 1).from).toBe(from + width);
    }
  });

  test('of few minutes is told exactly', () => {
    expect(percentile(bucketsOf([3, 5, 7]), 0.5)).toBe(5);
    expect(percentile(bucketsOf([4]), 0.9)).toBe(4);
    expect(percentile(new Map(), 0.5)).toBeNull();
  });

  test('is wrong by a fifth at most, told from its class', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200_000), { minLength: 1, maxLength: 200 }), fc.constantFrom(0.5, 0.9), (minutes, share) => {
        const sorted = [...minutes].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0;
        expect(Math.abs((percentile(bucketsOf(minutes), share) ?? -1) - exact)).toBeLessThanOrEqual(exact / 5);
      }),
    );
  });
});

describe('figures', () => {
  test('of matters are shares of what ended, and of nothing there is no rate', () => {
    const counts = { received: 9, finished: 8, 'on-time': 6, late: 2, 'complete-at-once': 7, archived: 4, rated: 3, stars: 13 };
    expect(matterFigures(counts)).toMatchObject({
      onTimeRate: 0.75,
      completeAtOnceRate: 0.875,
      archiveRate: 0.5,
      archiveAccuracy: null,
      satisfaction: { mean: 4.33, count: 3 },
    });
    // What was withdrawn is not archived.
    expect(matterFigures({ ...counts, withdrawn: 3 }).archiveRate).toBe(0.8);
    expect(matterFigures({})).toMatchObject({ received: 0, onTimeRate: null, satisfaction: { mean: null, count: 0 } });
  });

  test('name the step at which most time is lost', () => {
    const quick = { id: 'quick', ...taskFigures({ done: 100 }, bucketsOf(Array(100).fill(5))) };
    const slow = { id: 'slow', ...taskFigures({ done: 10, 'done-late': 4 }, bucketsOf(Array(10).fill(4_096))) };
    expect(slow.onTimeRate).toBe(0.6);
    expect(bottleneckOf([quick, slow])?.step.id).toBe('slow');
    expect(bottleneckOf([])).toBeNull();
  });

  test('are those of the whole school for supervisors, of their units for heads, of none for others', () => {
    const viewer: Viewer = { id: 'p', name: '', unit: 'u', roles: [], headedUnits: [], supervisor: false, administrator: false };
    expect(unitsToCount({ ...viewer, supervisor: true })).toBeNull();
    expect(unitsToCount({ ...viewer, administrator: true, headedUnits: ['u'] })).toBeNull();
    expect(unitsToCount({ ...viewer, headedUnits: ['u'] })).toEqual(['u']);
    expect(unitsToCount(viewer)).toEqual([]);
  });
});

describe('what is late counts', () => {
  const [early, late] = ['2026-03-02T01:00:00.000Z', '2026-03-09T01:00:00.000Z'];

  test.each([
    ['from its due date while its clock runs', { dueAt: late, endedAt: null, suspendedSince: null }, late],
    ['not while its clock stands still in time', { dueAt: late, endedAt: null, suspendedSince: early }, null],
    ['though its clock stands still, once it was late', { dueAt: early, endedAt: null, suspendedSince: late }, early],
    ['not once it has ended in time', { dueAt: late, endedAt: early, suspendedSince: null }, null],
    ['for ever once it has ended late', { dueAt: early, endedAt: late, suspendedSince: null }, early],
  ])('%s', (_what, matter, from) => {
    expect(overdueFrom(matter)).toBe(from);
  });

  test('for a task from the earlier of its own date and its matter’s, unless nobody waits for it', () => {
    // Only its due date counts here.
    const task = (step: string) => ({ step, due: { dueAt: late } }) as Parameters<typeof taskOverdueFrom>[0];
    expect(taskOverdueFrom(task('unit-head'), early)).toBe(early);
    expect(taskOverdueFrom(task('unit-head'), null)).toBe(late);
    expect(taskOverdueFrom(task('circulation'), early)).toBeNull();
  });
});

/** Inspections 督查: who records what, samples that anybody can draw again, objections, accountability, when rounds are due. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../workflows/machine/people/rights.ts';
import {
  accountabilityRefusal,
  drawSample,
  failuresAfter,
  findingRefusal,
  type InspectedItem,
  inspectionDueOn,
  inspectionSettings,
  nextRoundOn,
  objectionDecisionRefusal,
  objectionRefusal,
  objectionUntil,
  roundIsDue,
  spotCheckFaults,
} from '../../workflows/machine/supervision/inspect.ts';
import { demoCalendar } from '../support/school.ts';

const settings = inspectionSettings({});
const viewer = (changes: Partial<Viewer> = {}): Viewer => ({
  id: 'p-one',
  name: '某人',
  unit: 'u-office',
  roles: [],
  headedUnits: [],
  supervisor: false,
  administrator: false,
  ...changes,
});
const supervisor = viewer({ id: 'p-supervisor', roles: ['supervisor'], supervisor: true });
const director = viewer({ id: 'p-director', roles: ['office-director'], supervisor: true });
const head = viewer({ id: 'p-head', unit: 'u-computing', headedUnits: ['u-computing'] });
const NOW = '2026-03-02T02:00:00.000Z';

const item = (changes: Partial<InspectedItem> = {}): InspectedItem => ({
  result: 'pending',
  leadUnit: 'u-computing',
  checkedBy: null,
  checkedAt: null,
  failuresOnEnd: 0,
  objectedBy: null,
  objectedAt: null,
  objectionDecidedAt: null,
  ...changes,
});
const failed = (failuresOnEnd: number, changes: Partial<InspectedItem> = {}): InspectedItem =>
  item({ result: 'failed', failuresOnEnd, checkedBy: supervisor.id, checkedAt: '2026-03-02T01:00:00.000Z', ...changes });

const rankOf = (seed: string) => (no: string) => createHash('sha256').update(`${seed}\n${no}`).digest('hex');

describe('a sample 点上抽查', () => {
  test('is the same whoever draws it again from seed and population, in whatever order they stand', () => {
    const numbers = fc.uniqueArray(fc.stringMatching(/^PSDB-2026-\d{4}$/), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.nat(60), fc.string(), (population, size, seed) => {
        const drawn = drawSample(population, size, rankOf(seed));
        expect(drawSample([...population].reverse(), size, rankOf(seed))).toEqual(drawn);
        expect(drawn).toHaveLength(Math.min(size, population.length));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((one) => population.includes(one))).toBe(true);
      }),
    );
  });

  test('was reckoned by hand once: printf %s\\n%s s PSDB-2026-0003 | sha256sum begins with 2e8d, 0001 with 751e, 0002 with ab39', () => {
    expect(drawSample(['PSDB-2026-0001', 'PSDB-2026-0002', 'PSDB-2026-0003'], 2, rankOf('s'))).toEqual([
      'PSDB-2026-0003',
      'PSDB-2026-0001',
    ]);
  });

  test('takes every item about equally often over many seeds', () => {
    const population = Array.from({ length: 20 }, (_, index) => `PSDB-2026-${String(index).padStart(4, '0')}`);
    const counts = new Map(population.map((no) => [no, 0]));
    for (let seed = 0; seed < 2_000; seed += 1)
      for (const no of drawSample(population, 5, rankOf(`seed ${seed}`))) counts.set(no, (counts.get(no) ?? 0) + 1);
    // 500 expected each, with a deviation of about 19: none strays by five of them.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  test('is refused when it is larger than what there is, or there is nothing', () => {
    expect(spotCheckFaults(5, 4)).toEqual([{ path: '/sampleSize', message: expect.stringContaining('4件') }]);
    expect(spotCheckFaults(1, 0)).toEqual([{ path: '/criteria', message: expect.stringContaining('无从抽查') }]);
    expect(spotCheckFaults(4, 4)).toEqual([]);
  });
});

describe('a finding', () => {
  test('is recorded by a supervisor, not by the head of the unit nor by anybody of it', () => {
    expect(findingRefusal(supervisor, item(), true)).toBeNull();
    expect(findingRefusal(head, item(), true)?.code).toBe('not-allowed');
    expect(findingRefusal({ ...supervisor, unit: 'u-computing' }, item(), true)?.message).toContain('其他单位');
  });

  test('does not change after the inspection was closed, nor after an objection was decided', () => {
    expect(findingRefusal(supervisor, item(), false)?.code).toBe('too-late');
    expect(findingRefusal(supervisor, failed(1, { objectionDecidedAt: NOW }), true)?.code).toBe('too-late');
  });

  test('counts failures on end: a pass begins anew, an excuse changes nothing', () => {
    expect(failuresAfter('failed', 2)).toBe(3);
    expect(failuresAfter('passed', 2)).toBe(0);
    expect(failuresAfter('excused', 2)).toBe(2);
  });
});

describe('an objection 异议 (政府督查工作条例第17条)', () => {
  const until = objectionUntil(demoCalendar, '2026-03-02T01:00:00.000Z', settings);

  test('is made by the head of the lead unit within thirty days, once, against a failure only', () => {
    expect(until).toBe('2026-04-01T09:30:00.000Z');
    expect(objectionRefusal(head, failed(1), until, NOW)).toBeNull();
    expect(objectionRefusal(supervisor, failed(1), until, NOW)?.code).toBe('not-allowed');
    expect(objectionRefusal(head, item({ result: 'passed', checkedAt: NOW }), until, NOW)?.code).toBe('too-early');
    expect(objectionRefusal(head, failed(1, { objectedAt: NOW }), until, NOW)?.code).toBe('too-late');
    expect(objectionRefusal(head, failed(1), until, '2026-04-01T09:30:00.001Z')?.code).toBe('too-late');
  });

  test('is decided by a head of the office or school who neither checked nor belongs to the unit, once', () => {
    const objected = failed(1, { objectedBy: head.id, objectedAt: NOW });
    expect(objectionDecisionRefusal(director, objected)).toBeNull();
    expect(objectionDecisionRefusal(supervisor, objected)?.code).toBe('not-allowed');
    expect(objectionDecisionRefusal(director, { ...objected, checkedBy: director.id })?.message).toContain('作出结论的人员');
    expect(objectionDecisionRefusal({ ...director, unit: 'u-computing' }, objected)?.message).toContain('提出异议单位');
    expect(objectionDecisionRefusal(director, failed(1))?.code).toBe('too-early');
    expect(objectionDecisionRefusal(director, { ...objected, objectionDecidedAt: NOW })?.code).toBe('too-late');
  });
});

describe('accountability 问责 (002)', () => {
  test('follows after three failures on end, public criticism after two, a reminder after one', () => {
    expect(
      accountabilityRefusal(director, failed(2), { measure: 'accountability', disputed: false }, settings)?.message,
    ).toContain('连续3轮');
    expect(accountabilityRefusal(director, failed(3), { measure: 'accountability', disputed: false }, settings)).toBeNull();
    expect(accountabilityRefusal(director, failed(1), { measure: 'public-criticism', disputed: false }, settings)?.code).toBe(
      'too-early',
    );
    expect(accountabilityRefusal(director, failed(2), { measure: 'public-criticism', disputed: false }, settings)).toBeNull();
    expect(accountabilityRefusal(director, failed(1), { measure: 'reminder', disputed: false }, settings)).toBeNull();
  });

  test('waits for an objection to be decided, and is no plain supervisor’s', () => {
    expect(
      accountabilityRefusal(director, failed(3), { measure: 'accountability', disputed: true }, settings)?.message,
    ).toContain('异议');
    expect(accountabilityRefusal(supervisor, failed(3), { measure: 'accountability', disputed: false }, settings)?.code).toBe(
      'not-allowed',
    );
  });

  test('takes a school’s own number of rounds', () => {
    const own = inspectionSettings({ inspection: { failuresBeforeAccountability: 1 } });
    expect(accountabilityRefusal(director, failed(1), { measure: 'accountability', disputed: false }, own)).toBeNull();
  });
});

describe('rounds 面上督查', () => {
  test('come every two months, on the first working day from the corresponding date (000)', () => {
    // 1 May 2026 is a holiday, as are the days until the 5th.
    expect(nextRoundOn(demoCalendar, '2026-03-01', 2)).toBe('2026-05-06');
    expect(nextRoundOn(demoCalendar, '2025-12-31', 2)).toBe('2026-02-28');
  });

  test('are due from their day on, also when the day itself was missed, and never for a closed topic', () => {
    const topic = { nextInspectionOn: '2026-03-02', closedOn: null };
    expect(roundIsDue(topic, '2026-03-01')).toBe(false);
    expect(roundIsDue(topic, '2026-03-02')).toBe(true);
    expect(roundIsDue(topic, '2026-03-09')).toBe(true);
    expect(roundIsDue({ ...topic, closedOn: '2026-02-27' }, '2026-03-09')).toBe(false);
    expect(roundIsDue({ ...topic, nextInspectionOn: null }, '2026-03-09')).toBe(false);
  });

  test('have ten working days, around holidays', () => {
    expect(inspectionDueOn(demoCalendar, '2026-09-23T02:00:00.000Z', settings)).toBe('2026-10-14');
  });
});

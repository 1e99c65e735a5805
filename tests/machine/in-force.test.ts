/** Goal: each day has one version of a process that takes applications, and the old channel says so from the new one's first day on. */
import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../definitions/language/define.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { upcomingVersion, versionInForce, versionsInForce } from '../../workflows/machine/admin/in-force.ts';
import { decide } from '../../workflows/machine/decide.ts';
import { isRefusal, type Refusal } from '../../workflows/machine/refusals.ts';
import { newMatter } from '../../workflows/machine/state.ts';
import { given } from '../support/machine.ts';

const first: ProcessDefinition = sealUse;
const second: ProcessDefinition = { ...sealUse, version: first.version + 1, effectiveFrom: '2026-10-01' };
const third: ProcessDefinition = { ...sealUse, version: first.version + 2, effectiveFrom: '2027-01-01' };
const all = [second, third, first];

describe('the version in force', () => {
  test.each([
    ['2026-09-30', first],
    ['2026-10-01', second],
    ['2026-12-31', second],
    ['2027-01-01', third],
  ])('on %s is the newest that has begun', (day, version) => {
    expect(versionInForce(all, 'seal-use', day)).toBe(version);
  });

  test('is none for a process that is unknown or has not begun', () => {
    expect(versionInForce(all, 'other', '2026-10-01')).toBeUndefined();
    expect(versionInForce([third], 'seal-use', '2026-10-01')).toBeUndefined();
  });

  test('of every process is told with its first day', () => {
    const other = { ...sealUse, id: 'other' };
    expect(versionsInForce([...all, other], '2026-10-01')).toEqual({
      'seal-use': { version: second.version, since: '2026-10-01' },
      other: { version: first.version, since: null },
    });
  });

  test('is followed by the next one that is announced', () => {
    expect(upcomingVersion(all, 'seal-use', '2026-09-30')).toBe(second);
    expect(upcomingVersion(all, 'seal-use', '2026-10-01')).toBe(third);
    expect(upcomingVersion(all, 'seal-use', '2027-01-01')).toBeUndefined();
  });
});

/** Applies for a version at an instant, while the catalog holds all three. */
function apply(definition: ProcessDefinition, at: string, day: string, parent = false): Refusal | null {
  const rehearsal = given(sealUse).at(at);
  const { person, form } = rehearsal.example();
  const decided = decide(
    definition,
    newMatter('m1'),
    {
      type: 'start',
      id: 'c1',
      by: { kind: 'person', id: person },
      bodyHash: null,
      processId: definition.id,
      version: definition.version,
      form,
      attachments: [],
      ...(parent ? { parent: { matterId: 'm0', no: 'HTSC-2026-0001', link: 'seal#1' } } : {}),
    },
    { ...rehearsal.world, inForce: versionsInForce(all, day) },
  );
  return isRefusal(decided) ? decided : null;
}

describe('an application', () => {
  test('to the old version is taken until the last minute of the day before', () => {
    expect(apply(first, '2026-09-30T23:59:00+08:00', '2026-09-30')).toBeNull();
  });

  test('to the old version is refused from the first minute of the new one, and says since when', () => {
    expect(apply(first, '2026-10-01T00:00:00+08:00', '2026-10-01')).toMatchObject({
      code: 'too-late',
      message: `本流程自2026年10月1日起按新办法(第${second.version}版)办理,请使用新版申请`,
    });
  });

  test('to the new version is refused before its first day, with that day', () => {
    expect(apply(second, '2026-09-30T23:59:00+08:00', '2026-09-30')).toMatchObject({
      code: 'too-early',
      message: `本流程第${second.version}版自2026年10月1日起施行,此前请按现行办法申请`,
    });
    expect(apply(second, '2026-10-01T00:00:00+08:00', '2026-10-01')).toBeNull();
  });

  test('that another matter made the night before is taken on the version it was made for', () => {
    expect(apply(first, '2026-10-01T00:00:00+08:00', '2026-10-01', true)).toBeNull();
  });
});

/** Applications for a vehicle, as the tests of 用车申请 make them. */
import { expect } from 'vitest';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import { vehicleUse } from '../../definitions/processes/vehicle-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, type Rehearsal, type SchoolChanges } from '../support/machine.ts';

/** A school that chose the rule of HBOU. */
export const HBOU: SchoolChanges = { settings: { approvalRule: 'HBOU' } };
/** What makes an application an emergency. */
export const EMERGENCY = { emergency: true, emergencyReason: '学生突发疾病送医' };

/** The example with some fields changed; undefined takes one out. */
export function form(matter: Rehearsal, changes: JsonObject = {}): JsonObject {
  const filled = { ...matter.example().form, ...changes };
  return Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== undefined));
}

/** A matter started by the lecturer with the example, changed. */
export function started(changes: JsonObject = {}, school: SchoolChanges = {}): Rehearsal {
  const matter = given(vehicleUse, school);
  return matter.startedBy(demoCast.lecturer, form(matter, changes));
}

/** The faults with which such an application is refused. */
export function refusal(changes: JsonObject, school: SchoolChanges = {}, now?: string): Fault[] {
  const matter = given(vehicleUse, school);
  if (now !== undefined) matter.at(now);
  const refused = matter.startRefused(demoCast.lecturer, form(matter, changes));
  expect(refused.code).toBe('bad-input');
  return refused.faults;
}

/** An emergency two hours from Monday 2026-03-02, nine o'clock. */
export function emergencyOf(changes: JsonObject = {}, school: SchoolChanges = {}): Rehearsal {
  const trip = { start: '2026-03-02T11:00:00+08:00', end: '2026-03-02T15:00:00+08:00' };
  return started({ ...trip, ...EMERGENCY, ...changes }, school);
}

/** The two ends of a trip in school time, `2026-03-05T09:00`. */
export function trip(start: string, end: string): JsonObject {
  return { start: `${start}:00+08:00`, end: `${end}:00+08:00` };
}

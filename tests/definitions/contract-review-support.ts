/** Contracts sent to review, as the tests of 合同审查 make them. */
import { expect } from 'vitest';
import type { Fact } from '../../definitions/language/context.ts';
import type { Fault, JsonObject } from '../../definitions/language/json.ts';
import { contractReview } from '../../definitions/processes/contract-review/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, type Rehearsal, type SchoolChanges } from '../support/machine.ts';

/** An amount in 万元 as 分. */
export function wan(amount: number): number {
  return Math.round(amount * 1_000_000);
}

/** The example with some fields changed; undefined takes one out. */
export function form(matter: Rehearsal, changes: JsonObject = {}): JsonObject {
  const filled = { ...matter.example().form, ...changes };
  return Object.fromEntries(Object.entries(filled).filter(([, value]) => value !== undefined));
}

/** A matter started by the lecturer, of the computing college, with the example, changed. */
export function started(changes: JsonObject = {}, school: SchoolChanges = {}): Rehearsal {
  const matter = given(contractReview, school);
  return matter.startedBy(demoCast.lecturer, form(matter, changes));
}

/** The faults with which such an application is refused. */
export function refusal(changes: JsonObject, school: SchoolChanges = {}): Fault[] {
  const matter = given(contractReview, school);
  const refused = matter.startRefused(demoCast.lecturer, form(matter, changes));
  expect(refused.code).toBe('bad-input');
  return refused.faults;
}

/** Earlier contracts with the same party, worth so much in 万元. */
export function earlier(amounts: number, expected = 0): SchoolChanges {
  const fact = (sum: number): Fact => ({ kind: 'similar', count: 1, sum: wan(sum), latest: 'HTSC-2025-0009' });
  return { facts: { amounts: fact(amounts), expected: fact(expected) } };
}

/** An income contract on the school's template, not major: no legal review, and its amount alone says who signs. */
export const SIMPLE = { type: '科研技术', direction: '收入', useTemplate: true, procurementRef: undefined } as const;

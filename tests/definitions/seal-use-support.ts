/** Applications for a seal, as the tests of 用印申请 make them. */
import { expect } from 'vitest';
import type { Fact } from '../../definitions/language/context.ts';
import type { JsonObject } from '../../definitions/language/json.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, type Rehearsal, type SchoolChanges, sampleFiles } from '../support/machine.ts';

/** A letter of the school, two copies with three impressions each. */
export const letter: JsonObject = {
  campus: 'south',
  phone: '8201',
  sealType: '行政印章',
  docTitle: '关于商请支持学生实践的函',
  docKind: '公函',
  copies: 2,
  impressions: 3,
  reason: '开展学生暑期实践',
  receiver: '某市科学技术局',
  signOff: '华川大学',
  involvesMoney: false,
  major: false,
  complete: true,
  files: [sampleFiles.pdf],
};

/** A contract with its review. */
export const contract: JsonObject = { ...letter, docKind: '合同协议', sourceRef: 'HTSC-2026-0001' };
/** A seal taken out for a morning, with the witness of its campus. */
export const taken = {
  place: '省政务大厅',
  from: '2026-03-04T09:00:00+08:00',
  to: '2026-03-04T12:00:00+08:00',
  escort: demoCast.sealWitness,
};

/** The school with a review of a contract of four copies, of which so many were applied for before. */
export function review(changes: Partial<Extract<Fact, { kind: 'matter'; found: true }>> = {}, before = 0): SchoolChanges {
  const found = {
    kind: 'matter' as const,
    found: true as const,
    no: 'HTSC-2026-0001',
    processId: 'contract-review',
    status: 'completed',
    title: '合同审查',
    applicant: demoCast.lecturer,
    unit: 'u-computing',
    form: { copies: 4 },
  };
  return { facts: { source: { ...found, ...changes }, sealed: { kind: 'similar', count: 1, sum: before, latest: null } } };
}

/** The letter, changed, applied for by the lecturer. */
export function started(changes: JsonObject = {}, school: SchoolChanges = {}): Rehearsal {
  return given(sealUse, school).startedBy(demoCast.lecturer, { ...letter, ...changes });
}

/** Path and message of every fault for which an application is refused. */
export function faultsOf(form: JsonObject, school: SchoolChanges = {}): string[][] {
  const refusal = given(sealUse, school).startRefused(demoCast.lecturer, form);
  expect(refusal.code).toBe('bad-input');
  return refusal.faults.map((fault) => [fault.path, fault.message]);
}

/** The steps of an application that everybody agrees to. */
export function pathOf(changes: JsonObject, school: SchoolChanges = {}): string[] {
  return started(changes, school).carriedToEnd().path;
}

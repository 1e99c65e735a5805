/** What the tests of 领导批示督办 share. */
import { expect } from 'vitest';
import type { JsonObject } from '../../definitions/language/json.ts';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, type Rehearsal, sampleFiles } from '../support/machine.ts';

export const leader = demoCast.viceForAcademic;
export const recorder = demoCast.officeClerk;
export const { supervisor, academicHead } = demoCast;
export const otherSupervisor = 'p-song-jie';
export const academicClerk = 'p-tian-yuan';
export const academicDeputy = 'p-hao-jun';

/** A written instruction of 2026-03-02 without assisting units and without a day set by the leader. */
export const written: JsonObject = {
  leader,
  instructedOn: '2026-03-02',
  text: '请教务处抓紧研究并报结果。',
  scan: sampleFiles.pdf,
  source: '收文',
  sourceNo: '收文〔2026〕18号',
  title: '改进选课服务',
  lead: 'u-academic',
  assist: [],
  urgency: '平件',
  difficulty: '一般',
  feedback: '每周反馈',
};
/** The same as it is said and not written. */
export const spoken: JsonObject = { ...written, source: '口头补录', scan: undefined, sourceNo: undefined };

/** The written instruction, registered on its Monday at nine. */
export function started(changes: JsonObject = {}): Rehearsal {
  return given(instructionFollowUp)
    .at('2026-03-02T09:00:00+08:00')
    .startedBy(recorder, { ...written, ...changes });
}

/** Path and message of every fault for which a registration is refused. */
export function faultsOf(form: JsonObject, at = '2026-03-02T09:00:00+08:00', person: string = recorder): string[][] {
  const refusal = given(instructionFollowUp).at(at).startRefused(person, form);
  expect(refusal.code).toBe('bad-input');
  return refusal.faults.map((fault) => [fault.path, fault.message]);
}

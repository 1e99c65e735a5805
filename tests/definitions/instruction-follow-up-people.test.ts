import { describe, expect, test } from 'vitest';
import { instructionFollowUp } from '../../definitions/processes/instruction-follow-up/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given, type Rehearsal } from '../support/machine.ts';
import {
  academicDeputy,
  academicHead,
  leader,
  otherSupervisor,
  recorder,
  spoken,
  started,
  supervisor,
  written,
} from './instruction-follow-up-support.ts';

/** Somebody is away all month, and somebody else stands in for them. */
function away(matter: Rehearsal, person: string, cover: string): Rehearsal {
  const [from, to] = ['2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'];
  matter.directory.absences.push({ person, from, to, reason: '出差', cover });
  return matter;
}

describe('in person', () => {
  test.each([
    ['confirm', leader, demoCast.viceForResearch],
    ['result-report', academicHead, academicDeputy],
    ['leader-review', leader, demoCast.viceForResearch],
  ])('%s is for %s, nobody stands in, and it is handed to nobody', (step, person, cover) => {
    const matter = given(instructionFollowUp).startedBy(recorder, step === 'confirm' ? spoken : written);
    away(matter.carriedTo(step), person, cover);
    const task = matter.taskOf(person).id;
    expect(matter.refused(cover, 'complete', { task }).code).toBe('not-allowed');
    expect(matter.attempt(person, 'transfer', { task, to: cover })).not.toBeNull();
    expect(matter.attempt(person, 'complete')).toBeNull();
  });

  test('the work itself is done by who stands in', () => {
    const matter = away(started().carriedTo('undertake'), academicHead, academicDeputy);
    const task = matter.taskOf(academicHead).id;
    expect(matter.when(academicDeputy, 'complete', { task }).openSteps).toEqual(['result-report']);
  });
});

describe('separation of duties (003)', () => {
  test('who gains by an instruction neither establishes nor checks it', () => {
    const matter = started({ beneficiaries: [supervisor] });
    expect(matter.assigneesOf('establish')).toEqual([otherSupervisor, demoCast.officeDirector]);
    expect(matter.carriedTo('verify').assigneesOf('verify')).toEqual([otherSupervisor]);
  });

  test('who did the work, or signed its report, does not check it', () => {
    const matter = started({ lead: 'u-office' });
    expect(matter.carriedTo('undertake').assigneesOf('undertake')).toEqual([demoCast.officeDirector]);
    const post = matter.directory.posts.supervisor;
    post?.holders.push({ person: demoCast.officeDirector, from: '2026-01-01', to: null });
    expect(matter.carriedTo('verify').assigneesOf('verify')).toEqual([supervisor, otherSupervisor]);
  });
});

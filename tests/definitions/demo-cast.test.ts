import { describe, expect, test } from 'vitest';
import { demoCast, demoUniversity } from '../../scripts/demo/university.ts';

const { people, posts } = demoUniversity();
const TODAY = '2026-03-02';

/** Ids of the posts that a person holds today. */
function postsOf(person: string): string[] {
  const holdsToday = ({ person: holder, from, to }: { person: string; from: string; to: string | null }) =>
    holder === person && from <= TODAY && (to === null || TODAY <= to);
  return Object.values(posts)
    .filter(({ holders }) => holders.some(holdsToday))
    .map(({ id }) => id);
}

/** The post that each member of the cast stands for. */
const CAST_POSTS = [
  ['computingHead', 'head-u-computing'],
  ['computingDeputy', 'deputy-u-computing'],
  ['computingClerk', 'clerk-u-computing'],
  ['partySecretary', 'party-secretary'],
  ['president', 'president'],
  ['deputySecretary', 'deputy-secretary'],
  ['viceForAcademic', 'vice-president-academic'],
  ['viceForResearch', 'vice-president-research'],
  ['viceForFinance', 'vice-president-finance'],
  ['viceForLogistics', 'vice-president-logistics'],
  ['officeDirector', 'office-director'],
  ['officeDeputyDirector', 'office-deputy-director'],
  ['officeClerk', 'office-clerk'],
  ['sealKeeper', 'seal-keeper-south'],
  ['northSealKeeper', 'seal-keeper-north'],
  ['sealWitness', 'seal-witness-south'],
  ['contractClerk', 'contract-clerk'],
  ['supervisor', 'supervisor'],
  ['administrator', 'process-administrator'],
  ['financeReviewer', 'finance-reviewer'],
  ['auditReviewer', 'audit-reviewer'],
  ['legalAdviser', 'legal-adviser'],
  ['fleetCaptain', 'fleet-captain'],
  ['fleetDispatcher', 'fleet-dispatcher'],
  ['driver', 'driver'],
  ['archivist', 'archivist'],
  ['organizationHead', 'head-u-organization'],
  ['hrHead', 'head-u-hr'],
  ['financeHead', 'head-u-finance'],
  ['academicHead', 'head-u-academic'],
  ['researchHead', 'head-u-research'],
  ['studentsHead', 'head-u-students'],
  ['assetsHead', 'head-u-assets'],
  ['logisticsHead', 'head-u-logistics'],
] as const satisfies readonly (readonly [keyof typeof demoCast, string])[];

describe('the cast', () => {
  test('names nobody twice', () => {
    expect(new Set(Object.values(demoCast)).size).toBe(Object.keys(demoCast).length);
  });

  test('the lecturers and the student hold no post and cover none', () => {
    for (const person of [demoCast.lecturer, demoCast.otherLecturer, demoCast.student]) {
      expect(people[person]?.active, person).toBe(true);
      expect(postsOf(person), person).toEqual([]);
      expect(
        Object.values(posts).filter(({ covers }) => covers.includes(person)),
        person,
      ).toEqual([]);
    }
  });

  test('everybody else holds the post they stand for', () => {
    for (const [part, post] of CAST_POSTS) expect(postsOf(demoCast[part]), part).toContain(post);
    const postless = ['lecturer', 'otherLecturer', 'student', 'retired'];
    expect([...postless, ...CAST_POSTS.map(([part]) => part)].toSorted()).toEqual(Object.keys(demoCast).toSorted());
  });
});

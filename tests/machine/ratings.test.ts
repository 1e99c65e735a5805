import { describe, expect, test } from 'vitest';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import {
  complaintForm,
  isLow,
  ratedPeople,
  ratedUnits,
  ratingSettings,
  whyNotRated,
} from '../../workflows/machine/supervision/ratings.ts';
import { demoCalendar, given, type Rehearsal } from '../support/machine.ts';

const { lecturer, computingHead, officeDirector, sealKeeper } = demoCast;
const settings = ratingSettings({});

function refusalOf(matter: Rehearsal, person: string, now = matter.now): string | null {
  return whyNotRated(matter.matter, person, { now, calendar: demoCalendar, settings })?.message ?? null;
}

describe('a rating (P22)', () => {
  const finished = () => given(sealUse).startedBy().carriedToEnd();

  test('is the applicant’s, after the end, for thirty days', () => {
    expect(refusalOf(given(sealUse).startedBy(), lecturer)).toBe('未办结事项不能评价');
    const matter = finished();
    expect(refusalOf(matter, computingHead)).toBe('只有申请人可以评价');
    expect(refusalOf(matter, lecturer)).toBeNull();
    expect(refusalOf(matter, lecturer, '2026-04-01T09:30:00.000Z')).toBeNull();
    expect(refusalOf(matter, lecturer, '2026-04-01T09:30:00.001Z')).toBe('已超过评价期限:办结后30日内可以评价');
  });

  test('of two stars or fewer opens a case, as the school has it', () => {
    expect([1, 2, 3].map((stars) => isLow(stars, settings))).toEqual([true, true, false]);
    expect(isLow(3, ratingSettings({ lowStars: 3 }))).toBe(true);
    expect(ratingSettings({ lowStars: '三' })).toEqual(settings);
  });

  test('is about all who handled the matter, and about nobody who applied', () => {
    const { matter, directory } = finished();
    expect(ratedPeople(matter)).toEqual([computingHead, officeDirector, sealKeeper]);
    const unitOf = (person: string) => directory.people[person]?.unit ?? null;
    expect(ratedUnits(matter, unitOf)).toEqual(['u-office', 'u-computing']);
    expect(complaintForm(matter, { stars: 1, text: null }, unitOf)).toMatchObject({
      channel: '评价',
      unit: 'u-office',
      people: [computingHead, officeDirector, sealKeeper],
      matterNo: matter.no,
    });
  });

  test('about a complaint keeps out whom the complaint keeps out, and spares leaders who only reviewed', () => {
    const { matter } = finished();
    const leads = (person: string) => person === computingHead;
    expect(complaintForm(matter, { stars: 1, text: null }, () => null, { keptOut: ['p-accused'], leads }).people).toEqual([
      'p-accused',
      officeDirector,
      sealKeeper,
    ]);
    expect(ratedPeople(matter, leads)).toEqual([officeDirector, sealKeeper]);
  });

  test('is not of a matter that was withdrawn', () => {
    const { matter } = finished();
    if (matter.ending === null) throw new Error('The matter goes on');
    const withdrawn = { ...matter, ending: { ...matter.ending, code: 'withdrawn' as const } };
    const now = matter.ending.at;
    expect(whyNotRated(withdrawn, matter.applicant.id, { now, calendar: demoCalendar, settings })?.code).toBe(
      'action-not-offered',
    );
  });
});

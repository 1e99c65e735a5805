/** Goal: an absence that counts in half-days begins and ends where the office hours of the school do. */
import { describe, expect, test } from 'vitest';
import { absenceFaults, absenceWarnings, beginningOf, endOf, type NewAbsence } from '../../api/people-rules.ts';
import { demoUniversity } from '../../scripts/demo/university.ts';
import { demoCalendar } from '../support/school.ts';

const DAY = '2026-03-02';

describe('a half-day of a school with office hours 08:30–12:00 and 14:00–17:30', () => {
  test.each([
    ['morning', '2026-03-02T00:30:00.000Z', '2026-03-02T04:00:00.000Z'],
    ['afternoon', '2026-03-02T04:00:00.000Z', '2026-03-02T09:30:00.000Z'],
    ['evening', '2026-03-02T09:30:00.000Z', '2026-03-02T16:00:00.000Z'],
  ] as const)('the %s', (half, from, to) => {
    expect(beginningOf(demoCalendar, { date: DAY, half })).toBe(from);
    expect(endOf(demoCalendar, { date: DAY, half })).toBe(to);
  });

  test('halves of one day follow each other without a gap', () => {
    for (const [half, next] of [
      ['morning', 'afternoon'],
      ['afternoon', 'evening'],
    ] as const) {
      expect(endOf(demoCalendar, { date: DAY, half })).toBe(beginningOf(demoCalendar, { date: DAY, half: next }));
    }
  });

  test('where the office is open in one stretch, the morning ends at noon', () => {
    const calendar = { ...demoCalendar, officeHours: [{ from: '09:00', to: '17:00' }] };
    expect(endOf(calendar, { date: DAY, half: 'morning' })).toBe('2026-03-02T04:00:00.000Z');
  });
});

describe('an absence', () => {
  const person = 'p-zhang-qiming';
  const now = '2026-03-02T00:00:00.000Z';
  const absence: NewAbsence = { person, from: '2026-03-02T00:30:00.000Z', to: '2026-03-02T04:00:00.000Z', cover: null };
  const messages = (changes: Partial<NewAbsence>): string[] =>
    absenceFaults(demoUniversity(), { ...absence, ...changes }, now).map((fault) => fault.message);

  test('of half a day is taken', () => {
    expect(messages({})).toEqual([]);
    expect(messages({ cover: 'p-liu-zhen' })).toEqual([]);
  });

  test.each([
    ['that is over', { from: '2026-02-01T00:00:00.000Z', to: '2026-02-02T00:00:00.000Z' }, '已经过去的离岗无需登记'],
    ['longer than a year', { to: '2027-06-01T00:00:00.000Z' }, '一次离岗不超过366天,更长的请办理岗位交接'],
    ['covered by the absent one', { cover: person }, '本人不能给自己顶岗'],
    ['covered by nobody known', { cover: 'p-nobody' }, '学校人员名录中没有p-nobody'],
  ])('%s is refused', (_what, changes, message) => {
    expect(messages(changes)).toEqual([message]);
  });

  test('beside another of the same person is refused', () => {
    const directory = demoUniversity();
    directory.absences.push({ person, from: '2026-03-01T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z', reason: '请假' });
    expect(absenceFaults(directory, absence, now).map((fault) => fault.path)).toEqual(['/from']);
  });

  test('covered by somebody who is away in the same days is taken with a warning, and only then', () => {
    const directory = demoUniversity();
    const away = { person: 'p-liu-zhen', from: '2026-03-02T02:00:00.000Z', to: '2026-03-03T00:00:00.000Z', reason: '请假' };
    directory.absences = [away];
    const covered = { ...absence, cover: away.person };
    const name = directory.people[away.person]?.name;
    expect(absenceFaults(directory, covered, now)).toEqual([]);
    expect(absenceWarnings(directory, covered)).toEqual([`${name}同期离岗,将由下一顺位顶岗`]);
    // It begins when the other ends.
    expect(absenceWarnings(directory, { ...covered, to: away.from })).toEqual([]);
    expect(absenceWarnings(directory, absence)).toEqual([]);
  });
});

/** Goal: each request for feedback is judged by what came after it, for each of those who owe it. */
import { describe, expect, test } from 'vitest';
import { type Play, play } from './support/play.ts';
import { cast } from './support/school.ts';
import { handle } from './support/steps.ts';
import { plainDefinition } from './support/trees.ts';

const { headA, headB } = cast;
const reports = { every: '3 workdays' } as const;
/** Asked for on the fifth, the tenth and the thirteenth of March at closing time; due on the sixteenth. */
const working = plainDefinition([handle('h', [headA], { limit: '10 workdays', reports })]);

function report(matter: Play, person: string = headA): void {
  const refusal = matter.command(person, { type: 'report', text: '进展', percent: 50, attachments: [], task: null });
  expect(refusal).toBeNull();
}
const missed = (matter: Play): number[] => matter.of('ReportMissed').map(({ facts }) => facts.number);

describe('a report', () => {
  test('that came late once is missed once, and those that follow in time are not', () => {
    const matter = play(working).at('2026-03-10T18:00:00+08:00');
    expect(missed(matter)).toEqual([1]);
    report(matter);
    matter.at('2026-03-13T18:00:00+08:00');
    report(matter);
    expect(missed(matter.at('2026-03-16T18:00:00+08:00'))).toEqual([1]);
    expect(matter.matter.visits.h?.reports).toMatchObject({ expected: 3, missed: 1, count: 2, owing: [] });
  });

  test('many times on the first day does not cover the periods that follow', () => {
    const matter = play(working);
    for (let count = 0; count < 9; count += 1) report(matter);
    expect(missed(matter.at('2026-03-31T18:00:00+08:00'))).toEqual([1, 2, 3]);
  });

  test('before the next date answers the request before it, whenever it comes', () => {
    const matter = play(working).at('2026-03-10T17:29:00+08:00');
    report(matter);
    expect(missed(matter.at('2026-03-11T10:00:00+08:00'))).toEqual([]);
  });
});

describe('the last request', () => {
  test('is judged when the step ends without an answer to it', () => {
    const matter = play(working).at('2026-03-13T18:00:00+08:00');
    report(matter);
    expect(missed(matter)).toEqual([1, 2]);
    const ended = play(working).at('2026-03-06T10:00:00+08:00').when(headA, 'complete');
    expect(missed(ended)).toEqual([1]);
  });

  test('is judged once: what was missed at the due date is not missed again at the end', () => {
    const matter = play(working).at('2026-03-20T10:00:00+08:00').when(headA, 'complete');
    expect(missed(matter)).toEqual([1, 2, 3]);
  });

  test('that was answered is not missed, and one that is called off judges nobody', () => {
    const answered = play(working).at('2026-03-06T10:00:00+08:00');
    report(answered);
    expect(missed(answered.when(headA, 'complete'))).toEqual([]);
    const withdrawn = play(working).at('2026-03-06T10:00:00+08:00');
    expect(withdrawn.command(cast.applicant, { type: 'withdraw', reason: null })).toBeNull();
    expect(missed(withdrawn)).toEqual([]);
  });
});

describe('several people together', () => {
  const together = plainDefinition([handle('h', [headA, headB], { mode: 'all', limit: '10 workdays', reports })]);

  test('owe a report each, and each is named who did not give it', () => {
    const matter = play(together).at('2026-03-06T10:00:00+08:00');
    report(matter, headA);
    matter.at('2026-03-10T18:00:00+08:00');
    expect(matter.of('ReportMissed').map(({ facts }) => facts.people?.map((one) => one.id))).toEqual([[headB]]);
  });

  test('owe nothing more once they have done their part', () => {
    const matter = play(together).at('2026-03-04T10:00:00+08:00').when(headA, 'complete').at('2026-03-10T18:00:00+08:00');
    expect(matter.of('ReportMissed').map(({ facts }) => facts.people?.map((one) => one.id))).toEqual([[headB]]);
  });

  test('are answered for by any of them where any of them may act', () => {
    const any = plainDefinition([handle('h', [headA, headB], { limit: '10 workdays', reports })]);
    const matter = play(any).at('2026-03-06T10:00:00+08:00');
    report(matter, headB);
    expect(missed(matter.at('2026-03-10T18:00:00+08:00'))).toEqual([]);
  });
});

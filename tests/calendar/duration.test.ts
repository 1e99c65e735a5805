import { expect, expectTypeOf, test } from 'vitest';
import type { Duration } from '../../definitions/language/duration.ts';
import { describeDuration, isDuration, parseDuration } from '../../definitions/language/duration.ts';

test.each([
  ['2 workdays', { amount: 2, unit: 'workday' }, '2个工作日'],
  ['1 workday', { amount: 1, unit: 'workday' }, '1个工作日'],
  ['4 workhours', { amount: 4, unit: 'workhour' }, '4个工作小时'],
  ['0.5 workhours', { amount: 0.5, unit: 'workhour' }, '0.5个工作小时'],
  ['1.5 workhours', { amount: 1.5, unit: 'workhour' }, '1.5个工作小时'],
  ['15 days', { amount: 15, unit: 'day' }, '15日'],
  ['1 month', { amount: 1, unit: 'month' }, '1个月'],
  ['1000 months', { amount: 1000, unit: 'month' }, '1000个月'],
] as const)('"%s" is understood and told in Chinese', (duration, parsed, words) => {
  expect(parseDuration(duration)).toEqual(parsed);
  expect(describeDuration(duration)).toBe(words);
  expect(isDuration(duration)).toBe(true);
});

test.each([
  ['', 'Invalid duration ""'],
  ['2', 'Invalid duration "2"'],
  ['2 weeks', 'Invalid duration "2 weeks"'],
  ['2workdays', 'Invalid duration'],
  [' 2 workdays', 'Invalid duration'],
  ['two workdays', 'Invalid duration'],
  ['0 workdays', 'Invalid duration'],
  ['-1 workday', 'Invalid duration'],
  ['+1 workday', 'Invalid duration'],
  ['1e2 workdays', 'Invalid duration'],
  ['02 workdays', 'Invalid duration'],
  ['12345 workdays', 'Invalid duration'],
  ['1001 workdays', 'at most 1000'],
  ['1000.5 workhours', 'at most 1000'],
  ['1.25 workhours', 'Only work hours have halves'],
])('"%s" is refused with the rule it breaks', (text, message) => {
  expect(() => parseDuration(text)).toThrow(message);
  expect(isDuration(text)).toBe(false);
});

test.each(['0.5 workdays', '1.5 workdays', '0.5 days', '2.5 months'])(
  '%s is refused, for a deadline is never half a day (D14)',
  (text) => {
    expect(() => parseDuration(text)).toThrow('broken amount');
  },
);

test('a misspelt unit or a missing number does not compile', () => {
  expectTypeOf<'2 workdays'>().toExtend<Duration>();
  expectTypeOf<'2 weeks'>().not.toExtend<Duration>();
  expectTypeOf<'some workdays'>().not.toExtend<Duration>();
});

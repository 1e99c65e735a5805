/** docs/patterns.md says what the tests show. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONTROL_FLOW, RESOURCES } from './patterns/list.ts';
import { patternsPage } from './patterns/page.ts';

test('every pattern has its number once, in order', () => {
  expect(CONTROL_FLOW.map((one) => one.number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  expect(RESOURCES.map((one) => one.number)).toEqual(Array.from({ length: 43 }, (_, at) => at + 1));
});

test('every pattern that is claimed has its test, and the page is not stale: else run `npm run patterns`', () => {
  const { text, score } = patternsPage();
  expect(score).toEqual({ controlFlow: 20, resources: 40 });
  expect(readFileSync(new URL('../../docs/patterns.md', import.meta.url), 'utf8')).toBe(text);
});

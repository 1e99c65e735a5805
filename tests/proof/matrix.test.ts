/** The pass matrix: every pair of actions × every mode × every place, each carried on to its end. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matrixPage } from './matrix/page.ts';

test('every pair of actions in every mode and place is done or refused, breaks no promise, and stands in the page', {
  timeout: 600_000,
}, () => {
  const page = matrixPage();
  expect(page.pairs).toBe(27 * 27 * 5 * 3);
  expect(page.done / page.pairs).toBeGreaterThan(0.5);
  expect(page.text).not.toContain('| ! |');
  // Stale: run `npm run matrix` and look at what changed.
  expect(readFileSync(new URL('../../docs/pass-matrix.md', import.meta.url), 'utf8')).toBe(page.text);
});

/** Walks every path of every published definition: each action, output and return from each step, each to its end. */
import { describe, expect, test } from 'vitest';
import { definitions } from '../../definitions/catalog.ts';
import { variantsOf } from '../../scripts/rehearse/variants.ts';
import { Paths } from './support/paths.ts';

describe.each(definitions)('every path of $id@$version', (definition) => {
  const paths = new Paths(definition, variantsOf(definition));

  test('ends, and none breaks a promise', { timeout: 120_000 }, () => {
    paths.walk();
    expect(paths.transitions).toBeGreaterThan(0);
    expect(paths.outcomes.get('completed')).toBeGreaterThan(0);
  });

  test('together they come to every step and take every branch', () => {
    expect(paths.unvisited).toEqual([]);
  });
});

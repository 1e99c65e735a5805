import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../definitions/catalog.ts';
import {
  changedSince,
  cureFor,
  essenceOf,
  fingerprintOf,
  fingerprints,
  publishedFingerprints,
} from '../../scripts/fingerprints.ts';

describe('published definitions', () => {
  test('no published definition has changed', async () => {
    const changed = changedSince(await publishedFingerprints(), await fingerprints());
    expect(changed.map(cureFor)).toEqual([]);
  });

  test('every definition of the catalog is published: else run `npm run publish-definitions`', async () => {
    const published = await publishedFingerprints();
    expect(Object.keys(catalog).filter((key) => published[key] === undefined)).toEqual([]);
  });

  test('every definition in the source stands in the catalog', async () => {
    expect(Object.keys(await fingerprints()).sort()).toEqual(Object.keys(catalog).sort());
  });
});

describe('a fingerprint', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerprint-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const source = "import type { A } from './a.ts';\n/** Why. */\nexport const limit: A = { days: 3 }; // three\n";

  test('is the same whatever the comments, types and layout', async () => {
    const bare = 'export const limit = {\n  days: 3,\n};';
    expect(await essenceOf(source)).toBe(await essenceOf(bare));
  });

  test('differs when a number, a text or a file name does', async () => {
    await writeFile(join(folder, 'process.ts'), source);
    const first = await fingerprintOf(folder);
    await writeFile(join(folder, 'process.ts'), source.replace('3', '4'));
    const second = await fingerprintOf(folder);
    await writeFile(join(folder, 'other.ts'), source);
    const third = await fingerprintOf(folder);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });

  test('that changed or is gone is told with the cure', () => {
    expect(changedSince({ 'a@1': 'x', 'b@1': 'y', 'c@2': 'z' }, { 'a@1': 'x', 'b@1': 'w' })).toEqual(['b@1', 'c@2']);
    expect(cureFor('b@1')).toContain('npm run new-version b');
  });
});

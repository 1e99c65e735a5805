/** Goal: a new version of a process costs one command, and the version before stays as it was published. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprintOf } from '../../scripts/fingerprints.ts';
import { beginVersion } from '../../scripts/versions.ts';

/** An import as a catalog has it; in pieces, or this very file would seem to import it. */
const imported = (name: string, path: string): string => `import { ${name} } ${'from'} './processes/${path}.ts';`;

const CATALOG = [
  imported('leave', 'leave/process'),
  imported('loan', 'loan/process'),
  '',
  'export const definitions: readonly ProcessDefinition[] = [loan, leave];',
  '',
].join('\n');
const FORMS = [
  imported('leaveForms', 'leave/form'),
  imported('loanForms', 'loan/form'),
  '',
  'export const formCatalog: Readonly<Record<string, ProcessForms>> = {',
  "  'leave@1': leaveForms,",
  "  'loan@1': loanForms,",
  '};',
  '',
].join('\n');
const PROCESS = ['export const loan = define({', "  id: 'loan',", '  version: 1,', "  limit: '2 workdays',", '});', ''].join(
  '\n',
);

let root = '';
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const write = (path: string, text: string): Promise<void> => writeFile(join(root, path), text);
const publish = async (key: string): Promise<void> =>
  write('published.json', JSON.stringify({ [key]: await fingerprintOf(join(root, 'processes/loan')) }));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'definitions-'));
  await cp(fileURLToPath(new URL('../../definitions/processes/seal-use', import.meta.url)), join(root, 'processes/loan'), {
    recursive: true,
  });
  await Promise.all([write('catalog.ts', CATALOG), write('forms.ts', FORMS), write('processes/loan/process.ts', PROCESS)]);
  await publish('loan@1');
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

test('the version before is frozen byte for byte, with the fingerprint it was published with', async () => {
  const published = JSON.parse(await read('published.json'));
  expect(await beginVersion(root, 'loan')).toBe(2);
  expect(await read('processes/loan-v1/process.ts')).toBe(PROCESS);
  expect(await fingerprintOf(join(root, 'processes/loan-v1'))).toBe(published['loan@1']);
});

test('the working folder goes on as the next version, from the day that is given', async () => {
  await beginVersion(root, 'loan', '2026-10-01');
  expect(await read('processes/loan/process.ts')).toBe(
    PROCESS.replace('version: 1,', "version: 2,\n  effectiveFrom: '2026-10-01',"),
  );
});

test('both versions stand in both catalogs, and other processes as before', async () => {
  await beginVersion(root, 'loan');
  const catalog = await read('catalog.ts');
  expect(catalog).toContain(imported('loan as loanV1', 'loan-v1/process'));
  expect(catalog).toContain('[loan, leave, loanV1];');
  const forms = await read('forms.ts');
  expect(forms).toContain(imported('loanForms as loanFormsV1', 'loan-v1/form'));
  expect(forms).toContain("  'leave@1': leaveForms,\n  'loan@1': loanFormsV1,\n  'loan@2': loanForms,\n");
});

test('a third version follows the second, whose first day it does not keep', async () => {
  await beginVersion(root, 'loan', '2026-10-01');
  await publish('loan@2');
  expect(await beginVersion(root, 'loan', '2027-01-01')).toBe(3);
  expect(await read('processes/loan-v2/process.ts')).toContain("effectiveFrom: '2026-10-01'");
  expect((await read('processes/loan/process.ts')).match(/effectiveFrom: '.*'/g)).toEqual(["effectiveFrom: '2027-01-01'"]);
  expect(await read('catalog.ts')).toContain('[loan, leave, loanV1, loanV2];');
  expect(await read('forms.ts')).toContain("  'loan@1': loanFormsV1,\n  'loan@2': loanFormsV2,\n  'loan@3': loanForms,\n");
});

test.each<[string, () => Promise<unknown>, string]>([
  ['an unknown process', async () => beginVersion(root, 'gone'), 'There is no process "gone"'],
  ['a day that does not exist', async () => beginVersion(root, 'loan', '2026-02-30'), '"2026-02-30" is no real day'],
  [
    'a version that was never published',
    async () => {
      await write('published.json', '{}');
      await beginVersion(root, 'loan');
    },
    'loan@1 is not published',
  ],
  [
    'a version that has changed since',
    async () => {
      await write('processes/loan/process.ts', PROCESS.replace('2 workdays', '3 workdays'));
      await beginVersion(root, 'loan');
    },
    'has changed since loan@1 was published',
  ],
])('%s is refused, and nothing is written', async (_what, begin, message) => {
  await expect(begin()).rejects.toThrow(message);
  expect(await read('catalog.ts')).toBe(CATALOG);
  expect(await read('forms.ts')).toBe(FORMS);
});

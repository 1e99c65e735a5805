/** Goal: a package that somebody has touched is found out by the package alone, however it was done. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageFaultKind } from '../../activities/archive/verify.ts';
import { verifyPackage } from '../../activities/archive/verify.ts';
import { hashOf } from '../../db/events.ts';
import { sealUse } from '../../definitions/processes/seal-use/process.ts';
import { demoCast } from '../../scripts/demo/university.ts';
import { given } from '../support/machine.ts';
import { pack, repack, reseal, type Unpacked, unpack } from './support.ts';

let folder: string;
let whole: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'piban-verify-test-'));
  whole = join(folder, 'whole.zip');
  const matter = given(sealUse).at('2026-03-02T09:00:00+08:00').startedBy(demoCast.lecturer).carriedToEnd();
  await pack(sealUse, matter.matter, matter.events, whole, matter.matter.form.files as string[]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Changes the lines of a text file. */
function inLines(files: Unpacked, name: string, change: (lines: string[]) => string[]): void {
  const lines = files.get(name)?.toString('utf8').trimEnd().split('\n') ?? [];
  files.set(name, Buffer.from(`${change(lines).join('\n')}\n`));
}

/** Changes what a JSON file says. */
function inJson(files: Unpacked, name: string, change: (value: Record<string, unknown>) => void): void {
  const value = JSON.parse(files.get(name)?.toString('utf8') ?? '');
  change(value);
  files.set(name, Buffer.from(JSON.stringify(value)));
}

const attachmentIn = (files: Unpacked): string => [...files.keys()].find((name) => name.startsWith('attachments/')) ?? '';

interface Tampering {
  what: string;
  change: (files: Unpacked) => void;
  /** Whether the manifest is made anew, to hide it. */
  hidden: boolean;
  found: PackageFaultKind;
}

const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a byte of an attachment changed',
    hidden: false,
    found: 'changed',
    change: (files) => {
      const name = attachmentIn(files);
      const bytes = Buffer.from(files.get(name) ?? '');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      files.set(name, bytes);
    },
  },
  { what: 'the sheet changed', hidden: false, found: 'changed', change: (files) => files.set('sheet.html', Buffer.from('<p>')) },
  { what: 'a file taken out', hidden: false, found: 'missing', change: (files) => files.delete('form.json') },
  {
    what: 'a file put in',
    hidden: false,
    found: 'added',
    change: (files) => files.set('attachments/999-x.pdf', Buffer.from('x')),
  },
  {
    what: 'the manifest without a file',
    hidden: false,
    found: 'manifest',
    change: (files) => inJson(files, 'manifest.json', (manifest) => (manifest.files as unknown[]).pop()),
  },
  { what: 'no manifest', hidden: false, found: 'missing', change: (files) => files.delete('manifest.json') },
  {
    what: 'an attachment taken out',
    hidden: true,
    found: 'attachment',
    change: (files) => files.delete(attachmentIn(files)),
  },
  {
    what: 'an attachment replaced',
    hidden: true,
    found: 'attachment',
    change: (files) => files.set(attachmentIn(files), Buffer.from('another paper')),
  },
  {
    what: 'an event changed',
    hidden: true,
    found: 'chain',
    change: (files) =>
      inLines(files, 'events.jsonl', (lines) => lines.map((line, at) => (at === 4 ? line.replace('2026', '2025') : line))),
  },
  {
    what: 'two events changing places',
    hidden: true,
    found: 'chain',
    change: (files) => inLines(files, 'events.jsonl', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]),
  },
  {
    what: 'an event taken out',
    hidden: true,
    found: 'chain',
    change: (files) => inLines(files, 'events.jsonl', (lines) => lines.toSpliced(2, 1)),
  },
  {
    what: 'the last event cut off',
    hidden: true,
    found: 'contradiction',
    change: (files) => inLines(files, 'events.jsonl', (lines) => lines.slice(0, -1)),
  },
  { what: 'no record', hidden: true, found: 'chain', change: (files) => files.delete('events.jsonl') },
  {
    what: 'the last event changed and hashed anew',
    hidden: true,
    found: 'contradiction',
    change: (files) =>
      inLines(files, 'events.jsonl', (lines) => {
        const { matterId, previousHash, hash, ...event } = JSON.parse(lines.at(-1) ?? '');
        event.facts.text = '另一个结果';
        const line = { matterId, previousHash, hash: hashOf(previousHash, matterId, event), ...event };
        // Keys in the order of their names, as canonical JSON has them.
        return [...lines.slice(0, -1), JSON.stringify(line, Object.keys(flat(line)).sort())];
      }),
  },
  {
    what: 'another retention',
    hidden: true,
    found: 'contradiction',
    change: (files) =>
      inJson(files, 'metadata.json', (metadata) => Object.assign(metadata.retention as object, { code: '1-year' })),
  },
  {
    what: 'another form',
    hidden: true,
    found: 'contradiction',
    change: (files) => inJson(files, 'form.json', ({ form }) => Object.assign(form as object, { copies: 99 })),
  },
  {
    what: 'another opinion',
    hidden: true,
    found: 'contradiction',
    change: (files) =>
      inJson(files, 'opinions.json', (opinions) => Object.assign(Object.values(opinions)[0] as object, { opinion: '不同意' })),
  },
];

/** Every key at any depth, as the replacer of JSON.stringify wants them. */
function flat(value: unknown): Record<string, true> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => ({ [key]: true as const, ...flat(inner) })));
}

describe('a package', () => {
  test('as it was made has no fault', async () => {
    const report = await verifyPackage(whole);
    expect(report.faults).toEqual([]);
    expect(report.events).toBeGreaterThan(20);
    expect(report.files).toBe(8);
  });

  test('packed again unchanged has no fault: it is the content that counts', async () => {
    const files = await unpack(whole);
    reseal(files);
    expect((await verifyPackage(await repack(files, folder))).faults).toEqual([]);
  });

  test.each(TAMPERINGS)('with $what is found out', async ({ change, hidden, found }) => {
    const files = await unpack(whole);
    change(files);
    if (hidden) reseal(files);
    const { faults } = await verifyPackage(await repack(files, folder));
    expect(faults.map((fault) => fault.kind)).toContain(found);
  });

  test('with the same name twice is found out', async () => {
    const files = await unpack(whole);
    const { faults } = await verifyPackage(await repack([...files, ['form.json', Buffer.from('{}')]], folder));
    expect(faults.map((fault) => fault.kind)).toContain('unsafe');
  });

  test('that is no package is told to be none', async () => {
    const path = join(folder, 'none.zip');
    writeFileSync(path, 'PK no zip');
    expect((await verifyPackage(path)).faults).toMatchObject([{ kind: 'unreadable' }]);
    writeFileSync(path, readFileSync(whole).subarray(0, 2_000));
    expect((await verifyPackage(path)).faults).toMatchObject([{ kind: 'unreadable' }]);
  });
});

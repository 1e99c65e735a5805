/** The whole tables once more in processes of other time zones: UTC, far behind, and ahead with summer time. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { COUNTED_BY_HAND } from './dates-2026.ts';
import { COUNTED_ACROSS_YEARS } from './dates-years.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./reckon-table.ts', import.meta.url));
const expected = [...COUNTED_BY_HAND, ...COUNTED_ACROSS_YEARS].map(({ due, provisional }) => ({
  dueInSchool: due,
  provisional,
}));

interface Printed {
  localHour: number;
  rows: { dueInSchool: string; provisional: boolean; explanation: string[] }[];
}

async function tableUnder(zone: string): Promise<Printed> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program], { env: { ...process.env, TZ: zone } });
  // The program prints this shape.
  return JSON.parse(stdout) as Printed;
}

test('the table comes to the same under UTC, Pacific/Honolulu and Pacific/Auckland', async () => {
  const [utc, honolulu, auckland] = await Promise.all([
    tableUnder('UTC'),
    tableUnder('Pacific/Honolulu'),
    tableUnder('Pacific/Auckland'),
  ]);
  expect([utc.localHour, honolulu.localHour, auckland.localHour]).toEqual([16, 6, 5]); // the zones did take hold
  expect(utc.rows.map(({ dueInSchool, provisional }) => ({ dueInSchool, provisional }))).toEqual(expected);
  expect(honolulu.rows).toEqual(utc.rows);
  expect(auckland.rows).toEqual(utc.rows);
}, 30_000);

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../scripts/due.ts', import.meta.url));

function due(...args: string[]): Promise<{ code: number | string | null | undefined; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', program, ...args],
      { env: { ...process.env, TZ: 'UTC' } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : error.code, stdout, stderr });
      },
    );
  });
}

test('npm run due prints a due date with its explanation and warnings', async () => {
  const { code, stdout, stderr } = await due('2026-02-12T10:00+08:00', '3 workdays');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    dueAt: '2026-02-24T09:30:00.000Z',
    provisional: false,
    explanation: [
      '2月12日(周四)10:00收到,当日不计',
      '2月13日(周五)第1个工作日',
      '2月14日(周六)春节调休上班,第2个工作日',
      '2月15日—2月23日 春节放假,不计',
      '2月24日(周二)第3个工作日,17:30截止',
    ],
    yellowAt: '2026-02-14T08:33:00.000Z',
    orangeAt: '2026-02-24T03:31:30.000Z',
  });
}, 30_000);

test('npm run due takes suspensions and extensions, each repeatedly', async () => {
  const { stdout } = await due(
    '2026-03-02T10:00+08:00',
    '10 workdays',
    ...['--suspend', '2026-03-04T10:00+08:00/2026-03-05T10:00+08:00'],
    ...['--suspend', '2026-03-09T10:00+08:00/2026-03-11T10:00+08:00'],
    ...['--extend', '1 workday', '--extend', '4 workhours'],
  );
  // 19 March by the suspensions, the 20th by the first extension, four hours on Monday the 23rd by the second.
  expect(JSON.parse(stdout)).toMatchObject({ dueAt: '2026-03-23T06:30:00.000Z' });
}, 30_000);

test.each([
  [[], 'Give an instant and a duration'],
  [['2026-02-12T10:00', '3 workdays'], 'Invalid instant "2026-02-12T10:00"'],
  [['2026-02-12T10:00+08:00', '3 weeks'], 'Invalid duration "3 weeks"'],
  [['2026-02-12T10:00+08:00', '3 workdays', '--suspend', 'yesterday'], 'Invalid suspension "yesterday"'],
  [['2026-02-12T10:00+08:00', '3 workdays', '--later'], "Unknown option '--later'"],
])(
  'npm run due with %j says in one line what is wrong and exits with 2',
  async (args, message) => {
    const { code, stdout, stderr } = await due(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  },
  30_000,
);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { capLog, commandOf, endProcess, identify, isAlive, politely, spawnServer } from '../../scripts/servers/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'piban-processes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });

describe('a process', () => {
  test('is known by its pid and its start', () => {
    const me = identify(process.pid);
    expect(me?.pid).toBe(process.pid);
    expect(isAlive(me!)).toBe(true);
    expect(identify(process.pid)).toEqual(me);
    expect(commandOf(process.pid)).toContain('node');
  });

  test('is gone once it has ended, also before anybody has asked for its exit code', async () => {
    const child = sleeper();
    const ref = identify(child.pid!)!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(ref)).toBe(false);
    expect(identify(child.pid!)).toBeUndefined();
  });

  test('that got the pid of an earlier one is never ended in its place', async () => {
    const child = sleeper();
    const other = { pid: child.pid!, started: 'earlier' };
    expect(isAlive(other)).toBe(false);
    expect(await endProcess(other, politely(100))).toBeUndefined();
    expect(identify(child.pid!)).toBeDefined();
    expect(await endProcess(identify(child.pid!)!, politely(2000))).toBe('SIGTERM');
  });

  test('that resists is killed with its helpers', async () => {
    const logFile = join(folder, 'stubborn.log');
    const script = fileURLToPath(new URL('programs/stubborn.ts', import.meta.url));
    const server = await spawnServer({
      command: process.execPath,
      args: ['--import', 'tsx', script],
      cwd: process.cwd(),
      logFile,
    });
    await expect.poll(() => readFileSync(logFile, 'utf8'), { timeout: 20_000 }).toContain('helper');
    const { helper } = JSON.parse(server.lastWords()) as { helper: number };
    const helperRef = identify(helper)!;
    expect(await endProcess(server.ref, politely(200))).toBe('SIGKILL');
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expect.poll(() => isAlive(helperRef)).toBe(false);
  });
});

test('a log that has grown too long starts anew and keeps its last part beside it', () => {
  const file = join(folder, 'server.log');
  writeFileSync(file, 'x'.repeat(100));
  capLog(file, 100);
  expect(readFileSync(file, 'utf8')).toHaveLength(100);
  capLog(file, 99);
  expect(readFileSync(file, 'utf8')).toBe('');
  expect(readFileSync(`${file}.1`, 'utf8')).toHaveLength(100);
});

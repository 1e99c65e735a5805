import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify } from '../../scripts/servers/processes.ts';
import { claim, isRunning, readRunState } from '../../scripts/servers/run-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piban-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const me = identify(process.pid)!;

test('who holds a data folder is on record, for its owner only', async () => {
  const held = await claim(folder);
  held.update({ url: 'http://127.0.0.1:8080' });
  held.setProcess('worker', me);
  const state = readRunState(folder);
  expect(state).toMatchObject({ supervisor: me, url: 'http://127.0.0.1:8080', processes: { worker: me } });
  expect(isRunning(state)).toBe(true);
  expect(statSync(join(folder, 'run.json')).mode & 0o077).toBe(0);
  held.setProcess('worker', undefined);
  expect(readRunState(folder)?.processes).toEqual({});
});

test('a second start is refused and told whom to stop, and how to run beside it', async () => {
  (await claim(folder)).update({ url: 'http://127.0.0.1:8080' });
  await expect(claim(folder)).rejects.toThrow(
    new RegExp(`already runs on ${folder} at http://127.0.0.1:8080, as process ${process.pid} .*kill ${process.pid}.*PORT=8090`),
  );
});

test('a folder given free is taken as if nobody had been there', async () => {
  (await claim(folder)).release();
  expect((await claim(folder)).previous).toBeUndefined();
});

test('what a killed start left is handed to the next one, though its pid runs another program now', async () => {
  const left = {
    supervisor: { pid: process.pid, started: 'earlier' },
    since: '',
    processes: { worker: { pid: 1, started: 'x' } },
  };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(left, null, 2));
  const held = await claim(folder);
  expect(held.previous).toEqual(left);
  expect(readRunState(folder)).toMatchObject({ supervisor: me, processes: left.processes });
});

test('a record that a kill cut off does not stand in the way', async () => {
  writeFileSync(join(folder, 'run.json'), '{"supervi');
  expect((await claim(folder)).previous).toBeUndefined();
  expect(isRunning(readRunState(folder))).toBe(true);
});

test('of starts at the same moment on what a killed one left, one gets the folder', async () => {
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ supervisor: { pid: 1, started: 'x' }, since: '', processes: {} }));
  const results = await Promise.allSettled([claim(folder), claim(folder), claim(folder)]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

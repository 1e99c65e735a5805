import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endProcess, identify, isAlive, politely } from '../../scripts/servers/processes.ts';
import { claim } from '../../scripts/servers/run-state.ts';
import { loadRunningConfig } from '../../scripts/servers/running.ts';
import { makeScratch } from '../../scripts/servers/scratch.ts';

function sleeper() {
  const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  return identify(pid!)!;
}

test('servers of a killed process are ended with their folder by the next of its kind, those of a running one are not', async () => {
  const kind = `check${process.pid}`;
  const [left, used] = [sleeper(), sleeper()];
  const abandoned = mkdtempSync(join(tmpdir(), `piban-${kind}-`));
  const killed = { supervisor: { pid: process.pid, started: 'earlier' }, since: '', processes: { Temporal: left } };
  writeFileSync(join(abandoned, 'run.json'), JSON.stringify(killed));
  const running = await makeScratch(kind);
  running.note('Temporal', used);
  const next = await makeScratch(kind);
  expect(isAlive(left)).toBe(false);
  expect(existsSync(abandoned)).toBe(false);
  expect(isAlive(used)).toBe(true);
  expect(existsSync(running.dataDir)).toBe(true);
  await endProcess(used, politely(2000));
  running.remove();
  next.remove();
  expect(existsSync(running.dataDir)).toBe(false);
});

test('a script finds the servers of the Piban that runs on its data, and is told the cure when none does', async () => {
  const scratch = await makeScratch(`running${process.pid}`);
  const DATA_DIR = mkdtempSync(join(scratch.dataDir, 'data-'));
  expect(() => loadRunningConfig({ DATA_DIR })).toThrow(/No Piban runs on .*npm start.*DATABASE_URL/);
  const held = await claim(DATA_DIR);
  held.update({ databaseUrl: 'postgres://own', temporalAddress: '127.0.0.1:7233' });
  expect(loadRunningConfig({ DATA_DIR })).toMatchObject({
    databaseUrl: 'postgres://own',
    temporal: { address: '127.0.0.1:7233' },
  });
  expect(loadRunningConfig({ DATA_DIR, DATABASE_URL: 'postgres://given@db/x' }).databaseUrl).toBe('postgres://given@db/x');
  held.release();
  expect(() => loadRunningConfig({ DATA_DIR })).toThrow(/No Piban runs/);
  scratch.remove();
});

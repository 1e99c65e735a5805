import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isAlive, type ProcessRef } from '../../scripts/servers/processes.ts';
import { keepService, type Service } from '../../scripts/servers/service.ts';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const kept: Service[] = [];
afterEach(async () => {
  for (const service of kept.splice(0)) await service.stop();
});

function keep(script: string, stopMs = 5000) {
  const said: string[] = [];
  const lines: string[] = [];
  const processes: ProcessRef[] = [];
  const service = keepService(
    { name: 'worker', script: `tests/servers/programs/${script}.ts`, cwd, env: process.env, stopMs },
    {
      say: (line) => said.push(line),
      pass: (_, line) => lines.push(line),
      setProcess: (_, ref) => {
        if (ref) processes.push(ref);
      },
    },
  );
  kept.push(service);
  return { service, said, lines, processes };
}

test('a service that is killed is started again, and both are told', async () => {
  const { service, said, processes } = keep('willing');
  await service.ready;
  process.kill(processes[0]!.pid, 'SIGKILL');
  await expect.poll(() => said, { timeout: 20_000 }).toHaveLength(2);
  expect(said).toEqual(['The worker ended unasked (SIGKILL); it is started again in 0.5 s', 'The worker serves again']);
  expect(processes).toHaveLength(2);
  expect(processes.map(isAlive)).toEqual([false, true]);
});

test('a service ends in order when asked, and stays ended', async () => {
  const { service, said, lines, processes } = keep('willing');
  await service.ready;
  await service.stop();
  expect(isAlive(processes[0]!)).toBe(false);
  await expect.poll(() => lines).toContain('going');
  expect(said).toEqual([]);
});

test('a service that does not end when asked is killed, and that is told', async () => {
  const { service, said, processes } = keep('stubborn', 200);
  await service.ready;
  await service.stop();
  expect(isAlive(processes[0]!)).toBe(false);
  expect(said).toEqual(['The worker did not stop in 0.2 s and was killed']);
});

test('a service that ends before it serves is not tried again; what it said has been passed on', async () => {
  const { service, lines, processes } = keep('broken');
  await expect(service.ready).rejects.toThrow('The worker ended (code 3) before it served');
  expect(lines).toEqual(['no luck']);
  expect(processes).toHaveLength(1);
});

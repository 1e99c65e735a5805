import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { afterAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../scripts/servers/ports.ts';
import { endProcess, identify, isAlive, type ProcessRef, politely } from '../../scripts/servers/processes.ts';
import { type RunState, readRunState } from '../../scripts/servers/run-state.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = ['PostgreSQL', 'Temporal', 'api', 'worker'];

/** One `npm start`, in a process group of its own, as a terminal has it. */
interface Start {
  readonly npm: ChildProcess;
  readonly dataDir: string;
  readonly port: number;
  output(): string;
  state(): RunState;
}

const starts: Start[] = [];
const folders: string[] = [];
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'piban-start-'));
  chmodSync(path, 0o711);
  folders.push(path);
  return path;
};

function npmStart(dataDir: string, port: number, env: Record<string, string> = {}): Start {
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: '', DATABASE_URL: '', TEMPORAL_ADDRESS: '', DATA_DIR: dataDir, PORT: String(port), ...env },
  });
  let text = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const start: Start = { npm, dataDir, port, output: () => text, state: () => readRunState(dataDir)! };
  starts.push(start);
  return start;
}

const health = async ({ port }: Start): Promise<number> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/health/ready`, { signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
};

async function untilUp(start: Start): Promise<RunState> {
  const began = Date.now();
  while (!start.output().includes('Ctrl-C stops it')) {
    if (start.npm.exitCode !== null || Date.now() - began > 150_000) throw new Error(`It did not come up:\n${start.output()}`);
    await pause(50);
  }
  await expect.poll(() => health(start), { timeout: 30_000 }).toBe(200);
  return start.state();
}

/** What Ctrl-C does: the signal goes to npm and to what it runs at once, and npm passes it on besides. */
const ctrlC = ({ npm }: Start) => process.kill(-npm.pid!, 'SIGINT');

async function untilGone({ npm, output }: Start): Promise<number | null> {
  if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'close');
  if (npm.exitCode === null) throw new Error(`It was killed:\n${output()}`);
  return npm.exitCode;
}

async function endAll(state: RunState | undefined): Promise<void> {
  for (const ref of Object.values(state?.processes ?? {})) await endProcess(ref, politely(3000));
}

afterAll(async () => {
  for (const { npm, dataDir } of starts) {
    const state = readRunState(dataDir);
    if (state) await endProcess(state.supervisor, politely(10_000));
    await endAll(state);
    if (npm.exitCode === null && npm.signalCode === null) npm.kill('SIGKILL');
  }
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const alive = (state: RunState) => names.filter((name) => state.processes[name] && isAlive(state.processes[name]));

describe('npm start', { timeout: 200_000 }, () => {
  const dataDir = folder();
  let port: number;
  let start: Start;
  let state: RunState;
  const again = async () => {
    start = npmStart(dataDir, port);
    state = await untilUp(start);
  };

  test('brings everything up from nothing, and tells where it is and who may sign in', async () => {
    port = (await freePorts(1))[0]!;
    await again();
    expect(alive(state)).toEqual(names);
    expect(start.output()).toContain(`Piban 批办 is ready: http://127.0.0.1:${port}`);
    const { items } = (await (await fetch(`http://127.0.0.1:${port}/api/session/people`)).json()) as { items: { id: string }[] };
    const person = /"person":"([^"]+)"/.exec(start.output())?.[1];
    expect(items.map(({ id }) => id)).toContain(person);
  });

  test('refuses a second start on the same data, and tells how to run beside it', async () => {
    const second = npmStart(dataDir, port + 1);
    expect(await untilGone(second)).toBe(1);
    expect(second.output()).toMatch(new RegExp(`already runs on ${dataDir} at http://127.0.0.1:${port}.*PORT=8090 DATA_DIR=`));
    expect(await health(start)).toBe(200);
  });

  test('refuses a port that is taken, before it starts anything', async () => {
    const other = npmStart(folder(), port);
    expect(await untilGone(other)).toBe(1);
    expect(other.output()).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is taken by another program.*PORT=${port + 1}`));
    expect(other.output()).not.toContain('PostgreSQL: starting');
  });

  test.each(['worker', 'api', 'Temporal', 'PostgreSQL'])('starts the %s again when it is killed', async (name) => {
    const before = start.state().processes[name]!;
    process.kill(before.pid, 'SIGKILL');
    await expect.poll(() => start.state().processes[name]?.pid ?? before.pid, { timeout: 60_000 }).not.toBe(before.pid);
    await expect
      .poll(() => start.output(), { timeout: 60_000 })
      .toMatch(new RegExp(`${name} ended unasked[\\s\\S]*${name} serves again`));
    await expect.poll(() => health(start), { timeout: 60_000 }).toBe(200);
    state = start.state();
    expect(alive(state)).toEqual(names);
  });

  test('on Ctrl-C stops all it started, in order, within ten seconds', async () => {
    const began = Date.now();
    ctrlC(start);
    expect(await untilGone(start)).toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(alive(state)).toEqual([]);
    expect([...start.output().matchAll(/^(\w+): stopped$/gm)].map(([, name]) => name)).toEqual([
      'api',
      'worker',
      'Temporal',
      'PostgreSQL',
    ]);
    expect(start.output().match(/^Stopped in/gm)).toHaveLength(1);
    expect(readRunState(dataDir)).toBeUndefined();
  });

  test('goes on where it stopped', async () => {
    await again();
    const sql = postgres(state.databaseUrl!, { max: 1 });
    await sql`create table kept as select 7 as value`;
    await sql.end();
  });

  test('after a kill of its supervisor uses the servers on and ends worker and API', async () => {
    const before = state;
    process.kill(before.supervisor.pid, 'SIGKILL');
    await once(start.npm, 'close');
    expect(isAlive(before.processes.PostgreSQL!)).toBe(true);
    expect(isAlive(before.processes.Temporal!)).toBe(true);
    await again();
    for (const name of ['PostgreSQL', 'Temporal']) expect(state.processes[name]).toEqual(before.processes[name]);
    for (const name of ['worker', 'api']) {
      expect(isAlive(before.processes[name]!)).toBe(false);
      expect(state.processes[name]).not.toEqual(before.processes[name]);
    }
    expect(start.output()).toMatch(/PostgreSQL: the one that an earlier start left running .* is used on/);
  });

  test('after a kill of everything comes up with all it had, and spares a program that got a pid of before', async () => {
    const before = state;
    for (const ref of [before.supervisor, ...Object.values(before.processes)]) process.kill(ref.pid, 'SIGKILL');
    await once(start.npm, 'close');
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
    const left = { ...before, processes: { ...before.processes, worker: { pid: stranger.pid!, started: 'earlier' } } };
    writeFileSync(join(dataDir, 'run.json'), JSON.stringify(left));
    await again();
    const sql = postgres(state.databaseUrl!, { max: 1 });
    expect(await sql`select value from kept`).toEqual([{ value: 7 }]);
    await sql.end();
    const ref: ProcessRef = identify(stranger.pid!)!;
    expect(await endProcess(ref, politely(2000))).toBe('SIGTERM');
  });

  test('runs beside another one, which has its own port and its own data', async () => {
    const [other] = await freePorts(1);
    const beside = npmStart(folder(), other!);
    const theirs = await untilUp(beside);
    expect(await health(start)).toBe(200);
    expect(theirs.databaseUrl).not.toBe(state.databaseUrl);
    expect(theirs.temporalAddress).not.toBe(state.temporalAddress);
    ctrlC(beside);
    expect(await untilGone(beside)).toBe(0);
    expect(await health(start)).toBe(200);
  });

  test('uses the servers that it is given and starts none of that kind', async () => {
    const [other] = await freePorts(1);
    const guest = npmStart(folder(), other!, {
      DATABASE_URL: state.databaseUrl!,
      TEMPORAL_ADDRESS: state.temporalAddress!,
      TASK_QUEUE: 'guest',
    });
    const theirs = await untilUp(guest);
    expect(Object.keys(theirs.processes).toSorted()).toEqual(['api', 'worker']);
    ctrlC(guest);
    expect(await untilGone(guest)).toBe(0);
    expect(alive(state)).toEqual(names);
  });

  test('stops as well on SIGTERM to npm alone', async () => {
    start.npm.kill('SIGTERM');
    await once(start.npm, 'close');
    await expect.poll(() => isAlive(state.supervisor), { timeout: 10_000 }).toBe(false);
    expect(alive(state)).toEqual([]);
  });
});

describe('npm start that can not', { timeout: 200_000 }, () => {
  test('tells every fault of its settings at once', async () => {
    const start = npmStart(folder(), 8080, { PORT: 'x', LOG_LEVEL: 'loud' });
    expect(await untilGone(start)).toBe(1);
    expect(start.output()).toMatch(/PORT=x: must be[\s\S]*LOG_LEVEL=loud: must be/);
  });

  test('tells a data folder that it can not use', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const start = npmStart(join(file, 'data'), 8080);
    expect(await untilGone(start)).toBe(1);
    expect(start.output()).toMatch(/file\/data.*DATA_DIR|DATA_DIR.*file\/data/);
  });

  test.each(['Temporal: starting', 'worker: starting', 'is ready:'])(
    'stops when it is told to at "%s", leaving nothing',
    async (moment) => {
      const [port] = await freePorts(1);
      const start = npmStart(folder(), port!);
      await expect.poll(() => start.output(), { timeout: 150_000, interval: 5 }).toContain(moment);
      ctrlC(start);
      expect(await untilGone(start)).toBe(0);
      const lock = join(start.dataDir, 'postgres', 'postmaster.pid');
      expect(() => readFileSync(lock)).toThrow('ENOENT');
      expect(readRunState(start.dataDir)).toBeUndefined();
    },
  );
});

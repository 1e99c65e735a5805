/**
 * `npm run bench`: approvals a second and latency of a decision, of the whole path over HTTP beside a bare Temporal workflow with
 * the same updates and the same transaction. Both run in turns on the same machine, so only the ratio is worth quoting.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../db/migrate.ts';
import { loadConfig, loadStartConfig } from '../../runtime/config.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../../runtime/temporal.ts';
import { seedDemo } from '../../scripts/demo/seed.ts';
import { freePorts } from '../../scripts/servers/ports.ts';
import { startPostgres } from '../../scripts/servers/postgres.ts';
import { startTemporal } from '../../scripts/servers/temporal.ts';
import { cpuSeconds, load, median, percentile } from '../measure.ts';
import { type Approval, overBareWorkflow, overHttp } from './paths.ts';

const IN_FLIGHT = Number(process.env.BENCH_IN_FLIGHT ?? 20);
const PER_TURN = Number(process.env.BENCH_APPROVALS ?? 100);
const TURNS = Number(process.env.BENCH_TURNS ?? 5);

const dataDir = mkdtempSync(join(tmpdir(), 'piban-bench-'));
const stops: (() => Promise<void>)[] = [];
const say = (line: string) => console.error(line);

function child(file: string, env: Record<string, string>): Promise<ChildProcess> {
  const started = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  stops.unshift(
    () =>
      new Promise((resolve) => {
        started.once('exit', () => resolve());
        started.kill('SIGTERM');
      }),
  );
  return new Promise((resolve, reject) => {
    started.once('message', () => resolve(started));
    started.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready`)));
  });
}

/** CPU seconds of a process; for a server that works in child processes (PostgreSQL) those of all of them. */
function cpuOf(name: string, pid: number): number {
  return name === 'postgres' ? descendants(pid).reduce((sum, one) => sum + cpuSeconds(one), 0) : cpuSeconds(pid);
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // Ended while we looked.
    }
  }
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const next = queue.shift() ?? 0;
    found.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return found;
}

try {
  say('starting PostgreSQL and Temporal …');
  const startConfig = loadStartConfig({ ...process.env, DATA_DIR: dataDir, TEMPORAL_ADDRESS: '', DATABASE_URL: '' });
  const postgres = await startPostgres({ dataDir });
  stops.unshift(postgres.stop);
  const temporal = await startTemporal({ dataDir, cacheDir: startConfig.cacheDir, testing: false, report: say });
  stops.unshift(temporal.stop);
  const [port] = await freePorts(1);
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    DATA_DIR: dataDir,
    PORT: String(port),
    DEMO_SIGN_IN: 'true',
    REQUESTS_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
    TASK_QUEUE: 'piban',
  };
  const config = loadConfig(env);
  const { client, connection, close } = await connectTemporal(config);
  stops.unshift(close);
  await ensureNamespace(connection, config);
  await ensureSearchAttributes(connection, config);
  await migrate(postgres.url);
  await seedDemo(postgres.url);
  say('starting workers and API …');
  const worker = await child('../../workers/main.ts', env);
  const bareWorker = await child('./bare-worker.ts', { ...env, TASK_QUEUE: 'bare' });
  const api = await child('../../api/server.ts', env);
  const paths: {
    name: string;
    approval: Approval;
    pids: Record<string, number>;
    rates: number[];
    times: number[];
    cpu: Record<string, number>;
    done: number;
  }[] = [
    {
      name: 'Piban over HTTP',
      approval: await overHttp(port ?? 0),
      pids: { worker: worker.pid ?? 0, api: api.pid ?? 0 },
      rates: [],
      times: [],
      cpu: {},
      done: 0,
    },
    {
      name: 'bare workflow',
      approval: overBareWorkflow(client, 'bare'),
      pids: { worker: bareWorker.pid ?? 0, client: process.pid },
      rates: [],
      times: [],
      cpu: {},
      done: 0,
    },
  ];
  const servers = { temporal: temporal.pid, postgres: postgres.pid };
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const path of paths) {
      const watched = { ...path.pids, ...servers };
      const measure = () => Object.entries(watched).map(([name, pid]) => [name, cpuOf(name, pid)] as const);
      const before = new Map(measure());
      const result = await load(PER_TURN, IN_FLIGHT, path.approval);
      // The first turn only warms up.
      if (turn === 0) continue;
      path.rates.push(result.perSecond);
      path.times.push(...result.milliseconds);
      path.done += PER_TURN;
      for (const [name, seconds] of measure()) path.cpu[name] = (path.cpu[name] ?? 0) + seconds - (before.get(name) ?? 0);
      say(`turn ${turn}/${TURNS} ${path.name}: ${result.perSecond.toFixed(1)} approvals/s`);
    }
  }
  const rows = paths.map((path) => ({
    path: path.name,
    approvalsPerSecond: Number(median(path.rates).toFixed(1)),
    decisionP50: Math.round(percentile(path.times, 0.5)),
    decisionP99: Math.round(percentile(path.times, 0.99)),
    cpuMsPerApproval: Object.fromEntries(
      Object.entries(path.cpu).map(([name, seconds]) => [name, Math.round((seconds / path.done) * 1_000)]),
    ),
  }));
  const [ours, bare] = paths;
  const ratios = (ours?.rates ?? []).map((rate, at) => rate / (bare?.rates[at] ?? Number.NaN));
  console.log(
    JSON.stringify(
      {
        inFlight: IN_FLIGHT,
        approvalsPerTurn: PER_TURN,
        turns: TURNS,
        rows,
        ratio: { median: Number(median(ratios).toFixed(2)), each: ratios.map((one) => Number(one.toFixed(2))) },
      },
      null,
      2,
    ),
  );
} finally {
  for (const stop of stops) await stop().catch((error: unknown) => say(`could not stop: ${String(error)}`));
  rmSync(dataDir, { recursive: true, force: true });
}

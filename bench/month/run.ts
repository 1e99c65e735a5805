/**
 * `npm run bench:month`: how fast months go by on the real engine. Matters are started, and each lives through thirty days in which
 * nobody acts: every light, the ladder of its step and its own, rung by its one timer and recorded in PostgreSQL. Time is skipped by
 * the test server only (`testing`), which no start can switch on.
 *
 * `BENCH_MATTERS` how many at once in the widest turn (default 8), `BENCH_TURNS` how often each width is measured (default 3).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway } from '../../api/gateway.ts';
import { connectDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { loadConfig, loadStartConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../../runtime/temporal.ts';
import { seedDemo } from '../../scripts/demo/seed.ts';
import { startPostgres } from '../../scripts/servers/postgres.ts';
import { startTemporal } from '../../scripts/servers/temporal.ts';
import { MonthMatter, type Stage } from '../../tests/harness/months/matter.ts';
import { startMonthWorker } from '../../tests/harness/months/worker.ts';
import { installRuntime } from '../../workers/worker.ts';
import { median } from '../measure.ts';

const WIDEST = Number(process.env.BENCH_MATTERS ?? 8);
const TURNS = Number(process.env.BENCH_TURNS ?? 3);
const DAYS = 30;
const DAY_MS = 86_400_000;

const dataDir = mkdtempSync(join(tmpdir(), 'piban-bench-'));
const stops: (() => Promise<void>)[] = [];
const say = (line: string) => console.error(line);

/** Seconds that a month of so many matters took, and how many alarms rang in it. */
async function month(stage: Stage, matters: number): Promise<{ seconds: number; alarms: number }> {
  const all = await Promise.all(Array.from({ length: matters }, (_, at) => MonthMatter.started(stage, `第${at + 1}件`)));
  const until = new Date(Date.now() + DAYS * DAY_MS).toISOString();
  const began = performance.now();
  await Promise.all(all.map((matter) => matter.clock.forwardTo(until)));
  const seconds = (performance.now() - began) / 1000;
  const rung = await Promise.all(all.map((matter) => matter.of('AlarmRang')));
  return { seconds, alarms: rung.flat().length };
}

try {
  say('starting PostgreSQL and Temporal …');
  const start = loadStartConfig({ ...process.env, DATA_DIR: dataDir, TEMPORAL_ADDRESS: '', DATABASE_URL: '' });
  const postgres = await startPostgres({ dataDir });
  stops.unshift(postgres.stop);
  const temporal = await startTemporal({ dataDir, cacheDir: start.cacheDir, testing: true, report: say });
  stops.unshift(temporal.stop);
  const config = loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    DATA_DIR: dataDir,
    TASK_QUEUE: 'months',
    LOG_LEVEL: 'fatal',
    SESSION_SECRET: 'for a benchmark only, of no use elsewhere',
  });
  const log = createLogger(config, 'bench');
  installRuntime(log);
  const { client, connection, close } = await connectTemporal(config);
  stops.unshift(close);
  await ensureNamespace(connection, config);
  await ensureSearchAttributes(connection, config);
  await migrate(postgres.url);
  await seedDemo(postgres.url);
  const database = connectDatabase(postgres.url);
  stops.unshift(database.close);
  const worker = await startMonthWorker(config);
  stops.unshift(worker.stop);
  const gateway = new Gateway({ client, db: database.db, taskQueue: config.taskQueue, log });
  const stage: Stage = { client, gateway, db: database.db };
  say('warming up …');
  await month(stage, 1);
  for (const matters of [1, WIDEST]) {
    const results = [];
    for (let turn = 0; turn < TURNS; turn += 1) results.push(await month(stage, matters));
    const seconds = median(results.map((one) => one.seconds));
    const alarms = results[0]?.alarms ?? 0;
    console.log(
      `${matters} matter(s): ${DAYS} days in ${seconds.toFixed(2)} s, ${((matters * DAYS) / seconds).toFixed(0)} matter days a second, ${alarms} alarms`,
    );
  }
} finally {
  for (const stop of stops) await stop().catch((error: unknown) => say(String(error)));
  rmSync(dataDir, { recursive: true, force: true });
}

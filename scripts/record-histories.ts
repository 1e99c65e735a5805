/**
 * `npm run record-histories`: plays every journey of which no history is kept yet, for the newest version of its process, on servers
 * of its own, and keeps the histories of their workflows in `tests/replay/histories`. What is kept stays: when a change of the workflow
 * keeps an old history from being replayed, matters that began so break too, and the workflow gets a `patched()` instead. Only where
 * no matter runs on the old code may a history be deleted, to be recorded anew.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connectApi, type RunningApi } from '../api/build.ts';
import { matterByNo } from '../db/matters.ts';
import { migrate } from '../db/migrate.ts';
import { newestDefinition } from '../definitions/catalog.ts';
import { type Config, loadConfig, loadStartConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../runtime/temporal.ts';
import { WorkflowClock } from '../tests/harness/time-skipping.ts';
import { isKept, type KeptHistory, keepHistories } from '../tests/replay/histories.ts';
import { journeys, type Traveller } from '../tests/replay/journeys.ts';
import { installRuntime, startWorker } from '../workers/worker.ts';
import { OfficeClient, type Send } from './demo/office-client.ts';
import { seedDemo } from './demo/seed.ts';
import { startPostgres } from './servers/postgres.ts';
import { startTemporal } from './servers/temporal.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

type Stops = (() => Promise<void>)[];

/** PostgreSQL and Temporal in a temporary folder, with the demo school. */
async function startServers(dataDir: string, stops: Stops): Promise<Config> {
  const start = loadStartConfig({ ...process.env, DATA_DIR: dataDir, DATABASE_URL: '', TEMPORAL_ADDRESS: '' });
  const postgres = await startPostgres({ dataDir, fast: true });
  stops.unshift(postgres.stop);
  const temporal = await startTemporal({ dataDir, cacheDir: start.cacheDir, testing: true, report: say });
  stops.unshift(temporal.stop);
  const config = loadConfig({
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    LOG_LEVEL: 'fatal',
    DEMO_SIGN_IN: 'true',
    REQUESTS_PER_MINUTE: '0',
  });
  const { connection, close } = await connectTemporal(config);
  await ensureNamespace(connection, config);
  await ensureSearchAttributes(connection, config);
  await close();
  await migrate(config.databaseUrl);
  await seedDemo(config.databaseUrl);
  return config;
}

/** Sends without a socket. */
function sendInto({ api }: RunningApi): Send {
  return async (method, url, headers, body) => {
    const answer = await api.inject({
      method,
      url,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json(), retryAfter: null };
  };
}

/** The histories of all runs of a workflow that has ended, the first run first. */
async function historiesOf(client: Client, workflowId: string, name: string): Promise<KeptHistory[]> {
  await client.workflow.getHandle(workflowId).result();
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const found: KeptHistory[] = [];
  let runId = raw.workflowExecutionInfo?.firstRunId || raw.workflowExecutionInfo?.execution?.runId;
  while (runId) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    found.push({ name: found.length === 0 ? name : `${name}.${found.length + 1}`, history });
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return found;
}

async function record(api: RunningApi): Promise<KeptHistory[]> {
  const { client: temporal, db } = api.context;
  const client = new OfficeClient(sendInto(api));
  const idOf = async (no: string) => {
    const row = await matterByNo(db, no);
    if (row === null) throw new Error(`No matter ${no} in the record`);
    return row;
  };
  const traveller: Traveller = {
    client,
    clockOf: async (no) => new WorkflowClock(temporal, (await idOf(no)).id),
  };
  const found: KeptHistory[] = [];
  for (const { process: id, path, travel } of journeys) {
    if (isKept(`${id}@${newestDefinition(id)?.version}.${path}`)) continue;
    const { no, status } = await travel(traveller);
    const row = await idOf(no);
    const kept = await historiesOf(temporal, row.id, `${id}@${row.version}.${path}`);
    found.push(...kept);
    say(`${id} ${path}: ${no} ${status}, ${kept.length} run${kept.length === 1 ? '' : 's'}`);
  }
  return found;
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'piban-record-'));
  const stops: Stops = [];
  try {
    const config = await startServers(dataDir, stops);
    const logger = createLogger(config, 'record');
    installRuntime(logger);
    const worker = await startWorker(config, logger);
    stops.unshift(worker.stop);
    const api = await connectApi(config, logger);
    stops.unshift(api.close);
    const sizes = keepHistories(await record(api));
    const total = Object.values(sizes).reduce((sum, one) => sum + one, 0);
    say(
      `${Object.keys(sizes).length} histories kept, ${Math.round(total / 1024)} KB, the longest ${Math.max(0, ...Object.values(sizes))} bytes`,
    );
  } finally {
    for (const stop of stops) await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();

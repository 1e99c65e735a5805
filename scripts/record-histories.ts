/**
 * `npm run record-histories`: plays every journey of which no history is kept yet, for the newest version of its process, on servers
 * of its own, and keeps the histories of their workflows in `tests/replay/histories`. What is kept stays: when a change of the workflow
 * keeps an old history from being replayed, matters that began so break too, and the workflow gets a `patched()` instead. Only where
 * no matter runs on the old code may a history be deleted, to be recorded anew.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import postgres from 'postgres';
import { type Processes, PUBLISHED } from '../activities/reading.ts';
import { startCommand } from '../api/application.ts';
import { connectApi, type RunningApi } from '../api/build.ts';
import { exampleContext, exampleOf } from '../api/examples.ts';
import { requestKey } from '../api/gateway.ts';
import { matterIdFor } from '../api/submit.ts';
import { matterById, matterByNo } from '../db/matters.ts';
import { migrate } from '../db/migrate.ts';
import { matters } from '../db/schema/index.ts';
import { findDefinition, newestDefinition } from '../definitions/catalog.ts';
import type { JsonObject } from '../definitions/language/json.ts';
import { type Config, loadConfig, loadStartConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes } from '../runtime/temporal.ts';
import { WorkflowClock } from '../tests/harness/time-skipping.ts';
import { startWrappedWorker } from '../tests/harness/wrapped-worker.ts';
import { isKept, type KeptHistory, keepHistories } from '../tests/replay/histories.ts';
import { journeys } from '../tests/replay/journeys.ts';
import { isOpen, type Traveller } from '../tests/replay/traveller.ts';
import { installRuntime } from '../workers/worker.ts';
import { type MatterView, OfficeClient, type Send } from './demo/office-client.ts';
import { seedDemo } from './demo/seed.ts';
import { startPostgres } from './servers/postgres.ts';
import { startTemporal } from './servers/temporal.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

type MatterRow = Awaited<ReturnType<typeof rowOf>>;
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

/** A process of which the version before the newest still takes applications here, so that one of them can be moved. */
const STILL_FORMER = 'vehicle-use';

function processes(): Processes {
  const newest = newestDefinition(STILL_FORMER);
  return { ...PUBLISHED, definitions: PUBLISHED.definitions.filter((one) => one !== newest) };
}

/** The matter with a number. @throws when the record has none. */
async function rowOf({ context: { db } }: RunningApi, no: string) {
  const row = await matterByNo(db, no);
  if (row === null) throw new Error(`No matter ${no} in the record`);
  return row;
}

/** Applies with the version before the newest one, as nobody can in the API once a newer one is in force. */
async function applyFormer({ context }: RunningApi, client: OfficeClient, id: string): Promise<MatterView> {
  const definition = findDefinition(id, (newestDefinition(id)?.version ?? 0) - 1);
  if (definition === undefined) throw new Error(`${id} has no version before its newest one`);
  const world = await context.cache.now(context.db);
  const example = exampleOf(definition, await exampleContext(context.db, world, definition, context.now()));
  const key = requestKey(example.person, 'record-histories', randomUUID(), example.form);
  // An example of a definition's own is plain JSON.
  const application = { definition, form: example.form as JsonObject, attachments: example.attachments };
  const matterId = matterIdFor(key.commandId);
  const outcome = await context.gateway.submit(matterId, startCommand(example.person, application, key), example.person);
  const row = await matterById(context.db, matterId);
  if (row === null) throw new Error(`${id}@${definition.version} took no application: ${JSON.stringify(outcome)}`);
  return client.request<MatterView>(example.person, 'GET', `/api/matters/${row.no}`);
}

/** Holds the lock of a matter's transitions until its workflow tries as it does while the database is away. */
async function whileHeld<T>({ context }: RunningApi, matterId: string, work: () => Promise<T>): Promise<T> {
  const sql = postgres(context.config.databaseUrl, { max: 1 });
  try {
    await sql`select pg_advisory_lock(hashtextextended(${matterId}, 0))`;
    const doing = work();
    for (let patient = false; !patient; ) {
      const { raw } = await context.client.workflow.getHandle(matterId).describe();
      patient = (raw.pendingActivities ?? []).length > 0;
    }
    await sql`select pg_advisory_unlock(hashtextextended(${matterId}, 0))`;
    return await doing;
  } finally {
    await sql.end();
  }
}

function travellerOf(api: RunningApi): Traveller {
  const { client: temporal, sessions } = api.context;
  const client = new OfficeClient(sendInto(api));
  return {
    client,
    clockOf: async (no) => new WorkflowClock(temporal, (await rowOf(api, no)).id),
    applyFormer: (id) => applyFormer(api, client, id),
    put: async (person, url, body) => {
      const headers = { authorization: `Bearer ${await sessions.issue(person)}`, 'idempotency-key': randomUUID() };
      // What takes longer is taken on, and the same key asks again.
      for (let status = 202; status !== 200; ) {
        const answer = await api.api.inject({ method: 'PUT', url, headers, payload: body });
        status = answer.statusCode;
        if (status !== 200 && status !== 202) throw new Error(`PUT ${url}: ${status} ${answer.body}`);
      }
    },
    lose: async (no) => {
      await temporal.workflow.getHandle((await rowOf(api, no)).id).terminate('lost');
    },
    whileHeld: async (no, work) => whileHeld(api, (await rowOf(api, no)).id, work),
  };
}

/** The histories of a journey's matter, and of those that it started. */
async function historiesOfJourney({ context: { client, db } }: RunningApi, row: MatterRow, path: string): Promise<KeptHistory[]> {
  const own = await historiesOf(client, row.id, `${row.processId}@${row.version}.${path}`);
  const children = await db.select().from(matters).where(eq(matters.parentId, row.id));
  const theirs = children.map((child) =>
    historiesOf(client, child.id, `${child.processId}@${child.version}.of-${row.processId}-${path}`),
  );
  return [...own, ...(await Promise.all(theirs)).flat()];
}

/** Travels every journey of which nothing is kept, and keeps each at once: what fails later takes nothing away. */
async function record(api: RunningApi): Promise<Record<string, number>> {
  const traveller = travellerOf(api);
  const sizes: Record<string, number> = {};
  const failed: string[] = [];
  for (const { process: id, path, travel } of journeys) {
    const version = newestDefinition(id)?.version;
    if (isKept(`${id}@${version}.${path}`)) continue;
    try {
      const matter = await travel(traveller);
      if (isOpen(matter)) throw new Error(`${matter.no} is left ${matter.status}: a journey goes to an end`);
      const row = await rowOf(api, matter.no);
      if (row.version !== version) throw new Error(`${matter.no} ended on version ${row.version} instead of ${version}`);
      const found = await historiesOfJourney(api, row, path);
      Object.assign(sizes, keepHistories(found));
      say(`${id} ${path}: ${matter.no} ${matter.status}, ${found.length} run${found.length === 1 ? '' : 's'}`);
    } catch (error) {
      // The others are worth keeping all the same.
      failed.push(`${id} ${path}`);
      say(`${id} ${path} FAILED: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failed.length > 0) process.exitCode = 1;
  return sizes;
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'piban-record-'));
  const stops: Stops = [];
  try {
    const config = await startServers(dataDir, stops);
    const logger = createLogger(config, 'record');
    installRuntime(logger);
    const worker = await startWrappedWorker(config, (transact) => transact, { processes: processes() });
    stops.unshift(worker.stop);
    const api = await connectApi(config, logger);
    stops.unshift(api.close);
    const sizes = await record(api);
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

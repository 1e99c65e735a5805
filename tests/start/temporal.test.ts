import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { loadStartConfig } from '../../runtime/config.ts';
import { connectTemporal, ensureNamespace, ensureSearchAttributes, searchAttributes } from '../../runtime/temporal.ts';
import { isAlive } from '../../scripts/servers/processes.ts';
import { startTemporal, type TemporalServer } from '../../scripts/servers/temporal.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'piban-temporal-'));
const { cacheDir, temporal } = loadStartConfig({
  ...process.env,
  DATA_DIR: dataDir,
  TEMPORAL_ADDRESS: '',
  TEMPORAL_NAMESPACE: '',
});
let server: TemporalServer;

const connect = ({ address }: TemporalServer) => connectTemporal({ temporal: { ...temporal, address } });
const start = async () => {
  server = await startTemporal({ dataDir, cacheDir, report: console.log });
  return server;
};

beforeAll(async () => {
  await start();
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

describe('a Temporal server of our own', () => {
  beforeAll(async () => {
    const { client, connection, close } = await connect(server);
    await ensureNamespace(connection, { temporal: { ...temporal, address: server.address } });
    await ensureSearchAttributes(connection, { temporal: { ...temporal, address: server.address } });
    await client.workflow.start('seal-use', {
      taskQueue: 'nobody',
      workflowId: 'kept',
      searchAttributes: { PibanProcess: ['seal-use'] },
    });
    await close();
  });
  afterEach(async () => {
    const { client, close } = await connect(server);
    await expect.poll(async () => (await client.workflow.count("PibanProcess = 'seal-use'")).count).toBe(1);
    await close();
  });

  test('has our namespace with the long retention, and our search attributes; asking again changes nothing', async () => {
    const { connection, close } = await connect(server);
    const config = { temporal: { ...temporal, address: server.address } };
    await ensureNamespace(connection, config);
    await ensureSearchAttributes(connection, config);
    const { config: kept } = await connection.workflowService.describeNamespace({ namespace: temporal.namespace });
    expect(Number(kept?.workflowExecutionRetentionTtl?.seconds)).toBe(3650 * 86_400);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: temporal.namespace });
    expect(customAttributes).toMatchObject(searchAttributes);
    await close();
  });

  test('is used on when it was left behind and answers', async () => {
    const { pid, address } = server;
    expect(await start()).toMatchObject({ adopted: true, pid, address });
  });

  test('has all it had, on the same address, after a kill', async () => {
    const { pid, address } = server;
    process.kill(pid, 'SIGKILL');
    const next = await start();
    expect(next).toMatchObject({ adopted: false, address });
    expect(next.pid).not.toBe(pid);
  });

  test('is ended when it was left behind and hangs, and started anew', async () => {
    const { ref } = server;
    process.kill(ref.pid, 'SIGSTOP');
    expect(await start()).toMatchObject({ adopted: false });
    expect(isAlive(ref)).toBe(false);
  });

  test('has all it had after an ordinary stop and start', async () => {
    await server.stop();
    expect(await start()).toMatchObject({ adopted: false });
  });

  test('lets no workflow skip its time', async () => {
    expect(readFileSync(join(dataDir, 'temporal', 'dynamic.yaml'), 'utf8')).not.toMatch(/TimeSkipping/i);
    const { client, close } = await connect(server);
    await expect(skipTime(client, 'kept')).rejects.toThrow(/time.?skipping/i);
    await close();
  });
});

type Client = Awaited<ReturnType<typeof connectTemporal>>['client'];

const skipTime = (client: Client, workflowId: string) =>
  client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true } },
    updateMask: { paths: ['time_skipping_config'] },
  });

test('the server of the tests lets workflows skip their time', async () => {
  const settings = { ...temporal, address: inject('temporalAddress'), namespace: inject('temporalNamespace') };
  const { client, close } = await connectTemporal({ temporal: settings });
  const handle = await client.workflow.start('seal-use', { taskQueue: 'nobody', workflowId: 'time-skipping' });
  await expect(skipTime(client, handle.workflowId)).resolves.toBeDefined();
  await handle.terminate();
  await close();
});

test('a server for tests injects the faults it is told to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'piban-temporal-'));
  const faultInjection = { ExecutionStore: { UpdateWorkflowExecution: { Timeout: 0.3 } } };
  const faulty = await startTemporal({ dataDir: folder, cacheDir, testing: true, faultInjection });
  try {
    const { client, connection, close } = await connect(faulty);
    await ensureNamespace(connection, { temporal: { ...temporal, address: faulty.address } });
    await client.workflow.start('seal-use', { taskQueue: 'nobody', workflowId: 'kept' });
    // Each signal updates the workflow in the store.
    const handle = client.workflow.getHandle('kept');
    const results = [];
    for (let n = 0; n < 30; n++) results.push(...(await Promise.allSettled([handle.signal('act', n)])));
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.map(({ reason }) => reason.cause?.message)[0]).toMatch(/fault injection error at UpdateWorkflowExecution/);
    // What was acknowledged is there.
    const { events } = await handle.fetchHistory();
    const kept = events?.filter((event) => event.workflowExecutionSignaledEventAttributes) ?? [];
    expect(kept.length).toBeGreaterThanOrEqual(30 - failed.length);
    await close();
  } finally {
    await faulty.stop();
    rmSync(folder, { recursive: true });
  }
});

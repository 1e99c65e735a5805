/** Goal: a change of the engine or of a definition can't break a running matter: kept histories still replay (promise 9). */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../definitions/catalog.ts';
import { type KeptHistory, keptHistories } from './histories.ts';
import { journeys } from './journeys.ts';

const kept = keptHistories();
const cure =
  'put `patched()` around what changed in the workflow; only while no matter runs on the old code, `npm run record-histories`';

async function bundleOf(entry: string) {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(entry, import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
}

/** Replays histories with the workflows of a file. @returns what went wrong, by name of history. */
async function replay(entry: string, histories: readonly KeptHistory[]): Promise<Record<string, string>> {
  const options = { workflowBundle: await bundleOf(entry) };
  const results = Worker.runReplayHistories(
    options,
    histories.map(({ name, history }) => ({ workflowId: name, history })),
  );
  const wrong: Record<string, string> = {};
  let replayed = 0;
  for await (const { workflowId, error } of results) {
    replayed += 1;
    if (error !== undefined) wrong[workflowId] = `${error.name}: ${error.message}`;
  }
  expect(replayed).toBe(histories.length);
  return wrong;
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'off', forward: {} } } });
});

describe('kept histories', () => {
  test('are there for every process, and for every journey', () => {
    const names = kept.map((one) => one.name);
    const processes = new Set(names.map((name) => name.split('.')[0]));
    expect([...processes].sort()).toEqual(Object.keys(catalog).sort());
    for (const { process: id, path } of journeys) {
      expect(
        names.some((name) => name.startsWith(`${id}@`) && name.endsWith(`.${path}`)),
        `${id} ${path}`,
      ).toBe(true);
    }
    expect(names.filter((name) => name.endsWith('.continued.2'))).not.toEqual([]);
  });

  test('replay with the workflow as it is', async () => {
    expect(await replay('../../workflows/index.ts', kept), cure).toEqual({});
  });

  test('do not replay with a workflow that differs by one timer', async () => {
    const wrong = await replay('./mutant/index.ts', kept);
    expect(Object.keys(wrong).sort()).toEqual(kept.map((one) => one.name).sort());
    for (const [name, error] of Object.entries(wrong)) expect(error, name).toMatch(/^DeterminismViolationError/);
  });
});

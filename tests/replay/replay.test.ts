/** Goal: a change of the engine or of a definition can't break a running matter: kept histories still replay (promise 9). */
import { fileURLToPath } from 'node:url';
import { type BundleOptions, bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { type KeptHistory, keptHistories } from './histories.ts';

const kept = keptHistories();
const cure =
  'put `patched()` around what changed in the workflow. A kept history is never recorded again: a matter may run that began so, and ' +
  '`npm run record-histories` adds only those that are missing';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A module of the workflow, as it is imported there, and the file that takes its place. */
interface Change {
  module: string;
  by: string;
}

async function bundleOf(entry: string, change: Change | null) {
  return bundleWorkflowCode({
    workflowsPath: here(entry),
    logger: new DefaultLogger('ERROR'),
    ...(change === null ? {} : { webpackConfigHook: (config) => ({ ...config, resolve: changed(config.resolve, change) }) }),
  });
}

type Resolve = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0]['resolve'];

function changed(resolve: Resolve, { module, by }: Change): NonNullable<Resolve> {
  return { ...resolve, alias: { ...resolve?.alias, [`${module}$`]: here(by) } };
}

/** Replays histories with the workflows of a file. @returns what went wrong, by name of history. */
async function replay(
  entry: string,
  histories: readonly KeptHistory[],
  change: Change | null = null,
): Promise<Record<string, string>> {
  const options = { workflowBundle: await bundleOf(entry, change) };
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
  test('replay with the workflow as it is', async () => {
    expect(await replay('../../workflows/index.ts', kept), cure).toEqual({});
  });

  test('do not replay with a workflow that differs by one timer', async () => {
    const wrong = await replay('./mutant/index.ts', kept);
    expect(Object.keys(wrong).sort()).toEqual(kept.map((one) => one.name).sort());
    for (const [name, error] of Object.entries(wrong)) expect(error, name).toMatch(/^DeterminismViolationError/);
  });

  test('do not replay with a machine that forgets what one matter has for another, and those without such a letter do', async () => {
    const change = { module: './machine/letters.ts', by: './mutant/no-letters.ts' };
    // Without the longest, which take longer than all others and hold no letter.
    const short = kept.filter(({ name }) => !name.includes('continued'));
    const wrong = await replay('../../workflows/index.ts', short, change);
    const withLetters = short.filter(({ history }) =>
      (history.events ?? []).some((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'deliver'),
    );
    expect(withLetters.length).toBeGreaterThan(0);
    expect(Object.keys(wrong).sort()).toEqual(withLetters.map((one) => one.name).sort());
  });

  test('do not replay with a machine that sees no date ahead', async () => {
    const wrong = await replay('../../workflows/index.ts', kept, { module: './machine/status.ts', by: './mutant/no-dates.ts' });
    expect(Object.keys(wrong).sort()).toEqual(kept.map((one) => one.name).sort());
  });
});

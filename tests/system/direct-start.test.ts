/** Goal: whoever starts a workflow past the API, with Temporal's own client, gets nothing that the catalog does not know. */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { acceptedUpdate, startOptions } from '../../workflows/contract.ts';
import type { StartMatter } from '../../workflows/machine/commands.ts';
import { clientOf } from '../harness/office.ts';
import { type System, startSystem } from '../harness/system.ts';

let system: System;
let application: StartMatter;
beforeAll(async () => {
  system = await startSystem('direct_start');
});
beforeEach(async () => {
  const { person, form } = (await clientOf(system).guide('seal-use')).example;
  application = {
    type: 'start',
    id: randomUUID(),
    by: { kind: 'person', id: person },
    bodyHash: 'hash',
    processId: 'seal-use',
    version: 2,
    // An example is plain JSON.
    form: form as StartMatter['form'],
    attachments: [],
  };
});
afterAll(async () => {
  await system?.stop();
});

/** How many rows each table has; what only the running worker and API write is left out. */
async function rowCounts(): Promise<Record<string, number>> {
  const { db } = system.api.context;
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_name not like '%heartbeat%' order by 1`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await db.execute<{ count: number }>(sql`select count(*)::int as count from ${sql.identifier(name)}`);
    counts[name] = row?.count ?? 0;
  }
  return counts;
}

/** Starts a workflow of a type with an application. */
function start(workflowType: string, changes: Partial<StartMatter>) {
  const matterId = `m-${randomUUID()}`;
  const input = { matterId, start: { ...application, ...changes }, state: null };
  return system.api.context.client.workflow.start(workflowType, startOptions(input, workflowType, system.config.taskQueue));
}

test('an application that the catalog knows is taken, so that the others are refused for what they ask', async () => {
  const before = await rowCounts();
  const handle = await start('seal-use', {});
  await handle.executeUpdate(acceptedUpdate.name, { args: ['asked by a test'] });
  expect((await rowCounts()).matters).toBe((before.matters ?? 0) + 1);
  await handle.terminate('the test is over');
});

test.each([
  ['a process that is in no catalog', 'no-such-process', { processId: 'no-such-process', version: 1 }],
  ['a version that is in no catalog', 'seal-use', { version: 99 }],
])('%s is refused, and leaves nothing behind', async (_what, workflowType, changes) => {
  const before = await rowCounts();
  const handle = await start(workflowType, changes);
  expect(await handle.result()).toEqual({ no: null, outcome: 'refused' });
  expect(await rowCounts()).toEqual(before);
  expect((await handle.describe()).status.name).toBe('COMPLETED');
});

test('an application under another workflow type fails at once, and leaves nothing behind', async () => {
  const before = await rowCounts();
  const handle = await start('vehicle-use', {});
  await expect(handle.result()).rejects.toMatchObject({
    cause: {
      type: 'unknown-process',
      message: 'A matter of seal-use was started as vehicle-use: the workflow type is the process id',
    },
  });
  expect(await rowCounts()).toEqual(before);
});

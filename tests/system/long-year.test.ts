/**
 * Goal: a follow-up of a year with hundreds of feedbacks, remarks and reminders keeps a bounded history and a bounded state, and no
 * command is lost at the seams between its runs.
 * Method: a process of the test's own whose workflow continues as new every hundred events or so; commands are sent many at once, so
 * that they meet the seams; then the real engine skips the rest of the year.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Gateway, type Outcome } from '../../api/gateway.ts';
import { matterById } from '../../db/matters.ts';
import { createLogger } from '../../runtime/log.ts';
import { stateQuery } from '../../workflows/contract.ts';
import type { Matter } from '../../workflows/machine/state.ts';
import { people } from '../harness/linked/processes.ts';
import { startLinkedWorker } from '../harness/linked/worker.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import { WorkflowClock } from '../harness/time-skipping.ts';
import type { WrappedWorker } from '../harness/wrapped-worker.ts';

const COMMANDS = 500;
const AT_ONCE = 8;
const ID = 'm-0123456789abcdef0123';

let system: System;
let worker: WrappedWorker;
let gateway: Gateway;
beforeAll(async () => {
  system = await startSystem('long_year', { worker: false });
  worker = await startLinkedWorker(system.config);
  const { client, db } = system.api.context;
  gateway = new Gateway({ client, db, taskQueue: system.config.taskQueue, log: createLogger(system.config, 'test') });
});
afterAll(async () => {
  await worker?.stop();
  await system?.stop();
});

async function stateOf(): Promise<Matter> {
  const row = await matterById(system.api.context.db, ID);
  if (row === null) throw new Error('The matter is not in the record');
  return row.state;
}

/** The `n`th command: by turns a feedback, a remark, and now and then a reminder. */
function nth(n: number): Promise<Outcome> {
  const id = `c-${n}`;
  const by = { kind: 'person', id: n % 2 === 0 ? people.office : people.applicant } as const;
  const envelope = { id, by, bodyHash: `b-${n}` };
  const text = `第${n}次:${'进展情况'.repeat(20)}`;
  if (n % 50 === 49) return gateway.submit(ID, { type: 'urge', text, ...envelope }, by.id);
  if (n % 2 === 1) return gateway.submit(ID, { type: 'comment', text, ...envelope }, by.id);
  return gateway.submit(ID, { type: 'report', text, percent: n % 100, attachments: [], task: null, ...envelope }, by.id);
}

/** How many runs the workflow has had so far, and the longest of their histories. */
async function runs(): Promise<{ count: number; longest: number }> {
  const { client } = system.api.context;
  const found = client.workflow.list({ query: `WorkflowId = '${ID}'` });
  let count = 0;
  let longest = 0;
  for await (const one of found) {
    count += 1;
    longest = Math.max(longest, one.historyLength ?? 0);
  }
  return { count, longest };
}

test('five hundred commands in a year lose nothing, in short histories and a small state', async () => {
  const start = {
    type: 'start',
    processId: 'test-year',
    version: 1,
    form: { matter: '批示' },
    id: 'start',
    bodyHash: 'b',
  } as const;
  await gateway.submit(ID, { ...start, attachments: [], by: { kind: 'person', id: people.applicant } }, people.applicant);
  const first = JSON.stringify(await stateOf()).length;

  const began = performance.now();
  const outcomes = new Map<number, Outcome>();
  let next = 0;
  const send = async () => {
    for (let n = next++; n < COMMANDS; n = next++) {
      let outcome = await nth(n);
      // Taken on and not yet answered: the same key asks again, as a client does.
      while (outcome.kind === 'pending') outcome = await nth(n);
      outcomes.set(n, outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  const seconds = (performance.now() - began) / 1000;

  const committed = [...outcomes].filter(([, outcome]) => outcome.kind === 'committed').map(([n]) => n);
  const refused = [...outcomes.values()].flatMap((one) => (one.kind === 'refused' ? [one.refusal.code] : []));
  // Only a reminder may come too early after another.
  expect([committed.length + refused.length, new Set(refused)]).toEqual([COMMANDS, new Set(['too-early'])]);
  const matter = await stateOf();
  const { comments, reports, urges } = matter.counts;
  expect([reports, comments]).toEqual([COMMANDS / 2, COMMANDS / 2 - COMMANDS / 50]);
  expect(comments + reports + urges).toBe(committed.length);

  // Then half a year in which nobody says anything.
  const clock = new WorkflowClock(system.api.context.client, ID);
  await clock.forwardTo(new Date(Date.now() + 180 * 86_400_000).toISOString());
  const after = await stateOf();
  expect(after.visits.undertake?.reports.expected).toBeGreaterThanOrEqual(5);

  await expect.poll(async () => (await runs()).count, { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
  const { count, longest } = await runs();
  const size = JSON.stringify(after).length;
  console.log(
    `${COMMANDS} commands in ${seconds.toFixed(1)} s over ${count} runs, longest history ${longest} events; state ${first} → ${size} characters, ${after.sequence} events in the record`,
  );
  expect(longest).toBeLessThan(400);
  expect(size).toBeLessThan(first + 2_000);

  const live = await system.api.context.client.workflow.getHandle(ID).query(stateQuery);
  expect(live).toEqual(JSON.parse(JSON.stringify(after)));
  expect((await inspectRecord(system.database.url)).faults).toEqual([]);
}, 240_000);

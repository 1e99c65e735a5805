/**
 * Goal: a worker killed between the commit of a decision and its answer leaves the decision done once, and told rightly.
 * Method: the dying worker of tests/harness kills itself in that very moment; no timing is involved.
 */
import type { bundleWorkflowCode } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestKey } from '../../api/gateway.ts';
import { createLogger } from '../../runtime/log.ts';
import { bundleWorkflows, type RunningWorker, startWorker } from '../../workers/worker.ts';
import { applyForSeal, clientOf, type Decision, matterIn, nextDecision, send, settled } from '../harness/office.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import { startWorkerProcess, type WorkerProcess } from '../harness/worker-process.ts';

let system: System;
let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;
let dying: WorkerProcess;
let survivor: RunningWorker | null = null;
beforeAll(async () => {
  [system, bundle] = await Promise.all([startSystem('commit_then_die', { worker: false }), bundleWorkflows()]);
});
beforeEach(async () => {
  dying = await startWorkerProcess(system.config, 'tests/harness/dying-worker.ts');
});
afterEach(async () => {
  await dying.kill();
  await survivor?.stop();
  survivor = null;
});
afterAll(async () => {
  await system?.stop();
});

const newWorker = async () => {
  survivor = await startWorker(system.config, createLogger(system.config, 'test'), bundle);
};
const commandOf = ({ holder, url, body }: Decision, key: string) => requestKey(holder.person, `POST ${url}`, key, body).commandId;
const faults = async () => (await inspectRecord(system.database.url)).faults;

test('a decision whose worker died after the commit counts once, for whoever asks again', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  await dying.tell({ dieAfter: commandOf(decision, 'once') });
  const asked = send(decision, 'once');
  expect(await dying.ended).toBe('SIGKILL');
  // The record has it already, though the workflow has not heard of it.
  const again = await send(decision, 'once');
  expect(again.status).toBe(200);
  const before = (await inspectRecord(system.database.url)).count.events;
  await newWorker();
  const answers = [await asked, again, await send(decision, 'once')];
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  for (const answer of answers)
    expect(matterIn(answer).tasks.map((task) => task.id)).toEqual(matterIn(again).tasks.map((task) => task.id));
  expect((await inspectRecord(system.database.url)).count.events).toBe(before);
  expect(await faults()).toEqual([]);
});

test('a decision on what the lost answer brought is taken, though the workflow does not know its task yet', async () => {
  const matter = await applyForSeal(clientOf(system));
  const first = await nextDecision(system, matter);
  await dying.tell({ dieAfter: commandOf(first, 'first') });
  const asked = send(first, 'first');
  expect(await dying.ended).toBe('SIGKILL');
  const opened = matterIn(await send(first, 'first'));
  const second = await nextDecision(system, opened);
  expect(second.task).not.toBe(first.task);
  // Both updates now wait for the same workflow task, which begins from the state before the first.
  const next = send(second, 'second');
  await newWorker();
  expect((await asked).status).toBe(200);
  const after = await settled(() => send(second, 'second'));
  expect((await next).status, JSON.stringify((await next).body)).toBeLessThan(300);
  expect(after.status).toBe(200);
  expect(matterIn(after).tasks.map((task) => task.id)).not.toContain(second.task);
  expect(await faults()).toEqual([]);
});

test('a stale decision after a lost answer is told that the task is done', async () => {
  const matter = await applyForSeal(clientOf(system));
  const decision = await nextDecision(system, matter);
  await dying.tell({ dieAfter: commandOf(decision, 'mine') });
  const asked = send(decision, 'mine');
  expect(await dying.ended).toBe('SIGKILL');
  const other = send(decision, 'a second click with a key of its own');
  await newWorker();
  expect((await asked).status).toBe(200);
  const told = await settled(() => send(decision, 'a second click with a key of its own'));
  await other;
  expect(told.status).toBe(409);
  expect(told.body).toMatchObject({ code: 'task-closed', matter: { no: matter.no, status: 'open' } });
  expect(await faults()).toEqual([]);
});

test('an application whose worker died after the commit makes one matter', async () => {
  const client = clientOf(system);
  const { example } = await client.guide('seal-use');
  const applicant = await system.as(example.person);
  const body = { process: 'seal-use', form: example.form, attachments: example.attachments };
  const { commandId } = requestKey(example.person, 'POST /api/matters', 'an application', body);
  await dying.tell({ dieAfter: commandId });
  const asked = applicant.post('/api/matters', body, 'an application');
  expect(await dying.ended).toBe('SIGKILL');
  await newWorker();
  const answers = [await asked, await applicant.post('/api/matters', body, 'an application')];
  expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
  expect(new Set(answers.map((answer) => matterIn(answer).no)).size).toBe(1);
  const { matter } = await client.carryToEnd(matterIn(answers[0]!));
  expect(matter.status).toBe('completed');
  expect(await faults()).toEqual([]);
});

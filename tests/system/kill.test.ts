/**
 * Goal: kill -9 of a worker loses nothing and doubles nothing, whatever it had in hand.
 * Method: workers as processes of their own; several matters go through the same API at once while their worker is killed.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { applyForSeal, clientOf, matterIn, nextDecision, send } from '../harness/office.ts';
import { inspectRecord } from '../harness/record.ts';
import { type System, startSystem } from '../harness/system.ts';
import { startWorkerProcess, type WorkerProcess } from '../harness/worker-process.ts';

/** Matters on their way at once, and how often their worker is killed under them. */
const MATTERS = 6;
const KILLS = 3;

let system: System;
const workers: WorkerProcess[] = [];
const newWorker = async () => {
  const worker = await startWorkerProcess(system.config);
  workers.push(worker);
  return worker;
};
beforeAll(async () => {
  system = await startSystem('kill', { worker: false });
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await system?.stop();
});

const countCommands = async () => (await inspectRecord(system.database.url)).count.commands;

/** A busy machine needs its time: three workers are killed and six matters carried to their ends. */
const PATIENCE_MS = 300_000;

test(
  'matters whose worker is killed again and again reach their ends, each command counted once',
  async () => {
    let worker = await newWorker();
    const journeys = Promise.all(
      Array.from({ length: MATTERS }, async () => {
        const client = clientOf(system);
        return (await client.carryToEnd(await applyForSeal(client))).matter;
      }),
    );
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await countCommands();
      await vi.waitFor(async () => expect(await countCommands()).toBeGreaterThan(before + 3), { timeout: 60_000, interval: 30 });
      await worker.kill();
      worker = await newWorker();
    }
    const matters = await journeys;
    expect(matters.map((matter) => matter.status)).toEqual(matters.map(() => 'completed'));
    const { faults, count } = await inspectRecord(system.database.url);
    expect(faults).toEqual([]);
    expect(count).toMatchObject({ matters: MATTERS, openTasks: 0 });
    await worker.stop();
  },
  PATIENCE_MS,
);

test('a decision after the death of its worker is answered in time by another, not after ten seconds', async () => {
  const [first, second] = await Promise.all([newWorker(), newWorker()]);
  const client = clientOf(system);
  const matters = await Promise.all(Array.from({ length: MATTERS }, () => applyForSeal(client)));
  const decisions = await Promise.all(matters.map((matter) => nextDecision(system, matter)));
  await first.kill();
  const began = performance.now();
  const stalls = await Promise.all(
    decisions.map(async (decision) => {
      const answer = await send(decision);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect(matterIn(answer).tasks[0]?.id).not.toBe(decision.task);
      return Math.round(performance.now() - began);
    }),
  );
  console.log(`decision after a killed worker: ${stalls.sort((a, b) => a - b).join(', ')} ms`);
  await second.stop();
});

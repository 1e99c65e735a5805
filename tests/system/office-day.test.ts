/**
 * Goal: on the real engine the office's day is started every morning at half past seven in Shanghai, its duties are done, and one
 * that fails keeps no other from being done.
 */
import type { ScheduleHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOfficeActivities, DUTIES, type Duty } from '../../activities/office-day.ts';
import { createLogger } from '../../runtime/log.ts';
import { temporalConnectionOptions } from '../../runtime/temporal.ts';
import { bundleWorkflows, ensureSchedules } from '../../workers/worker.ts';
import { OFFICE_DAY } from '../../workflows/contract.ts';
import { type System, startSystem } from '../harness/system.ts';
import { startWorkerProcess } from '../harness/worker-process.ts';

let system: System;
let handle: ScheduleHandle;

beforeAll(async () => {
  system = await startSystem('office_day');
  handle = system.api.context.client.schedule.getHandle(`office-day-${system.config.taskQueue}`);
});
afterAll(async () => {
  await handle?.delete().catch(() => undefined);
  await system?.stop();
});

/** Triggers the day and waits for its end. @returns what its duties say. */
async function runDay(): Promise<Record<string, string>> {
  const before = (await handle.describe()).info.recentActions.length;
  await handle.trigger();
  for (;;) {
    const { recentActions } = (await handle.describe()).info;
    const last = recentActions.at(-1);
    if (recentActions.length <= before || last === undefined || last.action.type !== 'startWorkflow') continue;
    const { workflowId, firstExecutionRunId } = last.action.workflow;
    return system.api.context.client.workflow.getHandle(workflowId, firstExecutionRunId).result();
  }
}

describe('the schedule', () => {
  test('is made by a worker that starts, and made once', async () => {
    const worker = await startWorkerProcess(system.config);
    try {
      await expect
        .poll(
          () =>
            handle.describe().then(
              () => true,
              () => false,
            ),
          { timeout: 30_000 },
        )
        .toBe(true);
    } finally {
      await worker.stop();
    }
    const made = await handle.describe();
    await ensureSchedules(system.config, createLogger(system.config, 'test'));
    expect((await handle.describe()).info.createdAt).toEqual(made.info.createdAt);
  });

  test('fires daily at half past seven in Shanghai, which has no summer time', async () => {
    const { info, policies } = await handle.describe();
    expect(info.nextActionTimes.length).toBeGreaterThanOrEqual(7);
    for (const at of info.nextActionTimes) expect(at.toISOString().slice(11)).toBe('23:30:00.000Z');
    const [first, second] = info.nextActionTimes;
    expect(second!.getTime() - first!.getTime()).toBe(86_400_000);
    expect(first!.getTime() - Date.now()).toBeLessThanOrEqual(86_400_000);
    expect(policies.overlap).toBe('SKIP');
  });

  test('that a server forbids, or that cannot be reached, is told in the log and stops nothing', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
    const nowhere = { ...system.config, temporal: { ...system.config.temporal, namespace: 'there-is-none' } };
    await ensureSchedules(nowhere, log);
    expect(lines.join()).toContain('no schedule for the office day');
  });
});

describe('a day', () => {
  test('that is triggered does its duties and makes the root, whose hash stands in the answer', async () => {
    const done = await runDay();
    expect(Object.keys(done).sort()).toEqual(['audit-root', 'bulletins', 'inspections']);
    const roots = await system.api.context.db.execute<{ root: string }>(sql`select root from audit_roots`);
    expect(roots).toHaveLength(1);
    expect(done['audit-root']).toContain(roots[0]?.root);
  });

  test('that is triggered again makes no second root', async () => {
    const again = await runDay();
    const roots = await system.api.context.db.execute<{ root: string }>(sql`select root from audit_roots`);
    expect(roots).toHaveLength(1);
    expect(again['audit-root']).toContain(roots[0]?.root);
  });

  test('of which a duty fails has the others done, and that one when it can be', async () => {
    const { config, api } = system;
    const taskQueue = `${config.taskQueue}-failing`;
    const done: string[] = [];
    let tries = 0;
    const does =
      (duty: string): Duty =>
      async () => {
        done.push(duty);
        return duty;
      };
    const failing: Duty = async (_means, now) => {
      tries += 1;
      // It fails until the others are done: were they to wait for it, the day would never end.
      if (tries === 1 || done.length < 2) throw new Error('the record is away');
      return `done as of ${now}`;
    };
    const means = { db: api.context.db, cache: api.context.cache, log: createLogger(config, 'test') };
    const duties = { ...DUTIES, 'audit-root': failing, inspections: does('inspections'), bulletins: does('bulletins') };
    const connection = await NativeConnection.connect(temporalConnectionOptions(config));
    const worker = await Worker.create({
      connection,
      namespace: config.temporal.namespace,
      taskQueue,
      workflowBundle: await bundleWorkflows(),
      activities: createOfficeActivities(means, duties),
    });
    const day = await worker.runUntil(() =>
      api.context.client.workflow.execute(OFFICE_DAY, { taskQueue, workflowId: `day-${taskQueue}`, args: [] }),
    );
    await connection.close();
    expect(day).toEqual({
      'audit-root': expect.stringMatching(/^done as of /),
      inspections: 'inspections',
      bulletins: 'bulletins',
    });
    expect(tries).toBeGreaterThan(1);
    expect(done.sort()).toEqual(['bulletins', 'inspections']);
  });
});

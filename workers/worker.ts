/** Builds a worker: the workflow bundle, the activities, chores in the background, and a heartbeat of its own. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { startChores } from '../activities/chores.ts';
import { createDeliver } from '../activities/deliver.ts';
import { createActivities } from '../activities/index.ts';
import { createOfficeActivities } from '../activities/office-day.ts';
import { createTransact } from '../activities/transact.ts';
import { connectDatabase } from '../db/client.ts';
import { beat, stopBeating } from '../db/heartbeat.ts';
import { WorldCache } from '../db/world.ts';
import type { Config } from '../runtime/config.ts';
import { ensureOfficeDay } from '../runtime/schedule.ts';
import { connectTemporal, temporalConnectionOptions } from '../runtime/temporal.ts';
import { OFFICE_DAY } from '../workflows/contract.ts';

/** How often a worker says that it is alive; readiness asks for one sign in ten seconds. */
const BEAT_MS = 3_000;

/** A running worker. */
export interface RunningWorker {
  /** Settles when the worker has stopped, with its error if it failed. */
  done: Promise<void>;
  /** Lets what is in hand finish and stops. */
  stop(): Promise<void>;
}

/** Bundles the workflow code once, ahead of the worker. @param entry the file that exports it; ours unless a test brings another. */
export async function bundleWorkflows(
  logger?: Logger,
  entry = new URL('../workflows/index.ts', import.meta.url),
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(entry),
    logger: {
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => logger?.warn({ bundler: message }, 'workflow bundle'),
      error: (message) => logger?.error({ bundler: message }, 'workflow bundle'),
    },
  });
}

/** Sends what Temporal's runtime says through our own log. Call once in a process, before the first worker. */
export function installRuntime(logger: Logger): void {
  const write = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: Record<string, unknown>) => {
    logger[level]({ temporal: { ...meta, error: undefined } }, message);
  };
  // What is news to Temporal (a worker's options, its states) is detail to the office.
  const writers = {
    TRACE: write('trace'),
    DEBUG: write('debug'),
    INFO: write('debug'),
    WARN: write('warn'),
    ERROR: write('error'),
  };
  Runtime.install({
    logger: {
      log: (level, message, meta) => writers[level](message, meta),
      trace: writers.TRACE,
      debug: writers.DEBUG,
      info: writers.INFO,
      warn: writers.WARN,
      error: writers.ERROR,
    },
    // What the core says goes through our log too, not straight to the terminal.
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
}

/** Connects and starts a worker. */
export async function startWorker(config: Config, logger: Logger, bundle?: WorkflowBundleWithSourceMap): Promise<RunningWorker> {
  const database = connectDatabase(config.databaseUrl, { connections: config.databaseConnections });
  const connection = await NativeConnection.connect(temporalConnectionOptions(config));
  // Letters from one matter to another go as anybody's do.
  const temporal = await connectTemporal(config);
  const cache = new WorldCache();
  const means = { db: database.db, cache, log: logger, delivery: config.notices };
  const matters = createActivities({
    transact: createTransact(database.db, cache),
    deliver: createDeliver({ client: temporal.client, db: database.db, taskQueue: config.taskQueue }),
    log: (entry) => logger.debug(entry, 'transition'),
    complain: (entry, fault) =>
      entry.result === 'internal'
        ? logger.error({ ...entry, err: fault }, 'transition failed by a fault of ours')
        : logger.warn({ ...entry, reason: fault.message }, 'transition waits for the database'),
  });
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.taskQueue,
    workflowBundle: bundle ?? (await bundleWorkflows(logger)),
    activities: { ...matters, ...createOfficeActivities(means) },
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 40,
    maxCachedWorkflows: 500,
    // Matters that a killed worker held in its cache go to another after this time; the default of ten seconds stalls a decision.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '4s',
  });
  const id = randomUUID();
  const sign = () =>
    beat(database.db, id, config.taskQueue).catch((error: unknown) => logger.warn({ err: error }, 'heartbeat failed'));
  await sign();
  const beating = setInterval(sign, BEAT_MS);
  const chores = startChores(means);
  const done = worker.run().finally(async () => {
    clearInterval(beating);
    await chores.stop();
    await stopBeating(database.db, id).catch(() => undefined);
    await database.close();
    await temporal.close();
    await connection.close();
  });
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
    },
  };
}

/** Makes sure that what is done daily is started daily. A server that forbids schedules is told in the log: the rest goes on. */
export async function ensureSchedules(config: Config, logger: Logger): Promise<void> {
  try {
    const { client, close } = await connectTemporal(config);
    await ensureOfficeDay(client, config.taskQueue, OFFICE_DAY).finally(close);
  } catch (error) {
    logger.error({ err: error }, 'no schedule for the office day: roots, inspections and bulletins must be started by hand');
  }
}

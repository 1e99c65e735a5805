/** A worker whose one activity is looked at by a test: everything else is as in the real one. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { createTransact } from '../../activities/transact.ts';
import { connectDatabase } from '../../db/client.ts';
import type { Config } from '../../runtime/config.ts';
import { temporalConnectionOptions } from '../../runtime/temporal.ts';
import { bundleWorkflows } from '../../workers/worker.ts';
import type { TransactAnswer, TransactRequest } from '../../workflows/contract.ts';

/** The real transition. */
export type Transact = (request: TransactRequest) => Promise<TransactAnswer>;

/** A worker that runs. */
export interface WrappedWorker {
  /** Settles when it has stopped. */
  done: Promise<void>;
  stop(): Promise<void>;
}

/** Starts a worker. @param wrap makes the activity from the real transition. */
export async function startWrappedWorker(config: Config, wrap: (transact: Transact) => Transact): Promise<WrappedWorker> {
  const database = connectDatabase(config.databaseUrl);
  const connection = await NativeConnection.connect(temporalConnectionOptions(config));
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.taskQueue,
    workflowBundle: await bundleWorkflows(),
    activities: createActivities({ transact: wrap(createTransact(database.db)), log: () => undefined }),
  });
  const done = worker.run().finally(async () => {
    await connection.close();
    await database.close();
  });
  return {
    done,
    async stop() {
      worker.shutdown();
      await done;
    },
  };
}

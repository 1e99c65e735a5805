/** A worker whose one activity is looked at by a test: everything else is as in the real one. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDeliver } from '../../activities/deliver.ts';
import { createActivities } from '../../activities/index.ts';
import type { Processes } from '../../activities/reading.ts';
import { createTransact } from '../../activities/transact.ts';
import { connectDatabase } from '../../db/client.ts';
import { WorldCache } from '../../db/world.ts';
import type { Config } from '../../runtime/config.ts';
import { connectTemporal, temporalConnectionOptions } from '../../runtime/temporal.ts';
import { bundleWorkflows } from '../../workers/worker.ts';
import type { MatterActivities, TransactAnswer, TransactRequest } from '../../workflows/contract.ts';
import type { Bundle } from './system.ts';

/** The real transition. */
export type Transact = (request: TransactRequest) => Promise<TransactAnswer>;

/** A worker that runs. */
export interface WrappedWorker {
  /** Settles when it has stopped. */
  done: Promise<void>;
  stop(): Promise<void>;
}

/** What a test's worker has of its own. */
export interface OwnParts {
  bundle?: Bundle;
  processes?: Processes;
  wrap?: (activities: MatterActivities) => MatterActivities;
}

/** Starts a worker. @param wrap makes the activity from the real transition. */
export async function startWrappedWorker(
  config: Config,
  wrap: (transact: Transact) => Transact,
  { bundle, processes, wrap: wrapAll = (activities) => activities }: OwnParts = {},
): Promise<WrappedWorker> {
  const database = connectDatabase(config.databaseUrl);
  const connection = await NativeConnection.connect(temporalConnectionOptions(config));
  const temporal = await connectTemporal(config);
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.taskQueue,
    workflowBundle: bundle ?? (await bundleWorkflows()),
    activities: wrapAll(
      createActivities({
        transact: wrap(createTransact(database.db, new WorldCache(), processes)),
        deliver: createDeliver({ client: temporal.client, db: database.db, taskQueue: config.taskQueue }),
        log: () => undefined,
      }),
    ),
  });
  const done = worker.run().finally(async () => {
    await temporal.close();
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

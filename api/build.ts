/** Connects the API to its database and to Temporal, and lets go of both. */
import { Client, Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { connectDatabase } from '../db/client.ts';
import { WorldCache } from '../db/world.ts';
import type { Config } from '../runtime/config.ts';
import { temporalConnectionOptions } from '../runtime/temporal.ts';
import { buildApp } from './app.ts';
import { startCleaning } from './cleaning.ts';
import type { Api, ApiContext } from './context.ts';
import { Gateway } from './gateway.ts';
import { Sessions } from './session.ts';

/** A connected API. */
export interface RunningApi {
  api: Api;
  context: ApiContext;
  close(): Promise<void>;
}

/** The longest pause between tries to reach a Temporal that is away. */
const RECONNECT_MS = 3_000;

/** Connects. Neither server needs to be up yet: what needs them answers 503 until they are. */
export async function connectApi(config: Config, log: Logger): Promise<RunningApi> {
  const database = connectDatabase(config.databaseUrl, { connections: config.databaseConnections });
  const connection = Connection.lazy({
    ...temporalConnectionOptions(config),
    // While Temporal is away gRPC's own wait between tries grows to two minutes; whoever asks after its return would wait with it.
    channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_MS },
  });
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const gateway = new Gateway({ client, db: database.db, taskQueue: config.taskQueue, log });
  const context: ApiContext = {
    config,
    log,
    db: database.db,
    client,
    cache: new WorldCache(),
    gateway,
    sessions: new Sessions(config.session.secret, config.session.minutes),
    now: () => new Date().toISOString(),
  };
  const api = await buildApp(context);
  gateway.startSweeping();
  const cleaning = startCleaning(context);
  return {
    api,
    context,
    async close() {
      await api.close();
      await gateway.stopSweeping();
      await cleaning.stop();
      await connection.close();
      await database.close();
    },
  };
}

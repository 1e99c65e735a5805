/**
 * A worker that kills itself between the commit of a marked command and its answer: the transaction is the real one, and so are
 * workflow, worker and death. Mark a command by sending the process `{ dieAfter: <command id> }`.
 */
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from '../../activities/index.ts';
import { createTransact } from '../../activities/transact.ts';
import { connectDatabase } from '../../db/client.ts';
import { loadConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { temporalConnectionOptions } from '../../runtime/temporal.ts';
import { bundleWorkflows, installRuntime } from '../../workers/worker.ts';

const config = loadConfig();
const logger = createLogger(config, 'dying-worker');
installRuntime(logger);
const marked = new Set<string>();
process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('dieAfter' in message)) return;
  marked.add(String(message.dieAfter));
  process.send?.({ heard: true });
});

const { db } = connectDatabase(config.databaseUrl);
const transact = createTransact(db);
const worker = await Worker.create({
  connection: await NativeConnection.connect(temporalConnectionOptions(config)),
  namespace: config.temporal.namespace,
  taskQueue: config.taskQueue,
  workflowBundle: await bundleWorkflows(logger),
  activities: createActivities({
    async transact(request) {
      const answer = await transact(request);
      if (request.command !== null && marked.has(request.command.id)) process.kill(process.pid, 'SIGKILL');
      return answer;
    },
    log: () => undefined,
  }),
});
process.send?.({ ready: true });
await worker.run();

/** The worker process. */
import { loadConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { ensureSchedules, installRuntime, startWorker } from './worker.ts';

const config = loadConfig();
const logger = createLogger(config, 'worker');
installRuntime(logger);
const worker = await startWorker(config, logger);
logger.info({ taskQueue: config.taskQueue }, 'worker is polling');
// Nobody waits for it, and it tells its own faults.
void ensureSchedules(config, logger);

const stop = () => {
  worker.stop().catch((error: unknown) => logger.error({ err: error }, 'worker did not stop in order'));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// Only now: whoever hears this may send a signal at once.
process.send?.({ ready: true });

try {
  await worker.done;
  logger.info('worker stopped');
} catch (error) {
  logger.fatal({ err: error }, 'worker failed');
  process.exitCode = 1;
}
// The channel to the supervisor would keep a stopped worker alive.
process.disconnect?.();

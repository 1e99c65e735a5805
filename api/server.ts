/** The API process. */
import { loadConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { connectApi } from './build.ts';

const config = loadConfig();
const logger = createLogger(config, 'api');
const running = await connectApi(config, logger);
await running.api.listen({ host: config.host, port: config.port });

const stop = () => {
  running
    .close()
    .catch((error: unknown) => logger.error({ err: error }, 'api did not stop in order'))
    // The channel to the supervisor would keep a stopped process alive.
    .finally(() => process.disconnect?.());
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// Only now: whoever hears this may send a signal at once.
process.send?.({ ready: true });

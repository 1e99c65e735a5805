/**
 * A worker that kills itself when it is about to send a letter, or has just sent it: `{ dieAt: 'before' | 'after' }`. Transaction,
 * workflow, worker and death are the real ones.
 */
import { loadConfig } from '../../../runtime/config.ts';
import { createLogger } from '../../../runtime/log.ts';
import { installRuntime } from '../../../workers/worker.ts';
import { startLinkedWorker } from './worker.ts';

const config = loadConfig();
installRuntime(createLogger(config, 'dying-worker'));
let dieAt = '';
process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('dieAt' in message)) return;
  dieAt = String(message.dieAt);
  process.send?.({ heard: true });
});

const worker = await startLinkedWorker(config, (activities) => ({
  ...activities,
  deliver: async (request) => {
    if (dieAt === 'before') process.kill(process.pid, 'SIGKILL');
    const asked = await activities.deliver(request);
    if (dieAt === 'after') process.kill(process.pid, 'SIGKILL');
    return asked;
  },
}));
process.send?.({ ready: true });
await worker.done;

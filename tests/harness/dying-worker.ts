/**
 * A worker that kills itself between the commit of a marked command and its answer: the transaction is the real one, and so are
 * workflow, worker and death. Mark a command by sending the process `{ dieAfter: <command id> }`.
 */
import { loadConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { installRuntime } from '../../workers/worker.ts';
import { startWrappedWorker } from './wrapped-worker.ts';

const config = loadConfig();
installRuntime(createLogger(config, 'dying-worker'));
const marked = new Set<string>();
process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('dieAfter' in message)) return;
  marked.add(String(message.dieAfter));
  process.send?.({ heard: true });
});

const worker = await startWrappedWorker(config, (transact) => async (request) => {
  const answer = await transact(request);
  if (request.command !== null && marked.has(request.command.id)) process.kill(process.pid, 'SIGKILL');
  return answer;
});
process.send?.({ ready: true });
await worker.done;

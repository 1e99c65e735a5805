/** A worker for the bare workflow: the same activities, the same options. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { loadConfig } from '../../runtime/config.ts';
import { createLogger } from '../../runtime/log.ts';
import { installRuntime, startWorker } from '../../workers/worker.ts';

const config = loadConfig();
const logger = createLogger(config, 'bare-worker');
installRuntime(logger);
const bundle = await bundleWorkflowCode({
  logger: new DefaultLogger('WARN'),
  workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
});
const worker = await startWorker(config, logger, bundle);
process.send?.({ ready: true });
process.once('SIGTERM', () => void worker.stop());
await worker.done;
process.disconnect?.();

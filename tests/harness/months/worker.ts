/** A worker for the month's process. */
import type { Processes } from '../../../activities/reading.ts';
import type { Config } from '../../../runtime/config.ts';
import { bundleWorkflows } from '../../../workers/worker.ts';
import { startWrappedWorker, type WrappedWorker } from '../wrapped-worker.ts';
import { findMonth, monthProcess } from './processes.ts';

const processes: Processes = {
  definitions: [monthProcess],
  find: findMonth,
  schemas: () => ({ form: () => [], outputs: {} }),
};

/** Made once for all workers of a program. */
let bundled: ReturnType<typeof bundleWorkflows> | null = null;

/** Starts the worker. */
export async function startMonthWorker(config: Config): Promise<WrappedWorker> {
  bundled ??= bundleWorkflows(undefined, new URL('./workflows.ts', import.meta.url));
  return startWrappedWorker(config, (transact) => transact, { bundle: await bundled, processes });
}

/** A worker for the test's own processes: in this process, or as a program of its own that dies when it is told to. */
import type { Processes } from '../../../activities/reading.ts';
import type { Config } from '../../../runtime/config.ts';
import { bundleWorkflows } from '../../../workers/worker.ts';
import type { MatterActivities } from '../../../workflows/contract.ts';
import { startWrappedWorker, type WrappedWorker } from '../wrapped-worker.ts';
import { findLinked, linkedProcesses } from './processes.ts';

const processes: Processes = {
  definitions: linkedProcesses,
  find: findLinked,
  schemas: () => ({ form: () => [], outputs: {} }),
};

/** Made once for all workers of a test file. */
let bundled: ReturnType<typeof bundleWorkflows> | null = null;

/** Starts the worker. @param wrap changes its activities. */
export async function startLinkedWorker(
  config: Config,
  wrap: (activities: MatterActivities) => MatterActivities = (activities) => activities,
): Promise<WrappedWorker> {
  bundled ??= bundleWorkflows(undefined, new URL('./workflows.ts', import.meta.url));
  const bundle = await bundled;
  return startWrappedWorker(config, (transact) => transact, { bundle, processes, wrap });
}

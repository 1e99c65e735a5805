import { type Config, loadStartConfig } from '../../runtime/config.ts';
import { isRunning, readRunState } from './run-state.ts';

/**
 * The configuration of a script that works beside a running Piban: the servers named by DATABASE_URL and TEMPORAL_ADDRESS, and
 * those of the Piban that runs on DATA_DIR where they are not.
 * @throws when a server is named neither way, with the cure
 */
export function loadRunningConfig(env?: Readonly<Record<string, string | undefined>>): Config {
  const config = env ? loadStartConfig(env) : loadStartConfig();
  const found = readRunState(config.dataDir);
  const state = isRunning(found) ? found : undefined;
  const databaseUrl = config.databaseUrl ?? state?.databaseUrl;
  const address = config.temporal.address ?? state?.temporalAddress;
  if (!databaseUrl || !address)
    throw new Error(
      `No Piban runs on ${config.dataDir}: start it with "npm start" in another terminal, or give DATABASE_URL and TEMPORAL_ADDRESS`,
    );
  return { ...config, databaseUrl, temporal: { ...config.temporal, address } };
}

/**
 * `npm run rebuild`: makes the read model anew from the record and brings back what Temporal has lost.
 *
 * Takes the addresses from the environment, or else from the Piban that runs on DATA_DIR. Says how far it is on standard error
 * and ends with one line of JSON on standard output. Exit code 1 when a record is broken, naming matter and event; 2 when it
 * could not be done.
 */
import { type Config, ConfigError, loadStartConfig } from '../runtime/config.ts';
import { connectTemporal } from '../runtime/temporal.ts';
import { rebuild } from './rebuild/rebuild.ts';
import { isRunning, readRunState } from './servers/run-state.ts';

/** Progress is said at most this often. */
const REPORT_EVERY_MS = 1_000;

/** The configuration, its two addresses completed from the running Piban. */
function configuration(): Config {
  const config = loadStartConfig();
  const state = readRunState(config.dataDir);
  const running = isRunning(state) ? state : undefined;
  const databaseUrl = config.databaseUrl ?? running?.databaseUrl;
  const address = config.temporal.address ?? running?.temporalAddress;
  if (databaseUrl === undefined || address === undefined) {
    throw new ConfigError([
      `DATABASE_URL, TEMPORAL_ADDRESS: nothing runs on DATA_DIR=${config.dataDir} that could tell them; run npm start beside this, or give both`,
    ]);
  }
  return { ...config, databaseUrl, temporal: { ...config.temporal, address } };
}

/** Says the last line of each phase, and within a phase one a second. */
function progress(): (line: string) => void {
  let said = 0;
  return (line) => {
    const [, done, all] = /(\d+) of (\d+)/.exec(line) ?? [];
    const underWay = done !== undefined && done !== all;
    if (underWay && Date.now() - said < REPORT_EVERY_MS) return;
    said = Date.now();
    console.error(line);
  };
}

async function main(): Promise<number> {
  const config = configuration();
  const temporal = await connectTemporal(config);
  try {
    const { databaseUrl, taskQueue } = config;
    const summary = await rebuild({ databaseUrl, client: temporal.client, taskQueue, report: progress() });
    for (const { matter, sequence, reason } of summary.broken)
      console.error(`BROKEN: matter ${matter}, event ${sequence}: ${reason}`);
    console.log(JSON.stringify(summary));
    return summary.broken.length > 0 ? 1 : 0;
  } finally {
    await temporal.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);

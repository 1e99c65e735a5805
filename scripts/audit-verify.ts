/**
 * `npm run audit:verify [-- --root <hash> …] [-- --matter <number>]`: finds rows of the record that were changed, taken out or added,
 * and says which.
 *
 * Takes the address of the database from the environment, or else from the Piban that runs on DATA_DIR. Says how far it is and what
 * it finds on standard error and ends with one line of JSON on standard output. Exit code 1 when the record is broken; 2 when it
 * could not be verified.
 */
import { parseArgs } from 'node:util';
import { newestDefinitions } from '../definitions/catalog.ts';
import { ConfigError, loadStartConfig } from '../runtime/config.ts';
import { isBroken, verify } from './audit/verify.ts';
import { isRunning, readRunState } from './servers/run-state.ts';

/** Progress is said at most this often. */
const REPORT_EVERY_MS = 1_000;

function databaseUrl(): string {
  const config = loadStartConfig();
  const state = readRunState(config.dataDir);
  const url = config.databaseUrl ?? (isRunning(state) ? state.databaseUrl : undefined);
  if (url !== undefined) return url;
  throw new ConfigError([
    `DATABASE_URL: nothing runs on DATA_DIR=${config.dataDir} that could tell it; run npm start beside this, or give it`,
  ]);
}

function progress(): (line: string) => void {
  let said = 0;
  return (line) => {
    if (Date.now() - said < REPORT_EVERY_MS) return;
    said = Date.now();
    console.error(line);
  };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { root: { type: 'string', multiple: true, default: [] }, matter: { type: 'string' } },
    allowPositionals: false,
  });
  const summary = await verify({
    databaseUrl: databaseUrl(),
    matter: values.matter,
    knownRoots: values.root.map((root) => root.toLowerCase()),
    prefixes: newestDefinitions().map((definition) => definition.numberPrefix),
    report: progress(),
  });
  for (const { kind, where, sequence, type, text } of summary.findings) {
    const place = sequence === null ? '' : `, event ${sequence}${type === null ? '' : ` (${type})`}`;
    console.error(`${kind === 'late' ? 'TO BE LOOKED AT' : kind.toUpperCase()}: ${where}${place}: ${text}`);
  }
  if (summary.more > 0) console.error(`and ${summary.more} more`);
  const { matters, events, entries, roots, seconds, eventsPerSecond, newestRoot } = summary;
  console.error(
    `${isBroken(summary) ? 'The record is BROKEN' : 'The record is sound'}: ${events} events of ${matters} matters, ${entries} journal entries, ` +
      `${roots} roots in ${seconds.toFixed(1)} s (${eventsPerSecond} events a second). Newest root: ${newestRoot ?? 'none'}`,
  );
  console.log(JSON.stringify(summary));
  return isBroken(summary) ? 1 : 0;
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

import { join } from 'node:path';
import type { StartConfig } from '../../runtime/config.ts';
import { endLeftover, type KeptServer, keepServer, type StartedServer } from './keep-server.ts';
import { startPostgres } from './postgres.ts';
import { checkDatabase } from './prepare.ts';
import type { Claim } from './run-state.ts';
import type { ServiceHost } from './service.ts';
import { startTemporal } from './temporal.ts';
import type { Terminal } from './terminal.ts';

/** What was started, in its order; it is stopped in the opposite one. */
export type Stops = { readonly name: string; readonly stop: () => Promise<void> }[];

/** One start: what it was told, whom it tells, and what it has started so far. */
export interface Start {
  readonly config: StartConfig;
  readonly terminal: Terminal;
  readonly held: Claim;
  readonly host: ServiceHost;
  readonly stops: Stops;
  /** Aborted when we are asked to stop. */
  readonly signal: AbortSignal;
}

/** A server that keeps its address when it has to be brought up again; its users were told that address once. */
const sameAddress = <T>(before: T | undefined, next: T, addressOf: (server: T) => string): T => {
  if (before && addressOf(before) !== addressOf(next))
    throw new Error('its port is taken by another program now: stop Piban with Ctrl-C and start it again');
  return next;
};

/**
 * Brings up PostgreSQL, unless DATABASE_URL names one.
 * @returns the URL for Piban's own role
 */
export async function bringUpPostgres({ config, terminal, held, host, stops, signal }: Start): Promise<string> {
  if (config.databaseUrl) {
    await endLeftover('PostgreSQL', held.previous?.processes.PostgreSQL, host);
    await terminal.step('PostgreSQL', 'looking for the one of DATABASE_URL', () => checkDatabase(config.databaseUrl!));
    return config.databaseUrl;
  }
  const { dataDir } = config;
  const start = async (before?: Awaited<ReturnType<typeof startPostgres>>) =>
    sameAddress(before, await startPostgres({ dataDir, signal, ...(before && { port: before.port }) }), (server) => server.url);
  const log = join(dataDir, 'logs', 'postgres.log');
  const kept = await terminal.step('PostgreSQL', 'starting', () => keepServer('PostgreSQL', start, log, host));
  stops.push({ name: 'PostgreSQL', stop: kept.stop });
  sayAdopted('PostgreSQL', kept, terminal);
  held.update({ databaseUrl: kept.server.url });
  return kept.server.url;
}

/**
 * Brings up Temporal, unless TEMPORAL_ADDRESS names one.
 * @returns its `host:port`
 */
export async function bringUpTemporal({ config, terminal, held, host, stops, signal }: Start): Promise<string> {
  if (config.temporal.address) {
    await endLeftover('Temporal', held.previous?.processes.Temporal, host);
    return config.temporal.address;
  }
  const { dataDir, cacheDir } = config;
  const start = async (before?: Awaited<ReturnType<typeof startTemporal>>) =>
    sameAddress(before, await startTemporal({ dataDir, cacheDir, signal, report: terminal.say }), (server) => server.address);
  const log = join(dataDir, 'logs', 'temporal.log');
  const kept = await terminal.step('Temporal', 'starting', () => keepServer('Temporal', start, log, host));
  stops.push({ name: 'Temporal', stop: kept.stop });
  sayAdopted('Temporal', kept, terminal);
  if (kept.server.console) terminal.say(`Temporal: its own console is at ${kept.server.console}`);
  held.update({ temporalAddress: kept.server.address });
  return kept.server.address;
}

function sayAdopted(name: string, { server }: KeptServer<StartedServer>, to: Terminal) {
  if (server.adopted) to.say(`${name}: the one that an earlier start left running (process ${server.ref.pid}) is used on`);
}

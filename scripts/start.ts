import { fileURLToPath } from 'node:url';
import { loadStartConfig } from '../runtime/config.ts';
import { bringUpPostgres, bringUpTemporal, type Start } from './servers/bring-up-servers.ts';
import { requireFolder, requireSpace, roomForStart } from './servers/disk.ts';
import { explain, requireNode } from './servers/explain.ts';
import { endLeftover } from './servers/keep-server.ts';
import { freePorts } from './servers/ports.ts';
import { prepareData, prepareTemporal, requirePort, someToSignInAs } from './servers/prepare.ts';
import { claim } from './servers/run-state.ts';
import { keepService, type ServiceHost } from './servers/service.ts';
import { openTerminal } from './servers/terminal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Brings everything up, in order; what was started is in `stops`, also when it fails half way. */
async function bringUp(start: Start): Promise<void> {
  const { config, terminal, held, host, stops, signal } = start;
  for (const name of ['api', 'worker']) await endLeftover(name, held.previous?.processes[name], host);
  await requirePort(config.host, config.port);
  const port = config.port === 0 ? (await freePorts(1))[0]! : config.port;
  const url = `http://${config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host}:${port}`;

  const databaseUrl = await bringUpPostgres(start);
  signal.throwIfAborted();
  const address = await bringUpTemporal(start);
  const complete = { ...config, databaseUrl, temporal: { ...config.temporal, address } };
  await terminal.step('Temporal', 'preparing the namespace', () => prepareTemporal(complete));
  signal.throwIfAborted();
  await terminal.step('Database', 'bringing the tables up to date', () => prepareData(complete, terminal.say));
  signal.throwIfAborted();

  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: address,
    DATA_DIR: config.dataDir,
    PORT: String(port),
    SESSION_SECRET: config.session.secret,
  };
  const services = [
    { name: 'worker', script: 'workers/main.ts', stopMs: 2500 },
    { name: 'api', script: 'api/server.ts', stopMs: 1500 },
  ];
  for (const { name, script, stopMs } of services) {
    await terminal.step(name, 'starting', async () => {
      const service = keepService({ name, script, stopMs, cwd: root, env }, host);
      stops.push({ name, stop: service.stop });
      await Promise.race([service.ready, aborted(signal)]);
    });
  }
  held.update({ url });
  terminal.say(`\nPiban 批办 is ready: ${url}`);
  for (const line of config.demoSignIn ? await someToSignInAs(url) : []) terminal.say(line);
  terminal.say('Ctrl-C stops it; the next start goes on from here.\n');
}

/** Fails when we are asked to stop, at once when we have been already. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = () => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });

/** Stops what runs, last started first; one that resists does not keep the others running. */
async function stopAll({ stops, terminal, held }: Start): Promise<void> {
  const began = Date.now();
  let whole = true;
  for (const { name, stop } of stops.reverse())
    try {
      await stop();
      terminal.say(`${name}: stopped`);
    } catch (error) {
      whole = false;
      terminal.say(`${name}: ${(error as Error).message}`);
    }
  // What could not be stopped stays on record for the next start.
  if (whole) held.release();
  terminal.say(`Stopped in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function main(): Promise<number> {
  requireNode();
  const asked = new AbortController();
  // npm passes Ctrl-C on to a program that has got it already; the second one, and any later one, changes nothing.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => asked.abort());
  const config = loadStartConfig();
  requireFolder(config.dataDir);
  requireSpace(config.dataDir, roomForStart, 'a start');
  const held = await claim(config.dataDir);
  const terminal = openTerminal(config.dataDir);
  const host: ServiceHost = { say: terminal.say, pass: terminal.pass, setProcess: held.setProcess };
  const start: Start = { config, terminal, held, host, stops: [], signal: asked.signal };
  try {
    await bringUp(start);
    await aborted(asked.signal);
    return 0;
  } catch (error) {
    if (asked.signal.aborted) return 0;
    terminal.say(explain(error));
    return 1;
  } finally {
    await stopAll(start);
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(explain(error));
    process.exit(1);
  },
);

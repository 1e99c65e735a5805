import { capLog, endProcess, isAlive, type ProcessRef, politely } from './processes.ts';
import type { ServiceHost } from './service.ts';

/** A server that {@link keepServer} can bring up: PostgreSQL or Temporal. */
export interface StartedServer {
  readonly ref: ProcessRef;
  readonly adopted: boolean;
  stop(): Promise<void>;
}

/** A server under supervision. */
export interface KeptServer<T extends StartedServer> {
  /** As it was first brought up; a later one has the same address. */
  readonly server: T;
  stop(): Promise<void>;
}

/** How often a server is looked after; it is no child of ours when it was adopted, so nobody tells us of its end. */
const lookMs = 500;

/**
 * Brings up a server and brings it up again, on the same address, whenever it ends unasked.
 * @param start brings it up; given the one before, it must take over its address
 * @param logFile kept within bounds
 */
export async function keepServer<T extends StartedServer>(
  name: string,
  start: (before?: T) => Promise<T>,
  logFile: string,
  host: Pick<ServiceHost, 'say' | 'setProcess'>,
): Promise<KeptServer<T>> {
  const first = await start();
  let current = first;
  let stopping = false;
  let reviving: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;
  host.setProcess(name, first.ref);

  const revive = async () => {
    host.say(`${name} ended unasked; it is started again (its last words: ${logFile})`);
    try {
      current = await start(current);
      host.setProcess(name, current.ref);
      failures = 0;
      host.say(`${name} serves again`);
    } catch (error) {
      const wait = Math.min(30_000, 1000 * 2 ** failures++);
      notBefore = Date.now() + wait;
      host.say(`${name} could not be started again, the next try is in ${wait / 1000} s: ${(error as Error).message}`);
    }
  };
  const ticker = setInterval(() => {
    capLog(logFile);
    if (stopping || reviving || Date.now() < notBefore || isAlive(current.ref)) return;
    reviving = revive().finally(() => {
      reviving = undefined;
    });
  }, lookMs);

  const stop = async () => {
    stopping = true;
    clearInterval(ticker);
    await reviving;
    await current.stop();
    host.setProcess(name, undefined);
  };
  return { server: first, stop };
}

/** Ends what a killed start left behind and nobody needs any more. */
export async function endLeftover(
  name: string,
  ref: ProcessRef | undefined,
  host: Pick<ServiceHost, 'say' | 'setProcess'>,
): Promise<void> {
  if (!ref) return;
  const sent = await endProcess(ref, politely(3000));
  if (sent) host.say(`The ${name} that an earlier start left running was ended`);
  host.setProcess(name, undefined);
}

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether a server could listen there now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * Ports of the loopback on which nothing listens, all different. They are picked at random below the range that systems
 * give to outgoing connections (32768 and up), so that nothing takes them between this look and their use.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count && tries < count + 1000; tries++) {
    const port = randomInt(20_000, 32_000);
    if (!found.has(port) && (await isPortFree(port))) found.add(port);
  }
  if (found.size < count) throw new Error('No free port was found between 20000 and 32000 on 127.0.0.1; end some servers');
  return [...found];
}

/** Whether these ports are free, or become so in two seconds: a killed server holds its ports for a moment longer than its pid. */
export async function becomeFree(ports: readonly number[]): Promise<boolean> {
  for (const until = Date.now() + 2000; ; await pause(50)) {
    const free = await Promise.all(ports.map((port) => isPortFree(port)));
    if (free.every(Boolean)) return true;
    if (Date.now() > until) return false;
  }
}

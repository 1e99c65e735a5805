/** A way between the system and one of its servers that a test can cut and put back. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A TCP proxy on a port of its own, which it keeps while it is cut. */
export interface CuttableProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Breaks every connection; new ones are broken at once. */
  cut(): void;
  /** Lets new connections through again. */
  restore(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a server. @param target `host:port`. */
export async function startProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A broken connection is what this is for.
    socket.on('error', () => socket.destroy());
  };
  const server: Server = createServer((near) => {
    keep(near);
    if (!whole) {
      near.resetAndDestroy();
      return;
    }
    const far = dial(Number(port), hostname);
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const where = server.address();
  if (where === null || typeof where === 'string') throw new Error('The proxy has no port');
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${where.port}`,
    cut() {
      whole = false;
      breakAll();
    },
    restore() {
      whole = true;
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A database's URL with the proxy in its way. */
export function through(proxy: CuttableProxy, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.host = proxy.address;
  return url.href;
}

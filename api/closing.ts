/** Closes promptly: what browsers open ahead of a request they may never send would hold a closing server for a minute. */
import type { Socket } from 'node:net';
import type { Api } from './context.ts';

/** Ends, when the API closes, the connections that nothing was ever asked on. Node itself ends those that were used and are idle. */
export function closePromptly(api: Api): void {
  const unused = new Set<Socket>();
  api.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  api.server.on('request', (request) => unused.delete(request.socket));
  api.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy();
  });
}

import type { Server, Socket } from 'node:net';
import fastifyPlugin from 'fastify-plugin';

/** How long a connection that comes while the server closes may be silent (ms). */
const graceMs = 1_000;

/**
 * Watches a server for connections on which nobody has said anything. Clients and balancers open some in advance; Node does
 * not take them for idle and would wait for their first request until it times out.
 * @returns ends them: to be called when the server closes
 */
export function watchSilence(server: Server): () => void {
  const sockets = new Set<Socket>();
  let isClosing = false;
  const endSilent = () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (isClosing) setTimeout(endSilent, graceMs).unref();
  });
  return () => {
    isClosing = true;
    endSilent();
  };
}

/** Has the gateway's own server end its silent connections when it closes. */
export const silentConnections = fastifyPlugin(async (app) => {
  const endSilent = watchSilence(app.server);
  app.addHook('preClose', async () => endSilent());
});

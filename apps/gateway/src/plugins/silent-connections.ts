import type { Socket } from 'node:net';
import fastifyPlugin from 'fastify-plugin';

/** How long a connection that comes while the server closes may be silent (ms). */
const graceMs = 1_000;

/**
 * Ends connections on which nobody has said anything when the server closes. Clients and balancers open some in advance;
 * Node does not take them for idle and would wait for their first request until it times out.
 */
export const silentConnections = fastifyPlugin(async (app) => {
  const sockets = new Set<Socket>();
  let isClosing = false;
  const endSilent = () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (isClosing) setTimeout(endSilent, graceMs).unref();
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    endSilent();
  });
});

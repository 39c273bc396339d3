import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

interface WebSocketOptions {
  /** Ends what is shown by WebSockets when the gateway closes. */
  close(): Promise<void>;
}

/** WebSockets for every route that has a `wsHandler`. Once for all: each one would take up every request for one. */
export const webSockets = fastifyPlugin(
  async (app: FastifyInstance, { close }: WebSocketOptions) => {
    await app.register(websocket, {
      // Clients have nothing to say.
      options: { maxPayload: 4_096, perMessageDeflate: false },
      // `ws` has closed the socket, with the code that says what was wrong with it.
      errorHandler: (_error, socket) => socket.terminate(),
      preClose: () => close(),
    });
  },
  { name: 'web-sockets' },
);

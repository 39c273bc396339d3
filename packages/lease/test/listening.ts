import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { freePort } from '@flotilla/fleet';

/** A server on a free port of this machine; closing it ends its connections. */
export interface Listening {
  /** host:port */
  address: string;
  close(): Promise<void>;
}

const open = async (server: Server): Promise<Listening> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('Not a TCP server');
  return {
    address: `127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

/** An HTTP server. */
export const listen = (onRequest: RequestListener) => open(createServer(onRequest));

/** A TCP server. */
export const listenTcp = (onSocket: (socket: Socket) => void) =>
  open(createTcpServer((socket) => onSocket(socket.on('error', () => {}))));

/** A worker's port: answers with an incarnation. */
export const listenAs = (incarnation: string) =>
  listen((_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ incarnation })));

/** An address of this machine where nobody listens. */
export const refusingAddress = async () => `127.0.0.1:${await freePort()}`;

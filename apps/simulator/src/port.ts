import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authority } from './authority.ts';

/** First byte of a TLS connection: a handshake record. */
const tlsHandshake = 0x16;

/** What speaks on the port. */
export interface PortHandlers {
  request: RequestListener;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** An open port. */
export interface Port {
  port: number;
  /** Ends what is open and stops listening. */
  close: () => Promise<void>;
}

/**
 * Listens on one TCP port for HTTP and HTTPS, and so for ws and wss, told apart by the first byte. Port 0 takes any free
 * one. Rejects if the port is in use.
 */
export async function openPort(
  host: string,
  port: number,
  authority: Authority,
  handlers: PortHandlers,
): Promise<Port> {
  const plain = createHttpServer(handlers.request);
  const secure = createHttpsServer(
    { key: authority.key, cert: `${authority.cert}\n${authority.ca}` },
    handlers.request,
  );
  for (const server of [plain, secure]) server.on('upgrade', handlers.upgrade);
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients vanish; whoever is interested hears it from the stream above.
    socket.on('error', () => undefined);
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1);
      if (!first) return;
      socket.unshift(first);
      (first[0] === tlsHandshake ? secure : plain).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => resolve());
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

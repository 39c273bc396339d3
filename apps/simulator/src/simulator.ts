import { isIPv6 } from 'node:net';
import { WebSocketServer } from 'ws';
import { buildAdmin } from './admin/admin.ts';
import { createAuthority } from './authority.ts';
import { clientHandler } from './clients.ts';
import type { Log } from './log.ts';
import { serveMedia } from './media/server.ts';
import { Network } from './network.ts';
import { openPort } from './port.ts';
import { serveWebVersion } from './web-version.ts';
import { ClientStream } from './wire/stream.ts';

/** Clients send a few kilobytes at most, except app state and key uploads. */
const maxMessage = 16 * 1024 * 1024;
const sweepMs = 1_000;
/** Listening there is reachable everywhere, but nobody can connect to it by that name. */
const anyAddress = new Set(['0.0.0.0', '::']);

/** Where the simulator listens. */
export interface SimulatorOptions {
  host: string;
  /** The name by which clients reach it, without port; `host` if there is none, 127.0.0.1 if that is any address. */
  publicHost?: string | undefined;
  /** 0 takes any free port. */
  port: number;
  log: Log;
}

/** A running simulator. */
export interface Simulator {
  port: number;
  network: Network;
  /** PEM of the authority behind the TLS certificate. */
  ca: string;
  close: () => Promise<void>;
}

/** Starts a simulator. Rejects if the port is in use. */
export async function startSimulator({ host, publicHost, port, log }: SimulatorOptions): Promise<Simulator> {
  const name = publicHost ?? (anyAddress.has(host) ? '127.0.0.1' : host);
  const network = new Network(log);
  const authority = await createAuthority(name);
  const handler = clientHandler(network);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxMessage,
    clientTracking: false,
  });
  const admin = await buildAdmin(network, authority);
  const media = serveMedia(network.media, log);
  const open = await openPort(host, port, authority, {
    request: (request, response) => {
      if (!media(request, response) && !serveWebVersion(request, response)) admin.routing(request, response);
    },
    upgrade: (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        new ClientStream(webSocket, network, handler, request.headers.host ?? 'localhost');
      });
    },
  });
  network.media.host = `${isIPv6(name) ? `[${name}]` : name}:${open.port}`;
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const stream of network.streams) stream.sweep(now);
  }, sweepMs).unref();
  return {
    port: open.port,
    network,
    ca: authority.ca,
    close: async () => {
      clearInterval(sweep);
      await open.close();
      sockets.close();
      await admin.close();
      await network.media.reset();
    },
  };
}

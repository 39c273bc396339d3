import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { refuseConnection } from '../plugins/errors.ts';
import { watchSilence } from '../plugins/silent-connections.ts';
import type { Binding } from './bindings.ts';
import { compatPath } from './dialect.ts';

/** Time for answers under way when the gateway closes (ms): shorter than what the gateway has in all. */
const closeTimeoutMs = 20_000;

/** Ports that are bound to a tenant. What comes in by one is handed to the gateway's own router, below the dialect's path. */
export interface BoundPorts {
  /** By which binding a request came in; undefined if by the API's own port. Nothing that a client sends can change it. */
  bindingOf(request: IncomingMessage): Binding | undefined;
  /** Opens all of them. */
  open(host: string): Promise<void>;
  /** Takes no more connections, and waits for the answers under way. */
  close(): Promise<void>;
}

/**
 * @param isUpgrade whether a request for another protocol is taken up; asked with the path that it leads to
 */
export function createBoundPorts(
  app: FastifyInstance,
  bindings: readonly Binding[],
  isUpgrade: (request: IncomingMessage) => boolean,
): BoundPorts {
  const bound = new WeakMap<IncomingMessage, Binding>();
  const servers: { server: Server; endSilent: () => void }[] = [];

  /** Leads a request to its dialect, once. */
  const bind = (request: IncomingMessage, binding: Binding): IncomingMessage => {
    if (bound.has(request)) return request;
    bound.set(request, binding);
    request.url = `${compatPath}/${binding.dialect}${request.url ?? '/'}`;
    return request;
  };

  const listen = async (binding: Binding, host: string) => {
    const server = createServer({
      // As the API's own port has them.
      requestTimeout: 600_000,
      keepAliveTimeout: 72_000,
      shouldUpgradeCallback: (request: IncomingMessage) => isUpgrade(bind(request, binding)),
    });
    server.on('request', (request, response) => app.routing(bind(request, binding), response));
    server.on('upgrade', (request, socket, head) => app.server.emit('upgrade', bind(request, binding), socket, head));
    server.on('clientError', refuseConnection);
    const endSilent = watchSilence(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(binding.port, host, resolve);
    });
    servers.push({ server, endSilent });
  };

  const end = async ({ server, endSilent }: (typeof servers)[number]) => {
    endSilent();
    const timer = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(timer);
  };

  return {
    bindingOf: (request) => bound.get(request),
    async open(host) {
      for (const binding of bindings) await listen(binding, host);
    },
    async close() {
      await Promise.all(servers.splice(0).map(end));
    },
  };
}

import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Registry } from 'prom-client';

/** Whether a process can do its work now, with what it found. `details` must not contain secrets. */
export interface Readiness {
  ok: boolean;
  details?: Record<string, unknown>;
}

export interface OperationsServerOptions {
  /** Default: all addresses. */
  host?: string;
  /** 0 takes a free one. */
  port: number;
  metrics: Registry;
  /** Asked at every `GET /readyz`; a rejection or no answer within 3 s counts as not ready. */
  ready: () => Readiness | Promise<Readiness>;
  /** Further GET routes; what the function returns is the JSON answer. */
  routes?: Record<string, () => unknown>;
}

export interface OperationsServer {
  /** The port that is listened on. */
  port: number;
  close: () => Promise<void>;
}

/** Longest time for `ready`: below the usual timeout of a probe, so that the probe gets an answer. */
const readyTimeoutMs = 3_000;

/**
 * The HTTP port of a process that has no API: `GET /healthz` (the process runs), `GET /readyz` (200, or 503 with the
 * reasons), `GET /metrics` (Prometheus), and the given routes. Rejects when the port is taken.
 */
export async function operationsServer({
  host = '0.0.0.0',
  port,
  metrics,
  ready,
  routes = {},
}: OperationsServerOptions): Promise<OperationsServer> {
  // Probes keep connections open; they must not hold up the exit.
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await askReady(ready);
    return reply.code(readiness.ok ? 200 : 503).send({ status: readiness.ok ? 'ok' : 'unavailable', ...readiness });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  for (const [path, answer] of Object.entries(routes)) app.get(path, async () => answer());

  await app.listen({ host, port });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

/** Asks for readiness within its time; shared by every app's `/readyz`. Never rejects. */
export async function askReady(ready: OperationsServerOptions['ready']): Promise<Readiness> {
  const { promise: late, resolve } = Promise.withResolvers<Readiness>();
  const timer = setTimeout(() => resolve({ ok: false, details: { error: 'no answer in time' } }), readyTimeoutMs);
  try {
    return await Promise.race([(async () => ready())(), late]);
  } catch (error) {
    return { ok: false, details: { error: error instanceof Error ? error.message : 'failed' } };
  } finally {
    clearTimeout(timer);
  }
}

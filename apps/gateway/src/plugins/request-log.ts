import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Counter, Histogram, type Registry } from '@flotilla/service';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { KeyHolder } from '../api-keys.ts';

/** The id of a request: the client's `x-request-id` if it can be one, otherwise a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Probes and scrapes come every few seconds and say nothing. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One log line and one measurement for each request's outcome. Both name the route's template, never the URL itself:
 * that may hold phone numbers and, in its query, secrets.
 */
export const requestLog = fastifyPlugin(
  async (app: FastifyInstance, { metrics }: { metrics: Registry }) => {
    app.decorateRequest('holder', undefined);
    app.decorateRequest('errorCode', undefined);
    const labelNames = ['method', 'route', 'status'] as const;
    const durations = new Histogram({
      name: 'flotilla_http_request_duration_seconds',
      help: 'Time from the request to the end of its answer, long polls included',
      labelNames,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers: [metrics],
    });
    const failures = new Counter({
      name: 'flotilla_http_errors_total',
      help: 'Requests that were answered with an error, by its code',
      labelNames: ['code'],
      registers: [metrics],
    });

    // Hooks that wait for nothing say so by a call: a promise for each of them and each request costs more than they do.
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id);
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? '(none)';
      durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
      if (request.errorCode) failures.inc({ code: request.errorCode });
      const line = {
        reqId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        code: request.errorCode,
        ip: request.ip,
        tenant: request.holder?.tenant,
        key: request.holder?.keyId,
      };
      // By the app's logger: most requests need none of their own.
      if (quiet.has(route) && reply.statusCode < 400) app.log.debug(line, 'request.handled');
      else app.log.info(line, 'request.handled');
      done();
    });
    // The client went away before it had its answer.
    app.addHook('onRequestAbort', async (request) => {
      request.log.info({ method: request.method, route: request.routeOptions.url ?? '(none)' }, 'request.aborted');
    });
  },
  { name: 'request-log' },
);

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the request's key stands for, on routes of tenants. */
    holder: KeyHolder | undefined;
    /** Code of the error that the request was answered with. */
    errorCode: string | undefined;
  }
}

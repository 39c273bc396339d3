import { askReady } from '@flotilla/service';
import Type from 'typebox';
import { liveWorkers } from '../live-workers.ts';
import type { Routes } from '../parts.ts';

const Readiness = Type.Object({
  status: Type.Enum(['ok', 'unavailable']),
  redis: Type.Boolean({ description: 'The store answers' }),
  workers: Type.Integer({
    description: 'Connection workers that are alive. Without any, requests are still accepted and queued',
  }),
});

/** `/healthz`, `/readyz` and `/metrics`. */
export const operationsRoutes: Routes = async (app, { redis, metrics, closing }) => {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'health',
        tags: ['Operations'],
        summary: 'Whether the process runs',
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readiness',
        tags: ['Operations'],
        summary: 'Whether requests should be sent here',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const { ok, details } = await askReady(async () => ({
        ok: true,
        details: { workers: await liveWorkers(redis) },
      }));
      const serving = ok && !closing.aborted;
      return reply
        .code(serving ? 200 : 503)
        .send({ status: serving ? 'ok' : 'unavailable', redis: ok, workers: Number(details?.workers ?? 0) });
    },
  );

  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'metrics',
        tags: ['Operations'],
        summary: 'Measurements for Prometheus',
        response: {
          200: { description: 'Text exposition format', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
};

import Type from 'typebox';
import type { Dialect, DialectRoutes } from '../dialect.ts';
import { sessionRoutes } from './sessions.ts';
import { QrServiceError, qrServiceError } from './shapes.ts';

const Health = Type.Object({
  status: Type.Literal('ok'),
  timestamp: Type.String({ format: 'date-time' }),
  uptime: Type.Number({ description: 'Seconds' }),
});

const routes: DialectRoutes = async (app, parts) => {
  const began = performance.now();
  app.get(
    '/health',
    {
      config: { access: 'public' },
      schema: { tags: ['Health'], summary: 'Whether the service works', response: { 200: Health } },
    },
    async () => {
      await parts.redis.ping();
      const uptime = Math.round(performance.now() - began) / 1_000;
      return { status: 'ok' as const, timestamp: new Date().toISOString(), uptime };
    },
  );
  await app.register(sessionRoutes, parts);
};

/** WhatsApp QR Service. What its document leaves open is decided in docs/compat/qr-service.md. */
export const qrService: Dialect = {
  name: 'qr-service',
  title: 'WhatsApp QR Service, on Flotilla',
  description: 'The API of the WhatsApp QR Service: sessions by QR code, texts, notifications to a backend.',
  errorShape: qrServiceError,
  errorSchema: QrServiceError,
  variables: ['BACKEND_URL'],
  events: { variable: 'BACKEND_URL', format: 'qr-service' },
  routes,
};

import Type from 'typebox';
import type { Dialect, DialectRoutes } from '../dialect.ts';
import { connectionRoutes } from './connection.ts';
import { messageRoutes } from './messages.ts';
import { metricsRoutes } from './metrics.ts';
import { sessionRoutes } from './session-routes.ts';
import { SessionsError, sessionsError } from './shapes.ts';

const Health = Type.Object({ status: Type.Literal('ok'), timestamp: Type.String({ format: 'date-time' }) });

const routes: DialectRoutes = async (app, parts) => {
  app.get(
    '/health',
    {
      config: { access: 'public' },
      schema: { tags: ['Health'], summary: 'Whether the service works', response: { 200: Health } },
    },
    async () => {
      await parts.redis.ping();
      return { status: 'ok' as const, timestamp: new Date().toISOString() };
    },
  );
  for (const group of [sessionRoutes, connectionRoutes, messageRoutes, metricsRoutes]) await app.register(group, parts);
};

/** WhatsApp API (Baileys + REST). What its document leaves open is decided in docs/compat/sessions.md. */
export const sessions: Dialect = {
  name: 'sessions',
  title: 'WhatsApp API (Baileys + REST), on Flotilla',
  description: 'The API of WhatsApp API (Baileys + REST): sessions, pairing codes, messages, metrics.',
  errorShape: sessionsError,
  errorSchema: SessionsError,
  variables: ['PAIRING_CODE_TTL', 'PRINT_QR_IN_TERMINAL'],
  routes,
};

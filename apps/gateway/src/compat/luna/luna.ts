import type { Dialect, DialectRoutes } from '../dialect.ts';
import { instanceRoutes } from './instances.ts';
import { messageRoutes } from './messages.ts';
import { LunaError, lunaError } from './shapes.ts';
import { webhookRoutes } from './webhook.ts';

const routes: DialectRoutes = async (app, parts) => {
  for (const group of [instanceRoutes, messageRoutes, webhookRoutes]) await app.register(group, parts);
};

/** Luna WhatsApp Service. What its document leaves open is decided in docs/compat/luna.md. */
export const luna: Dialect = {
  name: 'luna',
  title: 'Luna WhatsApp Service, on Flotilla',
  description: 'The API of the Luna WhatsApp Service: instances, messages, one webhook.',
  errorShape: lunaError,
  errorSchema: LunaError,
  variables: ['WEBHOOK_URL'],
  events: { variable: 'WEBHOOK_URL', format: 'luna' },
  routes,
};

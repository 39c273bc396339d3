import type { Dialect, DialectRoutes } from '../dialect.ts';
import { eventRoutes } from './events.ts';
import { messageRoutes } from './messages.ts';
import { sessionRoutes } from './sessions.ts';
import { WwebjsError, wwebjsError } from './shapes.ts';

const routes: DialectRoutes = async (app, parts) => {
  for (const group of [sessionRoutes, messageRoutes, eventRoutes]) await app.register(group, parts);
};

/** WhatsApp Service on whatsapp-web.js. What its document leaves open is decided in docs/compat/wwebjs.md. */
export const wwebjs: Dialect = {
  name: 'wwebjs',
  title: 'WhatsApp Service (whatsapp-web.js), on Flotilla',
  description: 'The API of the WhatsApp Service on whatsapp-web.js: sessions, messages, a WebSocket.',
  errorShape: wwebjsError,
  errorSchema: WwebjsError,
  variables: [],
  routes,
};

import type { Webhook } from '@flotilla/contracts';
import Type from 'typebox';
import { apiError } from '../../errors.ts';
import { tenantOf } from '../../plugins/access.ts';
import type { DialectRoutes } from '../dialect.ts';
import { textOf } from '../field.ts';
import { readSubscription, subscribe, unsubscribe } from '../subscription.ts';

/** The events of the document. */
const lunaEvents = ['qrcode.updated', 'connection.update', 'messages.upsert', 'messages.update'] as const;

const LunaWebhook = Type.Object({
  url: Type.Union([Type.String(), Type.Null()]),
  enabled: Type.Boolean(),
  events: Type.Array(Type.String()),
});

const toLunaWebhook = (webhook: Webhook | undefined) => ({
  url: webhook?.url ?? null,
  enabled: webhook?.enabled ?? false,
  events: webhook?.events.includes('*') ? [...lunaEvents] : (webhook?.events ?? []),
});

/** `QRCODE_UPDATED` as `qrcode.updated`: both are written. */
function eventOf(text: string): (typeof lunaEvents)[number] {
  const name = text.toLowerCase().replaceAll('_', '.');
  const event = lunaEvents.find((each) => each === name);
  if (!event) throw apiError('VALIDATION', `events: must be among ${lunaEvents.join(', ')}`);
  return event;
}

/** `/webhook`: one for all instances of the tenant. */
export const webhookRoutes: DialectRoutes = async (app, parts) => {
  const subscription = { dialect: 'luna' } as const;

  app.get(
    '/webhook',
    {
      config: { access: 'webhooks:read' },
      schema: { tags: ['Webhook'], summary: 'Get webhook config', response: { 200: LunaWebhook } },
    },
    async (request) => toLunaWebhook(await readSubscription(parts, tenantOf(request), subscription)),
  );

  app.post(
    '/webhook/set',
    {
      config: { access: 'webhooks:write' },
      schema: {
        tags: ['Webhook'],
        summary: 'Set webhook URL',
        description: 'An empty URL, or null, takes it away.',
        body: Type.Object({
          url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
          webhookUrl: Type.Optional(Type.Union([Type.String(), Type.Null()])),
          webhook: Type.Optional(Type.Union([Type.String(), Type.Null()])),
          enabled: Type.Optional(Type.Boolean()),
          events: Type.Optional(Type.Array(Type.String())),
        }),
        response: { 200: LunaWebhook },
      },
    },
    async (request) => {
      const { body } = request;
      const tenant = tenantOf(request);
      const url = textOf(body, 'url', 'webhookUrl', 'webhook');
      if (url === undefined) {
        if (!['url', 'webhookUrl', 'webhook'].some((field) => field in body))
          throw apiError('VALIDATION', 'url: is missing');
        await unsubscribe(parts, tenant, subscription);
        return toLunaWebhook(undefined);
      }
      const events = body.events?.length ? body.events.map(eventOf) : [...lunaEvents];
      const enabled = body.enabled ?? true;
      return toLunaWebhook(await subscribe(parts, tenant, subscription, { url, events, enabled }));
    },
  );
};

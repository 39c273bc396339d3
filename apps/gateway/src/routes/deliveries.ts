import {
  Delivery,
  DeliveryDetail,
  DeliveryQuery,
  deliveryStates,
  pageOf,
  TenantDeliveryQuery,
  WebhookStats,
} from '@flotilla/contracts';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { defaultLimit } from '../page.ts';
import type { Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const webhook = Type.String({ description: 'Id of the webhook' });
const WebhookParams = Type.Object({ webhook });
const DeliveryParams = Type.Object({
  webhook,
  delivery: Type.String({ description: 'Id of the event: what the header webhook-id says' }),
});

/** `/v1/deliveries`, and deliveries and statistics of a webhook. */
export const deliveryRoutes: Routes = async (app, { endpoints }) => {
  app.get(
    '/v1/deliveries',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listAllDeliveries',
        tags: ['Webhooks'],
        summary: 'List deliveries of all webhooks with their attempts, the latest first',
        description:
          'A page that filters leave much out of may have fewer entries than `limit`, or none: it is the last one if it has no `nextCursor`.',
        querystring: TenantDeliveryQuery,
        response: { 200: pageOf(Delivery) },
      },
    },
    async (request) => {
      const page = await endpoints.listAllDeliveries(tenantOf(request), { limit: defaultLimit, ...request.query });
      if (!page) throw apiError('WEBHOOK_NOT_FOUND', shown(request.query.webhook ?? ''));
      return page;
    },
  );

  app.get(
    '/v1/webhooks/:webhook/deliveries',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND', 'BAD_CURSOR'] },
      schema: {
        operationId: 'listDeliveries',
        tags: ['Webhooks'],
        summary: 'List deliveries with their attempts, the latest first',
        params: WebhookParams,
        querystring: DeliveryQuery,
        response: { 200: pageOf(Delivery) },
      },
    },
    async (request) => {
      const { webhook: id } = request.params;
      const page = { limit: defaultLimit, ...request.query };
      const found = isIdentifier(id) && (await endpoints.listDeliveries(tenantOf(request), id, page));
      if (!found) throw apiError('WEBHOOK_NOT_FOUND', shown(id));
      return found;
    },
  );

  app.get(
    '/v1/webhooks/:webhook/deliveries/:delivery',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND', 'DELIVERY_NOT_FOUND'] },
      schema: {
        operationId: 'getDelivery',
        tags: ['Webhooks'],
        summary: 'Show a delivery with its attempts and its event',
        params: DeliveryParams,
        response: { 200: DeliveryDetail },
      },
    },
    async (request) => {
      const { webhook: id, delivery } = request.params;
      const isId = isIdentifier(id) && isIdentifier(delivery);
      const found = isId && (await endpoints.getDelivery(tenantOf(request), id, delivery));
      if (!found) throw apiError('DELIVERY_NOT_FOUND', shown(delivery));
      return found;
    },
  );

  app.post(
    '/v1/webhooks/:webhook/deliveries/:delivery/resend',
    {
      config: { access: 'webhooks:write', errors: ['DELIVERY_NOT_FOUND', 'WEBHOOK_DISABLED', 'EVENT_NOT_KEPT'] },
      schema: {
        operationId: 'resendDelivery',
        tags: ['Webhooks'],
        summary: 'Deliver an event again',
        description:
          'Whatever became of it before, also if this webhook has never had it, as long as the event is kept. It goes beside the live traffic, which neither waits nor changes its order, with its own id and the header `flotilla-replay: resend`. One that is under way is left alone.',
        params: DeliveryParams,
        response: { 202: Type.Object({ id: Type.String(), state: Type.Enum([...deliveryStates]) }) },
      },
    },
    async (request, reply) => {
      const { webhook: id, delivery } = request.params;
      const isId = isIdentifier(id) && isIdentifier(delivery);
      const state = isId ? await endpoints.resend(tenantOf(request), id, delivery) : undefined;
      if (state === undefined) throw apiError('DELIVERY_NOT_FOUND', shown(delivery));
      if (state === 'gone') throw apiError('EVENT_NOT_KEPT', delivery);
      if (state === 'off') throw apiError('WEBHOOK_DISABLED', id);
      return reply.code(202).send({ id: delivery, state });
    },
  );

  app.get(
    '/v1/webhooks/:webhook/stats',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'getWebhookStats',
        tags: ['Webhooks'],
        summary: 'Show how a webhook is doing: success rate, durations, lag, what waits',
        params: WebhookParams,
        response: { 200: WebhookStats },
      },
    },
    async (request) => {
      const { webhook: id } = request.params;
      const stats = isIdentifier(id) && (await endpoints.stats(tenantOf(request), id));
      if (!stats) throw apiError('WEBHOOK_NOT_FOUND', shown(id));
      return stats;
    },
  );
};

import {
  CreatedWebhook,
  CreateWebhook,
  PageQuery,
  pageOf,
  RotateSecret,
  UpdateWebhook,
  Webhook,
  WebhookTest,
} from '@flotilla/contracts';
import { bounds, isSigningSecret, objectionToHeaders, sendTest } from '@flotilla/webhook';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { defaultLimit } from '../page.ts';
import type { Parts, Routes } from '../parts.ts';
import { tenantOf } from '../plugins/access.ts';

const WebhookParams = Type.Object({ webhook: Type.String({ description: 'Id of the webhook' }) });

/** What a call about a webhook gave, or the error for one that the tenant does not have. */
function found<T>(result: T | undefined | false, id: string): T {
  if (result === undefined || result === false) throw apiError('WEBHOOK_NOT_FOUND', shown(id));
  return result;
}

/** `/v1/webhooks`. */
export const webhookRoutes: Routes = async (app, parts: Parts) => {
  const { endpoints, checkWebhookUrl } = parts;
  /** Refuses what the schema cannot tell. */
  const assertGood = ({
    url,
    headers,
    secret,
  }: {
    url?: string;
    headers?: Record<string, string>;
    secret?: string;
  }) => {
    const reason = url !== undefined && checkWebhookUrl(url);
    if (reason) throw apiError('BAD_WEBHOOK_URL', reason);
    const objection = headers && objectionToHeaders(headers);
    if (objection) throw apiError('BAD_WEBHOOK_HEADER', objection);
    if (secret !== undefined && !isSigningSecret(secret)) throw apiError('BAD_WEBHOOK_SECRET');
  };

  app.post(
    '/v1/webhooks',
    {
      config: {
        access: 'webhooks:write',
        errors: ['BAD_WEBHOOK_URL', 'BAD_WEBHOOK_HEADER', 'BAD_WEBHOOK_SECRET', 'TOO_MANY_WEBHOOKS'],
      },
      schema: {
        operationId: 'createWebhook',
        tags: ['Webhooks'],
        summary: 'Create a webhook',
        description:
          'Events are posted to its URL from now on, signed as Standard Webhooks describes, and written as `format` says. The answer is the only place where the signing secret is ever shown.',
        body: CreateWebhook,
        response: { 201: CreatedWebhook },
      },
    },
    async (request, reply) => {
      assertGood(request.body);
      // Two at once may pass: the bound is there for the workers, which read all endpoints of a tenant, and not exact.
      if ((await endpoints.count(tenantOf(request))) >= bounds.endpoints)
        throw apiError('TOO_MANY_WEBHOOKS', String(bounds.endpoints));
      return reply.code(201).send(await endpoints.create(tenantOf(request), request.body));
    },
  );

  app.get(
    '/v1/webhooks',
    {
      config: { access: 'webhooks:read', errors: ['BAD_CURSOR'] },
      schema: {
        operationId: 'listWebhooks',
        tags: ['Webhooks'],
        summary: 'List webhooks, oldest first',
        querystring: PageQuery,
        response: { 200: pageOf(Webhook) },
      },
    },
    async (request) => endpoints.list(tenantOf(request), { limit: defaultLimit, ...request.query }),
  );

  app.get(
    '/v1/webhooks/:webhook',
    {
      config: { access: 'webhooks:read', errors: ['WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'getWebhook',
        tags: ['Webhooks'],
        summary: 'Show a webhook',
        params: WebhookParams,
        response: { 200: Webhook },
      },
    },
    async (request) => {
      const { webhook } = request.params;
      return found(isIdentifier(webhook) && (await endpoints.get(tenantOf(request), webhook)), webhook);
    },
  );

  app.patch(
    '/v1/webhooks/:webhook',
    {
      config: { access: 'webhooks:write', errors: ['WEBHOOK_NOT_FOUND', 'BAD_WEBHOOK_URL', 'BAD_WEBHOOK_HEADER'] },
      schema: {
        operationId: 'updateWebhook',
        tags: ['Webhooks'],
        summary: 'Change a webhook, or switch it on or off',
        description:
          'What is given replaces what was; the rest stays. Switching on goes on with what waited; another format is that of what waits, too.',
        params: WebhookParams,
        body: UpdateWebhook,
        response: { 200: Webhook },
      },
    },
    async (request) => {
      const { webhook } = request.params;
      assertGood(request.body);
      return found(
        isIdentifier(webhook) && (await endpoints.update(tenantOf(request), webhook, request.body)),
        webhook,
      );
    },
  );

  app.post(
    '/v1/webhooks/:webhook/rotate-secret',
    {
      config: { access: 'webhooks:write', errors: ['WEBHOOK_NOT_FOUND', 'BAD_WEBHOOK_SECRET', 'TOO_MANY_SECRETS'] },
      // Who has nothing to say sends nothing.
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        operationId: 'rotateWebhookSecret',
        tags: ['Webhooks'],
        summary: 'Get a new signing secret',
        description:
          'For a day deliveries are signed with the old secret too, so that nothing is refused meanwhile. Up to ten secrets may be valid at once.',
        params: WebhookParams,
        body: RotateSecret,
        response: { 200: CreatedWebhook },
      },
    },
    async (request) => {
      const { webhook } = request.params;
      const { secret, overlapSeconds } = request.body;
      assertGood({ secret });
      const options = { secret, ...(overlapSeconds !== undefined && { graceMs: overlapSeconds * 1_000 }) };
      return found(
        isIdentifier(webhook) && (await endpoints.rotateSecret(tenantOf(request), webhook, options)),
        webhook,
      );
    },
  );

  app.post(
    '/v1/webhooks/:webhook/test',
    {
      config: { access: 'webhooks:write', errors: ['WEBHOOK_NOT_FOUND', 'TOO_MANY_REQUESTS'] },
      schema: {
        operationId: 'testWebhook',
        tags: ['Webhooks'],
        summary: 'Post a test event now',
        description:
          'A signed event of the type `webhook.test`, with `data` naming the webhook, is posted once, in the native format and also to a webhook that is switched off. The answer says what the receiver did within 15 s.',
        params: WebhookParams,
        response: { 200: WebhookTest },
      },
    },
    async (request) => {
      const { webhook } = request.params;
      const tenant = tenantOf(request);
      const leave = parts.testing.take(tenant);
      if (!leave) throw apiError('TOO_MANY_REQUESTS', `${parts.testing.most} test events`);
      try {
        return found(isIdentifier(webhook) && (await sendTest(parts, tenant, webhook)), webhook);
      } finally {
        leave();
      }
    },
  );

  app.delete(
    '/v1/webhooks/:webhook',
    {
      config: { access: 'webhooks:write', errors: ['WEBHOOK_NOT_FOUND'] },
      schema: {
        operationId: 'deleteWebhook',
        tags: ['Webhooks'],
        summary: 'Delete a webhook with everything that waits for it',
        params: WebhookParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      const { webhook } = request.params;
      found(isIdentifier(webhook) && (await endpoints.remove(tenantOf(request), webhook)), webhook);
      return reply.code(204).send(null);
    },
  );
};

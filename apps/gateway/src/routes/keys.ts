import { ApiKey, CreateApiKey, CreatedApiKey, pageOf } from '@flotilla/contracts';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import type { Routes } from '../parts.ts';
import { findTenant, TenantParams } from './tenants.ts';

const KeyParams = Type.Object({ ...TenantParams.properties, key: Type.String({ description: 'Id of the key' }) });

/** `/v1/tenants/{tenant}/keys`: for the operator. */
export const keyRoutes: Routes = async (app, parts) => {
  const { apiKeys } = parts;

  app.post(
    '/v1/tenants/:tenant/keys',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND'] },
      schema: {
        operationId: 'createApiKey',
        tags: ['Tenants'],
        summary: 'Create an API key',
        description: 'The answer is the only place where the key is ever shown: it is stored hashed.',
        params: TenantParams,
        body: CreateApiKey,
        response: { 201: CreatedApiKey },
      },
    },
    async ({ params, body }, reply) => {
      if (body.expiresAt !== undefined && body.expiresAt <= Date.now())
        throw apiError('VALIDATION', 'body/expiresAt: must lie in the future, in Unix milliseconds');
      const { id } = await findTenant(parts, params.tenant);
      return reply.code(201).send(await apiKeys.create(id, body));
    },
  );

  app.get(
    '/v1/tenants/:tenant/keys',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND'] },
      schema: {
        operationId: 'listApiKeys',
        tags: ['Tenants'],
        summary: "List a tenant's API keys, without the keys themselves",
        params: TenantParams,
        response: { 200: pageOf(ApiKey) },
      },
    },
    async ({ params }) => {
      const { id } = await findTenant(parts, params.tenant);
      return { items: await apiKeys.list(id) };
    },
  );

  app.delete(
    '/v1/tenants/:tenant/keys/:key',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND', 'API_KEY_NOT_FOUND'] },
      schema: {
        operationId: 'deleteApiKey',
        tags: ['Tenants'],
        summary: 'Revoke an API key at once',
        params: KeyParams,
        response: { 204: Type.Null({ description: 'It is revoked' }) },
      },
    },
    async ({ params }, reply) => {
      const { id } = await findTenant(parts, params.tenant);
      const removed = isIdentifier(params.key) && (await apiKeys.remove(id, params.key));
      if (!removed) throw apiError('API_KEY_NOT_FOUND', shown(params.key));
      return reply.code(204).send(null);
    },
  );
};

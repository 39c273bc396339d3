import { CreateTenant, PageQuery, pageOf, Tenant, type Tenant as TenantType, UpdateTenant } from '@flotilla/contracts';
import { removeFeed } from '@flotilla/instance';
import { decodeCursor, encodeCursor } from '@flotilla/redis';
import Type from 'typebox';
import { apiError } from '../errors.ts';
import { isIdentifier, shown } from '../identifier.ts';
import { removeInstance } from '../instance-control.ts';
import { defaultLimit } from '../page.ts';
import type { Parts, Routes } from '../parts.ts';

export const TenantParams = Type.Object({ tenant: Type.String({ description: 'Id of the tenant' }) });

/** The tenant that a path names. */
export async function findTenant({ tenants }: Pick<Parts, 'tenants'>, id: string): Promise<TenantType> {
  const tenant = isIdentifier(id) ? await tenants.get(id) : undefined;
  if (!tenant) throw apiError('TENANT_NOT_FOUND', shown(id));
  return tenant;
}

/** Removes everything of a tenant; its access first. May be repeated after it was interrupted. */
async function removeTenant(parts: Parts, tenant: string) {
  const { redis, tenants, apiKeys, instances, endpoints, media } = parts;
  await apiKeys.removeAll(tenant);
  let page = await instances.list(tenant, { limit: 200 });
  while (page.items.length > 0) {
    for (const instance of page.items) await removeInstance(parts, instance);
    page = await instances.list(tenant, { limit: 200 });
  }
  let webhooks = await endpoints.list(tenant, { limit: 200 });
  while (webhooks.items.length > 0) {
    for (const { id } of webhooks.items) await endpoints.remove(tenant, id);
    webhooks = await endpoints.list(tenant, { limit: 200 });
  }
  await media.removeTenant(tenant);
  await tenants.remove(tenant);
  // Nothing is added any more once the tenant is gone.
  await removeFeed(redis, tenant);
}

/** `/v1/tenants`: for the operator. */
export const tenantRoutes: Routes = async (app, parts) => {
  const { tenants } = parts;

  app.post(
    '/v1/tenants',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'createTenant',
        tags: ['Tenants'],
        summary: 'Create a tenant',
        body: CreateTenant,
        response: { 201: Tenant },
      },
    },
    async (request, reply) => reply.code(201).send(await tenants.create(request.body)),
  );

  app.get(
    '/v1/tenants',
    {
      config: { access: 'operator', errors: ['BAD_CURSOR'] },
      schema: {
        operationId: 'listTenants',
        tags: ['Tenants'],
        summary: 'List all tenants, oldest first',
        querystring: PageQuery,
        response: { 200: pageOf(Tenant) },
      },
    },
    async ({ query: { limit = defaultLimit, cursor } }) => {
      const { items, next } = await tenants.list(limit, decodeCursor(cursor));
      return { items, nextCursor: next && encodeCursor(next) };
    },
  );

  app.get(
    '/v1/tenants/:tenant',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND'] },
      schema: {
        operationId: 'getTenant',
        tags: ['Tenants'],
        summary: 'Show a tenant',
        params: TenantParams,
        response: { 200: Tenant },
      },
    },
    async ({ params }) => findTenant(parts, params.tenant),
  );

  app.patch(
    '/v1/tenants/:tenant',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND'] },
      schema: {
        operationId: 'updateTenant',
        tags: ['Tenants'],
        summary: 'Change the name of a tenant, or which dialects it may use',
        params: TenantParams,
        body: UpdateTenant,
        response: { 200: Tenant },
      },
    },
    async ({ params, body }) => {
      const { id } = await findTenant(parts, params.tenant);
      await tenants.update(id, body);
      return findTenant(parts, id);
    },
  );

  app.delete(
    '/v1/tenants/:tenant',
    {
      config: { access: 'operator', errors: ['TENANT_NOT_FOUND'] },
      schema: {
        operationId: 'deleteTenant',
        tags: ['Tenants'],
        summary: 'Delete a tenant with everything it has',
        description:
          'Its keys stop working at once; its instances are logged out and wiped by the workers, its webhooks end.',
        params: TenantParams,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async ({ params }, reply) => {
      const { id } = await findTenant(parts, params.tenant);
      await removeTenant(parts, id);
      return reply.code(204).send(null);
    },
  );
};

import {
  allDialects,
  type CreateTenant,
  fleetKeys,
  newId,
  type Tenant,
  tenantKeys,
  type UpdateTenant,
} from '@flotilla/contracts';
import type { Place, Redis } from '@flotilla/redis';
import { readPage } from './sorted-set.ts';

export type Tenants = ReturnType<typeof createTenants>;

/** Tenants as Redis holds them. */
export function createTenants(redis: Redis) {
  const get = async (id: string): Promise<Tenant | undefined> => {
    const { name, dialects, createdAt } = await redis.hgetall(tenantKeys.record(id));
    if (createdAt === undefined) return undefined;
    // One that was never said which may use all, also those that are added later.
    return {
      id,
      name: name ?? '',
      dialects: dialects === undefined ? allDialects : JSON.parse(dialects),
      createdAt: Number(createdAt),
    };
  };

  const fields = ({ name, dialects }: UpdateTenant) => ({
    ...(name !== undefined && { name }),
    ...(dialects !== undefined && { dialects: JSON.stringify(dialects) }),
  });

  return {
    /** The tenant, or undefined. */
    get,
    /** Creates a tenant. */
    async create(asked: CreateTenant): Promise<Tenant> {
      const tenant = { id: newId('tenant'), dialects: allDialects, ...asked, createdAt: Date.now() };
      // The record first: an entry in the list must never lead nowhere.
      await redis.hset(tenantKeys.record(tenant.id), { ...fields(asked), createdAt: tenant.createdAt });
      await redis.zadd(fleetKeys.tenants, tenant.createdAt, tenant.id);
      return tenant;
    },
    /** Changes what is given of a tenant that exists. */
    async update(id: string, change: UpdateTenant) {
      await redis.hset(tenantKeys.record(id), fields(change));
    },
    /** A page of all tenants, oldest first. */
    async list(limit: number, after: Place | undefined) {
      const { entries, next } = await readPage(redis, fleetKeys.tenants, limit, after);
      const tenants = await Promise.all(entries.map(({ member }) => get(member)));
      return { items: tenants.filter((tenant) => tenant !== undefined), next };
    },
    /** Forgets the tenant itself; to be called last, so that an interrupted removal can be repeated. */
    async remove(id: string) {
      await redis.zrem(fleetKeys.tenants, id);
      await redis.del(tenantKeys.record(id), tenantKeys.aliases(id));
    },
  };
}

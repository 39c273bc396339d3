import { fleetKeys, newId, type Tenant, tenantKeys } from '@flotilla/contracts';
import type { Place, Redis } from '@flotilla/redis';
import { readPage } from './sorted-set.ts';

export type Tenants = ReturnType<typeof createTenants>;

/** Tenants as Redis holds them. */
export function createTenants(redis: Redis) {
  const get = async (id: string): Promise<Tenant | undefined> => {
    const { name, createdAt } = await redis.hgetall(tenantKeys.record(id));
    return createdAt === undefined ? undefined : { id, name: name ?? '', createdAt: Number(createdAt) };
  };

  return {
    /** The tenant, or undefined. */
    get,
    /** Creates a tenant. */
    async create(name: string): Promise<Tenant> {
      const tenant = { id: newId('tenant'), name, createdAt: Date.now() };
      // The record first: an entry in the list must never lead nowhere.
      await redis.hset(tenantKeys.record(tenant.id), { name, createdAt: tenant.createdAt });
      await redis.zadd(fleetKeys.tenants, tenant.createdAt, tenant.id);
      return tenant;
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
      await redis.del(tenantKeys.record(id));
    },
  };
}

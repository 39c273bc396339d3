import { fleetKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const chargeScript = defineScript(new URL('./charge.lua', import.meta.url));
const recountScript = defineScript(new URL('./recount.lua', import.meta.url));

const key = fleetKeys.mediaUsage;
const countedField = (tenant: string) => `${tenant}:counted`;

/**
 * Bytes that each tenant's files take. A process that dies between file and counter leaves them apart by that file;
 * the sweep counts what is really there and puts it right.
 */
export function createUsage(redis: Redis) {
  const of = async (tenant: string) => Number(await redis.hget(key, tenant)) || 0;
  return {
    of,
    /** Adds bytes, or takes them away. @returns false, and nothing has changed, if that is more than `limit` (0: none) */
    async charge(tenant: string, bytes: number, limit: number): Promise<boolean> {
      return (await chargeScript(redis, [key], [tenant, bytes, limit])) === 1;
    },
    /** Sets what was counted since the counter stood at `believed`. */
    async recount(tenant: string, counted: number, believed: number, at: number): Promise<void> {
      await recountScript(redis, [key], [tenant, counted, believed, at]);
    },
    /** Tenants that have not been counted since `before` (Unix ms), with what they are believed to take. */
    async uncounted(before: number): Promise<{ tenant: string; believed: number }[]> {
      const all = await redis.hgetall(key);
      return Object.entries(all).flatMap(([tenant, bytes]) =>
        tenant.endsWith(':counted') || Number(all[countedField(tenant)] ?? 0) >= before
          ? []
          : [{ tenant, believed: Number(bytes) }],
      );
    },
    async forget(tenant: string): Promise<void> {
      await redis.hdel(key, tenant, countedField(tenant));
    },
  };
}

import { tenantKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';

const moveAlias = defineScript(new URL('./move-alias.lua', import.meta.url));

/** An alias belongs to another instance of the tenant. */
export class AliasTakenError extends Error {
  readonly alias: string;

  constructor(alias: string) {
    super(`The alias ${alias} belongs to another instance`);
    this.name = 'AliasTakenError';
    this.alias = alias;
  }
}

/** Whose an alias is; undefined if it is nobody's. */
export async function findAlias(redis: Redis, tenant: string, alias: string): Promise<string | undefined> {
  return (await redis.hget(tenantKeys.aliases(tenant), alias)) ?? undefined;
}

/**
 * Gives an alias to an instance whose record names it already. As the record comes first, an alias that leads to an
 * instance with another one in its record was left behind, by a crash or by two changes at a time, and may be had.
 * @param isLeft whether an instance is no more, or is called otherwise now
 * @throws AliasTakenError
 */
export async function takeAlias(
  redis: Redis,
  { tenant, alias, instance }: { tenant: string; alias: string; instance: string },
  isLeft: (holder: string) => Promise<boolean>,
): Promise<void> {
  const keys = [tenantKeys.aliases(tenant)];
  const holder = String(await moveAlias(redis, keys, [alias, '', instance]));
  if (holder === instance) return;
  if (!(await isLeft(holder)) || (await moveAlias(redis, keys, [alias, holder, instance])) !== instance)
    throw new AliasTakenError(alias);
}

/** Takes an alias away from an instance, if it is its. */
export async function dropAlias(
  redis: Redis,
  { tenant, alias, instance }: { tenant: string; alias: string; instance: string },
): Promise<void> {
  await moveAlias(redis, [tenantKeys.aliases(tenant)], [alias, instance, '']);
}

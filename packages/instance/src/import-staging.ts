import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** How long an import may wait for a worker before it is void (ms). */
export const importTtlMs = 600_000;
/** How much is written at a time (bytes): Redis serves others in between. */
const batchBytes = 262_144;

interface ImportPlace {
  instance: string;
  requestId: string;
}

/**
 * Lays what is to be imported aside, in the instance's slot, where nobody reads it: only the lease holder can make it
 * the auth state, in one step. It expires by itself.
 * @param seal encrypts one field; called field by field, so that not all of it is in memory twice
 */
export async function stageImport(
  redis: Redis,
  { instance, requestId }: ImportPlace,
  fields: ReadonlyMap<string, string>,
  seal: (field: string, value: string) => Buffer,
): Promise<void> {
  const key = instanceKeys.importStaging(instance, requestId);
  let batch: (string | Buffer)[] = [];
  let bytes = 0;
  const write = async () => {
    const replies = await redis
      .multi()
      .hset(key, ...batch)
      .pexpire(key, importTtlMs)
      .exec();
    for (const [error] of replies ?? []) if (error) throw error;
    batch = [];
    bytes = 0;
  };
  for (const [field, value] of fields) {
    const sealed = seal(field, value);
    batch.push(field, sealed);
    bytes += sealed.length;
    if (bytes > batchBytes) await write();
  }
  if (batch.length > 0) await write();
}

/** Takes back what was laid aside. @returns false if it is not there: a worker has taken it, or it has expired */
export async function dropImport(redis: Redis, { instance, requestId }: ImportPlace): Promise<boolean> {
  return (await redis.del(instanceKeys.importStaging(instance, requestId))) === 1;
}

/** How many fields are laid aside. */
export const stagedFields = (redis: Redis, { instance, requestId }: ImportPlace): Promise<number> =>
  redis.hlen(instanceKeys.importStaging(instance, requestId));

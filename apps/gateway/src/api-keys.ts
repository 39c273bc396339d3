import {
  type ApiKey,
  allScopes,
  type CreateApiKey,
  type CreatedApiKey,
  fleetKeys,
  newApiKeySecret,
  newId,
  type Scope,
  sha256,
  tenantKeys,
} from '@flotilla/contracts';
import { type Redis, shareReads } from '@flotilla/redis';

/** A key as Redis holds it: everything but the key. */
interface StoredApiKey extends ApiKey {
  sha256: string;
}

/** Whom a key stands for. */
export interface KeyHolder {
  tenant: string;
  keyId: string;
  scopes: readonly Scope[];
  /** There is no such key: a port stands for the tenant. */
  isPort?: true;
}

/** So many keys are known by the hash that they are asked for with. */
const knownKeys = 10_000;

export type ApiKeys = ReturnType<typeof createApiKeys>;

/**
 * API keys as Redis holds them. The tenant's hash is the truth (what is not in it is revoked, in one write);
 * the entry under the key's own hash only says which tenant to ask.
 */
export function createApiKeys(redis: Redis) {
  const publicPart = ({ sha256: _, ...key }: StoredApiKey): ApiKey => key;
  const readAll = async (tenant: string): Promise<StoredApiKey[]> =>
    (await redis.hvals(tenantKeys.apiKeys(tenant))).map((json) => JSON.parse(json));

  /** What a tenant's key may do now; undefined if there is none, it was revoked or has expired. */
  const find = (tenant: string, id: string) => read(`${tenant} ${id}`);
  const read = shareReads(async (name): Promise<KeyHolder | undefined> => {
    const [tenant = '', id = ''] = name.split(' ');
    const json = await redis.hget(tenantKeys.apiKeys(tenant), id);
    if (json === null) return undefined;
    const { scopes, expiresAt }: StoredApiKey = JSON.parse(json);
    if (expiresAt !== undefined && expiresAt <= Date.now()) return undefined;
    return { tenant, keyId: id, scopes };
  });

  /**
   * Which key has a hash: never another one, so that it need not be asked for again. Whether the key may still be used
   * is asked each time.
   */
  const known = new Map<string, { tenant: string; id: string }>();
  const keyWith = async (hash: string) => {
    const { tenant, id } = await redis.hgetall(fleetKeys.apiKey(hash));
    if (!tenant || !id) return undefined;
    for (const oldest of known.keys()) {
      if (known.size < knownKeys) break;
      known.delete(oldest);
    }
    known.set(hash, { tenant, id });
    return { tenant, id };
  };

  return {
    /** Creates a key; the answer is the only place where it is ever seen. */
    async create(tenant: string, { name = '', scopes = allScopes, expiresAt }: CreateApiKey): Promise<CreatedApiKey> {
      const key = newApiKeySecret();
      const stored: StoredApiKey = {
        id: newId('apiKey'),
        name,
        scopes: [...scopes],
        createdAt: Date.now(),
        expiresAt,
        sha256: sha256(key),
      };
      await redis.hset(fleetKeys.apiKey(stored.sha256), { tenant, id: stored.id });
      await redis.hset(tenantKeys.apiKeys(tenant), stored.id, JSON.stringify(stored));
      return { ...publicPart(stored), key };
    },

    /** All keys of a tenant, oldest first, without the keys themselves. */
    async list(tenant: string): Promise<ApiKey[]> {
      const keys = await readAll(tenant);
      return keys.sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id)).map(publicPart);
    },

    /** Revokes a key. @returns whether there was one */
    async remove(tenant: string, id: string): Promise<boolean> {
      const json = await redis.hget(tenantKeys.apiKeys(tenant), id);
      if (json === null) return false;
      const stored: StoredApiKey = JSON.parse(json);
      await redis.hdel(tenantKeys.apiKeys(tenant), id);
      await redis.del(fleetKeys.apiKey(stored.sha256));
      return true;
    },

    /** Revokes every key of a tenant. */
    async removeAll(tenant: string): Promise<void> {
      const keys = await readAll(tenant);
      await redis.del(tenantKeys.apiKeys(tenant));
      for (const key of keys) await redis.del(fleetKeys.apiKey(key.sha256));
    },

    /** Whom the key with this hash stands for; undefined if it is unknown, revoked or expired. */
    async holder(hash: string): Promise<KeyHolder | undefined> {
      const found = known.get(hash) ?? (await keyWith(hash));
      return found && find(found.tenant, found.id);
    },

    find,
  };
}

import type { KeyCache, Sealer } from '@flotilla/auth-state';
import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';

/** What is to be known of an auth state without opening it. */
export interface StoredAuth {
  /** Whether credentials are stored that a phone has signed: real ones, whatever the record says. */
  hasAccount(instance: string): Promise<boolean>;
  /** Forgets what this process remembers of an instance's keys: others have been stored. */
  forget(instance: string): void;
}

export function createStoredAuth(context: { redis: Redis; keyRing: Sealer; keyCache: KeyCache }): StoredAuth {
  const { redis, keyRing, keyCache } = context;
  return {
    async hasAccount(instance) {
      const sealed = await redis.hgetBuffer(instanceKeys.authState(instance), 'creds');
      if (!sealed) return false;
      const creds = JSON.parse(keyRing.open(sealed, `${instance}:creds`).toString('utf8')) as { account?: unknown };
      return Boolean(creds.account);
    },
    forget: (instance) => keyCache.forget(instance),
  };
}

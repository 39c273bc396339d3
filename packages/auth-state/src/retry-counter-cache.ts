import type { CacheStore } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';

/** Baileys' own lifetime for these counters. */
const lifetimeMs = 60 * 60 * 1000;

/** Counters of all the instances of a process, bounded together. */
export interface RetryCounters {
  /** For `makeWASocket({ msgRetryCounterCache })`. */
  of(instance: string): CacheStore;
}

/**
 * Baileys' `msgRetryCounterCache`, but outliving the socket, so that a reconnect does not begin to count from zero, and
 * without one timer and one map per socket. Message ids are the sender's, so instances in one group share them: each
 * instance has its own part.
 */
export function createRetryCounters(options: { max: number }): RetryCounters {
  const counters = new LRUCache<string, NonNullable<unknown>>({ max: options.max, ttl: lifetimeMs });
  return {
    of(instance) {
      const prefix = `${instance} `;
      return {
        get: <T>(key: string) => counters.get(prefix + key) as T | undefined,
        set(key, value) {
          counters.set(prefix + key, value ?? 0);
        },
        del(key) {
          counters.delete(prefix + key);
        },
        flushAll() {
          for (const key of counters.keys()) if (key.startsWith(prefix)) counters.delete(key);
        },
      };
    },
  };
}

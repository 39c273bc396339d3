import type { CacheStore } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';

/** What Baileys remembers for a while, of all the instances of a process, bounded together. */
export interface SharedCache {
  /** For `makeWASocket`, in place of a cache that it would make for this socket alone. */
  of(instance: string): CacheStore;
}

/**
 * A cache for one of Baileys' options, but outliving the socket, so that a reconnect knows what was before it, and
 * without a timer and maps for each socket: those of an idle one take some kilobytes and never hold anything. Message ids
 * are the sender's, so instances in one group share them: each instance has its own part.
 * @param options.max entries of all instances together
 * @param options.lifetimeMs how long an entry is remembered
 */
export function createSharedCache(options: { max: number; lifetimeMs: number }): SharedCache {
  // `max` would reserve the memory of all entries at once.
  const entries = new LRUCache<string, NonNullable<unknown>>({
    maxSize: options.max,
    sizeCalculation: () => 1,
    ttl: options.lifetimeMs,
  });
  return {
    of(instance) {
      const prefix = `${instance} `;
      return {
        get: <T>(key: string) => entries.get(prefix + key) as T | undefined,
        set(key, value) {
          entries.set(prefix + key, value ?? 0);
        },
        del(key) {
          entries.delete(prefix + key);
        },
        flushAll() {
          for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key);
        },
      };
    },
  };
}

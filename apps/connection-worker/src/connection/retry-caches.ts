import type { WASocket } from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { atMost } from '../bounded-cache.ts';

/** What this touches of Baileys' `MessageRetryManager` (7.0.0-rc14): two caches, and an index of one of them. */
interface RetryCaches {
  recentMessagesMap: LRUCache<string, object>;
  baseKeys: LRUCache<string, Uint8Array>;
  /** The key of each message in `recentMessagesMap`, by its id. */
  messageKeyIndex: Map<string, string>;
}

/** Baileys puts this between the chat and the id of a message. */
const separator = '\u0000';

/**
 * Replaces the caches in which Baileys keeps, of each socket, the last 512 messages sent and the base keys of 1,024
 * retries: by such that take memory for what is in them, not for what may be. Nothing else changes: as many entries, as
 * long. Call it right after `makeWASocket()`, while they are empty.
 * @throws if this Baileys is not the one that it was written for
 */
export function trimRetryCaches({ messageRetryManager }: Pick<WASocket, 'messageRetryManager'>): void {
  if (!messageRetryManager) return;
  const caches = messageRetryManager as unknown as RetryCaches;
  const { recentMessagesMap: recent, baseKeys, messageKeyIndex } = caches;
  const areKnown = [recent, baseKeys].every((cache) => cache?.size === 0 && cache.max > 0 && cache.ttl > 0);
  if (!areKnown || !(messageKeyIndex instanceof Map))
    throw new Error('These are not the caches of retries of 7.0.0-rc14');
  caches.baseKeys = new LRUCache({ ...atMost(baseKeys.max), ttl: baseKeys.ttl, ttlAutopurge: true });
  caches.recentMessagesMap = new LRUCache({
    ...atMost(recent.max),
    ttl: recent.ttl,
    ttlAutopurge: true,
    dispose: (_message, key) => messageKeyIndex.delete(key.slice(key.lastIndexOf(separator) + 1)),
  });
}

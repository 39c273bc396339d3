import type { EndpointRecord } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { activeSecrets, readEndpoint } from '@flotilla/webhook';

/** How long an endpoint is not read again (ms): the time in which workers see a change. */
const maxAgeMs = 1_000;

/** An endpoint that takes deliveries, with its secrets open. */
export interface OpenEndpoint {
  record: EndpointRecord;
  /** Signing secrets, newest first. */
  secrets: string[];
}

/**
 * Reads endpoints, each at most once a second.
 * @returns a function that gives the endpoint; undefined if there is none or it is switched off. Rejects with the key
 *   ring's error where a secret cannot be opened.
 */
export function createEndpointCache({ redis, keyRing }: { redis: Redis; keyRing: KeyRing }) {
  const cached = new Map<string, { readAt: number; endpoint: OpenEndpoint }>();
  return async (tenant: string, id: string): Promise<OpenEndpoint | undefined> => {
    const now = performance.now();
    const known = cached.get(id);
    if (known && now - known.readAt < maxAgeMs) return known.endpoint;
    for (const [other, { readAt }] of cached) {
      // Oldest first: what is behind the first fresh one is fresher.
      if (now - readAt < maxAgeMs) break;
      cached.delete(other);
    }
    const record = await readEndpoint(redis, tenant, id);
    // That one is gone or off is never remembered: a turn that believed it too long would leave its mailbox unread.
    if (!record?.enabled) return undefined;
    const endpoint = { record, secrets: activeSecrets(record, keyRing) };
    cached.delete(id);
    cached.set(id, { readAt: now, endpoint });
    return endpoint;
  };
}

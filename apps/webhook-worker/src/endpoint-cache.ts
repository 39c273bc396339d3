import type { Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { type OpenEndpoint, openEndpoint, readEndpoint } from '@flotilla/webhook';

/** How long an endpoint is not read again (ms): the time in which workers see a change. */
const maxAgeMs = 1_000;

/**
 * Reads endpoints, each at most once a second.
 * @returns a function that gives the endpoint, at once if it was read lately; undefined if there is none or it is
 *   switched off. Rejects with the key ring's error where a secret cannot be opened.
 */
export function createEndpointCache({ redis, keyRing }: { redis: Redis; keyRing: KeyRing }) {
  const cached = new Map<string, { readAt: number; endpoint: OpenEndpoint }>();

  const read = async (tenant: string, id: string, now: number): Promise<OpenEndpoint | undefined> => {
    for (const [other, { readAt }] of cached) {
      // Oldest first: what is behind the first fresh one is fresher.
      if (now - readAt < maxAgeMs) break;
      cached.delete(other);
    }
    const record = await readEndpoint(redis, tenant, id);
    // That one is gone or off is never remembered: a turn that believed it too long would leave its mailboxes unread.
    if (!record?.enabled) return undefined;
    const endpoint = openEndpoint(record, keyRing);
    cached.delete(id);
    cached.set(id, { readAt: now, endpoint });
    return endpoint;
  };

  return (tenant: string, id: string): OpenEndpoint | Promise<OpenEndpoint | undefined> => {
    const now = performance.now();
    const known = cached.get(id);
    return known && now - known.readAt < maxAgeMs ? known.endpoint : read(tenant, id, now);
  };
}

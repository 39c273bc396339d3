import type { EndpointRecord } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { type OpenEndpoint, openEndpoint, readEndpoint } from '@flotilla/webhook';

/** How long an endpoint is not read again (ms): the time in which workers see a change. */
const maxAgeMs = 1_000;

/** Reads endpoints, each at most once a second, and opens their secrets only where something has changed. */
export function createEndpointCache({ redis, keyRing }: { redis: Redis; keyRing: KeyRing }) {
  const cached = new Map<string, { readAt: number; record: EndpointRecord }>();
  const opened = new WeakMap<EndpointRecord, OpenEndpoint>();

  const open = (record: EndpointRecord): OpenEndpoint => {
    const known = opened.get(record);
    if (known) return known;
    const endpoint = openEndpoint(record, keyRing);
    opened.set(record, endpoint);
    return endpoint;
  };

  const note = (record: EndpointRecord) => {
    const now = performance.now();
    cached.delete(record.id);
    // That one is off is never remembered, nor that it is gone: a turn that believed it too long would leave its
    // mailboxes unread.
    if (record.enabled) cached.set(record.id, { readAt: now, record });
    for (const [other, { readAt }] of cached) {
      // Oldest first: what is behind the first fresh one is fresher.
      if (now - readAt < maxAgeMs) break;
      cached.delete(other);
    }
  };

  const read = async (tenant: string, id: string): Promise<OpenEndpoint | undefined> => {
    const record = await readEndpoint(redis, tenant, id);
    if (!record?.enabled) return undefined;
    const endpoint = open(record);
    note(record);
    return endpoint;
  };

  return {
    /** Tells of an endpoint that was read just now. */
    note,
    /**
     * The endpoint, at once if it was read lately; undefined if there is none or it is switched off.
     * @throws the key ring's error where a secret cannot be opened
     */
    open(tenant: string, id: string): OpenEndpoint | Promise<OpenEndpoint | undefined> {
      const known = cached.get(id);
      return known && performance.now() - known.readAt < maxAgeMs ? open(known.record) : read(tenant, id);
    },
  };
}

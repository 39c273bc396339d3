import { type EndpointRecord, endpointSecretContext, tenantKeys, type Webhook } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';

const replaceScript = defineScript(new URL('./replace-endpoint.lua', import.meta.url));

/** Records that are remembered with their texts: a relay reads those of its tenant with each event. */
const kept = 2_000;
const known = new Map<string, EndpointRecord>();

/** A record as it is stored; those of old say less. As long as the text is the same, so is the record. */
function parseEndpoint(stored: string): EndpointRecord {
  const before = known.get(stored);
  if (before) return before;
  const record: EndpointRecord = Object.freeze({
    format: 'native',
    headers: {},
    ordering: 'ordered',
    compress: 'none',
    ...JSON.parse(stored),
  });
  known.set(stored, record);
  const oldest = known.keys().next();
  if (known.size > kept && !oldest.done) known.delete(oldest.value);
  return record;
}

/** The endpoint of this tenant, or undefined. */
export async function readEndpoint(redis: Redis, tenant: string, id: string): Promise<EndpointRecord | undefined> {
  const stored = await redis.hget(tenantKeys.endpoints(tenant), id);
  return stored ? parseEndpoint(stored) : undefined;
}

/** All endpoints of a tenant, oldest first. */
export async function readEndpoints(redis: Redis, tenant: string): Promise<EndpointRecord[]> {
  const stored = await redis.hvals(tenantKeys.endpoints(tenant));
  return stored.map(parseEndpoint).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/**
 * Changes an endpoint's record, again and again until nobody has come between reading and writing.
 * @param change gets the record, gives back the new one; undefined leaves it as it is
 * @returns the new record, or undefined if there is no such endpoint or nothing was to change
 */
export async function changeEndpoint(
  redis: Redis,
  tenant: string,
  id: string,
  change: (record: EndpointRecord) => EndpointRecord | undefined,
): Promise<EndpointRecord | undefined> {
  const key = tenantKeys.endpoints(tenant);
  for (;;) {
    const stored = await redis.hget(key, id);
    if (!stored) return undefined;
    const changed = change(parseEndpoint(stored));
    if (!changed) return undefined;
    if ((await replaceScript(redis, [key], [id, stored, JSON.stringify(changed)])) === 1) return changed;
  }
}

/**
 * Switches an endpoint off because of what it answered, unless it has got another address meanwhile. Its mailboxes stay
 * until it is switched on or removed.
 */
export async function disableEndpoint(
  redis: Redis,
  { tenant, id, url }: Pick<EndpointRecord, 'tenant' | 'id' | 'url'>,
  reason: string,
): Promise<void> {
  await changeEndpoint(redis, tenant, id, (record) =>
    record.enabled && record.url === url ? { ...record, enabled: false, disabledReason: reason } : undefined,
  );
}

/** The signing secrets that are valid now, newest first. Throws what the key ring throws. */
export function activeSecrets(record: EndpointRecord, keyRing: KeyRing): string[] {
  const context = endpointSecretContext(record.id);
  return record.secrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > Date.now())
    .map(({ sealed }) => keyRing.open(Buffer.from(sealed, 'base64'), context).toString('utf8'));
}

/** A secret as it is stored. */
export const sealSecret = (id: string, secret: string, keyRing: KeyRing) => ({
  sealed: keyRing.seal(secret, endpointSecretContext(id)).toString('base64'),
});

/** What the tenant sees of an endpoint. */
export function toWebhook(record: EndpointRecord): Webhook {
  const { tenant: _, secrets: __, headers, ...shown } = record;
  return { ...shown, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.shown])) };
}

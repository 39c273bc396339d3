import {
  type CreatedWebhook,
  type CreateWebhook,
  type EndpointRecord,
  endpointKeys,
  newId,
  type TurnJob,
  tenantKeys,
  type UpdateWebhook,
  type Webhook,
  type WebhookStats,
} from '@flotilla/contracts';
import { decodeCursor, encodeCursor, fleetNow, type Page, type Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { bounds } from './bounds.ts';
import { sealHeaders } from './custom-headers.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createDeliveries } from './deliveries.ts';
import type { PageRequest } from './delivery-log.ts';
import { readStats } from './endpoint-metrics.ts';
import { changeEndpoint, readEndpoint, readEndpoints, sealSecret, toWebhook } from './endpoint-store.ts';
import { forgetEndpoint } from './forget.ts';
import { newSigningSecret } from './signature.ts';

/** An endpoint has as many signing secrets as may be valid at once. */
class TooManySecretsError extends Error {
  readonly code = 'TOO_MANY_SECRETS';
}

export type Endpoints = ReturnType<typeof createEndpoints>;

/**
 * A tenant's webhook endpoints, their deliveries and dead letters. Whatever is not the tenant's is not found:
 * undefined or false.
 * @param addTurn asks for a turn of an endpoint: used when there is something to deliver again
 */
export function createEndpoints({
  redis,
  keyRing,
  addTurn,
}: {
  redis: Redis;
  keyRing: KeyRing;
  addTurn: (job: TurnJob) => Promise<void>;
}) {
  return {
    ...createDeliveries({ redis, addTurn }),
    ...createDeadLetters({ redis, addTurn }),

    /**
     * Creates an endpoint; it gets events from now on. The secret is shown only here.
     * @param input checked by whoever calls: URL, headers and secret
     */
    async create(tenant: string, input: CreateWebhook): Promise<CreatedWebhook> {
      const id = newId('webhook');
      const { secret = newSigningSecret(), headers, ...settings } = input;
      const record: EndpointRecord = {
        events: ['*'],
        instances: [],
        format: 'native',
        description: '',
        ordering: 'ordered',
        compress: 'none',
        enabled: true,
        ...settings,
        id,
        tenant,
        headers: sealHeaders(id, headers ?? {}, keyRing),
        createdAt: fleetNow(),
        secrets: [sealSecret(id, secret, keyRing)],
      };
      await redis.hset(tenantKeys.endpoints(tenant), id, JSON.stringify(record));
      return { ...toWebhook(record), secret };
    },

    /** How many endpoints a tenant has. */
    count: (tenant: string): Promise<number> => redis.hlen(tenantKeys.endpoints(tenant)),

    /** A page of endpoints, oldest first. @throws BadCursorError */
    async list(tenant: string, { limit, cursor }: PageRequest): Promise<Page<Webhook>> {
      const after = decodeCursor(cursor);
      const records = (await readEndpoints(redis, tenant)).filter(
        ({ createdAt, id }) => !after || createdAt > after.score || (createdAt === after.score && id > after.member),
      );
      const page = records.slice(0, limit);
      const last = page.at(-1);
      const more = records.length > limit && last !== undefined;
      return {
        items: page.map(toWebhook),
        ...(more && { nextCursor: encodeCursor({ score: last.createdAt, member: last.id }) }),
      };
    },

    /** How an endpoint is doing. */
    async stats(tenant: string, id: string): Promise<WebhookStats | undefined> {
      return (await readEndpoint(redis, tenant, id)) && readStats(redis, id);
    },

    async get(tenant: string, id: string): Promise<Webhook | undefined> {
      const record = await readEndpoint(redis, tenant, id);
      return record && toWebhook(record);
    },

    /**
     * Changes an endpoint. Workers see it within a second; another format is that of what waits, too. Another address, or switching on, closes the breaker; switching
     * on also goes on with what waited.
     */
    async update(tenant: string, id: string, change: UpdateWebhook): Promise<Webhook | undefined> {
      const { headers, ...settings } = change;
      const record = await changeEndpoint(redis, tenant, id, ({ disabledReason, ...old }) => ({
        ...old,
        ...settings,
        ...(headers && { headers: sealHeaders(id, headers, keyRing) }),
        ...(change.enabled === undefined && disabledReason && { disabledReason }),
      }));
      if (!record) return undefined;
      if (change.url !== undefined || change.enabled === true)
        await redis.del(endpointKeys.health(id), endpointKeys.alert(id));
      if (change.enabled === true) await addTurn({ endpoint: id, tenant });
      return toWebhook(record);
    },

    /**
     * Gives an endpoint a new signing secret. The old ones go on signing beside it for a while.
     * @param secret one of the tenant's own, checked by whoever calls
     * @param graceMs for how long the old ones sign
     * @throws TooManySecretsError if as many are valid as may be: dropping one would break the promise that it signs
     */
    async rotateSecret(
      tenant: string,
      id: string,
      { secret = newSigningSecret(), graceMs = 86_400_000 }: { secret?: string; graceMs?: number } = {},
    ): Promise<CreatedWebhook | undefined> {
      const expiry = fleetNow() + graceMs;
      const record = await changeEndpoint(redis, tenant, id, (old) => {
        const former = old.secrets
          .map(({ sealed, expiresAt }) => ({ sealed, expiresAt: Math.min(expiresAt ?? expiry, expiry) }))
          .filter(({ expiresAt }) => expiresAt > fleetNow());
        if (former.length >= bounds.secrets) throw new TooManySecretsError();
        return { ...old, secrets: [sealSecret(id, secret, keyRing), ...former] };
      });
      return record && { ...toWebhook(record), secret };
    },

    /** Removes an endpoint with everything that waits for it. Turns that are queued end quietly. */
    async remove(tenant: string, id: string): Promise<boolean> {
      if ((await redis.hdel(tenantKeys.endpoints(tenant), id)) === 0) return false;
      await forgetEndpoint(redis, id);
      return true;
    },
  };
}

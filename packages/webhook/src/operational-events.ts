import {
  type Attempt,
  type EndpointRecord,
  endpointKeys,
  type FlotillaEvent,
  instanceKeys,
  type NewEvent,
  type RelayJob,
} from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { bounds } from './bounds.ts';
import { disableEndpoint } from './endpoint-store.ts';

const tellScript = defineScript(new URL('./tell-once.lua', import.meta.url));
const forgetScript = defineScript(new URL('./forget-news.lua', import.meta.url));

/** How long it is remembered that something was told (ms): whoever died right after telling comes back sooner. */
const markTtlMs = 7 * 86_400_000;

export interface NewsParts {
  redis: Redis;
  /** Asks for the tenant's new events to be relayed. */
  nudgeRelay: (job: RelayJob) => Promise<void>;
}

/** A delivery after which there is something to tell. */
export interface Occasion {
  record: Pick<EndpointRecord, 'tenant' | 'id' | 'url'>;
  event: Pick<FlotillaEvent, 'id' | 'instance' | 'type'>;
  attempt: Attempt | undefined;
  /** What settling it has said. */
  news: Readonly<Record<string, number>>;
  /** Whether the breaker has just opened. */
  opened: boolean;
}

/**
 * Puts an event about an endpoint into its tenant's own log, from where it is relayed like those of instances: to live
 * streams, and to the tenant's other endpoints.
 * @param token the same for the same thing: telling it twice makes one event
 */
async function tell({ redis, nudgeRelay }: NewsParts, tenant: string, token: string, event: NewEvent): Promise<void> {
  const keys = [instanceKeys.events(tenant), instanceKeys.once(tenant, token)];
  await tellScript(redis, keys, [JSON.stringify(event), markTtlMs]);
  await nudgeRelay({ instance: tenant, tenant });
}

/** Tells the tenant that an endpoint is switched off because of what it answered, and does so. */
export async function switchOff(parts: NewsParts, record: Occasion['record'], reason: string): Promise<void> {
  const { redis } = parts;
  const alert = endpointKeys.alert(record.id);
  // Others may find out at the same moment: whoever is first says when it was, until somebody switches it on.
  await redis.hsetnx(alert, 'off', Date.now());
  await redis.pexpire(alert, bounds.alertTtlMs);
  const off = (await redis.hget(alert, 'off')) ?? '';
  // In this order, so that a crash between the two is made good by the next attempt, which does both again.
  await tell(parts, record.tenant, `${record.id}.disabled.${off}`, {
    type: 'webhook.disabled',
    occurredAt: Date.now(),
    data: { webhook: record.id, reason },
  });
  await disableEndpoint(redis, record, reason);
}

/**
 * Tells the tenant what settling a delivery has brought to light: once for each change, whatever dies on the way. What
 * could not be told is told with the next delivery of the endpoint.
 * @returns what was told
 */
export async function tellNews(parts: NewsParts, occasion: Occasion): Promise<NewEvent['type'][]> {
  const { record } = occasion;
  const told: NewEvent['type'][] = [];
  for (const [name, since] of Object.entries(occasion.news)) {
    if (name === 'disabled') {
      const reason = `It failed without a single success since ${new Date(since).toISOString()}`;
      await switchOff(parts, record, reason);
      told.push('webhook.disabled');
    } else {
      const event = eventOf(name, since, occasion);
      if (event) {
        await tell(parts, record.tenant, `${record.id}.${name}.${since}`, event);
        told.push(event.type);
      }
    }
    await forgetScript(parts.redis, [endpointKeys.alert(record.id)], [`tell:${name}`, since]);
  }
  return told;
}

function eventOf(name: string, since: number, { record, event, attempt, opened }: Occasion): NewEvent | undefined {
  const webhook = record.id;
  const occurredAt = Date.now();
  switch (name) {
    case 'failing':
      return {
        type: 'webhook.failing',
        occurredAt,
        data: {
          webhook,
          since,
          reason: opened ? 'breaker' : 'event',
          eventId: event.id,
          ...(attempt?.status !== undefined && { status: attempt.status }),
          ...(attempt?.error !== undefined && { error: attempt.error }),
        },
      };
    case 'recovered':
      return { type: 'webhook.recovered', occurredAt, data: { webhook, since } };
    case 'dead-letter':
      return {
        type: 'webhook.dead-letter',
        occurredAt,
        data: {
          webhook,
          deadLetter: `${webhook}.${event.id}`,
          eventId: event.id,
          source: event.instance,
          eventType: event.type,
        },
      };
    default:
      return undefined;
  }
}

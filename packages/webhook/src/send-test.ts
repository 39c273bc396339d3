import { randomUUID } from 'node:crypto';
import type { WebhookTest } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import type { KeyRing } from '@flotilla/seal';
import { readEndpoint } from './endpoint-store.ts';
import { openEndpoint, requestFor } from './open-endpoint.ts';
import type { Poster } from './poster.ts';
import { keptAttempt } from './record.ts';

/**
 * Posts a signed event of the type `webhook.test` to an endpoint, once, now, whether it is switched on or not. It is no
 * delivery: nothing is kept of it, and the breaker does not count it.
 * @returns undefined if the tenant has no such endpoint
 */
export async function sendTest(
  { redis, keyRing, poster }: { redis: Redis; keyRing: KeyRing; poster: Pick<Poster, 'post'> },
  tenant: string,
  webhook: string,
): Promise<WebhookTest | undefined> {
  const record = await readEndpoint(redis, tenant, webhook);
  if (!record) return undefined;
  const id = `evt_test_${randomUUID().replaceAll('-', '')}`;
  const event = { id, type: 'webhook.test', occurredAt: Date.now(), data: { webhook } };
  const request = await requestFor(openEndpoint(record, keyRing), { id, body: Buffer.from(JSON.stringify(event)) });
  const { attempt, ok } = await poster.post(request).done;
  return { id, ok, ...keptAttempt(attempt) };
}

import { eventually } from '@flotilla/fleet';
import { connectRedis, type Redis, ready } from '@flotilla/redis';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

interface Event {
  data: { message?: { text?: string } };
}

/** How a key of each type is read in full. */
const readers: Record<string, (redis: Redis, key: string) => Promise<unknown>> = {
  string: async (redis, key) => (await redis.getBuffer(key))?.toString('latin1'),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1'),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
};

/** All that Redis holds, as one text. */
async function everything(url: string): Promise<string> {
  const redis = connectRedis(url, { name: 'test', manner: 'prompt' });
  try {
    await ready(redis);
    const parts: unknown[] = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      // Keys may expire between the two.
      if (type !== 'none') parts.push(key, await readers[type]?.(redis, key));
    }
    return JSON.stringify(parts);
  } finally {
    redis.disconnect();
  }
}

describe('webhooks', () => {
  const lines: string[] = [];
  const running = oneFleet({
    env: { LOG_LEVEL: 'debug' },
    log: (app, line) => {
      if (app !== 'simulator') lines.push(line);
    },
  });

  it('keep secrets and header values encrypted, and answers, queries and texts out of every log', async () => {
    const { fleet, tenant } = running;
    const { receiver, simulator } = fleet;
    receiver.answer(({ json }) => ({
      status: (json as Event).data.message?.text === 'private-text' ? 500 : 200,
      body: 'private-answer',
    }));
    const webhook = await fleet.addWebhook(tenant, {
      url: `${receiver.url}?token=private-query`,
      headers: { 'x-token': 'private-header' },
    });
    const rotated = await tenant.call<{ secret: string }>('POST', `/v1/webhooks/${webhook.id}/rotate-secret`);
    const { linked } = await tenant.pairedInstance(simulator);
    const ann = await simulator.createContact();
    await simulator.contactSend(ann.phone, linked.phone, 'private-text');
    const [dead] = await eventually(
      async () => {
        const found = await tenant.deadLetters();
        return found.length > 0 && found;
      },
      { timeoutMs: 30_000 },
    );
    // It was there to be seen: the answer by its tenant, the rest by the receiver.
    expect(dead?.attempts[0]?.response).toBe('private-answer');
    expect(receiver.deliveries.at(-1)).toMatchObject({
      headers: { 'x-token': 'private-header' },
      path: expect.stringContaining('private-query'),
    });
    const before = receiver.deliveries.length;
    await tenant.redrive(dead?.id ?? '');
    await tenant.call('POST', `/v1/webhooks/${webhook.id}/replay`, { body: { from: Date.now() - 60_000 } });
    await eventually(() => receiver.deliveries.slice(before).some(({ headers }) => headers['flotilla-replay']), {
      timeoutMs: 20_000,
    });

    const shown = JSON.stringify((await tenant.request('GET', `/v1/webhooks/${webhook.id}`)).body);
    const stored = await everything(fleet.redis.url);
    const log = lines.join('\n');
    for (const secret of [webhook.secret, rotated.secret]) {
      const encoded = secret.slice('whsec_'.length);
      const bytes = Buffer.from(encoded, 'base64');
      for (const text of [
        secret,
        encoded,
        bytes.toString('hex'),
        bytes.toString('base64url'),
        bytes.toString('latin1'),
      ])
        for (const place of [shown, stored, log]) expect(place.includes(text)).toBe(false);
    }
    expect(stored).toContain(webhook.id);
    expect(stored).toContain('private-answer');
    expect(stored.includes('private-header')).toBe(false);
    expect(shown.includes('private-header')).toBe(false);
    expect(lines.some((line) => line.includes('delivery.attempted') && line.includes(webhook.id))).toBe(true);
    expect(lines.filter((line) => line.includes('private-'))).toEqual([]);
  });
});

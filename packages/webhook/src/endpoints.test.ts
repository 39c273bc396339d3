import { endpointKeys, eventId, type FlotillaEvent, type TurnJob, tenantKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { createKeyRing, generateKey } from '@flotilla/seal';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { look, settleOne, takeOne } from '../test/one-by-one.ts';
import { activeSecrets, disableEndpoint, readEndpoint } from './endpoint-store.ts';
import { createEndpoints } from './endpoints.ts';
import type { DeliveryLimits } from './exchange.ts';
import { push } from './mailbox.ts';

const keyRing = createKeyRing(`k1:${generateKey()}`);
const instance = 'ins_a';
const limits: DeliveryLimits = {
  maxInFlight: 10,
  placeMs: 5_000,
  attemptMs: 1_000,
  lifetimeMs: 60_000,
  breakerFailures: 100,
  breakerOpenMs: 1_000,
  breakerMaxOpenMs: 1_000,
  failingAfter: 4,
  quietMs: 60_000,
  disableAfterMs: 600_000,
};

function setUp(redis: Redis) {
  const turns: TurnJob[] = [];
  const endpoints = createEndpoints({
    redis,
    keyRing,
    addTurn: async (job) => {
      turns.push(job);
    },
  });
  return { endpoints, turns };
}

const event = (sequence: number): FlotillaEvent => ({
  id: eventId(instance, sequence),
  instance,
  sequence,
  type: 'qrcode.updated',
  occurredAt: 1,
  data: { qr: 'q', expiresAt: 2 },
});

/** Gives up so many events of one instance. */
async function makeDeadLetters(redis: Redis, endpoint: string, from: number, to: number) {
  const mailbox = { endpoint, instance };
  for (let sequence = from; sequence <= to; sequence += 1) {
    await push(redis, mailbox, [event(sequence)]);
    const taken = await takeOne(redis, endpoint, limits);
    await settleOne(redis, taken, { state: 'dead', attempt: { at: 1, ms: 2, error: 'connect' } }, limits);
    // What dies within the same millisecond has no order.
    const settledAt = Date.now();
    while (Date.now() === settledAt) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('webhook endpoints', () => {
  redisTest('are created with defaults and a secret that is shown once and stored sealed', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { secret, ...created } = await endpoints.create('ten_a', { url: 'https://example.com/hook' });
    expect(created).toMatchObject({ url: 'https://example.com/hook', events: ['*'], instances: [], enabled: true });
    expect(await endpoints.get('ten_a', created.id)).toEqual(created);
    const stored = await redis.hget(tenantKeys.endpoints('ten_a'), created.id);
    expect(stored).not.toContain(secret);
    const record = await readEndpoint(redis, 'ten_a', created.id);
    expect(record && activeSecrets(record, keyRing)).toEqual([secret]);
  });

  redisTest('are invisible to other tenants', async ({ redis }) => {
    const { endpoints, turns } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await makeDeadLetters(redis, id, 1, 1);
    expect(await endpoints.get('ten_b', id)).toBeUndefined();
    expect(await endpoints.update('ten_b', id, { enabled: false })).toBeUndefined();
    expect(await endpoints.rotateSecret('ten_b', id)).toBeUndefined();
    expect(await endpoints.listDeliveries('ten_b', id, { limit: 10 })).toBeUndefined();
    expect(await endpoints.listDeadLetters('ten_b', { limit: 10, webhook: id })).toBeUndefined();
    expect(await endpoints.listDeadLetters('ten_b', { limit: 10 })).toEqual({ items: [] });
    expect(await endpoints.redrive('ten_b', `${id}.${event(1).id}`)).toBe(false);
    expect(await endpoints.remove('ten_b', id)).toBe(false);
    expect(await endpoints.list('ten_b', { limit: 10 })).toEqual({ items: [] });
    expect(turns).toEqual([]);
    expect(await endpoints.listDeadLetters('ten_a', { limit: 10 })).toMatchObject({ items: [{ webhook: id }] });
  });

  redisTest('are listed a page at a time', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await endpoints.create('ten_a', { url: `https://example.com/${n}` })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await endpoints.list('ten_a', { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    await expect(endpoints.list('ten_a', { limit: 2, cursor: 'nonsense' })).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_CURSOR' }),
    );
  });

  redisTest('go on with what waited when they are switched on again', async ({ redis }) => {
    const { endpoints, turns } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await push(redis, { endpoint: id, instance }, [event(1)]);
    await redis.hset(endpointKeys.health(id), 'failures', 9);
    const endpoint = { tenant: 'ten_a', id, url: 'https://example.com' };
    await disableEndpoint(redis, { ...endpoint, url: 'https://old.example.com' }, 'it answered 410');
    expect(await endpoints.get('ten_a', id)).toMatchObject({ enabled: true });
    await disableEndpoint(redis, endpoint, 'it answered 410');
    expect(await endpoints.get('ten_a', id)).toMatchObject({ enabled: false, disabledReason: 'it answered 410' });
    const enabled = await endpoints.update('ten_a', id, { enabled: true });
    expect(enabled).toMatchObject({ enabled: true });
    expect(enabled).not.toHaveProperty('disabledReason');
    expect(turns).toEqual([{ endpoint: id, tenant: 'ten_a' }]);
    expect(await redis.exists(endpointKeys.health(id))).toBe(0);
  });

  redisTest('lose no change when two are made at once', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await Promise.all([
      endpoints.update('ten_a', id, { url: 'https://example.org' }),
      endpoints.update('ten_a', id, { description: 'mine' }),
      endpoints.update('ten_a', id, { events: ['messages.upsert'] }),
    ]);
    expect(await endpoints.get('ten_a', id)).toMatchObject({
      url: 'https://example.org',
      description: 'mine',
      events: ['messages.upsert'],
    });
  });

  redisTest('sign with the old secret beside the new one for a while', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id, secret: first } = await endpoints.create('ten_a', { url: 'https://example.com' });
    const second = (await endpoints.rotateSecret('ten_a', id))?.secret;
    const secrets = async () => {
      const record = await readEndpoint(redis, 'ten_a', id);
      return record && activeSecrets(record, keyRing);
    };
    expect(await secrets()).toEqual([second, first]);
    const third = (await endpoints.rotateSecret('ten_a', id, { graceMs: 0 }))?.secret;
    expect(await secrets()).toEqual([third]);
  });

  redisTest('leave nothing behind when they are removed', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await makeDeadLetters(redis, id, 1, 3);
    await push(redis, { endpoint: id, instance }, [event(4)]);
    await takeOne(redis, id, limits);
    expect(await endpoints.remove('ten_a', id)).toBe(true);
    expect(await endpoints.remove('ten_a', id)).toBe(false);
    expect(await redis.keys(`*${id}*`)).toEqual([]);
    expect(await redis.hlen(tenantKeys.endpoints('ten_a'))).toBe(0);
  });
});

describe('deliveries and dead letters', () => {
  redisTest('are listed newest first, a page at a time, over all endpoints of the tenant', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const first = await endpoints.create('ten_a', { url: 'https://example.com/1' });
    const second = await endpoints.create('ten_a', { url: 'https://example.com/2' });
    await makeDeadLetters(redis, first.id, 1, 3);
    await makeDeadLetters(redis, second.id, 1, 3);
    await makeDeadLetters(redis, first.id, 4, 4);
    const seen: { id: string; deadAt: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = await endpoints.listDeadLetters('ten_a', { limit: 2, cursor });
      expect(page?.items.length).toBeLessThanOrEqual(2);
      seen.push(...(page?.items ?? []));
      cursor = page?.nextCursor;
    } while (cursor);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
    expect(seen).toHaveLength(7);
    expect(seen.map(({ deadAt }) => deadAt)).toEqual(seen.map(({ deadAt }) => deadAt).toSorted((a, b) => b - a));
    const own = await endpoints.listDeadLetters('ten_a', { limit: 10, webhook: first.id });
    expect(own?.items).toHaveLength(4);
    expect(own?.items.every(({ webhook }) => webhook === first.id)).toBe(true);
  });

  redisTest('are filtered by state', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await makeDeadLetters(redis, id, 1, 3);
    await endpoints.redrive('ten_a', `${id}.${event(2).id}`);
    const states = async (state?: 'dead' | 'pending') =>
      (await endpoints.listDeliveries('ten_a', id, { limit: 2, state }))?.items.map((item) => item.sequence);
    expect(await states('pending')).toEqual([2]);
    expect((await states('dead'))?.toSorted()).toEqual([1, 3]);
    const page = await endpoints.listDeliveries('ten_a', id, { limit: 2 });
    expect(page?.nextCursor).toBeDefined();
    const rest = await endpoints.listDeliveries('ten_a', id, { limit: 2, cursor: page?.nextCursor });
    expect(rest?.items).toHaveLength(1);
    expect(rest?.nextCursor).toBeUndefined();
  });

  redisTest('a dead letter goes back to the tail of its mailbox, once', async ({ redis }) => {
    const { endpoints, turns } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await makeDeadLetters(redis, id, 1, 1);
    await push(redis, { endpoint: id, instance }, [event(2)]);
    expect(await endpoints.redrive('ten_a', `${id}.${event(1).id}`)).toBe(true);
    expect(await endpoints.redrive('ten_a', `${id}.${event(1).id}`)).toBe(true);
    expect(turns).toEqual(Array(2).fill({ endpoint: id, tenant: 'ten_a' }));
    expect(await endpoints.listDeadLetters('ten_a', { limit: 10 })).toEqual({ items: [] });
    const order: string[] = [];
    for (let { taken } = await look(redis, id, limits); taken; { taken } = await look(redis, id, limits)) {
      order.push(taken.head.event.id);
      await settleOne(redis, taken, { state: 'delivered', attempt: { at: 3, ms: 4, status: 200 } }, limits);
    }
    expect(order).toEqual([event(2).id, event(1).id]);
    expect(await endpoints.redrive('ten_a', `${id}.${event(1).id}`)).toBe(false);
  });

  redisTest('a dead letter that two redrive at once goes back once', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    await makeDeadLetters(redis, id, 1, 1);
    await Promise.all([1, 2, 3].map(() => endpoints.redrive('ten_a', `${id}.${event(1).id}`)));
    expect(await redis.llen(endpointKeys.mailbox(id, instance))).toBe(1);
  });

  redisTest('a redrive of nothing is told so', async ({ redis }) => {
    const { endpoints } = setUp(redis);
    const { id } = await endpoints.create('ten_a', { url: 'https://example.com' });
    for (const wrong of [`${id}.evt_none_1`, 'wh_none.evt_a_1', 'nonsense', '']) {
      expect(await endpoints.redrive('ten_a', wrong)).toBe(false);
    }
  });
});

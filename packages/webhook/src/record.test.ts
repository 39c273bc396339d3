import { type Attempt, endpointKeys, eventId } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { eventAt as event } from '../test/events.ts';
import { settleOne, takeOne } from '../test/one-by-one.ts';
import { bounds } from './bounds.ts';
import { listDeliveries, readDelivery } from './delivery-log.ts';
import type { DeliveryLimits, Outcome } from './exchange.ts';
import { push } from './mailbox.ts';

const endpoint = 'wh_a';

const limits: DeliveryLimits = {
  maxInFlight: 100,
  placeMs: 5_000,
  attemptMs: 1_000,
  lifetimeMs: 60_000,
  breakerFailures: 4,
  breakerOpenMs: 1,
  breakerMaxOpenMs: 1,
  failingAfter: 3,
  quietMs: 60_000,
  disableAfterMs: 600_000,
};

const attempt = (more: Partial<Attempt> = {}): Attempt => ({ at: 1, ms: 2, status: 500, error: 'status', ...more });
const ok: Outcome = { state: 'delivered', attempt: { at: 1, ms: 2, status: 200 } };
const fails: Outcome = { state: 'retrying', attempt: attempt(), retryInMs: 0 };
const dead: Outcome = { state: 'dead', attempt: attempt() };

/** Settles what can be taken next, and gives what there is to tell. */
async function settle(redis: Redis, outcome: Outcome, own = limits) {
  const { news } = await settleOne(redis, await takeOne(redis, endpoint, limits), outcome, own);
  return Object.keys(news);
}
/** What was told is taken off the list. */
const tellAll = async (redis: Redis) => {
  for (const field of await redis.hkeys(endpointKeys.alert(endpoint)))
    if (field.startsWith('tell:')) await redis.hdel(endpointKeys.alert(endpoint), field);
};

describe('the record of deliveries', () => {
  redisTest(
    'of those that succeed at once is short, bounded, and pushes no failure out',
    { timeout: 30_000 },
    async ({ redis }) => {
      await push(redis, { endpoint, instance: 'ins_a' }, [event(1)]);
      await settle(redis, dead);
      const list = endpointKeys.successes(endpoint);
      await push(redis, { endpoint, instance: 'ins_a' }, [event(2)]);
      await settle(redis, ok);
      const [[, [, stored = ''] = []] = []] = await redis.xrange(list, '-', '+');
      const others = redis.pipeline();
      for (let n = 0; n < bounds.successes; n += 1) others.xadd(list, '*', 'd', stored);
      await others.exec();
      const last = 250;
      for (let n = 3; n <= last; n += 1) {
        await push(redis, { endpoint, instance: 'ins_a' }, [event(n)]);
        await settle(redis, ok);
      }
      const kept = await redis.xlen(list);
      expect(kept).toBeGreaterThanOrEqual(bounds.successes);
      // Redis drops whole nodes of a hundred.
      expect(kept).toBeLessThanOrEqual(bounds.successes + 100);
      expect(Number(await redis.call('MEMORY', 'USAGE', list)) / kept).toBeLessThan(150);
      expect(await redis.keys(endpointKeys.delivery(endpoint, '*'))).toHaveLength(1);
      const page = await listDeliveries(redis, [endpoint], { limit: 10, state: 'dead' });
      expect(page.items.map(({ sequence }) => sequence)).toEqual([1]);
      expect(await readDelivery(redis, endpoint, eventId('ins_a', last))).toMatchObject({
        state: 'delivered',
        attempts: [{ at: 1, ms: 2, status: 200 }],
      });
    },
  );

  redisTest('has the beginning of each answer, and of a retried one all attempts', async ({ redis }) => {
    await push(redis, { endpoint, instance: 'ins_a' }, [event(1), event(2)]);
    await settle(redis, { state: 'retrying', attempt: attempt({ response: 'é'.repeat(5_000) }), retryInMs: 0 });
    const waiting = await readDelivery(redis, endpoint, event(1).id);
    expect(waiting).toMatchObject({ state: 'retrying', nextAttemptAt: expect.any(Number) });
    expect(waiting?.attempts[0]?.response).toBe('é'.repeat(bounds.response));
    expect((await redis.lindex(endpointKeys.mailbox(endpoint, 'ins_a'), 0))?.length).toBeLessThan(2_000);
    await settle(redis, ok);
    expect((await readDelivery(redis, endpoint, event(1).id))?.attempts.map(({ status }) => status)).toEqual([
      500, 200,
    ]);
    expect(await redis.exists(endpointKeys.successes(endpoint))).toBe(0);
  });
});

describe('what there is to tell', () => {
  redisTest('is a failing event once, also while it fails on, until its instance succeeds', async ({ redis }) => {
    const own = { ...limits, breakerFailures: 100 };
    await push(redis, { endpoint, instance: 'ins_a' }, [event(1), event(2)]);
    expect([await settle(redis, fails, own), await settle(redis, fails, own)]).toEqual([[], []]);
    expect(await settle(redis, fails, own)).toEqual(['failing']);
    // Not told yet: so it comes again.
    expect(await settle(redis, fails, own)).toEqual(['failing']);
    await tellAll(redis);
    expect(await settle(redis, fails, own)).toEqual([]);
    // The success of another instance says nothing about this one.
    await push(redis, { endpoint, instance: 'ins_b' }, [event(1, 'ins_b')]);
    const first = await takeOne(redis, endpoint, limits);
    const second = await takeOne(redis, endpoint, limits);
    const [mine, other] = first.mailbox.instance === 'ins_a' ? [first, second] : [second, first];
    expect((await settleOne(redis, other, ok, own)).news).toEqual({});
    expect(Object.keys((await settleOne(redis, mine, ok, own)).news)).toEqual(['recovered']);
    await tellAll(redis);
    expect(await settle(redis, ok, own)).toEqual([]);
  });

  redisTest('is a breaker that opens, and the first success behind it', async ({ redis }) => {
    for (const instance of ['a', 'b', 'c', 'd', 'e']) await push(redis, { endpoint, instance }, [event(1, instance)]);
    const told = [];
    for (let n = 0; n < 4; n += 1) told.push(await settle(redis, { ...fails, retryInMs: 60_000 } as Outcome));
    expect(told).toEqual([[], [], [], ['failing']]);
    await tellAll(redis);
    await redis.hset(endpointKeys.health(endpoint), 'until', 1);
    expect(await settle(redis, ok)).toEqual(['recovered']);
  });

  redisTest('is a dead letter, but not each, and none of an event that is about a webhook', async ({ redis }) => {
    const own = { ...limits, breakerFailures: 100 };
    await push(redis, { endpoint, instance: 'ten_a' }, [event(1, 'ten_a', 'webhook.failing')]);
    expect(await settle(redis, dead, own)).toEqual([]);
    await push(redis, { endpoint, instance: 'ins_a' }, [event(1), event(2), event(3)]);
    expect(await settle(redis, dead, own)).toEqual(['dead-letter']);
    await tellAll(redis);
    expect(await settle(redis, dead, own)).toEqual([]);
    await redis.hset(endpointKeys.alert(endpoint), 'dead-quiet', 1);
    expect(await settle(redis, dead, own)).toEqual(['dead-letter']);
  });

  redisTest('is that it failed for too long, without a success and without a long pause', async ({ redis }) => {
    const own = { ...limits, breakerFailures: 100, failingAfter: 100 };
    const alert = endpointKeys.alert(endpoint);
    await push(redis, { endpoint, instance: 'ins_a' }, [event(1), event(2), event(3)]);
    const ago = (ms: number) => Date.now() - ms;
    await settle(redis, fails, own);
    await redis.hset(alert, 'since', ago(own.disableAfterMs), 'last', ago(own.disableAfterMs / 2 + 5_000));
    expect(await settle(redis, fails, own)).toEqual([]);
    await redis.hset(alert, 'since', ago(own.disableAfterMs), 'last', ago(own.disableAfterMs / 4));
    expect(await settle(redis, fails, own)).toEqual(['disabled']);
    await tellAll(redis);
    await settle(redis, ok, own);
    expect(await redis.hmget(alert, 'since', 'last')).toEqual([null, null]);
    expect(await settle(redis, fails, own)).toEqual([]);
  });
});

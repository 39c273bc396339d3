import { endpointKeys, type FlotillaEvent } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { eventAt as event, eventsFrom as range } from '../test/events.ts';
import { settleOne, takeOne } from '../test/one-by-one.ts';
import { deliverAgain } from './again.ts';
import type { DeliveryLimits, Outcome } from './exchange.ts';
import { push } from './mailbox.ts';
import { missedOf } from './missed.ts';

const endpoint = 'wh_a';
const mailbox = { endpoint, instance: 'ins_a' };

const limits: DeliveryLimits = {
  maxInFlight: 100,
  placeMs: 5_000,
  attemptMs: 1_000,
  lifetimeMs: 60_000,
  breakerFailures: 100,
  breakerOpenMs: 60_000,
  breakerMaxOpenMs: 120_000,
  failingAfter: 4,
  quietMs: 60_000,
  disableAfterMs: 600_000,
};

const delivered: Outcome = { state: 'delivered', attempt: { at: 1, ms: 2, status: 200 } };
const dead: Outcome = { state: 'dead', attempt: { at: 1, ms: 2, status: 500, error: 'status' } };
const retrying: Outcome = { state: 'retrying', attempt: { at: 1, ms: 2, status: 500 }, retryInMs: 60_000 };

/** Settles what is taken next, one after the other. */
async function settle(redis: Redis, ...outcomes: Outcome[]) {
  for (const outcome of outcomes) await settleOne(redis, await takeOne(redis, endpoint, limits), outcome, limits);
}
const missed = async (redis: Redis, events: readonly FlotillaEvent[]) =>
  (await missedOf(redis, endpoint, events)).map(({ sequence }) => sequence);

describe('what an endpoint has missed', () => {
  redisTest('is what it neither had nor waits for it', async ({ redis }) => {
    expect(await missed(redis, [])).toEqual([]);
    // 3 and 4 came while it was switched off.
    await push(redis, mailbox, [event(1), event(2), ...range(5, 9)]);
    await settle(redis, delivered, dead, delivered, retrying);
    expect(await missed(redis, range(1, 9))).toEqual([2, 3, 4]);
    // One that is tried at this very moment is not missed either.
    await push(redis, { endpoint, instance: 'ins_b' }, [event(1, 'ins_b')]);
    await takeOne(redis, endpoint, limits);
    expect(await missedOf(redis, endpoint, [event(1, 'ins_b')])).toEqual([]);
  });

  redisTest('is not what was redriven, wherever that stands, or is sent again', async ({ redis }) => {
    await push(redis, mailbox, range(1, 4));
    await settle(redis, dead, dead, dead, delivered);
    expect(await missed(redis, range(1, 4))).toEqual([1, 2, 3]);
    await deliverAgain(redis, mailbox, [{ event: event(2), attempts: [] }], { onlyDead: true });
    await deliverAgain(redis, { endpoint, instance: 'resend' }, [{ event: event(3), attempts: [] }], { via: 'resend' });
    expect(await missed(redis, range(1, 4))).toEqual([1]);
    // Those behind a redriven one are judged by themselves.
    await push(redis, mailbox, [event(5)]);
    await settle(redis, retrying);
    expect(await missed(redis, range(1, 5))).toEqual([1]);
  });

  redisTest('is known over the borders of what is noted together', async ({ redis }) => {
    const events = [4_094, 4_095, 4_096, 4_097, 8_191, 8_192].map((sequence) => event(sequence));
    await push(redis, mailbox, events);
    await settle(redis, delivered, dead, delivered, dead, delivered, delivered);
    expect(await missed(redis, events)).toEqual([4_095, 4_097]);
    expect(await redis.keys(endpointKeys.delivered(endpoint, '*'))).toHaveLength(3);
    for (const key of await redis.keys(endpointKeys.delivered(endpoint, '*')))
      expect(await redis.pttl(key)).toBeGreaterThan(29 * 86_400_000);
  });

  redisTest('is not what waits in a mailbox of its own, or in the log for room', async ({ redis }) => {
    await push(redis, mailbox, range(1, 3), { ordering: 'unordered' });
    await settle(redis, delivered, dead);
    expect(await missed(redis, range(1, 3))).toEqual([2]);
    await redis.sadd(endpointKeys.behind(endpoint), mailbox.instance);
    expect(await missed(redis, range(1, 9))).toEqual([2]);
  });
});

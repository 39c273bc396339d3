import { endpointKeys, eventId } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { eventAt as event, eventsFrom as range } from '../test/events.ts';
import { look, settleOne, takeOne } from '../test/one-by-one.ts';
import { bounds } from './bounds.ts';
import { type DeliveryLimits, eventOf, exchange, type TakenEntry } from './exchange.ts';
import { push } from './mailbox.ts';

const endpoint = 'wh_a';
const mailbox = { endpoint, instance: 'ins_a' };
const list = endpointKeys.mailbox(endpoint, mailbox.instance);

const limits: DeliveryLimits = {
  maxInFlight: 2,
  placeMs: 5_000,
  attemptMs: 1_000,
  lifetimeMs: 60_000,
  breakerFailures: 3,
  breakerOpenMs: 60_000,
  breakerMaxOpenMs: 120_000,
  failingAfter: 4,
  quietMs: 60_000,
  disableAfterMs: 600_000,
};

const failed = { at: 1, ms: 2, status: 500, error: 'status' };
const succeeded = { at: 1, ms: 2, status: 200 };
const delivered = { state: 'delivered', attempt: succeeded } as const;

const take = (redis: Redis) => takeOne(redis, endpoint, limits);
const settle = (redis: Redis, taken: TakenEntry, outcome: Parameters<typeof settleOne>[2]) =>
  settleOne(redis, taken, outcome, limits);
const sequenceOf = ({ head }: TakenEntry) => head.event.sequence;

/** Ends all waiting of the breaker, as time would. */
const endOpening = (redis: Redis) => redis.hset(endpointKeys.health(endpoint), 'until', 1);
/** Ends the waiting of a head for its next attempt, as time would. */
async function endWaiting(redis: Redis, instance = mailbox.instance) {
  const box = endpointKeys.mailbox(endpoint, instance);
  await redis.lset(box, 0, ((await redis.lindex(box, 0)) ?? '').replace(/^\d+:/, '0:'));
  await redis.zadd(endpointKeys.due(endpoint), 1, instance);
}

describe('a mailbox', () => {
  redisTest('says whether what was put into it is all that there is to do for the endpoint', async ({ redis }) => {
    const other = { endpoint, instance: 'ins_b' };
    expect(await push(redis, mailbox, [event(1)])).toMatchObject({ isQuiet: true });
    // Something waits: whoever was told of the first one may have died.
    expect(await push(redis, mailbox, [event(1)])).toMatchObject({ added: 0, isQuiet: false });
    expect(await push(redis, other, [event(1)])).toMatchObject({ isQuiet: false });
    // Something is in flight.
    const first = await take(redis);
    await settle(redis, await take(redis), delivered);
    expect(await push(redis, other, [event(2)])).toMatchObject({ isQuiet: false });
    await settle(redis, await take(redis), delivered);
    // Something waits for its next attempt, and has failed lately.
    await settle(redis, first, { state: 'retrying', attempt: failed, retryInMs: 0 });
    expect(await push(redis, other, [event(3)])).toMatchObject({ isQuiet: false });
    await settle(redis, await take(redis), delivered);
    await settle(redis, await take(redis), delivered);
    expect(await push(redis, other, [event(4)], { ordering: 'unordered' })).toMatchObject({ isQuiet: true });
    expect(await push(redis, other, [event(5)], { ordering: 'unordered' })).toMatchObject({ isQuiet: false });
  });

  redisTest('gives each event once and in order, however often it is pushed', async ({ redis }) => {
    expect(await push(redis, mailbox, range(1, 3))).toEqual({ added: 3, last: 3, isBehind: false, isQuiet: true });
    expect(await push(redis, mailbox, range(1, 3))).toMatchObject({ added: 0 });
    expect(await push(redis, mailbox, [event(2), event(3), event(7)])).toMatchObject({ added: 1, last: 7 });
    const seen: number[] = [];
    for (let { taken } = await look(redis, endpoint, limits); taken; { taken } = await look(redis, endpoint, limits)) {
      seen.push(sequenceOf(taken));
      expect(eventOf(taken)).toEqual(event(sequenceOf(taken)));
      expect(await settle(redis, taken, delivered)).toMatchObject({ settled: true });
    }
    expect(seen).toEqual([1, 2, 3, 7]);
    expect(await push(redis, mailbox, range(1, 7))).toMatchObject({ added: 0 });
    expect(await look(redis, endpoint, limits)).toEqual({ taken: undefined, waitMs: undefined });
    expect(await redis.get(endpointKeys.backlog(endpoint))).toBe('0');
  });

  redisTest('settles and takes in one round trip', async ({ redis }) => {
    await push(redis, mailbox, range(1, 3));
    await push(redis, { endpoint, instance: 'ins_b' }, range(1, 3, 'ins_b'));
    const seen: string[] = [];
    let { taken } = await exchange(redis, endpoint, { take: 2 }, limits);
    for (let n = 0; n < 3; n += 1) {
      expect(taken).toHaveLength(2);
      seen.push(...taken.map(({ head }) => head.event.id));
      const done = taken.map((each) => ({ taken: each, outcome: delivered }));
      ({ taken } = await exchange(redis, endpoint, { settle: done, take: 2 }, limits));
    }
    expect(taken).toEqual([]);
    expect(seen).toEqual([1, 2, 3].flatMap((n) => [eventId('ins_a', n), eventId('ins_b', n)]));
  });

  redisTest('waits for its turn, however much others hold', async ({ redis }) => {
    await push(redis, mailbox, range(1, 100));
    await push(redis, { endpoint, instance: 'ins_b' }, range(1, 2, 'ins_b'));
    const order: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const taken = await take(redis);
      order.push(taken.mailbox.instance);
      await settle(redis, taken, delivered);
    }
    expect(order).toEqual(['ins_a', 'ins_b', 'ins_a', 'ins_b']);
  });

  redisTest('forgets what is skipped, and what was tried of it before', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await take(redis), { state: 'retrying', attempt: failed, retryInMs: 1 });
    await endWaiting(redis);
    expect(await redis.zcard(endpointKeys.deliveries(endpoint))).toBe(1);
    await settle(redis, await take(redis), { state: 'skipped' });
    expect(await redis.zcard(endpointKeys.deliveries(endpoint))).toBe(0);
    expect(await redis.exists(endpointKeys.delivery(endpoint, event(1).id))).toBe(0);
    expect(sequenceOf(await take(redis))).toBe(2);
  });

  redisTest('keeps a failed head in front until its time has come', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await take(redis), { state: 'retrying', attempt: failed, retryInMs: 30_000 });
    const later = await look(redis, endpoint, limits);
    expect(later.taken).toBeUndefined();
    expect(later.waitMs).toBeGreaterThan(25_000);
    expect(later.waitMs).toBeLessThanOrEqual(30_000);

    await endWaiting(redis);
    const again = await take(redis);
    expect(again.head).toMatchObject({ attempts: [failed], earlier: 0 });
    expect(eventOf(again)).toEqual(event(1));
  });

  redisTest('lets one worker at a time try its head', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    const first = await take(redis);
    const before = first.expiry;
    expect((await look(redis, endpoint, limits)).waitMs).toBeGreaterThan(0);
    await exchange(redis, endpoint, { renew: [first] }, limits);
    expect(first.expiry).toBeGreaterThanOrEqual(before);

    // The place of a worker that died is free again after its time; when it turns out to live, it changes nothing.
    await redis.zadd(endpointKeys.inFlight(endpoint), 1, mailbox.instance);
    const second = await take(redis);
    expect(second.head.event.id).toBe(first.head.event.id);
    // A place that was given anew in the very ms could not be told from the old one.
    second.expiry += 1;
    await redis.zadd(endpointKeys.inFlight(endpoint), second.expiry, mailbox.instance);
    await exchange(redis, endpoint, { renew: [first] }, limits);
    expect(first.expiry).toBe(0);
    await settle(redis, second, delivered);
    expect(await settle(redis, first, delivered)).toMatchObject({ settled: false });
    expect(sequenceOf(await take(redis))).toBe(2);
  });

  redisTest('that two workers were at goes on, whoever settles first', async ({ redis }) => {
    await push(redis, mailbox, range(1, 3));
    const late = await take(redis);
    await redis.zadd(endpointKeys.inFlight(endpoint), 1, mailbox.instance);
    const second = await take(redis);
    second.expiry += 1;
    await redis.zadd(endpointKeys.inFlight(endpoint), second.expiry, mailbox.instance);
    expect(await settle(redis, late, delivered)).toMatchObject({ settled: true });
    // In flight with the second one still: nobody else may begin with its next event.
    expect((await look(redis, endpoint, limits)).taken).toBeUndefined();
    expect(await settle(redis, second, delivered)).toMatchObject({ settled: false });
    expect(sequenceOf(await take(redis))).toBe(2);
  });

  redisTest('lets so many requests fly to one endpoint and no more', async ({ redis }) => {
    for (const instance of ['ins_a', 'ins_b', 'ins_c']) await push(redis, { endpoint, instance }, [event(1, instance)]);
    const { taken } = await exchange(redis, endpoint, { take: 9 }, limits);
    expect(taken).toHaveLength(2);
    expect((await look(redis, endpoint, limits)).taken).toBeUndefined();
    const done = taken.slice(0, 1).map((each) => ({ taken: each, outcome: delivered }));
    expect((await exchange(redis, endpoint, { settle: done, take: 9 }, limits)).taken).toHaveLength(1);
  });

  redisTest('moves a dead event out of the way with its attempts', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await take(redis), { state: 'dead', attempt: failed });
    expect(sequenceOf(await take(redis))).toBe(2);
    const dead = await redis.get(endpointKeys.deadLetter(endpoint, event(1).id));
    expect(JSON.parse(dead ?? '')).toMatchObject({ event: event(1), attempts: [failed] });
  });

  redisTest('keeps no more deliveries than its bound, and their records with them', async ({ redis }) => {
    await push(redis, mailbox, range(1, 3));
    const deliveries = endpointKeys.deliveries(endpoint);
    for (let n = 0; n < bounds.deliveries - 1; n += 1) await redis.zadd(deliveries, n, `old${n}`);
    await redis.set(endpointKeys.delivery(endpoint, 'old0'), '{}');
    for (let n = 0; n < 2; n += 1) await settle(redis, await take(redis), { state: 'dead', attempt: failed });
    expect(await redis.zcard(deliveries)).toBe(bounds.deliveries);
    expect(await redis.exists(endpointKeys.delivery(endpoint, 'old0'))).toBe(0);
    expect(await redis.pttl(endpointKeys.delivery(endpoint, event(2).id))).toBeGreaterThan(0);
  });

  redisTest('without an order lets each event go by itself', async ({ redis }) => {
    const unordered = { ordering: 'unordered' } as const;
    expect(await push(redis, mailbox, range(1, 3), unordered)).toMatchObject({ added: 3, last: 3 });
    expect(await push(redis, mailbox, range(1, 3), unordered)).toMatchObject({ added: 0 });
    const { taken } = await exchange(redis, endpoint, { take: 9 }, { ...limits, maxInFlight: 9 });
    expect(taken.map(sequenceOf)).toEqual([1, 2, 3]);
    const [first, second, third] = taken;
    if (!first || !second || !third) throw new Error('three were taken');
    await settle(redis, first, { state: 'retrying', attempt: failed, retryInMs: 30_000 });
    await settle(redis, third, delivered);
    await settle(redis, second, { state: 'dead', attempt: failed });
    await push(redis, mailbox, range(4, 4), unordered);
    expect(sequenceOf(await take(redis))).toBe(4);
    expect(await redis.get(endpointKeys.backlog(endpoint))).toBe('2');
  });
});

describe('a mailbox that is full', () => {
  redisTest('leaves the rest in the log until somebody catches up', async ({ redis }) => {
    const all = range(1, bounds.mailbox + 10);
    expect(await push(redis, mailbox, all)).toMatchObject({
      added: bounds.mailbox,
      last: bounds.mailbox,
      isBehind: true,
    });
    // What comes now must not overtake what has stayed behind, even when there is room.
    await settle(redis, await take(redis), delivered);
    expect(await push(redis, mailbox, range(bounds.mailbox + 11, bounds.mailbox + 11))).toMatchObject({ added: 0 });
    expect((await exchange(redis, endpoint, { take: 2 }, limits)).roomy).toEqual([]);

    await redis.ltrim(list, -2, -1);
    const idle = { ...limits, maxInFlight: 9 };
    expect((await exchange(redis, endpoint, { take: 5 }, idle)).roomy).toEqual([mailbox.instance]);
    const rest = range(bounds.mailbox + 1, bounds.mailbox + 11);
    expect(await push(redis, mailbox, rest, { catchUp: 'caught-up' })).toMatchObject({ added: 11, isBehind: false });
    expect(await push(redis, mailbox, range(bounds.mailbox + 12, bounds.mailbox + 12))).toMatchObject({ added: 1 });
  });
});

describe('the breaker of an endpoint', () => {
  /** Fails heads of as many instances as it takes to open the breaker. */
  async function open(redis: Redis): Promise<boolean[]> {
    const opened: boolean[] = [];
    for (const instance of ['ins_1', 'ins_2', 'ins_3']) {
      await push(redis, { endpoint, instance }, [event(1, instance)]);
      const { taken } = await exchange(redis, endpoint, { take: 1 }, { ...limits, maxInFlight: 9 });
      const [head] = taken;
      if (!head) throw new Error('It was just put there');
      opened.push((await settle(redis, head, { state: 'retrying', attempt: failed, retryInMs: 90_000 })).opened);
    }
    return opened;
  }

  redisTest('opens after failures in a row over all instances, and then nothing is tried', async ({ redis }) => {
    expect(await open(redis)).toEqual([false, false, true]);
    await push(redis, mailbox, [event(1)]);
    const { taken, waitMs } = await look(redis, endpoint, limits);
    expect(taken).toBeUndefined();
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
  });

  redisTest('forgets failures with a success between them', async ({ redis }) => {
    await push(redis, mailbox, range(1, 5));
    for (const attempt of [failed, failed, succeeded, failed, failed]) {
      const state = attempt === succeeded ? ('delivered' as const) : ('dead' as const);
      expect(await settle(redis, await take(redis), { state, attempt })).toMatchObject({
        settled: true,
        opened: false,
      });
    }
  });

  redisTest('lets one probe through when its time is over, and closes on its success', async ({ redis }) => {
    await open(redis);
    await push(redis, mailbox, range(1, 2));
    await push(redis, { endpoint, instance: 'ins_b' }, [event(1, 'ins_b')]);
    await endOpening(redis);
    const { taken } = await exchange(redis, endpoint, { take: 9 }, limits);
    expect(taken.map(({ breaker }) => breaker)).toEqual(['half-open']);
    const [probe] = taken;
    if (!probe) throw new Error('one was taken');
    expect((await look(redis, endpoint, limits)).taken).toBeUndefined();
    await settle(redis, probe, delivered);
    expect((await take(redis)).breaker).toBe('closed');
  });

  redisTest('takes another probe at once if there was nothing to post of the first', async ({ redis }) => {
    await open(redis);
    await push(redis, mailbox, range(1, 2));
    await endOpening(redis);
    expect(await settle(redis, await take(redis), { state: 'skipped' })).toMatchObject({
      settled: true,
      opened: false,
    });
    const next = await take(redis);
    expect([next.breaker, sequenceOf(next)]).toEqual(['half-open', 2]);
  });

  redisTest('opens for longer each time a probe fails', async ({ redis }) => {
    await open(redis);
    await push(redis, mailbox, range(1, 4));
    const waits: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      await endOpening(redis);
      expect((await settle(redis, await take(redis), { state: 'dead', attempt: failed })).opened).toBe(true);
      // Until then it is due: the events that failed first wait for less.
      await redis.del(endpointKeys.due(endpoint));
      const { waitMs = 0 } = await look(redis, endpoint, limits);
      waits.push(Math.ceil(waitMs / 10_000) * 10_000);
    }
    expect(waits).toEqual([120_000, 120_000, 120_000]);
  });

  redisTest('gives up what has waited for longer than an event lives, without a try', async ({ redis }) => {
    await open(redis);
    await push(redis, mailbox, [event(1)]);
    const stored = (await redis.lindex(list, 0)) ?? '';
    await redis.lset(list, 0, stored.replace(/^0:\d+:/, `0:${Date.now() - 120_000}:`));
    const expired = await take(redis);
    expect(expired.state).toBe('expired');
    await settle(redis, expired, { state: 'dead' });
    expect((await look(redis, endpoint, limits)).taken).toBeUndefined();
    expect(await redis.zcard(endpointKeys.deadLetters(endpoint))).toBe(1);
  });
});

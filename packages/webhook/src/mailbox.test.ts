import { endpointKeys, eventId, type FlotillaEvent } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { bounds } from './bounds.ts';
import { type DeliveryLimits, type Mailbox, push, renew, settle, type TakenEntry, take } from './mailbox.ts';

const mailbox = { endpoint: 'wh_a', instance: 'ins_a' };

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

const event = (sequence: number, instance = mailbox.instance): FlotillaEvent => ({
  id: eventId(instance, sequence),
  instance,
  sequence,
  type: 'qrcode.updated',
  occurredAt: 1,
  data: { qr: 'q', expiresAt: 2 },
});
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => event(from + n));

const failed = { at: 1, ms: 2, status: 500, error: 'status' };
const succeeded = { at: 1, ms: 2, status: 200 };

async function takeHead(redis: Redis, box: Mailbox = mailbox, own = limits): Promise<TakenEntry> {
  const taken = await take(redis, box, own);
  if (taken.state !== 'head') throw new Error(`the mailbox says ${taken.state}`);
  return taken;
}

/** Ends all waiting of the breaker, as time would. */
const endOpening = (redis: Redis) => redis.hset(endpointKeys.health(mailbox.endpoint), 'until', 1);

describe('a mailbox', () => {
  redisTest('gives each event once and in order, however often it is pushed', async ({ redis }) => {
    expect(await push(redis, mailbox, range(1, 3))).toBe(3);
    expect(await push(redis, mailbox, range(1, 3))).toBe(0);
    expect(await push(redis, mailbox, [event(2), event(3), event(7)])).toBe(1);
    const seen: number[] = [];
    for (let taken = await take(redis, mailbox, limits); taken.state === 'head'; ) {
      seen.push(taken.entry.event.sequence);
      expect(await settle(redis, taken, { state: 'delivered', attempt: succeeded }, limits)).toMatchObject({
        settled: true,
      });
      taken = await take(redis, mailbox, limits);
    }
    expect(seen).toEqual([1, 2, 3, 7]);
    expect(await push(redis, mailbox, range(1, 7))).toBe(0);
    expect(await take(redis, mailbox, limits)).toEqual({ state: 'empty' });
  });

  redisTest('forgets what is skipped, and what was tried of it before', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await takeHead(redis), { state: 'retrying', attempt: failed, retryInMs: 1 }, limits);
    await redis.lset(endpointKeys.mailbox(mailbox.endpoint, mailbox.instance), 0, await due(redis));
    expect(await redis.zcard(endpointKeys.deliveries(mailbox.endpoint))).toBe(1);
    await settle(redis, await takeHead(redis), { state: 'skipped' }, limits);
    expect(await redis.zcard(endpointKeys.deliveries(mailbox.endpoint))).toBe(0);
    expect(await redis.exists(endpointKeys.delivery(mailbox.endpoint, event(1).id))).toBe(0);
    expect((await takeHead(redis)).entry.event.sequence).toBe(2);
  });

  redisTest('keeps a failed head in front until its time has come', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await takeHead(redis), { state: 'retrying', attempt: failed, retryInMs: 30_000 }, limits);
    const later = await take(redis, mailbox, limits);
    if (later.state !== 'later') throw new Error(later.state);
    expect(later.waitMs).toBeGreaterThan(25_000);
    expect(later.waitMs).toBeLessThanOrEqual(30_000);

    await redis.lset(endpointKeys.mailbox(mailbox.endpoint, mailbox.instance), 0, await due(redis));
    const again = await takeHead(redis);
    expect(again.entry).toEqual({ event: event(1), attempts: [failed], earlier: 0 });
  });

  redisTest('lets one worker at a time try its head', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    const first = await takeHead(redis);
    expect(await take(redis, mailbox, limits)).toMatchObject({ state: 'busy' });
    expect(await renew(redis, first, limits)).toBe(true);

    // The place of a worker that died is free again after its time; when it turns out to live, it changes nothing.
    await redis.zadd(endpointKeys.inFlight(mailbox.endpoint), 1, first.place);
    const second = await takeHead(redis);
    expect(second.entry.event.id).toBe(first.entry.event.id);
    expect(await renew(redis, first, limits)).toBe(false);
    await settle(redis, second, { state: 'delivered', attempt: succeeded }, limits);
    expect(await settle(redis, first, { state: 'delivered', attempt: succeeded }, limits)).toMatchObject({
      settled: false,
    });
    expect((await takeHead(redis)).entry.event.sequence).toBe(2);
  });

  redisTest('lets so many requests fly to one endpoint and no more', async ({ redis }) => {
    const boxes = ['ins_a', 'ins_b', 'ins_c'].map((instance) => ({ ...mailbox, instance }));
    for (const box of boxes) await push(redis, box, [event(1, box.instance)]);
    const [a, b, c] = boxes;
    if (!a || !b || !c) throw new Error('three were made');
    const first = await takeHead(redis, a);
    await takeHead(redis, b);
    expect(await take(redis, c, limits)).toEqual({ state: 'full' });
    await settle(redis, first, { state: 'delivered', attempt: succeeded }, limits);
    await takeHead(redis, c);
  });

  redisTest('moves a dead event out of the way with its attempts', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await settle(redis, await takeHead(redis), { state: 'dead', attempt: failed }, limits);
    expect((await takeHead(redis)).entry.event.sequence).toBe(2);
    const dead = await redis.get(endpointKeys.deadLetter(mailbox.endpoint, event(1).id));
    expect(JSON.parse(dead ?? '')).toMatchObject({ event: event(1), attempts: [failed] });
  });

  redisTest('keeps no more deliveries than its bound, and their records with them', async ({ redis }) => {
    await push(redis, mailbox, range(1, 3));
    const list = endpointKeys.deliveries(mailbox.endpoint);
    for (let n = 0; n < bounds.deliveries - 1; n += 1) await redis.zadd(list, n, `old${n}`);
    await redis.set(endpointKeys.delivery(mailbox.endpoint, 'old0'), '{}');
    for (let n = 0; n < 2; n += 1) {
      await settle(redis, await takeHead(redis), { state: 'dead', attempt: failed }, limits);
    }
    expect(await redis.zcard(list)).toBe(bounds.deliveries);
    expect(await redis.exists(endpointKeys.delivery(mailbox.endpoint, 'old0'))).toBe(0);
    expect(await redis.pttl(endpointKeys.delivery(mailbox.endpoint, event(2).id))).toBeGreaterThan(0);
  });
});

describe('the breaker of an endpoint', () => {
  /** Fails heads of as many instances as it takes to open the breaker. */
  async function open(redis: Redis): Promise<boolean[]> {
    const opened: boolean[] = [];
    for (const instance of ['ins_1', 'ins_2', 'ins_3']) {
      const box = { ...mailbox, instance };
      await push(redis, box, [event(1, instance)]);
      const outcome = { state: 'retrying', attempt: failed, retryInMs: 90_000 } as const;
      opened.push((await settle(redis, await takeHead(redis, box), outcome, limits)).opened);
    }
    return opened;
  }

  redisTest('opens after failures in a row over all instances, and then nothing is tried', async ({ redis }) => {
    await push(redis, mailbox, [event(1)]);
    expect(await open(redis)).toEqual([false, false, true]);
    const refused = await take(redis, mailbox, limits);
    if (refused.state !== 'open') throw new Error(refused.state);
    expect(refused.waitMs).toBeGreaterThan(50_000);
    expect(refused.waitMs).toBeLessThanOrEqual(60_000);
  });

  redisTest('forgets failures with a success between them', async ({ redis }) => {
    await push(redis, mailbox, range(1, 5));
    for (const attempt of [failed, failed, succeeded, failed, failed]) {
      const state = attempt === succeeded ? ('delivered' as const) : ('dead' as const);
      expect(await settle(redis, await takeHead(redis), { state, attempt }, limits)).toMatchObject({
        settled: true,
        opened: false,
      });
    }
  });

  redisTest('lets one probe through when its time is over, and closes on its success', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    const other = { ...mailbox, instance: 'ins_b' };
    await push(redis, other, [event(1, 'ins_b')]);
    await open(redis);
    await endOpening(redis);
    const probe = await takeHead(redis);
    expect(probe.breaker).toBe('half-open');
    expect(await take(redis, other, limits)).toMatchObject({ state: 'open' });
    await settle(redis, probe, { state: 'delivered', attempt: succeeded }, limits);
    expect((await takeHead(redis, other)).breaker).toBe('closed');
  });

  redisTest('takes another probe at once if there was nothing to post of the first', async ({ redis }) => {
    await push(redis, mailbox, range(1, 2));
    await open(redis);
    await endOpening(redis);
    const probe = await takeHead(redis);
    expect(await settle(redis, probe, { state: 'skipped' }, limits)).toMatchObject({ settled: true, opened: false });
    const next = await takeHead(redis);
    expect([next.breaker, next.entry.event.sequence]).toEqual(['half-open', 2]);
  });

  redisTest('opens for longer each time a probe fails', async ({ redis }) => {
    await push(redis, mailbox, range(1, 4));
    await open(redis);
    const waits: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      await endOpening(redis);
      expect((await settle(redis, await takeHead(redis), { state: 'dead', attempt: failed }, limits)).opened).toBe(
        true,
      );
      const refused = await take(redis, mailbox, limits);
      waits.push('waitMs' in refused ? Math.ceil(refused.waitMs / 10_000) * 10_000 : 0);
    }
    expect(waits).toEqual([120_000, 120_000, 120_000]);
  });

  redisTest('gives up what has waited for longer than an event lives, without a try', async ({ redis }) => {
    await push(redis, mailbox, [event(1)]);
    await open(redis);
    const box = endpointKeys.mailbox(mailbox.endpoint, mailbox.instance);
    const stored = (await redis.lindex(box, 0)) ?? '';
    await redis.lset(box, 0, stored.replace(/^0:\d+:/, `0:${Date.now() - 120_000}:`));
    const expired = await take(redis, mailbox, limits);
    if (expired.state !== 'expired') throw new Error(expired.state);
    await settle(redis, expired, { state: 'dead' }, limits);
    expect(await take(redis, mailbox, limits)).toEqual({ state: 'empty' });
    expect(await redis.zcard(endpointKeys.deadLetters(mailbox.endpoint))).toBe(1);
  });
});

/** The head as it is, but due now. */
async function due(redis: Redis): Promise<string> {
  const stored = await redis.lindex(endpointKeys.mailbox(mailbox.endpoint, mailbox.instance), 0);
  return (stored ?? '').replace(/^\d+:/, '0:');
}

import { instanceKeys, type NewEvent, tenantKeys } from '@flotilla/contracts';
import { appendEvent, appendToFeed, feedBounds, PositionLostError } from '@flotilla/instance';
import type { Redis } from '@flotilla/redis';
import { eventually, redisTest, watchCommands } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { TenantFeed } from './tenant-feed.ts';

const tenant = 'ten_a';
const everything = () => true;

/** Makes so many events happen at an instance, of which the feed has had `before`. */
async function happen(redis: Redis, instance: string, before: number, count: number, size = 1) {
  const event: NewEvent = {
    type: 'qrcode.updated',
    occurredAt: Date.now(),
    data: { qr: 'q'.repeat(size), expiresAt: 1 },
  };
  const { key, args } = appendEvent(instance, event);
  const [id = '', ...fields] = args.map(String);
  const sequences = Array.from({ length: count }, (_, n) => before + n + 1);
  for (const _ of sequences) await redis.xadd(key, id, ...fields);
  for (let from = 0; from < count; from += 100) {
    const events = sequences.slice(from, from + 100).map((sequence) => ({ sequence, type: event.type }));
    await appendToFeed(redis, { tenant, instance }, events);
  }
}

const feedTest = redisTest
  .extend('beginning', async ({ redis }) => {
    await redis.hset(tenantKeys.record(tenant), 'name', 'Acme');
    return (await feedBounds(redis, tenant))?.newest ?? '';
  })
  .extend('end', async ({ task: _ }, { onCleanup }) => {
    const end = new AbortController();
    onCleanup(() => end.abort());
    return end;
  })
  .extend('feed', async ({ redis, beginning, end }) => {
    const errors: Error[] = [];
    const feed = new TenantFeed({
      redis,
      tenant,
      newest: beginning,
      onEvent: () => {},
      onError: (error) => errors.push(error),
      signal: end.signal,
    });
    return Object.assign(feed, { errors });
  });

/** Sequences from a position on, until the newest is reached. */
async function readAll(feed: TenantFeed, from: string, signal: AbortSignal) {
  const sequences: number[] = [];
  let after = from;
  while (after !== feed.newest) {
    const entries = await feed.next(after, everything, signal);
    sequences.push(...entries.map(({ pointer }) => pointer.sequence));
    after = entries.at(-1)?.pointer.id ?? after;
  }
  return sequences;
}

describe('the feed of a tenant', () => {
  feedTest('wakes whoever waits, with one read for all', async ({ redis, feed, beginning, end }) => {
    const waiting = Array.from({ length: 50 }, () => feed.next(beginning, everything, end.signal));
    await happen(redis, 'ins_a', 0, 3);
    const watched = await watchCommands(redis);
    feed.look();
    for (const entries of await Promise.all(waiting)) expect(entries.map(({ event }) => event)).toHaveLength(3);
    expect(await watched.count('xrange')).toBe(2);
    watched.stop();
  });

  feedTest(
    'gives each position what follows it, in memory or not',
    { timeout: 60_000 },
    async ({ redis, feed, beginning, end }) => {
      await happen(redis, 'ins_a', 0, 1_200);
      feed.look();
      await eventually(async () => feed.newest === (await feedBounds(redis, tenant))?.newest || undefined);
      const upTo = (from: number) => Array.from({ length: 1_200 - from }, (_, n) => from + n + 1);
      const [birth, number] = beginning.split('-').map(Number);
      for (const behind of [0, 1, 687, 688, 689, 1_100, 1_199])
        expect(await readAll(feed, `${birth}-${Number(number) + behind}`, end.signal)).toEqual(upTo(behind));
    },
  );

  feedTest('keeps little of what is large', async ({ redis, feed, beginning, end }) => {
    await happen(redis, 'ins_a', 0, 60, 50_000);
    feed.look();
    await eventually(async () => feed.newest === (await feedBounds(redis, tenant))?.newest || undefined);
    const watched = await watchCommands(redis);
    // The newest twenty or so fit; those before them are read again.
    expect(await readAll(feed, beginning, end.signal)).toHaveLength(60);
    const before = await watched.count('xrange');
    expect(before).toBeGreaterThan(0);
    const [birth, number] = feed.newest.split('-').map(Number);
    expect(await readAll(feed, `${birth}-${Number(number) - 10}`, end.signal)).toHaveLength(10);
    expect(await watched.count('xrange')).toBe(before);
    watched.stop();
  });

  feedTest('gives little at a time of what is large', async ({ redis, feed, beginning, end }) => {
    await happen(redis, 'ins_a', 0, 90, 100_000);
    feed.look();
    await eventually(async () => feed.newest === (await feedBounds(redis, tenant))?.newest || undefined);
    const entries = await feed.next(beginning, everything, end.signal);
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.reduce((sum, { event = '' }) => sum + event.length, 0)).toBeLessThan(2_500_000);
    expect(await readAll(feed, beginning, end.signal)).toEqual(Array.from({ length: 90 }, (_, n) => n + 1));
  });

  feedTest('fetches only the events that are wanted', async ({ redis, beginning, end }) => {
    await happen(redis, 'ins_a', 0, 10);
    await happen(redis, 'ins_b', 0, 10);
    // One that begins now has nothing of it in memory.
    const newest = (await feedBounds(redis, tenant))?.newest ?? '';
    const none = () => {};
    const later = new TenantFeed({ redis, tenant, newest, onEvent: none, onError: none, signal: end.signal });
    const entries = await later.next(beginning, ({ instance }) => instance === 'ins_b', end.signal);
    expect(entries).toHaveLength(20);
    expect(entries.filter(({ event }) => event !== undefined).map(({ pointer }) => pointer.instance)).toEqual(
      Array.from({ length: 10 }, () => 'ins_b'),
    );
  });

  feedTest('says so where it does not go on', async ({ redis, feed, beginning, end }) => {
    await happen(redis, 'ins_a', 0, 10);
    await redis.xtrim(tenantKeys.feed(tenant), 'MAXLEN', 5);
    feed.look();
    // The shared reader itself takes up where there is something.
    await eventually(async () => feed.newest === (await feedBounds(redis, tenant))?.newest || undefined);
    await expect(feed.next(beginning, everything, end.signal)).rejects.toThrow(PositionLostError);
    await happen(redis, 'ins_a', 10, 1);
    const after = feed.newest;
    feed.look();
    expect((await feed.next(after, everything, end.signal)).map(({ pointer }) => pointer.sequence)).toEqual([11]);
  });

  feedTest('reports what it cannot read, and tries again', async ({ redis, feed, beginning, end }) => {
    await happen(redis, 'ins_a', 0, 1);
    await redis.rename(instanceKeys.events('ins_a'), 'elsewhere');
    await redis.set(instanceKeys.events('ins_a'), 'not a stream');
    feed.look();
    await eventually(() => feed.errors.length > 0 || undefined);
    await redis.rename('elsewhere', instanceKeys.events('ins_a'));
    await eventually(() => feed.newest !== beginning || undefined);
    expect(await feed.next(beginning, everything, end.signal)).toHaveLength(1);
  });

  feedTest('lets go of whoever does not want to wait any more', async ({ feed, beginning }) => {
    const impatient = new AbortController();
    const waiting = feed.next(beginning, everything, impatient.signal);
    impatient.abort();
    expect(await waiting).toEqual([]);
  });
});

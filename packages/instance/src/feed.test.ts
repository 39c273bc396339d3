import { instanceKeys, type NewEvent, tenantKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest, watchCommands } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { appendEvent, keptEvents, trimEvents } from './events.ts';
import {
  appendToFeed,
  beginningOf,
  entriesBetween,
  feedBounds,
  type Pointer,
  PositionLostError,
  reachesBack,
  readFeed,
  readPointed,
} from './feed.ts';

const tenant = 'ten_a';
const event: NewEvent = { type: 'qrcode.updated', occurredAt: 1, data: { qr: 'q', expiresAt: 1 } };

const createTenant = (redis: Redis) => redis.hset(tenantKeys.record(tenant), 'name', 'Acme');

/** Feeds sequences `from` to `to` of an instance, without any event behind them. */
const feed = (redis: Redis, instance: string, from: number, to = from) => {
  const events = Array.from({ length: to - from + 1 }, (_, n) => ({ sequence: from + n, type: event.type }));
  return appendToFeed(redis, { tenant, instance }, events);
};
const short = ({ instance, sequence }: Pointer) => `${instance} ${sequence}`;
const all = async (redis: Redis) => (await readFeed(redis, tenant, '0', 200_000)).map(short);

describe('a feed', () => {
  redisTest('has each event of each instance once, in order, however often it is appended', async ({ redis }) => {
    await createTenant(redis);
    expect(await feed(redis, 'ins_a', 1, 3)).toBe(3);
    expect(await feed(redis, 'ins_b', 1)).toBe(1);
    expect(await feed(redis, 'ins_a', 2, 5)).toBe(2);
    expect(await feed(redis, 'ins_a', 1, 5)).toBe(0);
    expect(await all(redis)).toEqual(['ins_a 1', 'ins_a 2', 'ins_a 3', 'ins_b 1', 'ins_a 4', 'ins_a 5']);
  });

  redisTest('numbers its entries without a gap, whatever the clock says', async ({ redis }) => {
    await createTenant(redis);
    await feed(redis, 'ins_a', 1, 2);
    const { newest } = (await feedBounds(redis, tenant)) ?? { newest: '' };
    await feed(redis, 'ins_b', 1);
    const [last] = await readFeed(redis, tenant, newest, 10);
    expect(entriesBetween(newest, last?.id ?? '')).toBe(1);
    expect(last?.id.split('-')[0]).toBe(newest.split('-')[0]);
  });

  redisTest('has a position before its first event', async ({ redis }) => {
    await createTenant(redis);
    const before = await feedBounds(redis, tenant);
    expect(before?.oldest).toBe(before?.newest);
    await feed(redis, 'ins_a', 1, 2);
    expect((await readFeed(redis, tenant, before?.newest ?? '', 10)).map(short)).toEqual(['ins_a 1', 'ins_a 2']);
    const after = (await feedBounds(redis, tenant)) ?? { oldest: '', newest: '' };
    expect((await readFeed(redis, tenant, beginningOf(after), 10)).map(short)).toEqual(['ins_a 1', 'ins_a 2']);
  });

  redisTest('that begins with an event has a position before it too', async ({ redis }) => {
    await createTenant(redis);
    await feed(redis, 'ins_a', 1, 2);
    const bounds = (await feedBounds(redis, tenant)) ?? { oldest: '', newest: '' };
    const beginning = beginningOf(bounds);
    expect(reachesBack(bounds, beginning)).toBe(true);
    expect((await readFeed(redis, tenant, beginning, 10)).map(short)).toEqual(['ins_a 1', 'ins_a 2']);
  });

  redisTest('of a tenant that does not exist is not made', async ({ redis }) => {
    expect(await feed(redis, 'ins_a', 1)).toBe(0);
    expect(await feedBounds(redis, tenant)).toBeUndefined();
    expect(await redis.dbsize()).toBe(0);
  });

  redisTest('says that a position is lost once an entry behind it is gone', async ({ redis }) => {
    await createTenant(redis);
    await feed(redis, 'ins_a', 1, 5);
    const ids = (await readFeed(redis, tenant, '0', 10)).map(({ id }) => id);
    await redis.xtrim(tenantKeys.feed(tenant), 'MINID', ids[3] ?? '');
    const bounds = (await feedBounds(redis, tenant)) ?? { oldest: '', newest: '' };
    // The entry right before the oldest one is not needed: nothing behind it is missing.
    expect(ids.map((id) => reachesBack(bounds, id))).toEqual([false, false, true, true, true]);
    expect((await readFeed(redis, tenant, ids[2] ?? '', 10)).map(short)).toEqual(['ins_a 4', 'ins_a 5']);
    await expect(readFeed(redis, tenant, ids[1] ?? '', 10)).rejects.toThrow(PositionLostError);
    const [birth, number] = (ids[4] ?? '').split('-').map(Number);
    expect(reachesBack(bounds, `${birth}-${Number(number) + 1}`)).toBe(false);
    expect(reachesBack(bounds, `${Number(birth) - 1}-${number}`)).toBe(false);
  });

  redisTest('drops its oldest entries with the events they point to', async ({ redis }) => {
    await createTenant(redis);
    await feed(redis, 'ins_a', 1, 3);
    await feed(redis, 'ins_a', keptEvents + 1, keptEvents + 2);
    expect((await all(redis))[0]).toBe('ins_a 3');
    await feed(redis, 'ins_b', 1);
    await feed(redis, 'ins_a', 3 * keptEvents);
    // Another instance's entry is now the oldest: what lies behind it stays.
    expect(await all(redis)).toEqual(['ins_b 1', `ins_a ${3 * keptEvents}`]);
    await feed(redis, 'ins_a', 5 * keptEvents);
    expect(await all(redis)).toEqual(['ins_b 1', `ins_a ${3 * keptEvents}`, `ins_a ${5 * keptEvents}`]);
  });
});

describe('what a feed points to', () => {
  const append = async (redis: Redis, instance: string, count: number) => {
    const { key, args } = appendEvent(instance, event);
    const [id = '', ...fields] = args.map(String);
    for (let n = 0; n < count; n++) await redis.xadd(key, id, ...fields);
  };

  redisTest('is read in its order, with what is gone as such', async ({ redis }) => {
    await createTenant(redis);
    await append(redis, 'ins_a', 3);
    await append(redis, 'ins_b', 1);
    await feedBounds(redis, tenant);
    await feed(redis, 'ins_a', 1, 2);
    await feed(redis, 'ins_b', 1);
    await feed(redis, 'ins_a', 3);
    await redis.xtrim(instanceKeys.events('ins_a'), 'MINID', '0-2');
    const pointers = await readFeed(redis, tenant, '0', 10);
    const found = await readPointed(redis, pointers);
    expect(found.map((one) => one?.id)).toEqual([undefined, 'evt_a_2', 'evt_b_1', 'evt_a_3']);
    expect(found[2]).toEqual({ ...event, id: 'evt_b_1', instance: 'ins_b', sequence: 1 });
  });

  redisTest('is there for every entry that the log of one instance leaves', { timeout: 60_000 }, async ({ redis }) => {
    await createTenant(redis);
    const count = keptEvents + 500;
    await append(redis, 'ins_a', count);
    for (let from = 1; from <= count; from += 100) await feed(redis, 'ins_a', from, from + 99);
    await trimEvents(redis, 'ins_a', count);
    const pointers = await readFeed(redis, tenant, '0', count);
    expect(pointers).toHaveLength(keptEvents);
    expect((await readPointed(redis, pointers)).every((one) => one !== undefined)).toBe(true);
  });
});

redisTest('events that stand between those that are wanted are not read', async ({ redis }) => {
  await createTenant(redis);
  const { key, args } = appendEvent('ins_a', event);
  for (let n = 0; n < 9; n += 1) await redis.call('XADD', key, ...args);
  await feed(redis, 'ins_a', 1, 9);
  const pointers = await readFeed(redis, tenant, '0', 100);
  const wanted = pointers.filter(({ sequence }) => [1, 2, 3, 8].includes(sequence));
  const watched = await watchCommands(redis);
  expect((await readPointed(redis, wanted)).map((found) => found?.sequence)).toEqual([1, 2, 3, 8]);
  expect(await watched.count('xrange')).toBe(2);
  watched.stop();
});

import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { defineScript, type Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import {
  declareDead,
  forgetWorker,
  heldBy,
  LeaseLostError,
  listWorkers,
  markHeld,
  sampleWorkers,
  unmarkHeld,
} from './index.ts';
import { beginTakeover } from './membership.ts';

const lua = (name: string) => defineScript(new URL(`./lua/${name}.lua`, import.meta.url));
const register = (redis: Redis, incarnation: string, ttlMs = 60_000) =>
  lua('register')(redis, [workerKeys.lease(incarnation)], [ttlMs, 'host:1', 10]);
const renew = (redis: Redis, incarnation: string, ttlMs = 60_000) =>
  lua('renew')(redis, [workerKeys.lease(incarnation)], [ttlMs, 7, 1]);

/** What waiting until the lease has run out comes to. */
const runOut = (redis: Redis, incarnation: string) => redis.hset(workerKeys.lease(incarnation), 'exp', 1);

describe('register.lua', () => {
  redisTest('creates a lease by the clock of Redis that does not vanish by itself', async ({ redis }) => {
    const now = Number((await redis.time())[0]) * 1_000;
    expect(Number(await register(redis, 'w1'))).toBeGreaterThanOrEqual(now);
    const lease = await redis.hgetall(workerKeys.lease('w1'));
    expect(lease).toMatchObject({ address: 'host:1', capacity: '10', load: '0', draining: '0' });
    expect(Number(lease.exp) - Number(lease.startedAt)).toBe(60_000);
    expect(await redis.ttl(workerKeys.lease('w1'))).toBe(-1);
  });

  redisTest('refuses an incarnation that exists, expired or dead', async ({ redis }) => {
    await register(redis, 'w1');
    expect(await register(redis, 'w1')).toBeNull();
    await runOut(redis, 'w1');
    expect(await register(redis, 'w1')).toBeNull();
    await declareDead(redis, 'w1', { proof: false });
    expect(await register(redis, 'w1')).toBeNull();
  });
});

describe('renew.lua', () => {
  redisTest('moves the expiry and carries what peers want to know', async ({ redis }) => {
    await register(redis, 'w1');
    await runOut(redis, 'w1');
    const now = Number(await renew(redis, 'w1'));
    expect(await redis.hgetall(workerKeys.lease('w1'))).toMatchObject({
      exp: String(now + 60_000),
      load: '7',
      draining: '1',
    });
  });

  redisTest('refuses the missing and the dead', async ({ redis }) => {
    expect(await renew(redis, 'w1')).toBeNull();
    expect(await redis.exists(workerKeys.lease('w1'))).toBe(0);
    await register(redis, 'w1');
    await declareDead(redis, 'w1', { proof: true });
    expect(await renew(redis, 'w1')).toBeNull();
  });

  redisTest('refuses an incarnation that was declared dead while it was missing', async ({ redis }) => {
    await declareDead(redis, 'w1', { proof: false });
    expect(await register(redis, 'w1')).toBeNull();
    expect(await renew(redis, 'w1')).toBeNull();
  });
});

describe('declareDead', () => {
  redisTest('waits for the expiry, unless death is proven', async ({ redis }) => {
    await register(redis, 'w1');
    expect(await declareDead(redis, 'w1', { proof: false })).toBe(false);
    expect(await renew(redis, 'w1')).toBeTypeOf('number');
    await runOut(redis, 'w1');
    expect(await declareDead(redis, 'w1', { proof: false })).toBe(true);
    await register(redis, 'w2');
    expect(await declareDead(redis, 'w2', { proof: true })).toBe(true);
  });

  redisTest('stays, whoever asks, for about a week', async ({ redis }) => {
    await register(redis, 'w1');
    await declareDead(redis, 'w1', { proof: true });
    expect(await declareDead(redis, 'w1', { proof: false })).toBe(true);
    expect(await declareDead(redis, 'never-seen', { proof: false })).toBe(true);
    for (const incarnation of ['w1', 'never-seen']) {
      const days = (await redis.pttl(workerKeys.lease(incarnation))) / 86_400_000;
      expect(days).toBeGreaterThan(6.9);
      expect(days).toBeLessThanOrEqual(7);
    }
  });
});

describe('what a worker holds', () => {
  redisTest('is listed until it is unmarked, and beyond its death', async ({ redis }) => {
    await register(redis, 'w1');
    for (const instance of ['a', 'b', 'c']) await markHeld(redis, 'w1', instance);
    await unmarkHeld(redis, 'w1', 'b');
    await declareDead(redis, 'w1', { proof: true });
    expect((await heldBy(redis, 'w1')).sort()).toEqual(['a', 'c']);
  });

  redisTest('is not added to by the dead or the unknown', async ({ redis }) => {
    await register(redis, 'w1');
    await declareDead(redis, 'w1', { proof: true });
    for (const incarnation of ['w1', 'never-seen']) {
      await expect(markHeld(redis, incarnation, 'a')).rejects.toThrow(LeaseLostError);
      expect(await heldBy(redis, incarnation)).toEqual([]);
    }
  });
});

describe('the list of workers', () => {
  redisTest('shows leases by the clock of Redis', async ({ redis }) => {
    const now = Number(await register(redis, 'w1'));
    await redis.zadd(fleetKeys.workers, now - 5_000, 'w1', 1, 'w2');
    await renew(redis, 'w1');
    const workers = await listWorkers(redis);
    expect(workers.map(({ incarnation }) => incarnation).sort()).toEqual(['w1', 'w2']);
    const [w1, w2] = ['w1', 'w2'].map((name) => workers.find(({ incarnation }) => incarnation === name));
    expect(w1).toMatchObject({ address: 'host:1', load: 7, capacity: 10, draining: true, dead: false });
    expect(w1?.expiresInMs).toBeGreaterThan(50_000);
    expect(w1?.lastRenewalAgoMs).toBeGreaterThanOrEqual(5_000);
    expect(w2).toMatchObject({ address: '', dead: true });
  });

  redisTest('forgets a worker but not its death', async ({ redis }) => {
    await register(redis, 'w1');
    await redis.zadd(fleetKeys.workers, 1, 'w1');
    await markHeld(redis, 'w1', 'a');
    await redis.rpush(workerKeys.wake('w1'), 'a');
    await declareDead(redis, 'w1', { proof: true });
    await forgetWorker(redis, 'w1');
    await forgetWorker(redis, 'w1');
    expect(await listWorkers(redis)).toEqual([]);
    expect(await redis.keys('*')).toEqual([workerKeys.lease('w1')]);
    expect(await renew(redis, 'w1')).toBeNull();
  });
});

describe('sampleWorkers', () => {
  redisTest('shows some of those that live and do not drain', async ({ redis }) => {
    for (const name of ['w1', 'w2', 'w3', 'dead', 'expired', 'draining']) {
      await register(redis, name);
      await redis.zadd(fleetKeys.workers, Date.now(), name);
    }
    await declareDead(redis, 'dead', { proof: true });
    await runOut(redis, 'expired');
    await renew(redis, 'draining');
    const all = await sampleWorkers(redis, 100);
    expect(all.map(({ incarnation }) => incarnation).sort()).toEqual(['w1', 'w2', 'w3']);
    expect(all[0]).toEqual({ incarnation: expect.any(String), load: 0, capacity: 10 });
    expect((await sampleWorkers(redis, 2)).length).toBeLessThanOrEqual(2);
  });
});

describe('beginTakeover', () => {
  redisTest('lets one reaper at a time take over, and the next one when it gives up or dies', async ({ redis }) => {
    await register(redis, 'w1');
    await declareDead(redis, 'w1', { proof: true });
    const begin = (reaper: string, aloneMs = 60_000) => beginTakeover(redis, 'w1', { reaper, aloneMs });
    expect([await begin('a'), await begin('b'), await begin('a')]).toEqual([true, false, true]);
    await begin('a', 0);
    expect([await begin('b'), await begin('a')]).toEqual([true, false]);
    await redis.hset(workerKeys.lease('w1'), 'reaperUntil', 1);
    expect(await begin('c')).toBe(true);
    expect(await redis.hget(workerKeys.lease('w1'), 'dead')).toBe('1');
  });
});

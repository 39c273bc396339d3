import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { connectRedis, type Redis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished } from 'vitest';
import { listenAs, listenTcp, refusingAddress } from '../test/listening.ts';
import { silentLog } from '../test/silent-log.ts';
import {
  claim,
  createReaper,
  createWorkerLease,
  listWorkers,
  markHeld,
  newIncarnation,
  type ReaperOptions,
  readOwnership,
} from './index.ts';

/** A worker of which Redis has heard nothing since 1970, but whose lease still runs. It owns its instances. */
async function silentWorker(redis: Redis, address: string, instances: string[] = [], incarnation = newIncarnation()) {
  await redis.hset(workerKeys.lease(incarnation), { exp: Date.now() + 3_600_000, address, capacity: 9 });
  for (const instance of instances) {
    await markHeld(redis, incarnation, instance);
    await claim(redis, instance, { incarnation, expected: await readOwnership(redis, instance) });
  }
  // Last: from here on a reaper sees it.
  await redis.zadd(fleetKeys.workers, 1, incarnation);
  return incarnation;
}

/** A worker with a lease and a reaper that claims what the dead held; `taken` lists what it got. */
async function survivor(
  redis: Redis,
  {
    incarnation = newIncarnation(),
    address,
    ...options
  }: Partial<ReaperOptions> & { incarnation?: string; address?: string } = {},
) {
  const taken: string[] = [];
  const lease = createWorkerLease({
    redis,
    incarnation,
    address: address ?? (await refusingAddress()),
    capacity: 10,
    log: silentLog,
  });
  const reaper = createReaper({
    redis,
    lease,
    scanEveryMs: 50,
    log: silentLog,
    async onDead(incarnation, instances) {
      for (const instance of instances) {
        const expected = await readOwnership(redis, instance);
        if (expected.owner !== incarnation) continue;
        await markHeld(redis, lease.incarnation, instance);
        const { claimed } = await claim(redis, instance, { incarnation: lease.incarnation, expected });
        if (claimed) taken.push(instance);
      }
    },
    ...options,
  });
  await lease.start();
  onTestFinished(async () => {
    await reaper.stop();
    await lease.end().catch(() => {});
  });
  return { lease, reaper, taken };
}

/** The port of a worker, until the end of the test. */
async function heard(incarnation: string) {
  const listening = await listenAs(incarnation);
  onTestFinished(() => listening.close());
  return listening;
}

const isListed = async (redis: Redis, incarnation: string) =>
  (await redis.zscore(fleetKeys.workers, incarnation)) !== null;
const isDead = async (redis: Redis, incarnation: string) =>
  (await redis.hget(workerKeys.lease(incarnation), 'dead')) === '1';

/** Lets a reaper look at the silent workers several times: a worker that it can prove dead goes first. */
async function someScans(redis: Redis) {
  for (let round = 0; round < 3; round += 1) {
    const marker = await silentWorker(redis, await refusingAddress());
    await eventually(async () => !(await isListed(redis, marker)));
  }
}

describe('a reaper', () => {
  redisTest('takes over at once where a port refuses, although the lease still runs', async ({ redis }) => {
    const { reaper, taken, lease } = await survivor(redis);
    const dead = await silentWorker(redis, await refusingAddress(), ['a', 'b']);
    reaper.start();
    await eventually(async () => !(await isListed(redis, dead)), { timeoutMs: 5_000 });
    expect(taken.sort()).toEqual(['a', 'b']);
    expect(await readOwnership(redis, 'a')).toEqual({ owner: lease.incarnation, epoch: 2 });
    expect(await isDead(redis, dead)).toBe(true);
  });

  redisTest('takes over where another incarnation answers', async ({ redis }) => {
    const { reaper, taken } = await survivor(redis);
    const server = await listenAs(newIncarnation());
    await silentWorker(redis, server.address, ['a']);
    reaper.start();
    await eventually(() => taken.length === 1, { timeoutMs: 5_000 });
    await server.close();
  });

  redisTest('waits for the expiry where a port is silent', async ({ redis }) => {
    const { reaper, taken } = await survivor(redis);
    let probes = 0;
    const server = await listenTcp(() => {
      probes += 1;
    });
    const frozen = await silentWorker(redis, server.address, ['a']);
    reaper.start();
    await eventually(() => probes >= 2, { timeoutMs: 10_000 });
    expect(await isDead(redis, frozen)).toBe(false);
    expect(taken).toEqual([]);
    await redis.hset(workerKeys.lease(frozen), 'exp', 1);
    await eventually(() => taken.length === 1, { timeoutMs: 5_000 });
    await server.close();
  });

  redisTest('leaves a silent worker alone that answers, until its lease runs out', async ({ redis }) => {
    const { reaper } = await survivor(redis);
    const incarnation = newIncarnation();
    const server = await listenAs(incarnation);
    await silentWorker(redis, server.address, ['a'], incarnation);
    reaper.start();
    await someScans(redis);
    expect(await isDead(redis, incarnation)).toBe(false);
    await redis.hset(workerKeys.lease(incarnation), 'exp', 1);
    await eventually(() => isDead(redis, incarnation), { timeoutMs: 5_000 });
    await server.close();
  });

  redisTest('does not probe whoever renews', async ({ redis }) => {
    const { reaper } = await survivor(redis);
    const { lease: peer } = await survivor(redis);
    reaper.start();
    await someScans(redis);
    expect(peer.held()).toBe(true);
    expect(await isDead(redis, peer.incarnation)).toBe(false);
  });

  redisTest('takes over from a worker that was declared dead by one that died then', async ({ redis }) => {
    const { reaper, taken } = await survivor(redis);
    const dead = await silentWorker(redis, 'host:1', ['a']);
    await redis.hset(workerKeys.lease(dead), 'dead', 1);
    reaper.start();
    await eventually(async () => !(await isListed(redis, dead)), { timeoutMs: 5_000 });
    expect(taken).toEqual(['a']);
  });

  redisTest('tries again when the take-over fails, and others are not held up', async ({ redis }) => {
    const calls: string[] = [];
    const address = await refusingAddress();
    const stubborn = await silentWorker(redis, address, ['a']);
    const { reaper } = await survivor(redis, {
      async onDead(incarnation) {
        calls.push(incarnation);
        if (incarnation === stubborn && calls.length < 4) throw new Error('Redis hiccup');
      },
    });
    const easy = await silentWorker(redis, address);
    reaper.start();
    await eventually(async () => !(await isListed(redis, stubborn)) && !(await isListed(redis, easy)));
    expect(calls.filter((incarnation) => incarnation === easy)).toHaveLength(1);
    expect(calls.filter((incarnation) => incarnation === stubborn).length).toBeGreaterThan(1);
  });

  redisTest(
    'looks after what has no owner yet without holding up its scans, and leaves it to another one at the end',
    async ({ redis }) => {
      const settling: string[] = [];
      const address = await refusingAddress();
      const slow = await silentWorker(redis, address, ['a']);
      const begun: string[] = [];
      const { reaper } = await survivor(redis, {
        onDead: async (incarnation) => void begun.push(incarnation),
        async settle(incarnation, instances, { signal }) {
          if (incarnation !== slow) return;
          settling.push(...instances);
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      });
      reaper.start();
      await eventually(() => settling.length === 1);
      const next = await silentWorker(redis, address, ['b']);
      await eventually(async () => !(await isListed(redis, next)));
      expect(await isListed(redis, slow)).toBe(true);
      await reaper.stop();
      expect(begun).toEqual([slow, next]);
      const { reaper: other, taken } = await survivor(redis);
      other.start();
      await eventually(async () => !(await isListed(redis, slow)), { timeoutMs: 5_000 });
      expect(taken).toEqual(['a']);
    },
  );

  redisTest('shares the work with another one: every instance changes hands once', async ({ redis, url }) => {
    const other = connectRedis(url, { name: 'other', manner: 'patient' });
    const survivors = [await survivor(redis), await survivor(other)];
    const instances = Array.from({ length: 30 }, (_, index) => `ins_${index}`);
    const dead = await silentWorker(redis, await refusingAddress(), instances);
    for (const { reaper } of survivors) reaper.start();
    await eventually(async () => !(await isListed(redis, dead)));
    for (const { reaper, lease } of survivors) {
      await reaper.stop();
      await lease.end();
    }
    expect(survivors.flatMap(({ taken }) => taken).sort()).toEqual(instances.sort());
    for (const instance of instances) expect((await readOwnership(redis, instance)).epoch).toBe(2);
    await other.quit();
  });

  redisTest('never declares itself', async ({ redis }) => {
    const { reaper, lease } = await survivor(redis);
    await redis.zadd(fleetKeys.workers, 1, lease.incarnation);
    reaper.start();
    await reaper.sameAddress(lease.address);
    await someScans(redis);
    expect([lease.held(), await isDead(redis, lease.incarnation)]).toEqual([true, false]);
  });

  redisTest('declares nobody while its own lease is not held', async ({ redis }) => {
    const { reaper, lease } = await survivor(redis);
    const dead = await silentWorker(redis, await refusingAddress());
    await lease.end();
    reaper.start();
    const until = performance.now() + 500;
    await eventually(() => performance.now() > until);
    expect(await isDead(redis, dead)).toBe(false);
  });
});

describe('a restarted worker', () => {
  redisTest('takes back at once from whoever had its address before', async ({ redis }) => {
    const incarnation = newIncarnation();
    const { reaper, lease, taken } = await survivor(redis, {
      incarnation,
      address: (await heard(incarnation)).address,
    });
    const before = await silentWorker(redis, lease.address, ['a']);
    const neighbour = await silentWorker(redis, await refusingAddress(), ['b']);
    // A loopback address of another machine is another address.
    const stranger = `elsewhere-${newIncarnation()}`;
    await silentWorker(redis, lease.address, ['c'], stranger);
    expect(await reaper.sameAddress(lease.address)).toEqual([before]);
    expect(taken).toEqual(['a']);
    await eventually(async () => !(await isListed(redis, before)));
    const listed = (await listWorkers(redis)).map(({ incarnation }) => incarnation);
    expect(listed.sort()).toEqual([lease.incarnation, neighbour, stranger].sort());
  });

  redisTest('takes nothing from whoever was given the same address by mistake, and lives', async ({ redis }) => {
    const other = newIncarnation();
    const { address } = await heard(other);
    const { reaper, taken } = await survivor(redis, { address });
    await silentWorker(redis, address, ['a'], other);
    expect(await reaper.sameAddress(address)).toEqual([]);
    reaper.start();
    await someScans(redis);
    expect([taken, await isDead(redis, other)]).toEqual([[], false]);
  });
});

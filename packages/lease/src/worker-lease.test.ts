import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { startRedis } from '@flotilla/fleet';
import { connectRedis, type Redis, ready } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../test/silent-log.ts';
import {
  createWorkerLease,
  declareDead,
  LeaseLostError,
  type LeaseState,
  listWorkers,
  markHeld,
  newIncarnation,
  type WorkerLeaseOptions,
} from './index.ts';

/** The proportions of the defaults, several times as fast. */
const quick = { ttlMs: 2_400, deadlineMs: 1_500, renewEveryMs: 200 };

/** A lease and every state that it was in. */
function leaseOn(redis: Redis, options: Partial<WorkerLeaseOptions> = {}) {
  const states: LeaseState[] = [];
  const lease = createWorkerLease({
    redis,
    incarnation: newIncarnation(),
    address: 'host:1',
    capacity: 10,
    log: silentLog,
    onChange: (state) => states.push(state),
    ...quick,
    ...options,
  });
  onTestFinished(() => lease.end().catch(() => {}));
  return { lease, states };
}

/** A Redis that can be killed, and a connection such as a worker has. */
async function mortalRedis({ appendonly }: { appendonly: boolean }) {
  const server = await startRedis({ appendonly });
  const redis = connectRedis(server.url, { name: 'worker', manner: 'prompt' });
  await ready(redis);
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return { server, redis };
}

describe("a worker's lease", () => {
  redisTest('is held from its registration on, and renewed beyond its life', async ({ redis }) => {
    const { lease, states } = leaseOn(redis);
    expect([lease.state, lease.held(), lease.remainingMs()]).toEqual(['starting', false, 0]);
    expect(() => lease.assertHeld()).toThrow(LeaseLostError);
    await lease.start();
    const until = performance.now() + 2 * quick.ttlMs;
    await eventually(() => {
      lease.assertHeld();
      expect(lease.remainingMs()).toBeLessThanOrEqual(quick.deadlineMs);
      return performance.now() > until;
    });
    expect(states).toEqual(['held']);
    expect(await declareDead(redis, lease.incarnation, { proof: false })).toBe(false);
  });

  redisTest('refuses an incarnation that exists', async ({ redis }) => {
    const { lease } = leaseOn(redis);
    await lease.start();
    const { lease: twin } = leaseOn(redis, { incarnation: lease.incarnation });
    await expect(twin.start()).rejects.toThrow(LeaseLostError);
    await expect(lease.start()).rejects.toThrow(LeaseLostError);
    expect([twin.held(), lease.held()]).toEqual([false, true]);
    // The twin never held it, so it ends nothing.
    await twin.end();
    expect(await redis.hget(workerKeys.lease(lease.incarnation), 'dead')).toBeNull();
  });

  redisTest('tells the peers its load and that it drains', async ({ redis }) => {
    const { lease } = leaseOn(redis, { ttlMs: 60_000, deadlineMs: 50_000, renewEveryMs: 20_000 });
    await lease.start();
    lease.setLoad(3);
    lease.setDraining();
    await eventually(async () => {
      expect(await listWorkers(redis)).toMatchObject([{ load: 3, capacity: 10, draining: true, dead: false }]);
      return true;
    });
  });

  redisTest('is lost when declared dead, for ever', async ({ redis }) => {
    const { lease, states } = leaseOn(redis);
    await lease.start();
    await declareDead(redis, lease.incarnation, { proof: true });
    await eventually(() => lease.state === 'lost', { timeoutMs: 5_000 });
    expect(lease.held()).toBe(false);
    await lease.end();
    expect(states).toEqual(['held', 'lost']);
  });

  redisTest('is lost when Redis has forgotten it', async ({ redis }) => {
    const { lease } = leaseOn(redis);
    await lease.start();
    await redis.del(workerKeys.lease(lease.incarnation));
    await eventually(() => lease.state === 'lost', { timeoutMs: 5_000 });
  });

  redisTest('ends at once, off the list, and never renews again', async ({ redis }) => {
    const { lease, states } = leaseOn(redis);
    await lease.start();
    const ended = Promise.all([lease.end(), lease.end()]);
    expect([lease.state, lease.held()]).toEqual(['ended', false]);
    await ended;
    await lease.end();
    expect(await listWorkers(redis)).toEqual([]);
    expect(await declareDead(redis, lease.incarnation, { proof: false })).toBe(true);
    expect(states).toEqual(['held', 'ended']);
  });

  redisTest('leaves what it still holds to the others', async ({ redis }) => {
    const { lease } = leaseOn(redis);
    await lease.start();
    await markHeld(redis, lease.incarnation, 'ins_a');
    await lease.end();
    expect(await listWorkers(redis)).toMatchObject([{ incarnation: lease.incarnation, dead: true }]);
    expect(await redis.zscore(fleetKeys.workers, lease.incarnation)).toBe('0');
  });

  redisTest('survives a listener that throws', async ({ redis }) => {
    const { lease } = leaseOn(redis, {
      onChange: () => {
        throw new Error('a mistake');
      },
    });
    await lease.start();
    expect(lease.held()).toBe(true);
  });

  redisTest('needs its deadline before its expiry', async ({ redis }) => {
    expect(() => leaseOn(redis, { deadlineMs: quick.ttlMs })).toThrow(RangeError);
  });
});

describe('while Redis is away for longer than the deadline', () => {
  test('the lease expires, and is held again if nobody declared it dead', async () => {
    const { server, redis } = await mortalRedis({ appendonly: true });
    const { lease, states } = leaseOn(redis);
    await lease.start();
    await server.kill();
    const killedAt = performance.now();
    await eventually(() => lease.state === 'expired', { timeoutMs: 5_000 });
    expect(performance.now() - killedAt).toBeLessThan(3_000);
    expect([lease.held(), lease.remainingMs()]).toEqual([false, 0]);
    await server.restart();
    await eventually(() => lease.held(), { timeoutMs: 10_000 });
    expect(states).toEqual(['held', 'expired', 'held']);
  });

  test('the lease is lost if somebody declared it dead meanwhile', async () => {
    const { server, redis } = await mortalRedis({ appendonly: true });
    const { lease, states } = leaseOn(redis);
    await lease.start();
    await server.kill();
    await eventually(() => lease.state === 'expired', { timeoutMs: 5_000 });
    redis.disconnect();
    await server.restart();
    const peer = connectRedis(server.url, { name: 'peer', manner: 'patient' });
    await eventually(() => declareDead(peer, lease.incarnation, { proof: false }), { timeoutMs: 5_000 });
    await peer.quit();
    await redis.connect();
    await eventually(() => lease.state === 'lost', { timeoutMs: 10_000 });
    expect(states).toEqual(['held', 'expired', 'lost']);
  });

  test('the lease is lost if Redis comes back empty', async () => {
    const { server, redis } = await mortalRedis({ appendonly: false });
    const { lease } = leaseOn(redis);
    await lease.start();
    await server.restart();
    await eventually(() => lease.state === 'lost', { timeoutMs: 10_000 });
  });

  test('a server that hangs counts as away, and its late answer counts from when it was asked for', async () => {
    const { server, redis } = await mortalRedis({ appendonly: false });
    const left: number[] = [];
    // The one renewal before the deadline is asked for after 4 s and answered after 6 s: good for 4 s more, not for 6 s.
    const { lease } = leaseOn(redis, {
      renewEveryMs: 4_000,
      deadlineMs: 6_000,
      ttlMs: 12_000,
      onChange: () => left.push(lease.remainingMs()),
    });
    await lease.start();
    server.pause();
    await eventually(() => lease.state === 'expired', { timeoutMs: 10_000 });
    server.resume();
    await eventually(() => lease.held(), { timeoutMs: 10_000 });
    expect(left).toHaveLength(3);
    expect(left[1]).toBe(0);
    expect(left[2]).toBeLessThan(5_000);
  });
});

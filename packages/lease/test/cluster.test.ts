import { fleetKeys, workerKeys } from '@flotilla/contracts';
import { startRedis } from '@flotilla/fleet';
import { connectRedis, ready } from '@flotilla/redis';
import { eventually } from '@flotilla/testkit';
import { expect, onTestFinished, test } from 'vitest';
import {
  claim,
  createReaper,
  createWorkerLease,
  declareDead,
  fencedWrite,
  heldBy,
  listWorkers,
  markHeld,
  newIncarnation,
  readOwnership,
  release,
  unmarkHeld,
} from '../src/index.ts';
import { refusingAddress } from './listening.ts';
import { silentLog } from './silent-log.ts';

// One node that serves all slots refuses a script or command across two slots, like any Redis Cluster.
test('every script and command stays within one slot of a Redis Cluster', async () => {
  const server = await startRedis({ args: ['--cluster-enabled', 'yes'] });
  const redis = connectRedis(server.url, { name: 'cluster', manner: 'patient' });
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  await ready(redis);
  await redis.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
  await eventually(async () => String(await redis.cluster('INFO')).includes('cluster_state:ok'));
  await expect(redis.mget(workerKeys.lease('a'), workerKeys.lease('b'))).rejects.toThrow('CROSSSLOT');

  const incarnation = newIncarnation();
  const lease = createWorkerLease({ redis, incarnation, address: 'host:1', capacity: 1, log: silentLog });
  await lease.start();
  await markHeld(redis, incarnation, 'ins_a');
  expect(await claim(redis, 'ins_a', { incarnation, expected: await readOwnership(redis, 'ins_a') })).toMatchObject({
    claimed: true,
  });
  const fence = { instance: 'ins_a', owner: incarnation, epoch: 1 };
  const write = { command: 'hset', key: 'fl:{ins_a}:auth', args: ['creds', 'x'] };
  const options = { once: 't', publish: 'changed' };
  expect(await fencedWrite(redis, fence, [write], options)).toEqual({ alreadyDone: false, replies: [1] });
  expect(await release(redis, fence)).toBe(true);
  await unmarkHeld(redis, incarnation, 'ins_a');

  const dead = newIncarnation();
  await redis.hset(workerKeys.lease(dead), { exp: Date.now() + 60_000, address: await refusingAddress() });
  await markHeld(redis, dead, 'ins_b');
  await redis.zadd(fleetKeys.workers, 1, dead);
  const handled: string[] = [];
  const reaper = createReaper({
    redis,
    lease,
    log: silentLog,
    onDead: async (_, instances) => void handled.push(...instances),
  });
  reaper.start();
  await eventually(async () => (await listWorkers(redis)).length === 1);
  await reaper.stop();
  expect(handled).toEqual(['ins_b']);
  expect(await heldBy(redis, dead)).toEqual([]);
  expect(await declareDead(redis, dead, { proof: false })).toBe(true);
  await lease.end();
  expect(await listWorkers(redis)).toEqual([]);
});

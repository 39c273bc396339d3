/**
 * What each operation of leases and placement costs a Redis of this machine. The scripts and functions are the fleet's
 * own; what is counted is processor time and commands of the server, for many calls side by side, as a busy fleet makes
 * them.
 */
import { fleetKeys, instanceKeys, queues as queueNames, workerKeys } from '@flotilla/contracts';
import { startRedis } from '@flotilla/fleet';
import { createInstances } from '@flotilla/instance';
import {
  claim,
  declareDead,
  fencedWrite,
  forgetWorker,
  heldBy,
  markHeld,
  release,
  sampledPeers,
  unmarkHeld,
} from '@flotilla/lease';
import { createQueues, startWorker, takeUp } from '@flotilla/queue';
import { connectRedis, defineScript, type Redis, ready } from '@flotilla/redis';
import { redisUsage } from '../measure/redis-usage.ts';
import type { CommandCost, CommandCosts, Operation } from './commands.ts';

const scriptOf = (path: string) => defineScript(new URL(`../../../../${path}`, import.meta.url));
const lease = (name: string) => scriptOf(`packages/lease/src/lua/${name}.lua`);

/** Workers that are listed, and instances that one of them holds. */
const listed = 500;
const held = 400;
/** Calls of each operation, and connections that make them, one at a time each: what comes together is read together. */
const calls = 2_000;
const connections = 25;
/** A worker asks for these now and then; together they come to so many a second. */
const idleCommandsPerSecond = 0.8;

/** One operation, for the nth time. */
type Call = (n: number, redis: Redis) => Promise<unknown>;

/** Does something so often, and says what one time has cost Redis. */
async function costOf(pool: readonly Redis[], run: Call, times = calls): Promise<CommandCost> {
  const [redis] = pool;
  if (redis === undefined) throw new Error('There is no connection');
  const before = await redisUsage(redis);
  let next = 0;
  const lane = async (connection: Redis) => {
    for (let n = next++; n < times; n = next++) await run(n, connection);
  };
  await Promise.all(pool.map(lane));
  const after = await redisUsage(redis);
  return {
    commands: Math.round(((after.commands - before.commands - 1) / times) * 10) / 10,
    microseconds: Math.round(((after.cpuMs - before.cpuMs) * 10_000) / times) / 10,
  };
}

/** Serves as many requests for an owner as there are, and says what one of them costs. */
async function costOfServing(redis: Redis, url: string, count: number): Promise<CommandCost> {
  const connection = connectRedis(url, { name: 'bench-connects', manner: 'patient' });
  let served = 0;
  const before = await redisUsage(redis);
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const worker = startWorker({
    queue: 'connect',
    connection,
    concurrency: 20,
    handler: async () => {
      served += 1;
      if (served === count) finish();
    },
  });
  await done;
  const after = await redisUsage(redis);
  await worker.close(1_000);
  connection.disconnect();
  return {
    commands: Math.round(((after.commands - before.commands) / count) * 10) / 10,
    microseconds: Math.round(((after.cpuMs - before.cpuMs) * 10_000) / count) / 10,
  };
}

/** Measures all of them, on a Redis of its own, in about ten seconds. */
export async function measureCommands(): Promise<CommandCosts> {
  const server = await startRedis();
  const redis = connectRedis(server.url, { name: 'bench-placement', manner: 'prompt' });
  await ready(redis, 10_000);
  const pool = Array.from({ length: connections }, () =>
    connectRedis(server.url, { name: 'bench-placement', manner: 'prompt' }),
  );
  try {
    for (const connection of pool) await ready(connection, 10_000);
    const name = (n: number) => `host-${n}-7d444840-9dc0-11d1-b245-5ffdce74fad2`;
    const id = (n: number) => `ins_${String(n).padStart(20, '0')}`;
    const now = Date.now();
    const measured: Partial<Record<Operation, CommandCost>> = {};
    const measure = async (operation: Operation, run: Call, times?: number) => {
      measured[operation] = await costOf(pool, run, times);
    };
    const register = lease('register');
    await measure('register', async (n, redis) => {
      await register(redis, [workerKeys.lease(name(n))], [600_000, '10.0.0.1:8081', 1_000]);
    });
    for (let n = 0; n < listed; n++) await redis.zadd(fleetKeys.workers, now, name(n));
    const renew = lease('renew');
    await measure('renew', (n, redis) => renew(redis, [workerKeys.lease(name(n % listed))], [600_000, 400, 0]));
    await measure('tell-fleet', (n, redis) => redis.zadd(fleetKeys.workers, now + n, name(n % listed)));
    await measure('silent-workers', (_, redis) => redis.zrangebyscore(fleetKeys.workers, '-inf', now - 5_000));
    const read = lease('read-worker');
    await measure('read-lease', (n, redis) => read(redis, [workerKeys.lease(name(n))], []));
    await measure('sample-peers', (_, redis) => redis.zrandmember(fleetKeys.workers, sampledPeers));
    const loadOf = (connection: Redis, n: number) =>
      connection.hmget(workerKeys.lease(name(n)), 'load', 'capacity', 'draining', 'dead', 'exp');
    const dozen = await costOf(
      pool,
      (n, connection) => Promise.all(Array.from({ length: sampledPeers }, (_, index) => loadOf(connection, n + index))),
      500,
    );
    measured['peer-load'] = { commands: 1, microseconds: Math.round((dozen.microseconds / sampledPeers) * 10) / 10 };

    // An instance's record as it is after some time.
    const record = {
      tenant: 'ten_0000000000000000000',
      name: 'Reception',
      createdAt: now,
      settings: '{}',
      desired: 'connected',
      paired: 'true',
      status: JSON.stringify({
        state: 'open',
        since: now,
        jid: '4915112345678:12@s.whatsapp.net',
        phone: '4915112345678',
      }),
    };
    for (let n = 0; n < calls; n++) await redis.hset(instanceKeys.record(id(n)), record);
    await measure('read-instance', (n, redis) => createInstances(redis).read(id(n)));
    const owner = name(0);
    await measure('mark-held', (n, redis) => markHeld(redis, owner, id(n)));
    await measure('claim', (n, redis) =>
      claim(redis, id(n), { incarnation: owner, expected: { owner: '', epoch: 0 } }),
    );
    const ownerOf = (connection: Redis, n: number) => connection.hget(instanceKeys.ownership(id(n % calls)), 'owner');
    const hundreds = await costOf(
      pool,
      (n, connection) => Promise.all(Array.from({ length: held }, (_, index) => ownerOf(connection, n * held + index))),
      200,
    );
    measured['read-owners'] = { commands: 1, microseconds: Math.round((hundreds.microseconds / held) * 10) / 10 };
    await measure('read-owner', (n, redis) => redis.hget(instanceKeys.ownership(id(n)), 'owner'));
    const fence = (n: number) => ({ instance: id(n), owner, epoch: 1 });
    await measure('take-up', async (n, redis) => {
      for (const queue of [queueNames.commands, queueNames.control, queueNames.requests])
        await takeUp(redis, fence(n), queue);
      await redis.xrevrange(instanceKeys.events(id(n)), '+', '-', 'COUNT', 1);
    });
    const takeLogin = scriptOf('apps/connection-worker/src/fleet/connect-budget.lua');
    await measure('take-login', (_, redis) => takeLogin(redis, [fleetKeys.connectBudget], [500, 500]));
    // Credentials, then two changes of state, each with its event.
    for (let n = 0; n < calls; n++) await redis.hset(instanceKeys.authState(id(n)), 'creds:', 'c'.repeat(2_500));
    await measure('login', async (n, redis) => {
      await redis.hget(instanceKeys.authState(id(n)), 'creds:');
      await redis.hgetall(instanceKeys.record(id(n)));
      for (const state of ['connecting', 'open'])
        await fencedWrite(redis, fence(n), [
          { command: 'hset', key: instanceKeys.record(id(n)), args: ['status', record.status] },
          { command: 'xadd', key: instanceKeys.events(id(n)), args: ['0-*', 'e', JSON.stringify({ state, record })] },
        ]);
    });
    await measure('unmark-held', (n, redis) => unmarkHeld(redis, owner, id(n)));
    await measure('release', (n, redis) => release(redis, fence(n)));

    await measure('wake', async (n, redis) => {
      await redis.rpush(workerKeys.wake(name(n % listed)), id(n));
      await redis.lpop(workerKeys.wake(name(n % listed)));
    });
    await measure('hand-out', async (n, redis) => {
      const list = workerKeys.wake(name(n % listed));
      await redis
        .pipeline()
        .rpush(list, id(n), id(n + 1))
        .expire(list, 3_600)
        .exec();
      await redis.blmpop(1, 1, list, 'LEFT', 'COUNT', 100);
    });
    const dead = (n: number) => name(n + 500);
    for (let n = 0; n < 100; n++)
      await redis.sadd(workerKeys.instances(dead(n)), ...Array.from({ length: held }, (_, index) => id(index)));
    await measure('declare-dead', (n, redis) => declareDead(redis, dead(n), { proof: true }), 1_000);
    const begin = lease('begin-takeover');
    await measure('begin-takeover', (n, redis) => begin(redis, [workerKeys.lease(dead(n))], [owner, 3_000]), 1_000);
    await measure('held-by', (n, redis) => heldBy(redis, dead(n % 100)));
    await measure('forget-worker', (n, redis) => forgetWorker(redis, dead(n)), 1_000);

    const queues = pool.map((connection) => createQueues({ connection }));
    await measure('request-owner', async (n) => {
      await queues[n % connections]?.requestConnect(id(n), 'takeover');
    });
    measured['serve-request'] = await costOfServing(redis, server.url, calls);
    const { commands, microseconds } = measured['tell-fleet'] ?? { commands: 1, microseconds: 10 };
    measured['idle-second'] = {
      commands: commands * idleCommandsPerSecond,
      microseconds: Math.round(microseconds * idleCommandsPerSecond * 10) / 10,
    };
    return measured as CommandCosts;
  } finally {
    for (const connection of [redis, ...pool]) connection.disconnect();
    await server.stop();
  }
}

import { instanceKeys, workerKeys } from '@flotilla/contracts';
import type { PeerLoad } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { createTakeover } from './takeover.ts';

const idle = (incarnation: string, capacity = 100): PeerLoad => ({ incarnation, load: 0, capacity });
const ids = (count: number) => Array.from({ length: count }, (_, n) => `ins_${n}`);
const own = (redis: Redis, instance: string, owner: string) =>
  redis.hset(instanceKeys.ownership(instance), 'owner', owner);
const wakeList = (redis: Redis, worker: string) => redis.lrange(workerKeys.wake(worker), 0, -1);

/** What a worker called `dead` held, in the hands of a reaper. */
function takeover(redis: Redis, peers: PeerLoad[]) {
  const asked: string[] = [];
  const rounds: number[] = [];
  const signal = new AbortController();
  const { onDead, settle } = createTakeover({
    redis,
    queues: { requestConnect: async (instance) => void asked.push(instance) },
    peers: async () => peers,
    patienceMs: () => 100,
  });
  return {
    asked,
    rounds,
    stop: () => signal.abort(),
    handOut: (instances: string[]) => onDead('dead', instances),
    settle: (instances: string[]) =>
      settle('dead', instances, { stillAtIt: async () => rounds.push(rounds.length), signal: signal.signal }),
  };
}

describe('what a dead worker held', () => {
  redisTest('is handed out to those that carry least, each to one of them', async ({ redis }) => {
    const { handOut, asked } = takeover(redis, [idle('a'), idle('b'), { ...idle('full'), load: 100 }, idle('dead')]);
    for (const id of ids(6)) await own(redis, id, 'dead');
    await handOut(ids(6));
    const lists = [await wakeList(redis, 'a'), await wakeList(redis, 'b')];
    expect(lists.map(({ length }) => length)).toEqual([3, 3]);
    expect(lists.flat().sort()).toEqual(ids(6));
    expect([await wakeList(redis, 'full'), await wakeList(redis, 'dead'), asked]).toEqual([[], [], []]);
    expect(await redis.ttl(workerKeys.wake('a'))).toBeGreaterThan(0);
  });

  redisTest('is offered to everybody as far as nobody has room', async ({ redis }) => {
    const { handOut, asked } = takeover(redis, [idle('a', 2)]);
    await handOut(ids(5));
    expect(await wakeList(redis, 'a')).toHaveLength(2);
    expect(asked).toHaveLength(3);
  });

  redisTest('is left to whoever has claimed it already', async ({ redis }) => {
    const { handOut, asked } = takeover(redis, [idle('a')]);
    await own(redis, 'ins_0', 'dead');
    await own(redis, 'ins_1', 'somebody');
    await handOut(ids(3));
    expect((await wakeList(redis, 'a')).sort()).toEqual(['ins_0', 'ins_2']);
    expect(asked).toEqual([]);
  });

  redisTest('is settled when all of it has owners', async ({ redis }) => {
    const { settle, asked } = takeover(redis, []);
    for (const id of ids(3)) await own(redis, id, 'somebody');
    await settle(ids(3));
    expect(asked).toEqual([]);
  });

  redisTest('is waited for as long as some of it finds owners, then offered to everybody', async ({ redis }) => {
    const { settle, asked, rounds } = takeover(redis, []);
    for (const id of ids(4)) await own(redis, id, 'dead');
    await own(redis, 'ins_0', 'somebody');
    const settled = settle(ids(4));
    await eventually(() => rounds.length === 1);
    expect(asked).toEqual([]);
    await own(redis, 'ins_1', 'somebody');
    await settled;
    expect(asked.sort()).toEqual(['ins_2', 'ins_3']);
    // It has waited once more after somebody had come.
    expect(rounds).toHaveLength(2);
  });

  redisTest('is left to others when this worker stops', async ({ redis }) => {
    const { settle, stop, asked } = takeover(redis, []);
    for (const id of ids(2)) await own(redis, id, 'dead');
    const settled = settle(ids(2));
    stop();
    await expect(settled).rejects.toThrow('abort');
    expect(asked).toEqual([]);
  });
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { instanceKeys, queues } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { countConnections, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { createQueues, openLane, reclaim, sharedBackend, takeNext, takeUp } from './index.ts';

const command = (messageId: string) => ({
  name: 'send.text' as const,
  messageId,
  body: { to: '1@s.whatsapp.net', text: messageId },
  acceptedAt: 1,
  expiresAt: 2,
});

/** Queues commands behind those that are there. */
async function add(connection: Redis, ...ids: string[]): Promise<void> {
  const [commands] = createQueues({ connection }).forBoard('ins_a');
  for (const id of ids) await commands?.add('send.text', command(id), { jobId: id });
}

const laneOn = (connection: Redis, instance = 'ins_a') =>
  openLane<{ messageId: string }>(instance, queues.commands, { connection, backend: sharedBackend(connection) });

describe('an instance lane', () => {
  redisTest('hands out commands in order, and adding one twice adds nothing', async ({ redis }) => {
    await add(redis, 'm1', 'm2', 'm2', 'm3');
    const lane = laneOn(redis);
    const seen: string[] = [];
    for (let job = await lane.next(); job; job = await lane.next()) {
      seen.push(job.data.messageId);
      await job.complete();
    }
    expect(seen).toEqual(['m1', 'm2', 'm3']);
  });

  redisTest('goes on after a while in which its parts were collected as garbage', async ({ redis }) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const lane = laneOn(redis);
    expect(await lane.next()).toBeUndefined();
    for (const id of ['m1', 'm2', 'm3']) {
      await add(redis, id);
      collect();
      const job = await lane.next();
      collect();
      expect(job?.data.messageId).toBe(id);
      expect(await lane.taken()).toMatchObject({ count: 1, newest: id });
      if (id === 'm2') expect(await job?.completeAndTake()).toBeUndefined();
      else await job?.complete();
      expect(await lane.hasJobs()).toBe(false);
    }
  });

  redisTest('leaves nothing when it is obliterated, not even what is being worked on', async ({ redis }) => {
    await add(redis, 'm1', 'm2', 'm3');
    const lane = laneOn(redis);
    await (await lane.next())?.complete();
    await lane.next();
    await lane.obliterate();
    expect(await redis.keys(`${instanceKeys.queuePrefix('ins_a')}:${queues.commands}:*`)).toEqual([]);
    await lane.obliterate();
  });

  redisTest('puts a job back to the head', async ({ redis }) => {
    await add(redis, 'm1', 'm2');
    const lane = laneOn(redis);
    const first = await lane.next();
    expect(await lane.waiting(10)).toMatchObject([{ id: 'm2' }]);
    await first?.putBack();
    expect((await lane.waiting(10)).map(({ id }) => id)).toEqual(['m1', 'm2']);
    expect((await lane.next())?.id).toBe('m1');
  });

  redisTest('takes a job with the hash that belongs to it, as it is by then', async ({ redis }) => {
    for (const id of ['m1', 'm2']) {
      await redis.hset(`{ins_a}:of:${id}`, { id });
      await add(redis, id);
    }
    const lane = openLane<{ messageId: string }>('ins_a', queues.commands, {
      connection: redis,
      backend: sharedBackend(redis),
      besideBase: '{ins_a}:of:',
    });
    const nothing = async () => {};
    const first = await takeNext(lane, nothing);
    expect(first).toMatchObject({ id: 'm1', beside: { id: 'm1' } });
    const second = await takeNext(lane, nothing, () => first?.completeAndTake() ?? Promise.resolve(undefined));
    expect(second).toMatchObject({ id: 'm2', beside: { id: 'm2' } });
    await second?.complete();
    expect(await takeNext(lane, nothing)).toBeUndefined();
    expect(await lane.taken()).toEqual({ count: 0, newest: '', beside: {} });
  });

  redisTest('is looked at again when the look was answered before the job was taken', async ({ redis }) => {
    await add(redis, 'm1');
    const lane = laneOn(redis);
    const late = async () => {
      await redis.ping();
      return lane.next();
    };
    expect(await takeNext(lane, async () => {}, late)).toMatchObject({ id: 'm1' });
  });

  redisTest('has what somebody else has taken put back first', async ({ redis }) => {
    await add(redis, 'm1', 'm2');
    await redis.hset(instanceKeys.ownership('ins_a'), { owner: 'b', epoch: 2 });
    const fence = { instance: 'ins_a', owner: 'b', epoch: 2 };
    await laneOn(redis).next();
    const taken = await takeNext(laneOn(redis), () => reclaim(redis, fence, queues.commands));
    expect(taken?.id).toBe('m1');
  });

  redisTest('gives what a dead owner left active to the next one, first of all', async ({ redis }) => {
    await add(redis, 'm1', 'm2', 'm3');
    const dead = laneOn(redis);
    await dead.next();
    await dead.next();
    await redis.hset(instanceKeys.ownership('ins_a'), { owner: 'b', epoch: 2 });
    expect(await reclaim(redis, { instance: 'ins_a', owner: 'b', epoch: 2 }, queues.commands)).toBe(2);
    const lane = laneOn(redis);
    const seen: string[] = [];
    for (let job = await lane.next(); job; job = await lane.next()) {
      seen.push(job.id);
      await job.complete();
    }
    expect(seen).toEqual(['m1', 'm2', 'm3']);
  });

  redisTest(
    'says how many owners have ended with a job in hand, and counts none that was put back',
    async ({ redis }) => {
      await add(redis, 'm1');
      const lane = laneOn(redis);
      for (const epoch of [2, 3]) {
        await lane.next();
        await redis.hset(instanceKeys.ownership('ins_a'), { owner: 'b', epoch });
        const left = await takeUp(redis, { instance: 'ins_a', owner: 'b', epoch }, queues.commands);
        expect([...left]).toEqual([['m1', epoch - 1]]);
        await lane.next();
        expect(await reclaim(redis, { instance: 'ins_a', owner: 'b', epoch }, queues.commands)).toBe(1);
      }
      expect([...(await takeUp(redis, { instance: 'ins_a', owner: 'b', epoch: 3 }, queues.commands))]).toEqual([]);
    },
  );

  redisTest('refuses a stale owner', async ({ redis }) => {
    await redis.hset(instanceKeys.ownership('ins_a'), { owner: 'b', epoch: 2 });
    await expect(reclaim(redis, { instance: 'ins_a', owner: 'a', epoch: 1 }, queues.commands)).rejects.toThrow(
      'FENCED',
    );
    await expect(reclaim(redis, { instance: 'ins_new', owner: 'a', epoch: 1 }, queues.commands)).rejects.toThrow(
      'FENCED',
    );
  });

  redisTest('opens no connection of its own, however many lanes there are', async ({ redis }) => {
    const before = await countConnections(redis);
    const backend = sharedBackend(redis);
    for (let n = 0; n < 100; n++) await openLane(`ins_${n}`, queues.commands, { connection: redis, backend }).next();
    expect(await countConnections(redis)).toBe(before);
  });
});

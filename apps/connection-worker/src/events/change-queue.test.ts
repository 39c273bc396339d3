import { instanceKeys } from '@flotilla/contracts';
import { startRedis } from '@flotilla/fleet';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import { readEvents } from '@flotilla/instance';
import { claim, readOwnership } from '@flotilla/lease';
import { connectRedis, type Redis, ready } from '@flotilla/redis';
import { createLogger } from '@flotilla/service';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect, it } from 'vitest';
import { InstanceStore } from '../instance-store.ts';
import { createChangeQueue } from './change-queue.ts';
import { event } from './listen/context.ts';
import { createTold } from './told.ts';

const instance = 'ins_a';
const log = createLogger({ name: 'test', level: 'silent' });
const blocked = (n: number) => event('blocklist.update', { type: 'add' as const, jids: [String(n)] });

async function open(redis: Redis, onFull = () => {}) {
  const { epoch } = await claim(redis, instance, { incarnation: 'w', expected: await readOwnership(redis, instance) });
  const store = new InstanceStore({
    redis,
    queues: { nudgeRelay: () => Promise.resolve() },
    fence: { instance, owner: 'w', epoch },
    tenant: 'ten_a',
    onFenced: () => {},
    history: createHistoryWriter({ redis, instance, bounds: defaultBounds }),
  });
  return createChangeQueue({ store, log, mayWrite: () => true, onFull });
}
const told = async (redis: Redis) =>
  (await readEvents(redis, instance, 0, 5_000)).map(({ data }) => ('jids' in data ? Number(data.jids[0]) : -1));

describe('changes', () => {
  redisTest('are stored in their order, and one that fails holds up none', async ({ redis }) => {
    const queue = await open(redis);
    for (let n = 0; n < 20; n += 1) {
      queue.add(async ({ write }) => {
        if (n === 5) throw new TypeError('not this one');
        await write([], [blocked(n)]);
      });
    }
    await queue.drain(10_000);
    expect(await told(redis)).toEqual(Array.from({ length: 20 }, (_, n) => n).filter((n) => n !== 5));
  });

  redisTest('end when the instance has another owner', async ({ redis }) => {
    const queue = await open(redis);
    await claim(redis, instance, { incarnation: 'w', expected: await readOwnership(redis, instance) });
    queue.add(({ write }) => write([], [blocked(1)]));
    await queue.drain(10_000);
    expect(await told(redis)).toEqual([]);
  });

  it('wait while Redis is away, but not without bounds', { timeout: 60_000 }, async () => {
    const server = await startRedis();
    const redis = connectRedis(server.url, { name: 'test', manner: 'prompt' });
    await ready(redis, 10_000);
    try {
      let full = 0;
      const queue = await open(redis, () => {
        full += 1;
      });
      const reader = connectRedis(server.url, { name: 'reader', manner: 'patient' });
      server.pause();
      queue.add(({ write }) => write([], [blocked(1)]));
      queue.add(({ write }) => write([], [blocked(2)]));
      server.resume();
      await eventually(async () => (await told(reader)).length === 2, { timeoutMs: 20_000 });
      expect(await told(reader)).toEqual([1, 2]);
      server.pause();
      for (let n = 0; n < 3_000; n += 1) queue.add(({ write }) => write([], [blocked(n)]));
      expect(full).toBe(1);
      server.resume();
      reader.disconnect();
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });
});

describe('what repeats itself', () => {
  redisTest('is told when it is new or different, by whatever socket', async ({ redis }) => {
    const groups = [
      { jid: '1', subject: 'a' },
      { jid: '2', subject: 'b' },
    ];
    const store = async (told: ReturnType<typeof createTold>, things: typeof groups) => {
      const news = await told.news('group', things, ({ jid, ...rest }) => [jid, rest]);
      for (const { key, args } of news.commands) await redis.hset(key, ...args.map(String));
      return [news.fresh.map(({ jid }) => jid), news.changed.map(({ jid }) => jid)];
    };
    const first = createTold(redis, instance);
    expect(await store(first, groups)).toEqual([['1', '2'], []]);
    expect(await store(first, groups)).toEqual([[], []]);
    const second = createTold(redis, instance);
    const changed = [
      { jid: '1', subject: 'a' },
      { jid: '2', subject: 'c' },
      { jid: '3', subject: 'd' },
    ];
    expect(await store(second, changed)).toEqual([['3'], ['2']]);
    expect(await redis.hlen(instanceKeys.told(instance))).toBe(3);
  });
});

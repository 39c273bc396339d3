import { type RedisTopology, startTopology } from '@flotilla/fleet';
import { eventually } from '@flotilla/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ConnectOptions, connectRedis, defineScript, type Redis, ready } from '../src/index.ts';

const append = defineScript(new URL('./append.lua', import.meta.url));
const pop = defineScript(new URL('./pop.lua', import.meta.url), { buffers: true });

/** Longest time that a failover may take, with room for a busy machine (ms). */
const failoverMs = 30_000;

// A master that freezes is the harder case: no connection breaks.
const layouts = [
  { kind: 'cluster', causes: ['kill', 'pause'] },
  { kind: 'sentinel', causes: ['pause'] },
] as const;

describe.each(layouts)('Redis as $kind', { timeout: 90_000 }, ({ kind, causes }) => {
  let topology: RedisTopology;
  beforeAll(async () => {
    topology = await startTopology({ kind, replicas: 1 });
  }, 60_000);
  afterAll(() => topology.stop());

  const connected = async (manner: ConnectOptions['manner'], name = `test-${manner}`): Promise<Redis> => {
    const redis = connectRedis(topology.url, { name, manner });
    onTestFinished(() => redis.disconnect());
    await ready(redis);
    return redis;
  };

  test.each(['prompt', 'patient'] as const)('takes every kind of command from a %s connection', async (manner) => {
    const redis = await connected(manner);
    for (const tag of ['a', 'b', 'c', 'd']) {
      const key = `${manner}:{${tag}}`;
      expect(await append(redis, [`${key}:list`], ['x', 1])).toBe(2);
      expect(await pop(redis, [`${key}:list`], [])).toEqual(Buffer.from('x'));
      const replies = await redis
        .multi()
        .set(`${key}:1`, 'one')
        .call('SET', `${key}:2`, 'two')
        .mget(`${key}:1`, `${key}:2`)
        .exec();
      expect(replies?.map(([error, reply]) => error ?? reply)).toEqual(['OK', 'OK', ['one', 'two']]);
      expect(await redis.blpop(`${key}:list`, 1)).toEqual([`${key}:list`, '1']);
      expect(await redis.del(`${key}:1`, `${key}:2`)).toBe(2);
    }
  });

  test('hears what is published, whoever serves the keys', async () => {
    const subscriber = await connected('patient', 'subscriber');
    const redis = await connected('prompt');
    const heard: string[] = [];
    subscriber.on('message', (_channel: string, message: string) => heard.push(message));
    await subscriber.subscribe('news');
    await eventually(async () => {
      await redis.publish('news', 'first');
      return heard.includes('first');
    });
  });

  test('comes back after all of it was away', async () => {
    const prompt = await connected('prompt');
    const patient = await connected('patient');
    await topology.kill();
    await expect(prompt.get('x')).rejects.toThrow();
    const waiting = patient.set('x', 'kept');
    await topology.restart();
    await topology.settled();
    expect(await waiting).toBe('OK');
    expect(await eventually(() => prompt.get('x'))).toBe('kept');
  });

  test.each(causes)('outlives a master that goes by %s', async (cause) => {
    const key = `away:${cause}`;
    const prompt = await connected('prompt');
    const patient = await connected('patient');
    const reader = await connected('patient', 'reader');
    await Promise.all([prompt.set(key, 'before'), patient.get(key)]);
    const popped = (async () => {
      for (;;) {
        const found = await reader.blpop(`{${key}}:list`, 2).catch(() => null);
        if (found) return found[1];
      }
    })();

    const slowest = { seconds: 0 };
    const failing = topology.failover({ cause, key });
    // A prompt command says within its time that it failed, however often it is asked.
    const failed = await eventually(
      async () => {
        const began = performance.now();
        const answer = await prompt.set(key, 'meanwhile').catch((error: Error) => error);
        slowest.seconds = Math.max(slowest.seconds, (performance.now() - began) / 1_000);
        return answer instanceof Error && answer;
      },
      { timeoutMs: failoverMs, intervalMs: 100 },
    );
    expect(failed).toBeInstanceOf(Error);
    const waiting = patient.set(`${key}:patient`, 'done');
    const { from } = await failing;
    // Both find the new master by themselves; nothing else had to happen.
    expect(await eventually(() => prompt.set(key, 'after'), { timeoutMs: failoverMs })).toBe('OK');
    expect(slowest.seconds).toBeLessThan(6);
    expect(await waiting).toBe('OK');
    expect(await patient.get(key)).toBe('after');
    await patient.rpush(`{${key}}:list`, 'woken');
    expect(await popped).toBe('woken');
    if (cause === 'kill') await from.restart();
    else from.resume();
    // With Sentinels, ten seconds pass before the old master is a replica: nobody here waits for that.
    if (kind === 'cluster') await topology.settled();
  });

  test('has refused nothing for its slot', async () => {
    expect(await topology.refusals()).not.toHaveProperty('CROSSSLOT');
  });
});

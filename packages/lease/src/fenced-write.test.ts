import { inspect } from 'node:util';
import { instanceKeys } from '@flotilla/contracts';
import { connectRedis, type Redis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { claim, type Fence, FencedError, fencedWrite, type RedisCommand, readOwnership, release } from './index.ts';

const key = instanceKeys.authState('ins_a');
const put = (value: string) => ({ command: 'hset', key, args: ['creds', value] });

async function own(redis: Redis, owner: string): Promise<Fence> {
  const result = await claim(redis, 'ins_a', {
    incarnation: owner,
    expected: await readOwnership(redis, 'ins_a'),
  });
  if (!result.claimed) throw new Error('Somebody else claimed it');
  return { instance: 'ins_a', owner, epoch: result.epoch };
}

describe('a fenced write', () => {
  redisTest('runs the whole batch for the owner and answers each command', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const journal = instanceKeys.journal('ins_a', 'm1');
    const result = await fencedWrite(redis, fence, [
      { command: 'hset', key, args: ['a', 1, 'b', 2] },
      { command: 'hdel', key, args: ['b', 'c'] },
      { command: 'hset', key: journal, args: ['state', 'acked'] },
      { command: 'pexpire', key: journal, args: [60_000] },
      { command: 'xadd', key: instanceKeys.events('ins_a'), args: ['0-*', 'event', 'one'] },
      { command: 'xadd', key: instanceKeys.events('ins_a'), args: ['0-*', 'event', 'two'] },
      { command: 'set', key: instanceKeys.relayed('ins_a'), args: ['2'] },
      { command: 'del', key: instanceKeys.record('ins_a'), args: [] },
    ]);
    expect(result).toEqual({ alreadyDone: false, replies: [2, 1, 1, 1, '0-1', '0-2', 'OK', 0] });
    expect(await redis.hgetall(key)).toEqual({ a: '1' });
    expect(await redis.pttl(journal)).toBeGreaterThan(0);
  });

  redisTest('keeps every byte', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await fencedWrite(redis, fence, [{ command: 'hset', key, args: ['creds', bytes] }]);
    expect((await redis.hgetallBuffer(key)).creds).toEqual(bytes);
  });

  redisTest('is an error for a stale epoch, a former owner, a stranger and after a release', async ({ redis }) => {
    const first = await own(redis, 'w1');
    const second = await own(redis, 'w1');
    const third = await own(redis, 'w2');
    await fencedWrite(redis, third, [put('third')]);
    for (const fence of [first, second, { ...third, owner: 'w1' }, { ...third, epoch: 4 }]) {
      const error = await fencedWrite(redis, fence, [put('stale')]).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(FencedError);
      expect(error).toMatchObject({ instance: 'ins_a', epoch: fence.epoch });
    }
    await release(redis, third);
    await expect(fencedWrite(redis, third, [put('late')])).rejects.toThrow(FencedError);
    await expect(fencedWrite(redis, { ...third, owner: '' }, [put('nobody')])).rejects.toThrow(FencedError);
    expect(await redis.hget(key, 'creds')).toBe('third');
  });

  redisTest('is an error where ownership is missing, not a write that passes', async ({ redis }) => {
    for (const fence of [
      { instance: 'ins_a', owner: 'w1', epoch: 1 },
      { instance: 'ins_a', owner: '', epoch: 0 },
    ]) {
      await expect(fencedWrite(redis, fence, [put('lost')])).rejects.toThrow(FencedError);
    }
    expect(await redis.exists(key)).toBe(0);
  });

  redisTest('with a token is done once, and says so', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const event = { command: 'xadd', key: instanceKeys.events('ins_a'), args: ['0-*', 'event', 'x'] };
    expect(await fencedWrite(redis, fence, [event], { once: 't' })).toEqual({ alreadyDone: false, replies: ['0-1'] });
    expect(await fencedWrite(redis, fence, [event], { once: 't' })).toEqual({ alreadyDone: true, replies: [] });
    // The token outlives a change of owner; the fence is asked first.
    const next = await own(redis, 'w2');
    expect((await fencedWrite(redis, next, [event], { once: 't' })).alreadyDone).toBe(true);
    await expect(fencedWrite(redis, fence, [event], { once: 't' })).rejects.toThrow(FencedError);
    expect(await redis.xlen(event.key)).toBe(1);
    expect(await redis.pttl(instanceKeys.once('ins_a', 't'))).toBeGreaterThan(500_000);
  });

  redisTest('with a token that failed is not taken for done', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    await redis.set(key, 'not a hash');
    await expect(fencedWrite(redis, fence, [put('x')], { once: 't' })).rejects.toThrow('WRONGTYPE');
    await redis.del(key);
    expect((await fencedWrite(redis, fence, [put('x')], { once: 't' })).alreadyDone).toBe(false);
  });

  redisTest('writes nothing at all if a later command would fail', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const record = instanceKeys.record('ins_a');
    await redis.set(record, 'not a hash');
    const batch = [put('x'), { command: 'hset', key: record, args: ['a', 'b'] }];
    await expect(fencedWrite(redis, fence, batch)).rejects.toThrow('WRONGTYPE');
    for (const bad of [
      { command: 'hset', key, args: ['field without value'] },
      { command: 'xadd', key: instanceKeys.events('ins_a'), args: ['7-1', 'event', 'x'] },
      { command: 'pexpire', key, args: ['soon'] },
      { command: 'set', key: record, args: ['x', 'PX', 0] },
      { command: 'xtrim', key: instanceKeys.events('ins_a'), args: ['MINID', '~', 'x'] },
      { command: 'hset', key, args: ['a', Number.NaN] },
      { command: 'flushall', key, args: [] },
      { command: 'constructor', key, args: [] },
      { command: 'del', key: instanceKeys.ownership('ins_a'), args: [] },
      { command: 'hset', key: instanceKeys.authState('ins_b'), args: ['a', 'b'] },
      { command: 'hset', key: 'no-tag', args: ['a', 'b'] },
    ]) {
      await expect(fencedWrite(redis, fence, [put('x'), bad])).rejects.toThrow(RangeError);
    }
    expect(await redis.exists(key)).toBe(0);
  });

  redisTest('changes sorted sets', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const times = 'fl:{ins_a}:times';
    const batch: RedisCommand[] = [
      { command: 'zadd', key: times, args: [1, 'a', 2, 'b', 3, Buffer.from([0xff, 0])] },
      { command: 'zadd', key: times, args: ['NX', 9, 'a'] },
      { command: 'zadd', key: times, args: ['GT', 1, 'b', 4, 'a'] },
      { command: 'zrem', key: times, args: [Buffer.from([0xff, 0]), 'c'] },
    ];
    const { replies } = await fencedWrite(redis, fence, batch);
    expect(replies).toEqual([3, 0, 0, 1]);
    expect(await redis.zrange(times, '0', '-1', 'WITHSCORES')).toEqual(['b', '2', 'a', '4']);
    await fencedWrite(redis, fence, [{ command: 'zremrangebyrank', key: times, args: [0, -2] }]);
    expect(await redis.zrange(times, '0', '-1')).toEqual(['a']);
    const members = Array.from({ length: 10_001 }, (_, index) => `m${index}`);
    const gone = await fencedWrite(redis, fence, [{ command: 'zrem', key: times, args: [...members, 'a'] }]);
    expect(gone.replies).toEqual([1]);
    await redis.set(times, 'not a sorted set');
    await expect(
      fencedWrite(redis, fence, [put('x'), { command: 'zadd', key: times, args: [1, 'a'] }]),
    ).rejects.toThrow('WRONGTYPE');
    for (const args of [[], ['XX', 1, 'a'], ['NX'], ['one', 'a'], [1.5, 'a'], ['+inf', 'a'], [1, 'a', 2]])
      await expect(fencedWrite(redis, fence, [put('x'), { command: 'zadd', key: times, args }])).rejects.toThrow(
        RangeError,
      );
    expect(await redis.exists(key)).toBe(0);
  });

  redisTest('leaves out what depends on a change that was not made', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const batch: RedisCommand[] = [
      { command: 'hsetnx', key, args: ['first', 'abc'] },
      { command: 'when', key, args: [2] },
      put('x'),
      { command: 'hincrby', key, args: ['count', 2] },
      { command: 'hincrby', key, args: ['always', -1] },
    ];
    expect((await fencedWrite(redis, fence, batch)).replies).toEqual([1, 1, 1, 2, -1]);
    expect((await fencedWrite(redis, fence, batch)).replies).toEqual([0, 0, null, null, -2]);
    const when = (...starts: (string | Buffer)[]): RedisCommand[] => [
      { command: 'hstarts', key, args: ['first', ...starts] },
      { command: 'when', key, args: [3] },
      // What is left out says nothing in favour of what follows it.
      put('y'),
      { command: 'when', key, args: [1] },
      put('z'),
      { command: 'hincrby', key, args: ['looks', 1] },
    ];
    expect((await fencedWrite(redis, fence, when('b', Buffer.from('abcd')))).replies).toEqual([
      0,
      0,
      null,
      null,
      null,
      1,
    ]);
    // An empty text: the field need only be there.
    expect((await fencedWrite(redis, fence, when('b', 'ab'))).replies).toEqual([1, 1, 0, 0, null, 2]);
    expect((await fencedWrite(redis, fence, when(''))).replies[0]).toBe(1);
    const gone = { command: 'hstarts', key, args: ['nothing', ''] };
    expect((await fencedWrite(redis, fence, [gone])).replies).toEqual([0]);
    expect(await redis.hgetall(key)).toMatchObject({ first: 'abc', creds: 'y', count: '2' });
  });

  redisTest('moves a hash into the place of another, or leaves out what depends on it', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const staging = instanceKeys.importStaging('ins_a', 'req_a');
    await redis.hset(staging, 'creds', 'new', 'pre-key:1', 'x');
    await redis.pexpire(staging, 60_000);
    await redis.hset(key, 'creds', 'old', 'session:1', 'old');
    const move: RedisCommand[] = [
      { command: 'persist', key: staging, args: [] },
      { command: 'rename', key, args: [] },
      { command: 'when', key, args: [1] },
      { command: 'hset', key: instanceKeys.record('ins_a'), args: ['paired', 'true'] },
    ];
    expect((await fencedWrite(redis, fence, move)).replies).toEqual([1, 1, 1, 1]);
    expect(await redis.hgetall(key)).toEqual({ creds: 'new', 'pre-key:1': 'x' });
    expect(await redis.pttl(key)).toBe(-1);
    expect(await redis.exists(staging)).toBe(0);
    expect((await fencedWrite(redis, fence, move)).replies).toEqual([0, 0, 0, null]);
    expect(await redis.hget(key, 'creds')).toBe('new');
    await redis.hset(staging, 'creds', 'stale');
    await expect(fencedWrite(redis, { ...fence, epoch: 7 }, move)).rejects.toThrow(FencedError);
    expect(await redis.hget(key, 'creds')).toBe('new');
    await expect(fencedWrite(redis, fence, [{ command: 'rename', key, args: [] }])).rejects.toThrow(RangeError);
    expect(await readOwnership(redis, 'ins_a')).toMatchObject({ owner: 'w1' });
  });

  redisTest('counts on even if a count was none', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    await redis.hset(key, 'text', 'x', 'full', '9223372036854775807');
    const { replies } = await fencedWrite(redis, fence, [
      { command: 'hincrby', key, args: ['text', 2] },
      { command: 'hincrby', key, args: ['full', 3] },
      put('x'),
    ]);
    expect(replies).toEqual([2, 3, 1]);
    expect(await redis.hgetall(key)).toEqual({ text: '2', full: '3', creds: 'x' });
    for (const bad of [
      { command: 'hincrby', key, args: ['text', 'one'] },
      { command: 'hincrby', key, args: ['text'] },
      { command: 'hincrby', key, args: ['text', 1, 2] },
      { command: 'hsetnx', key, args: ['a', 'b', 'c', 'd'] },
      { command: 'hstarts', key, args: ['a'] },
      { command: 'when', key, args: [0] },
      { command: 'zremrangebyrank', key: 'fl:{ins_a}:times', args: [0] },
    ])
      await expect(fencedWrite(redis, fence, [bad])).rejects.toThrow(RangeError);
  });

  redisTest('takes more fields than the stack of Lua', async ({ redis }) => {
    const fence = await own(redis, 'w1');
    const fields = Array.from({ length: 10_001 }, (_, index) => `pre-key:${index}`);
    const pairs = fields.flatMap((field) => [field, field]);
    const set = await fencedWrite(redis, fence, [{ command: 'hset', key, args: pairs }, put('x')]);
    expect(set.replies).toEqual([10_001, 1]);
    expect(await redis.hget(key, 'pre-key:10000')).toBe('pre-key:10000');
    const gone = await fencedWrite(redis, fence, [{ command: 'hdel', key, args: fields }]);
    expect(gone.replies).toEqual([10_001]);
  });

  redisTest('tells a channel when it was done, and only then', async ({ redis, url }) => {
    const fence = await own(redis, 'w1');
    const channel = `changed-${crypto.randomUUID()}`;
    const subscriber = connectRedis(url, { name: 'subscriber', manner: 'patient' });
    const heard: string[] = [];
    try {
      await subscriber.subscribe(channel);
      subscriber.on('message', (_, message: string) => heard.push(message));
      await fencedWrite(redis, { ...fence, epoch: 9 }, [put('x')], { publish: channel }).catch(() => {});
      await fencedWrite(redis, fence, [put('x')], { publish: channel, once: 't' });
      await fencedWrite(redis, fence, [put('x')], { publish: channel, once: 't' });
      await redis.publish(channel, 'end');
      await eventually(() => heard.includes('end'));
      expect(heard).toEqual(['1', 'end']);
    } finally {
      await subscriber.quit();
    }
  });

  redisTest('carries nothing of what it wrote in its errors', async ({ redis }) => {
    const fence = { instance: 'ins_a', owner: 'w1', epoch: 1 };
    const fenced = await fencedWrite(redis, fence, [put('the secret')]).catch((reason: unknown) => reason);
    await own(redis, 'w1');
    await redis.set(key, 'x');
    const wrong = await fencedWrite(redis, fence, [put('the secret')]).catch((reason: unknown) => reason);
    expect(inspect([fenced, wrong], { depth: 9 })).not.toContain('the secret');
    expect(inspect([fenced, wrong], { depth: 9 })).toContain('FENCED');
  });
});

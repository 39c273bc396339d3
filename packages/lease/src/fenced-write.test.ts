import { inspect } from 'node:util';
import { instanceKeys } from '@flotilla/contracts';
import { connectRedis, type Redis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { claim, type Fence, FencedError, fencedWrite, readOwnership, release } from './index.ts';

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

import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { defineScript } from './script.ts';

const append = defineScript(new URL('../test/append.lua', import.meta.url));

describe('a script', () => {
  redisTest('gets its keys and arguments, and answers', async ({ redis }) => {
    expect(await append(redis, ['list'], ['a', 1])).toBe(2);
    expect(await redis.lrange('list', 0, -1)).toEqual(['a', '1']);
  });

  redisTest('runs, once, on a server that has forgotten it', async ({ redis }) => {
    await append(redis, ['list'], ['before']);
    await redis.script('FLUSH');
    expect(await append(redis, ['list'], ['after'])).toBe(2);
    expect(await redis.lrange('list', 0, -1)).toEqual(['before', 'after']);
  });

  redisTest('answers bytes as they are, if asked to', async ({ redis }) => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3]);
    const pop = defineScript(new URL('../test/pop.lua', import.meta.url), { buffers: true });
    for (const way of ['text', 'hash']) {
      await redis.rpush('list', bytes);
      expect([way, await pop(redis, ['list'], [])]).toEqual([way, bytes]);
    }
  });

  redisTest('keeps what it was given out of its errors', async ({ redis }) => {
    await redis.set('text', 'x');
    // Once by its text, as on a new server, and once by its hash.
    await redis.script('FLUSH');
    for (const way of ['text', 'hash']) {
      const error = await append(redis, ['text'], [`secret by ${way}`]).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Error);
      const { message, stack, ...rest } = error as Error;
      expect(message).toContain('WRONGTYPE');
      expect(error).not.toHaveProperty('command');
      expect(`${message} ${stack} ${JSON.stringify(rest)}`).not.toContain('secret');
    }
  });
});

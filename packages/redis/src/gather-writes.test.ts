import { redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { connectRedis, ready } from './connect.ts';

/** A connection to one server, for the time of a test. */
const connectedTest = redisTest.extend('single', async ({ url }, { onCleanup }) => {
  const single = connectRedis(url, { name: 'test-gather', manner: 'patient' });
  onCleanup(() => single.disconnect());
  if ('slots' in single) throw new TypeError('The tests have one server');
  await ready(single);
  return single;
});

connectedTest('commands of one round of the event loop leave together, in their order', async ({ single }) => {
  const answers = ['a', 'b', 'c'].map((item) => single.rpush('list', item));
  // Nothing has left yet, and nothing is held back once the round is over.
  expect(single.stream.writableLength).toBeGreaterThan(0);
  expect(single.stream.writableCorked).toBe(1);
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
  expect(single.stream.writableCorked).toBe(0);
  expect(await single.lrange('list', 0, -1)).toEqual(['a', 'b', 'c']);
});

connectedTest('a connection that replaces one that was cut does so, too', async ({ single, redis }) => {
  const { stream } = single;
  await redis.client('KILL', 'ID', await single.client('ID'));
  expect(await single.ping()).toBe('PONG');
  expect(single.stream).not.toBe(stream);
  const answer = single.ping();
  expect(single.stream.writableCorked).toBe(1);
  expect(await answer).toBe('PONG');
});

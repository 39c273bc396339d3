import { Redis } from 'ioredis';
import { test } from 'vitest';
import { claimDatabase } from './database.ts';
import { openTestRedis } from './redis-server.ts';

/**
 * A test with a Redis that it has to itself: `url` names an empty database, `redis` is a connection to it. A client
 * that is still connected to that database after the test fails it.
 */
export const redisTest = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
  .extend('redisServer', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const server = await openTestRedis();
    onCleanup(() => server.stop());
    return server;
  })
  .extend('url', async ({ redisServer }, { onCleanup }) => {
    const database = await claimDatabase(redisServer.url);
    onCleanup(() => database.release());
    return database.url;
  })
  .extend('redis', async ({ url }, { onCleanup }) => {
    const redis = new Redis(url, { maxRetriesPerRequest: null, connectionName: 'test' });
    onCleanup(async () => {
      // A test may have ended it.
      if (redis.status !== 'end') await redis.quit();
    });
    return redis;
  });

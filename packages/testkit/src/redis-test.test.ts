import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { claimDatabase } from './database.ts';
import { redisTest } from './redis-test.ts';

describe('redisTest', () => {
  redisTest('gives an empty database', async ({ redis }) => {
    expect(await redis.dbsize()).toBe(0);
    await redis.set('left', 'behind');
  });

  redisTest('which is empty again for the next test', async ({ redis }) => {
    expect(await redis.dbsize()).toBe(0);
  });

  redisTest.concurrent('and never the same to two tests at a time', async ({ redisServer }) => {
    const databases = await Promise.all(Array.from({ length: 8 }, () => claimDatabase(redisServer.url)));
    expect(new Set(databases.map(({ number }) => number)).size).toBe(8);
    expect(databases.every(({ number }) => number > 0)).toBe(true);
    await Promise.all(databases.map((database) => database.release()));
  });

  redisTest('reports a connection that was not closed', async ({ redisServer }) => {
    const database = await claimDatabase(redisServer.url);
    const forgotten = new Redis(database.url, { connectionName: 'forgotten' });
    await forgotten.ping();
    await expect(database.release()).rejects.toThrow('still open: forgotten (ping)');
    await forgotten.quit();
  });
});

import { findRedisServer, startRedis } from '@flotilla/fleet';

/** A Redis for tests, whoever runs it. */
export interface TestRedis {
  /** Without a database number. */
  url: string;
  stop: () => Promise<void>;
}

/** The image for machines that have a Docker engine and no Redis. */
const image = 'redis:8.2-alpine';

/**
 * A Redis for the tests of this process: the one that `TEST_REDIS_URL` names, else a private `redis-server` from the
 * PATH, else a container.
 */
export async function openTestRedis(): Promise<TestRedis> {
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given.replace(/\/\d*$/, ''), stop: async () => {} };
  if (findRedisServer()) return startRedis();
  // Loaded only here: it takes a second, and most machines do not need it.
  const { RedisContainer } = await import('@testcontainers/redis');
  const container = await new RedisContainer(image).start();
  return { url: container.getConnectionUrl(), stop: async () => void (await container.stop()) };
}

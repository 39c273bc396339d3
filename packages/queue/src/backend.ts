import type { Redis } from '@flotilla/redis';
import { type BackendFactory, createRedisBackend, type RedisQueueBackend, type WorkerOptions } from 'bullmq';

/**
 * Makes BullMQ queues and workers share one Redis connection, however many there are.
 *
 * BullMQ would wrap the connection anew for each of them (a set of listeners and a version check each) and open a
 * blocking one for each worker: with thousands of instances that is what runs out first.
 * @param connection stays the caller's to close
 * @param lockDurationMs how long a fetched job is locked; our lanes fence by epoch instead, so theirs is long
 */
export function sharedBackend(connection: Redis, lockDurationMs = 600_000): BackendFactory<RedisQueueBackend> {
  const options: WorkerOptions = { connection, lockDuration: lockDurationMs, skipVersionCheck: true };
  const base = createRedisBackend('base', options);
  base.on('error', () => {}); // every command reports its own failure
  // forQueue makes a sibling of its own kind, which its declared type does not say.
  return (name, opts) => base.forQueue(name, prefixOf(opts)) as RedisQueueBackend;
}

const prefixOf = (opts: object) => ('prefix' in opts && typeof opts.prefix === 'string' ? opts.prefix : undefined);

import { setTimeout as pause } from 'node:timers/promises';
import { appendEvent } from '@flotilla/instance';
import { sampleEvent } from './event.ts';
import type { openTenants } from './webhook-worker.ts';

/** Events that go to Redis in one round trip. */
const atATime = 100;

/**
 * Writes events as a connection worker does, and has them relayed.
 * @param rest so many times as long as a round trip has taken nothing is done after it
 */
export async function emitEvents(
  { redis, queues }: Pick<ReturnType<typeof openTenants>, 'redis' | 'queues'>,
  tenant: string,
  instance: string,
  count: number,
  rest = 0,
): Promise<void> {
  for (let done = 0; done < count; done += atATime) {
    const began = performance.now();
    const pipeline = redis.pipeline();
    for (let n = done; n < Math.min(count, done + atATime); n += 1) {
      const { key, args } = appendEvent(instance, sampleEvent(instance, 0));
      const [id = '', ...fields] = args.map(String);
      pipeline.xadd(key, id, ...fields);
    }
    await pipeline.exec();
    if (rest > 0) await pause((performance.now() - began) * rest);
  }
  await queues.nudgeRelay({ instance, tenant });
}

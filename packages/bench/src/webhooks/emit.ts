import { appendEvent } from '@flotilla/instance';
import { sampleEvent } from './event.ts';
import type { openTenants } from './webhook-worker.ts';

/** Events that go to Redis in one round trip. */
const atATime = 100;

/** Writes events as a connection worker does, and has them relayed. */
export async function emitEvents(
  { redis, queues }: Pick<ReturnType<typeof openTenants>, 'redis' | 'queues'>,
  tenant: string,
  instance: string,
  count: number,
): Promise<void> {
  for (let done = 0; done < count; done += atATime) {
    const pipeline = redis.pipeline();
    for (let n = done; n < Math.min(count, done + atATime); n += 1) {
      const { key, args } = appendEvent(instance, sampleEvent(instance, 0));
      const [id = '', ...fields] = args.map(String);
      pipeline.xadd(key, id, ...fields);
    }
    await pipeline.exec();
  }
  await queues.nudgeRelay({ instance, tenant });
}

import { connectRedis } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { createQueues, startWorker } from './index.ts';

describe('a worker of a fleet-wide queue', () => {
  redisTest('reports that it gets on, unless jobs wait and it takes none', async ({ redis, url }) => {
    const connection = connectRedis(url, { name: 'worker', manner: 'patient' });
    const queues = createQueues({ connection: redis });
    let rounds = 0;
    let done = 0;
    const worker = startWorker({
      queue: 'relay',
      connection,
      concurrency: 1,
      handler: async () => {
        done += 1;
      },
      onRound: () => {
        rounds += 1;
      },
      lookEveryMs: 20,
    });
    try {
      await eventually(() => rounds > 3, { message: 'An idle worker gets on' });
      await worker.pause();
      // The first may go to a fetch that was under way.
      for (const instance of ['ins_a', 'ins_b', 'ins_c']) await queues.nudgeRelay({ instance, tenant: 'ten_a' });
      // Until a look has found them.
      await eventually(
        async () => {
          const before = rounds;
          await new Promise((resolve) => setTimeout(resolve, 500));
          return rounds === before;
        },
        { message: 'One that takes nothing reports nothing' },
      );
      expect(done).toBeLessThan(3);
      const before = rounds;
      await worker.resume();
      await eventually(() => done === 3 && rounds > before, { message: 'It goes on' });
    } finally {
      await worker.close(1_000);
      connection.disconnect();
    }
  });
});

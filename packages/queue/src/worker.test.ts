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
      for (const instance of ['ins_a', 'ins_b', 'ins_c']) await queues.addRelay({ instance, tenant: 'ten_a' });
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

  redisTest('gets the job of one that died in the middle of it', async ({ redis, url }) => {
    const queues = createQueues({ connection: redis });
    const start = (handler: () => Promise<void>) => {
      const connection = connectRedis(url, { name: 'worker', manner: 'patient' });
      const worker = startWorker({ queue: 'relay', connection, concurrency: 1, handler, lockDurationMs: 1_000 });
      return { connection, worker };
    };
    let taken = 0;
    let released = () => {};
    const held = new Promise<void>((resolve) => {
      released = resolve;
    });
    const first = start(async () => {
      taken += 1;
      await held;
    });
    await queues.addRelay({ instance: 'ins_a', tenant: 'ten_a' });
    await eventually(() => taken === 1);
    // Nobody renews its lock any more.
    first.connection.disconnect();
    let done = 0;
    const second = start(async () => {
      done += 1;
    });
    try {
      await eventually(() => done === 1, { timeoutMs: 15_000 });
    } finally {
      released();
      await second.worker.close(1_000);
      second.connection.disconnect();
      void first.worker.close(0).catch(() => {});
    }
  });

  redisTest('asks Redis little while nothing happens', async ({ redis, url }) => {
    await redis.call('CONFIG', 'RESETSTAT');
    const connection = connectRedis(url, { name: 'worker', manner: 'patient' });
    const worker = startWorker({
      queue: 'relay',
      connection,
      concurrency: 1,
      handler: async () => {},
      lockDurationMs: 2_000,
    });
    try {
      const looked = async () => Number(/cmdstat_llen:calls=(\d+)/.exec(String(await redis.info('commandstats')))?.[1]);
      // It has looked for jobs of dead workers several times.
      await eventually(async () => (await looked()) >= 4, { timeoutMs: 15_000 });
      expect(String(await redis.info('commandstats'))).not.toContain('cmdstat_smembers');
    } finally {
      await worker.close(1_000);
      connection.disconnect();
    }
  });
});

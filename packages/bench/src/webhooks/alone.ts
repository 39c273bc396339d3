import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child, eventually, startRedis } from '@flotilla/fleet';
import { redisUsage } from '../measure/redis-usage.ts';
import { emitEvents } from './emit.ts';
import { openTenants, startWebhookWorker } from './webhook-worker.ts';

interface AloneOptions {
  /** Endpoints, each of a tenant of its own, that get an event a second. */
  endpoints: number;
  seconds: number;
}

/** What an event costs that finds nothing else to do at its endpoint. */
interface AloneCost {
  events: number;
  /** Processor time of the worker, and of Redis, for each (ms). What they do while nothing comes is in it. */
  cpuMs: number;
  redisCpuMs: number;
  /** Commands of Redis for each, those of scripts and of whoever has written it included. */
  commands: number;
}

/** Has each endpoint get an event a second, and sees what the worker and Redis have used. */
export async function measureAlone({ endpoints, seconds }: AloneOptions): Promise<AloneCost> {
  const server = await startRedis();
  const tenants = openTenants(server.url);
  const receiver = await Child.start({
    name: 'receiver',
    command: process.execPath,
    args: [fileURLToPath(new URL('./receiver.ts', import.meta.url))],
    env: { PATH: process.env.PATH },
  });
  try {
    const url = `http://127.0.0.1:${await eventually(() => receiver.logs()[0], { timeoutMs: 20_000 })}/hook`;
    const received = async () => Number(await (await fetch(url)).text());
    const worker = await startWebhookWorker(server.url, { LOG_LEVEL: 'error' });
    try {
      for (let n = 0; n < endpoints; n += 1) await tenants.endpoints.create(`ten_${n}`, { url: `${url}?${n}` });
      /** Evenly spread; ends when all have arrived. */
      const traffic = async (forSeconds: number) => {
        const from = await received();
        const began = performance.now();
        const total = Math.round(endpoints * forSeconds);
        for (let n = 0; n < total; n += 1) {
          const early = began + (n / endpoints) * 1_000 - performance.now();
          if (early > 1) await pause(early);
          await emitEvents(tenants, `ten_${n % endpoints}`, `ins_${n % endpoints}`, 1);
        }
        await eventually(async () => (await received()) - from >= total, { timeoutMs: 30_000 });
        return total;
      };
      const usage = async () => ({ worker: await worker.cpuMs(), redis: await redisUsage(tenants.redis) });
      await traffic(Math.ceil(seconds / 3));
      const before = await usage();
      const events = await traffic(seconds);
      const after = await usage();
      return {
        events,
        cpuMs: (after.worker - before.worker) / events,
        redisCpuMs: (after.redis.cpuMs - before.redis.cpuMs) / events,
        commands: (after.redis.commands - before.redis.commands) / events,
      };
    } finally {
      await worker.child.stop();
    }
  } finally {
    await receiver.kill();
    tenants.close();
    await server.stop();
  }
}

/**
 * What a webhook delivery costs in processor time, against two baselines at the same concurrency: bare requests of undici
 * with a signature, and bare jobs of BullMQ that make the same request. Each in a process of its own, several rounds in
 * turn; what is compared is the median of the rounds. Wall clock rates are only informative: on a shared machine they say
 * what the neighbours do.
 */
import { fileURLToPath } from 'node:url';
import { Child, eventually, startRedis } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import { push } from '@flotilla/webhook';
import type { Bench } from '../bench.ts';
import { redisUsage } from '../measure/redis-usage.ts';
import { median } from '../measure/statistics.ts';
import { measureAlone } from './alone.ts';
import { sampleEvent } from './event.ts';
import { openTenants, startWebhookWorker } from './webhook-worker.ts';

interface DeliveryBenchOptions {
  /** Deliveries that are measured in each round. */
  count: number;
  rounds: number;
  /** Requests under way at a time. */
  concurrency: number;
}

/** What one way to deliver costs. */
interface Cost {
  /** Processor time of the process that posts, for each delivery (µs). */
  cpuUs: number;
  /** That of Redis (µs). */
  redisCpuUs: number;
  /** Deliveries a second. */
  perSecond: number;
}

interface DeliveryBench {
  undici: Cost;
  bullmq: Cost;
  flotilla: Cost;
  /** Processor time of ours in that of the others, round by round. */
  ratios: { toUndici: number[]; toBullmq: number[] };
}

const endpointCount = 10;
const instancesEach = 20;

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const runNode = (name: string, args: string[]) =>
  Child.start({ name, command: process.execPath, args, env: { PATH: process.env.PATH } });

/** Processor time that Redis has used (ms). */
const redisCpuMs = async (redis: Redis) => (await redisUsage(redis)).cpuMs;

/** Runs one of the baselines to its end. */
async function runBaseline(
  kind: 'undici' | 'bullmq',
  url: string,
  redisUrl: string,
  { count, concurrency }: DeliveryBenchOptions,
): Promise<Cost> {
  const redis = connectRedis(redisUrl, { name: 'bench', manner: 'patient' });
  const warmUp = Math.ceil(count / 5);
  const before = await redisCpuMs(redis);
  const numbers = [concurrency, count, warmUp].map(String);
  const child = await runNode(kind, [path('./baseline.ts'), kind, url, ...numbers, redisUrl]);
  const { code } = await child.exited;
  const last = child.logs().at(-1);
  if (code !== 0 || last === undefined) throw new Error(`${kind} has failed: ${child.logs().join('\n')}`);
  const { cpuMs, wallMs } = JSON.parse(last) as { cpuMs: number; wallMs: number };
  const used = (await redisCpuMs(redis)) - before;
  redis.disconnect();
  return {
    cpuUs: (cpuMs / count) * 1_000,
    redisCpuUs: kind === 'undici' ? 0 : (used / (count + warmUp)) * 1_000,
    perSecond: (count / wallMs) * 1_000,
  };
}

/** Delivers what was put into mailboxes before. */
async function runFlotilla(url: string, redisUrl: string, options: DeliveryBenchOptions): Promise<Cost> {
  const { count, concurrency } = options;
  const { redis, queues, endpoints, close } = openTenants(redisUrl);
  await redis.flushdb();
  const ids: string[] = [];
  for (let n = 0; n < endpointCount; n += 1)
    ids.push((await endpoints.create('ten_bench', { url: `${url}?endpoint=${n}` })).id);
  const boxes = ids.flatMap((endpoint) =>
    Array.from({ length: instancesEach }, (_, n) => ({ endpoint, instance: `ins_${n}` })),
  );
  const turns = ids.map((endpoint) => ({ endpoint, tenant: 'ten_bench' }));
  const received = async () => Number(await (await fetch(url)).text());
  let next = 1;
  const fill = async (each: number) => {
    for (const box of boxes) {
      const events = Array.from({ length: each }, (_, n) => sampleEvent(box.instance, next + n));
      await push(redis, box, events);
    }
    next += each;
    return each * boxes.length;
  };
  const worker = await startWebhookWorker(redisUrl, {
    WEBHOOK_CONCURRENCY: String(Math.max(50, concurrency)),
    WEBHOOK_ENDPOINT_CONCURRENCY: String(concurrency / endpointCount),
  });
  const deliver = async (each: number) => {
    const start = await received();
    const total = await fill(each);
    const before = { cpu: await worker.cpuMs(), redis: await redisCpuMs(redis), at: performance.now() };
    await queues.addTurns(turns);
    await eventually(async () => (await received()) - start >= total, { timeoutMs: 80_000, intervalMs: 20 });
    await eventually(async () => (await queues.counts()).turns?.active === 0, { timeoutMs: 10_000 });
    const wallMs = performance.now() - before.at;
    return {
      cpuUs: (((await worker.cpuMs()) - before.cpu) / total) * 1_000,
      redisCpuUs: (((await redisCpuMs(redis)) - before.redis) / total) * 1_000,
      perSecond: (total / wallMs) * 1_000,
    };
  };
  try {
    const each = Math.max(1, Math.round(count / boxes.length));
    await deliver(Math.max(1, Math.round(each / 5)));
    return await deliver(each);
  } finally {
    await worker.child.stop();
    close();
  }
}

const medianOf = (costs: Cost[]): Cost => ({
  cpuUs: median(costs.map(({ cpuUs }) => cpuUs)),
  redisCpuUs: median(costs.map(({ redisCpuUs }) => redisCpuUs)),
  perSecond: median(costs.map(({ perSecond }) => perSecond)),
});

/** Runs all three in turn. */
async function benchDeliveries(options: DeliveryBenchOptions): Promise<DeliveryBench> {
  const server = await startRedis();
  const receiver = await runNode('receiver', [path('./receiver.ts')]);
  try {
    const port = await eventually(() => receiver.logs()[0], { timeoutMs: 20_000 });
    const url = `http://127.0.0.1:${port}/hook`;
    const costs: Record<'undici' | 'bullmq' | 'flotilla', Cost[]> = { undici: [], bullmq: [], flotilla: [] };
    for (let round = 0; round < options.rounds; round += 1) {
      costs.undici.push(await runBaseline('undici', url, server.url, options));
      costs.bullmq.push(await runBaseline('bullmq', url, server.url, options));
      costs.flotilla.push(await runFlotilla(url, server.url, options));
    }
    const [undici, bullmq, flotilla] = [medianOf(costs.undici), medianOf(costs.bullmq), medianOf(costs.flotilla)];
    const ratios = (others: Cost[]) => costs.flotilla.map(({ cpuUs }, round) => cpuUs / (others[round]?.cpuUs ?? 0));
    return {
      undici,
      bullmq,
      flotilla,
      ratios: { toUndici: ratios(costs.undici), toBullmq: ratios(costs.bullmq) },
    };
  } finally {
    await receiver.kill();
    await server.stop();
  }
}

const row = (name: string, { cpuUs, redisCpuUs, perSecond }: Cost) => [name, cpuUs, redisCpuUs, perSecond];

export const deliveries: Bench = {
  name: 'webhooks',
  title: 'What a webhook delivery costs',
  about:
    'Signed deliveries of events of a kilobyte that wait in mailboxes, at the same concurrency, against two baselines that promise much ' +
    'less: bare requests of undici with a signature, and bare BullMQ jobs that make the same request. And what an event costs that ' +
    'finds nothing else to do at its endpoint: reading, distributing and delivering it alone.',
  async run({ size }) {
    const isFull = size === 'full';
    const found = await benchDeliveries({ count: isFull ? 10_000 : 1_000, rounds: isFull ? 3 : 1, concurrency: 50 });
    const alone = await measureAlone(isFull ? { endpoints: 200, seconds: 15 } : { endpoints: 20, seconds: 2 });
    const { toUndici, toBullmq } = found.ratios;
    const ratio = (name: string, rounds: number[], limit: number) =>
      ({ name, value: median(rounds), rounds, relation: 'at most', limit, unit: '' }) as const;
    return {
      tables: [
        {
          title: 'Each delivery',
          columns: ['', 'processor time (µs)', 'that of Redis (µs)', 'a second'],
          rows: [
            row('bare undici, signed', found.undici),
            row('bare BullMQ job', found.bullmq),
            row('Flotilla', found.flotilla),
          ],
        },
        {
          title: 'An event that comes alone, from the log to its endpoint, an event a second at each endpoint',
          columns: ['events a second', 'processor time (ms)', 'that of Redis (ms)', 'Redis commands'],
          rows: [[isFull ? 200 : 20, alone.cpuMs, alone.redisCpuMs, alone.commands]],
        },
      ],
      targets: [
        ratio('processor time, of bare undici', toUndici, 1.7),
        ratio('processor time, of a bare BullMQ job', toBullmq, 1),
      ],
      notes: [],
    };
  },
};

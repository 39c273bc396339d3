/**
 * Whether healthy endpoints feel others. Each healthy one is a tenant's with an instance that has an event every second. First
 * they are alone; then there are also one endpoint that is dead, one that answers after 15 s and one of a tenant that has
 * thousands of events at once; then workers are killed at random on top of that. At the end everything must have arrived,
 * in order.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child, eventually, freePort, startRedis } from '@flotilla/fleet';
import type { Bench } from '../bench.ts';
import { emitEvents } from './emit.ts';
import type { FairReport } from './fair-receiver.ts';
import { openTenants, startWebhookWorker, type WorkerProcess } from './webhook-worker.ts';

export interface FairnessOptions {
  /** Endpoints that answer at once. */
  healthy: number;
  /** Events of the tenant that floods, all at once, spread over its instances. */
  flood: number;
  floodInstances: number;
  /** How long each of the first two parts takes (s). */
  seconds: number;
  /** Workers that are killed, one after the other, in the third part. */
  kills: number;
  workers: number;
}

/** From an event to its arrival (ms). */
interface Lags {
  events: number;
  p50: number;
  p99: number;
}

export interface Fairness {
  alone: Lags;
  /** Beside a dead, a slow and a flooding endpoint. */
  together: Lags;
  /** p99 beside them in that of the healthy ones alone. */
  ratio: number;
  /** With workers killed at random. */
  killed: Lags;
  /** Events that did not arrive, of the healthy ones and of the flood. */
  lost: number;
  repeated: number;
  disorders: string[];
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function startReceiver() {
  const child = await Child.start({
    name: 'receiver',
    command: process.execPath,
    args: [path('./fair-receiver.ts')],
    env: { PATH: process.env.PATH },
  });
  const url = `http://127.0.0.1:${await eventually(() => child.logs()[0], { timeoutMs: 20_000 })}`;
  return { child, url, report: async () => (await (await fetch(url)).json()) as FairReport };
}

/** Starts what will flood a tenant, and waits until it could. */
async function prepareFlood(redisUrl: string, tenant: string, instances: number, each: number) {
  const child = await Child.start({
    name: 'flood',
    command: process.execPath,
    args: [path('./flood.ts'), redisUrl, tenant, String(instances), String(each)],
    env: { PATH: process.env.PATH },
  });
  await eventually(() => child.logs()[0] === 'ready', { timeoutMs: 20_000 });
  return child;
}

function lagsOf({ paths }: FairReport, prefix: string): Lags {
  const lags = Object.entries(paths)
    .flatMap(([name, each]) => (name.startsWith(prefix) ? each.lags : []))
    .sort((a, b) => a - b);
  const at = (part: number) => lags[Math.min(lags.length - 1, Math.floor(lags.length * part))] ?? 0;
  return { events: lags.length, p50: at(0.5), p99: at(0.99) };
}

const eventsOf = ({ paths }: FairReport, prefix: string) =>
  Object.entries(paths).reduce((sum, [name, { events }]) => (name.startsWith(prefix) ? sum + events : sum), 0);

/** Runs all three parts. */
export async function measureFairness(options: FairnessOptions): Promise<Fairness> {
  const { healthy, flood, floodInstances, seconds, kills } = options;
  const server = await startRedis();
  const { redis, queues, endpoints, close } = openTenants(server.url);
  // Two, so that the one that is flooded is not what the healthy ones wait for.
  const receiver = await startReceiver();
  const flooded = await startReceiver();
  const workers: WorkerProcess[] = [];
  // A schedule that is over soon, so that what a killed worker has left is not waited for longer than it takes.
  const startWorker = async () =>
    workers.push(
      await startWebhookWorker(server.url, { LOG_LEVEL: 'error', WEBHOOK_RETRY_SCHEDULE: '1s,2s,5s,10s,30s' }),
    );
  try {
    const instances = Array.from({ length: healthy }, (_, n) => ({ tenant: `ten_h${n}`, instance: `ins_h${n}`, n }));
    for (const { tenant, n } of instances) await endpoints.create(tenant, { url: `${receiver.url}/healthy/${n}` });
    for (let n = 0; n < options.workers; n += 1) await startWorker();

    let emitted = 0;
    const emit = (tenant: string, instance: string, count: number) =>
      emitEvents({ redis, queues }, tenant, instance, count);
    /** One event of each healthy instance in every second, evenly spread. */
    const traffic = async (forSeconds: number) => {
      const began = performance.now();
      const total = Math.round(forSeconds * healthy);
      for (let n = 0; n < total; n += 1) {
        const at = began + (n / healthy) * 1_000;
        if (at > performance.now()) await pause(at - performance.now());
        const { tenant, instance } = instances[n % healthy] ?? { tenant: '', instance: '' };
        void emit(tenant, instance, 1);
        emitted += 1;
      }
    };
    const arrived = () =>
      eventually(async () => eventsOf(await receiver.report(), '/healthy') >= emitted, { timeoutMs: 60_000 }).catch(
        () => {},
      );
    const part = async (forSeconds: number, meanwhile?: () => Promise<void>) => {
      await Promise.all([traffic(forSeconds), meanwhile?.()]);
      // Whatever is still under way is not waited for: what is late is part of the next reading, and at the end of the loss.
      await pause(1_000);
      return lagsOf(await receiver.report(), '/healthy');
    };

    await part(Math.min(10, seconds)); // everything is compiled, every connection open
    const alone = await part(seconds);

    await endpoints.create('ten_dead', { url: `http://127.0.0.1:${await freePort()}/` });
    await endpoints.create('ten_slow', { url: `${receiver.url}/slow/0` });
    await endpoints.create('ten_flood', { url: `${flooded.url}/flood/0` });
    for (let n = 0; n < 20; n += 1) {
      await emit('ten_dead', `ins_dead${n}`, 20);
      await emit('ten_slow', `ins_slow${n}`, 20);
    }
    const each = Math.ceil(flood / floodInstances);
    const flooding = await prepareFlood(server.url, 'ten_flood', floodInstances, each);
    const floodIt = async () => {
      await redis.rpush('flood', 'now');
      const { code } = await flooding.exited;
      if (code !== 0) throw new Error('The flood has failed');
    };
    const together = await part(seconds, floodIt);

    const killed = await part(kills * 4, async () => {
      for (let n = 0; n < kills; n += 1) {
        await pause(500 + Math.random() * 2_000);
        await workers.splice(Math.floor(Math.random() * workers.length), 1)[0]?.child.kill();
        await startWorker();
      }
    });
    await arrived();
    const total = each * floodInstances;
    await eventually(async () => eventsOf(await flooded.report(), '/flood') >= total, {
      timeoutMs: 60_000 + flood * 5,
      intervalMs: 500,
    }).catch(() => {});
    const [own, others] = [await receiver.report(), await flooded.report()];
    return {
      alone,
      together,
      ratio: Math.round((together.p99 / Math.max(1, alone.p99)) * 100) / 100,
      killed,
      lost: emitted - eventsOf(own, '/healthy') + total - eventsOf(others, '/flood'),
      repeated: own.repeated + others.repeated,
      disorders: [...own.disorders, ...others.disorders],
    };
  } finally {
    await Promise.all(workers.map(({ child }) => child.kill()));
    await Promise.all([receiver.child.kill(), flooded.child.kill()]);
    close();
    await server.stop();
  }
}

const row = (name: string, { events, p50, p99 }: Lags) => [name, events, p50, p99];

export const fairness: Bench = {
  name: 'fairness',
  title: 'Whether webhooks of one tenant delay those of others',
  about:
    '200 healthy endpoints get an event a second each: first alone, then beside an endpoint that is dead, one that answers after 15 s and ' +
    'one whose tenant has 50,000 events within seconds, at last with webhook workers killed at random. The time is that from the event to ' +
    'its arrival. Two webhook workers, Redis and the receivers share the processor.',
  async run({ size }) {
    const isFull = size === 'full';
    const found = await measureFairness({
      healthy: isFull ? 200 : 40,
      flood: isFull ? 50_000 : 5_000,
      floodInstances: isFull ? 50 : 20,
      seconds: isFull ? 15 : 6,
      kills: isFull ? 3 : 1,
      workers: 2,
    });
    return {
      tables: [
        {
          title: 'From the event to its arrival at a healthy endpoint',
          columns: ['', 'events', 'p50 (ms)', 'p99 (ms)'],
          rows: [
            row('alone', found.alone),
            row('beside a dead, a slow and a flooding one', found.together),
            row('and with webhook workers killed', found.killed),
          ],
        },
      ],
      targets: [
        { name: 'p99 beside the others, of that alone', value: found.ratio, relation: 'at most', limit: 2, unit: '' },
        { name: 'events lost', value: found.lost, relation: 'at most', limit: 0, unit: '' },
        { name: 'events out of order', value: found.disorders.length, relation: 'at most', limit: 0, unit: '' },
      ],
      notes: [`Repeated after a kill, with the same id: ${found.repeated}.`],
    };
  },
};

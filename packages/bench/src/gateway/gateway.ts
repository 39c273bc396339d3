/**
 * What taking a message costs at a gateway, against bare Fastify with one write to Redis. Each in a process of its own,
 * with the same load from a third one, in turns.
 */
import { fileURLToPath } from 'node:url';
import { instanceKeys } from '@flotilla/contracts';
import { Child, eventually, type Fleet, startFleet, startRedis } from '@flotilla/fleet';
import { createInstances, recordFields } from '@flotilla/instance';
import { connectRedis, type Redis } from '@flotilla/redis';
import type { Bench, Target } from '../bench.ts';
import { processUsage } from '../measure/process-usage.ts';
import { redisUsage } from '../measure/redis-usage.ts';
import { median } from '../measure/statistics.ts';
import type { Load, LoadOutcome } from './load.ts';
import { runLoad } from './run-load.ts';

interface GatewayBenchOptions {
  /** Requests in each round. */
  count: number;
  rounds: number;
  concurrency: number;
  log: (line: string) => void;
}

/** What a request costs one of the two. */
interface Round extends LoadOutcome {
  /** Processor time of the process that answers (µs). */
  cpuUs: number;
  /** That of Redis (µs). */
  redisCpuUs: number;
  /** Commands of Redis, those of scripts included. */
  commands: number;
}

/** Somebody who answers requests, and the Redis behind. */
interface Server {
  pid: number;
  redis: Redis;
  load: Omit<Load, 'count' | 'concurrency'>;
}

/** Starts the baseline with a Redis of its own. */
async function startBare(opened: (() => unknown)[]): Promise<Server> {
  const store = await startRedis();
  opened.push(() => store.stop());
  const redis = connectRedis(store.url, { name: 'bench', manner: 'patient' });
  opened.push(() => redis.disconnect());
  const bare = await Child.start({
    name: 'bare-fastify',
    command: process.execPath,
    args: [fileURLToPath(new URL('../baselines/bare-fastify.ts', import.meta.url)), store.url],
    env: { PATH: process.env.PATH },
  });
  opened.push(() => bare.stop());
  const port = await eventually(() => bare.logs()[0], { timeoutMs: 20_000, message: 'Bare Fastify listens' });
  const urls = [`http://127.0.0.1:${port}/v1/instances/ins_bench/messages/text`];
  return { pid: bare.pid, redis, load: { urls, to: ['14155550123'] } };
}

/** Instances that texts are posted to in turn, where they are not all for one: more than there are requests at a time. */
const manyInstances = 200;

/** Stores an instance that is linked and belongs to the owner of another one. */
async function storeLike(redis: Redis, like: string): Promise<string> {
  const tenant = (await redis.hget(instanceKeys.record(like), 'tenant')) ?? '';
  const { id } = await createInstances(redis).create({ tenant, name: 'bench' });
  const status = { state: 'open' as const, since: Date.now() };
  await redis.hset(instanceKeys.record(id), ...recordFields({ paired: true, desired: 'connected', status }));
  await redis.hset(instanceKeys.ownership(id), await redis.hgetall(instanceKeys.ownership(like)));
  return id;
}

/**
 * Starts a gateway, and instances that are linked and have an owner, who does not look at what is queued.
 * @returns the same gateway twice: asked for one instance only, and for one after the other
 */
async function startOurs(opened: (() => unknown)[]): Promise<{ one: Server; many: Server }> {
  const fleet: Fleet = await startFleet({ webhookWorkers: 0, receiver: false, env: { LOG_LEVEL: 'info' } });
  opened.push(() => fleet.stop());
  const redis = connectRedis(fleet.redis.url, { name: 'bench', manner: 'patient' });
  opened.push(() => redis.disconnect());
  const tenant = await fleet.api.newTenant();
  const { id } = await tenant.pairedInstance(fleet.simulator);
  // Nobody else uses the processor now. Nobody takes over either: the instance keeps its owner, whose wake list grows.
  await fleet.workers[0]?.kill();
  const [gateway] = fleet.gateways;
  if (!gateway) throw new Error('The fleet has no gateway');
  const ids: string[] = [];
  while (ids.length < manyInstances) ids.push(await storeLike(redis, id));
  const { pid } = gateway;
  const loadOf = (of: readonly string[]) => ({
    urls: of.map((one) => `${gateway.url}/v1/instances/${one}/messages/text`),
    key: tenant.key,
    to: ['14155550123'],
  });
  return { one: { pid, redis, load: loadOf([id]) }, many: { pid, redis, load: loadOf(ids) } };
}

async function measure({ pid, redis, load }: Server, count: number, concurrency: number): Promise<Round> {
  const before = { process: await processUsage(pid), redis: await redisUsage(redis) };
  const outcome = await runLoad({ ...load, count, concurrency });
  const after = { process: await processUsage(pid), redis: await redisUsage(redis) };
  return {
    ...outcome,
    cpuUs: ((after.process.cpuMs - before.process.cpuMs) / count) * 1_000,
    redisCpuUs: ((after.redis.cpuMs - before.redis.cpuMs) / count) * 1_000,
    commands: (after.redis.commands - before.redis.commands) / count,
  };
}

/**
 * Runs both in turns.
 * @returns each one's rounds
 */
export async function benchGateway({ count, rounds, concurrency, log }: GatewayBenchOptions) {
  const opened: (() => unknown)[] = [];
  try {
    const bare = await startBare(opened);
    const { one, many } = await startOurs(opened);
    const found: Record<'bare' | 'ours' | 'many', Round[]> = { bare: [], ours: [], many: [] };
    for (const server of [bare, one, many]) await measure(server, Math.ceil(count / 3), concurrency);
    for (let n = 0; n < rounds; n += 1) {
      found.bare.push(await measure(bare, count, concurrency));
      found.ours.push(await measure(one, count, concurrency));
      found.many.push(await measure(many, count, concurrency));
      log(`round ${n + 1} of ${rounds}`);
    }
    return found;
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

const middle = (rounds: Round[], field: keyof Round) => median(rounds.map((round) => round[field]));

const row = (name: string, rounds: Round[]) => [
  name,
  ...(['perSecond', 'cpuUs', 'redisCpuUs', 'commands', 'p50', 'p99'] as const).map((field) => middle(rounds, field)),
];

export const gateway: Bench = {
  name: 'gateway',
  title: 'What accepting a message costs',
  about:
    'Texts posted to one gateway, 32 at a time, against bare Fastify that checks the same schema and makes one write to Redis. The ' +
    'gateway looks up key and instance, journals the message, queues it and wakes the owner of the instance before it answers 202. ' +
    'What comes in the same moment for one instance is accepted together: so they are posted once to one instance, and once to ' +
    'many in turn, where nothing of an instance can be shared.',
  async run({ size, log }) {
    const isFull = size === 'full';
    const { bare, ours, many } = await benchGateway({
      count: isFull ? 6_000 : 600,
      rounds: isFull ? 5 : 1,
      concurrency: 32,
      log,
    });
    const ratios = (rounds: Round[], field: 'perSecond' | 'cpuUs') =>
      rounds.map((round, n) => {
        const [our, their] = [round[field], bare[n]?.[field] ?? 0];
        return field === 'cpuUs' ? their / our : our / their;
      });
    const target = (name: string, rounds: number[]): Target => ({
      name,
      value: median(rounds),
      rounds,
      relation: 'at least',
      limit: 0.5,
      unit: '',
    });
    return {
      tables: [
        {
          title: 'Each request',
          columns: [
            '',
            'a second',
            'processor time (µs)',
            'that of Redis (µs)',
            'Redis commands',
            'p50 (ms)',
            'p99 (ms)',
          ],
          rows: [
            row('bare Fastify, one write', bare),
            row('gateway, one instance', ours),
            row(`gateway, ${manyInstances} instances in turn`, many),
          ],
        },
      ],
      targets: [
        target('requests a second, of bare Fastify', ratios(ours, 'perSecond')),
        target('requests for the same processor time, of bare Fastify', ratios(ours, 'cpuUs')),
        target('requests a second, each for another instance', ratios(many, 'perSecond')),
        target('requests for the same processor time, each for another instance', ratios(many, 'cpuUs')),
      ],
      notes: [
        'Commands that scripts call are counted one by one. Rates share two cores with Redis and the load. The gateway writes its ' +
          'line of log for each request; bare Fastify writes none. All requests have one key, whose look-up those of the same moment ' +
          'share, as they share the script that accepts what is for the same instance.',
      ],
    };
  },
};

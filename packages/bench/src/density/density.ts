import type { Fleet } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import type { Bench, BenchResult, Target } from '../bench.ts';
import {
  askMemory,
  type Memory,
  probedDefaults,
  probedOptions,
  settledMemory,
  workerFlags,
} from '../measure/memory.ts';
import { processUsage } from '../measure/process-usage.ts';
import { redisUsage } from '../measure/redis-usage.ts';
import { bareSubject, plainSubject, type Subject, startBed, workerSubject } from './subjects.ts';

/** What a process uses when so many instances are open and idle. */
interface Point {
  count: number;
  /** As Linux counts it, of each instance (kB of 1,000 bytes): what it has grown by since nobody was open. */
  rssKb: number;
  /** The part of the JavaScript heap that is in use, garbage included (kB). */
  heapKb: number;
  /** Processor time of each instance, for a minute (ms). */
  cpuMs: number;
}

/** What one of those that are compared has shown. */
interface Curve {
  points: Point[];
  /** RSS without any instance (MB). */
  emptyMb: number;
  /** What the last point would be if garbage were collected at that moment (kB). */
  collected: { rssKb: number; heapKb: number };
}

interface DensityOptions {
  /** How many instances our worker has at each point. */
  worker: number[];
  /** The same for the baselines. */
  baselines: number[];
  /** How long nothing happens before memory is read (ms). */
  settleMs: number;
  log(line: string): void;
}

interface RedisShare {
  /** Of each instance, all its 812 one-time keys included (kB). */
  memoryKb: number;
  /** Connections of one worker without an instance, and with all. */
  connections: [empty: number, full: number];
}

interface Density {
  bare: Curve;
  /** With the flags of V8 that our workers are deployed with. */
  plain: Curve;
  /** Without any, as most people run it. */
  asRun: Curve;
  worker: Curve;
  redis: RedisShare;
}

/**
 * What a plain server has on Node 24 with {@link workerFlags}, by the number of instances (kB of RSS each). On Node 20 it
 * was 650: its young generation is larger, and it grows while numbers log in.
 */
const plainRssKb: Readonly<Record<number, number>> = { 50: 700, 200: 355, 500: 340 };
/** By how much it may differ (part). */
const tolerance = 1 / 3;

/** Opens instances step by step, and looks each time when the process has had nothing to do for a while. */
async function measureCurve(subject: Subject, steps: readonly number[], settleMs: number): Promise<Curve> {
  await settledMemory(subject.process, settleMs);
  // What starting has left behind would hide the first instances: the least that the process takes is what counts.
  const empty = await askMemory(subject.process, { collect: true });
  const each = (memory: Memory, count: number) => ({
    rssKb: (memory.rss - empty.rss) / count / 1_000,
    heapKb: (memory.heapUsed - empty.heapUsed) / count / 1_000,
  });
  const points: Point[] = [];
  for (const count of steps) {
    await subject.openUpTo(count);
    // What follows a login takes some seconds; it is no part of being idle.
    await settledMemory(subject.process, settleMs / 2);
    const before = (await processUsage(subject.process.pid)).cpuMs;
    const began = performance.now();
    const memory = await settledMemory(subject.process, settleMs / 2);
    const used = (await processUsage(subject.process.pid)).cpuMs - before;
    points.push({ count, ...each(memory, count), cpuMs: (used / count / (performance.now() - began)) * 60_000 });
  }
  const collected = await askMemory(subject.process, { collect: true });
  return { points, emptyMb: empty.rss / 1e6, collected: each(collected, steps.at(-1) ?? 1) };
}

async function measureOne(make: () => Promise<Subject>, steps: readonly number[], settleMs: number): Promise<Curve> {
  const subject = await make();
  try {
    return await measureCurve(subject, steps, settleMs);
  } finally {
    await subject.stop();
  }
}

/** How many connections workers have to a Redis; each says its name. */
const connectionsOf = async (redis: Redis) =>
  String(await redis.client('LIST')).match(/ name=connection-worker/g)?.length ?? 0;

/** Measures our worker, and what it takes of Redis. */
async function measureWorker(bed: Fleet, { worker: steps, settleMs }: DensityOptions) {
  const redis = connectRedis(bed.redis.url, { name: 'bench', manner: 'patient' });
  const count = steps.at(-1) ?? 0;
  try {
    const before = await redisUsage(redis);
    const subject = await workerSubject(bed, count);
    try {
      const empty = await connectionsOf(redis);
      const curve = await measureCurve(subject, steps, settleMs);
      const { memoryBytes } = await redisUsage(redis);
      const connections: RedisShare['connections'] = [empty, await connectionsOf(redis)];
      return { curve, redis: { memoryKb: (memoryBytes - before.memoryBytes) / count / 1_000, connections } };
    } finally {
      await subject.stop();
    }
  } finally {
    redis.disconnect();
  }
}

/** Measures all three, one after the other, beside the same simulator. */
export async function measureDensity(options: DensityOptions): Promise<Density> {
  const { baselines, settleMs, log } = options;
  const most = baselines.at(-1) ?? 0;
  const bed = await startBed();
  try {
    log('bare Baileys');
    const bare = await measureOne(() => bareSubject(bed, most), baselines, settleMs);
    log('the plain server');
    const plain = await measureOne(() => plainSubject(bed, most, probedOptions), baselines, settleMs);
    log('the plain server with the defaults of Node');
    const asRun = await measureOne(() => plainSubject(bed, most, probedDefaults), baselines.slice(-1), settleMs);
    log('a connection worker');
    const { curve: worker, redis } = await measureWorker(bed, options);
    return { bare, plain, asRun, worker, redis };
  } finally {
    await bed.stop();
  }
}

/** What one has at a number of instances, or at the largest below it. */
const at = ({ points }: Curve, count: number): Point | undefined => points.findLast((point) => point.count <= count);

/** Ours in that of another at the same numbers of instances, the largest number last. */
export function ratiosOf(ours: Curve, other: Curve): number[] {
  return other.points.flatMap(({ count, rssKb }) => {
    const point = at(ours, count);
    return point?.count === count ? [point.rssKb / rssKb] : [];
  });
}

/** Why the plain server's figures are not those of a plain server, if they are not. */
function doubt({ points }: Curve): string | undefined {
  const last = points.at(-1);
  const expected = plainRssKb[last?.count ?? 0];
  if (!last || expected === undefined || Math.abs(last.rssKb / expected - 1) <= tolerance) return undefined;
  return `the plain server took ${Math.round(last.rssKb)} kB for each of ${last.count} instances, and ${expected} is what it is known to take`;
}

const rows = (name: string, { points }: Curve) =>
  points.map(({ count, rssKb, heapKb, cpuMs }) => [name, count, rssKb, heapKb, cpuMs]);

function resultOf({ bare, plain, asRun, worker, redis }: Density): BenchResult {
  const most = bare.points.at(-1)?.count ?? 0;
  const ratio = (name: string, other: Curve, limit: number): Target => ({
    name: `RSS of each of ${most} idle instances, of ${name}`,
    value: ratiosOf(worker, other).at(-1) ?? Number.NaN,
    relation: 'at most',
    limit,
    unit: '',
  });
  const largest = worker.points.at(-1);
  const invalid = doubt(plain);
  return {
    tables: [
      {
        title: 'Each open, idle instance',
        columns: ['', 'instances', 'RSS (kB)', 'JavaScript heap (kB)', 'processor time in a minute (ms)'],
        rows: [
          ...rows('bare Baileys', bare),
          ...rows('plain server', plain),
          ...rows('plain server, without flags', asRun),
          ...rows('connection worker', worker),
        ],
      },
      {
        title: 'The process without an instance, and each instance when garbage has been collected by force',
        columns: ['', 'RSS without any (MB)', 'RSS of each (kB)', 'heap of each (kB)'],
        rows: [
          ['bare Baileys', bare.emptyMb, bare.collected.rssKb, bare.collected.heapKb],
          ['plain server', plain.emptyMb, plain.collected.rssKb, plain.collected.heapKb],
          ['plain server, without flags', asRun.emptyMb, asRun.collected.rssKb, asRun.collected.heapKb],
          ['connection worker', worker.emptyMb, worker.collected.rssKb, worker.collected.heapKb],
        ],
      },
      {
        title: 'Redis',
        columns: ['memory of each instance (kB)', 'connections of a worker without any', `with ${largest?.count ?? 0}`],
        rows: [[redis.memoryKb, ...redis.connections]],
      },
    ],
    targets: [
      ratio('the plain server as most people run it', asRun, 0.35),
      ratio('bare Baileys', bare, 0.5),
      {
        name: `open instances in a gigabyte, at ${largest?.count ?? 0}`,
        value: largest ? 1e6 / largest.rssKb : 0,
        relation: 'at least',
        limit: 3_500,
        unit: '',
      },
      {
        name: 'further Redis connections of a worker that is full',
        value: redis.connections[1] - redis.connections[0],
        relation: 'at most',
        limit: 0,
        unit: '',
      },
    ],
    notes: [
      `Node ${process.versions.node} with \`${workerFlags}\` for all, as our workers are deployed, but for the plain server that is run without flags. RSS of each: what the process has grown by since nobody was open and all garbage of its start was collected, divided by their number, after a while in which nothing happened. With instances open nothing is collected for it from outside, as nobody does so in production; our worker does so itself after a rush of logins. What is compiled and allocated once is part of it, and so weighs the more the fewer there are. Bare Baileys has its 812 one-time keys in memory, the plain server its auth state in files. Both log nothing.`,
      'On Node 20 a plain server was seen to take 650 kB; with the flags here it takes less, because the young generation of V8 stays small; that is a matter of deployment, and so both are shown. The figures are void if it differs by more than a third from what was found on this version with these flags.',
      'The baselines log in 20 numbers at a time, the worker starts 20 logins a second, as it is deployed.',
    ],
    ...(invalid !== undefined && { invalid }),
  };
}

export const density: Bench = {
  name: 'density',
  title: 'Memory of open, idle instances',
  about:
    'RSS and heap of instances that are logged in and have nothing to do, in one connection worker, beside bare Baileys (sockets in a ' +
    'process, auth state in memory, default options, nothing else) and a plain server (Express, multi-file auth state), all on the ' +
    'same version of Node with the same flags of V8, and the plain server once more without flags, as most people run it.',
  async run({ size, log }) {
    const options =
      size === 'full'
        ? { worker: [50, 200, 500, 1_000], baselines: [50, 200, 500], settleMs: 10_000 }
        : { worker: [10, 20], baselines: [10, 20], settleMs: 500 };
    return resultOf(await measureDensity({ ...options, log }));
  },
};

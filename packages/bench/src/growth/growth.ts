/**
 * Whether an instance costs the same in a fleet of a hundred as in one of thousands. The instances are real ones with real
 * sockets, but linked in bulk instead of being paired, since pairing thousands would take longer than all of the rest.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type App, type Fleet, startFleet } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import type { Bench, BenchResult, Target } from '../bench.ts';
import { openInstances, storeInstances } from '../fixtures/stored-instances.ts';
import { askMemory, probedOptions } from '../measure/memory.ts';
import { processUsage } from '../measure/process-usage.ts';
import { redisUsage } from '../measure/redis-usage.ts';

export interface GrowthOptions {
  /** Counts of open instances, rising. */
  sizes: readonly number[];
  workers: number;
  /** How long the fleet is looked at with each count (s). */
  seconds: number;
  /** How long it rests before (s): workers collect garbage some seconds after the last of many logins. */
  restSeconds: number;
  log: (line: string) => void;
}

/** What a fleet uses at one size. Processor time is for a minute. */
interface FleetUse {
  /** Of all connection workers. */
  rssBytes: number;
  /** The same, and their heaps, after a collection. */
  collectedRssBytes: number;
  heapBytes: number;
  workerCpuMs: number;
  redisBytes: number;
  redisCpuMs: number;
  redisCommands: number;
  redisConnections: number;
  simulatorRssBytes: number;
}

/** What each instance adds at one size, to a fleet without any. */
export interface GrowthRow {
  instances: number;
  rssKb: number;
  /** The same, right after a forced collection. */
  collectedRssKb: number;
  heapKb: number;
  redisKb: number;
  cpuMs: number;
  redisCpuMs: number;
  /** Of the whole fleet, for each instance. */
  commands: number;
  /** Of the whole fleet, beyond those that it has without any instance. */
  furtherConnections: number;
  simulatorRssKb: number;
  /** Processor time of the workers for each instance that was opened for this size (ms); 0 for none. */
  openCpuMs: number;
  /** How many of them were opened in a second. */
  openedPerSecond: number;
}

/** Files that a process needs beside the sockets of instances. */
const sparedFiles = 500;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const cpuOf = async (apps: readonly App[]) =>
  sum(await Promise.all(apps.map(async ({ pid }) => (await processUsage(pid)).cpuMs)));

async function lookAt(fleet: Fleet, redis: Redis, seconds: number): Promise<FleetUse> {
  const used = async () => ({
    workerCpuMs: await cpuOf(fleet.workers),
    redis: await redisUsage(redis),
    at: performance.now(),
  });
  const before = await used();
  await pause(seconds * 1_000);
  const after = await used();
  const perMinute = (count: number) => (count / (after.at - before.at)) * 60_000;
  const usages = await Promise.all(fleet.workers.map(({ pid }) => processUsage(pid)));
  const memories = await Promise.all(fleet.workers.map((app) => askMemory(app, { collect: true })));
  return {
    rssBytes: sum(usages.map(({ rssBytes }) => rssBytes)),
    collectedRssBytes: sum(memories.map(({ rss }) => rss)),
    heapBytes: sum(memories.map(({ heapUsed }) => heapUsed)),
    workerCpuMs: perMinute(after.workerCpuMs - before.workerCpuMs),
    redisBytes: after.redis.memoryBytes,
    redisCpuMs: perMinute(after.redis.cpuMs - before.redis.cpuMs),
    redisCommands: perMinute(after.redis.commands - before.redis.commands - 1),
    redisConnections: after.redis.connections,
    simulatorRssBytes: (await processUsage(fleet.simulatorApp.pid)).rssBytes,
  };
}

/** The simulator has a socket of each instance, and no process may have more files than Linux lets it. */
async function checkFileLimit(instances: number): Promise<void> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  // Node raises its soft limit to the hard one.
  const [, hard] = /^Max open files\s+\S+\s+(\d+)/m.exec(limits) ?? [];
  const needed = instances + sparedFiles;
  if (hard !== undefined && Number(hard) < needed)
    throw new Error(`${instances} sockets need ${needed} open files, and ${hard} are allowed: ulimit -Hn ${needed}`);
}

/** A fleet from which a worker is missing says nothing of what workers cost. */
function checkWorkers(workers: readonly App[]): void {
  const ended = workers.find(({ isRunning }) => !isRunning);
  if (ended) throw new Error(`A worker has ended. It wrote last:\n${ended.logs().slice(-20).join('\n')}`);
}

/** Lets one fleet grow, and looks at it at each size. */
export async function measureGrowth({
  sizes,
  workers,
  seconds,
  restSeconds,
  log,
}: GrowthOptions): Promise<GrowthRow[]> {
  const largest = Math.max(...sizes);
  await checkFileLimit(largest);
  const fleet = await startFleet({
    workers: 0,
    receiver: false,
    env: { LOG_LEVEL: 'warn', LOGINS_PER_SECOND: 200 },
    log: (app, line) => {
      if (/"level":"(error|fatal)"/.test(line)) log(`${app}: ${line}`);
    },
  });
  const redis = connectRedis(fleet.redis.url, { name: 'bench', manner: 'patient' });
  try {
    for (let n = 0; n < workers; n += 1)
      await fleet.addWorker({ NODE_OPTIONS: probedOptions, CAPACITY: Math.max(1_000, largest) });
    const { tenant } = await fleet.api.newTenant();
    // What the first ones load and compile is no cost of the later ones.
    const grow = async (count: number) => {
      const stored = await storeInstances(fleet, { tenant: tenant.id, count, preKeys: 40 });
      const cpuMs = await cpuOf(fleet.workers);
      const began = performance.now();
      await openInstances(fleet, stored);
      checkWorkers(fleet.workers);
      return {
        openCpuMs: ((await cpuOf(fleet.workers)) - cpuMs) / count,
        openedPerSecond: (count / (performance.now() - began)) * 1_000,
      };
    };
    const warmUp = workers * 2;
    await grow(warmUp);
    await pause(restSeconds * 1_000);
    // What starting has left behind would hide the first instances.
    await Promise.all(fleet.workers.map((app) => askMemory(app, { collect: true })));
    const none = await lookAt(fleet, redis, seconds);
    const rows: GrowthRow[] = [];
    let open = 0;
    for (const instances of sizes) {
      const opened = await grow(instances - open);
      open = instances;
      log(`${instances} instances, ${Math.round(opened.openedPerSecond)} opened a second`);
      await pause(restSeconds * 1_000);
      const use = await lookAt(fleet, redis, seconds);
      const each = (value: (of: FleetUse) => number) => (value(use) - value(none)) / instances;
      rows.push({
        instances,
        rssKb: each(({ rssBytes }) => rssBytes) / 1_024,
        collectedRssKb: each(({ collectedRssBytes }) => collectedRssBytes) / 1_024,
        heapKb: each(({ heapBytes }) => heapBytes) / 1_024,
        redisKb: each(({ redisBytes }) => redisBytes) / 1_024,
        cpuMs: each(({ workerCpuMs }) => workerCpuMs),
        redisCpuMs: each(({ redisCpuMs }) => redisCpuMs),
        commands: use.redisCommands / instances,
        furtherConnections: use.redisConnections - none.redisConnections,
        simulatorRssKb: each(({ simulatorRssBytes }) => simulatorRssBytes) / 1_024,
        ...opened,
      });
    }
    return rows;
  } finally {
    redis.disconnect();
    await fleet.stop();
  }
}

/** How much dearer the last instances may be than those before: memory, and processor time. */
const flatMemory = 1.15;
const flatWork = 1.25;

/** What an instance adds to a fleet that has so many already, by two sizes of it; whatever is there without any is left out. */
function addedBetween(before: GrowthRow | undefined, after: GrowthRow) {
  const { instances: from = 0 } = before ?? {};
  const added = (of: (row: GrowthRow) => number) =>
    (of(after) * after.instances - (before ? of(before) * from : 0)) / (after.instances - from);
  return {
    from,
    to: after.instances,
    rssKb: added(({ rssKb }) => rssKb),
    heapKb: added(({ heapKb }) => heapKb),
    redisKb: added(({ redisKb }) => redisKb),
    cpuMs: added(({ cpuMs }) => cpuMs),
    openCpuMs: after.openCpuMs,
  };
}

/** Tables, targets and notes of what was measured. @param mostCommands of Redis, for each instance of the largest fleet and minute */
function growthResult(rows: readonly GrowthRow[], mostCommands: number): BenchResult {
  const steps = rows.map((row, n) => addedBetween(rows[n - 1], row));
  const [before, after] = [steps.at(-2), steps.at(-1)];
  const last = rows.at(-1);
  const flat = (name: string, limit: number, of: (step: (typeof steps)[number]) => number): Target => ({
    name: `${name} of each beyond ${after?.from}, of that of each beyond ${before?.from}`,
    value: (after ? of(after) : Number.NaN) / (before ? of(before) : Number.NaN),
    relation: 'at most',
    limit,
    unit: '',
  });
  return {
    tables: [
      {
        title: 'Each instance, at so many',
        columns: [
          'instances',
          'RSS (kB)',
          'RSS after a forced collection (kB)',
          'heap then (kB)',
          'memory of Redis (kB)',
          'processor time (ms a minute)',
          'that of Redis (ms a minute)',
          'commands of Redis (a minute)',
          'processor time to open it (ms)',
          'opened a second',
          'RSS of the simulator (kB)',
        ],
        rows: rows.map((row) => [
          row.instances,
          row.rssKb,
          row.collectedRssKb,
          row.heapKb,
          row.redisKb,
          row.cpuMs,
          row.redisCpuMs,
          row.commands,
          row.openCpuMs,
          row.openedPerSecond,
          row.simulatorRssKb,
        ]),
      },
      {
        title: 'What each further instance adds',
        columns: ['from', 'to', 'RSS (kB)', 'heap (kB)', 'memory of Redis (kB)', 'processor time (ms a minute)'],
        rows: steps.map(({ from, to, rssKb, heapKb, redisKb, cpuMs }) => [from, to, rssKb, heapKb, redisKb, cpuMs]),
      },
    ],
    targets: [
      flat('RSS', flatMemory, ({ rssKb }) => rssKb),
      flat('heap', flatMemory, ({ heapKb }) => heapKb),
      flat('memory of Redis', flatMemory, ({ redisKb }) => redisKb),
      flat('processor time', flatWork, ({ cpuMs }) => cpuMs),
      flat('processor time to open', flatWork, ({ openCpuMs }) => openCpuMs),
      {
        name: `commands of Redis for each of ${last?.instances} instances and minute`,
        value: last?.commands ?? Number.POSITIVE_INFINITY,
        relation: 'at most',
        limit: mostCommands,
        unit: '',
      },
      {
        name: `further connections to Redis for ${last?.instances} instances`,
        value: last?.furtherConnections ?? Number.POSITIVE_INFINITY,
        relation: 'at most',
        limit: 0,
        unit: '',
      },
    ],
    notes: [
      `The curve counts as flat if each instance beyond a size adds at most ${flatMemory} times the memory of each beyond a tenth ` +
        `of it, and ${flatWork} times the processor time, which is less sure. What processes have without any instance is left ` +
        'out so: the first hundred are dealt what is compiled and allocated once, and what V8 lets go of when it collects after ' +
        'many logins, which is more than they take.',
      'Thousands that open in one go keep both cores busy, and take more processor time each than hundreds: `LOGINS_PER_SECOND` is ' +
        '200 here, and 20 by default.',
      'The instances have 40 one-time keys each, so that thousands are stored within minutes; a pairing leaves 812, each of which takes ' +
        'another 0.2 kB of Redis’ memory. Commands are all of the fleet, so those that processes need are shared by more and more.',
    ],
  };
}

export const growth: Bench = {
  name: 'growth',
  title: 'What an instance costs in a small and in a large fleet',
  about:
    'Idle instances with real sockets, opened in one fleet of four connection workers until there are ten thousand. Each row says ' +
    'what an instance adds to the fleet without any, at that size. The workers have the flags of V8 that they are deployed with.',
  async run({ size, log }) {
    if (size === 'short')
      return growthResult(await measureGrowth({ sizes: [10, 30], workers: 1, seconds: 2, restSeconds: 1, log }), 400);
    const rows = await measureGrowth({
      sizes: [100, 1_000, 10_000],
      workers: 4,
      seconds: 20,
      restSeconds: 15,
      log,
    });
    return growthResult(rows, 1);
  },
};

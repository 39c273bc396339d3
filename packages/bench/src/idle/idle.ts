/**
 * What instances that do nothing cost in Redis: commands, processor time, connections. A part of it is there without any
 * instance, for each process; what each instance adds is found by having more and more of them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, type Fleet, startFleet } from '@flotilla/fleet';
import type { Bench } from '../bench.ts';
import { openInstances, type StoredInstance, storeInstances } from '../fixtures/stored-instances.ts';
import { type IdleCost, measureIdle } from './measure-idle.ts';
import { slope } from './slope.ts';

export interface IdleOptions {
  /** Counts of instances that are measured, rising, with each count of workers. */
  instances: readonly number[];
  /** Counts of connection workers, rising. */
  workers: readonly number[];
  /** How long each is looked at (s). */
  seconds: number;
  /** How long the fleet is left alone before (s): logins leave work behind, such as for relays. */
  restSeconds: number;
  log: (line: string) => void;
}

/** What was found with so many workers and instances. */
export interface IdleRow extends IdleCost {
  workers: number;
  instances: number;
}

/** So often in a row, a second apart, loads are the same before a fleet is taken to be at rest. */
const looksAlike = 3;

/** Waits until the instances are spread and nothing moves any more. */
async function settled(fleet: Fleet, workers: number, instances: number): Promise<void> {
  const loads = async () => {
    const apps = fleet.workers.filter(({ isRunning }) => isRunning);
    const texts = await Promise.all(apps.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    return texts.map((text) =>
      [...text.matchAll(/^flotilla_held_instances\{[^}]*state="open"[^}]*\} (\d+)/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      ),
    );
  };
  let last = '';
  let same = 0;
  await eventually(
    async () => {
      const now = await loads();
      const all = now.reduce((sum, load) => sum + load, 0);
      same = now.join() === last && all === instances && now.length === workers ? same + 1 : 0;
      last = now.join();
      if (same < looksAlike) throw new Error(`${last} of ${instances}`);
      return true;
    },
    { timeoutMs: 90_000, intervalMs: 1_000, message: 'The fleet has come to rest' },
  );
}

/** What the targets take a worker to hold: a fifth of what it takes by default. */
const heldByWorker = 200;

/** Measures every count of instances with the most workers, and the least and the greatest with all others. */
export async function measureIdleFleets({
  instances,
  workers,
  seconds,
  restSeconds,
  log,
}: IdleOptions): Promise<IdleRow[]> {
  const fleet = await startFleet({
    workers: 0,
    receiver: false,
    env: { LOG_LEVEL: 'warn', LOGINS_PER_SECOND: 100 },
  });
  const rows: IdleRow[] = [];
  try {
    const { tenant } = await fleet.api.newTenant();
    const stored: StoredInstance[] = [];
    const measure = async () => {
      const running = fleet.workers.filter(({ isRunning }) => isRunning).length;
      await settled(fleet, running, stored.length);
      await pause((stored.length > 0 ? restSeconds : 3) * 1_000);
      const cost = await measureIdle(fleet.redis.url, seconds);
      rows.push({ workers: running, instances: stored.length, ...cost });
      log(`${running} workers, ${stored.length} instances: ${Math.round(cost.commands)} commands a minute`);
    };
    for (const count of workers) {
      while (fleet.workers.length < count) await fleet.addWorker();
      await measure();
    }
    for (const count of instances) {
      const more = await storeInstances(fleet, { tenant: tenant.id, count: count - stored.length, preKeys: 40 });
      await openInstances(fleet, more);
      stored.push(...more);
      await measure();
    }
    for (const count of workers.slice(0, -1).reverse()) {
      const running = () => fleet.workers.filter(({ isRunning }) => isRunning);
      while (running().length > count) await running().at(-1)?.stop();
      await measure();
    }
    return rows;
  } finally {
    await fleet.stop();
  }
}

export const idle: Bench = {
  name: 'idle',
  title: 'What idle instances cost Redis',
  about:
    'A gateway, a webhook worker and one to four connection workers, with instances that are open and do nothing. Commands are counted as ' +
    'Redis counts them, calls inside scripts included, and as clients send them. What each process needs is there without any ' +
    'instance; what each instance adds is the slope over their number. [fazer-ai/baileys-api](https://github.com/fazer-ai/baileys-api) ' +
    'with two workers, measured in the same way, takes 72 to 74 commands for each idle instance and minute, and more with more workers.',
  async run({ size, log }) {
    const isFull = size === 'full';
    const counts = isFull ? [50, 200] : [10];
    const workers = isFull ? [1, 2, 4] : [1];
    const [seconds, restSeconds] = isFull ? [16, 20] : [3, 0];
    const rows = await measureIdleFleets({ instances: counts, workers, seconds, restSeconds, log });
    const without = (count: number) => rows.find((row) => row.workers === count && row.instances === 0);
    const added = workers.map((count) => {
      const own = rows.filter((row) => row.workers === count);
      return { workers: count, each: slope(own.map(({ instances, commands }) => [instances, commands])) };
    });
    const senders = [...(rows.findLast((row) => row.workers === workers.at(-1))?.bySender ?? [])];
    const connections = rows.map((row) => row.workerConnections / row.workers);
    const atMost = (name: string, value: number, limit: number) =>
      ({ name, value, relation: 'at most', limit, unit: '' }) as const;
    return {
      tables: [
        {
          title: 'The fleet as a whole, in a minute',
          columns: [
            'connection workers',
            'instances',
            'commands',
            'sent by clients',
            'commands for each instance',
            'processor time of Redis (ms)',
            'connections of each worker',
          ],
          rows: rows.map((row) => [
            row.workers,
            row.instances,
            row.commands,
            row.sent,
            row.instances === 0 ? '' : row.commands / row.instances,
            row.redisCpuMs,
            row.workerConnections / row.workers,
          ]),
        },
        {
          title: 'Where commands come from, in a minute',
          columns: ['connection workers', 'without any instance', 'each instance adds'],
          rows: added.map(({ workers: count, each }) => [count, without(count)?.commands ?? '', Math.max(0, each)]),
        },
        {
          title: `Who sends what with ${workers.at(-1)} connection workers, in a minute`,
          columns: ['connection and command', 'commands'],
          rows: senders.sort(([, a], [, b]) => b - a).slice(0, 25),
        },
      ],
      targets: [
        ...added.map(({ workers: count, each }) => {
          const held = count * heldByWorker;
          const value = (without(count)?.commands ?? 0) / held + Math.max(0, each);
          return atMost(
            `commands for each idle instance and minute, ${count} workers with ${heldByWorker} each`,
            value,
            4,
          );
        }),
        atMost('most connections of a worker, of the least', Math.max(...connections) / Math.min(...connections), 1),
      ],
      notes: [
        `The targets are for workers that hold ${heldByWorker} instances each: what was measured without any instance, and what each adds. ` +
          'Fewer instances on more workers pay more each, as a worker has to show every second that it lives: a renewal (four commands, ' +
          'three of them inside its script), its mark in the list of workers, and a look for silent ones. The rest is less than half of that.',
        'Every two hours an owner also looks whether the history of a quiet instance has grown too old: six commands, which fall outside of ' +
          'what is measured here.',
      ],
    };
  },
};

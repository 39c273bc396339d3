import { fleetKeys } from '@flotilla/contracts';
import type { Queues } from '@flotilla/queue';
import type { Redis } from '@flotilla/redis';
import { Gauge, type Registry } from '@flotilla/service';
import { liveWorkers } from './live-workers.ts';

/**
 * What only Redis knows about the fleet, read at each scrape; every gateway says the same.
 * While Redis is away the last values stay: the scrape itself must not fail.
 */
export function registerFleetMetrics({ redis, queues, metrics }: { redis: Redis; queues: Queues; metrics: Registry }) {
  const registers = [metrics];
  new Gauge({
    name: 'flotilla_workers',
    help: 'Connection workers that are alive',
    registers,
    async collect() {
      await liveWorkers(redis)
        .then((count) => this.set(count))
        .catch(() => {});
    },
  });
  new Gauge({
    name: 'flotilla_instances',
    help: 'Instances of all tenants',
    registers,
    async collect() {
      await redis
        .zcard(fleetKeys.instances)
        .then((count) => this.set(count))
        .catch(() => {});
    },
  });
  new Gauge({
    name: 'flotilla_instances_pending',
    help: 'Instances with commands that may be waiting',
    registers,
    async collect() {
      await redis
        .zcard(fleetKeys.pending)
        .then((count) => this.set(count))
        .catch(() => {});
    },
  });
  new Gauge({
    name: 'flotilla_commands_overdue_seconds',
    help: 'For how long the instance that waits longest should have been looked at, because commands wait there',
    registers,
    async collect() {
      await redis
        .zrange(fleetKeys.pending, 0, '0', 'WITHSCORES')
        .then(([, at]) => this.set(at === undefined ? 0 : Math.max(0, Date.now() - Number(at)) / 1_000))
        .catch(() => {});
    },
  });
  new Gauge({
    name: 'flotilla_queue_oldest_seconds',
    help: "How long the oldest job of the fleet's queues has been there: waiting (or worked on), or delayed",
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const ages = Object.entries((await queues.ages().catch(() => undefined)) ?? {});
      for (const [queue, states] of ages)
        for (const [state, ms] of Object.entries(states ?? {})) this.set({ queue, state }, ms / 1_000);
    },
  });
  new Gauge({
    name: 'flotilla_queue_jobs',
    help: "Jobs of the fleet's queues, by state",
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const counts = Object.entries((await queues.counts().catch(() => undefined)) ?? {});
      for (const [queue, states] of counts)
        for (const [state, count] of Object.entries(states ?? {})) this.set({ queue, state }, count);
    },
  });
}

import type { WorkerLease } from '@flotilla/lease';
import { Gauge, type Registry } from '@flotilla/service';
import type { Worker } from './worker.ts';

/** Gauges that show what this worker holds. Read when they are scraped. */
export function registerMetrics(metrics: Registry, worker: Worker, lease: WorkerLease): void {
  new Gauge({
    name: 'flotilla_held_instances',
    help: 'Instances held by this worker, by state of their connection',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { connection } of worker.holdings.values()) this.inc({ state: connection.state.name });
    },
  });
  new Gauge({
    name: 'flotilla_lease_remaining_seconds',
    help: "Seconds until this worker's own deadline; zero or less: its sockets are closed",
    registers: [metrics],
    collect() {
      this.set(lease.remainingMs() / 1_000);
    },
  });
}

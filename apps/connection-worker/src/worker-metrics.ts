import type { MessageStatus } from '@flotilla/contracts';
import type { WorkerLease } from '@flotilla/lease';
import { Counter, Gauge, Histogram, type Registry } from '@flotilla/service';
import type { Worker } from './worker.ts';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** Codes with which WhatsApp closes a socket, as labels; a code that is none of them is `other`. */
const closeCodes = [401, 402, 403, 405, 406, 408, 411, 428, 440, 500, 503, 515];

/** The label of a close code. */
export const closeLabel = (code: number | undefined): string =>
  code === undefined ? 'none' : closeCodes.includes(code) ? String(code) : 'other';

/**
 * What a connection worker counts: something for each invariant. None has a label for an instance, and none costs more
 * than an addition when it happens.
 */
export function createWorkerMetrics(registry: Registry) {
  const registers = [registry];
  const metrics = {
    fencedWrites: new Counter({
      name: 'flotilla_fenced_writes_refused_total',
      help: 'Writes that Redis has refused because the instance has another owner by now',
      registers,
    }),
    claims: new Counter({
      name: 'flotilla_claims_total',
      help: 'Instances that this worker has claimed, by whose they were: nobody, itself or dead',
      labelNames: ['from'] as const,
      registers,
    }),
    takeovers: new Histogram({
      name: 'flotilla_takeover_seconds',
      help: 'Time from the last sign of life of a dead owner to the open connection of an instance here',
      buckets: [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 120],
      registers,
    }),
    conflicts: new Counter({
      name: 'flotilla_conflicts_total',
      help: 'Sockets that were closed because of another login (440), by whose instance it was then: own, another, unknown',
      labelNames: ['owner'] as const,
      registers,
    }),
    closings: new Counter({
      name: 'flotilla_socket_closings_total',
      help: 'Sockets that WhatsApp or the network has closed, by code',
      labelNames: ['code'] as const,
      registers,
    }),
    deadlineClosings: new Counter({
      name: 'flotilla_deadline_closings_total',
      help: 'Sockets that this worker has closed because its lease had not been renewed in time',
      registers,
    }),
    journalSteps: new Counter({
      name: 'flotilla_journal_steps_total',
      help: 'Messages that have reached a status in the journal',
      labelNames: ['status'] as const,
      registers,
    }),
    retryReceipts: new Counter({
      name: 'flotilla_retry_receipts_total',
      help: 'Requests of recipients to encrypt a message again, because they could not decrypt it',
      registers,
    }),
    undecryptable: new Counter({
      name: 'flotilla_undecryptable_total',
      help: 'Incoming messages that could not be decrypted: on arrival, and still half a minute later',
      labelNames: ['when'] as const,
      registers,
    }),
    loginWaits: new Histogram({
      name: 'flotilla_login_wait_seconds',
      help: "Time that a login had to wait for the fleet's budget",
      buckets: [0, 0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300],
      registers,
    }),
  };
  // Known at zero from the beginning, so that a rate sees the first one.
  for (const from of ['nobody', 'itself', 'dead']) metrics.claims.inc({ from }, 0);
  for (const owner of ['own', 'another', 'unknown']) metrics.conflicts.inc({ owner }, 0);
  for (const when of ['arrival', 'given-up']) metrics.undecryptable.inc({ when }, 0);
  for (const code of [...closeCodes.map(String), 'none', 'other']) metrics.closings.inc({ code }, 0);
  const statuses: MessageStatus[] = ['sending', 'acked', 'delivered', 'read', 'failed'];
  for (const status of statuses) metrics.journalSteps.inc({ status }, 0);
  return metrics;
}

/** Gauges that show what this worker holds, read from its memory when they are scraped. */
export function registerGauges(metrics: Registry, worker: Worker, lease: WorkerLease): void {
  const registers = [metrics];
  new Gauge({
    name: 'flotilla_held_instances',
    help: 'Instances held by this worker, by state of their connection',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const { connection } of worker.holdings.values()) this.inc({ state: connection.state.name });
    },
  });
  new Gauge({
    name: 'flotilla_oldest_command_seconds',
    help: 'Age of the oldest message that waits to be sent, of all instances held here, by whether the connection is open',
    labelNames: ['connection'],
    registers,
    collect() {
      const now = Date.now();
      const oldest = { open: now, closed: now };
      for (const { connection, oldestCommandAt = now } of worker.holdings.values()) {
        const state = connection.state.name === 'open' ? 'open' : 'closed';
        oldest[state] = Math.min(oldest[state], oldestCommandAt);
      }
      for (const [state, at] of Object.entries(oldest)) this.set({ connection: state }, (now - at) / 1_000);
    },
  });
  new Gauge({
    name: 'flotilla_lease_remaining_seconds',
    help: "Seconds until this worker's own deadline; zero or less: its sockets are closed",
    registers,
    collect() {
      this.set(lease.remainingMs() / 1_000);
    },
  });
}

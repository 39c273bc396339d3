import type { Queues } from '@flotilla/queue';
import { Counter, Gauge, Histogram, type Registry } from '@flotilla/service';

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;

/** What the webhook worker counts. */
export function createWorkerMetrics(registry: Registry, queues: Pick<Queues, 'counts'>) {
  const registers = [registry];
  new Gauge({
    name: 'flotilla_webhook_jobs',
    help: 'Jobs of the queues relay, turns and replays, by state',
    labelNames: ['queue', 'state'] as const,
    registers,
    async collect() {
      const { relay, turns, replays } = await queues.counts();
      for (const [queue, states] of Object.entries({ relay, turns, replays })) {
        for (const [state, count] of Object.entries(states ?? {})) this.set({ queue, state }, count);
      }
    },
  });
  return {
    relayDelay: new Histogram({
      name: 'flotilla_relay_delay_seconds',
      help: 'Age of events when they are put into feed and mailboxes; of each batch, the oldest',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600],
      registers,
    }),
    attempts: new Counter({
      name: 'flotilla_webhook_attempts_total',
      help: 'Attempts, by what came of them: delivered, retrying, dead or disabled',
      labelNames: ['outcome'] as const,
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'flotilla_webhook_attempt_duration_seconds',
      help: 'Duration of attempts',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
      registers,
    }),
    deadLetters: new Counter({
      name: 'flotilla_webhook_dead_letters_total',
      help: 'Deliveries given up',
      registers,
    }),
    missed: new Counter({
      name: 'flotilla_webhook_missed_events_total',
      help: 'Events that an endpoint has not had, because it was so far behind that the log did not keep them',
      registers,
    }),
    operationalEvents: new Counter({
      name: 'flotilla_webhook_operational_events_total',
      help: 'What tenants were told of their webhooks, by type',
      labelNames: ['type'] as const,
      registers,
    }),
    replaysEnded: new Counter({
      name: 'flotilla_webhook_replays_ended_total',
      help: 'Replays that have ended, by state: done or failed',
      labelNames: ['state'] as const,
      registers,
    }),
    breakerOpens: new Counter({
      name: 'flotilla_webhook_breaker_opens_total',
      help: 'How often the breaker of an endpoint opened',
      registers,
    }),
  };
}

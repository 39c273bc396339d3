import { Counter, type Registry } from 'prom-client';

/** Makes the function that counts how it ends when replicas of Redis are asked whether they have what was written. */
export function countConfirmations(metrics: Registry): (outcome: string) => void {
  const counter = new Counter({
    name: 'flotilla_replica_confirmations_total',
    help: 'Writes, by whether a replica of Redis has them: confirmed, missed, gone (another master), alone (no replica)',
    labelNames: ['outcome'] as const,
    registers: [metrics],
  });
  for (const outcome of ['confirmed', 'missed', 'gone', 'alone']) counter.inc({ outcome }, 0);
  return (outcome) => counter.inc({ outcome });
}

import { expect, it } from 'vitest';
import { measureIdleFleets } from '../src/idle/idle.ts';

it('idle instances add next to nothing to what a fleet asks of Redis, and no connections', {
  timeout: 120_000,
}, async () => {
  const rows = await measureIdleFleets({ instances: [30], workers: [1], seconds: 6, restSeconds: 8, log: () => {} });
  const [none, many] = rows;
  expect(many?.workerConnections).toBe(none?.workerConnections);
  // Each process takes hundreds a minute by itself; instances that each took four would take a hundred more.
  expect((many?.sent ?? 0) - (none?.sent ?? 0)).toBeLessThan(100);
  expect(many?.bySender.size).toBeGreaterThan(5);
});

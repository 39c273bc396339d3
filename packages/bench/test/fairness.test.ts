import { expect, it } from 'vitest';
import { measureFairness } from '../src/webhooks/fairness.ts';

it('healthy endpoints feel little of a dead, a slow and a flooding one, and nothing is lost when a worker is killed', {
  timeout: 180_000,
}, async () => {
  const found = await measureFairness({
    healthy: 40,
    flood: 5_000,
    floodInstances: 20,
    seconds: 6,
    kills: 1,
    workers: 2,
  });
  expect(found.lost).toBe(0);
  expect(found.disorders).toEqual([]);
  // The ratio is for a machine that does nothing else: here whatever waits for a slow endpoint would take 15 s.
  expect(found.together.p99).toBeLessThan(3_000);
});

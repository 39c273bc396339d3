import { expect, it } from 'vitest';
import { measureGrowth } from '../src/growth/growth.ts';

it('looks at one fleet as it grows, and an instance takes no more in a larger one', { timeout: 150_000 }, async () => {
  const rows = await measureGrowth({ sizes: [10, 40], workers: 1, seconds: 2, restSeconds: 1, log: () => {} });
  const [small, large] = rows;
  expect(rows.map(({ instances }) => instances)).toEqual([10, 40]);
  // A socket and what belongs to it; what few instances take is mostly what their first ones have had compiled.
  expect(large?.heapKb).toBeGreaterThan(20);
  expect(large?.heapKb).toBeLessThan(1_000);
  expect(large?.redisKb).toBeLessThan(100);
  expect(large?.commands).toBeLessThan(small?.commands ?? 0);
  expect(large?.furtherConnections).toBeLessThanOrEqual(0);
});

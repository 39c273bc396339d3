import { expect, it } from 'vitest';
import { measureDensity, ratiosOf } from '../src/density/density.ts';

it('open instances take memory in all three, and are compared at the same numbers', { timeout: 120_000 }, async () => {
  const found = await measureDensity({ worker: [10, 20], baselines: [10, 20], settleMs: 400, log: () => {} });
  for (const curve of [found.bare, found.plain, found.worker]) {
    expect(curve.points.map(({ count }) => count)).toEqual([10, 20]);
    // The first ones bring what is compiled and allocated once: megabytes, not hundreds of them.
    for (const { rssKb } of curve.points) expect(rssKb).toBeGreaterThan(50);
    for (const { rssKb } of curve.points) expect(rssKb).toBeLessThan(20_000);
    expect(curve.emptyMb).toBeGreaterThan(50);
  }
  // Bare Baileys has 812 one-time keys of each in memory, and has nothing else to be larger by.
  expect(found.bare.collected.heapKb).toBeGreaterThan(50);
  expect(ratiosOf(found.worker, found.plain)).toHaveLength(2);
  expect(ratiosOf(found.worker, found.asRun)).toHaveLength(1);
  for (const ratio of ratiosOf(found.worker, found.bare)) expect(ratio).toBeGreaterThan(0);
  // All the one-time keys are stored.
  expect(found.redis.memoryKb).toBeGreaterThan(50);
  expect(found.redis.connections[0]).toBeGreaterThan(0);
  expect(found.redis.connections[1]).toBeLessThanOrEqual(found.redis.connections[0]);
});

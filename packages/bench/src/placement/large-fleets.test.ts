import { expect, it } from 'vitest';
import { assumedUnits, needsOf } from './large-fleets.ts';

const units = assumedUnits();

it('ten times the instances need about ten times of everything, and no more', () => {
  for (const perMinute of [0, 1]) {
    const small = needsOf({ instances: 100_000, perMinute }, units);
    const large = needsOf({ instances: 1_000_000, perMinute }, units);
    for (const name of ['workers', 'workerGb', 'redisGb', 'commandsPerSecond', 'price'] as const)
      expect(large[name] / small[name]).toBeLessThan(10.5);
  }
});

it('more traffic needs more processor time, and not more memory of instances', () => {
  const idle = needsOf({ instances: 100_000, perMinute: 0 }, units);
  const busy = needsOf({ instances: 100_000, perMinute: 10 }, units);
  expect(busy.workerCores).toBeGreaterThan(4 * idle.workerCores);
  expect(busy.redisMasters).toBeGreaterThan(idle.redisMasters);
  expect(busy.redisGb).toBe(idle.redisGb);
});

it('a small fleet has a second process of each kind', () => {
  expect(needsOf({ instances: 10, perMinute: 1 }, units)).toMatchObject({ workers: 2, gateways: 2, redisMasters: 1 });
});

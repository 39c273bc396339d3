import { expect, it } from 'vitest';
import { isMet } from '../src/bench.ts';
import { costsMeasuredOnce } from '../src/placement/commands.ts';
import { placement } from '../src/placement/placement.ts';
import { simulate } from '../src/placement/scenarios.ts';

const size = { workers: 20, instances: 2_000, loginsPerSecond: 100 };
const silent = () => {};

it('a simulated fleet keeps what is promised of placement, whatever happens to it', { timeout: 60_000 }, async () => {
  const { targets, tables } = await placement.run({ size: 'short', log: silent });
  expect(targets.filter((target) => !isMet(target))).toEqual([]);
  expect(targets.length).toBeGreaterThan(8);
  expect(tables[0]?.rows).toHaveLength(10);
});

it('the same seed gives the same outcome, another one another', { timeout: 60_000 }, () => {
  const once = (seed: number) => simulate('a third is killed', size, { costs: costsMeasuredOnce, seed });
  expect(once(1)).toEqual(once(1));
  expect(once(1).events).not.toBe(once(2).events);
});

it('idle workers ask Redis for no more when there are more of them', { timeout: 60_000 }, () => {
  const perWorker = (workers: number) => {
    const fleet = { workers, instances: workers * 20, loginsPerSecond: 100 };
    const { redis } = simulate('steady state', fleet, { costs: costsMeasuredOnce, seed: 1 });
    return redis.meanCommands / workers;
  };
  expect(perWorker(200) / perWorker(20)).toBeLessThan(1.1);
});

it('a Redis that is far too slow loses leases, and the simulation says so', { timeout: 60_000 }, () => {
  const slow = Object.fromEntries(
    Object.entries(costsMeasuredOnce).map(([operation, { commands, microseconds }]) => [
      operation,
      { commands, microseconds: microseconds * 1_000 },
    ]),
  ) as typeof costsMeasuredOnce;
  const outcome = simulate('a third is killed', size, { costs: slow, seed: 1 });
  expect(outcome.deadlinesMissed).toBeGreaterThan(0);
});

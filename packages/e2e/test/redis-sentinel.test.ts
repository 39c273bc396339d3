import type { Scenario } from '@flotilla/chaos';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { playScenario } from './scenario.ts';

/** The master freezes with its connections open: nobody is told but by the Sentinels. */
const masterFreezes: Scenario = {
  name: 'master freezes',
  summary: 'The master behind Sentinels freezes under traffic',
  bounds: { 'recovery (s)': 40 },
  plan: () => [
    {
      after: 3,
      what: 'freeze the master',
      async perform(stage) {
        stage.interrupted();
        const since = performance.now();
        const { from, seconds } = await stage.fleet.redis.failover({ cause: 'pause' });
        stage.note(`the replica is master after ${seconds.toFixed(1)} s`);
        await stage.allOpen('recovery (s)', { since });
        from.resume();
      },
    },
  ],
};

describe('with Redis Sentinel', () => {
  const running = oneFleet({ workers: 2, gateways: 2, redis: 'sentinel' });

  it('a master that freezes under traffic costs no message and no pairing, and all goes on by itself', {
    timeout: 180_000,
  }, async () => {
    const report = await playScenario(running.fleet, masterFreezes, { instances: 6, perSecond: 10 });
    expect(report.breaches).toEqual([]);
    expect(report.figures.accepted).toBeGreaterThan(50);
  });
});

import { rolling, type Scenario, scaleStep } from '@flotilla/chaos';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { playScenario } from './scenario.ts';

/** A third worker joins two, and gets its share within a minute. */
const join: Scenario = {
  name: 'join',
  summary: 'A third worker joins',
  bounds: { conflicts: 0, 'fair share (s)': 60 },
  plan: () => [scaleStep(1, 3)],
};

describe('planned changes', () => {
  const running = oneFleet({ workers: 2, gateways: 2 });

  it('replacing every process (SIGTERM) under traffic costs no message and no conflict, and each number 3 s at most', {
    timeout: 420_000,
  }, async () => {
    const report = await playScenario(running.fleet, rolling, { instances: 10, perSecond: 10 });
    expect(report.breaches).toEqual([]);
  });
});

// On a fleet of its own: idle instances of another tenant would move first.
describe('a larger fleet', () => {
  const running = oneFleet({ workers: 2, gateways: 2 });

  it('a new worker gets its fair share within a minute, under traffic, without conflict', {
    timeout: 420_000,
  }, async () => {
    const report = await playScenario(running.fleet, join, { instances: 20, perSecond: 10 });
    expect(report.breaches).toEqual([]);
  });
});

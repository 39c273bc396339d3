import { killStep, type Scenario } from '@flotilla/chaos';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { playScenario } from './scenario.ts';

/** What a killed worker's instances may take to be open again, where its death can be proven, is 8 s. */
const fiveKills: Scenario = {
  name: 'five kills',
  summary: 'SIGKILL of a worker, five times',
  bounds: { 'takeover (s)': 8 },
  plan: (random) => Array.from({ length: 5 }, () => killStep('worker', random)),
};

describe('killing workers', () => {
  const running = oneFleet({ workers: 2 });

  it('five times under traffic loses nothing, doubles nothing, keeps order, and takes 8 s at most', {
    timeout: 420_000,
  }, async () => {
    const report = await playScenario(running.fleet, fiveKills, { instances: 20, perSecond: 20 });
    expect(report.breaches).toEqual([]);
    expect(report.figures.accepted).toBeGreaterThan(200);
  });
});

import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { audit, clean, instancesOf, pairs, secondsUntilOpen, traffic } from './traffic.ts';

describe('planned changes', () => {
  const running = oneFleet({ workers: 2 });

  it('stopping a worker (SIGTERM) under traffic hands its instances over without conflict or loss', {
    timeout: 180_000,
  }, async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const all = await pairs(fleet, tenant, 10);
    const flow = traffic(fleet, tenant, all, 10);
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await fleet.addWorker();
      const oldest = fleet.workers.find(({ isRunning }) => isRunning);
      const exit = await oldest?.stop();
      expect(exit).toMatchObject({ code: 0 });
      // With a second worker, each is open within 3 s of its own close.
      expect(await secondsUntilOpen(fleet, tenant, all)).toBeLessThan(3);
    }
    await flow.stop();
    expect(await audit(fleet, all)).toMatchObject(clean);
    const counters = await fleet.simulator.counters();
    expect([counters.conflicts, counters.overlaps]).toEqual([0, 0]);
  });

  it('a new worker gets its fair share within a minute, under traffic, without conflict', {
    timeout: 180_000,
  }, async () => {
    const { fleet, tenant } = running;
    const all = await pairs(fleet, tenant, 20);
    const flow = traffic(fleet, tenant, all, 10);
    const newcomer = await fleet.addWorker();
    const { incarnation } = (await (await fetch(`${newcomer.url}/incarnation`)).json()) as { incarnation: string };
    const fairShare = Math.floor((await instancesOf(tenant)).length / 3);
    await eventually(
      async () => {
        const mine = (await instancesOf(tenant)).filter(({ worker }) => worker === incarnation).length;
        if (mine < fairShare - Math.max(1, fairShare / 10)) throw new Error(`it has ${mine} of ${fairShare}`);
        return true;
      },
      { timeoutMs: 60_000, message: 'The new worker carries its share' },
    );
    await flow.stop();
    await secondsUntilOpen(fleet, tenant, all);
    expect(await audit(fleet, all)).toMatchObject(clean);
    const counters = await fleet.simulator.counters();
    expect([counters.conflicts, counters.overlaps]).toEqual([0, 0]);
  });
});

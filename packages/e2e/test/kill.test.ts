import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { audit, clean, pairs, secondsUntilOpen, traffic } from './traffic.ts';

/** What a killed worker's instances may take to be open again, where its death can be proven (s). */
const promisedSeconds = 8;

describe('killing workers', () => {
  const running = oneFleet({ workers: 2 });

  it('five times under traffic loses nothing, doubles nothing, keeps order, and takes 8 s at most', {
    timeout: 240_000,
  }, async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const all = await pairs(fleet, tenant, 20);
    const flow = traffic(fleet, tenant, all, 20);
    const seconds: number[] = [];
    for (let kill = 0; kill < 5; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 1_500 + Math.random() * 2_500));
      const living = fleet.workers.filter(({ isRunning }) => isRunning);
      const victim = living[Math.floor(Math.random() * living.length)];
      await victim?.kill();
      const replaced = fleet.addWorker();
      seconds.push(await secondsUntilOpen(fleet, tenant, all));
      await replaced;
    }
    await flow.stop();
    const found = await audit(fleet, all);
    const counters = await fleet.simulator.counters();
    console.info('after five kills', { seconds, ...found, conflicts: counters.conflicts, overlaps: counters.overlaps });
    expect(found).toMatchObject(clean);
    expect(found.accepted).toBeGreaterThan(200);
    expect(Math.max(...seconds)).toBeLessThan(promisedSeconds);
    // A resend after a kill has the id of the first; at most one message of each instance can be under way.
    expect(found.secondDecryptions).toBeLessThanOrEqual(5 * all.length);
    expect(counters.overlaps).toBe(0);
  });
});

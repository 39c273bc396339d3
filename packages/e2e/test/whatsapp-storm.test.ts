import { busiestSecond, pairConversations } from '@flotilla/chaos';
import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

const loginsPerSecond = 5;
const instances = 24;

describe('when WhatsApp throws everybody out', () => {
  const running = oneFleet({ workers: 2, env: { LOGINS_PER_SECOND: String(loginsPerSecond) } });

  it('they come back one after the other, within the budget of the fleet, and each gets its turn', {
    timeout: 150_000,
  }, async () => {
    const { fleet, tenant } = running;
    const all = await pairConversations(fleet, tenant, instances);
    const phones = new Set(all.map(({ linked }) => linked.phone));
    const came = async (since: number) =>
      (await fleet.simulator.logins(since)).filter(({ phone }) => phones.has(phone));

    const cutAt = Date.now();
    await fleet.simulator.fault('drop', {});
    const back = await eventually(
      async () => {
        const logins = await came(cutAt);
        return new Set(logins.map(({ phone }) => phone)).size === instances && logins;
      },
      { timeoutMs: 60_000, message: 'Everybody is back' },
    );
    const backSeconds = ((back.at(-1)?.at ?? 0) - cutAt) / 1_000;

    const outageMs = 8_000;
    const refusedAt = Date.now();
    await fleet.simulator.fault('reject-logins', { reason: 503, ms: outageMs });
    await fleet.simulator.fault('drop', {});
    const after = await eventually(
      async () => {
        const logins = await came(refusedAt);
        return new Set(logins.flatMap(({ phone, refused }) => (refused ? [] : [phone]))).size === instances && logins;
      },
      { timeoutMs: 90_000, message: 'Everybody is back after the refusals' },
    );
    const peaks = { cut: busiestSecond(back.map(({ at }) => at)), refused: busiestSecond(after.map(({ at }) => at)) };
    const afterSeconds = ((after.at(-1)?.at ?? 0) - refusedAt - outageMs) / 1_000;
    console.info('logins in the busiest second', { peaks, backSeconds, afterSeconds, logins: after.length });
    // As many again may start at once after a quiet time; two more, as what starts apart may arrive together.
    expect(Math.max(peaks.cut, peaks.refused)).toBeLessThanOrEqual(2 * loginsPerSecond + 2);
    // The budget itself takes so long, and nobody waits for nothing.
    expect(backSeconds).toBeGreaterThan(instances / loginsPerSecond - 2);
    expect(backSeconds).toBeLessThan(instances / loginsPerSecond + 15);
    expect(afterSeconds).toBeLessThan(60);
    expect((await fleet.simulator.counters()).overlaps).toBe(0);
  });
});

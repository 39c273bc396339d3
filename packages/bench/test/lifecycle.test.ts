import { expect, it } from 'vitest';
import { measureLifecycle, ratiosOf } from '../src/lifecycle/lifecycle.ts';

it('numbers are paired, opened again and handed over, and the plain server is timed beside', {
  timeout: 180_000,
}, async () => {
  const found = await measureLifecycle({
    pairings: 4,
    sends: 20,
    restarts: { count: 8, rounds: 1 },
    handovers: { count: 6, loginsPerSecond: [500] },
    log: () => {},
  });
  for (const { perSecond, cpuMs } of Object.values(found.pairing)) {
    expect(perSecond).toBeGreaterThan(0.05);
    expect(cpuMs).toBeGreaterThan(1);
    expect(cpuMs).toBeLessThan(10_000);
  }
  expect(found.sending.perSecond).toBeGreaterThan(1);
  const [ratio] = ratiosOf(found.restarts);
  expect(ratio).toBeGreaterThan(0.02);
  expect(ratio).toBeLessThan(50);
  const [times] = found.handovers;
  expect(times?.takeoverMs).toBeGreaterThan(0);
  expect(times?.takeoverMs).toBeLessThan(60_000);
  expect(times?.drainedOpenMs).toBeGreaterThan(0);
  expect(times?.conflicts).toBe(0);
});

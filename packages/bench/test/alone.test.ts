import { expect, it } from 'vitest';
import { measureAlone } from '../src/webhooks/alone.ts';

it('events that come alone are all delivered, and it is found what each costs', { timeout: 120_000 }, async () => {
  const { events, cpuMs, redisCpuMs, commands } = await measureAlone({ endpoints: 10, seconds: 2 });
  expect(events).toBe(20);
  expect(cpuMs).toBeGreaterThan(0);
  expect(redisCpuMs).toBeGreaterThan(0);
  expect(commands).toBeGreaterThan(20);
});

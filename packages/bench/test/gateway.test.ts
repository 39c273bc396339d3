import { expect, it } from 'vitest';
import { benchGateway } from '../src/gateway/gateway.ts';

it('both a gateway and bare Fastify take every message, and what each costs is found', {
  timeout: 120_000,
}, async () => {
  const { bare, ours } = await benchGateway({ count: 300, rounds: 1, concurrency: 8, log: () => {} });
  for (const [round] of [bare, ours]) {
    expect(round?.perSecond).toBeGreaterThan(10);
    expect(round?.cpuUs).toBeGreaterThan(0);
  }
  // A write each, and the questions of the measurement itself.
  expect(bare[0]?.commands).toBeLessThan(1.1);
  expect(ours[0]?.commands).toBeGreaterThan(5);
});

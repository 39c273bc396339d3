import { expect, it } from 'vitest';
import { benchGateway } from '../src/gateway/gateway.ts';

it('a gateway, with one instance and with many, and bare Fastify take every message, and what each costs is found', {
  timeout: 120_000,
}, async () => {
  const { bare, ours, many } = await benchGateway({ count: 300, rounds: 1, concurrency: 8, log: () => {} });
  for (const [round] of [bare, ours, many]) {
    expect(round?.perSecond).toBeGreaterThan(10);
    expect(round?.cpuUs).toBeGreaterThan(0);
  }
  // A write each, and the questions of the measurement itself.
  expect(bare[0]?.commands).toBeLessThan(1.1);
  expect(ours[0]?.commands).toBeGreaterThan(5);
  // Less of it can be shared.
  expect(many[0]?.commands).toBeGreaterThan(ours[0]?.commands ?? 0);
});

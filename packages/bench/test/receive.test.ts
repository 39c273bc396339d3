import { expect, it } from 'vitest';
import { benchReceive } from '../src/receive/receive.ts';

it('messages of contacts are received and posted by both servers, and none is lost by ours', {
  timeout: 240_000,
}, async () => {
  const { ours, plain } = await benchReceive({ instances: 2, count: 60, rounds: 1, seconds: 2, log: () => {} });
  for (const { drained, latencies } of [ours, plain]) {
    expect(drained[0]?.perSecond).toBeGreaterThan(0);
    expect(latencies[0]?.p99).toBeGreaterThan(0);
  }
  for (const { lost } of [...ours.drained, ...ours.latencies]) expect(lost).toBe(0);
  expect(Object.values(ours.drained[0]?.cpuMs ?? {}).every((ms) => ms > 0)).toBe(true);
});

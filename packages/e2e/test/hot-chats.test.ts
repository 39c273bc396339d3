import { hotChats } from '@flotilla/chaos';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { playScenario } from './scenario.ts';

describe('dense traffic in four chats', () => {
  const running = oneFleet({ workers: 1 });

  it('is readable in the end, and complete, although the only worker is killed, and stays away for a while', {
    timeout: 240_000,
  }, async () => {
    const report = await playScenario(running.fleet, hotChats, {
      instances: 4,
      perSecond: 8,
      inboundPerSecond: 16,
    });
    expect(report.breaches.filter(({ figure }) => !figure.endsWith('(s)'))).toEqual([]);
    expect(report.figures.accepted).toBeGreaterThan(80);
    expect(report.figures.inbound).toBeGreaterThan(160);
  });
});

import { type PerformanceReport, perform, type Scenario, Stage, tableOf } from '@flotilla/chaos';
import type { Fleet } from '@flotilla/fleet';

/**
 * Plays a scenario of chaos on the fleet of a test, with a tenant of its own, and shows its table.
 * @param load.perSecond messages each way, over all instances; `inboundPerSecond` if more or fewer come in
 */
export async function playScenario(
  fleet: Fleet,
  scenario: Scenario,
  {
    instances,
    perSecond,
    inboundPerSecond = perSecond,
  }: { instances: number; perSecond: number; inboundPerSecond?: number },
): Promise<PerformanceReport> {
  const stage = await Stage.open(fleet, { instances });
  try {
    const report = await perform(scenario, stage, {
      seed: Math.floor(Math.random() * 2 ** 31),
      scope: { form: 'short', instances, workers: stage.living('worker').length, redis: fleet.redis.kind },
      traffic: { sendsPerSecond: perSecond, inboundPerSecond },
    });
    console.info(tableOf(report));
    return report;
  } finally {
    await stage.close();
  }
}

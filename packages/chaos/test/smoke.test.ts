import { type AppEnv, type ContactSettings, type Fleet, startFleet } from '@flotilla/fleet';
import { describe, expect, it, onTestFailed } from 'vitest';
import { type PerformanceReport, perform } from '../src/performance.ts';
import { startCompany } from '../src/programme.ts';
import type { Scenario, Scope } from '../src/scenario.ts';
import { smoke } from '../src/scenarios/smoke.ts';
import { Stage } from '../src/stage.ts';
import { tableOf } from '../src/table.ts';

const traffic = { sendsPerSecond: 8, inboundPerSecond: 8 };

/** Plays a scenario on a fleet of its own, which is stopped afterwards. */
async function play(
  scenario: Scenario,
  scope: Scope,
  start: () => Promise<Fleet>,
  contacts?: ContactSettings,
): Promise<PerformanceReport> {
  const fleet = await start();
  try {
    const stage = await Stage.open(fleet, { instances: scope.instances, contacts });
    const report = await perform(scenario, stage, { seed: 1, scope, traffic });
    await stage.close();
    onTestFailed(() => console.error(`${fleet.lastLines(10)}\n${tableOf(report)}`));
    return report;
  } finally {
    // Killed: what is tested has ended, and some of them wait for what never comes.
    await Promise.all(fleet.workers.map((worker) => worker.kill()));
    await fleet.stop();
  }
}

describe('the instrument', { timeout: 120_000 }, () => {
  it('sees a fleet lose, double and disorder nothing, while one process of each kind is killed', async () => {
    const scope: Scope = { form: 'short', instances: 6, workers: 2, redis: 'single' };
    const report = await play(smoke, scope, () => startCompany(smoke, scope));
    console.info(tableOf(report));
    // Other tests may have the processors: seconds are judged by `pnpm chaos`, promises here.
    expect(report.breaches.filter(({ figure }) => !figure.endsWith('(s)'))).toEqual([]);
    expect(report.figures.accepted).toBeGreaterThan(30);
    expect(report.figures.inbound).toBeGreaterThan(30);
  });

  describe('is not kept by a fleet without its guards:', () => {
    /** Its first worker dies where a guard is needed; the next one lacks the guard as well. */
    const withoutGuard = async (faultPoint: string, guard: string, figure: 'duplicated' | 'inbound lost') => {
      const env = (points: string): AppEnv => ({ NODE_ENV: 'test', FAULT_POINTS: points });
      const scope: Scope = { form: 'short', instances: 2, workers: 1, redis: 'single' };
      const broken: Scenario = {
        name: `broken by ${guard}`,
        summary: 'A guard is missing',
        bounds: {},
        // What has been lost does not come.
        settleSeconds: 8,
        plan: () => [
          {
            after: 0.5,
            what: 'the worker dies by itself, and another one follows',
            async perform(stage) {
              await stage.fleet.workers[0]?.exited;
              stage.interrupted();
              await stage.add('worker', env(guard));
              await stage.allOpen();
            },
          },
        ],
      };
      // A receipt that waits for the next worker would tell it that nothing has to be sent again.
      const report = await play(
        broken,
        scope,
        async () => {
          const fleet = await startFleet({ gateways: 2, workers: 0 });
          await fleet.addWorker(env(`${faultPoint},${guard}`));
          return fleet;
        },
        { autoReceipt: false },
      );
      expect(report.kept).toBe(false);
      expect(report.breaches.map((breach) => breach.figure)).toContain(figure);
    };

    it('a message that gets a new id when it is sent again is shown twice', () =>
      withoutGuard('crash-between-write-and-ack', 'guard-off-message-id', 'duplicated'));

    it('a message that is decrypted before it is stored has no event', () =>
      withoutGuard('crash-between-commit-and-receipt', 'guard-off-inbound-commit', 'inbound lost'));
  });
});

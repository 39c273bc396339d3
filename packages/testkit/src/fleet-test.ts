import { type FleetOptions, runningChildren, startFleet } from '@flotilla/fleet';
import { test } from 'vitest';

/** Longest time for starting a fleet, and for stopping it, in milliseconds. */
export const fleetTimeoutMs = 120_000;

/**
 * A test with a whole fleet of real processes; one fleet serves all tests of a file, and what they create in it is
 * theirs to keep apart (a tenant for each test). Call it at the top of the file, and give the tests a timeout that the
 * start of a fleet fits into. The file fails when a process survives the end of the fleet; the apps'
 * last lines are shown after a test that failed.
 */
export function fleetTest(options: FleetOptions = {}) {
  return (
    test
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture depends on
      .extend('sharedFleet', { scope: 'file' }, async ({}, { onCleanup }) => {
        const fleet = await startFleet(options);
        onCleanup(async () => {
          await fleet.stop();
          assertNoProcesses();
        });
        return fleet;
      })
      .extend('fleet', async ({ sharedFleet, task }, { onCleanup }) => {
        onCleanup(() => {
          if (task.result?.state === 'fail') console.error(sharedFleet.lastLines());
        });
        return sharedFleet;
      })
  );
}

/** Fails when a process that this one has started is still there, naming it. */
export function assertNoProcesses(): void {
  const left = runningChildren().map(({ name, pid }) => `${name} (pid ${pid})`);
  if (left.length > 0) throw new Error(`Processes were left running: ${left.join(', ')}`);
}

import { type Fleet, type FleetOptions, startFleet, type TenantClient } from '@flotilla/fleet';
import { afterAll, afterEach, beforeAll, beforeEach, onTestFailed } from 'vitest';

/** A fleet with one tenant, for all tests of a file. */
export interface OneFleet {
  readonly fleet: Fleet;
  readonly tenant: TenantClient;
}

/**
 * Starts a fleet before the tests of this file and stops it afterwards; a test that fails shows what the apps wrote.
 * Stopping fails if an app does not end in an orderly way.
 */
export function oneFleet(options: FleetOptions = {}): OneFleet {
  let fleet: Fleet | undefined;
  let tenant: TenantClient | undefined;
  const started = <T>(thing: T | undefined): T => {
    if (!thing) throw new Error('The fleet has not been started');
    return thing;
  };
  beforeAll(async () => {
    fleet = await startFleet(options);
    tenant = await fleet.api.newTenant();
  });
  beforeEach(() => {
    onTestFailed(() => console.error(fleet?.lastLines(15)));
  });
  afterEach(async () => {
    await fleet?.simulator.fault('clear', {});
  });
  afterAll(async () => {
    await fleet?.stop();
  });
  return {
    get fleet() {
      return started(fleet);
    },
    get tenant() {
      return started(tenant);
    },
  };
}

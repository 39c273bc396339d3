import { startRedis } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { assertNoProcesses, fleetTest, fleetTimeoutMs } from './fleet-test.ts';

const smallFleetTest = fleetTest({ workers: 0, webhookWorkers: 0, receiver: false });

describe('fleetTest', { timeout: fleetTimeoutMs }, () => {
  smallFleetTest('gives a fleet that answers', async ({ fleet }) => {
    expect((await fleet.api.request('GET', '/readyz')).status).toBe(200);
    await fleet.api.createTenant('first');
  });

  smallFleetTest('which is the same for all tests of a file', async ({ fleet }) => {
    const { body } = await fleet.api.request<{ items: { name: string }[] }>('GET', '/v1/tenants', {
      key: fleet.operatorKey,
    });
    expect(body.items.map(({ name }) => name)).toEqual(['first']);
  });
});

describe('assertNoProcesses', () => {
  it('names what was left running', async () => {
    const redis = await startRedis();
    expect(assertNoProcesses).toThrow(`redis-server (pid ${redis.pid})`);
    await redis.stop();
  });
});

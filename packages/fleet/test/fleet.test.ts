import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, runningChildren, startApp, startFleet } from '../src/index.ts';

describe('startApp', { timeout: 90_000 }, () => {
  it('rejects with the last lines of an app that ends before it is ready', async () => {
    await expect(startApp('gateway', {})).rejects.toThrow(
      /gateway ended before it was ready \(exit code 1\).*REDIS_URL is missing/s,
    );
  });
});

describe('startFleet', { timeout: 120_000 }, () => {
  let fleet: Fleet;
  let certificate: string | undefined;
  beforeAll(async () => {
    fleet = await startFleet();
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    expect(runningChildren()).toEqual([]);
    expect(existsSync(certificate ?? '')).toBe(false);
  }, 120_000);

  it('pairs a number, sends, gets an answer, and both reach the webhook', async () => {
    const tenant = await fleet.api.newTenant();
    await fleet.addWebhook(tenant);
    const contact = await fleet.simulator.createContact({ echo: true });
    const instance = await tenant.pairedInstance(fleet.simulator);
    const sent = await tenant.sendText(instance.id, contact.phone, 'ahoy', { waitSeconds: 20 });
    await tenant.waitMessage(instance.id, sent.messageId, 'delivered');
    const { entries } = await fleet.simulator.inbox(contact.phone);
    expect(entries).toMatchObject([{ id: sent.messageId, text: 'ahoy', decryptions: 1 }]);
    const answer = await fleet.receiver.waitFor(({ body }) => body.includes('echo: ahoy'));
    expect(answer.verified).toBe(true);
    expect(await fleet.ownerOf(tenant, instance.id)).toBe(fleet.workers[0]);
  });

  it('lets its workers trust the simulator, and leaves no certificate behind', async () => {
    const [worker] = fleet.workers;
    const variables = readFileSync(`/proc/${worker?.pid}/environ`, 'utf8').split('\0');
    certificate = variables.find((each) => each.startsWith('NODE_EXTRA_CA_CERTS='))?.split('=')[1];
    expect(readFileSync(certificate ?? '', 'utf8')).toBe(await fleet.simulator.authority());
  });

  it('restarts an app on its port, as another process', async () => {
    const [gateway] = fleet.gateways;
    const before = gateway?.pid;
    await gateway?.restart();
    expect(gateway?.pid).not.toBe(before);
    expect((await fleet.api.request('GET', '/healthz')).status).toBe(200);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario } from '@flotilla/chaos';
import type { FlotillaEvent, Instance, StoredMessage } from '@flotilla/contracts';
import { eventually, SseFollower } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, oldService, postImport, talk } from './moving.ts';
import { oneFleet } from './one-fleet.ts';
import { playScenario } from './scenario.ts';

/** One of three masters is killed under traffic, and its replica takes its place. */
const oneMasterDies: Scenario = {
  name: 'one master dies',
  summary: 'A master of the cluster is killed under traffic',
  bounds: { 'recovery (s)': 30 },
  plan: () => [
    {
      after: 3,
      what: 'kill a master',
      async perform(stage) {
        stage.interrupted();
        const since = performance.now();
        // The one with the jobs that ask for relaying: of all keys that everybody needs.
        const { seconds } = await stage.fleet.redis.failover({ key: 'fl:{relay}:' });
        stage.note(`the replica is master after ${seconds.toFixed(1)} s`);
        await stage.allOpen('recovery (s)', { since });
      },
    },
  ],
};

describe('on a Redis Cluster of three masters', () => {
  const running = oneFleet({ workers: 2, gateways: 2, redis: { kind: 'cluster', replicas: 1 } });
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'flotilla-cluster-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('numbers are linked, talk, are told of, read again, moved in and deleted, and no command needs two slots', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const follower = new SseFollower(fleet, tenant);
    await follower.start();
    // Enough for each master to have some.
    const instances = await Promise.all(Array.from({ length: 6 }, () => tenant.pairedInstance(fleet.simulator)));
    for (const { id, linked } of instances) {
      const { phone } = await fleet.simulator.createContact();
      const sent = await tenant.sendText(id, phone, 'hello', { waitSeconds: 20 });
      await tenant.waitMessage(id, sent.messageId, 'delivered');
      await fleet.simulator.contactSend(phone, linked.phone, 'and to you');
      const isTold = (event: FlotillaEvent) =>
        event.type === 'messages.upsert' && event.instance === id && event.data.message.text === 'and to you';
      await fleet.receiver.waitFor(({ json }) => isTold(json as FlotillaEvent));
      await eventually(() => follower.seen.some(isTold));
      const { items } = await tenant.call<{ items: StoredMessage[] }>('GET', `/v1/instances/${id}/messages`);
      expect(items.map(({ text }) => text)).toEqual(['and to you', 'hello']);
    }

    const moving = await oldService(fleet, root, 'shop');
    const { body } = await postImport<Instance>(tenant, { files: await filesOf(moving.folder), connect: true });
    await tenant.waitOpen(body.id);
    await talk(fleet, tenant, body.id, moving);

    const [gone] = instances;
    await tenant.call('DELETE', `/v1/instances/${gone?.id}`);
    await eventually(async () => (await tenant.request('GET', `/v1/instances/${gone?.id}`)).status === 404);
    await follower.stop();
    expect(await fleet.redis.refusals()).not.toHaveProperty('CROSSSLOT');
  });

  it('the death of a master under traffic costs no message and no pairing, and all goes on by itself', {
    timeout: 180_000,
  }, async () => {
    const report = await playScenario(running.fleet, oneMasterDies, { instances: 6, perSecond: 10 });
    expect(report.breaches).toEqual([]);
    expect(report.figures.accepted).toBeGreaterThan(50);
    expect(await running.fleet.redis.refusals()).not.toHaveProperty('CROSSSLOT');
  });
});

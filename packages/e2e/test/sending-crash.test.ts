import { type AppEnv, eventually, type Fleet, startFleet, type TenantClient } from '@flotilla/fleet';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type Samples } from './samples.ts';
import { inboxOf, mediaEnv } from './sending-scene.ts';

interface Scene {
  fleet: Fleet;
  tenant: TenantClient;
  /** Starts a worker that dies at this point, if one is named. */
  add(faultPoint?: string): ReturnType<Fleet['addWorker']>;
  uploads(): Promise<number>;
}

let pages: PageServer;
let samples: Samples;
beforeAll(async () => {
  [pages, samples] = await Promise.all([startPages(), makeSamples()]);
});
afterAll(async () => {
  await Promise.all([pages?.close(), samples?.remove()]);
});

async function withScene(play: (scene: Scene) => Promise<void>): Promise<void> {
  const media = mediaEnv();
  const fleet = await startFleet({ workers: 0, env: media.env });
  onTestFailed(() => console.error(fleet.lastLines(15)));
  try {
    const tenant = await fleet.api.newTenant();
    const env = (faultPoint?: string): AppEnv => (faultPoint ? { NODE_ENV: 'test', FAULT_POINTS: faultPoint } : {});
    const uploads = async () => (await fleet.simulator.call<{ uploads: number }>('GET', '/media/statistics')).uploads;
    await play({ fleet, tenant, add: (faultPoint) => fleet.addWorker(env(faultPoint)), uploads });
  } finally {
    await Promise.all(fleet.workers.map((worker) => worker.kill()));
    await fleet.stop();
    media.remove();
  }
}

describe('a worker that is killed', () => {
  it.each([
    ['after the upload, before the message left', 'crash-before-send'],
    ['when the message has left', 'crash-between-write-and-ack'],
    ['when the server has acknowledged the message', 'crash-after-ack-before-commit'],
  ])('%s leaves the next one nothing to upload, and the message is shown once', (_when, faultPoint) =>
    withScene(async ({ fleet, tenant, add, uploads }) => {
      const first = await add(faultPoint);
      const { id } = await tenant.pairedInstance(fleet.simulator);
      const contact = await fleet.simulator.createContact({ autoReceipt: false });
      const url = pages.page('/crash.jpg', samples.bytes('picture.jpg'), { 'content-type': 'image/jpeg' });
      const { messageId } = await tenant.call<{ messageId: string }>('POST', `/v1/instances/${id}/messages/image`, {
        body: { to: contact.phone, media: { url }, caption: 'survives' },
      });
      expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
      expect(await uploads()).toBe(1);
      // Nobody could fetch it a second time.
      pages.page('/crash.jpg', '', {}, 500);

      await add();
      await tenant.waitMessage(id, messageId, 'acked');
      // When a later message of the same chat is shown, so is whatever was sent before it.
      await tenant.sendText(id, contact.phone, 'later');
      await eventually(async () => (await inboxOf(fleet, contact)).some(({ text }) => text === 'later'));
      const shown = (await inboxOf(fleet, contact)).filter(({ text }) => text === 'survives');
      expect(shown).toMatchObject([{ id: messageId, media: { state: 'verified' } }]);
      expect(await uploads()).toBe(1);
    }),
  );

  it('in the middle of an album has each item shown once, and uploads none of them twice', () =>
    withScene(async ({ fleet, tenant, add, uploads }) => {
      const first = await add();
      const { id } = await tenant.pairedInstance(fleet.simulator);
      const contact = await fleet.simulator.createContact({ autoReceipt: false });
      const picture = samples.bytes('picture.jpg');
      const jpeg = { 'content-type': 'image/jpeg' };
      const urls = ['/1.jpg', '/2.jpg', '/4.jpg'].map((path) => pages.page(path, picture, jpeg));
      const asked = Promise.withResolvers<void>();
      // The third is never given to the first worker.
      const third = pages.on('/3.jpg', () => asked.resolve());
      const items = [urls[0], urls[1], third, urls[2]].map((url, index) => ({
        type: 'image',
        media: { url },
        caption: `item ${index + 1}`,
      }));
      const { messageId } = await tenant.call<{ messageId: string }>('POST', `/v1/instances/${id}/messages/album`, {
        body: { to: contact.phone, items },
      });
      await asked.promise;
      expect(await uploads()).toBe(2);
      await first.kill();
      pages.page('/3.jpg', picture, jpeg);

      await add();
      await tenant.waitMessage(id, messageId, 'acked', { timeoutMs: 60_000 });
      await tenant.sendText(id, contact.phone, 'later');
      await eventually(async () => (await inboxOf(fleet, contact)).some(({ text }) => text === 'later'));
      const inbox = await inboxOf(fleet, contact);
      expect(inbox.filter(({ albumId }) => albumId === messageId).map(({ text }) => text)).toEqual([
        'item 1',
        'item 2',
        'item 3',
        'item 4',
      ]);
      expect(inbox.filter((entry) => entry.id === messageId)).toHaveLength(1);
      expect(await uploads()).toBe(4);
    }));
});

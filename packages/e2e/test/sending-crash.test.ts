import { eventually } from '@flotilla/fleet';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { type PageServer, startPages } from './page-server.ts';
import { makeSamples, type Samples } from './samples.ts';
import { inboxOf, mediaEnv } from './sending-scene.ts';

const media = mediaEnv();
const running = oneFleet({ workers: 0, env: media.env });
let pages: PageServer;
let samples: Samples;
beforeAll(async () => {
  [pages, samples] = await Promise.all([startPages(), makeSamples()]);
});
afterEach(async () => {
  await Promise.all(running.fleet.workers.map((worker) => worker.kill()));
});
afterAll(async () => {
  await Promise.all([pages?.close(), samples?.remove()]);
  media.remove();
});

/** Starts the only worker, which dies at this point if one is named. */
const add = (faultPoint?: string) =>
  running.fleet.addWorker(faultPoint ? { NODE_ENV: 'test', FAULT_POINTS: faultPoint } : {});

/** A paired instance with somebody to write to, and how much is uploaded from now on. */
async function scene() {
  const { fleet, tenant } = running;
  const { id } = await tenant.pairedInstance(fleet.simulator);
  // A receipt that waits for the next worker would tell it that nothing has to be sent again.
  const contact = await fleet.simulator.createContact({ autoReceipt: false });
  const count = async () => (await fleet.simulator.call<{ uploads: number }>('GET', '/media/statistics')).uploads;
  const before = await count();
  return {
    id,
    contact,
    uploads: async () => (await count()) - before,
    send: async (path: string, body: object) => {
      const route = `/v1/instances/${id}/messages/${path}`;
      const sent = await tenant.call<{ messageId: string }>('POST', route, { body: { to: contact.phone, ...body } });
      return sent.messageId;
    },
    /** What the contact was shown, once everything that was sent before has arrived. */
    inbox: async () => {
      const { messageId } = await tenant.sendText(id, contact.phone, 'later');
      // What is not acknowledged when this test ends would be sent by the worker of the next one, which dies of it.
      await tenant.waitMessage(id, messageId, 'acked');
      return eventually(async () => {
        const shown = await inboxOf(fleet, contact);
        return shown.some(({ text }) => text === 'later') && shown;
      });
    },
  };
}

describe('a worker that is killed', () => {
  it.each([
    ['after the upload, before the message left', 'crash-before-send'],
    ['when the message has left', 'crash-between-write-and-ack'],
    ['when the server has acknowledged the message', 'crash-after-ack-before-commit'],
  ])('%s leaves the next one nothing to upload, and the message is shown once', async (_when, faultPoint) => {
    const first = await add(faultPoint);
    const { id, send, inbox, uploads } = await scene();
    const url = pages.page('/crash.jpg', samples.bytes('picture.jpg'), { 'content-type': 'image/jpeg' });
    const messageId = await send('image', { media: { url }, caption: 'survives' });
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await uploads()).toBe(1);
    // Nobody could fetch it a second time.
    pages.page('/crash.jpg', '', {}, 500);

    await add();
    await running.tenant.waitMessage(id, messageId, 'acked');
    const shown = (await inbox()).filter(({ text }) => text === 'survives');
    expect(shown).toMatchObject([{ id: messageId, media: { state: 'verified' } }]);
    expect(await uploads()).toBe(1);
  });

  it('in the middle of an album has each item shown once, and uploads none of them twice', async () => {
    const first = await add();
    const { id, send, inbox, uploads } = await scene();
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
    const messageId = await send('album', { items });
    await asked.promise;
    expect(await uploads()).toBe(2);
    await first.kill();
    pages.page('/3.jpg', picture, jpeg);

    await add();
    await running.tenant.waitMessage(id, messageId, 'acked', { timeoutMs: 60_000 });
    const shown = await inbox();
    const captions = shown.filter(({ albumId }) => albumId === messageId).map(({ text }) => text);
    expect(captions).toEqual(['item 1', 'item 2', 'item 3', 'item 4']);
    expect(shown.filter((entry) => entry.id === messageId)).toHaveLength(1);
    expect(await uploads()).toBe(4);
  });

  it('while an album goes out has each item shown once, although none is uploaded again', async () => {
    const first = await add();
    const { id, contact, send, inbox, uploads } = await scene();
    const url = pages.page('/item.jpg', samples.bytes('picture.jpg'), { 'content-type': 'image/jpeg' });
    // Each message takes a moment, so that the worker dies between two of them.
    await running.fleet.simulator.fault('delay', { ms: 300 });
    const items = ['a', 'b', 'c', 'd'].map((caption) => ({ type: 'image', media: { url }, caption }));
    const messageId = await send('album', { items });
    await eventually(async () => (await inboxOf(running.fleet, contact)).some(({ text }) => text === 'a'), {
      timeoutMs: 30_000,
      message: 'The first item is shown',
    });
    await first.kill();
    const before = await inboxOf(running.fleet, contact);
    expect(before.some(({ text }) => text === 'd')).toBe(false);
    expect(await uploads()).toBe(4);
    await running.fleet.simulator.fault('clear', {});

    await add();
    await running.tenant.waitMessage(id, messageId, 'acked', { timeoutMs: 60_000 });
    const shown = await inbox();
    expect(shown.filter(({ albumId }) => albumId === messageId).map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
    expect(await uploads()).toBe(4);
  });
});

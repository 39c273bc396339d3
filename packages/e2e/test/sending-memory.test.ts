import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageServer, startPages } from './page-server.ts';
import { sendingScene } from './sending-scene.ts';

const megabyte = 1024 * 1024;
// As workers are deployed: Node's own limit lets what is thrown away pile up.
const scene = sendingScene({ NODE_OPTIONS: '--max-semi-space-size=4' });
let pages: PageServer;
beforeAll(async () => {
  pages = await startPages();
});
afterAll(() => pages?.close());

/** What a process has in memory now, and has had at most (MB). */
async function memoryOf(pid: number | undefined) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const value = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
  return { now: value('VmRSS'), most: value('VmHWM') };
}

it('a document of 60 MB makes no worker grow by more than 40 MB', async () => {
  const ann = await scene.contact();
  const [worker] = scene.fleet.workers;
  const chunk = Buffer.alloc(megabyte, 'flotilla ');
  const served = (size: number) =>
    pages.on(`/${size}.bin`, async (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': size * megabyte });
      for (let sent = 0; sent < size; sent += 1)
        if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
    });
  const send = async (media: object) => {
    const { messageId } = await scene.send('document', { to: ann.phone, media, fileName: 'large.pdf' });
    return scene.shown(ann, messageId, (shown) => shown.media?.state === 'verified');
  };
  // What every later file needs too is loaded by the first one.
  for (let n = 0; n < 3; n += 1) await send({ url: served(1) });
  const before = await memoryOf(worker?.pid);
  await writeFile(`/proc/${worker?.pid}/clear_refs`, '5'); // the peak is measured from here on
  const shown = await send({ url: served(60) });
  expect(shown.media?.size).toBe(60 * megabyte);
  const after = await memoryOf(worker?.pid);
  expect(after.most).toBeGreaterThan(0);
  expect(after.most - before.now).toBeLessThan(40);
});

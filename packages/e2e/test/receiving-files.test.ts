import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving } from './receiving.ts';

const megabyte = 1024 * 1024;
const largest = 70 * megabyte;

/** Memory of a process (bytes). */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

describe('files of messages', () => {
  const running = oneFleet({ workers: 2, env: { MEDIA_MAX_FILE_BYTES: String(largest) } });
  const receiving = oneReceiving(running);
  const simulator = () => running.fleet.simulator;
  const fault = (body: object) => simulator().call('POST', '/faults/media', body);
  const bytes = randomBytes(60_000);
  const picture = { kind: 'image', bytes: bytes.toString('base64') } as const;

  it.each(['corrupt', 'truncated', 'short', 'endless', 'status'])(
    'a download that is %s is tried again, and nothing wrong is kept',
    async (mode) => {
      const { it: mine } = receiving;
      await fault({ mode, count: 1 });
      const message = await mine.arrives(picture);
      const media = await mine.file(message.id);
      expect(media).toMatchObject({ status: 'stored', size: bytes.length });
      expect((await mine.bytesOf(media.id)).equals(bytes)).toBe(true);
    },
  );

  it('a file that stays damaged is given up, with the reason', async () => {
    const { it: mine } = receiving;
    await fault({ mode: 'corrupt', count: 3 });
    const message = await mine.arrives(picture);
    const media = await mine.file(message.id, 60_000);
    expect(media).toMatchObject({ status: 'failed', error: 'It is not the file that the message announced' });
    expect(media.id).toBeUndefined();
    expect(await mine.listed(message.id)).toMatchObject({ media });
  });

  it('one that WhatsApp keeps no longer is asked of the phone again', async () => {
    const { it: mine } = receiving;
    await fault({ mode: 'status', status: 410, count: 1 });
    const message = await mine.arrives(picture);
    const media = await mine.file(message.id);
    expect(media).toMatchObject({ status: 'stored' });
    expect((await mine.bytesOf(media.id)).equals(bytes)).toBe(true);
    const retries = await simulator().call<{ id: string; result: string }[]>('GET', '/media/retries');
    expect(retries.filter(({ id }) => id === message.id)).toMatchObject([{ result: 'success' }]);
  });

  it('and has failed if the phone has it no longer either', async () => {
    const { it: mine } = receiving;
    await simulator().call('POST', '/media/retries', { phone: mine.linked.phone, answer: 'not-found' });
    await fault({ mode: 'status', status: 404, count: 1 });
    const message = await mine.arrives(picture);
    expect(await mine.file(message.id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no longer'),
    });
    await simulator().call('POST', '/media/retries', { phone: mine.linked.phone, answer: 'success' });
  });

  it('one that is larger than the limit is skipped', async () => {
    const { it: mine } = receiving;
    const message = await mine.arrives({ kind: 'document', size: largest + 1, fileName: 'huge.bin' });
    expect(message.media).toMatchObject({ status: 'skipped', size: largest + 1 });
  });

  it('a large one streams: the worker does not grow with it', async () => {
    const { fleet, tenant } = running;
    const { it: mine } = receiving;
    const { pid } = await fleet.ownerOf(tenant, mine.id);
    await mine.file((await mine.arrives({ kind: 'document', size: 8 * megabyte })).id);
    const before = await memoryOf(pid);
    let most = before;
    const measured = new AbortController();
    const measuring = (async () => {
      while (!measured.signal.aborted) {
        most = Math.max(most, await memoryOf(pid));
        await delay(20);
      }
    })();
    const message = await mine.arrives({ kind: 'document', size: 60 * megabyte, fileName: 'film.bin' });
    const media = await mine.file(message.id, 60_000);
    measured.abort();
    await measuring;
    expect(media).toMatchObject({ status: 'stored', size: 60 * megabyte, sha256: message.media?.sha256 });
    expect(Math.round((most - before) / megabyte)).toBeLessThanOrEqual(40);
  });

  it('are fetched by the next owner if this one is killed on the way', async () => {
    const { fleet, tenant } = running;
    const { it: mine } = receiving;
    const owner = await fleet.ownerOf(tenant, mine.id);
    await fault({ mode: 'slow', bytesPerSecond: 5_000, count: 1 });
    const message = await mine.arrives(picture);
    await owner.kill();
    const media = await mine.file(message.id, 60_000);
    expect(media).toMatchObject({ status: 'stored' });
    expect((await mine.bytesOf(media.id)).equals(bytes)).toBe(true);
    await eventually(async () => (await fleet.ownerOf(tenant, mine.id)).pid !== owner.pid);
  });
});

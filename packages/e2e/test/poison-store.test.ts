import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FlotillaEvent } from '@flotilla/contracts';
import { eventually, freePort } from '@flotilla/fleet';
import { connectRedis, type Redis } from '@flotilla/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';

/** A worker that cannot store its renewals closes its sockets 9 s after the last one (s). */
const closedWithinSeconds = 15;

const running = oneFleet();
let redis: Redis;
beforeAll(() => {
  redis = connectRedis(running.fleet.redis.url, { name: 'test', manner: 'patient' });
});
afterAll(() => redis.disconnect());

/** Has Redis fail to write to its disk, and so refuse every write, as it does when the disk is full; `free` ends that. */
async function fillDisk(): Promise<{ free(): Promise<void> }> {
  const [, dir = ''] = (await redis.config('GET', 'dir')) as string[];
  // What lies where the snapshot is to go, and cannot be replaced.
  const obstacle = join(dir, 'dump.rdb');
  const save = async () => {
    await redis.bgsave().catch(() => {});
    await eventually(async () => (await redis.info('persistence')).includes('rdb_bgsave_in_progress:0'));
  };
  mkdirSync(join(obstacle, 'obstacle'), { recursive: true });
  await redis.config('SET', 'save', '3600 1');
  await save();
  await expect(redis.set('anything', '1')).rejects.toThrow(/MISCONF/);
  return {
    async free() {
      rmSync(obstacle, { recursive: true });
      await save();
      await redis.config('SET', 'save', '');
      await redis.del('anything');
    },
  };
}

describe('a Redis whose disk is full', () => {
  it('has sends refused and sockets closed in time; all comes back by itself when there is room again', async () => {
    const { fleet, tenant } = running;
    await fleet.addWebhook(tenant);
    const { id, linked } = await tenant.pairedInstance(fleet.simulator);
    const { phone } = await fleet.simulator.createContact();
    await tenant.sendText(id, phone, 'before', { waitSeconds: 20 });
    const { links } = await fleet.simulator.counters();

    const disk = await fillDisk();
    const from = performance.now();
    const refusal = await tenant.request<{ code: string }>('POST', `/v1/instances/${id}/messages/text`, {
      body: { to: phone, text: 'refused' },
    });
    expect([refusal.status, refusal.body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
    const isConnected = async () => (await fleet.simulator.counters()).connected > 0;
    await eventually(async () => !(await isConnected()), { timeoutMs: 25_000, message: 'The socket is closed' });
    expect((performance.now() - from) / 1_000).toBeLessThan(closedWithinSeconds);
    const missed = await fleet.simulator.contactSend(phone, linked.phone, 'while it was full');

    await disk.free();
    await eventually(isConnected, { timeoutMs: 30_000, message: 'The instance is connected again' });
    await tenant.waitOpen(id);
    expect((await tenant.sendText(id, phone, 'after', { waitSeconds: 25 })).status).not.toBe('queued');
    const told = () =>
      (fleet.receiver.events as FlotillaEvent[]).filter(
        (event) => event.type === 'messages.upsert' && event.data.message.id === missed,
      );
    await eventually(() => told().length > 0, { timeoutMs: 20_000, message: 'What was written meanwhile has arrived' });
    expect(told()).toHaveLength(1);
    expect((await fleet.simulator.inbox(phone)).entries.map(({ text }) => text)).toEqual(['before', 'after']);
    expect((await fleet.simulator.counters()).links).toBe(links);
  });
});

describe('two workers that were given the same address', () => {
  it('leave each other alone, and the death of one is noticed all the same', async () => {
    const { fleet, tenant } = running;
    const [first] = fleet.workers;
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const { phone } = await fleet.simulator.createContact();
    // It listens elsewhere, and tells the others the first one's address.
    const port = first?.port ?? (await freePort());
    const second = await fleet.addWorker({ HOST: '127.0.0.2', PORT: port, ADVERTISED_HOST: '127.0.0.1' });
    await tenant.sendText(id, phone, 'to the first', { waitSeconds: 20 });
    const until = performance.now() + 6_000;
    await eventually(() => performance.now() > until, { timeoutMs: 10_000 });
    expect([first?.isRunning, second.isRunning]).toEqual([true, true]);
    await tenant.sendText(id, phone, 'still to the first', { waitSeconds: 20 });
    expect((await fleet.simulator.counters()).conflicts).toBe(0);

    await first?.kill();
    await tenant.sendText(id, phone, 'to the second', { waitSeconds: 25 });
    await eventually(
      async () => {
        const shown = (await fleet.simulator.inbox(phone)).entries.map(({ text }) => text);
        expect(shown).toEqual(['to the first', 'still to the first', 'to the second']);
        return true;
      },
      { timeoutMs: 30_000 },
    );
    expect((await fleet.simulator.counters()).overlaps).toBe(0);
  });
});

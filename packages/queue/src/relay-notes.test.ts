import { fleetKeys } from '@flotilla/contracts';
import { connectRedis, type Redis, ready } from '@flotilla/redis';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { countRelayNotes, noteRelay, openRelayNotes, type RelayNotes } from './relay-notes.ts';

const job = { tenant: 'ten_a', instance: 'ins_a' };

/** Runs something with the side that takes notes, which is closed afterwards. */
async function taking<T>(url: string, run: (notes: RelayNotes) => Promise<T>): Promise<T> {
  const connection = connectRedis(url, { name: 'notes', manner: 'patient' });
  await ready(connection);
  const notes = openRelayNotes(connection);
  try {
    return await run(notes);
  } finally {
    notes.close();
    connection.disconnect();
  }
}

const owed = (redis: Redis) => redis.zcard(fleetKeys.owedRelays);

describe('notes of what is to be relayed', () => {
  redisTest('wake whoever waits, once for all that came before', async ({ redis, url }) => {
    await taking(url, async (notes) => {
      const waiting = notes.take(10);
      await noteRelay(redis, job);
      expect((await waiting).map((note) => note.job)).toEqual([job]);
      for (const instance of ['ins_b', 'ins_c', 'ins_b']) await noteRelay(redis, { ...job, instance });
      const taken = await notes.take(10);
      expect(taken.map((note) => note.job.instance)).toEqual(['ins_b', 'ins_c']);
      expect(await countRelayNotes(redis)).toMatchObject({ waiting: 0, taken: 3 });
    });
  });

  redisTest('are gone when they are done, but not if there was news meanwhile', async ({ redis, url }) => {
    await taking(url, async (notes) => {
      await noteRelay(redis, job);
      const first = await notes.take(10);
      await notes.renew(first);
      await noteRelay(redis, job);
      await notes.renew(first);
      await notes.done(first);
      expect(await owed(redis)).toBe(1);
      const second = await notes.take(10);
      expect(second.map((note) => note.job)).toEqual([job]);
      await notes.renew(second);
      await notes.done(second);
      expect(await owed(redis)).toBe(0);
    });
  });

  redisTest('of a worker that has died come to another', { timeout: 30_000 }, async ({ redis, url }) => {
    await noteRelay(redis, job);
    await taking(url, (notes) => notes.take(10));
    await taking(url, async (notes) => {
      await notes.bringBack();
      expect((await countRelayNotes(redis)).waiting).toBe(0);
      await eventually(
        async () => {
          await notes.bringBack();
          return (await countRelayNotes(redis)).waiting === 1;
        },
        { timeoutMs: 15_000 },
      );
      await notes.done(await notes.take(10));
      expect(await owed(redis)).toBe(0);
    });
  });

  redisTest('do not keep a worker that has to end', async ({ redis, url }) => {
    await taking(url, async (notes) => {
      const waiting = notes.take(10);
      await notes.stop();
      expect(await waiting).toEqual([]);
      await noteRelay(redis, job);
      expect(await notes.take(10)).toEqual([]);
      expect((await countRelayNotes(redis)).waiting).toBe(1);
    });
  });
});

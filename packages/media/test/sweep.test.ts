import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fleetKeys, newId } from '@flotilla/contracts';
import { eventually } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { dataKey, incomingKey, recordKey } from '../src/record.ts';
import { sweep } from '../src/sweep.ts';
import { startSweeper } from '../src/sweeper.ts';
import { content, text } from './content.ts';
import { limits, mediaTest } from './scene.ts';

const [a, b] = [newId('tenant'), newId('tenant')].sort() as [string, string];
const dayMs = 86_400_000;
const noLimit = { maxBytes: Number.POSITIVE_INFINITY };

const sweepTest = mediaTest
  .extend(
    'keys',
    async ({ store }) =>
      async () =>
        (await store.list({ limit: 1_000 })).map(({ key }) => key),
  )
  .extend(
    'clean',
    async ({ store, redis }) =>
      (options: Partial<Parameters<typeof sweep>[0]> = {}) =>
        sweep({ store, redis, retentionMs: limits.retentionMs, roundMs: 0, graceMs: 0, ...options }),
  )
  .extend('age', async ({ folder }) => async (key: string, ms: number) => {
    const at = (Date.now() - ms) / 1_000;
    await utimes(join(folder, key), at, at);
  });

describe('a sweep', () => {
  sweepTest('removes what has expired, and nothing else', async ({ media, clean, keys, usage }) => {
    const [first, second] = [await media.put(a, content(300)), await media.put(b, content(200))];
    expect(await clean()).toEqual({ removed: 0, state: 'done' });
    const later = Date.now() + limits.retentionMs + 1_000;
    await media.put(a, text('renewed'), { id: first.id });
    const third = await media.put(b, content(100));
    await media.remove(b, third.id);
    // The replaced file was stored again just now, but all are past their time then.
    expect(await clean({ now: () => later })).toEqual({ removed: 4, state: 'done' });
    expect(await keys()).toEqual([]);
    expect([await usage.of(a), await usage.of(b)]).toEqual([0, 0]);
    expect(await media.find(b, second.id)).toBeUndefined();
  });

  sweepTest('removes what a process that died has left, after a day', async ({ media, clean, keys, store, age }) => {
    const file = await media.put(a, text('stays'));
    const left = [
      // Content without a record; content that a newer one has replaced; content that never became a file.
      dataKey(a, newId('media'), 'x'),
      dataKey(a, file.id, 'replaced'),
      incomingKey(a, 'unfinished'),
    ];
    for (const key of left) await store.put(key, text('left'), noLimit);
    await clean();
    expect(await keys()).toHaveLength(5);
    for (const key of [...left, file.data]) await age(key, dayMs + 60_000);
    expect(await clean()).toEqual({ removed: 3, state: 'done' });
    expect((await keys()).sort()).toEqual([file.data, recordKey(a, file.id)].sort());
  });

  sweepTest('counts what is there', async ({ media, clean, redis, usage, age }) => {
    const file = await media.put(a, content(500));
    await age(file.data, 60_000);
    await redis.hset(fleetKeys.mediaUsage, { [a]: 77, [b]: 99 });
    await clean();
    expect([await usage.of(a), await usage.of(b)]).toEqual([500, 0]);
    expect(await redis.hexists(fleetKeys.mediaUsage, b)).toBe(0);
    // What is stored after counting has begun is not counted twice.
    await media.put(a, content(100));
    await clean({ now: () => Date.now() - 10_000 });
    expect(await usage.of(a)).toBe(600);
  });

  sweepTest('goes on where it was interrupted, in any process', async ({ media, clean, usage, age, redis }) => {
    const large = { limits: { ...limits } };
    expect(large.limits.tenantBytes).toBe(2_500);
    for (let index = 0; index < 20; index += 1) {
      const { data } = await media.put(index % 2 ? a : b, content(100));
      await age(data, 60_000);
    }
    await redis.del(fleetKeys.mediaUsage);
    let calls = 0;
    for (let state = 'paused'; state === 'paused'; calls += 1) {
      // Enough for a step or two.
      state = (await clean({ pageSize: 3, budgetMs: 2 })).state;
      expect(calls).toBeLessThan(1_000);
    }
    expect([await usage.of(a), await usage.of(b)]).toEqual([1_000, 1_000]);
  });

  sweepTest('is done by one at a time, and rests between two rounds', async ({ clean, redis, media }) => {
    await media.put(a, text('x'));
    const both = await Promise.all([clean({ roundMs: 60_000 }), clean({ roundMs: 60_000 })]);
    expect(both.map(({ state }) => state).sort()).toEqual(['busy', 'done']);
    expect(await clean()).toEqual({ removed: 0, state: 'resting' });
    expect((await clean({ now: () => Date.now() + 61_000 })).state).toBe('done');
    expect(await redis.exists(fleetKeys.mediaSweeper)).toBe(0);
  });

  sweepTest('removes everything of a tenant that was deleted', async ({ media, clean, keys, redis, usage }) => {
    for (let index = 0; index < 3; index += 1) await media.put(a, content(10));
    const kept = await media.put(b, content(10));
    await media.removeTenant(a);
    expect((await clean()).removed).toBe(6);
    expect((await keys()).sort()).toEqual([kept.data, recordKey(b, kept.id)].sort());
    expect(await usage.of(a)).toBe(0);
    expect(await redis.exists(fleetKeys.mediaRemovals)).toBe(0);
  });

  sweepTest('happens by itself until it is stopped, and outlives errors', async ({ open, keys }) => {
    const media = open({ retentionMs: 1 });
    await media.put(a, text('brief'));
    const outcomes: object[] = [];
    let fails = true;
    const sweeper = startSweeper({
      media: {
        sweep: (options) => {
          if (fails) throw new Error('the first one fails');
          return media.sweep({ ...options, graceMs: 0 });
        },
      },
      intervalMs: 20,
      onResult: (outcome) => {
        outcomes.push(outcome);
        fails = false;
      },
    });
    await eventually(async () => (await keys()).length === 0);
    await sweeper.stop();
    expect(outcomes).toEqual([{ error: expect.any(Error) }, { removed: 2 }]);
  });
});

import { instanceKeys, type NewEvent } from '@flotilla/contracts';
import { createHistoryWriter } from '@flotilla/history';
import { claim, type Fence, readOwnership } from '@flotilla/lease';
import { eventually, redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { InstanceStore } from './instance-store.ts';

const instance = 'ins_a';
const event: NewEvent = { type: 'qrcode.updated', occurredAt: 1, data: { qr: 'q', expiresAt: 1 } };

/** A store, and what whoever is told of news finds in the log when Redis comes to that. */
const storeTest = redisTest.extend('scene', async ({ redis }) => {
  const { epoch } = await claim(redis, instance, { incarnation: 'w1', expected: await readOwnership(redis, instance) });
  const fence: Fence = { instance, owner: 'w1', epoch };
  const history = createHistoryWriter({ redis, instance, bounds: { days: 1, messages: 100 } });
  const found: number[] = [];
  const failures: Error[] = [];
  const queues = {
    nudgeRelay: async () => {
      const failure = failures.pop();
      if (failure) throw failure;
      found.push(await redis.xlen(instanceKeys.events(instance)));
    },
  };
  const store = new InstanceStore({ redis, queues, fence, tenant: 'ten_a', history, onFenced: () => {} });
  return { store, found, failures };
});

describe('whoever relays events', () => {
  storeTest('is told once of each write, and finds what it has stored', async ({ scene: { store, found } }) => {
    await store.write([]);
    for (let n = 1; n <= 3; n += 1) {
      await store.write([], [{ event }]);
      await eventually(() => found.length === n);
    }
    expect(found).toEqual([1, 2, 3]);
  });

  storeTest('is told once more where the server did not know the script', async ({ redis, scene }) => {
    const { store, found } = scene;
    await redis.script('FLUSH');
    await store.write([], [{ event }]);
    await eventually(() => found.at(-1) === 1);
    expect(found).toEqual([0, 1]);
  });

  storeTest('is told until it has been heard', async ({ scene: { store, found, failures } }) => {
    await store.write([]);
    failures.push(new Error('not now'), new Error('not yet'));
    await store.write([], [{ event }]);
    await eventually(() => found.length === 1);
    expect(found).toEqual([1]);
  });
});

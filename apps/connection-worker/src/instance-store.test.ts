import { instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter } from '@flotilla/history';
import { acceptCommands, readEvents, readMessage } from '@flotilla/instance';
import { claim, type Fence, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { InstanceStore } from './instance-store.ts';

const instance = 'ins_a';
const to = '14155550101@s.whatsapp.net';

/** The store of whoever owns the instance, with one message accepted. */
async function withMessage(redis: Redis, messageId: string) {
  const { epoch } = await claim(redis, instance, { incarnation: 'w1', expected: await readOwnership(redis, instance) });
  const fence: Fence = { instance, owner: 'w1', epoch };
  await redis.hset(instanceKeys.record(instance), 'tenant', 'ten_a', 'paired', 'true');
  const command = { messageId, command: 'send.text', to, body: { to }, fingerprint: 'f', ttlMs: 60_000 } as const;
  await acceptCommands(redis, { id: instance, tenant: 'ten_a' }, [command]);
  const history = createHistoryWriter({ redis, instance, bounds: { days: 1, messages: 100 } });
  const queues = { nudgeRelay: async () => {} };
  const store = new InstanceStore({ redis, queues, fence, tenant: 'ten_a', history, onFenced: () => {} });
  const entry = await store.openJournal(messageId);
  if (!entry) throw new Error('The message has no journal');
  return { store, entry };
}

redisTest(
  'a receipt that comes before the acknowledgement makes both steps, and the acknowledgement none',
  async ({ redis }) => {
    const { store, entry } = await withMessage(redis, 'm1');
    await store.advance(entry, 'sending', { content: Buffer.from('m1') });
    await Promise.all([store.advance(entry, 'delivered', { chat: to }), store.advance(entry, 'acked')]);
    const message = await readMessage(redis, instance, 'm1');
    expect(message?.history.map(({ status }) => status)).toEqual(['queued', 'sending', 'acked', 'delivered']);
    const told = (await readEvents(redis, instance, 0, 10)).map(({ data }) => data);
    expect(told).toMatchObject([
      { id: 'm1', chat: to, status: 'acked' },
      { id: 'm1', chat: to, status: 'delivered' },
    ]);
  },
);

redisTest('what has failed is not delivered any more', async ({ redis }) => {
  const { store, entry } = await withMessage(redis, 'm1');
  await store.advance(entry, 'failed', { error: { code: 'expired', message: 'Too late' } });
  expect(await store.advance(entry, 'delivered')).toBe(false);
  expect((await readMessage(redis, instance, 'm1'))?.status).toBe('failed');
});

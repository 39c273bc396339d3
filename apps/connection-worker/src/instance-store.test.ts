import { instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter } from '@flotilla/history';
import { acceptCommands, readEvents, readMessage } from '@flotilla/instance';
import { claim, type Fence, FencedError, readOwnership } from '@flotilla/lease';
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

redisTest('a step that is left for the next write is stored by it, before what it writes itself', async ({ redis }) => {
  const { store, entry } = await withMessage(redis, 'm1');
  const stored = async () => (await readMessage(redis, instance, 'm1'))?.history.map(({ status }) => status);
  await store.advance(entry, 'sending', { content: Buffer.from('m1'), withNext: true });
  expect(await stored()).toEqual(['queued']);
  expect((await store.readJournal('m1'))?.status).toBe('sending');
  await store.advance(entry, 'acked');
  expect(await stored()).toEqual(['queued', 'sending', 'acked']);
  expect(await store.sentContent('m1')).toEqual(Buffer.from('m1'));
  await store.settle();
});

redisTest('it is stored when somebody has to know that it is, whether or not anything else is', async ({ redis }) => {
  const { store, entry } = await withMessage(redis, 'm1');
  await store.advance(entry, 'sending', { content: Buffer.from('m1'), withNext: true });
  await Promise.all([store.settle(), store.settle()]);
  expect((await readMessage(redis, instance, 'm1'))?.status).toBe('sending');
});

redisTest('nobody is told that it is stored when it is not, and it is read again', async ({ redis }) => {
  const { store, entry } = await withMessage(redis, 'm1');
  await store.advance(entry, 'sending', { content: Buffer.from('m1'), withNext: true });
  await claim(redis, instance, { incarnation: 'w2', expected: await readOwnership(redis, instance) });
  const others = store.write([]);
  const settled = store.settle();
  await expect(others).rejects.toBeInstanceOf(FencedError);
  await expect(settled).rejects.toBeInstanceOf(FencedError);
  expect((await store.readJournal('m1'))?.status).toBe('queued');
});

redisTest('how long messages of a chat stay is known until it is changed', async ({ redis }) => {
  const { store } = await withMessage(redis, 'm1');
  const key = instanceKeys.chat(instance, to);
  expect(await store.chatExpiration(to)).toBeUndefined();
  await store.write([{ command: 'hset', key, args: ['ephemeralSeconds', 86_400] }]);
  expect(await store.chatExpiration(to)).toBe(86_400);
  const also = [{ command: 'hset', key, args: ['ephemeralSeconds', 0] }];
  const event = { type: 'chats.update' as const, occurredAt: 1, data: { chats: [{ jid: to }] } };
  await store.write([], [{ event, once: 'a', also }]);
  expect(await store.chatExpiration(to)).toBe(0);
});

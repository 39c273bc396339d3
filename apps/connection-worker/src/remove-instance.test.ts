import { instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds } from '@flotilla/history';
import { appendEvent, createInstances } from '@flotilla/instance';
import { claim, fencedWrite, type RedisCommand, readOwnership } from '@flotilla/lease';
import { createFaultPoints } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { expect } from 'vitest';
import { removeInstance } from './remove-instance.ts';

const none = { obliterate: async () => {} };

redisTest('leaves of an instance what others still need, for some days, and nothing else', async ({ redis }) => {
  const instance = await createInstances(redis).create({ tenant: 'ten_a', name: 'Support' });
  const { id } = instance;
  const owned = await claim(redis, id, { incarnation: 'w1', expected: await readOwnership(redis, id) });
  const fence = { instance: id, owner: 'w1', epoch: owned.epoch };
  const write = async (commands: readonly RedisCommand[]) => void (await fencedWrite(redis, fence, commands));
  const history = createHistoryWriter({ redis, instance: id, bounds: defaultBounds });
  const ann = { jid: '14155550101@s.whatsapp.net', phone: '14155550101', lid: '77001@lid' };
  for (let n = 0; n < 300; n += 1) {
    const message = { id: `m${n}`, chat: ann.jid, fromMe: false, sender: ann, timestamp: Date.now(), text: 'x' };
    await write([
      ...history.append({ message: { ...message, kind: 'text' } }),
      appendEvent(id, { type: 'messages.delete', occurredAt: 1, data: { chat: ann.jid } }),
    ]);
  }
  await write(history.setReaction({ id: 'm1', chats: [ann.jid] }, { sender: ann, emoji: '👍', at: 1 }));
  await write(history.updateContacts([{ jid: ann.jid, name: 'Ann' }]));
  for (const key of [instanceKeys.authState, instanceKeys.told, instanceKeys.pendingFiles])
    await redis.hset(key(id), 'a', 'b');

  await removeInstance({ redis, faults: createFaultPoints() }, fence, instance, {
    control: none,
    commands: none,
    requests: none,
  });
  const left = await redis.keys(`fl:{${id}}*`);
  expect(left.sort()).toEqual([instanceKeys.events(id), instanceKeys.ownership(id)]);
  for (const key of left) expect(await redis.pttl(key)).toBeGreaterThan(3_600_000);
});

import { instanceKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { ann, instance, own, text } from '../test/owner.ts';
import {
  addManualMapping,
  createHistoryWriter,
  listChats,
  listContacts,
  listLidMappings,
  listMessages,
  readCounts,
  readLidMapping,
} from './index.ts';
import { surplusLids } from './surplus.ts';

const now = Date.now();
const day = 86_400_000;
const group = '120363023456789012@g.us';

const keysOf = async (redis: Parameters<typeof listMessages>[0]) => (await redis.keys(`fl:{${instance}}:*`)).sort();

describe('bounds', () => {
  redisTest('messages beyond the number go, the oldest first, with all that belongs to them', async ({ redis }) => {
    const { writer, write } = await own(redis, { days: 30, messages: 250 });
    for (let n = 0; n < 500; n += 1) {
      const chat = n % 2 === 0 ? ann : group;
      await write(writer.append({ message: text(`m${n}`, now - 1_000 + n, { chat }), starred: true }));
      const reaction = { sender: { jid: ann }, emoji: '👍', at: now };
      await write(writer.setReaction({ id: `m${n}`, chats: [chat] }, reaction));
    }
    let batches = 0;
    await writer.trim(async (commands) => {
      batches += 1;
      await write(commands);
    });
    expect(batches).toBe(2);
    expect(await redis.zcard(instanceKeys.historyTimes(instance))).toBe(250);
    expect(await redis.zcard(instanceKeys.historyOfChat(instance, group))).toBe(125);
    expect(await redis.hlen(instanceKeys.history(instance))).toBe(2 * 250);
    expect(await redis.keys(`${instanceKeys.historyResponses(instance, '')}*`)).toHaveLength(250);
    const { items } = await listMessages(redis, instance, { limit: 200, chats: [group] });
    expect(items.at(-1)?.id).toBe('m251');
  });

  redisTest('old messages go, and are not taken in', async ({ redis }) => {
    const { writer, write } = await own(redis, { days: 2, messages: 10 });
    await write(writer.append({ message: text('older', now - day) }));
    await write(writer.append({ message: text('newer', now) }));
    expect(writer.append({ message: text('old', now - 3 * day) })).toEqual([]);
    for await (const batch of writer.appendMany([{ message: text('old', now - 3 * day) }])) expect(batch).toEqual([]);
    const stricter = createHistoryWriter({ redis, instance, bounds: { days: 1, messages: 10 } });
    await stricter.trim(write);
    expect((await listMessages(redis, instance, { limit: 9 })).items.map(({ id }) => id)).toEqual(['newer']);
  });

  redisTest('without a history nothing is written but mappings, and what was there goes', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.append({ message: text('m1', now) }));
    for (const bounds of [
      { days: 0, messages: 10 },
      { days: 30, messages: 0 },
    ]) {
      const off = createHistoryWriter({ redis, instance, bounds });
      const target = { id: 'm1', chats: [ann] };
      expect(off.isOn).toBe(false);
      expect([
        off.append({ message: text('m2', now) }),
        off.setStarred(target, true),
        off.setReaction(target, { sender: { jid: ann }, emoji: '👍', at: now }),
        off.setVote(target, { voter: { jid: ann }, at: now, options: [] }),
        off.setMedia(target, { status: 'stored' }),
        off.updateChats([{ jid: ann, unread: 0 }]),
        off.updateContacts([{ jid: ann, name: 'Ann' }]),
        await off.setStatus(target, { status: 'read', at: now }),
        await off.setEdited(target, { at: now, message: text('m1', now) }),
        await off.setDeleted(target, now),
      ]).toEqual(Array.from({ length: 10 }, () => []));
      for await (const _batch of off.appendMany([{ message: text('m2', now) }])) expect.unreachable();
      expect(off.observeLid('77001@lid', '14155550101')).not.toEqual([]);
      await off.trim(write);
      expect((await listMessages(redis, instance, { limit: 9 })).items).toEqual([]);
    }
  });

  redisTest('a chat is cleared or removed with its messages, and no other', async ({ redis }) => {
    const { writer, write } = await own(redis);
    for (let n = 0; n < 250; n += 1) await write(writer.append({ message: text(`m${n}`, now + n) }));
    await write(writer.append({ message: text('g', now - 5_000, { chat: group }) }));
    for await (const batch of writer.removeChat(ann, { keepChat: true })) await write(batch);
    const [first, second, ...none] = (await listChats(redis, instance, { limit: 9 })).items;
    expect(first).toMatchObject({ jid: ann, unread: 0, lastMessageAt: now + 249 });
    expect(first?.lastMessage).toBeUndefined();
    expect(second).toMatchObject({ jid: group, lastMessage: { id: 'g' } });
    expect(none).toEqual([]);
    for await (const batch of writer.removeChat(ann)) await write(batch);
    expect((await listChats(redis, instance, { limit: 9 })).items.map(({ jid }) => jid)).toEqual([group]);
    expect((await listMessages(redis, instance, { limit: 9 })).items.map(({ id }) => id)).toEqual(['g']);
  });

  redisTest('nothing is left of an instance that goes', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const before = await keysOf(redis);
    for (let n = 0; n < 250; n += 1) {
      const chat = `${1_000_000 + n}@s.whatsapp.net`;
      await write(writer.append({ message: text(`m${n}`, now + n, { chat }) }));
      await write(writer.updateContacts([{ jid: chat, name: 'x' }]));
    }
    const sender = { jid: ann };
    await write(writer.setReaction({ id: 'm3', chats: ['1000003@s.whatsapp.net'] }, { sender, emoji: '👍', at: now }));
    expect((await listContacts(redis, instance, { limit: 200 })).items).toHaveLength(200);
    await writer.removeAll(write);
    expect(await keysOf(redis)).toEqual(before);
  });

  redisTest('hours that are past are dropped from the counts', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.append({ message: text('m', now) }));
    const key = instanceKeys.counts(instance);
    const hour = Math.floor(now / 3_600_000);
    await redis.hset(key, `hour:${hour - 24}:in`, 5, `hour:${hour - 22}:in`, 7);
    await writer.trim(write);
    expect(await redis.hkeys(key)).not.toContain(`hour:${hour - 24}:in`);
    const [counts] = await readCounts(redis, [instance], now);
    expect(counts?.hours.map((one) => one.in).filter(Boolean)).toEqual([7, 1]);
  });

  redisTest('LIDs beyond the number go, the oldest first, with what every source says of them', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.observeLid('77001@lid', '14155550101'));
    await addManualMapping(redis, instance, '77001@lid', '14155550102');
    await redis.zadd(instanceKeys.lids(instance), now - day, '77001@lid');
    // The number of the first has got another LID since.
    await write(writer.observeLid('77002@lid', '14155550101'));
    for await (const batch of surplusLids(redis, instance, 1)) await write(batch);
    const { items } = await listLidMappings(redis, instance, { limit: 9 });
    expect(items).toMatchObject([{ lid: '77002@lid', phone: '14155550101' }]);
    expect(await readLidMapping(redis, instance, '14155550101@s.whatsapp.net')).toMatchObject({ lid: '77002@lid' });
    expect(await redis.hlen(instanceKeys.lidMappings(instance))).toBe(2);
  });
});

import { instanceKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { ann, instance, own, text } from '../test/owner.ts';
import { forgetMessage, forgetMessages, listMessages } from './index.ts';

const now = Date.now();
const group = '120363023456789012@g.us';

describe('dropping', () => {
  redisTest('while the owner writes leaves no part of a message behind', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const sender = { jid: ann };
    let writing = true;
    const writes = async () => {
      for (let n = 0; n < 300; n += 1) {
        const id = `m${n}`;
        const chat = n % 3 === 0 ? group : ann;
        const target = { id, chats: [chat] };
        const message = text(id, now + n, { chat, fromMe: true });
        await write(writer.append({ message, statuses: { at: { sending: now } } }));
        // About an earlier one, which may be gone by now.
        const earlier = { id: `m${Math.max(0, n - 5)}`, chats: [group, ann] };
        await write([
          ...writer.setReaction(earlier, { sender, emoji: '👍', at: now }),
          ...writer.setStarred(earlier, true),
          ...writer.setMedia(earlier, { status: 'stored' }),
          ...(await writer.setStatus(earlier, { status: 'read', at: now })),
          ...(await writer.setEdited(earlier, { at: now, message: text('e', now) })),
          ...(await writer.setDeleted({ ...target, id: `m${n - 9}` }, now)),
        ]);
      }
      writing = false;
    };
    const drops = async () => {
      let dropped = 0;
      while (writing) {
        dropped += await forgetMessages(redis, instance, { chats: [ann], before: now + 250 });
        dropped += Number(await forgetMessage(redis, instance, `m${Math.floor(Math.random() * 300)}`));
      }
      return dropped;
    };
    const [, dropped] = await Promise.all([writes(), drops()]);
    expect(dropped).toBeGreaterThan(50);
    const left = await redis.zcard(instanceKeys.historyTimes(instance));
    expect(left).toBeGreaterThan(20);
    expect((await listMessages(redis, instance, { limit: 200 })).items).toHaveLength(Math.min(left, 200));
    expect(await forgetMessages(redis, instance, {})).toBe(left);
    expect(await redis.keys(`${instanceKeys.history(instance)}*`)).toEqual([]);
  });

  redisTest('counts what was there, and takes nothing that is unknown', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.append({ message: text('m1', now) }));
    expect(await forgetMessage(redis, instance, 'm2')).toBe(false);
    expect(await forgetMessages(redis, instance, { before: now - 1 })).toBe(0);
    expect(await forgetMessages(redis, instance, { chats: [group] })).toBe(0);
    expect(await forgetMessage(redis, instance, 'm1')).toBe(true);
    expect(await forgetMessage(redis, instance, 'm1')).toBe(false);
  });
});

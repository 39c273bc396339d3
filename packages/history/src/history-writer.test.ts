import { instanceKeys } from '@flotilla/contracts';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { ann, instance, own, text } from '../test/owner.ts';

const now = Date.now();
const id = '3EB0AABBCCDDEEFF001122';
const target = { id, chats: [ann] };

describe('the writer', () => {
  redisTest('keeps a message once, with its content', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const content = Buffer.from('what proto.Message would be');
    await write(writer.append({ message: text(id, now), content }));
    await write(writer.append({ message: text(id, now, { text: 'another' }) }));
    expect(await writer.read(id)).toEqual({
      message: text(id, now),
      content,
      editedContent: undefined,
      deleted: false,
    });
    expect(await redis.zcard(instanceKeys.historyTimes(instance))).toBe(1);
    expect(await redis.hgetall(instanceKeys.chat(instance, ann))).toEqual({ unread: '1' });
  });

  redisTest('puts a message in the place of what could not be decrypted, and counts one', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const unreadable = text(id, now, { kind: 'unreadable', text: undefined, type: undefined });
    await write(writer.append({ message: unreadable }));
    await write(writer.append({ message: text(id, now) }));
    expect((await writer.read(id))?.message).toEqual(text(id, now));
    await write(writer.append({ message: unreadable }));
    expect((await writer.read(id))?.message.kind).toBe('text');
    expect(await redis.hget(instanceKeys.chat(instance, ann), 'unread')).toBe('1');
  });

  redisTest('edits, and an older edit changes nothing', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.append({ message: text(id, now) }));
    const edited = text('EDIT', now + 5, { text: 'better' });
    await write(await writer.setEdited(target, { at: now + 5, message: edited, content: Buffer.from('c') }));
    expect(await writer.setEdited(target, { at: now + 4, message: text('OLD', now) })).toEqual([]);
    expect(await writer.read(id)).toMatchObject({
      message: text(id, now, { text: 'better' }),
      editedContent: Buffer.from('c'),
    });
  });

  redisTest('lets nobody change a message of another chat', async ({ redis }) => {
    const { writer, write } = await own(redis);
    await write(writer.append({ message: text(id, now) }));
    const before = await redis.hgetallBuffer(instanceKeys.history(instance));
    const foreign = { id, chats: ['1@lid'] };
    await write(await writer.setEdited(foreign, { at: now, message: text('E', now, { text: 'x' }) }));
    await write(await writer.setDeleted(foreign, now));
    await write(writer.setReaction(foreign, { sender: { jid: ann }, emoji: '👍', at: now }));
    await write(writer.setStarred(foreign, true));
    expect(await redis.hgetallBuffer(instanceKeys.history(instance))).toEqual(before);
    expect(await redis.exists(instanceKeys.historyResponses(instance, id))).toBe(0);
  });
});

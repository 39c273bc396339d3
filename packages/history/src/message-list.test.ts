import { instanceKeys } from '@flotilla/contracts';
import type { Redis } from '@flotilla/redis';
import { redisTest } from '@flotilla/testkit';
import { describe, expect } from 'vitest';
import { ann, instance, own, text } from '../test/owner.ts';
import { listMessages, type MessageFilter, readStoredMessage } from './index.ts';

const now = Date.now();
const annLid = '77001@lid';
const bob = '4915112345678@s.whatsapp.net';

const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);

/** All pages of a list. */
async function all(redis: Redis, filter: MessageFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listMessages(redis, instance, { ...filter, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...idsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

describe('the list of messages', () => {
  redisTest('shows the newest first, page by page, also where many have the same time', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const ids = Array.from({ length: 23 }, (_, n) => `3EB0${String(n).padStart(18, '0')}`);
    for (const [n, id] of ids.entries())
      await write(writer.append({ message: text(id, (Math.floor(now / 1_000) + Math.floor(n / 7)) * 1_000) }));
    const pages = await all(redis, {}, 5);
    expect(pages).toEqual([...ids].reverse());
    expect(await all(redis, { chats: [ann] }, 4)).toEqual(pages);
    expect(idsOf(await listMessages(redis, instance, { limit: 200 }))).toHaveLength(23);
    expect((await listMessages(redis, instance, { limit: 23 })).nextCursor).toBeUndefined();
  });

  redisTest('shows messages of the same second in the order in which they came', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const second = Math.floor(now / 1_000) * 1_000;
    const ids = ['q', 'b', 'z', 'a', 'm'];
    for (const id of ids) await write(writer.append({ message: text(id, second) }));
    await write(writer.append({ message: text('before', second - 1_000) }));
    await write(writer.append({ message: text('c', second) }));
    expect(await all(redis, {}, 2)).toEqual(['c', 'm', 'a', 'z', 'b', 'q', 'before']);
    expect(await all(redis, { after: second }, 2)).toEqual([]);
    expect(await all(redis, { before: second }, 2)).toEqual(['before']);
    expect(await all(redis, { after: second - 1, before: second + 1 }, 2)).toHaveLength(6);
    const told = ['y', 'd', 'x'].map((id) => ({ message: text(id, second - 9_000) }));
    for await (const batch of writer.appendMany(told)) await write(batch);
    expect((await all(redis, {}, 50)).slice(-3)).toEqual(['y', 'd', 'x']);
    const { items } = await listMessages(redis, instance, { limit: 50 });
    expect(items[0]?.timestamp).toBe(second);
  });

  redisTest('goes on at its place although that message is gone and others have come', async ({ redis }) => {
    const { writer, write } = await own(redis);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await write(writer.append({ message: text(id, now) }));
    const first = await listMessages(redis, instance, { limit: 2 });
    expect(idsOf(first)).toEqual(['e', 'd']);
    await write(writer.remove([{ id: 'd', chats: [ann] }]));
    await write(writer.append({ message: text('f', now) }));
    const second = await listMessages(redis, instance, { limit: 9, cursor: first.nextCursor });
    expect(idsOf(second)).toEqual(['c', 'b', 'a']);
  });

  redisTest('merges a chat that is known by two addresses', async ({ redis }) => {
    const { writer, write } = await own(redis);
    for (let n = 0; n < 9; n += 1) {
      const chat = n % 3 === 0 ? annLid : n % 3 === 1 ? ann : bob;
      await write(writer.append({ message: text(`m${n}`, now + Math.floor(n / 2), { chat }) }));
    }
    expect(await all(redis, { chats: [ann, annLid] }, 2)).toEqual(['m7', 'm6', 'm4', 'm3', 'm1', 'm0']);
    expect(await all(redis, { chats: [bob] }, 2)).toEqual(['m8', 'm5', 'm2']);
    expect(await all(redis, { chats: ['1@lid'] }, 2)).toEqual([]);
  });

  redisTest('leaves out what is not asked for', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const out = { fromMe: true };
    await write(writer.append({ message: text('in', now - 3) }));
    await write(writer.append({ message: text('picture', now - 2, { kind: 'image', type: 'imageMessage' }) }));
    await write(writer.append({ message: text('read', now - 1, out), statuses: { at: { acked: 1, read: 2 } } }));
    await write(writer.append({ message: text('sent', now, out), statuses: { at: { acked: 1 } } }));
    for (const [filter, ids] of [
      [{ direction: 'in' }, ['picture', 'in']],
      [{ direction: 'out' }, ['sent', 'read']],
      [{ kind: 'image' }, ['picture']],
      [{ kind: 'poll' }, []],
      [{ status: 'read' }, ['read']],
      [{ status: 'acked', direction: 'out' }, ['sent']],
      [{ before: now - 1 }, ['picture', 'in']],
      [{ after: now - 1 }, ['sent']],
      [{ before: now, after: now - 3 }, ['read', 'picture']],
    ] as const)
      expect([filter, await all(redis, filter, 1)]).toEqual([filter, ids]);
  });

  redisTest('shows what has become of each', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const target = (id: string) => ({ id, chats: [ann] });
    const ben = { jid: '77002@lid', lid: '77002@lid', phone: '14155550102' };
    const poll = { name: 'When?', options: ['Mon', 'Tue'], selectable: 1 };
    const media = { status: 'pending' as const, mimeType: 'image/jpeg' };
    await write(writer.append({ message: text('edited', now) }));
    await write(
      await writer.setEdited(target('edited'), { at: now + 1, message: text('x', now + 1, { text: 'better' }) }),
    );
    await write(writer.append({ message: text('deleted', now), content: Buffer.from('secret') }));
    await write(writer.setReaction(target('deleted'), { sender: ben, emoji: '👍', at: now }));
    await write(await writer.setDeleted(target('deleted'), now + 2));
    await write(writer.append({ message: text('file', now, { kind: 'image', media }) }));
    await write(writer.setMedia(target('file'), { status: 'stored', id: 'med_1' }));
    await write(writer.setStarred(target('file'), true));
    await write(writer.append({ message: text('poll', now, { kind: 'poll', poll, text: undefined }) }));
    await write(writer.setVote(target('poll'), { voter: ben, at: now, options: ['Mon'] }));
    await write(writer.setVote(target('poll'), { voter: ben, at: now + 1, options: ['Tue'] }));
    await write(writer.setReaction(target('poll'), { sender: ben, emoji: '👍', at: now }));
    await write(
      writer.setReaction(target('poll'), { sender: { jid: '14155550102:3@s.whatsapp.net' }, emoji: '🎉', at: now }),
    );
    await write(
      writer.setReaction(target('poll'), { sender: { ...ben, jid: '14155550102@s.whatsapp.net' }, emoji: '', at: now }),
    );
    await write(writer.append({ message: text('out', now, { fromMe: true }), statuses: { at: { sending: now } } }));
    const known = { at: { queued: now - 1, sending: now } };
    await write(writer.addStatus(target('out'), { status: 'read', at: now + 9 }, known));
    expect(await writer.setStatus(target('out'), { status: 'delivered', at: now + 10 })).toEqual([]);
    // The journal knows of a step that the history was not told.
    await redis.hset(instanceKeys.journal(instance, 'out'), 'status', 'read', 'at:acked', now + 3);

    const read = async (id: string) => readStoredMessage(redis, instance, id);
    expect(await read('edited')).toEqual({
      ...text('edited', now, { text: 'better' }),
      direction: 'in',
      editedAt: now + 1,
    });
    const { sender } = text('x', 0);
    expect(await read('deleted')).toEqual({
      id: 'deleted',
      chat: ann,
      fromMe: false,
      sender,
      timestamp: now,
      kind: 'text',
      direction: 'in',
      deletedAt: now + 2,
    });
    expect((await writer.read('deleted'))?.content).toBeUndefined();
    expect(await read('file')).toMatchObject({
      media: { status: 'stored', id: 'med_1', mimeType: 'image/jpeg' },
      starred: true,
    });
    expect(await read('poll')).toMatchObject({
      votes: [
        { option: 'Mon', voters: [] },
        { option: 'Tue', voters: [ben.jid] },
      ],
      reactions: [{ emoji: '🎉' }],
    });
    expect(await read('out')).toMatchObject({
      direction: 'out',
      status: 'read',
      history: [
        { status: 'queued', at: now - 1 },
        { status: 'sending', at: now },
        { status: 'acked', at: now + 3 },
        { status: 'read', at: now + 9 },
      ],
    });
    const listed = await listMessages(redis, instance, { limit: 50 });
    for (const message of listed.items) expect(message).toEqual(await read(message.id));
    expect(listed.items).toHaveLength(5);
  });

  redisTest('takes a dozen kinds of ids as they are, and lets none pass for another', async ({ redis }) => {
    const { writer, write } = await own(redis);
    const ids = [
      '3EB0AABBCCDDEEFF0011',
      '3eb0aabbccddeeff0011',
      'AC',
      '\u0000\u003e\u00b0',
      '\u0001x',
      'm3',
      'ünï{x}',
      'A'.repeat(128),
    ];
    for (const [n, id] of ids.entries()) await write(writer.append({ message: text(id, now + n) }));
    await write(writer.append({ message: text('A'.repeat(130), now) }));
    await write(writer.append({ message: text('', now) }));
    expect(await all(redis, {}, 3)).toEqual([...ids].reverse());
    for (const id of ids) expect((await writer.read(id))?.message.id).toBe(id);
  });
});

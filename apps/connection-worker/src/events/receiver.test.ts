import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type InstanceSettings, instanceKeys } from '@flotilla/contracts';
import { createHistoryWriter, defaultBounds, readStoredMessage } from '@flotilla/history';
import { readEvents } from '@flotilla/instance';
import { claim, readOwnership } from '@flotilla/lease';
import type { Redis } from '@flotilla/redis';
import { createLogger } from '@flotilla/service';
import { redisTest } from '@flotilla/testkit';
import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { describe, expect } from 'vitest';
import { InstanceStore } from '../instance-store.ts';
import { expectFile } from '../media/pending-files.ts';
import { createReceiver } from './receiver.ts';

const instance = 'ins_a';
const me = { jid: '100:3@s.whatsapp.net', lid: '900:3@lid' };
const ann = '200@s.whatsapp.net';
const now = Math.floor(Date.now() / 1_000);

const stanza = (id: string, attrs: Record<string, string> = {}): BinaryNode => ({
  tag: 'message',
  attrs: { id, t: String(now), type: 'text', from: ann, sender_lid: '800@lid', notify: 'Ann', ...attrs },
});
const entry = (id: string, message: proto.IMessage, attrs?: Record<string, string>) => ({
  id: `${attrs?.from ?? ann}|${attrs?.participant ?? ''}|${id}`,
  stanza: stanza(id, attrs),
  plaintext: proto.Message.encode(message).finish(),
});

/** What a worker does with what it decrypts, without the socket. */
async function receiving(redis: Redis, settings: InstanceSettings = {}) {
  const { epoch } = await claim(redis, instance, { incarnation: 'w', expected: await readOwnership(redis, instance) });
  const store = new InstanceStore({
    redis,
    queues: { nudgeRelay: () => Promise.resolve() },
    fence: { instance, owner: 'w', epoch },
    tenant: 'ten_a',
    onFenced: () => {},
    history: createHistoryWriter({ redis, instance, bounds: defaultBounds }),
  });
  const receiver = createReceiver({
    history: createHistoryWriter({ redis, instance, bounds: defaultBounds }),
    settings,
    me: () => me,
    fetches: () => true,
    sentContent: (id) => store.sentContent(id),
    votes: async (id) => (await readStoredMessage(redis, instance, id))?.votes ?? [],
    expectFile: (file) => expectFile(instance, file, 5),
    log: createLogger({ name: 'test', level: 'silent' }),
  });
  return {
    receive: async (...entries: ReturnType<typeof entry>[]) => {
      const received = await receiver.receive(entries);
      await store.write(received.commands, received.events);
      return received;
    },
    events: () => readEvents(redis, instance, 0, 100),
    listed: (id: string) => readStoredMessage(redis, instance, id),
  };
}

/** A vote as phones encrypt it. */
function vote(pollId: string, secret: Buffer, [author, voter]: [string, string], options: string[]): proto.IMessage {
  const info = `${pollId}${author}${voter}Poll Vote`;
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(32), info, 32));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(`${pollId}\0${voter}`));
  const selectedOptions = options.map((option) => createHash('sha256').update(option).digest());
  const plaintext = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
  const encPayload = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  const pollCreationMessageKey = { id: pollId, fromMe: true, remoteJid: '100@s.whatsapp.net' };
  return { pollUpdateMessage: { pollCreationMessageKey, vote: { encPayload, encIv: iv } } };
}

const edit = (id: string, text: string): proto.IMessage => ({
  protocolMessage: {
    type: 14,
    key: { id, fromMe: true },
    editedMessage: { conversation: text },
    timestampMs: now * 1_000 + 5,
  },
});

describe('what was decrypted', () => {
  redisTest('is an event and in the history, once, however often it comes', async ({ redis }) => {
    const { receive, events, listed } = await receiving(redis);
    for (let n = 0; n < 3; n += 1) await receive(entry('A1', { conversation: 'hi' }));
    expect(await events()).toMatchObject([
      {
        type: 'messages.upsert',
        data: {
          type: 'notify',
          message: {
            id: 'A1',
            chat: ann,
            text: 'hi',
            sender: { jid: ann, phone: '200', lid: '800@lid', pushName: 'Ann' },
          },
        },
      },
    ]);
    expect(await listed('A1')).toMatchObject({ text: 'hi', direction: 'in' });
  });

  redisTest('says append for what waited at the server', async ({ redis }) => {
    const { receive, events } = await receiving(redis);
    await receive(
      entry('A1', { conversation: 'late' }, { offline: '1', from: '800@lid', sender_pn: ann, sender_lid: '' }),
    );
    expect((await events())[0]?.data).toMatchObject({
      type: 'append',
      message: { chat: '800@lid', sender: { phone: '200', lid: '800@lid' } },
    });
  });

  redisTest('is in the chat with its sender if it came by a broadcast list', async ({ redis }) => {
    const { receive, events } = await receiving(redis);
    await receive(entry('A1', { conversation: 'to all' }, { from: '1700@broadcast', participant: ann }));
    expect((await events())[0]?.data).toMatchObject({ message: { chat: ann, sender: { phone: '200' } } });
  });

  redisTest('puts its file on the list, once', async ({ redis }) => {
    const { receive } = await receiving(redis);
    const picture = { imageMessage: { url: 'https://mmg.whatsapp.net/x', mediaKey: randomBytes(32), fileLength: 5 } };
    await receive(entry('A1', picture));
    const [file = ''] = await redis.zrange(instanceKeys.pendingFilesDue(instance), '0', '-1');
    expect(JSON.parse((await redis.hget(instanceKeys.pendingFiles(instance), file)) ?? '')).toMatchObject({
      id: 'A1',
      chat: ann,
    });
    await redis.del(instanceKeys.pendingFilesDue(instance), instanceKeys.pendingFiles(instance));
    await receive(entry('A1', picture));
    expect(await redis.exists(instanceKeys.pendingFilesDue(instance))).toBe(0);
  });

  redisTest('is none of the tenant if it is between clients', async ({ redis }) => {
    const { receive, events } = await receiving(redis);
    for (const message of [
      { protocolMessage: { type: 0 } },
      { protocolMessage: { type: 17 } },
      { senderKeyDistributionMessage: { groupId: 'g' } },
      { messageContextInfo: { messageSecret: randomBytes(32) } },
      { reactionMessage: { text: 'to nothing' } },
    ])
      await receive(entry('A1', message));
    expect(await events()).toEqual([]);
  });

  redisTest('is left out of chats that are not wanted', async ({ redis }) => {
    const { receive, events } = await receiving(redis, { ignoreGroups: true, ignoreStatus: true });
    await receive(entry('A1', { conversation: 'x' }, { from: '120@g.us', participant: ann }));
    await receive(entry('A2', { conversation: 'x' }, { from: 'status@broadcast', participant: ann }));
    await receive(
      entry('A3', { reactionMessage: { key: { id: 'A1' }, text: '!' } }, { from: '120@g.us', participant: ann }),
    );
    expect(await events()).toEqual([]);
  });

  redisTest('may be edited by its author alone', async ({ redis }) => {
    const { receive, events, listed } = await receiving(redis);
    const group = { from: '120@g.us', addressing_mode: 'lid' };
    const byAnn = { ...group, participant: '800@lid', participant_pn: ann };
    const byBen = { ...group, participant: '700@lid', participant_pn: '300@s.whatsapp.net', notify: 'Ben' };
    await receive(entry('A1', { conversation: 'mine' }, byAnn));
    await receive(entry('E1', edit('A1', 'stolen'), byBen));
    await receive(entry('E2', edit('A1', 'better'), byAnn));
    expect((await events()).map(({ data }) => ('edited' in data ? data.edited?.message.text : undefined))).toEqual([
      undefined,
      'better',
    ]);
    expect(await listed('A1')).toMatchObject({ text: 'better', sender: { lid: '800@lid' } });
  });

  redisTest('is not touched by what somebody says about it in another chat', async ({ redis }) => {
    const { receive, events, listed } = await receiving(redis);
    await receive(entry('A1', { conversation: 'private' }));
    const revoke = { protocolMessage: { type: 0, key: { id: 'A1', fromMe: true } } };
    await receive(entry('R1', revoke, { from: '120@g.us', participant: '300@s.whatsapp.net' }));
    await receive(entry('R2', revoke, { from: '300@s.whatsapp.net', sender_lid: '700@lid' }));
    expect(await events()).toHaveLength(1);
    expect((await listed('A1'))?.deletedAt).toBeUndefined();
  });

  redisTest(
    'of a group is not deleted by who did not write it before it is known that they are an admin',
    async ({ redis }) => {
      const { receive, events, listed } = await receiving(redis);
      const of = (participant: string) => ({ from: '120@g.us', participant, sender_lid: '' });
      await receive(entry('A1', { conversation: 'stays' }, of('300@s.whatsapp.net')));
      const revoke = {
        protocolMessage: { type: 0, key: { id: 'A1', fromMe: false, participant: '300@s.whatsapp.net' } },
      };
      const { revokes } = await receive(entry('R1', revoke, of('400@s.whatsapp.net')));
      expect(revokes).toMatchObject([{ target: { id: 'A1' }, chat: '120@g.us', by: { phone: '400' } }]);
      expect(await events()).toHaveLength(1);
      expect(await listed('A1')).toMatchObject({ text: 'stays' });
      expect((await receive(entry('R2', revoke, of('300@s.whatsapp.net')))).revokes).toEqual([]);
      expect((await listed('A1'))?.deletedAt).toBeDefined();
    },
  );

  redisTest('counts the votes of a poll that came in the same batch, by either address', async ({ redis }) => {
    const { receive, events, listed } = await receiving(redis);
    const secret = randomBytes(32);
    const poll = {
      pollCreationMessageV3: { name: 'p', options: [{ optionName: 'a' }, { optionName: 'b' }] },
      messageContextInfo: { messageSecret: secret },
    };
    await receive(
      entry('P1', poll),
      entry('V1', vote('P1', secret, [ann, ann], ['a'])),
      entry('V2', vote('P1', secret, ['800@lid', '800@lid'], ['b'])),
    );
    const votes = (await events()).flatMap(({ data }) => ('vote' in data && data.vote ? [data.vote] : []));
    expect(votes.map(({ options }) => options)).toEqual([['a'], ['b']]);
    const result = [
      { option: 'a', voters: [] },
      { option: 'b', voters: [ann] },
    ];
    expect(votes[1]?.result).toEqual(result);
    expect((await listed('P1'))?.votes).toEqual(result);
    await receive(entry('V3', vote('P1', randomBytes(32), [ann, ann], ['a'])));
    expect((await events()).at(-1)?.data).toMatchObject({ vote: { options: [], unreadable: true } });
  });

  redisTest('shows whose message a reaction is about', async ({ redis }) => {
    const { receive, events } = await receiving(redis);
    const about = (key: proto.IMessageKey) => ({ reactionMessage: { key: { id: 'X', ...key }, text: '!' } });
    const group = { from: '120@g.us', participant: ann, participant_lid: '800@lid' };
    await receive(entry('A1', about({ fromMe: true, remoteJid: '100@s.whatsapp.net' })));
    await receive(entry('A2', about({ fromMe: false, remoteJid: '100@s.whatsapp.net' })));
    await receive(entry('A3', about({ fromMe: false, participant: '900@lid' }), group));
    await receive(entry('A4', about({ fromMe: false, participant: '700@lid' }), group));
    await receive(entry('A5', about({ fromMe: true }), { from: '100@s.whatsapp.net', recipient: ann, sender_lid: '' }));
    expect((await events()).map(({ data }) => 'fromMe' in data && data.fromMe)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});

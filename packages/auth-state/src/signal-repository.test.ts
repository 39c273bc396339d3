import { proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Account,
  createAccount,
  createContact,
  messageStanza,
  padded,
  textMessage,
  textOf,
} from '../test/account.ts';
import { openRedis, redisStore } from '../test/redis-store.ts';
import { type AuthStateOptions, createAuthState } from './auth-state.ts';
import { AuthStateFailedError } from './errors.ts';
import { createKeyCache } from './key-cache.ts';
import { repairCurve } from './repair-curve.ts';
import { repairLibsignal } from './repair-libsignal.ts';

repairLibsignal();
repairCurve();

let redis: Redis;
let closeRedis: () => Promise<void>;
beforeAll(async () => {
  ({ redis, close: closeRedis } = await openRedis());
});
afterAll(async () => {
  await closeRedis();
});

const ownJid = '4911:7@s.whatsapp.net';
const contactJid = '4922@s.whatsapp.net';
let instances = 0;

async function createOwn(options: { latencyMs?: number; cacheBytes?: number } = {}) {
  instances += 1;
  const instance = `repository-${instances}`;
  const store = redisStore(redis, instance, options);
  const cache = createKeyCache({ maxBytes: options.cacheBytes ?? 1_000_000 });
  const failures: Error[] = [];
  const authOptions: AuthStateOptions = {
    instance,
    epoch: 1,
    store,
    cache,
    mayCreate: true,
    onFailed: (error) => failures.push(error),
  };
  const auth = await createAuthState(authOptions);
  await auth.saveCreds();
  return { ...createAccount(ownJid, auth.state), auth, store, failures, authOptions };
}

/** Own account and contact, with a session that both have used. */
async function conversation(options: { latencyMs?: number; cacheBytes?: number } = {}) {
  const own = await createOwn(options);
  const contact = createContact(contactJid);
  await contact.repository.injectE2ESession({ jid: ownJid, session: await own.bundle() });
  await deliver(contact, own, 'hello');
  expect(await reply(own, contact, 'hello yourself')).toBe('hello yourself');
  await own.auth.flush();
  own.store.commits.length = 0;
  return { own, contact };
}

/** Contact to own account, and what the own account reads. */
async function deliver(contact: Account, own: Account, text: string): Promise<string> {
  const { type, ciphertext } = await contact.repository.encryptMessage({ jid: own.jid, data: textMessage(text) });
  own.receive(messageStanza(contact.jid, [{ type, ciphertext }]));
  const plaintext = await own.repository.decryptMessage({ jid: contact.jid, type, ciphertext });
  return textOf(unpadRandomMax16(plaintext)) ?? '';
}

/** Own account to contact, and what the contact reads. */
async function reply(own: Account, contact: Account, text: string): Promise<string> {
  const { type, ciphertext } = await own.repository.encryptMessage({ jid: contact.jid, data: textMessage(text) });
  const plaintext = await contact.repository.decryptMessage({ jid: own.jid, type, ciphertext });
  return textOf(unpadRandomMax16(plaintext)) ?? '';
}

/** As Baileys' relayMessage: encryption, questions to the server and the sending share one transaction. */
const relay = <T>(own: Account, work: () => Promise<T>): Promise<T> => own.keys.transaction(work, own.jid);

/** Whether the promise settles while everything else may happen. */
const settles = async (promise: Promise<unknown>) => {
  let settled = false;
  const mark = () => {
    settled = true;
  };
  promise.then(mark, mark);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

describe('a message that comes in', () => {
  test('is stored in one commit with the ratchet and the pre-key that it used up', async () => {
    const own = await createOwn();
    const contact = createContact(contactJid);
    await contact.repository.injectE2ESession({ jid: ownJid, session: await own.bundle() });
    own.store.commits.length = 0;
    await deliver(contact, own, 'hello');
    expect(own.store.commits).toHaveLength(1);
    const [commit] = own.store.commits;
    expect([...(commit?.set.keys() ?? [])]).toEqual(expect.arrayContaining(['session:4922.0', 'identity-key:4922.0']));
    expect(commit?.remove).toContain('pre-key:1');
    expect(commit?.inbound.map(({ plaintext }) => textOf(plaintext))).toEqual(['hello']);
    expect(await redis.hlen(`{${own.authOptions.instance}}:inbound`)).toBe(1);
  });

  test('is an entry with the stanza but without the ciphertext', async () => {
    const { own, contact } = await conversation();
    await deliver(contact, own, 'hello');
    const entry = own.store.commits[0]?.inbound[0];
    expect(entry).toMatchObject({ from: contactJid, participant: undefined, type: 'msg', index: 0 });
    expect(entry?.stanza.attrs).toMatchObject({ id: entry?.stanzaId, from: contactJid, type: 'text' });
    expect(entry?.stanza.content).toEqual([{ tag: 'enc', attrs: { v: '2', type: 'msg' }, content: undefined }]);
  });

  test('reaches Baileys when it is stored, not before', async () => {
    const { own, contact } = await conversation();
    const release = own.store.hold();
    const delivered = deliver(contact, own, 'hello');
    await expect.poll(() => own.store.committing).toBe(1);
    expect(await settles(delivered)).toBe(false);
    release();
    expect(await delivered).toBe('hello');
  });

  test('does not reach Baileys when it cannot be stored', async () => {
    const { own, contact } = await conversation();
    own.store.failNext('commit');
    await expect(deliver(contact, own, 'hello')).rejects.toThrow(AuthStateFailedError);
    expect(own.failures).toHaveLength(1);
  });

  test('that is tampered with stores nothing', async () => {
    const { own, contact } = await conversation();
    const { type, ciphertext } = await contact.repository.encryptMessage({ jid: ownJid, data: textMessage('x') });
    ciphertext[ciphertext.length - 1] = (ciphertext.at(-1) ?? 0) ^ 1;
    own.receive(messageStanza(contactJid, [{ type, ciphertext }]));
    await expect(own.repository.decryptMessage({ jid: contactJid, type, ciphertext })).rejects.toThrow();
    await own.auth.flush();
    expect(own.store.commits).toHaveLength(0);
    expect(await deliver(contact, own, 'next')).toBe('next');
  });

  test('is acknowledged when the server delivers it again after a crash', async () => {
    const { own, contact } = await conversation();
    const { type, ciphertext } = await contact.repository.encryptMessage({ jid: ownJid, data: textMessage('x') });
    const stanza = messageStanza(contactJid, [{ type, ciphertext }]);
    own.receive(stanza);
    await own.repository.decryptMessage({ jid: contactJid, type, ciphertext });
    const restarted = createAccount(ownJid, (await createAuthState({ ...own.authOptions, epoch: 2 })).state);
    restarted.receive(stanza);
    const plaintext = await restarted.repository.decryptMessage({ jid: contactJid, type, ciphertext });
    expect(proto.Message.decode(unpadRandomMax16(plaintext)).toJSON()).toEqual({});
    expect(own.store.commits.flatMap(({ inbound }) => inbound)).toHaveLength(1);
    const stranger = messageStanza(contactJid, [{ type, ciphertext }]);
    restarted.receive(stranger);
    await expect(restarted.repository.decryptMessage({ jid: contactJid, type, ciphertext })).rejects.toThrow();
  });

  test('cannot be decrypted when nobody watches the stanzas', async () => {
    const { own, contact } = await conversation();
    const { type, ciphertext } = await contact.repository.encryptMessage({ jid: ownJid, data: textMessage('x') });
    await expect(own.repository.decryptMessage({ jid: contactJid, type, ciphertext })).rejects.toThrow(/watchStanzas/);
  });

  test('from the own phone about keys or history is no entry, what it wrote to others is', async () => {
    const { own, contact } = await conversation();
    const { Type } = proto.Message.ProtocolMessage;
    const receive = async (message: proto.IMessage, attrs: Record<string, string> = {}) => {
      const { type, ciphertext } = await contact.repository.encryptMessage({ jid: ownJid, data: padded(message) });
      own.receive(messageStanza(contactJid, [{ type, ciphertext }], attrs));
      await own.repository.decryptMessage({ jid: contactJid, type, ciphertext });
    };
    await receive({ conversation: 'peer' }, { category: 'peer' });
    await receive({ protocolMessage: { type: Type.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys: [] } } });
    await receive({ protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION } });
    expect(own.store.commits.flatMap(({ inbound }) => inbound)).toEqual([]);
    expect(own.store.commits).toHaveLength(3);
    await receive({ protocolMessage: { type: Type.REVOKE, key: { id: 'X' } } });
    await receive({ deviceSentMessage: { destinationJid: contactJid, message: { conversation: 'from the phone' } } });
    expect(own.store.commits.flatMap(({ inbound }) => inbound)).toHaveLength(2);
  });
});

describe('a group message', () => {
  const group = '120363@g.us';

  async function groupMessage(own: Account, contact: Account, text: string) {
    const { ciphertext, senderKeyDistributionMessage } = await contact.repository.encryptGroupMessage({
      group,
      meId: contactJid,
      data: textMessage(text),
    });
    const distribution = { groupId: group, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage };
    const pairwise = await contact.repository.encryptMessage({
      jid: own.jid,
      data: padded({ senderKeyDistributionMessage: distribution }),
    });
    own.receive(messageStanza(group, [pairwise, { type: 'skmsg', ciphertext }], { participant: contactJid }));
    return { pairwise, distribution, ciphertext };
  }

  test('is one entry; the key that comes with it is stored with the ratchet that decrypted it', async () => {
    const { own, contact } = await conversation();
    const { pairwise, distribution, ciphertext } = await groupMessage(own, contact, 'to all');
    await own.repository.decryptMessage({ jid: contactJid, ...pairwise });
    expect(own.store.commits).toHaveLength(1);
    const stored = [...(own.store.commits[0]?.set.keys() ?? [])];
    expect(stored).toEqual(expect.arrayContaining(['session:4922.0', `sender-key:${group}::4922::0`]));
    expect(own.store.commits[0]?.inbound).toEqual([]);
    // As Baileys does next.
    await own.repository.processSenderKeyDistributionMessage({ authorJid: contactJid, item: distribution });
    expect(own.store.commits).toHaveLength(1);
    const plaintext = await own.repository.decryptGroupMessage({ group, authorJid: contactJid, msg: ciphertext });
    expect(textOf(unpadRandomMax16(plaintext))).toBe('to all');
    const entries = own.store.commits.flatMap(({ inbound }) => inbound);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ from: group, participant: contactJid, type: 'skmsg', index: 1 });
    expect(own.store.commits[1]?.set.has(`sender-key:${group}::4922::0`)).toBe(true);
  });

  test('can be read after a crash between its two parts', async () => {
    const { own, contact } = await conversation();
    const { pairwise, ciphertext } = await groupMessage(own, contact, 'to all');
    await own.repository.decryptMessage({ jid: contactJid, ...pairwise });
    const restarted = createAccount(ownJid, (await createAuthState({ ...own.authOptions, epoch: 2 })).state);
    restarted.receive(messageStanza(group, [pairwise, { type: 'skmsg', ciphertext }], { participant: contactJid }));
    const plaintext = await restarted.repository.decryptGroupMessage({ group, authorJid: contactJid, msg: ciphertext });
    expect(textOf(unpadRandomMax16(plaintext))).toBe('to all');
  });

  test('of our own is stored before its ciphertext is known', async () => {
    const { own } = await conversation();
    const release = own.store.hold();
    const encrypted = own.repository.encryptGroupMessage({ group, meId: ownJid, data: textMessage('x') });
    await expect.poll(() => own.store.committing).toBe(1);
    expect(await settles(encrypted)).toBe(false);
    release();
    await encrypted;
    expect([...(own.store.commits[0]?.set.keys() ?? [])]).toEqual([`sender-key:${group}::4911::7`]);
  });
});

describe('a message that goes out', () => {
  test('is not encrypted before its ratchet is stored, even inside a transaction of Baileys', async () => {
    const { own, contact } = await conversation();
    const release = own.store.hold();
    const sent = relay(own, async () => {
      expect(await reply(own, contact, 'hi')).toBe('hi');
      return own.store.commits.map(({ set }) => [...set.keys()]);
    });
    await expect.poll(() => own.store.committing).toBe(1);
    expect(await settles(sent)).toBe(false);
    release();
    expect(await sent).toEqual([['session:4922.0']]);
  });

  test('is not encrypted when its ratchet cannot be stored', async () => {
    const { own, contact } = await conversation();
    own.store.failNext('commit');
    await expect(reply(own, contact, 'hi')).rejects.toThrow(AuthStateFailedError);
    expect(own.failures).toHaveLength(1);
  });

  test('to several devices is one commit', async () => {
    const { own, contact } = await conversation();
    const other = createContact('4933@s.whatsapp.net');
    await own.repository.injectE2ESession({ jid: other.jid, session: await other.bundle() });
    await own.auth.flush();
    own.store.commits.length = 0;
    await relay(own, async () => await Promise.all([reply(own, contact, 'one'), reply(own, other, 'two')]));
    expect(own.store.commits).toHaveLength(1);
  });

  test('uses the session that the same transaction has just opened', async () => {
    const own = await createOwn();
    const contact = createContact(contactJid);
    await relay(own, async () => {
      expect(await own.repository.validateSession(contactJid)).toMatchObject({ exists: false });
      await own.repository.injectE2ESession({ jid: contactJid, session: await contact.bundle() });
      expect(await own.repository.validateSession(contactJid)).toEqual({ exists: true });
      expect(await reply(own, contact, 'one')).toBe('one');
      expect(await reply(own, contact, 'two')).toBe('two');
    });
    expect(await reply(own, contact, 'three')).toBe('three');
  });

  test('does not wait for a transaction that waits for the server', async () => {
    const { own, contact } = await conversation();
    const answer = Promise.withResolvers<void>();
    const asking = relay(own, async () => {
      expect(await reply(own, contact, 'before')).toBe('before');
      await answer.promise;
      expect(await reply(own, contact, 'after')).toBe('after');
    });
    expect(await deliver(contact, own, 'meanwhile')).toBe('meanwhile');
    answer.resolve();
    await asking;
  });

  test('finds its session again after a crash', async () => {
    const { own, contact } = await conversation();
    await reply(own, contact, 'before');
    const restarted = createAccount(ownJid, (await createAuthState({ ...own.authOptions, epoch: 2 })).state);
    expect(await reply(restarted, contact, 'after')).toBe('after');
    expect(await deliver(contact, restarted, 'and back')).toBe('and back');
  });
});

test.each([
  { latencyMs: 2, cacheBytes: 1_000_000, name: 'a store that takes 2 ms' },
  { latencyMs: 2, cacheBytes: 400, name: 'a store that takes 2 ms and a cache that holds nothing' },
])('two-way load in one chat is readable on both sides with $name', async ({ latencyMs, cacheBytes }) => {
  const { own, contact } = await conversation({ latencyMs, cacheBytes });
  const outgoing = Array.from({ length: 100 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 5));
    return await relay(own, async () => {
      const text = await reply(own, contact, `out ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return text;
    });
  });
  const incoming = Array.from({ length: 100 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 5 + 2));
    return await deliver(contact, own, `in ${index}`);
  });
  const results = await Promise.allSettled([...outgoing, ...incoming]);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  const entries = own.store.commits.flatMap(({ inbound }) => inbound);
  expect(entries.map(({ plaintext }) => textOf(plaintext)).sort()).toEqual(
    Array.from({ length: 100 }, (_, index) => `in ${index}`).sort(),
  );
});

import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhoneChange } from '../src/people/phone-change.ts';
import type { Simulator } from '../src/simulator.ts';
import { type BinaryNode, child } from '../src/wire/node.ts';
import { admin, type Client, connect, eventually, linkedClient, testSimulator } from './client.ts';

const chat = '5511900000001@s.whatsapp.net';

interface AppStateView {
  collections: Record<string, number>;
  pushName?: string;
  chats: { chat: string; archived: boolean; pinned: boolean; mutedUntil: number | null; markedUnread: boolean }[];
  messages: { id: string; starred: boolean; deletedForMe: boolean; labels: string[] }[];
  contacts: { jid: string; name: string }[];
  labels: { id: string; name: string }[];
  problems: string[];
}

let simulator: Simulator;
let client: Client & { phone: string };
beforeAll(async () => {
  simulator = await testSimulator();
  client = await linkedClient(simulator);
  // Until its first sync is over, a client takes changes for what was there before.
  await eventually('the end of the first sync', () => client.auth.creds.accountSyncCounter > 0);
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const view = (phone = client.phone) => admin<AppStateView>(simulator, 'GET', `/accounts/${phone}/app-state`);
const change = (body: PhoneChange, phone = client.phone) =>
  admin<{ collection: string; version: number }>(simulator, 'POST', `/accounts/${phone}/app-state`, body);

/** Collects the events of one name. */
function collect<N extends keyof BaileysEventMap>({ sock }: Client, name: N): BaileysEventMap[N][] {
  const events: BaileysEventMap[N][] = [];
  sock.ev.on(name, (event) => events.push(event));
  return events;
}

test('what the phone changes reaches the client as events', async () => {
  const chats = collect(client, 'chats.update');
  const updates = collect(client, 'messages.update');
  const deletes = collect(client, 'messages.delete');
  const gone = collect(client, 'chats.delete');
  const contacts = collect(client, 'contacts.upsert');
  const labels = collect(client, 'labels.edit');
  const associations = collect(client, 'labels.association');
  await change({ kind: 'archive', chat, value: true });
  await change({ kind: 'pin', chat, value: true });
  await change({ kind: 'mute', chat, until: 2_000_000_000_000 });
  await change({ kind: 'read', chat, value: false });
  await change({ kind: 'star', chat, id: 'STAR1', fromMe: true, value: true });
  await change({ kind: 'delete-message', chat, id: 'GONE1', fromMe: false });
  await change({ kind: 'contact', chat, name: 'Ann from work' });
  await change({ kind: 'label', label: '7', name: 'Urgent', color: 3, deleted: false });
  await change({ kind: 'chat-label', label: '7', chat, value: true });
  await change({ kind: 'delete-chat', chat });
  await eventually('all of them', () => gone.flat().includes(chat));
  const merged = chats.flat();
  expect(merged).toContainEqual(expect.objectContaining({ id: chat, archived: true }));
  expect(merged).toContainEqual(expect.objectContaining({ id: chat, pinned: expect.any(Number) }));
  expect(merged).toContainEqual(expect.objectContaining({ id: chat, muteEndTime: 2_000_000_000_000 }));
  expect(merged).toContainEqual(expect.objectContaining({ id: chat, unreadCount: -1 }));
  expect(updates.flat()).toContainEqual({
    key: { remoteJid: chat, id: 'STAR1', fromMe: true },
    update: { starred: true },
  });
  expect(deletes).toContainEqual({ keys: [{ remoteJid: chat, id: 'GONE1', fromMe: false }] });
  expect(contacts.flat()).toContainEqual(expect.objectContaining({ id: chat, name: 'Ann from work' }));
  expect(labels).toContainEqual(expect.objectContaining({ id: '7', name: 'Urgent', color: 3 }));
  expect(associations).toContainEqual({
    type: 'add',
    association: { type: 'label_jid', chatId: chat, labelId: '7' },
  });
});

test('what the client changes is on the phone, and on the other device', async () => {
  const second = await linkedClient(simulator, client.phone);
  await eventually('the end of its first sync', () => second.auth.creds.accountSyncCounter > 0);
  const chats = collect(second, 'chats.update');
  const other = '5511900000002@s.whatsapp.net';
  const key = { remoteJid: other, id: 'M1', fromMe: false };
  await client.sock.chatModify({ archive: true, lastMessages: [{ key, messageTimestamp: 1_700_000_000 }] }, other);
  await client.sock.chatModify({ pin: true }, other);
  await client.sock.chatModify({ mute: 1_900_000_000_000 }, other);
  await client.sock.chatModify({ markRead: false, lastMessages: [{ key, messageTimestamp: 1_700_000_000 }] }, other);
  await client.sock.chatModify({ star: { messages: [{ id: 'M1', fromMe: false }], star: true } }, other);
  await client.sock.addOrEditContact(other, { fullName: 'Bob', saveOnPrimaryAddressbook: true });
  await client.sock.addLabel(other, { id: '9', name: 'Later', color: 1, deleted: false });
  await client.sock.addMessageLabel(other, 'M1', '9');
  const seen = await view();
  expect(seen.problems).toEqual([]);
  expect(seen.chats).toContainEqual(
    expect.objectContaining({
      chat: other,
      archived: true,
      pinned: true,
      mutedUntil: 1_900_000_000_000,
      markedUnread: true,
    }),
  );
  expect(seen.messages).toContainEqual(expect.objectContaining({ id: 'M1', starred: true, labels: ['9'] }));
  expect(seen.contacts).toContainEqual({ jid: other, name: 'Bob' });
  expect(seen.labels).toContainEqual(expect.objectContaining({ id: '9', name: 'Later' }));
  await eventually('the other device', () => chats.flat().some(({ id, archived }) => id === other && archived));
  await second.close();
});

test('a push name that a client sets is the account’s, and one set on the phone the client’s', async () => {
  await client.sock.updateProfileName('Shop');
  await eventually('the name', () => simulator.network.account(client.phone)?.name === 'Shop');
  await change({ kind: 'push-name', name: 'Shop on the corner' });
  await eventually('the name at the client', () => client.auth.creds.me?.name === 'Shop on the corner');
});

test('phone and client take turns without a conflict, and an upload on an old version is refused', async () => {
  const busy = '5511900000003@s.whatsapp.net';
  for (const value of [true, false, true]) {
    await change({ kind: 'pin', chat: busy, value });
    await client.sock.chatModify({ pin: !value }, busy);
  }
  const seen = await view();
  expect(seen.problems).toEqual([]);
  expect(seen.chats).toContainEqual(expect.objectContaining({ chat: busy, pinned: false }));
  const before = seen.collections.regular_low;
  await admin(simulator, 'POST', '/faults/app-state-conflict', { phone: client.phone, count: 1 });
  await client.sock.chatModify({ pin: true }, busy);
  expect((await view()).collections.regular_low).toBe(before);
});

test('a patch on an old version is answered with 409 and not kept', async () => {
  const { version } = await change({ kind: 'pin', chat, value: false });
  const upload = (on: number) =>
    client.sock.query({
      tag: 'iq',
      attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
      content: [
        {
          tag: 'sync',
          attrs: {},
          content: [
            {
              tag: 'collection',
              attrs: { name: 'regular_low', version: String(on), return_snapshot: 'false' },
              content: [{ tag: 'patch', attrs: {}, content: Buffer.alloc(0) }],
            },
          ],
        },
      ],
    }) as Promise<BinaryNode>;
  const collection = child(child(await upload(version - 1), 'sync'), 'collection');
  expect(collection?.attrs).toEqual({ name: 'regular_low', type: 'error' });
  expect(child(collection, 'error')?.attrs.code).toBe('409');
  expect((await view()).collections.regular_low).toBe(version);
});

test('a client that was away fetches more changes than fit into one answer', async () => {
  const away = await linkedClient(simulator);
  await eventually('the end of its first sync', () => away.auth.creds.accountSyncCounter > 0);
  await away.close();
  await eventually('offline', () => simulator.network.connected(away.phone).length === 0);
  for (let index = 0; index < 120; index += 1) {
    await change({ kind: 'archive', chat: `55119${10_000_000 + index}@s.whatsapp.net`, value: true }, away.phone);
  }
  const back = await connect(simulator, away.auth);
  const chats = collect(back, 'chats.update');
  await eventually('all changes', () => chats.flat().filter(({ archived }) => archived).length === 120, 15_000);
  await back.close();
});

test('a new device sees what was changed before it was linked', async () => {
  const second = await linkedClient(simulator, client.phone);
  await eventually('the contact', () => second.contacts.some(({ name }) => name === 'Ann from work'), 10_000);
  await second.close();
});

test('a contact that a client removes and adds again: the phone notices a hash that is wrong', async () => {
  const jid = '5511900000005@s.whatsapp.net';
  await client.sock.addOrEditContact(jid, { fullName: 'Carl' });
  await client.sock.removeContact(jid);
  expect((await view()).contacts.some((contact) => contact.jid === jid)).toBe(false);
  await client.sock.addOrEditContact(jid, { fullName: 'Carl again' });
  const seen = await view();
  expect(seen.contacts).toContainEqual({ jid, name: 'Carl again' });
  // Baileys goes on counting what it has removed.
  expect(seen.problems).toEqual([expect.stringMatching(/^critical_unblock_low \d+: LTHash verification failed/)]);
});

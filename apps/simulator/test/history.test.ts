import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type BaileysEventMap, downloadMediaMessage } from '@whiskeysockets/baileys';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import type { BinaryNode } from '../src/wire/node.ts';
import { admin, Client, connect, eventually, linkedClient, newAuth, testSimulator } from './client.ts';

type History = BaileysEventMap['messaging-history.set'];

const { HistorySyncType } = proto.HistorySync;
let simulator: Simulator;
beforeAll(async () => {
  simulator = await testSimulator();
});
afterAll(() => simulator.close());

/** Links a client that collects its history. Events come before anybody could listen after "open". */
async function linkWithHistory(phone: string, full = false) {
  const options = full ? { shouldSyncHistoryMessage: () => true } : {};
  const first = new Client(simulator, newAuth(), options);
  const qr = await eventually('a QR code', () => first.qr);
  await admin(simulator, 'POST', '/mock-phone/scan-qr', { qr, phone });
  await eventually('the restart', () => first.closed === 515);
  const histories: History[] = [];
  const client = new Client(simulator, first.auth, options);
  client.sock.ev.on('messaging-history.set', (history) => histories.push(history));
  let peers = 0;
  client.sock.ws.on('CB:message', ({ attrs }: BinaryNode) => {
    if (attrs.category === 'peer') peers += 1;
  });
  await eventually('open', () => client.open);
  return { client, histories, peerMessages: () => peers };
}

const count = (histories: History[]) =>
  new Set(histories.flatMap(({ messages }) => messages.map(({ key }) => `${key.remoteJid} ${key.id}`))).size;

test('a history of 5,000 messages in 500 chats comes in several parts, complete', { timeout: 60_000 }, async () => {
  const phone = '5511955550001';
  const size = { chats: 500, messages: 5_000 };
  const planned = await admin<{ notifications: number }>(simulator, 'PUT', `/accounts/${phone}/history`, size);
  expect(planned.notifications).toBe(11);
  const { client, histories, peerMessages } = await linkWithHistory(phone);
  await eventually('the last part', () => histories.some(({ progress }) => progress === 100), 40_000);
  await eventually('all messages', () => count(histories) === 5_000, 10_000);
  // One more has the key of the app state.
  expect(peerMessages()).toBe(planned.notifications + 1);
  expect(new Set(histories.flatMap(({ chats }) => chats.map(({ id }) => id))).size).toBe(500);
  const steps = histories.filter(({ syncType }) => syncType === HistorySyncType.RECENT).map(({ progress }) => progress);
  expect(steps).toEqual([...steps].sort((a, b) => Number(a) - Number(b)));
  const contacts = histories.flatMap((history) => history.contacts);
  expect(contacts).toContainEqual(expect.objectContaining({ id: '5521900000007@s.whatsapp.net', notify: 'Person 7' }));
  const lid = `${simulator.network.account('5521900000007')?.lid}@lid`;
  expect(await client.sock.signalRepository.lidMapping.getPNForLID(lid)).toContain('5521900000007');
  await eventually('an empty queue', () => simulator.network.account(phone)?.devices.get(1)?.queue.size === 0, 10_000);
  await client.close();
});

test('the older half comes as full history if a client wants it', async () => {
  const phone = '5511955550002';
  await admin(simulator, 'PUT', `/accounts/${phone}/history`, { chats: 3, messages: 101, chunk: 20, full: true });
  const { client, histories } = await linkWithHistory(phone, true);
  await eventually('all messages', () => count(histories) === 101, 20_000);
  const full = histories.filter(({ syncType }) => syncType === HistorySyncType.FULL);
  expect(full.at(-1)?.progress).toBe(100);
  expect(count(full)).toBeGreaterThan(40);
  await client.close();
  const leaving = await linkWithHistory(phone);
  await eventually('the recent half', () => leaving.histories.some(({ progress }) => progress === 100), 20_000);
  expect(count(leaving.histories)).toBeLessThan(101);
  await leaving.client.close();
});

test('older messages come on demand, until there are no more', async () => {
  const phone = '5511955550003';
  await admin(simulator, 'PUT', `/accounts/${phone}/history`, { chats: 2, messages: 10, older: 8 });
  const { client, histories } = await linkWithHistory(phone);
  await eventually('all messages', () => count(histories) === 10, 20_000);
  const onDemand = () => histories.filter(({ syncType }) => syncType === HistorySyncType.ON_DEMAND);
  const oldest = () =>
    histories
      .flatMap(({ messages }) => messages)
      .filter(({ key }) => key.remoteJid === '5521900000000@s.whatsapp.net')
      .sort((a, b) => Number(a.messageTimestamp) - Number(b.messageTimestamp))[0];
  for (const [round, got] of [5, 3, 0].entries()) {
    const message = oldest();
    if (!message) throw new Error('no message');
    const id = await client.sock.fetchMessageHistory(5, message.key, Number(message.messageTimestamp) * 1_000);
    const answer = await eventually(`answer ${round}`, () => onDemand()[round]);
    expect(answer.peerDataRequestSessionId, String(round)).toBe(id);
    expect(answer.messages).toHaveLength(got);
  }
  expect(await admin(simulator, 'GET', `/accounts/${phone}/history/requests`)).toMatchObject([
    { device: `${phone}:1`, wanted: 5, sent: 5 },
    { sent: 3 },
    { sent: 0 },
  ]);
  await client.close();
});

test('pictures of the past are downloaded, and asked for again when they have expired; groups are among the chats', async () => {
  const phone = '5511955550004';
  // Not 'default': that would keep another simulator's authority, which has the same name.
  setDefaultCACertificates([...getCACertificates('bundled'), simulator.ca]);
  await admin(simulator, 'PUT', `/accounts/${phone}/history`, { chats: 3, messages: 9, pictures: 1 });
  await admin(simulator, 'POST', '/contacts', { phone: '5511900000001' });
  const { id } = await admin<{ id: string }>(simulator, 'POST', '/groups', {
    by: '5511900000001',
    subject: 'Old friends',
    members: [phone],
  });
  const { client, histories } = await linkWithHistory(phone);
  await eventually('all messages', () => count(histories) === 9, 20_000);
  expect(histories.flatMap(({ chats }) => chats)).toContainEqual(expect.objectContaining({ id, name: 'Old friends' }));
  const picture = histories.flatMap(({ messages }) => messages).find(({ message }) => message?.imageMessage);
  if (!picture) throw new Error('no picture');
  const bytes = await downloadMediaMessage(picture, 'buffer', {});
  expect(bytes).toHaveLength(1_000);
  await admin(simulator, 'POST', '/media/expire', {});
  await expect(downloadMediaMessage(picture, 'buffer', {})).rejects.toMatchObject({ output: { statusCode: 410 } });
  await client.sock.refreshMediaConn(true);
  const renewed = await client.sock.updateMediaMessage(picture);
  expect((await downloadMediaMessage(renewed, 'buffer', {})).equals(bytes)).toBe(true);
  await client.close();
});

test('an account without a past has an empty history, and the wait for it ends', async () => {
  const client = await linkedClient(simulator);
  await eventually('the end of the first sync', () => client.auth.creds.accountSyncCounter > 0);
  await client.close();
  const back = await connect(simulator, client.auth);
  await back.close();
});

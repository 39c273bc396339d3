import type { proto, WAMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';
import { mediaOptions, shown } from './content.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

let simulator: Simulator;
let client: Client & { phone: string };
const updates: { key: proto.IMessageKey; update: Partial<WAMessage> }[] = [];
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator, undefined, mediaOptions(simulator));
  client.sock.ev.on('messages.update', (each) => updates.push(...each));
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

/** The owner of the account writes on the phone. */
function phoneSends(content: object, options: object = {}): Promise<{ id: string }> {
  const body = { to: ann, content, ...options };
  return admin(simulator, 'POST', `/accounts/${client.phone}/phone/send`, body);
}

function atClient(id: string): Promise<WAMessage> {
  return eventually(`${id} at the client`, () => client.messages.find(({ message }) => message.key.id === id)?.message);
}

test.each(['pn', 'lid'] as const)('what the phone writes, addressed by %s, both sides see', async (addressing) => {
  const { id } = await phoneSends({ kind: 'text', text: `from the phone by ${addressing}` }, { addressing });
  const copy = await atClient(id);
  const remoteJid = simulator.network.account(ann)?.jid(addressing);
  expect(copy).toMatchObject({
    key: { remoteJid, fromMe: true },
    message: { conversation: `from the phone by ${addressing}` },
  });
  expect(await shown(simulator, ann, id)).toMatchObject({
    chat: client.phone,
    from: `${client.phone}:0`,
    text: `from the phone by ${addressing}`,
  });
  await eventually('delivered', () => client.receipts.find(({ attrs }) => attrs.id === id));
  await eventually('the confirmation of the copy', async () => {
    const [record] = await admin<{ delivered: string[] }[]>(simulator, 'GET', `/messages/${id}`);
    return record?.delivered.includes(`${client.phone}:1`) && record.delivered.includes(ann);
  });
});

test('media from the phone', async () => {
  const { id } = await phoneSends({ kind: 'image', size: 500, caption: 'photo' });
  expect((await atClient(id)).message?.imageMessage).toMatchObject({ caption: 'photo' });
  await shown(simulator, ann, id, ({ media }) => media?.state === 'verified');
});

test('the phone edits and deletes what the client wrote', async () => {
  const sent = await client.sock.sendMessage(annJid, { text: 'typed at the desk' });
  const id = sent?.key.id ?? '';
  await shown(simulator, ann, id);
  await phoneSends({ kind: 'edit', message: id, text: 'corrected on the road' });
  await shown(simulator, ann, id, ({ text, edits }) => edits === 1 && text === 'corrected on the road');
  const edit = await eventually('the edit', () => updates.find(({ key, update }) => key.id === id && update.message));
  expect(edit).toMatchObject({ key: { fromMe: true, remoteJid: annJid } });
  await phoneSends({ kind: 'delete', message: id });
  await shown(simulator, ann, id, ({ deleted }) => deleted);
  await eventually('the deletion', () =>
    updates.find(({ key, update }) => key.id === id && update.messageStubType === 1),
  );
});

test('the phone reacts to what a contact wrote, and reads it', async () => {
  const reactions: { key: proto.IMessageKey; reaction: proto.IReaction }[] = [];
  client.sock.ev.on('messages.reaction', (each) => reactions.push(...each));
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    text: 'look at this',
  });
  await atClient(id);
  await phoneSends({ kind: 'reaction', message: id, emoji: '👀' });
  const reaction = await eventually('the reaction', () => reactions.find(({ key }) => key.id === id));
  expect(reaction).toMatchObject({ key: { fromMe: false }, reaction: { text: '👀', key: { fromMe: true } } });
  await admin(simulator, 'POST', `/accounts/${client.phone}/phone/read`, { from: ann, ids: [id] });
  const read = await eventually('read', () => updates.find(({ key, update }) => key.id === id && update.status === 4));
  expect(read.key).toMatchObject({ remoteJid: annJid, fromMe: false });
  const [record] = await admin<object[]>(simulator, 'GET', `/messages/${id}`);
  expect(record).toMatchObject({ receipts: { read: 1 } });
});

test('another linked account gets it like anything else, and a second device a copy', async () => {
  const other = await linkedClient(simulator);
  const second = await linkedClient(simulator, client.phone);
  const { id } = await phoneSends({ kind: 'text', text: 'to another client' }, { to: other.phone });
  const got = await eventually('the message', () => other.texts.find((each) => each.id === id));
  expect(got.text).toBe('to another client');
  await atClient(id);
  await eventually('the second copy', () => second.messages.find(({ message }) => message.key.id === id));
  await other.close();
  await second.close();
});

test('a copy that the client cannot read is sent again, with all it was', async () => {
  const lid = simulator.network.account(client.phone)?.lid;
  await client.sock.authState.keys.set({ session: { [`${lid}_1.0`]: null } });
  const { id } = await phoneSends({ kind: 'image', size: 300, caption: 'once more' });
  const copy = await eventually('the copy', () =>
    client.messages.find(({ message }) => message.key.id === id && message.message?.imageMessage),
  );
  expect(copy.message).toMatchObject({
    key: { remoteJid: annJid, fromMe: true },
    message: { imageMessage: { caption: 'once more' } },
  });
  expect(simulator.network.counters.values.retryReceiptsFromClients).toBeGreaterThanOrEqual(1);
});

test('what one device reads, the others hear', async () => {
  const second = await linkedClient(simulator, client.phone);
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    text: 'for both',
  });
  await atClient(id);
  await eventually('the message', () => second.texts.find((each) => each.id === id));
  await client.sock.readMessages([{ remoteJid: annJid, fromMe: false, id }]);
  await eventually('read elsewhere', () =>
    second.receipts.find(({ attrs }) => attrs.id === id && attrs.type === 'read-self' && attrs.recipient === annJid),
  );
  await second.close();
});

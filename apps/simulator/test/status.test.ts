import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';
import { inboxOf, mediaOptions, shown } from './content.ts';

const ann = '5511900000001';
const bob = '5511900000002';
const eve = '5511900000003';
const status = 'status@broadcast';
const jidOf = (phone: string) => `${phone}@s.whatsapp.net`;

let simulator: Simulator;
let client: Client & { phone: string };
const receipts: { key: { id?: string | null }; receipt: object }[] = [];
beforeAll(async () => {
  simulator = await testSimulator();
  for (const phone of [ann, bob, eve]) await admin(simulator, 'POST', '/contacts', { phone, name: phone });
  client = await linkedClient(simulator, undefined, mediaOptions(simulator));
  client.sock.ev.on('message-receipt.update', (updates) => receipts.push(...updates));
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

async function post(content: Parameters<Client['sock']['sendMessage']>[1], audience: string[]): Promise<string> {
  const sent = await client.sock.sendMessage(status, content, { statusJidList: audience.map(jidOf) });
  return sent?.key.id ?? '';
}

test('a post is shown to its audience, and to nobody else', async () => {
  const first = await post({ text: 'for Ann and Bob' }, [ann, bob]);
  for (const phone of [ann, bob]) {
    expect(await shown(simulator, phone, first)).toMatchObject({
      chat: status,
      sender: client.phone,
      text: 'for Ann and Bob',
      decryptions: 1,
    });
  }
  const second = await post({ text: 'for Eve' }, [eve]);
  await shown(simulator, eve, second);
  expect((await inboxOf(simulator, eve)).map(({ id }) => id)).toEqual([second]);
  expect((await inboxOf(simulator, ann)).map(({ id }) => id)).toEqual([first]);
  await eventually('the ack', () => client.acks.find(({ attrs }) => attrs.id === second));
});

test('media posts are verified, and deletion takes a post away', async () => {
  const sent = await client.sock.sendMessage(
    status,
    { image: randomBytes(2_000), caption: 'view', jpegThumbnail: '' },
    { statusJidList: [jidOf(ann)] },
  );
  const entry = await shown(simulator, ann, sent?.key.id, ({ media }) => media?.state === 'verified');
  expect(entry).toMatchObject({ chat: status, text: 'view' });
  if (!sent) throw new Error('nothing was sent');
  await client.sock.sendMessage(status, { delete: sent.key }, { statusJidList: [jidOf(ann)] });
  await shown(simulator, ann, sent.key.id, ({ deleted }) => deleted);
});

test('the account hears who has seen a post', async () => {
  const id = await post({ text: 'seen?' }, [ann]);
  await shown(simulator, ann, id);
  await admin(simulator, 'POST', `/contacts/${ann}/read`, { to: client.phone, ids: [id], status: true });
  // Baileys puts a receipt into the message itself if it tells of both in the same moment.
  const told = () => [
    ...receipts.filter(({ key }) => key.id === id).map(({ receipt }) => receipt),
    ...client.messages.flatMap(({ message }) => (message.key.id === id ? (message.userReceipt ?? []) : [])),
  ];
  const seen = await eventually('the view', () => told().find((receipt) => 'readTimestamp' in receipt));
  expect(seen).toMatchObject({ userJid: jidOf(ann) });
});

test('a contact answers a post of the client', async () => {
  const id = await post({ text: 'ask me anything' }, [ann]);
  await shown(simulator, ann, id);
  const answer = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    quoted: id,
    content: { kind: 'text', text: 'why?' },
  });
  const got = await eventually('the answer', () => client.messages.find(({ message }) => message.key.id === answer.id));
  expect(got.message).toMatchObject({
    key: { remoteJid: jidOf(ann) },
    message: { extendedTextMessage: { contextInfo: { stanzaId: id, remoteJid: status } } },
  });
});

test('a contact posts, the client is shown it and confirms it', async () => {
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/status`, {
    content: { kind: 'text', text: 'my day', background: 4_278_190_335 },
  });
  const got = await eventually('the post', () => client.messages.find(({ message }) => message.key.id === id));
  expect(got.message).toMatchObject({
    key: { remoteJid: status, participant: jidOf(ann), fromMe: false },
    message: { extendedTextMessage: { text: 'my day', backgroundArgb: 4_278_190_335 } },
  });
  await eventually('the confirmation', async () => {
    const [record] = await admin<{ delivered: string[] }[]>(simulator, 'GET', `/messages/${id}`);
    return record?.delivered.includes(`${client.phone}:1`);
  });
  await client.sock.readMessages([got.message.key]);
  await eventually('the view', async () => {
    const [record] = await admin<{ receipts: Record<string, number> }[]>(simulator, 'GET', `/messages/${id}`);
    return record?.receipts.read === 1;
  });
});

test('a post for others does not reach the client', async () => {
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/status`, {
    audience: [bob],
    content: { kind: 'text', text: 'for Bob' },
  });
  expect(await shown(simulator, bob, id)).toMatchObject({ chat: status, sender: ann });
  const { id: next } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    text: 'after that',
  });
  await eventually('what came later', () => client.texts.find((each) => each.id === next));
  expect(client.messages.some(({ message }) => message.key.id === id)).toBe(false);
});

test('a post that a contact cannot read is asked for again', async () => {
  // Once Bob has written, what the client encrypts for him needs the session that he loses.
  const { id: hello } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${bob}/send`, {
    to: client.phone,
    text: 'hello',
  });
  await eventually('hello', () => client.texts.find((each) => each.id === hello));
  await admin(simulator, 'POST', `/contacts/${bob}/forget-sessions`);
  await admin(simulator, 'POST', `/contacts/${bob}/forget-sender-keys`);
  const lost = await post({ text: 'lost' }, [bob]);
  const asked = await eventually('the retry receipt', () =>
    client.receipts.find(({ attrs }) => attrs.type === 'retry' && attrs.id === lost),
  );
  expect(asked.attrs).toMatchObject({ from: status, participant: jidOf(bob) });
  // Baileys sends it to everybody again, but has forgotten who that was. The new session serves the next post.
  const next = await post({ text: 'once more' }, [bob]);
  expect(await shown(simulator, bob, next)).toMatchObject({ chat: status, text: 'once more' });
});

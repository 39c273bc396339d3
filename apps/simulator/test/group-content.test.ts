import { randomBytes } from 'node:crypto';
import { downloadMediaMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';
import { mediaOptions, shown } from './content.ts';

const ann = '5511900000001';
const bob = '5511900000002';

let simulator: Simulator;
let one: Client & { phone: string };
let two: Client & { phone: string };
let group: string;
beforeAll(async () => {
  simulator = await testSimulator();
  for (const phone of [ann, bob]) await admin(simulator, 'POST', '/contacts', { phone });
  const options = mediaOptions(simulator);
  one = await linkedClient(simulator, undefined, options);
  two = await linkedClient(simulator, undefined, options);
  const body = { by: one.phone, subject: 'everything', members: [ann, bob, two.phone] };
  group = (await admin<{ id: string }>(simulator, 'POST', '/groups', body)).id;
});
afterAll(async () => {
  await one.close();
  await two.close();
  await simulator.close();
});

const lid = (phone: string) => simulator.network.account(phone)?.jid('lid') ?? 'nobody';
const write = async (by: string, content: object) =>
  (await admin<{ id: string }>(simulator, 'POST', `/contacts/${by}/send`, { to: group, content })).id;
const received = (client: Client, id: string) =>
  eventually(id, () => client.messages.find(({ message }) => message.key.id === id && message.message)?.message);

test('media of a contact reach clients and the other contacts', async () => {
  const bytes = randomBytes(3_000);
  const id = await write(ann, { kind: 'image', bytes: bytes.toString('base64'), caption: 'for all' });
  for (const client of [one, two]) {
    const message = await received(client, id);
    expect(message.message?.imageMessage?.caption).toBe('for all');
    expect(await downloadMediaMessage(message, 'buffer', {})).toEqual(bytes);
  }
  const entry = await shown(simulator, bob, id, ({ media }) => media?.state === 'verified');
  expect(entry).toMatchObject({ chat: group, sender: ann, text: 'for all' });
});

test('media of a client are read by contacts', async () => {
  const sent = await one.sock.sendMessage(group, {
    document: randomBytes(500),
    mimetype: 'text/plain',
    caption: 'read',
  });
  for (const phone of [ann, bob]) {
    await shown(simulator, phone, sent?.key.id, ({ media }) => media?.state === 'verified');
  }
});

test('reactions of contacts and of clients name the member whose message it is', async () => {
  const reactions: {
    key: { id?: string | null; participant?: string | null; fromMe?: boolean | null };
    text: string;
  }[] = [];
  one.sock.ev.on('messages.reaction', (each) => {
    for (const { key, reaction } of each) reactions.push({ key, text: reaction.text ?? '' });
  });
  const ofBob = await write(bob, { kind: 'text', text: 'from Bob' });
  await received(one, ofBob);
  await write(ann, { kind: 'reaction', message: ofBob, emoji: '🎉' });
  const toBob = await eventually('the reaction', () => reactions.find(({ key }) => key.id === ofBob));
  expect(toBob).toMatchObject({ key: { participant: lid(bob), fromMe: false }, text: '🎉' });

  const { key } = await received(two, ofBob);
  await two.sock.sendMessage(group, { react: { text: '👍', key } });
  const reacted = await shown(simulator, ann, ofBob, (entry) => entry.reactions.length === 2);
  expect(reacted.reactions.map(({ from, text }) => [from, text])).toEqual([
    [ann, '🎉'],
    [two.phone, '👍'],
  ]);
  const own = await one.sock.sendMessage(group, { text: 'from a client' });
  await shown(simulator, ann, own?.key.id);
  await write(ann, { kind: 'reaction', message: own?.key.id, emoji: '❤' });
  const toMe = await eventually('the reaction to me', () => reactions.find((each) => each.key.id === own?.key.id));
  expect(toMe).toMatchObject({ key: { fromMe: true }, text: '❤' });
});

test("contacts vote in a client's poll, and everybody can read it", async () => {
  const poll = await one.sock.sendMessage(group, { poll: { name: 'Lunch?', values: ['Pizza', 'Soup'] } });
  for (const phone of [ann, bob]) await shown(simulator, phone, poll?.key.id);
  await write(ann, { kind: 'vote', poll: poll?.key.id, options: ['Soup'] });
  const entry = await shown(simulator, bob, poll?.key.id, (each) => each.poll?.votes.length === 1);
  expect(entry.poll?.votes).toEqual([{ from: ann, options: ['Soup'] }]);
});

test('who wrote a message edits and deletes it, and admins delete those of others', async () => {
  const sent = await two.sock.sendMessage(group, { text: 'first version' });
  await shown(simulator, ann, sent?.key.id);
  if (!sent) throw new Error('not sent');
  await two.sock.sendMessage(group, { text: 'second version', edit: sent.key });
  await shown(simulator, ann, sent.key.id, ({ text, edits }) => text === 'second version' && edits === 1);
  await two.sock.sendMessage(group, { delete: sent.key });
  await shown(simulator, ann, sent.key.id, ({ deleted }) => deleted);

  const ofAnn = await write(ann, { kind: 'text', text: 'to be deleted' });
  for (const [client, applied] of [
    [two, false],
    [one, true],
  ] as const) {
    const { key } = await received(client, ofAnn);
    const revocation = await client.sock.sendMessage(group, { delete: key });
    const entry = await shown(simulator, bob, revocation?.key.id);
    expect(entry.changes).toEqual({ id: ofAnn, as: 'delete', applied });
    expect((await shown(simulator, bob, ofAnn)).deleted).toBe(applied);
  }
});

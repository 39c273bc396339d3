import type { BaileysEventMap, proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerMessage } from '../src/ledger.ts';
import type { InboxEntry } from '../src/people/inbox.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, connect, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';
const bob = '5511900000002';

type Linked = Client & { phone: string };

let simulator: Simulator;
let one: Linked;
let two: Linked;
beforeAll(async () => {
  simulator = await testSimulator();
  for (const phone of [ann, bob]) await admin(simulator, 'POST', '/contacts', { phone });
  one = await linkedClient(simulator);
  two = await linkedClient(simulator);
});
afterAll(async () => {
  await one.close();
  await two.close();
  await simulator.close();
});

const pn = (phone: string) => `${phone}@s.whatsapp.net`;
const lid = (phone: string) => simulator.network.account(phone)?.jid('lid') ?? 'nobody';
const counters = () => ({ ...simulator.network.counters.values });
const entriesOf = async (phone: string, chat: string) =>
  (await admin<{ entries: InboxEntry[] }>(simulator, 'GET', `/contacts/${phone}/inbox`)).entries.filter(
    (entry) => entry.chat === chat,
  );
const shown = (phone: string, chat: string, text: string) =>
  eventually(`${text} in the inbox`, async () => (await entriesOf(phone, chat)).find((entry) => entry.text === text));
const received = (client: Client, text: string) =>
  eventually(text, () => client.texts.find((each) => each.text === text));
const messageOf = async (client: Client, text: string) => {
  const { id } = await received(client, text);
  const found = client.messages.find(({ message }) => message.key.id === id && message.message);
  if (!found) throw new Error(`${text} has no message`);
  return found.message;
};
const record = async (id: string, account: string) =>
  (await admin<LedgerMessage[]>(simulator, 'GET', `/messages/${id}`)).find((each) => each.account === account);

/** Collects what a client learns of its messages: whether a member has one, or has read it. */
function receiptsTo(client: Client) {
  const receipts: { id: string; receipt: proto.IUserReceipt }[] = [];
  client.sock.ev.on('message-receipt.update', (updates) => {
    for (const { key, receipt } of updates) receipts.push({ id: key.id ?? '', receipt });
  });
  // Receipts that come at once are merged into the event of the message that they are about.
  client.sock.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, userReceipt } of messages) {
      for (const receipt of userReceipt ?? []) receipts.push({ id: key.id ?? '', receipt });
    }
  });
  return (id: string, phone: string, what: 'receiptTimestamp' | 'readTimestamp') =>
    receipts.some((each) => each.id === id && each.receipt.userJid === lid(phone) && each.receipt[what]);
}

/** A group in which the first client is the admin. */
async function groupOf(members: string[], more: object = {}): Promise<string> {
  const body = { by: one.phone, subject: 'a group', members, ...more };
  return (await admin<{ id: string }>(simulator, 'POST', '/groups', body)).id;
}

const send = async (by: string, group: string, text: string) =>
  (await admin<{ id: string }>(simulator, 'POST', `/contacts/${by}/send`, { to: group, text })).id;
const change = (action: string, group: string, phone: string) =>
  admin(simulator, 'POST', `/groups/${group}/participants`, { by: one.phone, action, phones: [phone] });

test('what a client writes is shown to contacts once and read by other clients, and the receipts name the member', async () => {
  const id = await groupOf([ann, bob, two.phone]);
  const has = receiptsTo(one);
  await admin(simulator, 'PATCH', `/contacts/${ann}`, { autoRead: true });
  const sent = await one.sock.sendMessage(id, { text: 'hello everybody' });
  const messageId = sent?.key.id ?? '';
  for (const phone of [ann, bob]) {
    expect(await shown(phone, id, 'hello everybody')).toMatchObject({
      id: messageId,
      from: `${one.phone}:1`,
      decryptions: 1,
    });
  }
  const { key, pushName } = await messageOf(two, 'hello everybody');
  expect(key).toMatchObject({ remoteJid: id, id: messageId, fromMe: false, participant: lid(one.phone) });
  expect(key.participantAlt).toBe(pn(one.phone));
  expect(pushName).toBeTruthy();
  await eventually(
    'the receipts',
    () => has(messageId, bob, 'receiptTimestamp') && has(messageId, ann, 'readTimestamp'),
  );
  await admin(simulator, 'PATCH', `/contacts/${ann}`, { autoRead: false });
  const out = await eventually('the confirmations', async () => {
    const found = await record(messageId, one.phone);
    return found?.delivered.length === 3 ? found : undefined;
  });
  expect(out).toMatchObject({ direction: 'out', to: id, acked: true, resubmissions: 0, resends: 0 });
  expect([...out.delivered].sort()).toEqual([ann, bob, `${two.phone}:1`].sort());
  expect(await record(messageId, two.phone)).toMatchObject({ direction: 'in', from: `${one.phone}:1`, to: id });
});

test('what a contact writes is read by all clients and shown to the other contacts', async () => {
  const id = await groupOf([ann, bob, two.phone]);
  const messageId = await send(ann, id, 'hello from Ann');
  for (const client of [one, two]) {
    expect(await received(client, 'hello from Ann')).toEqual({ type: 'notify', text: 'hello from Ann', id: messageId });
    const { key } = await messageOf(client, 'hello from Ann');
    expect(key).toMatchObject({ remoteJid: id, participant: lid(ann), participantAlt: pn(ann) });
    await eventually('the confirmation', async () =>
      (await record(messageId, client.phone))?.delivered.includes(`${client.phone}:1`),
    );
  }
  expect(await shown(bob, id, 'hello from Ann')).toMatchObject({ id: messageId, from: ann });
  expect(await entriesOf(ann, id)).toEqual([]);
  const before = counters();
  for (const text of ['second', 'third']) await send(ann, id, text);
  await received(one, 'third');
  await received(two, 'third');
  expect(counters().retryReceiptsFromClients).toBe(before.retryReceiptsFromClients);
});

test('who was removed gets nothing, from clients that have not noticed as well', async () => {
  const id = await groupOf([ann, bob, two.phone]);
  const cached = await one.sock.groupMetadata(id);
  await send(ann, id, 'while everybody was there');
  await received(two, 'while everybody was there');
  await change('remove', id, two.phone);
  await change('remove', id, bob);
  const stale = await linkedClient(simulator, one.phone, { cachedGroupMetadata: async () => cached });
  await stale.sock.sendMessage(id, { text: 'not for those who left' });
  await shown(ann, id, 'not for those who left');
  await send(ann, id, 'nor this');
  await received(one, 'nor this');
  await two.sock.sendPresenceUpdate('available');
  expect((await entriesOf(bob, id)).map(({ text }) => text)).toEqual(['while everybody was there']);
  expect(two.texts.filter(({ text }) => text === 'not for those who left' || text === 'nor this')).toEqual([]);
  expect(simulator.network.account(two.phone)?.devices.get(1)?.queue.size).toBe(0);

  await change('add', id, two.phone);
  await send(ann, id, 'welcome back');
  await received(two, 'welcome back');
  await stale.close();
});

test('who was removed has no use for the key of a contact: it has a new one', async () => {
  const id = await groupOf([ann, two.phone]);
  const keys = simulator.network.account(ann)?.contact?.groups.keys;
  await send(ann, id, 'with the first key');
  await received(two, 'with the first key');
  const first = keys?.distribution(id).subarray(0, 6);
  await send(ann, id, 'with the same key');
  await received(one, 'with the same key');
  expect(keys?.distribution(id).subarray(0, 6)).toEqual(first);
  await change('remove', id, two.phone);
  await send(ann, id, 'with the second key');
  await received(one, 'with the second key');
  expect(keys?.distribution(id).subarray(0, 6)).not.toEqual(first);
});

test('a client sends to a group it was removed from, and is refused', async () => {
  const id = await groupOf([ann, two.phone]);
  await two.sock.sendMessage(id, { text: 'while I may' });
  await shown(ann, id, 'while I may');
  const metadata = await two.sock.groupMetadata(id);
  await change('remove', id, two.phone);
  const stale = await linkedClient(simulator, two.phone, { cachedGroupMetadata: async () => metadata });
  const sent = await stale.sock.sendMessage(id, { text: 'when I may not' });
  const ack = await eventually('the ack', () => stale.acks.find(({ attrs }) => attrs.id === sent?.key.id));
  expect(ack.attrs.error).toBe('403');
  expect(await admin(simulator, 'POST', `/contacts/${bob}/send`, { to: id, text: 'x' })).toMatchObject({
    statusCode: 403,
  });
  expect((await entriesOf(ann, id)).map(({ text }) => text)).toEqual(['while I may']);
  await stale.close();
});

test('in an announcement group only admins write', async () => {
  const id = await groupOf([ann, two.phone], { announcement: true });
  const sent = await two.sock.sendMessage(id, { text: 'not allowed' });
  await eventually('the error', () => two.statuses.find((each) => each.id === sent?.key.id && each.status === 0));
  expect(await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: id, text: 'x' })).toMatchObject({
    statusCode: 403,
    code: 'GROUP_REFUSED',
  });
  await change('promote', id, ann);
  await send(ann, id, 'an announcement');
  await received(two, 'an announcement');
  expect(await entriesOf(ann, id)).toEqual([]);
});

test('who is added later reads what comes from then on, and is read', async () => {
  const id = await groupOf([ann]);
  await one.sock.sendMessage(id, { text: 'before' });
  await shown(ann, id, 'before');
  await send(ann, id, 'also before');
  await received(one, 'also before');
  const before = counters();
  await change('add', id, two.phone);
  await change('add', id, bob);
  await one.sock.sendMessage(id, { text: 'after' });
  for (const phone of [ann, bob]) await shown(phone, id, 'after');
  await received(two, 'after');
  await send(ann, id, 'also after');
  await received(two, 'also after');
  await two.sock.sendMessage(id, { text: 'from the new one' });
  for (const phone of [ann, bob]) await shown(phone, id, 'from the new one');
  await received(one, 'from the new one');
  expect((await entriesOf(bob, id)).map(({ text }) => text)).toEqual(['after', 'also after', 'from the new one']);
  expect(two.texts.some(({ text }) => text === 'before' || text === 'also before')).toBe(false);
  const { undecryptable, retryReceiptsFromClients } = counters();
  expect({ undecryptable, retryReceiptsFromClients }).toEqual({
    undecryptable: before.undecryptable,
    retryReceiptsFromClients: before.retryReceiptsFromClients,
  });
});

test('a client that comes back goes on reading and is read: its sender keys are stored', async () => {
  let client = await linkedClient(simulator);
  const { phone } = client;
  const id = await groupOf([ann, phone]);
  const before = counters();
  for (const round of [1, 2, 3]) {
    await client.sock.sendMessage(id, { text: `round ${round}` });
    await shown(ann, id, `round ${round}`);
    await send(ann, id, `answer ${round}`);
    await received(client, `answer ${round}`);
    await client.close();
    client = Object.assign(await connect(simulator, client.auth), { phone });
  }
  const { undecryptable, retryReceiptsFromClients } = counters();
  expect([undecryptable, retryReceiptsFromClients]).toEqual([before.undecryptable, before.retryReceiptsFromClients]);
  await client.close();
});

test('what is written while a client is away waits for it, in order', async () => {
  const away = await linkedClient(simulator);
  const id = await groupOf([ann, bob, away.phone]);
  await send(ann, id, 'while it is there');
  await received(away, 'while it is there');
  await away.close();
  await eventually('offline', () => simulator.network.connected(away.phone).length === 0);
  const texts = Array.from({ length: 10 }, (_, index) => `while away ${index}`);
  await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: id, texts });
  await send(bob, id, 'from another one');
  await one.sock.sendMessage(id, { text: 'from a client' });
  await shown(ann, id, 'from a client');
  const back = await connect(simulator, away.auth);
  await eventually('all of them', () => back.texts.length === texts.length + 2);
  expect(back.texts.map(({ text }) => text)).toEqual([...texts, 'from another one', 'from a client']);
  expect(new Set(back.texts.map(({ type }) => type))).toEqual(new Set(['append']));
  await eventually('an empty queue', () => simulator.network.account(away.phone)?.devices.get(1)?.queue.size === 0);
  await back.close();
});

test('a contact that lacks the sender key asks for the message and is sent it again', async () => {
  const id = await groupOf([ann, bob]);
  await one.sock.sendMessage(id, { text: 'with the key' });
  await shown(ann, id, 'with the key');
  await admin(simulator, 'POST', `/contacts/${ann}/forget-sender-keys`, { group: id });
  const before = counters();
  const sent = await one.sock.sendMessage(id, { text: 'without the key' });
  await shown(ann, id, 'without the key');
  const after = counters();
  expect(after.undecryptable).toBe(before.undecryptable + 1);
  expect(after.retryReceiptsToClients).toBe(before.retryReceiptsToClients + 1);
  expect((await entriesOf(ann, id)).map(({ text }) => text)).toEqual(['with the key', 'without the key']);
  expect(await record(sent?.key.id ?? '', one.phone)).toMatchObject({ resubmissions: 0, resends: 1 });
  await one.sock.sendMessage(id, { text: 'with the key again' });
  await shown(ann, id, 'with the key again');
  expect(counters().undecryptable).toBe(after.undecryptable);
});

test('a client that lacks the sender key of a contact or of a client asks for it', async () => {
  const other = await linkedClient(simulator);
  const id = await groupOf([ann, other.phone]);
  await send(ann, id, 'with the key');
  await one.sock.sendMessage(id, { text: 'also with the key' });
  await received(other, 'with the key');
  await received(other, 'also with the key');
  const names = [`${id}::${lid(ann).split('@')[0]}_1::0`, `${id}::${lid(one.phone).split('@')[0]}_1::1`];
  const { keys } = other.auth;
  for (const name of names) expect((await keys.get('sender-key', [name]))[name]).toBeTruthy();
  await other.close();
  await keys.set({ 'sender-key': Object.fromEntries(names.map((name) => [name, null])) });
  const back = await connect(simulator, other.auth);
  const before = counters();
  const fromAnn = await send(ann, id, 'without the key');
  await received(back, 'without the key');
  const fromOne = await one.sock.sendMessage(id, { text: 'also without the key' });
  await received(back, 'also without the key');
  expect(counters().retryReceiptsFromClients).toBeGreaterThanOrEqual(before.retryReceiptsFromClients + 2);
  expect(await record(fromAnn, other.phone)).toMatchObject({ resends: 1 });
  expect(await record(fromOne?.key.id ?? '', one.phone)).toMatchObject({ resubmissions: 0, resends: 1 });
  for (const text of ['with the key from now on']) {
    await send(ann, id, text);
    await received(back, text);
  }
  await back.close();
});

test("an account's other device sees what the first one writes, and reads what others write", async () => {
  const second = await linkedClient(simulator, one.phone);
  const id = await groupOf([ann]);
  const sent = await one.sock.sendMessage(id, { text: 'for my other device' });
  const copy = await eventually('the copy', () =>
    second.messages.find(({ message }) => message.key.id === sent?.key.id && message.message),
  );
  expect(copy.message.key).toMatchObject({ fromMe: true, remoteJid: id });
  await send(ann, id, 'for both of you');
  await received(one, 'for both of you');
  await received(second, 'for both of you');
  await second.close();
});

test('clients read and type in a group, and their members see who does', async () => {
  const id = await groupOf([ann, two.phone]);
  const has = receiptsTo(one);
  const presences: BaileysEventMap['presence.update'][] = [];
  one.sock.ev.on('presence.update', (update) => presences.push(update));
  const sent = await one.sock.sendMessage(id, { text: 'read me' });
  const { key } = await messageOf(two, 'read me');
  await two.sock.readMessages([key]);
  await eventually('read', () => has(sent?.key.id ?? '', two.phone, 'readTimestamp'));
  const played = { by: ann, to: one.phone, ids: [sent?.key.id], type: 'played' };
  await admin(simulator, 'POST', `/groups/${id}/receipts`, played);
  await eventually('played', () => one.receipts.find(({ attrs }) => attrs.type === 'played'));
  expect((await record(sent?.key.id ?? '', one.phone))?.receipts).toMatchObject({ played: 1 });
  await two.sock.sendPresenceUpdate('composing', id);
  await eventually('typing', () => presences.find((each) => each.id === id && each.presences[lid(two.phone)]));
  await admin(simulator, 'POST', `/groups/${id}/chatstate`, { by: ann, state: 'recording' });
  await eventually('recording', () =>
    presences.find((each) => each.presences[lid(ann)]?.lastKnownPresence === 'recording'),
  );
  const { chatStates } = await admin<{ chatStates: object[] }>(simulator, 'POST', '/contacts', { phone: ann });
  expect(chatStates.at(-1)).toMatchObject({ from: two.phone, state: 'composing' });
});

test('a contact echoes in the group, once although others echo', async () => {
  for (const phone of [ann, bob])
    await admin(simulator, 'PATCH', `/contacts/${phone}`, { echo: `${phone} says {text}` });
  const id = await groupOf([ann, bob]);
  await one.sock.sendMessage(id, { text: 'one' });
  for (const phone of [ann, bob]) await received(one, `${phone} says one`);
  for (const phone of [ann, bob]) await admin(simulator, 'PATCH', `/contacts/${phone}`, { echo: false });
  expect(one.texts.filter(({ text }) => text.endsWith('says one'))).toHaveLength(2);
});

test('a message that is submitted twice is shown once and counted', async () => {
  const id = await groupOf([ann, bob]);
  const messageId = '3EB0GROUPTWICE01';
  await one.sock.sendMessage(id, { text: 'twice' }, { messageId });
  await shown(ann, id, 'twice');
  await one.sock.sendMessage(id, { text: 'twice' }, { messageId });
  await eventually('the second decryption', async () => (await entriesOf(ann, id))[0]?.decryptions === 2);
  expect(await entriesOf(ann, id)).toHaveLength(1);
  expect(await record(messageId, one.phone)).toMatchObject({ resubmissions: 1, resends: 0 });
});

test('a busy group keeps the order of each member, and nothing is unreadable', async () => {
  const id = await groupOf([ann, bob, two.phone]);
  await one.sock.sendMessage(id, { text: 'out 0' });
  await shown(ann, id, 'out 0');
  const before = counters();
  const texts = (name: string) => Array.from({ length: 40 }, (_, index) => `${name} ${index}`);
  const inbound = [ann, bob].map((by) =>
    admin(simulator, 'POST', `/contacts/${by}/send`, { to: id, texts: texts(by) }),
  );
  for (let index = 1; index <= 20; index += 1) await one.sock.sendMessage(id, { text: `out ${index}` });
  await Promise.all(inbound);
  for (const client of [one, two]) {
    for (const by of [ann, bob]) {
      const from = () =>
        client.texts.map(({ text }) => text).filter((text) => text.startsWith(`${by} `) && !text.includes('says'));
      await eventually('all of them', () => from().length === 40, 15_000);
      expect(from()).toEqual(texts(by));
    }
  }
  await shown(ann, id, 'out 20');
  const outs = (await entriesOf(bob, id)).flatMap(({ text }) => (text?.startsWith('out') ? [text] : []));
  expect(outs).toEqual(Array.from({ length: 21 }, (_, index) => `out ${index}`));
  const after = counters();
  expect([after.undecryptable, after.retryReceiptsFromClients, after.secondDecryptions]).toEqual([
    before.undecryptable,
    before.retryReceiptsFromClients,
    before.secondDecryptions,
  ]);
});

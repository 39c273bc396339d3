import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxEntry } from '../src/people/inbox.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, connect, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

interface InboxView {
  undecryptable: number;
  retriesSent: number;
  secondDecryptions: number;
  entries: InboxEntry[];
}

let simulator: Simulator;
let client: Client & { phone: string };
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator);
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const inboxOf = (phone: string) => admin<InboxView>(simulator, 'GET', `/contacts/${phone}/inbox`);
const shown = (phone: string, text: string) =>
  eventually(`${text} in the inbox`, async () => (await inboxOf(phone)).entries.find((entry) => entry.text === text));

test('a text is acknowledged, shown once, delivered and read', async () => {
  await admin(simulator, 'PATCH', `/contacts/${ann}`, { autoRead: true });
  const sent = await client.sock.sendMessage(annJid, { text: 'hello Ann' });
  const id = sent?.key.id ?? '';
  expect(await shown(ann, 'hello Ann')).toMatchObject({ id, chat: client.phone, decryptions: 1 });
  await eventually('the ack', () => client.acks.find(({ attrs }) => attrs.id === id && attrs.class === 'message'));
  await eventually('read', () => client.statuses.find((each) => each.id === id && each.status === 4));
  const [record] = await admin<object[]>(simulator, 'GET', `/messages/${id}`);
  expect(record).toMatchObject({
    account: client.phone,
    direction: 'out',
    acked: true,
    delivered: [ann],
    receipts: { delivery: 1, read: 1 },
    resubmissions: 0,
  });
  await admin(simulator, 'PATCH', `/contacts/${ann}`, { autoRead: false });
});

test('a contact writes, and the client gets it at once and confirms it', async () => {
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    text: 'hello client',
  });
  const got = await eventually('the message', () => client.texts.find((each) => each.id === id));
  expect(got).toEqual({ type: 'notify', text: 'hello client', id });
  const record = await eventually('the confirmation', async () => {
    const [found] = await admin<{ delivered: string[] }[]>(simulator, 'GET', `/messages/${id}`);
    return found?.delivered.length ? found : undefined;
  });
  expect(record).toMatchObject({ direction: 'in', from: ann, delivered: [`${client.phone}:1`] });
});

test('a contact echoes, addressed by LID as well', async () => {
  const phone = '5511900000002';
  await admin(simulator, 'POST', '/contacts', { phone, echo: 'you said {text}', addressing: 'lid' });
  await client.sock.sendMessage(`${phone}@s.whatsapp.net`, { text: 'one' });
  await eventually('the echo', () => client.texts.find(({ text }) => text === 'you said one'));
});

test('a number that nobody has is not on WhatsApp', async () => {
  expect(await client.sock.onWhatsApp('5511911111111', ann)).toEqual([{ jid: annJid, exists: true }]);
  const sent = await client.sock.sendMessage('5511911111111@s.whatsapp.net', { text: 'nobody' });
  const ack = await eventually('the ack', () => client.acks.find(({ attrs }) => attrs.id === sent?.key.id));
  expect(ack.attrs.error).toBe('404');
});

test('what comes while the client is away is there within a second of its return, as appended', async () => {
  const away = await linkedClient(simulator);
  await away.close();
  const texts = Array.from({ length: 12 }, (_, index) => `while away ${index}`);
  await eventually('offline', () => simulator.network.connected(away.phone).length === 0);
  await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: away.phone, texts });
  const back = await connect(simulator, away.auth);
  await eventually('all of them', () => back.texts.length === texts.length, 2_000);
  expect(back.texts.map(({ text }) => text)).toEqual(texts);
  expect(new Set(back.texts.map(({ type }) => type))).toEqual(new Set(['append']));
  await eventually('an empty queue', () => simulator.network.account(away.phone)?.devices.get(1)?.queue.size === 0);
  await back.close();
});

test('a client that comes back keeps its sessions in both directions', async () => {
  const before = simulator.network.counters.values.undecryptable;
  let other = await linkedClient(simulator);
  const { phone } = other;
  for (const round of [1, 2, 3]) {
    await other.sock.sendMessage(annJid, { text: `round ${round}` });
    await shown(ann, `round ${round}`);
    await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: phone, text: `answer ${round}` });
    const current = other;
    await eventually('the answer', () => current.texts.find(({ text }) => text === `answer ${round}`));
    await other.close();
    other = Object.assign(await connect(simulator, other.auth), { phone });
  }
  expect(simulator.network.counters.values.undecryptable).toBe(before);
  expect(simulator.network.counters.values.retryReceiptsFromClients).toBe(0);
  await other.close();
});

test('two linked accounts write to each other', async () => {
  const other = await linkedClient(simulator);
  // It says so by itself from its second connection on, when it knows its name.
  await eventually('its name', () => other.auth.creds.me?.name);
  await other.sock.sendPresenceUpdate('available');
  const sent = await client.sock.sendMessage(`${other.phone}@s.whatsapp.net`, { text: 'from client to client' });
  const got = await eventually('the message', () => other.texts.find(({ text }) => text === 'from client to client'));
  expect(got).toMatchObject({ type: 'notify', id: sent?.key.id });
  await eventually('delivered', () => client.statuses.find(({ id, status }) => id === sent?.key.id && status === 3));
  await other.sock.sendMessage(`${client.phone}@s.whatsapp.net`, { text: 'and back' });
  await eventually('the answer', () => client.texts.find(({ text }) => text === 'and back'));
  await other.close();
});

test("an account's second device sees what the first one sends, as sent by itself", async () => {
  const second = await linkedClient(simulator, client.phone);
  expect(second.sock.user?.id).toBe(`${client.phone}:2@s.whatsapp.net`);
  const sent = await client.sock.sendMessage(annJid, { text: 'for both of us' });
  const copy = await eventually('the copy', () =>
    second.messages.find(({ message }) => message.key.id === sent?.key.id && message.message),
  );
  expect(copy.message.key).toMatchObject({ fromMe: true, remoteJid: annJid });
  await second.close();
});

test('a contact that cannot read a message asks for it and is sent it again', async () => {
  const fresh = '5511900000003';
  await admin(simulator, 'POST', '/contacts', { phone: fresh });
  const jid = `${fresh}@s.whatsapp.net`;
  await client.sock.sendMessage(jid, { text: 'before' });
  await shown(fresh, 'before');
  // Its answer ends the client's pre-key messages: what follows needs the session.
  await admin(simulator, 'POST', `/contacts/${fresh}/send`, { to: client.phone, text: 'go on' });
  await eventually('the answer', () => client.texts.find(({ text }) => text === 'go on'));
  await admin(simulator, 'POST', `/contacts/${fresh}/forget-sessions`);
  const sent = await client.sock.sendMessage(jid, { text: 'after' });
  await shown(fresh, 'after');
  const inbox = await inboxOf(fresh);
  expect(inbox.undecryptable).toBeGreaterThanOrEqual(1);
  expect(inbox.retriesSent).toBeGreaterThanOrEqual(1);
  expect(inbox.entries.filter(({ text }) => text === 'after')).toHaveLength(1);
  const [record] = await admin<object[]>(simulator, 'GET', `/messages/${sent?.key.id}`);
  expect(record).toMatchObject({ resubmissions: 0, resends: expect.any(Number) });
});

test('a client that cannot read a message asks for it and is sent it again', async () => {
  const other = await linkedClient(simulator);
  const send = (text: string) => admin(simulator, 'POST', `/contacts/${ann}/send`, { to: other.phone, text });
  await send('first');
  await eventually('the first', () => other.texts.find(({ text }) => text === 'first'));
  await other.sock.sendMessage(annJid, { text: 'thanks' });
  await shown(ann, 'thanks');
  const lid = simulator.network.account(ann)?.lid;
  await other.sock.authState.keys.set({ session: { [`${lid}_1.0`]: null } });
  await send('second');
  await eventually('the second', () => other.texts.find(({ text }) => text === 'second'));
  expect(simulator.network.counters.values.retryReceiptsFromClients).toBeGreaterThanOrEqual(1);
  await other.close();
});

test('a withheld ack leaves the message delivered and the client without an answer', async () => {
  await admin(simulator, 'POST', '/faults/drop-acks', { phone: client.phone, count: 1 });
  const sent = await client.sock.sendMessage(annJid, { text: 'no ack for this' });
  await shown(ann, 'no ack for this');
  const next = await client.sock.sendMessage(annJid, { text: 'but for this' });
  await eventually('the next ack', () => client.acks.find(({ attrs }) => attrs.id === next?.key.id));
  expect(client.acks.find(({ attrs }) => attrs.id === sent?.key.id && attrs.class === 'message')).toBeUndefined();
});

test('a message that is submitted twice is shown once and counted', async () => {
  const messageId = '3EB0TWICE000001';
  await client.sock.sendMessage(annJid, { text: 'twice' }, { messageId });
  await shown(ann, 'twice');
  await client.sock.sendMessage(annJid, { text: 'twice' }, { messageId });
  const entry = await eventually('the second decryption', async () => {
    const found = (await inboxOf(ann)).entries.filter(({ id }) => id === messageId);
    return found[0]?.decryptions === 2 ? found : undefined;
  });
  expect(entry).toHaveLength(1);
  expect(await admin(simulator, 'GET', `/messages/${messageId}`)).toMatchObject([{ resubmissions: 1 }]);
});

test('a refused message becomes an error at the client and reaches nobody', async () => {
  await admin(simulator, 'POST', '/faults/refuse-messages', { phone: client.phone, code: '479', count: 1 });
  const sent = await client.sock.sendMessage(annJid, { text: 'refused' });
  await eventually('the error', () => client.statuses.find(({ id, status }) => id === sent?.key.id && status === 0));
  expect((await inboxOf(ann)).entries.some(({ text }) => text === 'refused')).toBe(false);
});

test('a busy chat keeps its order in both directions, and nothing is unreadable', async () => {
  const phone = '5511900000004';
  await admin(simulator, 'POST', '/contacts', { phone });
  const other = await linkedClient(simulator);
  await other.sock.sendMessage(`${phone}@s.whatsapp.net`, { text: 'out 0' });
  await shown(phone, 'out 0');
  const before = { ...simulator.network.counters.values };
  const texts = Array.from({ length: 100 }, (_, index) => `in ${index}`);
  const inbound = admin(simulator, 'POST', `/contacts/${phone}/send`, { to: other.phone, texts });
  for (let index = 1; index <= 50; index += 1) {
    await other.sock.sendMessage(`${phone}@s.whatsapp.net`, { text: `out ${index}` });
  }
  await inbound;
  await eventually('all of them', () => other.texts.length >= texts.length, 15_000);
  expect(other.texts.map(({ text }) => text)).toEqual(texts);
  await shown(phone, 'out 50');
  const inbox = await inboxOf(phone);
  expect(inbox.entries.map(({ text }) => text)).toEqual(Array.from({ length: 51 }, (_, index) => `out ${index}`));
  expect(inbox).toMatchObject({ undecryptable: 0, secondDecryptions: 0 });
  const after = simulator.network.counters.values;
  expect(after.retryReceiptsFromClients).toBe(before.retryReceiptsFromClients);
  const orders = await admin<{ order: number }[]>(simulator, 'GET', `/messages?account=${other.phone}&direction=out`);
  expect(orders.map(({ order }) => order)).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
  await other.close();
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { repairCurve, repairLibsignal } from '../src/index.ts';
import { textOf } from './account.ts';
import { testBed } from './bed.ts';
import { type Client, type Connection, createClient, link, reconnect } from './client.ts';

repairLibsignal();
repairCurve();

const bed = testBed();
/** First digits of the numbers. */
const series = { contact: '4930', phone: '4940' };

async function createPair(latencyMs = 0) {
  const { phone, ...contact } = await bed.createPeople(series);
  const client = createClient(bed.simulator, bed.redis, phone, latencyMs);
  const connection = await link(bed.simulator, client);
  return { client, connection, ...contact };
}

const inboxTexts = async (contact: string) => (await bed.simulator.inbox(contact)).entries.map(({ text }) => text);
const received = ({ store }: Client) => store.commits.flatMap(({ inbound }) => inbound);
const receivedTexts = (client: Client) => received(client).map(({ plaintext }) => textOf(plaintext));
const ledger = async (id: string) => (await bed.simulator.message(id))[0];
const patience = { timeout: 10_000 };
const range = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name} ${index}`);

/** What nobody could read since the last call. */
async function unreadable() {
  const { undecryptable, retryReceiptsFromClients, nacksFromClients } = await bed.simulator.counters();
  return { undecryptable, retryReceiptsFromClients, nacks: Object.keys(nacksFromClients).length };
}

describe('two-way load in one chat, 10 out and 20 in per second, with a store that takes 2 ms', () => {
  test.each([
    { name: 'is readable on both sides', seconds: 10, cut: undefined },
    { name: 'stays so over a lost connection', seconds: 6, cut: { fresh: false } },
    { name: 'stays so when another process takes over', seconds: 6, cut: { fresh: true } },
  ])(
    '$name',
    async ({ seconds, cut }) => {
      const before = await unreadable();
      const { client, contact, contactJid, connection: first } = await createPair(2);
      let connection: Connection | undefined = first;

      const outgoing = async () => {
        for (const text of range(seconds * 10, 'out')) {
          await sleep(100);
          while (!connection?.open) await sleep(20);
          await connection.send(contactJid, text).catch(async () => {
            // Cut while it was sent: it may or may not have arrived. Not what is measured here.
          });
        }
      };
      const incoming = async () => {
        for (const text of range(seconds * 20, 'in')) {
          await sleep(50);
          await bed.simulator.contactSend(contact, client.phone, text);
        }
      };
      const cutting = async () => {
        if (!cut) return;
        await sleep(2000);
        await bed.simulator.fault('drop', { phone: client.phone });
        await expect.poll(() => first.closed, patience).toBe(true);
        await first.close();
        connection = undefined;
        await sleep(1000);
        connection = await reconnect(client, cut);
      };
      await Promise.all([outgoing(), incoming(), cutting()]);

      await expect.poll(() => receivedTexts(client).length, patience).toBe(seconds * 20);
      expect([...receivedTexts(client)].sort()).toEqual(range(seconds * 20, 'in').sort());
      // One send may have been under way when the connection was cut.
      const arrived = seconds * 10 - (cut ? 1 : 0);
      await expect.poll(async () => (await inboxTexts(contact)).length, patience).toBeGreaterThanOrEqual(arrived);
      expect(await unreadable()).toEqual(before);
      await connection?.close();
    },
    60_000,
  );
});

test('a message and the session that decrypted it are stored by one commit', async () => {
  const { client, connection, contact } = await createPair();
  await bed.simulator.contactSend(contact, client.phone, 'hello');
  await expect.poll(() => receivedTexts(client), patience).toEqual(['hello']);
  const commit = client.store.commits.find(({ inbound }) => inbound.length > 0);
  expect([...(commit?.set.keys() ?? [])].filter((field) => field.startsWith('session:'))).toHaveLength(1);
  expect(commit?.remove.filter((field) => field.startsWith('pre-key:'))).toHaveLength(1);
  await connection.close();
});

test('a message is not acknowledged before it is stored', async () => {
  const { client, connection, contact } = await createPair();
  const release = client.store.hold();
  const id = await bed.simulator.contactSend(contact, client.phone, 'hello');
  await expect.poll(() => client.store.committing, patience).toBe(1);
  await sleep(300);
  expect((await ledger(id))?.receipts).toEqual({});
  release();
  await expect.poll(async () => (await ledger(id))?.delivered, patience).toEqual([`${client.phone}:1`]);
  await connection.close();
});

test('a phone is answered when the credentials of its new device are stored', async () => {
  const { phone } = await bed.createPeople(series);
  const client = createClient(bed.simulator, bed.redis, phone);
  const connection = await client.connect({ mayCreate: true });
  await expect.poll(() => connection.qr, patience).toBeDefined();
  await connection.auth.flush();
  const release = client.store.hold();
  const scanning = bed.simulator.scanQr(connection.qr ?? '', { phone });
  await expect.poll(() => client.store.committing, patience).toBe(1);
  await sleep(300);
  expect((await bed.simulator.account(phone)).devices).toEqual([]);
  release();
  await scanning;
  await expect.poll(() => connection.closed, patience).toBe(true);
  expect(connection.auth.state.creds.signalIdentities).toHaveLength(1);
  await connection.close();
  await (await reconnect(client, { fresh: true })).close();
});

test('a stanza leaves after its ratchet is stored', async () => {
  const { client, connection, contact, contactJid } = await createPair();
  await connection.send(contactJid, 'first');
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first']);
  const { messagesAccepted } = await bed.simulator.counters();
  const release = client.store.hold();
  const sending = connection.send(contactJid, 'second');
  await expect.poll(() => client.store.committing, patience).toBe(1);
  await sleep(300);
  expect((await bed.simulator.counters()).messagesAccepted).toBe(messagesAccepted);
  // Everything else goes on meanwhile.
  expect(await connection.sock.onWhatsApp(contact)).toHaveLength(1);
  release();
  await sending;
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first', 'second']);
  await connection.close();
});

test('so does one that is sent again for a retry receipt', async () => {
  const { client, connection, contact, contactJid } = await createPair();
  await connection.send(contactJid, 'first');
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first']);
  await bed.simulator.contactSend(contact, client.phone, 'answer');
  await expect.poll(() => receivedTexts(client), patience).toEqual(['answer']);
  await bed.simulator.call('POST', `/contacts/${contact}/forget-sessions`, {});
  const { retryReceiptsToClients } = await bed.simulator.counters();
  const id = await connection.send(contactJid, 'second');
  const release = client.store.hold();
  await expect
    .poll(async () => (await bed.simulator.counters()).retryReceiptsToClients, patience)
    .toBeGreaterThan(retryReceiptsToClients);
  await expect.poll(() => client.store.committing, patience).toBe(1);
  await sleep(300);
  expect((await ledger(id))?.resends).toBe(0);
  release();
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first', 'second']);
  await connection.close();
});

test('a stanza whose ratchet cannot be stored does not leave, and the socket is closed', async () => {
  const { client, connection, contact, contactJid } = await createPair();
  await connection.send(contactJid, 'first');
  await connection.auth.flush();
  const { messagesAccepted } = await bed.simulator.counters();
  client.store.failNext('commit');
  await expect(connection.send(contactJid, 'lost')).rejects.toThrow();
  await expect.poll(() => connection.closed, patience).toBe(true);
  await connection.close();
  const again = await reconnect(client);
  expect((await bed.simulator.counters()).messagesAccepted).toBe(messagesAccepted);
  await again.send(contactJid, 'second');
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first', 'second']);
  await again.close();
});

test('a message that cannot be stored is not acknowledged, and comes again', async () => {
  const { client, connection, contact } = await createPair();
  const before = await unreadable();
  await bed.simulator.contactSend(contact, client.phone, 'first');
  await expect.poll(() => receivedTexts(client), patience).toEqual(['first']);
  await connection.auth.flush();
  client.store.failNext('commit');
  const id = await bed.simulator.contactSend(contact, client.phone, 'second');
  await expect.poll(() => connection.closed, patience).toBe(true);
  await connection.close();
  expect((await ledger(id))?.delivered).toEqual([]);
  const again = await reconnect(client);
  await expect.poll(() => receivedTexts(client), patience).toEqual(['first', 'second']);
  await expect.poll(async () => (await ledger(id))?.delivered, patience).toEqual([`${client.phone}:1`]);
  expect(await unreadable()).toEqual(before);
  await again.close();
});

test('a message that was stored but not acknowledged is acknowledged when it comes again, and stored once', async () => {
  const { client, connection, contact } = await createPair();
  const before = await unreadable();
  await bed.simulator.contactSend(contact, client.phone, 'first');
  await expect.poll(() => receivedTexts(client), patience).toEqual(['first']);
  await connection.auth.flush();
  const release = client.store.hold();
  const id = await bed.simulator.contactSend(contact, client.phone, 'second');
  await expect.poll(() => client.store.committing, patience).toBe(1);
  // The process dies between the commit and the receipt.
  await bed.simulator.fault('drop', { phone: client.phone });
  await expect.poll(() => connection.closed, patience).toBe(true);
  release();
  await connection.close();
  expect((await ledger(id))?.delivered).toEqual([]);
  const again = await reconnect(client, { fresh: true });
  await expect.poll(async () => (await ledger(id))?.delivered, patience).toEqual([`${client.phone}:1`]);
  expect(receivedTexts(client)).toEqual(['first', 'second']);
  expect(await unreadable()).toEqual(before);
  await again.close();
});

test('a read that fails closes the socket, and costs no session', async () => {
  const { client, connection, contact, contactJid } = await createPair();
  const before = await unreadable();
  await connection.send(contactJid, 'first');
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first']);
  await connection.close();
  const cold = await reconnect(client, { fresh: true });
  client.store.failNext('load');
  await expect(cold.send(contactJid, 'lost')).rejects.toThrow();
  await expect.poll(() => cold.closed, patience).toBe(true);
  await cold.close();
  const again = await reconnect(client, { fresh: true });
  await again.send(contactJid, 'second');
  await bed.simulator.contactSend(contact, client.phone, 'answer');
  await expect.poll(() => inboxTexts(contact), patience).toEqual(['first', 'second']);
  await expect.poll(() => receivedTexts(client), patience).toEqual(['answer']);
  expect(await unreadable()).toEqual(before);
  await again.close();
});

import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { downloadMediaMessage, type WAMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;
const document = { mimetype: 'application/octet-stream', fileName: 'file.bin' };

interface Statistics {
  uploads: number;
  downloads: number;
  uploadsByHash: Record<string, number>;
}

let simulator: Simulator;
let client: Client & { phone: string };
let agent: Agent;
beforeAll(async () => {
  simulator = await testSimulator();
  // Downloads go through the global fetch, which takes no agent.
  // Not 'default': that would keep another simulator's authority, which has the same name.
  setDefaultCACertificates([...getCACertificates('bundled'), simulator.ca]);
  agent = new Agent({ ca: simulator.ca });
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator, undefined, { fetchAgent: agent });
});
afterAll(async () => {
  await client.close();
  agent.destroy();
  await simulator.close();
});

const statistics = () => admin<Statistics>(simulator, 'GET', '/media/statistics');

/** Lets Ann send a file, and waits until the client has the message. */
async function received(bytes: Buffer): Promise<WAMessage> {
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, {
    to: client.phone,
    content: { kind: 'document', bytes: bytes.toString('base64'), mimetype: document.mimetype },
  });
  const found = await eventually('the message', () => client.messages.find(({ message }) => message.key.id === id));
  return found.message;
}

function download(message: WAMessage): Promise<Buffer> {
  return downloadMediaMessage(message, 'buffer', {});
}

/** Downloads what has expired: Baileys itself does not take its own 410 for a reason to ask the phone. */
async function downloadAgain(message: WAMessage): Promise<Buffer> {
  await expect(download(message)).rejects.toMatchObject({ output: { statusCode: 410 } });
  return download(await client.sock.updateMediaMessage(message));
}

test('what a client uploads is counted once, and verified by the contact', async () => {
  const before = await statistics();
  const sent = await client.sock.sendMessage(annJid, { document: randomBytes(100_000), ...document });
  expect((await statistics()).uploads - before.uploads).toBe(1);
  const { uploadsByHash } = await statistics();
  const hash = Buffer.from(sent?.message?.documentMessage?.fileEncSha256 ?? []).toString('base64url');
  expect(uploadsByHash[hash]).toBe(1);
  const listed = await admin<{ hash: string; uploadedBy: string }[]>(simulator, 'GET', '/media');
  expect(listed).toContainEqual(expect.objectContaining({ hash, uploadedBy: `${client.phone}:1`, kind: 'document' }));
  expect((await download(sent as WAMessage)).length).toBe(100_000);
});

test('a client downloads what a contact sends', async () => {
  const bytes = randomBytes(300_000);
  expect((await download(await received(bytes))).equals(bytes)).toBe(true);
});

test('an upload that fails once is tried again, with a new token, and counted once', async () => {
  const before = await statistics();
  await admin(simulator, 'POST', '/faults/media', { mode: 'status', on: 'upload', status: 500 });
  await expect(client.sock.sendMessage(annJid, { document: randomBytes(100), ...document })).rejects.toThrow();
  await client.sock.sendMessage(annJid, { document: randomBytes(100), ...document });
  expect((await statistics()).uploads - before.uploads).toBe(1);
});

test('the phone uploads expired media again when the client asks', async () => {
  // A client that has never uploaded does not know the host for the new path.
  await client.sock.refreshMediaConn(true);
  const bytes = randomBytes(2_000);
  const message = await received(bytes);
  const path = message.message?.documentMessage?.directPath;
  await admin(simulator, 'POST', '/media/expire', { path });
  expect((await downloadAgain(message)).equals(bytes)).toBe(true);
  expect(message.message?.documentMessage?.directPath).not.toBe(path);
  expect(await admin<object[]>(simulator, 'GET', '/media/retries')).toContainEqual(
    expect.objectContaining({ id: message.key.id, device: `${client.phone}:1`, result: 'success' }),
  );
});

test.each([
  ['not-found', 404],
  ['decryption-error', 412],
  ['general-error', 418],
])('a phone that answers %s', async (answer, statusCode) => {
  const message = await received(randomBytes(100));
  await admin(simulator, 'POST', '/media/expire', { path: message.message?.documentMessage?.directPath });
  await admin(simulator, 'POST', '/media/retries', { phone: client.phone, answer });
  await expect(downloadAgain(message)).rejects.toMatchObject({ output: { statusCode } });
});

test('a phone that does not answer', async () => {
  const message = await received(randomBytes(100));
  await admin(simulator, 'POST', '/media/retries', { phone: client.phone, answer: 'silent' });
  let answered = false;
  client.sock.ev.on('messages.media-update', () => {
    answered = true;
  });
  client.sock.updateMediaMessage(message).catch(() => undefined);
  const requests = () => admin<{ id: string; result: string }[]>(simulator, 'GET', '/media/retries');
  const asked = await eventually('the request', async () => (await requests()).find(({ id }) => id === message.key.id));
  expect(asked.result).toBe('silent');
  // Whatever the phone had answered would have come before this.
  await client.sock.fetchBlocklist();
  expect(answered).toBe(false);
});

test('a phone that knows nothing of a message says so', async () => {
  await admin(simulator, 'POST', '/media/retries', { phone: client.phone, answer: 'success' });
  const message = await received(randomBytes(100));
  const unknown = { ...message, key: { ...message.key, id: '3ANOBODYKNOWS' } };
  await expect(client.sock.updateMediaMessage(unknown)).rejects.toMatchObject({ output: { statusCode: 404 } });
});

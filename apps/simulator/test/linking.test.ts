import { BufferJSON } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, Client, connect, eventually, linkedClient, newAuth, testSimulator } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await testSimulator();
});
afterAll(() => simulator.close());

test('a client links by QR code, is restarted, and logs in with its own number and LID', async () => {
  const client = await linkedClient(simulator, '5511955550001');
  expect(client.sock.user?.id).toBe('5511955550001:1@s.whatsapp.net');
  expect(client.sock.user?.lid).toMatch(/^\d{15}:1@lid$/);
  expect(simulator.network.account('5511955550001')?.devices.get(1)?.preKeys.size).toBeGreaterThan(700);
  await client.close();
});

test("the QR code's text alone is enough, as a text body", async () => {
  const client = new Client(simulator, newAuth());
  const qr = await eventually('a QR code', () => client.qr);
  const linked = await admin<{ jid: string; device: number }>(simulator, 'POST', '/mock-phone/scan-qr', qr);
  expect(linked).toMatchObject({ device: 1, jid: expect.stringMatching(/^55119\d{8}:1@s\.whatsapp\.net$/) });
  await eventually('the restart', () => client.closed === 515);
});

test('a QR code works once, and only while its client is connected', async () => {
  const client = new Client(simulator, newAuth());
  const qr = await eventually('a QR code', () => client.qr);
  await client.close();
  await eventually('the end', async () => {
    const answer = await admin<{ code: string }>(simulator, 'POST', '/mock-phone/scan-qr', { qr });
    return answer.code === 'UNKNOWN_QR';
  });
  expect(await admin(simulator, 'POST', '/mock-phone/scan-qr', 'nonsense')).toMatchObject({
    statusCode: 400,
    code: 'INVALID_QR',
  });
});

test('a client links by pairing code, with a dash in it', async () => {
  const first = new Client(simulator, newAuth());
  await eventually('a QR code', () => first.qr);
  const code = await first.sock.requestPairingCode('5511955550002');
  const entered = { phone: '5511955550002', code: `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}` };
  const linked = await eventually('the code', async () => {
    const answer = await admin<{ code?: string; jid?: string }>(simulator, 'POST', '/mock-phone/enter-code', entered);
    return answer.code === 'NO_REQUEST' ? undefined : answer;
  });
  expect(linked).toMatchObject({ jid: '5511955550002:1@s.whatsapp.net', device: 1 });
  await eventually('the restart', () => first.closed === 515);
  const client = await connect(simulator, first.auth);
  expect(client.sock.user?.id).toBe('5511955550002:1@s.whatsapp.net');
  await client.close();
});

test('a wrong pairing code is refused with a reason, and the right one is accepted after it', async () => {
  const client = new Client(simulator, newAuth());
  await eventually('a QR code', () => client.qr);
  const code = await client.sock.requestPairingCode('5511955550003');
  const wrong = code === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA';
  const refused = await eventually('the request', async () => {
    const answer = await admin<{ code: string }>(simulator, 'POST', '/mock-phone/enter-code', {
      phone: '5511955550003',
      code: wrong,
    });
    return answer.code === 'NO_REQUEST' ? undefined : answer;
  });
  expect(refused).toMatchObject({ statusCode: 400, code: 'WRONG_CODE' });
  const linked = await admin(simulator, 'POST', '/mock-phone/enter-code', { phone: '5511955550003', code });
  expect(linked).toMatchObject({ phone: '5511955550003' });
  await client.close();
});

test('a login without a device, as after an unfinished pairing code, is refused with 401', async () => {
  const first = new Client(simulator, newAuth());
  await eventually('a QR code', () => first.qr);
  await first.sock.requestPairingCode('5511955550004');
  await first.close();
  const second = new Client(simulator, first.auth);
  await eventually('the refusal', () => second.closed === 401);
});

test('devices that were linked at once have what a pairing gives, log in, and get messages', async () => {
  const paired = await linkedClient(simulator, '5511955550011');
  interface Stored {
    shared: Record<string, string>;
    devices: { phone: string; jid: string; files: Record<string, string> }[];
  }
  const { shared, devices } = await admin<Stored>(simulator, 'POST', '/stored-devices', { count: 2, preKeys: 40 });
  expect(new Set(devices.map(({ phone }) => phone)).size).toBe(2);
  expect(Object.keys(shared)).toHaveLength(40);
  const [first] = devices;
  const read = (file: string) => JSON.parse({ ...shared, ...first?.files }[file] ?? '', BufferJSON.reviver);
  const auth = newAuth();
  const { lastAccountSyncTimestamp: _of, ...ofPaired } = paired.auth.creds;
  auth.creds = read('creds.json');
  // JSON leaves out what is undefined.
  const given = Object.entries(ofPaired).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  expect(Object.keys(auth.creds)).toEqual(expect.arrayContaining(given.filter((name) => name !== 'lastPropHash')));
  for (const file of Object.keys(shared)) {
    const id = file.slice('pre-key-'.length, -'.json'.length);
    await auth.keys.set({ 'pre-key': { [id]: read(file) } });
  }
  const client = await connect(simulator, auth);
  expect(client.sock.user?.id).toBe(first?.jid);
  const phone = '5511900000011';
  await admin(simulator, 'POST', '/contacts', { phone });
  await admin(simulator, 'POST', `/contacts/${phone}/send`, { to: first?.phone, text: 'hello' });
  await eventually('the message', () => client.texts.some(({ text }) => text === 'hello'));
  // None was made anew: those that it has are known.
  expect(client.auth.creds.nextPreKeyId).toBe(41);
  await Promise.all([paired.close(), client.close()]);
});

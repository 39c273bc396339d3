import type { WACallEvent } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';

interface Call {
  id: string;
  state: string;
  by?: string;
}

let simulator: Simulator;
let client: Client & { phone: string };
const events: WACallEvent[] = [];
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator);
  client.sock.ev.on('call', (calls) => events.push(...calls));
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const ring = (body: object = {}) =>
  admin<Call>(simulator, 'POST', `/contacts/${ann}/call`, { to: client.phone, ...body });
const callOf = (id: string) => admin<Call>(simulator, 'GET', `/calls/${id}`);
const heard = (id: string, status: string) =>
  eventually(status, () => events.find((event) => event.id === id && event.status === status));

test('a contact calls and hangs up', async () => {
  const { id } = await ring({ video: true });
  expect(await heard(id, 'offer')).toMatchObject({ isVideo: true, isGroup: false, callerPn: `${ann}@s.whatsapp.net` });
  await admin(simulator, 'POST', `/calls/${id}/end`, { reason: 'hangup' });
  await heard(id, 'terminate');
  expect((await callOf(id)).state).toBe('ended');
});

test('a call that nobody answers is missed, and leaves a message', async () => {
  const { id } = await ring();
  await heard(id, 'offer');
  await admin(simulator, 'POST', `/calls/${id}/end`, { reason: 'timeout' });
  await heard(id, 'timeout');
  await eventually('the missed call', () => client.messages.find(({ message }) => message.key.id === id));
  expect((await callOf(id)).state).toBe('missed');
});

test('a client rejects a call, which stops ringing at the other device', async () => {
  const second = await linkedClient(simulator, client.phone);
  const elsewhere: WACallEvent[] = [];
  second.sock.ev.on('call', (calls) => elsewhere.push(...calls));
  const { id } = await ring();
  const offer = await heard(id, 'offer');
  await client.sock.rejectCall(offer.id, offer.from);
  expect(await callOf(id)).toMatchObject({ state: 'rejected', by: `${client.phone}:1` });
  await eventually('the end elsewhere', () =>
    elsewhere.some((event) => event.id === id && event.status === 'terminate'),
  );
  await second.close();
});

test('a client gets a link to a call', async () => {
  expect(await client.sock.createCallLink('video')).toMatch(/^[\w-]{10,}$/);
});

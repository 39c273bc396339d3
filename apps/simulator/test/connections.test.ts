import { Agent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CounterValues } from '../src/counters.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, Client, connect, eventually, linkedClient, testSimulator } from './client.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await testSimulator();
});
afterAll(() => simulator.close());

const counters = () => admin<CounterValues>(simulator, 'GET', '/counters');
const ping = {
  tag: 'iq',
  attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' },
  content: [{ tag: 'ping', attrs: {} }],
};

/** Waits until a client has sent nothing for a while: what it says after its login would count as an overlap. */
async function quiet({ sock }: Client): Promise<void> {
  const { _socket } = (sock.ws as unknown as { socket: { _socket: { bytesWritten: number } } }).socket;
  await eventually('a quiet client', async () => {
    const written = _socket.bytesWritten;
    await sleep(1_000);
    return _socket.bytesWritten === written;
  });
}

test('a second login pushes the first connection out: 440, a conflict, and no overlap', async () => {
  const before = await counters();
  const first = await linkedClient(simulator);
  await quiet(first);
  const second = await connect(simulator, first.auth);
  await eventually('440 at the first', () => first.closed === 440);
  await eventually('its end', () => simulator.network.streams.size === 1);
  const after = await counters();
  expect(after.conflicts - before.conflicts).toBe(1);
  expect(after.overlaps).toBe(before.overlaps);
  expect(simulator.network.account(first.phone)?.devices.get(1)?.stream?.live).toBe(true);
  await second.close();
});

test('a first connection that goes on sending after the second login is an overlap, counted once', async () => {
  const before = await counters();
  const first = await linkedClient(simulator);
  await quiet(first);
  // Deaf on purpose: it does not hear that it was replaced.
  first.sock.ws.removeAllListeners('CB:stream:error');
  const second = await connect(simulator, first.auth);
  for (let count = 0; count < 3; count += 1) {
    await first.sock.sendNode({ tag: 'presence', attrs: { type: 'available', name: 'deaf' } });
  }
  await eventually('the overlap', async () => (await counters()).overlapFrames - before.overlapFrames === 3);
  expect((await counters()).overlaps - before.overlaps).toBe(1);
  expect(simulator.network.account(first.phone)?.devices.get(1)?.available).toBe(true);
  await first.close();
  await second.close();
});

test('a device that is unlinked is told with 401, and its credentials are refused from then on', async () => {
  const before = await counters();
  const client = await linkedClient(simulator);
  const unlinked = await admin(simulator, 'POST', `/accounts/${client.phone}/unlink`);
  expect(unlinked).toEqual({ unlinked: [1] });
  await eventually('401', () => client.closed === 401);
  const again = new Client(simulator, client.auth);
  await eventually('the refusal', () => again.closed === 401);
  expect((await counters()).loginsFailed['401']).toBe((before.loginsFailed['401'] ?? 0) + 1);
});

test('a client that logs out unlinks itself', async () => {
  const client = await linkedClient(simulator);
  await client.sock.logout();
  await eventually('no device', () => simulator.network.account(client.phone)?.devices.size === 0);
});

test('other keys than those of the link do not log in', async () => {
  const client = await linkedClient(simulator);
  await client.close();
  const other = await linkedClient(simulator);
  await other.close();
  const thief = new Client(simulator, { ...other.auth, creds: { ...other.auth.creds, me: client.auth.creds.me } });
  await eventually('the refusal', () => thief.closed === 401);
});

test('logins are refused with any reason, as often as asked', async () => {
  const client = await linkedClient(simulator);
  await client.close();
  await admin(simulator, 'POST', '/faults/reject-logins', { phone: client.phone, reason: '503', count: 1 });
  const refused = new Client(simulator, client.auth);
  await eventually('503', () => refused.closed === 503);
  const back = await connect(simulator, client.auth);
  await back.close();
});

test.each(['515', '503', 'conflict'])('a stream error %s ends the connection', async (code) => {
  const client = await linkedClient(simulator);
  const answer = await admin(simulator, 'POST', '/faults/stream-error', { phone: client.phone, code });
  expect(answer).toEqual({ affected: 1 });
  await eventually('the close', () => client.closed === (code === 'conflict' ? 440 : Number(code)));
});

test('a connection that is cut without a word closes with 428, and the others stay', async () => {
  const client = await linkedClient(simulator);
  const other = await linkedClient(simulator);
  expect(await admin(simulator, 'POST', '/faults/drop', { phone: client.phone })).toEqual({ affected: 1 });
  await eventually('428', () => client.closed === 428);
  expect(other.closed).toBeUndefined();
  await other.sock.query(ping);
  await other.close();
});

test('a frozen connection stays open and answers when it thaws', async () => {
  const client = await linkedClient(simulator);
  await admin(simulator, 'POST', '/faults/freeze', { phone: client.phone, ms: 60_000 });
  let answered = false;
  const query = client.sock.query(ping, 20_000).then(() => {
    answered = true;
  });
  await sleep(1_000);
  expect(answered).toBe(false);
  expect(client.closed).toBeUndefined();
  await admin(simulator, 'POST', '/faults/clear');
  await query;
  expect(answered).toBe(true);
  await client.close();
});

test('a delayed connection answers later, in order', async () => {
  const client = await linkedClient(simulator);
  await admin(simulator, 'POST', '/faults/delay', { phone: client.phone, ms: 1_000 });
  const from = performance.now();
  await Promise.all([client.sock.query(ping), client.sock.query(ping)]);
  expect(performance.now() - from).toBeGreaterThan(900);
  await client.close();
});

test('clients that check certificates connect by wss with the published authority', async () => {
  const ca = await (await fetch(`http://127.0.0.1:${simulator.port}/admin/ca.pem`)).text();
  expect(ca).toContain('BEGIN CERTIFICATE');
  const options = { waWebSocketUrl: `wss://127.0.0.1:${simulator.port}/ws/chat`, agent: new Agent({ ca }) };
  const client = await linkedClient(simulator, undefined, options);
  await client.sock.query(ping);
  await client.close();
});

test('what the server does not know is answered with an error and counted', async () => {
  const client = await linkedClient(simulator);
  const unknown = {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:nonsense' },
    content: [{ tag: 'what', attrs: {} }],
  };
  await expect(client.sock.query(unknown)).rejects.toThrow('feature-not-implemented');
  await client.sock.sendNode({ tag: 'oddity', attrs: { id: 'odd-1', to: '@s.whatsapp.net' } });
  await eventually('the answer', () => client.acks.find(({ attrs }) => attrs.id === 'odd-1' && attrs.error === '501'));
  expect((await counters()).unknownStanzas).toEqual({ 'iq w:nonsense get what': 1, oddity: 1 });
  await client.close();
});

test('a login, its queries and texts both ways leave no stanza unknown', async () => {
  const before = (await counters()).unknownStanzas;
  const contact = await admin<{ phone: string }>(simulator, 'POST', '/contacts', { echo: true });
  const client = await linkedClient(simulator);
  await client.sock.sendMessage(`${contact.phone}@s.whatsapp.net`, { text: 'hello' });
  await eventually('the echo', () => client.texts.find(({ text }) => text === 'echo: hello'));
  await client.sock.updateProfileStatus('busy');
  await client.sock.fetchPrivacySettings(true);
  await client.sock.fetchStatus(`${contact.phone}@s.whatsapp.net`);
  await client.sock.groupFetchAllParticipating();
  await client.sock.presenceSubscribe(`${contact.phone}@s.whatsapp.net`);
  await client.sock.sendPresenceUpdate('composing', `${contact.phone}@s.whatsapp.net`);
  await expect(client.sock.profilePictureUrl(`${contact.phone}@s.whatsapp.net`)).rejects.toThrow('item-not-found');
  await client.sock.chatModify({ pin: true }, `${contact.phone}@s.whatsapp.net`);
  expect((await counters()).unknownStanzas).toEqual(before);
  expect(simulator.network.account(client.phone)?.appState.version('regular_low')).toBe(1);
  await client.close();
});

test('a reset forgets accounts and cuts connections', async () => {
  const client = await linkedClient(simulator);
  await admin(simulator, 'POST', '/reset');
  await eventually('the cut', () => client.closed === 428);
  expect(await admin(simulator, 'GET', '/accounts')).toEqual([]);
  expect(await admin(simulator, 'GET', '/messages')).toEqual([]);
  expect((await counters()).links).toBe(0);
});

test('a client that is sent away with 515 comes back without a conflict', async () => {
  const before = await counters();
  const client = await linkedClient(simulator);
  await admin(simulator, 'POST', '/faults/stream-error', { phone: client.phone, code: 515 });
  const back = await connect(simulator, client.auth);
  expect((await counters()).conflicts).toBe(before.conflicts);
  await back.close();
});

test('presence and typing reach the client that asked', async () => {
  const contact = await admin<{ phone: string }>(simulator, 'POST', '/contacts', {});
  const client = await linkedClient(simulator);
  const jid = `${contact.phone}@s.whatsapp.net`;
  const seen: string[] = [];
  client.sock.ev.on('presence.update', ({ presences }) => {
    for (const { lastKnownPresence } of Object.values(presences)) seen.push(lastKnownPresence);
  });
  await client.sock.presenceSubscribe(jid);
  await eventually('offline', () => seen.includes('unavailable'));
  await admin(simulator, 'POST', `/contacts/${contact.phone}/presence`, { available: true });
  await eventually('online', () => seen.includes('available'));
  await admin(simulator, 'POST', `/contacts/${contact.phone}/chatstate`, { to: client.phone, state: 'composing' });
  await eventually('typing', () => seen.includes('composing'));
  await client.sock.sendPresenceUpdate('composing', jid);
  await eventually('typing at the contact', async () => {
    const contacts = await admin<{ phone: string; chatStates: { state: string }[] }[]>(simulator, 'GET', '/contacts');
    return contacts.find(({ phone }) => phone === contact.phone)?.chatStates[0]?.state === 'composing';
  });
  await client.close();
});

test('pre-keys that run low are filled up by the client', async () => {
  const client = await linkedClient(simulator);
  const device = simulator.network.account(client.phone)?.devices.get(1);
  if (!device) throw new Error('no device');
  while (device.preKeys.size > 4) device.takeBundle();
  await eventually('more keys', () => device.preKeys.size > 4);
  await client.close();
});

test('the description of the admin API names every route with a summary', async () => {
  const { paths } = await admin<{ paths: Record<string, Record<string, { summary?: string }>> }>(
    simulator,
    'GET',
    '/openapi.json',
  );
  const routes = Object.values(paths).flatMap((methods) => Object.values(methods));
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter(({ summary }) => !summary)).toEqual([]);
});

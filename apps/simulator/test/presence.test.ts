import type { PresenceData } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, connect, eventually, linkedClient, testSimulator } from './client.ts';
import { mediaOptions } from './content.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

interface Presence {
  phone: string;
  online: boolean;
  lastSeenAt: number;
  chatState?: { chat: string; state: string };
}

let simulator: Simulator;
let client: Client & { phone: string };
const seen: { id: string; presences: Record<string, PresenceData> }[] = [];
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator, undefined, mediaOptions(simulator));
  await eventually('its name', () => client.auth.creds.me?.name);
  client.sock.ev.on('presence.update', (update) => seen.push(update));
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const annBecomes = (presence: object) => admin(simulator, 'POST', `/contacts/${ann}/presence`, presence);

/** What the client was last told about a JID. */
function lastKnown(jid: string): PresenceData | undefined {
  return seen.findLast(({ id }) => id === jid)?.presences[jid];
}

async function atAnn(): Promise<Presence | undefined> {
  const presences = await admin<Presence[]>(simulator, 'GET', `/contacts/${ann}/presences`);
  return presences.find(({ phone }) => phone === client.phone);
}

test('who subscribed is told when a contact comes and goes', async () => {
  await client.sock.presenceSubscribe(annJid);
  await eventually('offline', () => lastKnown(annJid)?.lastKnownPresence === 'unavailable');
  await annBecomes({ available: true });
  await eventually('online', () => lastKnown(annJid)?.lastKnownPresence === 'available');
  await annBecomes({ available: false, lastSeenAt: 1_700_000_000 });
  await eventually('last seen', () => lastKnown(annJid)?.lastSeen === 1_700_000_000);
  await annBecomes({ available: false, hidesLastSeen: true });
  await eventually('hidden', () => lastKnown(annJid)?.lastSeen === undefined);
});

test('a subscription by LID is answered by LID', async () => {
  const lid = simulator.network.account(ann)?.jid('lid') ?? '';
  await client.sock.presenceSubscribe(lid);
  await annBecomes({ available: true });
  await eventually('online', () => lastKnown(lid)?.lastKnownPresence === 'available');
  await annBecomes({ available: false });
});

test('a contact types, records and pauses', async () => {
  for (const [state, shownAs] of [
    ['composing', 'composing'],
    ['recording', 'recording'],
    ['paused', 'available'],
  ] as const) {
    await admin(simulator, 'POST', `/contacts/${ann}/chatstate`, { to: client.phone, state });
    await eventually(state, () => lastKnown(annJid)?.lastKnownPresence === shownAs);
  }
});

test('a contact sees whether the client is online and what it does', async () => {
  await client.sock.sendPresenceUpdate('available');
  await eventually('online', async () => (await atAnn())?.online === true);
  for (const state of ['composing', 'recording', 'paused'] as const) {
    await client.sock.sendPresenceUpdate(state, annJid);
    await eventually(state, async () => (await atAnn())?.chatState?.state === state);
  }
  expect((await atAnn())?.chatState?.chat).toBe(client.phone);
  await client.sock.sendPresenceUpdate('unavailable');
  await eventually('offline', async () => (await atAnn())?.online === false);
});

test('who disconnects is offline, and typing while the client is away is lost', async () => {
  const away = await linkedClient(simulator);
  await eventually('its name', () => away.auth.creds.me?.name);
  await away.sock.sendPresenceUpdate('available');
  const watched = `${away.phone}@s.whatsapp.net`;
  await client.sock.presenceSubscribe(watched);
  await eventually('online', () => lastKnown(watched)?.lastKnownPresence === 'available');
  await away.close();
  await eventually('offline', () => lastKnown(watched)?.lastKnownPresence === 'unavailable');
  await admin(simulator, 'POST', `/contacts/${ann}/chatstate`, { to: away.phone, state: 'composing' });
  expect(simulator.network.account(away.phone)?.devices.get(1)?.queue.entries()).toEqual([]);
  const back = await connect(simulator, away.auth);
  await back.close();
});

test('one receipt tells that several messages were read, and that a voice note was played', async () => {
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    const sent = await client.sock.sendMessage(annJid, { text });
    ids.push(sent?.key.id ?? '');
  }
  // Receipts that come at once are merged at the client, and the last one wins.
  await eventually('delivered', () => ids.every((id) => client.receipts.some(({ attrs }) => attrs.id === id)));
  await admin(simulator, 'POST', `/contacts/${ann}/read`, { to: client.phone, ids });
  await eventually('all read', () =>
    ids.every((id) => client.statuses.some((each) => each.id === id && each.status === 4)),
  );
  const read = client.receipts.filter(({ attrs }) => attrs.type === 'read');
  expect(read).toHaveLength(1);
  const voice = await client.sock.sendMessage(annJid, { audio: Buffer.alloc(100, 1), ptt: true, seconds: 1 });
  await eventually('delivered', () => client.receipts.some(({ attrs }) => attrs.id === voice?.key.id));
  await admin(simulator, 'POST', `/contacts/${ann}/played`, { to: client.phone, ids: [voice?.key.id ?? ''] });
  await eventually('played', () => client.statuses.find(({ id, status }) => id === voice?.key.id && status === 5));
});

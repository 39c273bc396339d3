import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

interface Profile {
  status: string;
  picture?: { id: string; url: string };
  privacy: Record<string, string>;
  blocked: string[];
  disappearing: number;
  trustedBy: string[];
  business?: { description?: string; hours?: object[] };
}

let simulator: Simulator;
let client: Client & { phone: string };
let second: Client;
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator);
  second = await linkedClient(simulator, client.phone);
});
afterAll(async () => {
  await second.close();
  await client.close();
  await simulator.close();
});

const profile = (phone: string) => admin<Profile>(simulator, 'GET', `/accounts/${phone}/profile`);
const change = (phone: string, body: object) => admin<Profile>(simulator, 'PATCH', `/accounts/${phone}/profile`, body);

function collect<N extends keyof BaileysEventMap>({ sock }: Client, name: N): BaileysEventMap[N][] {
  const events: BaileysEventMap[N][] = [];
  sock.ev.on(name, (event) => events.push(event));
  return events;
}

/** Sets a picture of a contact with its phone. */
async function setPicture(path: string, bytes: Buffer): Promise<{ url: string }> {
  const response = await fetch(`http://127.0.0.1:${simulator.port}/admin${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(bytes),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { url: string };
}

/** The bytes at a URL, by HTTPS with the simulator's certificate. */
function download(url: string | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(url ?? '', { ca: simulator.ca, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(Buffer.concat(parts)));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The `<iq>` by which Baileys sets a picture, without the scaling. */
const pictureQuery = (content: Buffer | undefined, target?: string) => ({
  tag: 'iq',
  attrs: { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:profile:picture', ...(target && { target }) },
  ...(content && { content: [{ tag: 'picture', attrs: { type: 'image' }, content }] }),
});

test('a contact’s picture: none, then one to download, then none again', async () => {
  await client.sock.sendMessage(annJid, { text: 'so that we know each other' });
  const contacts = collect(client, 'contacts.update');
  await expect(client.sock.profilePictureUrl(annJid)).rejects.toThrow('item-not-found');
  const jpeg = randomBytes(5_000);
  await setPicture(`/accounts/${ann}/picture`, jpeg);
  await eventually('the notice', () => contacts.flat().some(({ id, imgUrl }) => id === annJid && imgUrl === 'changed'));
  for (const type of ['preview', 'image'] as const) {
    const url = await client.sock.profilePictureUrl(annJid, type);
    expect((await download(url)).equals(jpeg)).toBe(true);
  }
  await change(ann, { privacy: { profile: 'none' } });
  await expect(client.sock.profilePictureUrl(annJid)).rejects.toThrow('not-authorized');
  await change(ann, { privacy: { profile: 'all' } });
  await admin(simulator, 'DELETE', `/accounts/${ann}/picture`);
  await eventually('the notice', () => contacts.flat().some(({ id, imgUrl }) => id === annJid && imgUrl === 'removed'));
  await expect(client.sock.profilePictureUrl(annJid)).rejects.toThrow('item-not-found');
});

test('the own picture: set, told to the other device, removed', async () => {
  const me = `${client.phone}@s.whatsapp.net`;
  const contacts = collect(second, 'contacts.update');
  const jpeg = randomBytes(2_000);
  await client.sock.query(pictureQuery(jpeg));
  await eventually('the notice', () => contacts.flat().some(({ id, imgUrl }) => id === me && imgUrl === 'changed'));
  expect((await download(await second.sock.profilePictureUrl(me, 'image'))).equals(jpeg)).toBe(true);
  expect((await profile(client.phone)).picture?.id).toMatch(/^\d+$/);
  await client.sock.removeProfilePicture(me);
  expect((await profile(client.phone)).picture).toBeUndefined();
  await expect(client.sock.query(pictureQuery(jpeg, annJid))).rejects.toThrow('forbidden');
});

test('a group’s picture is set by a member and told to the others', async () => {
  const other = await linkedClient(simulator);
  const { id } = await client.sock.groupCreate('Pictures', [`${other.phone}@s.whatsapp.net`]);
  const contacts = collect(other, 'contacts.update');
  const jpeg = randomBytes(2_000);
  await client.sock.query(pictureQuery(jpeg, id));
  await eventually('the notice', () => contacts.flat().some((each) => each.id === id && each.imgUrl === 'changed'));
  expect((await download(await other.sock.profilePictureUrl(id, 'image'))).equals(jpeg)).toBe(true);
  await setPicture(`/groups/${id}/picture?by=${other.phone}`, randomBytes(10));
  await client.sock.removeProfilePicture(id);
  await expect(other.sock.profilePictureUrl(id)).rejects.toThrow('item-not-found');
  await other.close();
});

test('status texts are set and read', async () => {
  await client.sock.updateProfileStatus('at the shop');
  expect((await profile(client.phone)).status).toBe('at the shop');
  await change(ann, { status: 'on holiday' });
  const [read] = (await client.sock.fetchStatus(annJid)) ?? [];
  expect(read?.status).toMatchObject({ status: 'on holiday' });
});

test('blocking is stored and told to the other device, from the phone as well', async () => {
  const updates = collect(second, 'blocklist.update');
  const annLid = `${simulator.network.account(ann)?.lid}@lid`;
  await client.sock.updateBlockStatus(annJid, 'block');
  expect(await client.sock.fetchBlocklist()).toEqual([annLid]);
  expect((await profile(client.phone)).blocked).toEqual([annLid]);
  await eventually('the notice', () =>
    updates.some(({ type, blocklist }) => type === 'add' && blocklist[0] === annLid),
  );
  await client.sock.updateBlockStatus(annJid, 'unblock');
  expect(await client.sock.fetchBlocklist()).toEqual([]);
  const own = collect(client, 'blocklist.update');
  await change(client.phone, { block: [ann] });
  await eventually('the notice', () => own.some(({ type }) => type === 'add'));
  await change(client.phone, { unblock: [ann] });
  await eventually('the notice', () => own.some(({ type }) => type === 'remove'));
});

test('what a blocked contact writes does not arrive', async () => {
  const send = (text: string) => admin(simulator, 'POST', `/contacts/${ann}/send`, { to: client.phone, text });
  await change(client.phone, { block: [ann] });
  await send('are you there?');
  await change(client.phone, { unblock: [ann] });
  await send('hello again');
  await eventually('the second text', () => client.texts.find(({ text }) => text === 'hello again'));
  expect(client.texts.some(({ text }) => text === 'are you there?')).toBe(false);
});

test('privacy settings and the default of disappearing messages are stored', async () => {
  await client.sock.updateLastSeenPrivacy('contacts');
  await client.sock.updateReadReceiptsPrivacy('none');
  expect(await client.sock.fetchPrivacySettings(true)).toMatchObject({ last: 'contacts', readreceipts: 'none' });
  expect((await profile(client.phone)).privacy).toMatchObject({ last: 'contacts', readreceipts: 'none' });
  await client.sock.updateDefaultDisappearingMode(86_400);
  expect((await profile(client.phone)).disappearing).toBe(86_400);
  await eventually('the other device', () => {
    const { defaultDisappearingMode } = second.auth.creds.accountSettings;
    return defaultDisappearingMode?.ephemeralExpiration === 86_400;
  });
  await change(ann, { disappearing: 604_800 });
  const [read] = (await client.sock.fetchDisappearingDuration(annJid)) ?? [];
  expect(read?.disappearing_mode).toMatchObject({ duration: 604_800 });
});

test('a business tells about itself, others have nothing to tell', async () => {
  expect(await client.sock.getBusinessProfile(annJid)).toBeUndefined();
  const hours = [{ day: 'mon', mode: 'specific_hours', open: '540', close: '1080' }];
  await change(ann, {
    business: {
      description: 'Flowers',
      website: 'https://flowers.example',
      category: 'Florist',
      timezone: 'UTC',
      hours,
    },
  });
  expect(await client.sock.getBusinessProfile(annJid)).toMatchObject({
    wid: annJid,
    description: 'Flowers',
    website: ['https://flowers.example'],
    category: 'Florist',
    business_hours: { timezone: 'UTC', business_config: [{ day_of_week: 'mon', open_time: '540' }] },
  });
  await client.sock.updateBussinesProfile({ description: 'A shop', websites: ['https://shop.example'] });
  expect((await profile(client.phone)).business).toEqual({ description: 'A shop', website: 'https://shop.example' });
});

test('a contact that trusts an account gives it a token, which its clients show', async () => {
  await admin(simulator, 'POST', `/contacts/${ann}/trust`, { to: client.phone });
  expect((await profile(client.phone)).trustedBy).toEqual([ann]);
  const lid = `${simulator.network.account(ann)?.lid}@lid`;
  const stored = await eventually('the token', async () => (await client.auth.keys.get('tctoken', [lid]))[lid]);
  const given = simulator.network.account(client.phone)?.trustedBy.get(ann);
  expect(given?.equals(stored.token)).toBe(true);
});

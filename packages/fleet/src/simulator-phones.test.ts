import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { SimulatorClient } from './simulator-client.ts';

const ann = '5511900000001';
const shop = '5511955550001';
const chat = `${ann}@s.whatsapp.net`;

let app: App;
let simulator: SimulatorClient;
beforeAll(async () => {
  app = await startApp('simulator', { LOG_LEVEL: 'warn' });
  simulator = new SimulatorClient(app.url);
  for (const phone of [ann, shop]) await simulator.createContact({ phone });
}, 90_000);
afterAll(async () => {
  await app.stop();
});

it('gives the certificate of the authority', async () => {
  expect(await simulator.authority()).toContain('BEGIN CERTIFICATE');
});

it('changes what a phone shows, and reads it', { timeout: 30_000 }, async () => {
  const { phones } = simulator;
  await phones.change(shop, { kind: 'archive', chat, value: true });
  await phones.change(shop, { kind: 'star', chat, id: 'M1', fromMe: false, value: true });
  const { version } = await phones.change(shop, { kind: 'contact', chat, name: 'Ann' });
  expect(version).toBe(1);
  await phones.refuseAppState(shop, 0);
  expect(await phones.appState(shop)).toMatchObject({
    collections: { regular_low: 2, critical_unblock_low: 1 },
    chats: [{ chat, archived: true }],
    messages: [{ id: 'M1', starred: true }],
    contacts: [{ jid: chat, name: 'Ann' }],
    problems: [],
  });
});

it('changes profiles and pictures', { timeout: 30_000 }, async () => {
  const { phones, media } = simulator;
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
  await phones.setPicture(ann, jpeg);
  const profile = await phones.changeProfile(ann, { status: 'away', block: [shop], business: { description: 'Ann' } });
  expect(profile).toMatchObject({ status: 'away', blocked: [expect.stringMatching(/@lid$/)], disappearing: 0 });
  const { picture } = await phones.profile(ann);
  expect(await media.bytes(picture?.directPath ?? '')).toEqual(Buffer.from(jpeg));
  await phones.removePicture(ann);
  expect((await phones.profile(ann)).picture).toBeUndefined();
  await phones.trust(ann, shop);
  expect((await phones.profile(shop)).trustedBy).toEqual([ann]);
  const { id } = await simulator.groups.create({ by: ann, subject: 'Team', members: [shop] });
  await phones.setPicture(shop, jpeg, { group: id });
});

it('plans a past, and restricts an account', { timeout: 30_000 }, async () => {
  const { phones } = simulator;
  const planned = await phones.setHistory(shop, { chats: 5, messages: 100, chunk: 50 });
  expect(planned).toMatchObject({ chats: 5, older: 50, full: false, pictures: 0, notifications: 4 });
  expect(await phones.olderMessagesRequests(shop)).toEqual([]);
  await phones.setReachoutTimelock(shop, { active: true });
  expect(await phones.setNewChatCap(shop, { used: 7, status: 'CAPPED' })).toMatchObject({ used: 7, status: 'CAPPED' });
});

it('shows media, expires them and lets transfers fail', { timeout: 30_000 }, async () => {
  const { media } = simulator;
  await media.fault({ mode: 'slow', bytesPerSecond: 10, on: 'upload' });
  await media.answerRetries(shop, 'silent');
  expect(await media.retries()).toEqual([]);
  const [stored] = await media.list();
  expect(stored).toMatchObject({ kind: 'picture', size: 4, expired: false });
  expect(await media.expire(stored?.directPath)).toBe(1);
  expect(await media.statistics()).toMatchObject({ uploads: 0, uploadsByHash: {} });
  expect(await media.list(shop)).toEqual([]);
});

it('rings, and posts to newsletters', { timeout: 30_000 }, async () => {
  const { calls, newsletters } = simulator;
  const { id } = await calls.ring(ann, shop, { video: true });
  expect(await calls.end(id, 'timeout')).toMatchObject({ state: 'missed' });
  expect(await calls.find(id)).toMatchObject({ from: ann, to: shop, video: true });
  expect(await calls.list()).toHaveLength(1);
  const { jid } = await newsletters.create({ name: 'News', followers: [shop] });
  const { serverId } = await newsletters.post(jid, 'hello');
  await newsletters.react(jid, serverId, ann, '👍');
  await newsletters.change(jid, { name: 'Old news' });
  expect(await newsletters.list()).toEqual([await newsletters.find(jid)]);
  expect(await newsletters.find(jid)).toMatchObject({
    name: 'Old news',
    posts: [{ text: 'hello', reactions: { [ann]: '👍' } }],
  });
});

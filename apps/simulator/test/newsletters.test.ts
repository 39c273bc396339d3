import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../src/simulator.ts';
import { type BinaryNode, bytes, child, children } from '../src/wire/node.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';

const ann = '5511900000001';

interface Newsletter {
  jid: string;
  name: string;
  invite: string;
  followers: string[];
  muted: string[];
  posts: { serverId: number; text?: string; reactions: Record<string, string> }[];
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

function collect<N extends keyof BaileysEventMap>({ sock }: Client, name: N): BaileysEventMap[N][] {
  const events: BaileysEventMap[N][] = [];
  sock.ev.on(name, (event) => events.push(event));
  return events;
}

const created = (body: object = {}) => admin<Newsletter>(simulator, 'POST', '/newsletters', { name: 'News', ...body });
const shown = (jid: string) => admin<Newsletter>(simulator, 'GET', `/newsletters/${jid}`);
const post = (jid: string, text: string) =>
  admin<{ id: string; serverId: number }>(simulator, 'POST', `/newsletters/${jid}/posts`, { text });

test('metadata by JID and by invite; a newsletter that does not exist', async () => {
  const { jid, invite } = await created({ description: 'All of it' });
  const metadata = await client.sock.newsletterMetadata('jid', jid);
  expect(metadata).toMatchObject({ id: jid, thread_metadata: { name: { text: 'News' }, subscribers_count: '0' } });
  expect(await client.sock.newsletterMetadata('invite', invite)).toMatchObject({ id: jid });
  await expect(client.sock.newsletterMetadata('jid', '120363000@newsletter')).rejects.toThrow('Not Found');
});

test('who follows gets what is posted, who stops does not', async () => {
  const { jid } = await created();
  await client.sock.newsletterFollow(jid);
  expect((await shown(jid)).followers).toEqual([client.phone]);
  const { id, serverId } = await post(jid, 'first');
  const got = await eventually('the post', () => client.messages.find(({ message }) => message.key.id === id));
  expect(got.message).toMatchObject({
    key: { remoteJid: jid, fromMe: false, server_id: String(serverId) },
    message: { conversation: 'first' },
  });
  await client.sock.newsletterMute(jid);
  expect((await shown(jid)).muted).toEqual([client.phone]);
  await client.sock.newsletterUnmute(jid);
  await client.sock.newsletterUnfollow(jid);
  expect(await shown(jid)).toMatchObject({ followers: [], muted: [] });
  await post(jid, 'second');
  expect(client.texts.some(({ text }) => text === 'second')).toBe(false);
  await eventually('an empty queue', () => simulator.network.account(client.phone)?.devices.get(1)?.queue.size === 0);
});

test('posts are fetched, the newest ones, oldest first', async () => {
  const { jid } = await created();
  for (const text of ['one', 'two', 'three']) await post(jid, text);
  const answer = (await client.sock.newsletterFetchMessages(jid, 2, 0, 0)) as BinaryNode;
  const posts = children(child(child(answer, 'message_updates'), 'messages'));
  expect(posts.map(({ attrs }) => attrs.server_id)).toEqual(['101', '102']);
  expect(bytes(child(posts[1], 'plaintext')).toString()).toContain('three');
  expect(await client.sock.subscribeNewsletterUpdates(jid)).toEqual({ duration: '300' });
});

test('reactions, of clients and of others, and new names', async () => {
  const { jid } = await created({ followers: [client.phone] });
  const { serverId } = await post(jid, 'what do you think?');
  const reactions = collect(client, 'newsletter.reaction');
  await client.sock.newsletterReactMessage(jid, String(serverId), '🎉');
  expect((await shown(jid)).posts[0]?.reactions).toEqual({ [client.phone]: '🎉' });
  await admin(simulator, 'POST', `/newsletters/${jid}/posts/${serverId}/reactions`, { by: ann, reaction: '👍' });
  await eventually('the reaction', () =>
    reactions.some((event) => event.id === jid && event.server_id === String(serverId) && event.reaction.code === '👍'),
  );
  const settings = collect(client, 'newsletter-settings.update');
  await admin(simulator, 'PATCH', `/newsletters/${jid}`, { name: 'Old news' });
  await eventually('the name', () => settings.find(({ id }) => id === jid));
});

test('a newsletter of the own: created, posted to, changed, deleted', async () => {
  const other = await linkedClient(simulator);
  const { id } = await client.sock.newsletterCreate('Ours', 'Our news');
  await other.sock.newsletterFollow(id);
  expect(await client.sock.newsletterSubscribers(id)).toEqual({ subscribers: 2 });
  expect(await client.sock.newsletterAdminCount(id)).toBe(1);
  await client.sock.sendMessage(id, { text: 'from the owner' });
  await eventually('the post', () => other.texts.find(({ text }) => text === 'from the owner'));
  await other.sock.sendMessage(id, { text: 'not allowed' });
  await expect(other.sock.newsletterUpdateName(id, 'Theirs')).rejects.toThrow('Forbidden');
  await client.sock.newsletterUpdateName(id, 'Still ours');
  expect(await shown(id)).toMatchObject({ name: 'Still ours', posts: [{ text: 'from the owner' }] });
  await client.sock.newsletterDelete(id);
  await expect(other.sock.newsletterMetadata('jid', id)).rejects.toThrow('Not Found');
  await other.close();
});

test('the time lock is shown, told, and keeps the account from strangers only', async () => {
  const states = collect(client, 'connection.update');
  expect(await client.sock.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
  const ends = Math.floor(Date.now() / 1_000) + 3_600;
  await admin(simulator, 'PUT', `/accounts/${client.phone}/reachout-timelock`, { active: true, ends });
  await eventually('the notice', () => states.some(({ reachoutTimeLock }) => reachoutTimeLock?.isActive));
  expect(await client.sock.fetchAccountReachoutTimelock()).toEqual({
    isActive: true,
    enforcementType: 'BIZ_QUALITY',
    timeEnforcementEnds: new Date(ends * 1_000),
  });
  const stranger = await client.sock.sendMessage(`${ann}@s.whatsapp.net`, { text: 'hello stranger' });
  await eventually('the error', () =>
    client.statuses.find(({ id, status }) => id === stranger?.key.id && status === 0),
  );
  expect(await admin(simulator, 'GET', `/messages/${stranger?.key.id}`)).toMatchObject([{ nack: '463' }]);
  await admin(simulator, 'POST', `/contacts/${ann}/send`, { to: client.phone, text: 'I know you' });
  await eventually('the text', () => client.texts.find(({ text }) => text === 'I know you'));
  const known = await client.sock.sendMessage(`${ann}@s.whatsapp.net`, { text: 'good' });
  await eventually('delivered', () => client.statuses.find(({ id, status }) => id === known?.key.id && status === 3));
  await admin(simulator, 'PUT', `/accounts/${client.phone}/reachout-timelock`, { active: false });
  await eventually('the end', () => states.some(({ reachoutTimeLock }) => reachoutTimeLock?.isActive === false));
});

test('the cap of new chats is shown and told', async () => {
  const updates = collect(client, 'message-capping.update');
  const path = `/accounts/${client.phone}/new-chat-cap`;
  await admin(simulator, 'PUT', path, { total: 50, used: 40, status: 'FIRST_WARNING' });
  await eventually('the notice', () => updates.some(({ used_quota }) => used_quota === 40));
  expect(await client.sock.fetchNewChatMessageCap()).toMatchObject({
    total_quota: 50,
    used_quota: 40,
    capping_status: 'FIRST_WARNING',
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { eventually } from './eventually.ts';
import { SimulatorClient } from './simulator-client.ts';

const [ann, bob] = ['5511900000001', '5511900000002'] as const;

let app: App;
let simulator: SimulatorClient;
beforeAll(async () => {
  app = await startApp('simulator', { LOG_LEVEL: 'warn' });
  simulator = new SimulatorClient(app.url);
  for (const phone of [ann, bob]) await simulator.createContact({ phone });
}, 90_000);
afterAll(async () => {
  await app.stop();
});

it('shows what contacts send, and gives the media', { timeout: 30_000 }, async () => {
  const { contacts, groups } = simulator;
  const { id: group } = await groups.create({ by: ann, subject: 'Team', members: [bob] });
  const bytes = Buffer.from('not really a picture');
  const image = { kind: 'image', bytes: bytes.toString('base64'), caption: 'look' } as const;
  const [id = ''] = await contacts.send(ann, group, image, { mentions: [bob], forwarded: 2 });
  const shown = await eventually(async () => {
    const entry = await contacts.shown(bob, id);
    return entry?.media?.state === 'verified' ? entry : undefined;
  });
  expect(shown).toMatchObject({ chat: group, text: 'look', mentions: [`${bob}@s.whatsapp.net`], forwardingScore: 2 });
  expect((await contacts.media(bob, id)).equals(bytes)).toBe(true);
  const [reaction = ''] = await contacts.send(bob, group, { kind: 'reaction', message: id, emoji: '👍' });
  expect((await contacts.sent(ann))[0]).toMatchObject({ id, reactions: [{ from: bob, text: '👍' }] });
  await expect(contacts.media(ann, reaction)).rejects.toMatchObject({ status: 404, code: 'NO_MEDIA' });
  expect((await contacts.inbox(bob, 1)).entries).toEqual([]);
});

it('posts to the status, and only its audience is shown it', { timeout: 30_000 }, async () => {
  const { contacts } = simulator;
  const content = { kind: 'text', text: 'my day', background: 4_278_190_335 } as const;
  const [id = ''] = await contacts.postStatus(ann, content, { audience: [bob] });
  expect(await contacts.shown(bob, id)).toMatchObject({ chat: 'status@broadcast', sender: ann, text: 'my day' });
  const [hidden = ''] = await contacts.postStatus(ann, content);
  expect(await contacts.shown(bob, hidden)).toBeUndefined();
});

it('lets the owner of an account use its phone', { timeout: 30_000 }, async () => {
  const { contacts } = simulator;
  const [id = ''] = await contacts.ownPhoneSend(ann, bob, { kind: 'text', text: 'from the phone' });
  expect(await contacts.shown(bob, id)).toMatchObject({ chat: ann, from: `${ann}:0`, text: 'from the phone' });
  await contacts.ownPhoneSend(ann, bob, { kind: 'edit', message: id, text: 'changed' });
  expect(await contacts.shown(bob, id)).toMatchObject({ text: 'changed', edits: 1 });
  await contacts.ownPhoneRead(ann, bob, ['3A01']);
});

it('takes presence and receipts, and refuses messages to nobody', { timeout: 30_000 }, async () => {
  const { contacts } = simulator;
  await contacts.presence(ann, { available: true });
  await contacts.presence(ann, { available: false, lastSeenAt: 1_700_000_000, hidesLastSeen: true });
  await contacts.chatState(ann, bob, 'recording');
  for (const type of ['delivered', 'read', 'played'] as const) await contacts.receipt(ann, bob, type, ['3A01', '3A02']);
  expect(await contacts.presences(ann)).toEqual([]);
  await contacts.forgetSessions(ann);
  const text = { kind: 'text', text: 'hello?' } as const;
  await expect(contacts.send(ann, bob, text)).rejects.toMatchObject({ status: 409, code: 'NOT_LINKED' });
});

import { createHash, randomBytes } from 'node:crypto';
import type { AnyMessageContent, MiscMessageGenerationOptions, WAMessage } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxEntry } from '../src/people/inbox.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';
import { mediaOptions, sentBy, shown } from './content.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

let simulator: Simulator;
let client: Client & { phone: string };
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  client = await linkedClient(simulator, undefined, mediaOptions(simulator));
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

async function send(content: AnyMessageContent, options?: MiscMessageGenerationOptions): Promise<WAMessage> {
  const sent = await client.sock.sendMessage(annJid, content, options);
  if (!sent) throw new Error('nothing was sent');
  return sent;
}

/** Sends and waits until the contact shows it. */
async function showing(content: AnyMessageContent, options?: MiscMessageGenerationOptions): Promise<InboxEntry> {
  return shown(simulator, ann, (await send(content, options)).key.id);
}

/** Sends a file and waits until the contact has checked it. */
async function showingMedia(content: AnyMessageContent): Promise<InboxEntry> {
  const { key } = await send(content);
  return shown(simulator, ann, key.id, ({ media }) => media !== undefined && media.state !== 'loading');
}

async function download(id: string): Promise<Buffer> {
  const response = await fetch(`http://127.0.0.1:${simulator.port}/admin/contacts/${ann}/inbox/${id}/media`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

/** A message of the contact, as the client has it. */
async function fromAnn(text: string): Promise<WAMessage> {
  const { id } = await admin<{ id: string }>(simulator, 'POST', `/contacts/${ann}/send`, { to: client.phone, text });
  return eventually(text, () => client.messages.find(({ message }) => message.key.id === id)?.message);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('a text', async () => {
  const entry = await showing({ text: 'plain' });
  expect(entry).toMatchObject({
    type: 'extendedTextMessage',
    text: 'plain',
    chat: client.phone,
    sender: client.phone,
    mentions: [],
    viewOnce: false,
    expiration: 0,
    forwardingScore: 0,
    deleted: false,
    reactions: [],
    message: { extendedTextMessage: { text: 'plain' } },
  });
  expect(entry).not.toHaveProperty('quoted');
  expect(entry).not.toHaveProperty('media');
});

test('a text that mentions, quotes, disappears and has a preview', async () => {
  const quoted = await fromAnn('to be quoted');
  const entry = await showing(
    {
      text: 'see https://example.com @5511900000001',
      mentions: [annJid],
      linkPreview: {
        'canonical-url': 'https://example.com',
        'matched-text': 'https://example.com',
        title: 'Example',
        description: 'A domain',
        jpegThumbnail: randomBytes(20),
      },
    },
    { quoted, ephemeralExpiration: 86_400 },
  );
  expect(entry).toMatchObject({
    mentions: [annJid],
    expiration: 86_400,
    quoted: { id: quoted.key.id, type: 'conversation', text: 'to be quoted', sender: annJid },
    preview: { url: 'https://example.com', title: 'Example', description: 'A domain', thumbnail: true },
  });
});

test('a mention of everybody, and a forwarded message', async () => {
  expect(await showing({ text: 'all of you', mentionAll: true })).toMatchObject({ mentionsAll: true });
  const original = await fromAnn('pass it on');
  const forwarded = await showing({ forward: original });
  expect(forwarded).toMatchObject({ text: 'pass it on', forwardingScore: 1 });
});

test('an image, with caption and size', async () => {
  const bytes = randomBytes(70_001);
  const thumbnail = randomBytes(30).toString('base64');
  const entry = await showingMedia({
    image: bytes,
    caption: 'look',
    width: 640,
    height: 480,
    jpegThumbnail: thumbnail,
  });
  expect(entry).toMatchObject({
    type: 'imageMessage',
    text: 'look',
    media: {
      kind: 'image',
      state: 'verified',
      mimetype: 'image/jpeg',
      size: 70_001,
      sha256: sha256(bytes),
      width: 640,
      height: 480,
      thumbnail: true,
    },
  });
  expect((await download(entry.id)).equals(bytes)).toBe(true);
});

test('a video, a GIF and a video note', async () => {
  const jpegThumbnail = '';
  const video = await showingMedia({ video: randomBytes(9_000), caption: 'film', jpegThumbnail });
  expect(video).toMatchObject({ type: 'videoMessage', text: 'film', media: { state: 'verified', ptv: false } });
  const gif = await showingMedia({ video: randomBytes(900), gifPlayback: true, jpegThumbnail });
  expect(gif.media).toMatchObject({ state: 'verified', gifPlayback: true });
  const note = await showingMedia({ video: randomBytes(900), ptv: true, jpegThumbnail });
  expect(note).toMatchObject({ type: 'ptvMessage', media: { state: 'verified', ptv: true, kind: 'video' } });
});

test('a voice note with its waveform, and an audio file', async () => {
  const waveform = Buffer.from([1, 50, 100]);
  const voice = await showingMedia({ audio: randomBytes(500), ptt: true, seconds: 7, waveform } as AnyMessageContent);
  expect(voice.media).toMatchObject({ state: 'verified', ptt: true, seconds: 7, waveform: [1, 50, 100] });
  const audio = await showingMedia({ audio: randomBytes(500), seconds: 9, mimetype: 'audio/mp4' });
  expect(audio.media).toMatchObject({ state: 'verified', ptt: false, seconds: 9, mimetype: 'audio/mp4' });
});

test('a document with its name, and a sticker', async () => {
  const document = await showingMedia({
    document: randomBytes(3_000),
    mimetype: 'text/csv',
    fileName: 'table.csv',
    caption: 'numbers',
  });
  expect(document).toMatchObject({
    text: 'numbers',
    media: { state: 'verified', fileName: 'table.csv', mimetype: 'text/csv', size: 3_000 },
  });
  const sticker = await showingMedia({ sticker: randomBytes(200), isAnimated: true });
  expect(sticker).toMatchObject({
    type: 'stickerMessage',
    media: { state: 'verified', kind: 'image', animated: true },
  });
});

test('media that is to be seen once', async () => {
  const entry = await showingMedia({ image: randomBytes(100), viewOnce: true, jpegThumbnail: '' });
  expect(entry).toMatchObject({ type: 'imageMessage', viewOnce: true, media: { state: 'verified' } });
});

test('media that is gone is shown as failed', async () => {
  await admin(simulator, 'POST', '/media/expire', {});
  const path = '/v/image/nothing';
  const { id } = await showing({ text: 'before' });
  await client.sock.relayMessage(
    annJid,
    { imageMessage: { directPath: path, mediaKey: randomBytes(32), fileSha256: randomBytes(32) } },
    { messageId: `${id}X` },
  );
  const entry = await shown(simulator, ann, `${id}X`, ({ media }) => media?.state === 'failed');
  expect(entry.media).toMatchObject({ directPath: path, problem: 'nothing is stored there' });
});

test('a location, contact cards, a group invitation, a list reply and a button reply', async () => {
  const location = { degreesLatitude: 1.5, degreesLongitude: -2.25, name: 'Here' };
  expect(await showing({ location })).toMatchObject({
    type: 'locationMessage',
    text: 'Here',
    message: { locationMessage: { degreesLatitude: 1.5, degreesLongitude: -2.25 } },
  });
  const card = (displayName: string) => ({ displayName, vcard: `BEGIN:VCARD\nFN:${displayName}\nEND:VCARD` });
  expect(await showing({ contacts: { contacts: [card('Bob')] } })).toMatchObject({
    type: 'contactMessage',
    text: 'Bob',
  });
  expect(await showing({ contacts: { displayName: 'Two', contacts: [card('Bob'), card('Eve')] } })).toMatchObject({
    type: 'contactsArrayMessage',
    message: { contactsArrayMessage: { contacts: [card('Bob'), card('Eve')] } },
  });
  // Not by `sendMessage`: it wants the picture of the group, and throws if there is none.
  const invite = { groupJid: '1@g.us', groupName: 'Us', inviteCode: 'abc', caption: 'join' };
  const messageId = await client.sock.relayMessage(annJid, { groupInviteMessage: invite }, {});
  expect(await shown(simulator, ann, messageId)).toMatchObject({
    text: 'join',
    message: { groupInviteMessage: invite },
  });
  expect(await showing({ listReply: { title: 'first', singleSelectReply: { selectedRowId: '1' } } })).toMatchObject({
    type: 'listResponseMessage',
    text: 'first',
  });
  const buttonReply = { displayText: 'Yes', id: 'yes', index: 0 };
  expect(await showing({ buttonReply, type: 'plain' })).toMatchObject({ type: 'buttonsResponseMessage', text: 'Yes' });
  expect(await showing({ buttonReply, type: 'template' })).toMatchObject({
    type: 'templateButtonReplyMessage',
    text: 'Yes',
  });
});

test('a product, and requests for numbers', async () => {
  const product = { productImage: randomBytes(50), title: 'Lamp', currencyCode: 'EUR', priceAmount1000: 5_000 };
  const entry = await showingMedia({ product, body: 'a lamp' } as AnyMessageContent);
  expect(entry).toMatchObject({ type: 'productMessage', text: 'a lamp', media: { state: 'verified' } });
  expect(await showing({ requestPhoneNumber: true })).toMatchObject({ type: 'requestPhoneNumberMessage' });
  expect(await showing({ sharePhoneNumber: true })).toMatchObject({ type: 'protocolMessage' });
  expect(await showing({ limitSharing: true })).toMatchObject({
    message: { protocolMessage: { limitSharing: { sharingLimited: true } } },
  });
});

test('reactions are shown on the message, and taken back', async () => {
  const theirs = await fromAnn('react to this');
  await send({ react: { key: theirs.key, text: '👍' } });
  const own = await send({ text: 'and to this' });
  const { id } = await send({ react: { key: own.key, text: '❤' } }).then(({ key }) => key);
  expect(await shown(simulator, ann, id)).toMatchObject({
    type: 'reactionMessage',
    changes: { id: own.key.id, as: 'reaction', applied: true },
  });
  expect(await shown(simulator, ann, own.key.id)).toMatchObject({ reactions: [{ from: client.phone, text: '❤' }] });
  const reacted = (await sentBy(simulator, ann)).find((entry) => entry.id === theirs.key.id);
  expect(reacted).toMatchObject({ reactions: [{ from: client.phone, text: '👍' }] });
  await send({ react: { key: own.key, text: '' } });
  await shown(simulator, ann, own.key.id, ({ reactions }) => reactions.length === 0);
});

test('edits change the text, and deletion takes it away', async () => {
  const own = await send({ text: 'first version' });
  await send({ text: 'second version', edit: own.key });
  expect(await shown(simulator, ann, own.key.id, ({ edits }) => edits === 1)).toMatchObject({ text: 'second version' });
  await send({ delete: own.key });
  const deleted = await shown(simulator, ann, own.key.id, (entry) => entry.deleted);
  expect(deleted).not.toHaveProperty('text');
});

test('nobody edits or deletes what somebody else wrote', async () => {
  const theirs = await fromAnn('mine alone');
  await send({ delete: { ...theirs.key, fromMe: true } });
  const last = await send({ delete: theirs.key });
  expect(await shown(simulator, ann, last.key.id)).toMatchObject({ changes: { as: 'delete', applied: false } });
  const entry = (await sentBy(simulator, ann)).find(({ id }) => id === theirs.key.id);
  expect(entry).toMatchObject({ deleted: false, text: 'mine alone' });
});

test('pins, and messages that are kept', async () => {
  const own = await send({ text: 'important' });
  await send({ pin: own.key, type: 1, time: 604_800 });
  await shown(simulator, ann, own.key.id, ({ pinned, pinnedSeconds }) => pinned && pinnedSeconds === 604_800);
  await send({ pin: own.key, type: 2 });
  await shown(simulator, ann, own.key.id, ({ pinned }) => !pinned);
  await client.sock.relayMessage(
    annJid,
    { keepInChatMessage: { key: own.key, keepType: 1, timestampMs: Date.now() } },
    {},
  );
  await shown(simulator, ann, own.key.id, ({ kept }) => kept);
});

test('a poll and an event wait for votes and responses', async () => {
  const poll = await showing({ poll: { name: 'Lunch?', values: ['Pizza', 'Soup'], selectableCount: 1 } });
  expect(poll).toMatchObject({
    type: 'pollCreationMessageV3',
    text: 'Lunch?',
    poll: { name: 'Lunch?', options: ['Pizza', 'Soup'], selectable: 1, votes: [] },
  });
  const startDate = new Date(1_900_000_000_000);
  const event = await showing({ event: { name: 'Party', description: 'at ours', startDate } });
  expect(event).toMatchObject({
    type: 'eventMessage',
    event: { name: 'Party', description: 'at ours', startsAt: 1_900_000_000, canceled: false, responses: [] },
  });
});

test('an album and its parts find each other', async () => {
  const album = await send({ album: { expectedImageCount: 2, expectedVideoCount: 0 } });
  const parts: string[] = [];
  for (const caption of ['one', 'two']) {
    const part = { image: randomBytes(100), caption, albumParentKey: album.key, jpegThumbnail: '' };
    const entry = await showingMedia(part);
    expect(entry).toMatchObject({ albumId: album.key.id, text: caption, media: { state: 'verified' } });
    parts.push(entry.id);
  }
  expect(await shown(simulator, ann, album.key.id)).toMatchObject({ type: 'albumMessage', parts });
});

test('the setting of disappearing messages', async () => {
  const entry = await showing({ disappearingMessagesInChat: 86_400 });
  expect(entry).toMatchObject({
    type: 'protocolMessage',
    message: { ephemeralMessage: { message: { protocolMessage: { ephemeralExpiration: 86_400 } } } },
  });
});

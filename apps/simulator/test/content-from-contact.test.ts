import { createHash, randomBytes } from 'node:crypto';
import {
  decryptEventResponse,
  decryptPollVote,
  downloadMediaMessage,
  proto,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encryptAddOn } from '../src/people/add-on.ts';
import type { OutgoingContent, OutgoingContext } from '../src/people/outgoing-content.ts';
import { hashOfOption } from '../src/people/shown-message.ts';
import type { Simulator } from '../src/simulator.ts';
import { admin, type Client, eventually, linkedClient, testSimulator } from './client.ts';
import { mediaOptions, sentBy } from './content.ts';

const ann = '5511900000001';
const annJid = `${ann}@s.whatsapp.net`;

let simulator: Simulator;
let client: Client & { phone: string };
const updates: { key: proto.IMessageKey; update: Partial<WAMessage> }[] = [];
const reactions: { key: proto.IMessageKey; reaction: proto.IReaction }[] = [];
beforeAll(async () => {
  simulator = await testSimulator();
  await admin(simulator, 'POST', '/contacts', { phone: ann, name: 'Ann' });
  const sent = new Map<string, proto.IMessage>();
  client = await linkedClient(simulator, undefined, {
    ...mediaOptions(simulator),
    getMessage: async ({ id }) => sent.get(id ?? ''),
  });
  client.sock.ev.on('messages.update', (each) => updates.push(...each));
  client.sock.ev.on('messages.reaction', (each) => reactions.push(...each));
  client.sock.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message } of messages) if (key.id && message) sent.set(key.id, message);
  });
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

interface Sent {
  id: string;
  ids: string[];
}

type Options = OutgoingContext & { addressing?: 'pn' | 'lid' };

function annSends(content: OutgoingContent, options: Options = {}): Promise<Sent> {
  return admin<Sent>(simulator, 'POST', `/contacts/${ann}/send`, { to: client.phone, content, ...options });
}

function received(id: string | undefined): Promise<WAMessage> {
  return eventually(`${id} at the client`, () => client.messages.find(({ message }) => message.key.id === id)?.message);
}

/** Lets the contact send something and waits until the client was told. */
async function receiving(content: OutgoingContent, options?: Options): Promise<WAMessage> {
  return received((await annSends(content, options)).id);
}

async function clientSends(text: string): Promise<proto.IMessageKey & { id: string }> {
  const sent = await client.sock.sendMessage(annJid, { text });
  const id = sent?.key.id ?? '';
  await eventually(text, async () => {
    const inbox = await admin<{ entries: { id: string }[] }>(simulator, 'GET', `/contacts/${ann}/inbox`);
    return inbox.entries.some((entry) => entry.id === id);
  });
  return { ...sent?.key, id };
}

const download = (message: WAMessage) => downloadMediaMessage(message, 'buffer', {});

test('a plain text, and one with everything around it', async () => {
  const plain = await receiving({ kind: 'text', text: 'hello' });
  expect(plain).toMatchObject({
    key: { remoteJid: annJid, fromMe: false },
    pushName: 'Ann',
    message: { conversation: 'hello' },
  });
  const { id } = await clientSends('what do you think?');
  const rich = await receiving(
    {
      kind: 'text',
      text: 'see https://example.com',
      preview: { url: 'https://example.com', title: 'Example', description: 'A domain', thumbnail: 'AQID' },
    },
    { quoted: id, mentions: [client.phone], ephemeral: 604_800, forwarded: 5 },
  );
  expect(rich.message?.extendedTextMessage).toMatchObject({
    text: 'see https://example.com',
    matchedText: 'https://example.com',
    title: 'Example',
    description: 'A domain',
    contextInfo: {
      stanzaId: id,
      participant: `${client.phone}@s.whatsapp.net`,
      quotedMessage: { extendedTextMessage: { text: 'what do you think?' } },
      mentionedJid: [`${client.phone}@s.whatsapp.net`],
      expiration: 604_800,
      isForwarded: true,
      forwardingScore: 5,
    },
  });
});

test('a message addressed by LID, and one addressed by phone number', async () => {
  const lid = simulator.network.account(ann)?.lid;
  const byLid = await receiving({ kind: 'text', text: 'by LID' }, { addressing: 'lid' });
  expect(byLid.key).toMatchObject({ remoteJid: `${lid}@lid`, remoteJidAlt: annJid });
  const byPn = await receiving({ kind: 'text', text: 'by PN' }, { addressing: 'pn' });
  expect(byPn.key).toMatchObject({ remoteJid: annJid, remoteJidAlt: `${lid}@lid` });
});

test('an image downloads as it was sent', async () => {
  const bytes = randomBytes(123_457);
  const message = await receiving({
    kind: 'image',
    bytes: bytes.toString('base64'),
    caption: 'look',
    width: 40,
    height: 30,
    thumbnail: 'AQID',
  });
  expect(message.message?.imageMessage).toMatchObject({
    caption: 'look',
    mimetype: 'image/jpeg',
    width: 40,
    height: 30,
  });
  expect((await download(message)).equals(bytes)).toBe(true);
});

test('all other media download as they were announced', async () => {
  const contents: OutgoingContent[] = [
    { kind: 'video', size: 5_000, seconds: 3, caption: 'film' },
    { kind: 'video', size: 500, gif: true },
    { kind: 'video', size: 500, note: true },
    { kind: 'audio', size: 700, voice: true, seconds: 4, waveform: [0, 50, 99] },
    { kind: 'audio', size: 700, seconds: 4 },
    { kind: 'document', size: 900, fileName: 'a.pdf' },
    { kind: 'document', size: 900, fileName: 'b.csv', mimetype: 'text/csv', caption: 'numbers' },
    { kind: 'sticker', size: 300, animated: true },
  ];
  const expected = [
    { videoMessage: { seconds: 3, caption: 'film' } },
    { videoMessage: { gifPlayback: true } },
    { ptvMessage: { mimetype: 'video/mp4' } },
    { audioMessage: { ptt: true, seconds: 4, mimetype: 'audio/ogg; codecs=opus' } },
    { audioMessage: { seconds: 4 } },
    { documentMessage: { fileName: 'a.pdf' } },
    { documentWithCaptionMessage: { message: { documentMessage: { fileName: 'b.csv', caption: 'numbers' } } } },
    { stickerMessage: { isAnimated: true } },
  ];
  for (const [index, content] of contents.entries()) {
    const { id } = await annSends(content);
    const message = await received(id);
    expect(message.message).toMatchObject(expected[index] ?? {});
    const bytes = await download(message);
    const entry = (await sentBy(simulator, ann)).find((each) => each.id === id);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry?.media?.sha256);
  }
});

test('media to be seen once', async () => {
  const image = await receiving({ kind: 'image', size: 100 }, { viewOnce: true });
  expect(image.message?.viewOnceMessageV2?.message?.imageMessage).toMatchObject({ viewOnce: true });
  const voice = await receiving({ kind: 'audio', size: 100, voice: true }, { viewOnce: true });
  expect(voice.message?.viewOnceMessageV2Extension?.message?.audioMessage).toMatchObject({ viewOnce: true });
});

test('media to be seen once on the phone alone', async () => {
  const message = await receiving({ kind: 'image', size: 100 }, { viewOnce: 'phone-only' });
  expect(message.key).toMatchObject({ isViewOnce: true, remoteJid: annJid });
  expect(message.message).toBeFalsy();
  const entry = (await sentBy(simulator, ann)).find(({ id }) => id === message.key.id);
  expect(entry).toMatchObject({ type: 'imageMessage', viewOnce: true });
});

test('places and people', async () => {
  const location = { kind: 'location', latitude: 1.5, longitude: -2.25, name: 'Here', address: 'Street 1' } as const;
  expect((await receiving(location)).message?.locationMessage).toMatchObject({
    degreesLatitude: 1.5,
    degreesLongitude: -2.25,
    name: 'Here',
    address: 'Street 1',
  });
  const live = await receiving({ kind: 'live-location', latitude: 3, longitude: 4, caption: 'on my way', sequence: 1 });
  expect(live.message?.liveLocationMessage).toMatchObject({ degreesLatitude: 3, caption: 'on my way' });
  const card = await receiving({ kind: 'contacts', contacts: [{ name: 'Bob', phone: '5511900000009' }] });
  expect(card.message?.contactMessage?.vcard).toContain('waid=5511900000009');
  const cards = await receiving({ kind: 'contacts', contacts: [{ name: 'Bob' }, { name: 'Eve' }] });
  expect(cards.message?.contactsArrayMessage?.contacts).toMatchObject([{ displayName: 'Bob' }, { displayName: 'Eve' }]);
});

test('what businesses send, and the answers', async () => {
  const product = await receiving({ kind: 'product', id: 'p1', title: 'Lamp', price: 12.5, currency: 'EUR', size: 50 });
  expect(product.message?.productMessage?.product).toMatchObject({
    productId: 'p1',
    title: 'Lamp',
    currencyCode: 'EUR',
  });
  expect(Number(product.message?.productMessage?.product?.priceAmount1000)).toBe(12_500);
  const order = await receiving({ kind: 'order', id: 'o1', title: 'Order', items: 2 });
  expect(order.message?.orderMessage).toMatchObject({ orderId: 'o1', itemCount: 2 });
  const rows = [{ id: 'r1', title: 'Row' }];
  const list = await receiving({ kind: 'list', text: 'choose', button: 'open', sections: [{ title: 'S', rows }] });
  expect(list.message?.listMessage).toMatchObject({ description: 'choose', sections: [{ rows: [{ rowId: 'r1' }] }] });
  const buttons = await receiving({ kind: 'buttons', text: 'well?', buttons: [{ id: 'y', text: 'Yes' }] });
  expect(buttons.message?.buttonsMessage?.buttons).toMatchObject([
    { buttonId: 'y', buttonText: { displayText: 'Yes' } },
  ]);
  const template = await receiving({
    kind: 'template',
    text: 'go',
    buttons: [{ text: 'Site', url: 'https://a.example' }],
  });
  expect(template.message?.templateMessage?.hydratedTemplate).toMatchObject({
    hydratedContentText: 'go',
    hydratedButtons: [{ urlButton: { displayText: 'Site' } }],
  });
  const flow = [{ name: 'quick_reply', parameters: { id: 1 } }];
  const interactive = await receiving({ kind: 'interactive', text: 'tap', buttons: flow });
  expect(interactive.message?.interactiveMessage).toMatchObject({
    body: { text: 'tap' },
    nativeFlowMessage: { buttons: [{ name: 'quick_reply', buttonParamsJson: '{"id":1}' }] },
  });
  const listReply = await receiving({ kind: 'list-reply', id: 'r1', title: 'Row' });
  expect(listReply.message?.listResponseMessage?.singleSelectReply).toEqual({ selectedRowId: 'r1' });
  const plain = await receiving({ kind: 'button-reply', id: 'y', text: 'Yes', of: 'buttons' });
  expect(plain.message?.buttonsResponseMessage).toMatchObject({ selectedButtonId: 'y', selectedDisplayText: 'Yes' });
  const reply = await receiving({ kind: 'button-reply', id: 'y', text: 'Yes', of: 'template' });
  expect(reply.message?.templateButtonReplyMessage).toMatchObject({ selectedId: 'y' });
  const flowReply = await receiving({ kind: 'interactive-reply', name: 'f', text: 'ok', parameters: { a: 1 } });
  expect(flowReply.message?.interactiveResponseMessage?.nativeFlowResponseMessage).toMatchObject({
    name: 'f',
    paramsJson: '{"a":1}',
  });
});

test('an invitation, a setting, and any message as JSON', async () => {
  const invite = await receiving({ kind: 'group-invite', group: '1@g.us', code: 'abc', groupName: 'Us' });
  expect(invite.message?.groupInviteMessage).toMatchObject({ groupJid: '1@g.us', inviteCode: 'abc', groupName: 'Us' });
  const setting = await receiving({ kind: 'disappearing', seconds: 86_400 });
  expect(setting.message?.protocolMessage).toMatchObject({ type: 3, ephemeralExpiration: 86_400 });
  const raw = await receiving({
    kind: 'raw',
    message: { ephemeralMessage: { message: { extendedTextMessage: { text: 'wrapped', jpegThumbnail: 'AQID' } } } },
  });
  expect(raw.message?.ephemeralMessage?.message?.extendedTextMessage).toMatchObject({ text: 'wrapped' });
});

test('reactions come and go', async () => {
  const { id } = await clientSends('react to me');
  await annSends({ kind: 'reaction', message: id, emoji: '🎉' });
  const reaction = await eventually('the reaction', () => reactions.find(({ key }) => key.id === id));
  expect(reaction).toMatchObject({ key: { fromMe: true }, reaction: { text: '🎉' } });
  await annSends({ kind: 'reaction', message: id, emoji: '' });
  await eventually('its removal', () => reactions.find(({ key, reaction }) => key.id === id && !reaction.text));
});

test('edits and deletions', async () => {
  const { key } = await receiving({ kind: 'text', text: 'first' });
  const id = key.id ?? '';
  await annSends({ kind: 'edit', message: id, text: 'second' });
  const edit = await eventually('the edit', () => updates.find((each) => each.key.id === id && each.update.message));
  expect(edit.update.message).toMatchObject({ editedMessage: { message: { conversation: 'second' } } });
  await annSends({ kind: 'delete', message: id });
  await eventually('the deletion', () =>
    updates.find((each) => each.key.id === id && each.update.messageStubType === 1),
  );
  const entry = (await sentBy(simulator, ann)).find((each) => each.id === id);
  expect(entry).toMatchObject({ edits: 1, deleted: true });
});

test('a pin and a message that is kept', async () => {
  const { id } = await clientSends('worth keeping');
  const pin = await receiving({ kind: 'pin', message: id, seconds: 604_800 });
  expect(pin.message?.pinInChatMessage).toMatchObject({ key: { id }, type: 1 });
  const keep = await receiving({ kind: 'keep', message: id, keep: true });
  expect(keep.message?.keepInChatMessage).toMatchObject({ key: { id }, keepType: 1 });
});

test.each(['pn', 'lid'] as const)("a vote in the client's poll, addressed by %s, can be read", async (addressing) => {
  const sent = await client.sock.sendMessage(annJid, { poll: { name: 'Lunch?', values: ['Pizza', 'Soup'] } });
  const id = sent?.key.id ?? '';
  const inbox = () => admin<{ entries: { id: string; poll?: object }[] }>(simulator, 'GET', `/contacts/${ann}/inbox`);
  await eventually('the poll', async () => (await inbox()).entries.some((entry) => entry.id === id));
  const message = await receiving({ kind: 'vote', poll: id, options: ['Soup'] }, { addressing });
  const { pollCreationMessageKey, vote } = message.message?.pollUpdateMessage ?? {};
  expect(pollCreationMessageKey).toMatchObject({ id, fromMe: true });
  const account = simulator.network.account(client.phone);
  const decrypted = decryptPollVote(vote ?? {}, {
    pollCreatorJid: account?.jid(addressing) ?? '',
    pollMsgId: id,
    pollEncKey: sent?.message?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
    voterJid: message.key.remoteJid ?? '',
  });
  const chosen = decrypted.selectedOptions?.map((hash) => Buffer.from(hash).toString('hex'));
  expect(chosen).toEqual([createHash('sha256').update('Soup').digest('hex')]);
  const entry = (await inbox()).entries.find((each) => each.id === id);
  expect(entry).toMatchObject({ poll: { votes: [{ from: ann, options: ['Soup'] }] } });
  await annSends({ kind: 'vote', poll: id, options: [] }, { addressing });
  expect((await inbox()).entries.find((each) => each.id === id)).toMatchObject({ poll: { votes: [] } });
});

test("a vote of the client in a contact's poll is shown", async () => {
  const poll = await receiving({ kind: 'poll', name: 'When?', options: ['Now', 'Later'], selectable: 1 });
  expect(poll.message?.pollCreationMessageV3).toMatchObject({
    name: 'When?',
    options: [{ optionName: 'Now' }, { optionName: 'Later' }],
  });
  const id = poll.key.id ?? '';
  const vote = encryptAddOn(proto.Message.PollVoteMessage.encode({ selectedOptions: [hashOfOption('Now')] }).finish(), {
    use: 'Poll Vote',
    id,
    author: annJid,
    secret: poll.message?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
    by: `${client.phone}@s.whatsapp.net`,
  });
  const pollCreationMessageKey = { remoteJid: annJid, fromMe: false, id };
  await client.sock.relayMessage(annJid, { pollUpdateMessage: { pollCreationMessageKey, vote } }, {});
  await eventually('the vote', async () => {
    const entry = (await sentBy(simulator, ann)).find((each) => each.id === id);
    return entry?.poll?.votes.some(({ from, options }) => from === client.phone && options[0] === 'Now');
  });
});

test('an event, and a response to one of the client', async () => {
  const event = await receiving({
    kind: 'event',
    name: 'Party',
    startsAt: 1_900_000_000,
    place: { latitude: 1, longitude: 2 },
  });
  expect(event.message?.eventMessage).toMatchObject({ name: 'Party', location: { degreesLatitude: 1 } });
  const sent = await client.sock.sendMessage(annJid, { event: { name: 'Meeting', startDate: new Date() } });
  const id = sent?.key.id ?? '';
  await eventually('the event', async () => {
    const { entries } = await admin<{ entries: { id: string }[] }>(simulator, 'GET', `/contacts/${ann}/inbox`);
    return entries.some((entry) => entry.id === id);
  });
  const message = await receiving({ kind: 'response', event: id, response: 'maybe', extraGuests: 2 });
  const decrypted = decryptEventResponse(message.message?.encEventResponseMessage ?? {}, {
    eventCreatorJid: `${client.phone}@s.whatsapp.net`,
    eventMsgId: id,
    eventEncKey: sent?.message?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
    responderJid: annJid,
  });
  expect(decrypted).toMatchObject({ response: 3, extraGuestCount: 2 });
  // Baileys reads by itself what is addressed by LID, with phone numbers in the key.
  await annSends({ kind: 'response', event: id, response: 'going', named: 'pn' }, { addressing: 'lid' });
  await eventually('the response', () => updates.find(({ key, update }) => key.id === id && update.eventResponses));
});

test('an album comes as its message and its parts', async () => {
  const { ids } = await annSends({
    kind: 'album',
    parts: [
      { kind: 'image', size: 100, caption: 'one' },
      { kind: 'video', size: 100 },
    ],
  });
  const [album, image, video] = await Promise.all(ids.map(received));
  expect(album?.message?.albumMessage).toMatchObject({ expectedImageCount: 1, expectedVideoCount: 1 });
  for (const part of [image, video]) {
    expect(part?.message?.messageContextInfo?.messageAssociation).toMatchObject({
      associationType: 1,
      parentMessageKey: { id: ids[0] },
    });
  }
  const entries = await sentBy(simulator, ann);
  expect(entries.find(({ id }) => id === ids[0])).toMatchObject({ parts: ids.slice(1) });
});

test('what cannot be sent is refused', async () => {
  expect(await annSends({ kind: 'reaction', message: 'NOBODY', emoji: '?' })).toMatchObject({
    statusCode: 404,
    code: 'MESSAGE_NOT_FOUND',
  });
  const { key } = await receiving({ kind: 'text', text: 'no poll' });
  expect(await annSends({ kind: 'vote', poll: key.id ?? '', options: [] })).toMatchObject({
    statusCode: 400,
    code: 'IMPOSSIBLE_CONTENT',
  });
});

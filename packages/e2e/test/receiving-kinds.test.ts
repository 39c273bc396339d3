import { randomBytes } from 'node:crypto';
import type { EventMessage } from '@flotilla/contracts';
import type { SimulatedContent, SimulatedContext } from '@flotilla/fleet';
import { describe, expect, it } from 'vitest';
import { oneFleet } from './one-fleet.ts';
import { oneReceiving } from './receiving.ts';

const place = { latitude: 52.52, longitude: 13.405, name: 'Berlin', address: 'Alexanderplatz' };
const startsAt = 1_900_000_000;

/** What Ann sends, around what, and what of it the event has to show. */
const kinds: [string, SimulatedContent, Partial<EventMessage>, SimulatedContext?][] = [
  ['text', { kind: 'text', text: 'hello' }, { kind: 'text', text: 'hello' }],
  ['text by LID', { kind: 'text', text: 'by lid' }, { kind: 'text', text: 'by lid' }, { addressing: 'lid' }],
  [
    'text with a preview',
    { kind: 'text', text: 'see https://example.com', preview: { url: 'https://example.com', title: 'Example' } },
    { kind: 'text', type: 'extendedTextMessage', text: 'see https://example.com' },
  ],
  [
    'text that disappears, forwarded',
    { kind: 'text', text: 'soon gone' },
    { kind: 'text', text: 'soon gone', expiration: 86_400, forwarded: 3 },
    { ephemeral: 86_400, forwarded: 3 },
  ],
  ['location', { kind: 'location', ...place }, { kind: 'location', location: place }],
  [
    'live location',
    { kind: 'live-location', latitude: 1.5, longitude: 2.5, caption: 'on my way' },
    { kind: 'live-location', location: { latitude: 1.5, longitude: 2.5 }, text: 'on my way' },
  ],
  [
    'contact cards',
    {
      kind: 'contacts',
      contacts: [
        { name: 'Ben', phone: '4915112345678' },
        { name: 'Cid', phone: '4915187654321' },
      ],
    },
    {
      kind: 'contacts',
      contacts: [
        { name: 'Ben', phones: ['4915112345678'], vcard: expect.stringContaining('BEGIN:VCARD') },
        { name: 'Cid', phones: ['4915187654321'], vcard: expect.stringContaining('BEGIN:VCARD') },
      ],
    },
  ],
  [
    'poll',
    { kind: 'poll', name: 'Lunch?', options: ['yes', 'no'], selectable: 1 },
    { kind: 'poll', text: 'Lunch?', poll: { name: 'Lunch?', options: ['yes', 'no'], selectable: 1 } },
  ],
  [
    'event',
    { kind: 'event', name: 'Party', description: 'Bring cake', startsAt, place },
    {
      kind: 'event',
      event: { name: 'Party', description: 'Bring cake', startsAt: startsAt * 1_000, location: place },
    },
  ],
  [
    'group invitation',
    { kind: 'group-invite', group: '123456789@g.us', code: 'abc', groupName: 'Club', caption: 'join us' },
    { kind: 'group-invite', text: 'join us' },
  ],
  ['order', { kind: 'order', id: '7', title: 'Shoes', text: 'two pairs' }, { kind: 'order', text: 'two pairs' }],
  [
    'list',
    { kind: 'list', text: 'choose', button: 'open', sections: [{ title: 'a', rows: [{ id: '1', title: 'one' }] }] },
    { kind: 'list', text: 'choose' },
  ],
  [
    'buttons',
    { kind: 'buttons', text: 'press', buttons: [{ id: '1', text: 'one' }] },
    { kind: 'buttons', text: 'press' },
  ],
  [
    'template',
    { kind: 'template', text: 'offer', buttons: [{ text: 'buy', id: 'b' }] },
    { kind: 'template', text: 'offer' },
  ],
  [
    'interactive message',
    { kind: 'interactive', text: 'tap', buttons: [{ name: 'quick_reply', parameters: { id: 'q' } }] },
    { kind: 'interactive', text: 'tap' },
  ],
  [
    'reply to a list',
    { kind: 'list-reply', id: 'row', title: 'Row' },
    { kind: 'list-reply', reply: { id: 'row', text: 'Row' } },
  ],
  [
    'reply to buttons',
    { kind: 'button-reply', id: 'b1', text: 'Yes', of: 'buttons' },
    { kind: 'button-reply', reply: { id: 'b1', text: 'Yes' } },
  ],
  [
    'reply to a template',
    { kind: 'button-reply', id: 't1', text: 'Buy', of: 'template' },
    { kind: 'template-reply', reply: { id: 't1', text: 'Buy' } },
  ],
  [
    'reply to an interactive message',
    { kind: 'interactive-reply', name: 'flow', text: 'Done', parameters: { id: 'f1' } },
    { kind: 'interactive-reply', reply: { id: 'f1', text: 'Done' } },
  ],
  ['question for the number', { kind: 'request-phone-number' }, { kind: 'contact-request' }],
  [
    'content that nobody has heard of',
    { kind: 'raw', message: { statusNotificationMessage: { type: 1 } } },
    { kind: 'other', type: 'statusNotificationMessage' },
  ],
];

const bytes = randomBytes(40_000);
const file = { bytes: bytes.toString('base64') };
const size = bytes.length;

const files: [string, SimulatedContent, Partial<EventMessage>, SimulatedContext?][] = [
  [
    'picture',
    { kind: 'image', ...file, mimetype: 'image/jpeg', caption: 'look', width: 4, height: 3 },
    {
      kind: 'image',
      text: 'look',
      caption: 'look',
      media: { status: 'pending', mimeType: 'image/jpeg', size, width: 4, height: 3 },
    },
  ],
  [
    'picture to be seen once',
    { kind: 'image', ...file, mimetype: 'image/png' },
    { kind: 'image', viewOnce: true, media: { status: 'pending', mimeType: 'image/png', size } },
    { viewOnce: true },
  ],
  [
    'video',
    { kind: 'video', ...file, mimetype: 'video/mp4', caption: 'watch', seconds: 9 },
    { kind: 'video', text: 'watch', media: { status: 'pending', mimeType: 'video/mp4', size, seconds: 9 } },
  ],
  ['gif', { kind: 'video', ...file, gif: true }, { kind: 'video', media: { status: 'pending', size, gif: true } }],
  ['video note', { kind: 'video', ...file, note: true }, { kind: 'video-note', media: { status: 'pending', size } }],
  ['audio', { kind: 'audio', ...file, seconds: 3 }, { kind: 'audio', media: { status: 'pending', size, seconds: 3 } }],
  [
    'voice message',
    { kind: 'audio', ...file, voice: true, waveform: [0, 50, 99] },
    { kind: 'voice', media: { status: 'pending', size, waveform: [0, 50, 99] } },
  ],
  [
    'document',
    { kind: 'document', ...file, mimetype: 'application/pdf', fileName: 'invoice.pdf', caption: 'pay' },
    {
      kind: 'document',
      text: 'pay',
      media: { status: 'pending', mimeType: 'application/pdf', fileName: 'invoice.pdf', size },
    },
  ],
  [
    'sticker',
    { kind: 'sticker', ...file, mimetype: 'image/webp', animated: true },
    { kind: 'sticker', media: { status: 'pending', mimeType: 'image/webp', size, animated: true } },
  ],
  [
    'product',
    { kind: 'product', id: 'p1', title: 'Shoes', ...file },
    { kind: 'product', text: 'Shoes', media: { status: 'pending' } },
  ],
];

describe('what comes in', () => {
  const running = oneFleet();
  const receiving = oneReceiving(running);

  it.each(kinds)('%s: arrives as it was sent', async (_name, content, shown, context) => {
    const { it: mine } = receiving;
    const message = await mine.arrives(content, context);
    expect(message).toMatchObject({
      fromMe: false,
      chat: context?.addressing === 'lid' ? `${mine.ann.lid}@lid` : mine.chat,
      sender: { ...mine.annParty, pushName: 'Ann' },
      ...shown,
    });
    const { direction, ...listed } = await mine.listed(message.id);
    expect(direction).toBe('in');
    expect(listed).toMatchObject(message);
  });

  it.each(files)('%s: is fetched at once, byte for byte', async (_name, content, shown, context) => {
    const { it: mine } = receiving;
    const message = await mine.arrives(content, context);
    expect(message).toMatchObject(shown);
    const media = await mine.file(message.id);
    expect(media).toMatchObject({ ...shown.media, status: 'stored', id: expect.stringMatching(/^med_/) });
    expect((await mine.bytesOf(media.id)).equals(bytes)).toBe(true);
    expect(await mine.listed(message.id)).toMatchObject({ media });
  });

  it('answers name what they answer, and mentions whom they mention', async () => {
    const { it: mine } = receiving;
    const question = await mine.arrives({ kind: 'text', text: 'who comes?' });
    const answer = await mine.arrives(
      { kind: 'text', text: '@you' },
      { quoted: question.id, mentions: [mine.linked.phone] },
    );
    expect(answer).toMatchObject({
      quotedId: question.id,
      quoted: { id: question.id, kind: 'text', text: 'who comes?' },
      mentions: [`${mine.linked.phone}@s.whatsapp.net`],
    });
    expect(await mine.arrives({ kind: 'text', text: '@all' }, { mentionsAll: true })).toMatchObject({
      mentionsAll: true,
    });
  });

  it('the parts of an album name their album', async () => {
    const { it: mine } = receiving;
    const [album, ...parts] = await mine.send({
      kind: 'album',
      parts: [
        { kind: 'image', size: 2_000 },
        { kind: 'video', size: 2_000 },
      ],
    });
    expect(await mine.received(album)).toMatchObject({ kind: 'album' });
    for (const part of parts) {
      expect(await mine.received(part)).toMatchObject({ albumId: album });
      expect(await mine.file(part)).toMatchObject({ status: 'stored', size: 2_000 });
    }
  });

  it('status updates come with whose they are', async () => {
    const { it: mine } = receiving;
    const { contacts } = running.fleet.simulator;
    await mine.arrives({ kind: 'text', text: 'we know each other' });
    const [id] = await contacts.postStatus(mine.ann.phone, { kind: 'text', text: 'at the beach' });
    expect(await mine.received(id)).toMatchObject({
      chat: 'status@broadcast',
      text: 'at the beach',
      sender: mine.annParty,
    });
  });

  it('what the owner writes on the phone comes as from me', async () => {
    const { it: mine } = receiving;
    const { contacts } = running.fleet.simulator;
    const [id] = await contacts.ownPhoneSend(mine.linked.phone, mine.ann.phone, {
      kind: 'text',
      text: 'from the phone',
    });
    expect(await mine.received(id)).toMatchObject({
      fromMe: true,
      chat: mine.chat,
      text: 'from the phone',
      sender: { phone: mine.linked.phone, lid: expect.stringMatching(/@lid$/) },
    });
  });
});

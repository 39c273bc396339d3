import { type EventMessage, messageKinds } from '@flotilla/contracts';
import { type AnyMessageContent, generateWAMessageContent, proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import type { Envelope } from './envelope.ts';
import { contentView } from './kinds.ts';
import { unwrap } from './unwrap.ts';
import { messageView } from './view.ts';

const envelope: Envelope = {
  id: 'A1',
  chat: '200@s.whatsapp.net',
  chats: ['200@s.whatsapp.net'],
  fromMe: false,
  sender: { jid: '200@s.whatsapp.net', phone: '200' },
  at: 1_700_000_000_000,
  offline: false,
};
const view = (message: proto.IMessage, fetches = true) =>
  messageView(envelope, proto.Message.decode(proto.Message.encode(message).finish()), { fetches: () => fetches });

/** Uploads nothing: what it gives is what a message says of its file. */
const upload = () => Promise.resolve({ mediaUrl: 'https://mmg.whatsapp.net/f', directPath: '/f' });
const made = (content: AnyMessageContent) => generateWAMessageContent(content, { upload });
const silence = Buffer.alloc(2_000, 1);
const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nTEL;type=CELL;waid=4915112345678:+49 151 12345678\nEND:VCARD';

describe('what Baileys itself makes', () => {
  const cases: [AnyMessageContent, Partial<EventMessage>][] = [
    [{ text: 'hi' }, { kind: 'text', type: 'extendedTextMessage', text: 'hi' }],
    [
      { document: silence, mimetype: 'text/plain', fileName: 'a.txt', caption: 'read' },
      {
        kind: 'document',
        text: 'read',
        caption: 'read',
        media: { status: 'pending', mimeType: 'text/plain', fileName: 'a.txt', size: 2_000 },
      },
    ],
    [{ sticker: silence }, { kind: 'sticker', media: { status: 'pending', mimeType: 'image/webp', size: 2_000 } }],
    [
      { contacts: { contacts: [{ displayName: 'Ben', vcard }] } },
      { kind: 'contacts', contacts: [{ name: 'Ben', phones: ['4915112345678'], vcard }] },
    ],
    [
      { location: { degreesLatitude: 1.5, degreesLongitude: -2, name: 'Here' } },
      { kind: 'location', location: { latitude: 1.5, longitude: -2, name: 'Here' } },
    ],
    [
      { poll: { name: 'Why?', values: ['a', 'b'], selectableCount: 2 } },
      { kind: 'poll', text: 'Why?', poll: { name: 'Why?', options: ['a', 'b'], selectable: 2 } },
    ],
    [
      { event: { name: 'Party', startDate: new Date(1_800_000_000_000) } },
      { kind: 'event', event: { name: 'Party', startsAt: 1_800_000_000_000 } },
    ],
    [
      { text: 'once', viewOnce: true },
      { kind: 'text', viewOnce: true, text: 'once' },
    ],
    [
      { buttonReply: { displayText: 'Yes', id: 'y', index: 0 }, type: 'plain' },
      { kind: 'button-reply', reply: { id: 'y', text: 'Yes' } },
    ],
    [
      { listReply: { title: 'One', singleSelectReply: { selectedRowId: '1' } } },
      { kind: 'list-reply', reply: { id: '1', text: 'One' } },
    ],
    [{ requestPhoneNumber: true }, { kind: 'contact-request' }],
  ];
  it.each(cases)('%j', async (content, shown) => {
    expect(view(await made(content)).message).toMatchObject(shown);
  });
});

describe('what comes over the wire', () => {
  const image: proto.Message.IImageMessage = {
    url: 'https://mmg.whatsapp.net/i',
    directPath: '/i',
    mediaKey: Buffer.alloc(32, 7),
    fileSha256: Buffer.alloc(32, 1),
    fileEncSha256: Buffer.alloc(32, 2),
    fileLength: 99,
    mimetype: 'image/jpeg',
    caption: 'look',
  };
  const cases: [string, proto.IMessage, Partial<EventMessage>][] = [
    ['a picture', { imageMessage: image }, { kind: 'image', text: 'look', caption: 'look' }],
    [
      'a video',
      { videoMessage: { ...image, seconds: 4 } },
      { kind: 'video', media: { status: 'pending', seconds: 4 } },
    ],
    ['a gif', { videoMessage: { gifPlayback: true } }, { kind: 'video', media: { status: 'skipped', gif: true } }],
    ['a video note', { ptvMessage: image }, { kind: 'video-note' }],
    ['a sound file', { audioMessage: { seconds: 3 } }, { kind: 'audio', media: { status: 'skipped', seconds: 3 } }],
    [
      'a voice message',
      { audioMessage: { ptt: true, waveform: Uint8Array.of(0, 50, 200) } },
      { kind: 'voice', media: { status: 'skipped', waveform: [0, 50, 100] } },
    ],
    [
      'a live location',
      { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2 } },
      { kind: 'live-location' },
    ],
    [
      'a cancelled event',
      { eventMessage: { name: 'x', isCanceled: true } },
      { kind: 'event', event: { name: 'x', cancelled: true } },
    ],
    ['a poll of version 3', { pollCreationMessageV3: { name: 'p' } }, { kind: 'poll' }],
    ['the cover of an album', { albumMessage: { expectedImageCount: 2 } }, { kind: 'album' }],
    ['an invitation', { groupInviteMessage: { groupName: 'Club' } }, { kind: 'group-invite', text: 'Club' }],
    [
      'a product',
      { productMessage: { product: { title: 'Shoe', productImage: image } } },
      { kind: 'product', text: 'Shoe' },
    ],
    ['an order', { orderMessage: { orderTitle: 'Shoes' } }, { kind: 'order', text: 'Shoes' }],
    [
      'buttons',
      { buttonsMessage: { contentText: 'press', imageMessage: image } },
      { kind: 'buttons', media: { status: 'pending' } },
    ],
    ['a list', { listMessage: { description: 'choose' } }, { kind: 'list', text: 'choose' }],
    [
      'a template',
      { templateMessage: { hydratedTemplate: { hydratedContentText: 'offer', imageMessage: image } } },
      { kind: 'template', text: 'offer', media: { status: 'pending' } },
    ],
    ['an interactive message', { interactiveMessage: { body: { text: 'tap' } } }, { kind: 'interactive', text: 'tap' }],
    [
      'an answer to an interactive message',
      {
        interactiveResponseMessage: {
          body: { text: 'ok' },
          nativeFlowResponseMessage: { name: 'flow', paramsJson: '{bad' },
        },
      },
      { kind: 'interactive-reply', reply: { id: 'flow', text: 'ok' } },
    ],
    [
      'a button of a template',
      { templateButtonReplyMessage: { selectedId: 't' } },
      { kind: 'template-reply', reply: { id: 't' } },
    ],
    ['a call', { call: { callKey: Buffer.of(1) } }, { kind: 'call' }],
    ['a call in the chat', { callLogMesssage: { isVideo: true } }, { kind: 'call' }],
    ['a call to come', { scheduledCallCreationMessage: { title: 'Standup' } }, { kind: 'call', text: 'Standup' }],
    ['a payment', { sendPaymentMessage: { noteMessage: { conversation: 'rent' } } }, { kind: 'payment', text: 'rent' }],
    ['the request for one', { requestPaymentMessage: { amount1000: 5 } }, { kind: 'payment' }],
    ['something new', { statusNotificationMessage: {} }, { kind: 'other', type: 'statusNotificationMessage' }],
  ];
  it.each(cases)('%s', (_name, message, shown) => {
    expect(view(message).message).toMatchObject(shown);
  });

  it.each(
    (
      [
        'ephemeralMessage',
        'viewOnceMessage',
        'viewOnceMessageV2',
        'viewOnceMessageV2Extension',
        'documentWithCaptionMessage',
        'editedMessage',
        'associatedChildMessage',
        'groupStatusMessage',
        'groupStatusMessageV2',
        'lottieStickerMessage',
        'botInvokeMessage',
        'groupMentionedMessage',
      ] as const
    ).map((wrapper) => [wrapper] as const),
  )('takes off %s', (wrapper) => {
    const { message } = view({ ephemeralMessage: { message: { [wrapper]: { message: { imageMessage: image } } } } });
    expect(message).toMatchObject({ kind: 'image', type: 'imageMessage', text: 'look' });
    expect(message.viewOnce ?? false).toBe(wrapper.startsWith('viewOnce'));
  });

  it('gives up on wrappers without end', () => {
    let message: proto.IMessage = { conversation: 'deep' };
    for (let depth = 0; depth < 100; depth += 1) message = { ephemeralMessage: { message } };
    expect(contentView(unwrap(message).content).kind).toBe('other');
  });

  it('knows no kind that the contracts do not', () => {
    for (const [, message] of cases) expect(Object.keys(messageKinds)).toContain(view(message).message.kind);
  });

  it('reads what surrounds the content', () => {
    const { message } = view({
      extendedTextMessage: {
        text: '@all hi',
        contextInfo: {
          stanzaId: 'Q1',
          participant: '300:2@s.whatsapp.net',
          quotedMessage: { viewOnceMessage: { message: { imageMessage: { caption: 'see' } } } },
          mentionedJid: ['400:1@s.whatsapp.net'],
          nonJidMentions: 1,
          isForwarded: true,
          forwardingScore: 5,
          expiration: 86_400,
        },
      },
      messageContextInfo: { messageAssociation: { associationType: 1, parentMessageKey: { id: 'ALBUM' } } },
    });
    expect(message).toMatchObject({
      quotedId: 'Q1',
      quoted: { id: 'Q1', sender: '300@s.whatsapp.net', kind: 'image', text: 'see' },
      mentions: ['400@s.whatsapp.net'],
      mentionsAll: true,
      forwarded: 5,
      expiration: 86_400,
      albumId: 'ALBUM',
    });
  });

  it('fetches a file only if it is wanted and can be had', () => {
    expect(view({ imageMessage: image })).toMatchObject({
      message: { media: { status: 'pending', size: 99, sha256: Buffer.alloc(32, 1).toString('hex') } },
      file: { type: 'image', url: image.url, directPath: '/i', size: 99 },
    });
    expect(view({ imageMessage: image }, false)).toMatchObject({
      message: { media: { status: 'skipped' } },
      file: undefined,
    });
    expect(view({ imageMessage: { caption: 'no address' } }).file).toBeUndefined();
  });

  it('shows the whole message if it is asked for', () => {
    const { message } = messageView(envelope, { imageMessage: image }, { fetches: () => false, raw: true });
    expect(message.raw).toMatchObject({
      key: { id: 'A1', remoteJid: '200@s.whatsapp.net', fromMe: false },
      message: { imageMessage: { mediaKey: Buffer.alloc(32, 7).toString('base64'), caption: 'look' } },
    });
    expect(JSON.parse(JSON.stringify(message.raw))).toEqual(message.raw);
  });
});

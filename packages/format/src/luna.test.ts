import type { EventData, EventMessage } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { bodyOf, contextOf, eventOf, messageOf, posted, upsertOf } from '../test/samples.ts';

const context = contextOf({ alias: 'instance-name' });
const text = async (event: Parameters<typeof posted>[1]) => (await posted('luna', event, context))?.text;
const body = (event: Parameters<typeof posted>[1]) => bodyOf('luna', event, context);

describe('the document of luna-whatsapp-service', () => {
  it('### `qrcode.updated`', async () => {
    expect(await text(eventOf('qrcode.updated', { qr: '2@ref', expiresAt: 1 }))).toBe(`{
  "event": "qrcode.updated",
  "data": {
    "instance": "instance-name",
    "qrCode": "data:image/png;base64,MkByZWY="
  },
  "timestamp": "2024-01-01T00:00:00.000Z"
}`);
  });

  it('### `connection.update`', async () => {
    const data = { state: 'open' as const, phone: '5511999999999', pushName: 'John Doe' };
    expect(await text(eventOf('connection.update', data))).toBe(`{
  "event": "connection.update",
  "data": {
    "instance": "instance-name",
    "state": "open",
    "phoneNumber": "5511999999999",
    "profileName": "John Doe"
  },
  "timestamp": "2024-01-01T00:00:00.000Z"
}`);
  });

  it('### `messages.upsert`', async () => {
    expect(await text(upsertOf())).toBe(`{
  "event": "messages.upsert",
  "data": {
    "instance": "instance-name",
    "data": {
      "key": {
        "remoteJid": "5511999999999@s.whatsapp.net",
        "fromMe": false,
        "id": "message-id"
      },
      "message": {
        "conversation": "Hello!"
      },
      "messageTimestamp": 1704067200,
      "pushName": "Contact Name"
    }
  },
  "timestamp": "2024-01-01T00:00:00.000Z"
}`);
  });

  it('### `messages.update`', async () => {
    const data = { id: 'message-id', chat: '5511999999999@s.whatsapp.net', status: 'delivered' as const };
    expect(await text(eventOf('messages.update', data))).toBe(`{
  "event": "messages.update",
  "data": {
    "instance": "instance-name",
    "update": {
      "key": {
        "remoteJid": "5511999999999@s.whatsapp.net",
        "fromMe": true,
        "id": "message-id"
      },
      "update": {
        "status": 3
      }
    }
  },
  "timestamp": "2024-01-01T00:00:00.000Z"
}`);
  });
});

describe('where the document is silent', () => {
  it('states are those of Baileys, and pairing is told by QR codes', async () => {
    const stateOf = async (state: EventData<'connection.update'>['state']) =>
      ((await body(eventOf('connection.update', { state }))) as { data: object } | undefined)?.data;
    expect(await stateOf('connecting')).toEqual({ instance: 'instance-name', state: 'connecting' });
    expect(await stateOf('backing-off')).toEqual({ instance: 'instance-name', state: 'close' });
    expect(await stateOf('closed')).toEqual({ instance: 'instance-name', state: 'close' });
    expect(await stateOf('pairing')).toBeUndefined();
  });

  it.each([
    ['acked', 2],
    ['delivered', 3],
    ['read', 4],
    ['played', 5],
    ['failed', 0],
  ] as const)('the status %s is %d', async (status, number) => {
    const update = await body(eventOf('messages.update', { id: 'A', chat: 'c@g.us', status }));
    expect(update).toMatchObject({ data: { update: { update: { status: number } } } });
  });

  it('edits, deletions, stars and votes are updates as Baileys has them', async () => {
    const by = { jid: '5511999999999@s.whatsapp.net' };
    const target = { id: 'message-id', chat: by.jid, fromMe: false };
    const updateOf = async (data: Partial<EventData<'messages.update'>>) =>
      ((await body(eventOf('messages.update', { ...target, ...data }))) as { data: { update: { update: object } } })
        .data.update.update;
    expect(await updateOf({ edited: { by, at: 1_704_067_201_000, message: messageOf({ text: 'Bye' }) } })).toEqual({
      message: { editedMessage: { message: { conversation: 'Bye' } } },
      messageTimestamp: 1_704_067_201,
    });
    expect(await updateOf({ deleted: { by, at: 1 } })).toEqual({
      message: null,
      messageStubType: 1,
      key: { remoteJid: by.jid, fromMe: false, id: 'message-id' },
    });
    expect(await updateOf({ starred: true })).toEqual({ starred: true });
    expect(await updateOf({ vote: { voter: by, at: 5, options: ['red'], result: [] } })).toEqual({
      pollUpdates: [
        {
          pollUpdateMessageKey: { remoteJid: by.jid, fromMe: false, participant: by.jid },
          vote: { selectedOptions: ['sfUaUR8doM00i4+FmNsy5hy5Y+X8aeK0FIW/mVkO11o='] },
          senderTimestampMs: 5,
        },
      ],
    });
    expect(await body(eventOf('messages.update', { ...target, pinned: { by, at: 1, pinned: true } }))).toBeUndefined();
  });

  const waMessageOf = async (change: Partial<EventMessage>) =>
    ((await body(upsertOf(change))) as { data: { data: { key: object; message?: object } } }).data.data;

  it('the message is the one that Baileys had, if it is kept', async () => {
    const raw = {
      key: { remoteJid: '5511999999999@s.whatsapp.net', fromMe: false, id: 'message-id' },
      message: { imageMessage: { url: 'https://mmg.whatsapp.net/x', mediaKey: 'a2V5', fileLength: '12' } },
      messageTimestamp: '1704067200',
      pushName: 'Contact Name',
    };
    expect(await waMessageOf({ kind: 'image', raw })).toEqual({ ...raw, messageTimestamp: 1_704_067_200 });
  });

  it('else it is put together', async () => {
    const media = {
      status: 'pending' as const,
      mimeType: 'image/jpeg',
      size: 12,
      sha256: '00ff',
      width: 4,
      height: 3,
    };
    const contentOf = async (change: Partial<EventMessage>) => (await waMessageOf(change)).message;
    expect(await contentOf({ kind: 'image', type: 'imageMessage', text: 'Look', caption: 'Look', media })).toEqual({
      imageMessage: {
        mimetype: 'image/jpeg',
        caption: 'Look',
        fileSha256: 'AP8=',
        fileLength: '12',
        height: 3,
        width: 4,
      },
    });
    const quoted = { id: 'Q', sender: '5511888888888@s.whatsapp.net', text: 'What?' };
    expect(await contentOf({ type: 'extendedTextMessage', quotedId: 'Q', quoted, mentions: ['1@lid'] })).toEqual({
      extendedTextMessage: {
        text: 'Hello!',
        contextInfo: {
          stanzaId: 'Q',
          participant: '5511888888888@s.whatsapp.net',
          quotedMessage: { conversation: 'What?' },
          mentionedJid: ['1@lid'],
        },
      },
    });
    expect(await contentOf({ kind: 'voice', media: { status: 'pending', seconds: 7, waveform: [1, 2] } })).toEqual({
      audioMessage: { seconds: 7, waveform: 'AQI=', ptt: true },
    });
    expect(await contentOf({ kind: 'location', location: { latitude: -23.5, longitude: -46.6, name: 'SP' } })).toEqual({
      locationMessage: { degreesLatitude: -23.5, degreesLongitude: -46.6, name: 'SP' },
    });
    const card = { name: 'John Doe', phones: ['5511888888888'], vcard: 'BEGIN:VCARD' };
    expect(await contentOf({ kind: 'contacts', contacts: [card] })).toEqual({
      contactMessage: { displayName: 'John Doe', vcard: 'BEGIN:VCARD' },
    });
    expect(await contentOf({ kind: 'contacts', contacts: [card, card] })).toMatchObject({
      contactsArrayMessage: { contacts: [{ displayName: 'John Doe' }, { displayName: 'John Doe' }] },
    });
    const poll = { name: 'Colour?', options: ['red', 'blue'], selectable: 1 };
    expect(await contentOf({ kind: 'poll', type: 'pollCreationMessageV3', poll })).toEqual({
      pollCreationMessageV3: {
        name: 'Colour?',
        options: [{ optionName: 'red' }, { optionName: 'blue' }],
        selectableOptionsCount: 1,
      },
    });
    expect(await contentOf({ kind: 'button-reply', reply: { id: 'yes', text: 'Yes' } })).toEqual({
      buttonsResponseMessage: { selectedButtonId: 'yes', selectedDisplayText: 'Yes' },
    });
    expect(await contentOf({ kind: 'other', type: 'stickerPackMessage', text: 'Cats' })).toEqual({
      stickerPackMessage: { text: 'Cats' },
    });
  });

  it('chats have the phone number where it is known, and the LID beside it', async () => {
    const sender = { jid: '800@lid', lid: '800@lid', phone: '5511999999999' };
    expect((await waMessageOf({ chat: '800@lid', sender })).key).toEqual({
      remoteJid: '5511999999999@s.whatsapp.net',
      fromMe: false,
      id: 'message-id',
      remoteJidAlt: '800@lid',
    });
    expect((await waMessageOf({ chat: '120@g.us', sender })).key).toEqual({
      remoteJid: '120@g.us',
      fromMe: false,
      id: 'message-id',
      participant: '5511999999999@s.whatsapp.net',
      participantAlt: '800@lid',
    });
  });

  it('what cannot be decrypted has no content, but the stub that Baileys gives it', async () => {
    const message = await waMessageOf({ kind: 'unreadable', type: undefined, text: undefined });
    expect(message).toMatchObject({ messageStubType: 2 });
    expect(message.message).toBeUndefined();
  });

  it('what it has no word for is not told', async () => {
    expect(await body(eventOf('chats.delete', { jids: [] }))).toBeUndefined();
  });
});

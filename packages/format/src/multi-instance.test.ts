import type { EventData, EventMessage } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { bodyOf, contextOf, eventOf, posted, upsertOf } from '../test/samples.ts';

const context = contextOf({ alias: 'my-instance' });
const body = (event: Parameters<typeof posted>[1]) => bodyOf('multi-instance', event, context);

describe('## Webhook Events of whatsapp-multi-instance-api', () => {
  it('`connection.open` - Instance connected successfully', async () => {
    const data = { state: 'open' as const, jid: '5511999999999:1@s.whatsapp.net', phone: '5511999999999' };
    expect((await posted('multi-instance', eventOf('connection.update', data), context))?.text).toBe(`{
  "event": "connection.open",
  "instanceId": "my-instance",
  "timestamp": "2024-01-01T00:00:00.000Z",
  "data": {
    "phoneNumber": "5511999999999",
    "name": null,
    "jid": "5511999999999:1@s.whatsapp.net"
  }
}`);
  });

  it.each([
    [{ state: 'closed', reason: 'logged-out', code: 401 }, 'loggedOut', 401, false],
    [{ state: 'closed', reason: 'logged-out' }, 'loggedOut', 401, false],
    [{ state: 'closed', reason: 'refused', code: 406 }, 'refused', 406, false],
    [{ state: 'closed', reason: 'banned' }, 'banned', 402, false],
    [{ state: 'closed', reason: 'replaced', code: 440 }, 'connectionReplaced', 440, false],
    [{ state: 'closed', reason: 'pairing-timeout' }, 'timedOut', 408, false],
    [{ state: 'closed', reason: 'stopped' }, 'connectionClosed', 428, false],
    [{ state: 'backing-off', code: 503 }, 'unavailableService', 503, true],
    [{ state: 'backing-off' }, 'connectionLost', 408, true],
  ] as [EventData<'connection.update'>, string, number, boolean][])(
    '`connection.close` - Connection closed (with reason): %j is %s',
    async (data, reason, statusCode, willReconnect) => {
      expect(await body(eventOf('connection.update', data))).toEqual({
        event: 'connection.close',
        instanceId: 'my-instance',
        timestamp: '2024-01-01T00:00:00.000Z',
        data: { reason, statusCode, willReconnect },
      });
    },
  );

  it('`qr.update` - New QR code generated', async () => {
    expect(await body(eventOf('qrcode.updated', { qr: '2@ref', expiresAt: 1 }))).toEqual({
      event: 'qr.update',
      instanceId: 'my-instance',
      timestamp: '2024-01-01T00:00:00.000Z',
      data: { qr: '2@ref', qrCode: 'data:image/png;base64,MkByZWY=' },
    });
  });

  it('`message.received` - Incoming message received', async () => {
    expect((await posted('multi-instance', upsertOf(), context))?.text).toBe(`{
  "event": "message.received",
  "instanceId": "my-instance",
  "timestamp": "2024-01-01T00:00:00.000Z",
  "data": {
    "messageId": "message-id",
    "from": "5511999999999@s.whatsapp.net",
    "phoneNumber": "5511999999999",
    "lid": null,
    "pushName": "Contact Name",
    "isGroup": false,
    "fromMe": false,
    "type": "text",
    "message": "Hello!",
    "messageTimestamp": 1704067200
  }
}`);
  });

  it('`message.sent` - Message sent successfully', async () => {
    const sender = { jid: '5511888888888@s.whatsapp.net' };
    expect((await posted('multi-instance', upsertOf({ fromMe: true, sender }, 'append'), context))?.text).toBe(`{
  "event": "message.sent",
  "instanceId": "my-instance",
  "timestamp": "2024-01-01T00:00:00.000Z",
  "data": {
    "messageId": "message-id",
    "to": "5511999999999@s.whatsapp.net",
    "phoneNumber": "5511999999999",
    "isGroup": false,
    "fromMe": true,
    "type": "text",
    "message": "Hello!",
    "messageTimestamp": 1704067200
  }
}`);
  });
});

describe('where the document is silent', () => {
  const dataOf = async (change: Partial<EventMessage>) => ((await body(upsertOf(change))) as { data: object }).data;

  it('other states are not told', async () => {
    for (const state of ['connecting', 'pairing'] as const)
      expect(await body(eventOf('connection.update', { state }))).toBeUndefined();
  });

  it('groups say where the answer goes, and who wrote', async () => {
    const sender = { jid: '800@lid', lid: '800@lid', pushName: 'Ann' };
    expect(await dataOf({ chat: '120@g.us', sender })).toMatchObject({
      from: '120@g.us',
      participant: '800@lid',
      // Never a name.
      phoneNumber: null,
      lid: '800@lid',
      pushName: 'Ann',
      isGroup: true,
    });
  });

  it('content has the words of the routes that send', async () => {
    const media = { status: 'pending' as const, mimeType: 'audio/ogg', seconds: 3, size: 10 };
    expect(await dataOf({ kind: 'voice', text: undefined, media })).toMatchObject({
      type: 'audio',
      ptt: true,
      message: null,
      media: { mimetype: 'audio/ogg', seconds: 3, fileSize: 10 },
    });
    const fileUrl = ({ id }: EventMessage) => `https://api.example.com/media/${id}`;
    const linked = upsertOf({ kind: 'image', media });
    expect(await bodyOf('multi-instance', linked, { ...context, fileUrl })).toMatchObject({
      data: { mediaUrl: 'https://api.example.com/media/message-id' },
    });
    const skipped = upsertOf({ kind: 'image', media: { ...media, status: 'skipped' } });
    expect(await bodyOf('multi-instance', skipped, { ...context, fileUrl })).not.toHaveProperty('data.mediaUrl');
    expect(await dataOf({ kind: 'image', text: 'Look', caption: 'Look', media })).toMatchObject({
      type: 'image',
      message: null,
      caption: 'Look',
    });
    const location = { latitude: -23.5505, longitude: -46.6333, name: 'São Paulo', address: 'São Paulo, Brazil' };
    expect(await dataOf({ kind: 'location', location, text: undefined })).toMatchObject({
      type: 'location',
      ...location,
    });
    const contacts = [{ name: 'John Doe', phones: ['5511888888888'], vcard: '' }];
    expect(await dataOf({ kind: 'contacts', contacts, text: undefined })).toMatchObject({
      type: 'contact',
      contactName: 'John Doe',
      contactNumber: '5511888888888',
    });
  });

  it('what cannot be decrypted is not told', async () => {
    expect(await body(upsertOf({ kind: 'unreadable' }))).toBeUndefined();
  });
});

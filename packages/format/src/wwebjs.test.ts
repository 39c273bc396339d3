import type { EventData, EventMessage } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { bodyOf, contextOf, eventOf, posted, upsertOf } from '../test/samples.ts';

const context = contextOf({ alias: 'sales', phone: '5511888888888', pushName: 'A shop' });
const body = (event: Parameters<typeof posted>[1]) => bodyOf('wwebjs', event, context);

describe('### Events of whatsapp-service', () => {
  it('`connection_update` - QR code received', async () => {
    expect((await posted('wwebjs', eventOf('qrcode.updated', { qr: '2@ref', expiresAt: 1 }), context))?.text).toBe(`{
  "event": "connection_update",
  "sessionId": "sales",
  "data": {
    "status": "qr_received",
    "qr": "2@ref",
    "qrCode": "data:image/png;base64,MkByZWY="
  }
}`);
  });

  it('`connection_update` - authenticated', async () => {
    const data = { state: 'connecting' as const, isNewLogin: true };
    expect(await body(eventOf('connection.update', data))).toEqual({
      event: 'connection_update',
      sessionId: 'sales',
      data: { status: 'authenticated' },
    });
  });

  it('`connection_update` - connected', async () => {
    expect(await body(eventOf('connection.update', { state: 'open', phone: '5511888888888' }))).toEqual({
      event: 'connection_update',
      sessionId: 'sales',
      data: {
        status: 'connected',
        info: {
          pushname: 'A shop',
          wid: { server: 'c.us', user: '5511888888888', _serialized: '5511888888888@c.us' },
        },
      },
    });
  });

  it('`message` - When a new message is received', async () => {
    expect((await posted('wwebjs', upsertOf({ id: '3EB0C0FFEE0000000001' }), context))?.text).toBe(`{
  "event": "message",
  "sessionId": "sales",
  "data": {
    "id": {
      "fromMe": false,
      "remote": "5511999999999@c.us",
      "id": "3EB0C0FFEE0000000001",
      "_serialized": "false_5511999999999@c.us_3EB0C0FFEE0000000001"
    },
    "ack": 1,
    "hasMedia": false,
    "body": "Hello!",
    "type": "chat",
    "timestamp": 1704067200,
    "from": "5511999999999@c.us",
    "to": "5511888888888@c.us",
    "deviceType": "web",
    "isForwarded": false,
    "forwardingScore": 0,
    "isStatus": false,
    "isStarred": false,
    "broadcast": false,
    "fromMe": false,
    "hasQuotedMsg": false,
    "hasReaction": false,
    "vCards": [],
    "mentionedIds": [],
    "groupMentions": [],
    "isGif": false,
    "isEphemeral": false,
    "links": []
  }
}`);
  });
});

describe('where the document is silent', () => {
  it.each([
    [{ state: 'connecting' }, { status: 'connecting' }],
    [{ state: 'backing-off' }, { status: 'disconnected', reason: 'TIMEOUT' }],
    [
      { state: 'closed', reason: 'logged-out' },
      { status: 'disconnected', reason: 'LOGOUT' },
    ],
    [
      { state: 'closed', reason: 'replaced' },
      { status: 'disconnected', reason: 'CONFLICT' },
    ],
  ] as [EventData<'connection.update'>, object][])('%j is told as %j', async (data, told) => {
    expect(await body(eventOf('connection.update', data))).toMatchObject({ data: told });
  });

  const messageOf = async (change: Partial<EventMessage>) => ((await body(upsertOf(change))) as { data: object }).data;

  it('a message in a group names its author', async () => {
    const sender = { jid: '800@lid', lid: '800@lid', phone: '5511999999999' };
    expect(await messageOf({ id: 'A', chat: '120@g.us', sender })).toMatchObject({
      id: { remote: '120@g.us', participant: '5511999999999@c.us', _serialized: 'false_120@g.us_A_5511999999999@c.us' },
      from: '120@g.us',
      author: '5511999999999@c.us',
      to: '5511888888888@c.us',
    });
  });

  it.each([
    [
      { kind: 'image', media: { status: 'pending' }, caption: 'Look' },
      { type: 'image', hasMedia: true, body: 'Look' },
    ],
    [
      { kind: 'voice', media: { status: 'pending', seconds: 7 } },
      { type: 'ptt', duration: '7', hasMedia: true },
    ],
    [
      { kind: 'location', location: { latitude: 1, longitude: 2 } },
      { type: 'location', location: { latitude: 1 } },
    ],
    [
      { kind: 'contacts', contacts: [{ name: 'A', phones: [], vcard: 'V' }] },
      { type: 'vcard', body: 'V', vCards: ['V'] },
    ],
    [
      { kind: 'poll', poll: { name: 'Q', options: ['a'], selectable: 1 } },
      { type: 'poll_creation', pollName: 'Q' },
    ],
    [{ chat: 'status@broadcast' }, { from: 'status@broadcast', isStatus: true, broadcast: true }],
    [{ text: 'see https://example.com/x' }, { links: [{ link: 'https://example.com/x', isSuspicious: false }] }],
    [{ mentions: ['5511777777777@s.whatsapp.net'] }, { mentionedIds: ['5511777777777@c.us'] }],
    [{ forwarded: 3 }, { isForwarded: true, forwardingScore: 3 }],
  ] as [Partial<EventMessage>, object][])('%j has %j', async (change, expected) => {
    expect(await messageOf(change)).toMatchObject(expected);
  });

  it('what this number writes, and what cannot be decrypted, is no `message`', async () => {
    expect(await body(upsertOf({ fromMe: true }))).toBeUndefined();
    expect(await body(upsertOf({ kind: 'unreadable' }))).toBeUndefined();
  });
});

import type { EventData } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { bodyOf, contextOf, eventOf, messageOf, posted, upsertOf } from '../test/samples.ts';

const context = contextOf({ alias: 'unique-session-id' });
const at = Date.parse('2024-01-15T10:30:00Z');
const body = (event: Parameters<typeof posted>[1]) => bodyOf('qr-service', event, context);

describe('## Notificaciones al Backend of whatsapp-qr-service', () => {
  it('### QR Code Generado', async () => {
    expect(await posted('qr-service', eventOf('qrcode.updated', { qr: '2@ref', expiresAt: 1 }), context)).toEqual({
      path: '/whatsapp-qr/webhook',
      text: `{
  "type": "qr",
  "sessionId": "unique-session-id",
  "data": {
    "qrCode": "data:image/png;base64,MkByZWY="
  }
}`,
    });
  });

  it('### Conexión Establecida', async () => {
    expect(await posted('qr-service', eventOf('connection.update', { state: 'open' }, at), context)).toEqual({
      path: '/whatsapp-qr/webhook',
      text: `{
  "type": "connected",
  "sessionId": "unique-session-id",
  "data": {
    "connectedAt": "2024-01-15T10:30:00Z"
  }
}`,
    });
  });

  it('### Desconexión', async () => {
    const data = { state: 'closed' as const, reason: 'logged-out' as const, code: 401 };
    expect(await posted('qr-service', eventOf('connection.update', data), context)).toEqual({
      path: '/whatsapp-qr/webhook',
      text: `{
  "type": "disconnected",
  "sessionId": "unique-session-id",
  "data": {
    "reason": "logout"
  }
}`,
    });
  });

  it('### Mensaje Entrante', async () => {
    const message = messageOf({
      id: 'whatsapp-message-id',
      chat: '56912345678@s.whatsapp.net',
      sender: { jid: '56912345678@s.whatsapp.net', phone: '56912345678' },
      text: 'Hola',
      timestamp: at,
    });
    expect(await posted('qr-service', upsertOf(message), context)).toEqual({
      path: '/whatsapp-qr/incoming',
      text: `{
  "sessionId": "unique-session-id",
  "from": "56912345678",
  "message": "Hola",
  "timestamp": "2024-01-15T10:30:00Z",
  "messageId": "whatsapp-message-id"
}`,
    });
  });
});

describe('where the document is silent', () => {
  it('the chatbot that the session was begun for is named, last', async () => {
    const named = contextOf({ alias: 's', metadata: { chatbotId: 'chatbot-uuid', shelf: '3' } });
    expect((await posted('qr-service', eventOf('connection.update', { state: 'open' }, at), named))?.text).toBe(`{
  "type": "connected",
  "sessionId": "s",
  "data": {
    "connectedAt": "2024-01-15T10:30:00Z"
  },
  "chatbotId": "chatbot-uuid"
}`);
    expect(await bodyOf('qr-service', upsertOf(), named)).toMatchObject({ chatbotId: 'chatbot-uuid' });
  });

  it.each([
    [{ state: 'closed', reason: 'refused' }, 'forbidden'],
    [{ state: 'closed', reason: 'banned' }, 'banned'],
    [{ state: 'closed', reason: 'replaced' }, 'replaced'],
    [{ state: 'closed', reason: 'pairing-timeout' }, 'qr_timeout'],
    [{ state: 'closed', reason: 'stopped' }, 'disconnected'],
    [{ state: 'backing-off', code: 503 }, 'connection_lost'],
  ] as [EventData<'connection.update'>, string][])('%j is told as %s', async (data, reason) => {
    expect(await body(eventOf('connection.update', data))).toMatchObject({ type: 'disconnected', data: { reason } });
  });

  it('the way to a state is not told', async () => {
    for (const state of ['connecting', 'pairing'] as const)
      expect(await body(eventOf('connection.update', { state }))).toBeUndefined();
  });

  it('somebody without a known number is named by LID, and a file without a caption has no words', async () => {
    const sender = { jid: '800@lid', lid: '800@lid' };
    const media = { status: 'pending' as const };
    expect(await body(upsertOf({ chat: '800@lid', sender, kind: 'image', text: undefined, media }))).toMatchObject({
      from: '800@lid',
      message: '',
    });
  });

  it.each([
    ['of this number itself', { fromMe: true }],
    ['in a group', { chat: '120@g.us' }],
    ['that is a status', { chat: 'status@broadcast' }],
    ['in a newsletter', { chat: '120@newsletter' }],
    ['that cannot be decrypted', { kind: 'unreadable' as const }],
  ])('a message %s is not told', async (_, change) => {
    expect(await body(upsertOf(change))).toBeUndefined();
  });
});

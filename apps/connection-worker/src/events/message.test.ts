import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { messageEvent } from './message.ts';

const me = { jid: '100:3@s.whatsapp.net', lid: '900:3@lid' };
const stanza = (attrs: Record<string, string>): BinaryNode => ({
  tag: 'message',
  attrs: { id: 'A1', t: '1700000000', type: 'text', ...attrs },
});
const plaintext = (message: proto.IMessage) => proto.Message.encode(message).finish();

describe('the event of a decrypted message', () => {
  it('shows text with both addresses of its sender', () => {
    const event = messageEvent(
      {
        stanza: stanza({ from: '200@s.whatsapp.net', sender_lid: '800@lid', notify: 'Ann' }),
        plaintext: plaintext({ conversation: 'hi' }),
      },
      me,
      5,
    );
    expect(event).toEqual({
      type: 'messages.upsert',
      occurredAt: 5,
      data: {
        type: 'notify',
        message: {
          id: 'A1',
          chat: '200@s.whatsapp.net',
          fromMe: false,
          sender: { jid: '200@s.whatsapp.net', phone: '200', lid: '800@lid', pushName: 'Ann' },
          timestamp: 1_700_000_000_000,
          kind: 'text',
          type: 'conversation',
          text: 'hi',
          quotedId: undefined,
        },
      },
    });
  });

  it('says append for what waited at the server', () => {
    const event = messageEvent(
      {
        stanza: stanza({ from: '800@lid', sender_pn: '200@s.whatsapp.net', offline: '1' }),
        plaintext: plaintext({ extendedTextMessage: { text: 'late' } }),
      },
      me,
      5,
    );
    expect(event?.data).toMatchObject({
      type: 'append',
      message: { text: 'late', sender: { phone: '200', lid: '800@lid' } },
    });
  });

  it('shows what another device of this number sent as from me', () => {
    const sent = {
      deviceSentMessage: { destinationJid: '200@s.whatsapp.net', message: { conversation: 'from the phone' } },
    };
    const event = messageEvent(
      { stanza: stanza({ from: '100@s.whatsapp.net', recipient: '200@s.whatsapp.net' }), plaintext: plaintext(sent) },
      me,
      5,
    );
    expect(event?.data).toMatchObject({
      message: {
        fromMe: true,
        chat: '200@s.whatsapp.net',
        text: 'from the phone',
        sender: { phone: '100', lid: '900@lid' },
      },
    });
  });

  it('is none for what clients tell each other', () => {
    for (const content of [{ protocolMessage: { type: 0 } }, { senderKeyDistributionMessage: { groupId: 'g' } }]) {
      expect(
        messageEvent({ stanza: stanza({ from: '200@s.whatsapp.net' }), plaintext: plaintext(content) }, me, 5),
      ).toBeUndefined();
    }
  });
});

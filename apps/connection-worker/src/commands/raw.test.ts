import { describe, expect, it } from 'vitest';
import { SendRefused } from './handler.ts';
import { readRaw } from './raw.ts';

describe('a raw message', () => {
  it('takes bytes as base64 and enums by name', () => {
    const message = readRaw({
      imageMessage: { mediaKey: Buffer.from('key').toString('base64'), fileLength: '5' },
      messageContextInfo: { messageSecret: 'AAAA' },
    });
    expect(Buffer.from(message.imageMessage?.mediaKey ?? []).toString()).toBe('key');
    expect(readRaw({ protocolMessage: { type: 'REVOKE', key: { id: 'A' } } }).protocolMessage?.type).toBe(0);
  });

  it('names the field that WhatsApp does not know', () => {
    expect(() => readRaw({ extendedTextMessage: { text: 'x', contextInfo: { mentioned: [] } } })).toThrow(
      'message.extendedTextMessage.contextInfo.mentioned',
    );
  });

  it('is refused if it is empty, too large, or for devices of one account', () => {
    for (const message of [
      {},
      { messageContextInfo: {} },
      { conversation: 'x'.repeat(300_000) },
      { deviceSentMessage: { message: { conversation: 'x' } } },
      { conversation: 'x', senderKeyDistributionMessage: { groupId: 'g' } },
      { protocolMessage: { type: 'HISTORY_SYNC_NOTIFICATION' } },
      { imageMessage: 'no object' },
    ])
      expect(() => readRaw(message)).toThrow(SendRefused);
  });
});

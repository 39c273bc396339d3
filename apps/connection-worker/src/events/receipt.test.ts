import { describe, expect, it } from 'vitest';
import { readElsewhere, readReceipt } from './receipt.ts';

const receipt = (attrs: Record<string, string>, content?: Parameters<typeof readReceipt>[0]['content']) => ({
  tag: 'receipt',
  attrs: { id: 'A1', from: '2@lid', ...attrs },
  content,
});

describe('receipts', () => {
  it('without a type mean delivered, and name the others', () => {
    expect(readReceipt(receipt({ t: '5' }))).toEqual({
      messageIds: ['A1'],
      chat: '2@lid',
      status: 'delivered',
      at: 5_000,
    });
    expect(readReceipt(receipt({ type: 'read' }))?.status).toBe('read');
    expect(readReceipt(receipt({ type: 'played' }))?.status).toBe('played');
  });

  it('may speak of several messages', () => {
    const list = {
      tag: 'list',
      attrs: {},
      content: [
        { tag: 'item', attrs: { id: 'A2' } },
        { tag: 'item', attrs: { id: 'A3' } },
      ],
    };
    expect(readReceipt(receipt({ type: 'read' }, [list]))?.messageIds).toEqual(['A1', 'A2', 'A3']);
  });

  it('between devices are none of ours', () => {
    for (const type of ['sender', 'retry', 'inactive', 'peer_msg', 'hist_sync', 'read-self'])
      expect(readReceipt(receipt({ type }))).toBeUndefined();
    expect(readReceipt(receipt({ type: 'read', recipient: '3@lid' }))).toBeUndefined();
  });

  it('name whose they are where several people have the message', () => {
    const from = '120@g.us';
    expect(readReceipt(receipt({ from, participant: '7:3@lid' }))?.participant).toBe('7@lid');
    expect(readReceipt(receipt({ from: 'status@broadcast', participant: '7@lid' }))?.participant).toBe('7@lid');
    expect(readReceipt(receipt({ participant: '7@lid' }))?.participant).toBeUndefined();
  });
});

describe('what was read on another device of this number', () => {
  const me = { jid: '100:3@s.whatsapp.net', lid: '900:3@lid' };
  it.each([
    [{ type: 'read-self', from: '100@s.whatsapp.net', recipient: '2@s.whatsapp.net' }, '2@s.whatsapp.net'],
    [{ type: 'read-self', from: '2@s.whatsapp.net' }, '2@s.whatsapp.net'],
    [{ type: 'read', from: '900@lid', recipient: '2@lid' }, '2@lid'],
    [{ type: 'read', from: '120@g.us', participant: '900:1@lid' }, '120@g.us'],
    [{ type: 'read', from: '120@g.us', participant: '7@lid' }, undefined],
    [{ type: 'read', from: '2@lid' }, undefined],
    [{ type: 'sender', from: '900@lid', recipient: '2@lid' }, undefined],
  ])('%j: %s', (attrs: Record<string, string>, chat) => {
    expect(readElsewhere(receipt(attrs), me)).toBe(chat);
  });
});

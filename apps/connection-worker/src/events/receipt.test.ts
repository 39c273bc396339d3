import { describe, expect, it } from 'vitest';
import { readReceipt } from './receipt.ts';

const receipt = (attrs: Record<string, string>, content?: Parameters<typeof readReceipt>[0]['content']) => ({
  tag: 'receipt',
  attrs: { id: 'A1', from: '2@lid', ...attrs },
  content,
});

describe('receipts', () => {
  it('without a type mean delivered, and name the others', () => {
    expect(readReceipt(receipt({}))).toEqual({ messageIds: ['A1'], chat: '2@lid', status: 'delivered' });
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
});

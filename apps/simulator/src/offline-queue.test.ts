import { expect, test } from 'vitest';
import { OfflineQueue } from './offline-queue.ts';
import { node } from './wire/node.ts';

const message = (id: string, from = '5511@s.whatsapp.net') => node('message', { id, from });
const ids = (queue: OfflineQueue) => queue.entries().map(({ stanza }) => stanza.attrs.id);

test('stanzas wait in order until a receipt or an ack confirms them', () => {
  const queue = new OfflineQueue();
  for (const id of ['a', 'b', 'c']) queue.add(message(id));
  queue.add(node('notification', { id: 'n', from: '@s.whatsapp.net', type: 'encrypt' }));
  queue.confirmMessage('b', '5511:3@s.whatsapp.net');
  queue.acknowledge('message', 'a', '5511@s.whatsapp.net');
  queue.acknowledge('notification', 'n', '@s.whatsapp.net', { type: 'encrypt' });
  expect(ids(queue)).toEqual(['c']);
});

test('somebody else or another kind confirms nothing', () => {
  const queue = new OfflineQueue();
  queue.add(message('a'));
  queue.confirmMessage('a', '5522@s.whatsapp.net');
  queue.acknowledge('receipt', 'a', '5511@s.whatsapp.net');
  expect(queue.size).toBe(1);
});

test('delivered and read are two receipts', () => {
  const queue = new OfflineQueue();
  queue.add(node('receipt', { id: 'a', from: '5511@s.whatsapp.net' }));
  queue.add(node('receipt', { id: 'a', from: '5511@s.whatsapp.net', type: 'read' }));
  queue.acknowledge('receipt', 'a', '5511@s.whatsapp.net', { type: 'read' });
  expect(queue.entries().map(({ stanza }) => stanza.attrs.type)).toEqual([undefined]);
});

test('the negative ack behind a retry receipt does not take the resent message away', () => {
  const queue = new OfflineQueue();
  queue.add(message('a'));
  queue.retryAsked('a', '5511@s.whatsapp.net');
  expect(queue.size).toBe(0);
  queue.add(message('a'));
  queue.acknowledge('message', 'a', '5511@s.whatsapp.net', { error: '500' });
  expect(queue.size).toBe(1);
  queue.acknowledge('message', 'a', '5511@s.whatsapp.net', { error: '487' });
  expect(queue.size).toBe(0);
});

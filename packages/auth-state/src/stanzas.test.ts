import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { decryptionBegins, originOf, watchStanzas } from './stanzas.ts';

const message = (id: string, attrs: Record<string, string> = {}): BinaryNode => ({
  tag: 'message',
  attrs: { id, from: '5511999990001@s.whatsapp.net', ...attrs },
  content: [{ tag: 'enc', attrs: { type: 'msg' }, content: Buffer.from(id) }],
});

/** What stands in for a socket: it hands stanzas to `handle`, which says in which order they came. */
function watched(handle: (stanza: BinaryNode) => unknown) {
  const ws = new EventEmitter();
  const order: string[] = [];
  ws.on('CB:message', async (stanza: BinaryNode) => {
    order.push(stanza.attrs.id ?? '');
    await handle(stanza);
  });
  watchStanzas({ ws } as unknown as Pick<WASocket, 'ws'>);
  return { order, arrives: (stanza: BinaryNode) => ws.emit('CB:message', stanza) };
}

/** What the Signal repository says when it gets the ciphertext of a stanza. */
function decrypt({ content }: BinaryNode): void {
  const [child] = Array.isArray(content) ? content : [];
  const origin = child?.content instanceof Uint8Array ? originOf(child.content) : undefined;
  if (origin) decryptionBegins(origin);
}

test('a live message does not overtake one of its chat that waits in the queue of the absence', async () => {
  const { order, arrives } = watched(() => undefined);
  const first = message('absent', { offline: '1' });
  arrives(first);
  arrives(message('live'));
  arrives(message('elsewhere', { from: '5511999990002@s.whatsapp.net' }));
  // Much else came during the absence.
  await pause(4_000);
  expect(order).toEqual(['absent', 'elsewhere']);
  decrypt(first);
  await expect.poll(() => order).toEqual(['absent', 'elsewhere', 'live']);
});

test('one that is never decrypted holds up nobody once it has been handled', async () => {
  const { promise: handled, resolve: handle } = Promise.withResolvers<void>();
  const { order, arrives } = watched(({ attrs }) => (attrs.id === 'first' ? handled : undefined));
  arrives(message('first'));
  arrives(message('second'));
  expect(order).toEqual(['first']);
  handle();
  await expect.poll(() => order).toEqual(['first', 'second']);
});

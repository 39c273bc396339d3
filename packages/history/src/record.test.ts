import { randomBytes } from 'node:crypto';
import { type EventMessage, type MessageKind, messageKinds } from '@flotilla/contracts';
import { describe, expect, test } from 'vitest';
import { text } from '../test/owner.ts';
import { chatTag, decodeContent, decodeView, encodeRecord, headStart, kindCodes, largestContent } from './record.ts';

const now = 1_795_000_000_000;

/** Everything that a message may have. */
const full: EventMessage = {
  ...text('3EB0AABBCCDDEEFF001122', now, { kind: 'event', fromMe: true }),
  caption: 'caption',
  quotedId: 'AC0011',
  quoted: { id: 'AC0011', sender: '1@lid', kind: 'image', text: 'Hi' },
  mentions: ['1@lid', '2@lid'],
  mentionsAll: true,
  forwarded: 3,
  expiration: 604_800,
  viewOnce: true,
  albumId: 'A1',
  media: { status: 'failed', error: 'gone', mimeType: 'image/png', size: 5, waveform: [0, 50, 100] },
  location: { latitude: -1.5, longitude: 2.25, name: 'n', address: 'a' },
  contacts: [{ name: 'n', phones: ['1'], vcard: 'BEGIN:VCARD\nEND:VCARD' }],
  poll: { name: 'p', options: ['a', 'ä'], selectable: 0 },
  event: { name: 'e', startsAt: 1, cancelled: false },
  reply: { id: 'i', text: '👍' },
};

describe('a record', () => {
  test('gives back the view and the content', () => {
    for (const [message, content] of [
      [text('m1', now), Buffer.from('content')],
      [full, randomBytes(60_000)],
      [{ ...full, text: 'long '.repeat(20_000) }, Buffer.from('long '.repeat(20_000))],
      [text('', 0, { text: undefined, sender: { jid: '' } }), undefined],
    ] as const) {
      const record = encodeRecord(message, content);
      expect(decodeView(message.id, record)).toEqual(message);
      expect(decodeContent(record)).toEqual(content);
      // A script cuts it there.
      const view = record.subarray(0, 15 + record.readUIntBE(12, 3));
      expect(decodeView(message.id, view)).toEqual(message);
    }
  });

  test('leaves out the raw message, and content that is too large', () => {
    const record = encodeRecord({ ...text('m', now), raw: { key: {} } }, randomBytes(largestContent + 1));
    expect(decodeView('m', record)).toEqual(text('m', now));
    expect(decodeContent(record)).toBeUndefined();
    expect(decodeContent(encodeRecord(text('m', now), Buffer.alloc(0)))).toBeUndefined();
  });

  test('begins with what scripts look for', () => {
    const record = encodeRecord(full);
    expect(record.subarray(0, 6)).toEqual(headStart(full.chat, true, 'event'));
    expect(record.subarray(0, 4)).toEqual(chatTag(full.chat));
    expect(record.readUIntBE(6, 6)).toBe(now);
  });

  test('has a code of its own for every kind, which never changes', () => {
    const kinds = Object.keys(messageKinds) as MessageKind[];
    expect(new Set(kinds.map((kind) => kindCodes[kind])).size).toBe(kinds.length);
    expect([kindCodes.text, kindCodes.unreadable, kindCodes.other]).toEqual([1, 29, 30]);
    for (const kind of kinds) expect(decodeView('m', encodeRecord(text('m', now, { kind }))).kind).toBe(kind);
  });

  test('is small: a short text takes less than half of its JSON', () => {
    const message = text('3EB0AABBCCDDEEFF001122', now, { text: 'Good morning, is my order on its way?' });
    expect(encodeRecord(message).length).toBeLessThan(JSON.stringify(message).length / 2);
  });

  test('can be read as it was written with this dictionary', () => {
    // Written once and kept: whoever changes the dictionary or the head cannot read what is stored.
    const stored = Buffer.from(writtenBefore, 'base64');
    expect(decodeView('m1', stored)).toEqual(text('m1', now));
    expect(decodeContent(stored)).toEqual(Buffer.from('text of m1'));
  });
});

const writtenBefore = 'TxVBbQABAaHuVl4AAAAwQ/jdxNDU1NTUwNDAkLBj8CqGuQtJEdyJ5uYGBoaY7nTMyyPoUhClkJ+mkGuoVAsAQ7AB';

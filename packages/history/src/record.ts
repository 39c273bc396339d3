import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EventMessage, MessageKind } from '@flotilla/contracts';
import { dictionary } from './dictionary.ts';

/*
 * A stored message: a head that scripts can read, the flat view compressed with the dictionary, and the raw content
 * compressed with the view, most of whose text it repeats.
 *
 *   0  4  which chat (see `chatTag`)
 *   4  1  1: sent by this number
 *   5  1  kind (see `kindCodes`)
 *   6  6  when (ms)
 *  12  3  length of the view, in bytes
 *  15     view, content
 */
const headLength = 15;

/** One byte for each kind. They are stored: a code is never given to another kind. */
export const kindCodes: Readonly<Record<MessageKind, number>> = {
  text: 1,
  image: 2,
  video: 3,
  'video-note': 4,
  audio: 5,
  voice: 6,
  document: 7,
  sticker: 8,
  location: 9,
  'live-location': 10,
  contacts: 11,
  poll: 12,
  event: 13,
  album: 14,
  'group-invite': 15,
  product: 16,
  order: 17,
  buttons: 18,
  list: 19,
  template: 20,
  interactive: 21,
  'button-reply': 22,
  'list-reply': 23,
  'template-reply': 24,
  'interactive-reply': 25,
  'contact-request': 26,
  call: 27,
  payment: 28,
  unreadable: 29,
  other: 30,
};
const kindOf = new Map(Object.entries(kindCodes).map(([kind, code]) => [code, kind as MessageKind]));

/** Content above this size is not kept beside the view (bytes): nobody quotes or forwards from the history then. */
export const largestContent = 262_144;
/** Far above what a message can be: keeps broken data from filling the memory. */
const maxOutputLength = 16 * 1_048_576;
/** Enough for the dictionary and a long message; smaller ones are set up faster. */
const options = { level: 9, windowBits: 13, memLevel: 6, maxOutputLength };
const furthest = 1 << options.windowBits;

/** Four bytes that stand for a chat, by which a script sees whether a message belongs to it. */
export function chatTag(jid: string): Buffer {
  const tag = Buffer.alloc(4);
  tag.writeUInt32BE(crc32(jid));
  return tag;
}

/** The first bytes of every record of a chat, direction and kind. */
export function headStart(chat: string, fromMe: boolean, kind: MessageKind): Buffer {
  return Buffer.concat([chatTag(chat), Buffer.from([fromMe ? 1 : 0, kindCodes[kind]])]);
}

/** What the content is compressed with: the end of the view, as far as the compressor looks back. */
const tail = (view: Buffer) => view.subarray(Math.max(0, view.length - furthest));

/**
 * A message as it is stored.
 * @param content bytes of its `proto.Message`; left out if they are too many
 */
export function encodeRecord(message: EventMessage, content?: Uint8Array): Buffer {
  // Id and time stand elsewhere; the raw message can be made from the content. The order is the dictionary's.
  const { id: _id, fromMe, kind, timestamp, raw: _raw, chat, sender, type, text, ...rest } = message;
  const json = Buffer.from(JSON.stringify({ chat, sender, type, text, ...rest }));
  const view = deflateRawSync(json, { ...options, dictionary });
  const head = Buffer.alloc(headLength);
  headStart(chat, fromMe, kind).copy(head);
  head.writeUIntBE(Math.max(0, Math.trunc(timestamp)), 6, 6);
  head.writeUIntBE(view.length, 12, 3);
  const kept = content && content.length > 0 && content.length <= largestContent;
  return Buffer.concat([
    head,
    view,
    ...(kept ? [deflateRawSync(content, { ...options, dictionary: tail(json) })] : []),
  ]);
}

const readJson = (record: Buffer) => {
  const end = headLength + record.readUIntBE(12, 3);
  return {
    json: inflateRawSync(record.subarray(headLength, end), { ...options, dictionary }),
    rest: record.subarray(end),
  };
};

/** The flat view of a stored message. @param record the whole of it, or its beginning as far as the view goes */
export function decodeView(id: string, record: Buffer): EventMessage {
  const { json } = readJson(record);
  return {
    id,
    fromMe: record[4] === 1,
    timestamp: record.readUIntBE(6, 6),
    kind: kindOf.get(record[5] ?? 0) ?? 'other',
    ...(JSON.parse(json.toString()) as Omit<EventMessage, 'id' | 'fromMe' | 'timestamp' | 'kind'>),
  };
}

/** The bytes of a stored message's `proto.Message`, or undefined if they were not kept. */
export function decodeContent(record: Buffer): Buffer | undefined {
  const { json, rest } = readJson(record);
  return rest.length > 0 ? inflateRawSync(rest, { ...options, dictionary: tail(json) }) : undefined;
}

import { inflateSync } from 'node:zlib';
import * as constants from '@whiskeysockets/baileys/lib/WABinary/constants.js';
import { decodeDecompressedBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/decode.js';
import { encodeBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/encode.js';
import type { BinaryNode } from '@whiskeysockets/baileys/lib/WABinary/types.js';

export type { BinaryNode };

/** The address of the service itself. */
export const serverJid = '@s.whatsapp.net';

type Attributes = Record<string, string | number | undefined>;

/**
 * A binary node. Attributes become text, because the encoder counts other values without writing them; undefined ones
 * are left out. Text content becomes bytes, because clients expect bytes where the service sends text.
 */
export function node(
  tag: string,
  attributes: Attributes = {},
  content?: BinaryNode[] | Uint8Array | string,
): BinaryNode {
  const attrs: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) attrs[name] = String(value);
  if (content === undefined) return { tag, attrs };
  return { tag, attrs, content: typeof content === 'string' ? Buffer.from(content) : content };
}

/** The node's children, none if it has bytes. */
export function children(parent: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content : [];
}

/** The first child with that tag. */
export function child(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return children(parent).find((each) => each.tag === tag);
}

/** The node's content as bytes, empty if it has none. */
export function bytes(of: BinaryNode | undefined): Buffer {
  const content = of?.content;
  if (content === undefined || Array.isArray(content)) return Buffer.alloc(0);
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
}

/** The node's content as a big-endian number. */
export function number(of: BinaryNode | undefined): number {
  const content = bytes(of);
  return content.length > 0 && content.length <= 6 ? content.readUIntBE(0, content.length) : 0;
}

/** `value` as `length` big-endian bytes. */
export function bigEndian(value: number, length: number): Buffer {
  const content = Buffer.alloc(length);
  content.writeUIntBE(value, 0, length);
  return content;
}

/** The bytes of a node, uncompressed. */
export function encode(content: BinaryNode): Buffer {
  return encodeBinaryNode(content);
}

/** The node in `data`, whose first byte tells whether the rest is deflated. Throws if malformed. */
export function decode(data: Buffer): BinaryNode {
  const plain = (data[0] ?? 0) & 2 ? inflateSync(data.subarray(1)) : data.subarray(1);
  return decodeDecompressedBinaryNode(plain, constants);
}

/**
 * What the history calls a message in Redis. Nearly all ids are upper-case hex, which takes half the room as bytes:
 * a zero byte and the bytes. Every other id stands as it is, behind another mark if it begins like a mark.
 */
export function packId(id: string): Buffer {
  if (/^(?:[0-9A-F]{2}){8,}$/.test(id)) return Buffer.concat([hexMark, Buffer.from(id, 'hex')]);
  const text = Buffer.from(id);
  return text.length === 0 || (text[0] ?? 0) <= textMarkByte ? Buffer.concat([textMark, text]) : text;
}

/** The id that `packId` was given. */
export function unpackId(packed: Buffer): string {
  if (packed[0] === hexMarkByte) return packed.subarray(1).toString('hex').toUpperCase();
  return (packed[0] === textMarkByte ? packed.subarray(1) : packed).toString();
}

const hexMarkByte = 0;
const textMarkByte = 1;
const hexMark = Buffer.from([hexMarkByte]);
const textMark = Buffer.from([textMarkByte]);

/** Longer ids are not kept: WhatsApp's have 16 to 32 characters, and what the sender writes there is up to them. */
export const longestId = 128;

/**
 * What is kept of a message in the history's hash, each in a field of its own: the letter and the packed id. The letter
 * stands in front, so that no id, whatever its sender made of it, can name a part of another message.
 */
export const parts = {
  /** The message itself, see `record.ts`. */
  message: 'm',
  /** The statuses of a sent message, see `statuses.ts`. */
  statuses: 's',
  /** The newest edit: its time, then a record. */
  edit: 'e',
  /** When it was deleted for everyone (ms). */
  deleted: 'd',
  /** What has become of its file: JSON of a `MediaDescriptor`. */
  file: 'f',
  /** Whether it is starred: `1`. */
  star: 'x',
} as const;
export type Part = keyof typeof parts;

/** The field of a part. */
export const fieldOf = (part: Part, packedId: Buffer) => Buffer.concat([Buffer.from(parts[part]), packedId]);

/** The fields of all parts. */
export const fieldsOf = (packedId: Buffer) => (Object.keys(parts) as Part[]).map((part) => fieldOf(part, packedId));

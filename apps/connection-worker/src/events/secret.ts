import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
import type { Sealed } from './about.ts';
import { unwrap } from './unwrap.ts';

/** What the key is derived for. Votes and responses are also bound to who sent them, by additional data. */
const purposes = {
  vote: { name: 'Poll Vote', bound: true },
  response: { name: 'Event Response', bound: true },
  'message-edit': { name: 'Message Edit', bound: false },
  'event-edit': { name: 'Event Edit', bound: false },
  reaction: { name: 'Enc Reaction', bound: false },
} as const;

const tagLength = 16;

/** The secret that a message carries for what will be said about it; undefined if it has none. */
export function messageSecret(message: proto.IMessage): Uint8Array | undefined {
  const { content } = unwrap(message);
  return content.messageContextInfo?.messageSecret ?? message.messageContextInfo?.messageSecret ?? undefined;
}

/**
 * Opens what was encrypted with the secret of another message: AES-256-GCM with a key by HKDF-SHA256 over that
 * message's id, its author, and who sends this. Both may have been named by phone number or by LID: the authentication
 * tag tells which.
 * @param authors JIDs of the other message's author
 * @param senders JIDs of whoever sends this
 * @returns the plaintext, or undefined if none of the addresses fits
 */
export function openSealed(
  purpose: keyof typeof purposes,
  { payload, iv }: Sealed,
  parent: { id: string; secret: Uint8Array; authors: readonly string[] },
  senders: readonly string[],
): Buffer | undefined {
  const { name, bound } = purposes[purpose];
  if (payload.length < tagLength) return undefined;
  for (const author of parent.authors) {
    for (const sender of senders) {
      const info = `${parent.id}${author}${sender}${name}`;
      const key = Buffer.from(hkdfSync('sha256', parent.secret, Buffer.alloc(32), info, 32));
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv);
        decipher.setAuthTag(payload.subarray(-tagLength));
        if (bound) decipher.setAAD(Buffer.from(`${parent.id}\0${sender}`));
        return Buffer.concat([decipher.update(payload.subarray(0, -tagLength)), decipher.final()]);
      } catch {
        // Named by the other address, or somebody else's.
      }
    }
  }
  return undefined;
}
